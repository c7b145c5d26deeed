package fakeslack_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	fakeslack "reschedulebot/bot/bottest/slack"
)

func TestTalk(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	lee := srv.Member("Lee Ray")
	k := b.open()
	lee.DM("move <IOE0000000101> & tell me@example.com")
	e := k.next()
	if got, want := e.field("event", "text"), "move &lt;IOE0000000101&gt; &amp; tell <mailto:me@example.com|me@example.com>"; got != want {
		t.Errorf("the app got %q, want %q", got, want)
	}
	if e.Type != "events_api" || e.Attempt != 0 || e.field("event", "user") != lee.ID || e.field("event", "channel") != lee.DMID() {
		t.Errorf("the app got %+v", e)
	}
	k.ack(e)
	r := b.call("chat.postMessage", "channel", lee.ID, "text", "Confirm?", "unfurl_links", "false", "unfurl_media", "false",
		"blocks", `[{"type":"section","text":{"type":"mrkdwn","text":"*Confirm* &lt;this&gt;?"}},{"type":"actions","elements":[
			{"type":"button","action_id":"yes","value":"7:1","text":{"type":"plain_text","text":"1 · Yes"}}]}]`)
	if !r.OK || r.channel() != lee.DMID() {
		t.Fatalf("chat.postMessage: %+v", r)
	}
	m, err := lee.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Shown(), "*Confirm* <this>?\n[1 · Yes]"; got != want || m.TS != r.TS {
		t.Errorf("Lee sees %q, want %q", got, want)
	}
	id, err := lee.Press("Yes")
	if err != nil {
		t.Fatal(err)
	}
	e = k.next()
	if e.Type != "interactive" || e.field("actions", "value") != "7:1" || e.field("container", "message_ts") != m.TS {
		t.Errorf("the app got %s", e.Payload)
	}
	k.ack(e)
	if d, err := srv.Outcome(t.Context(), id); err != nil || !d.Acked || d.Trouble != "" {
		t.Errorf("the press ended as %+v, %v", d, err)
	}
	if got := violations(srv); got != "" {
		t.Error(got)
	}
}

func TestCommandIsAnsweredInTheAcknowledgement(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	k := b.open()
	id := lee.Command("/biometrics", "reschedule IOE0000000101")
	e := k.next()
	if e.Type != "slash_commands" || !e.Accepts || e.field("text") != "reschedule IOE0000000101" || e.field("user_id") != lee.ID {
		t.Errorf("the app got %+v", e)
	}
	k.ack(e, map[string]any{"text": "Which client?"})
	if d, err := srv.Outcome(t.Context(), id); err != nil || d.Trouble != "" {
		t.Errorf("the command ended as %+v, %v", d, err)
	}
	m, err := lee.Next(t.Context())
	if err != nil || m.Text != "Which client?" || m.Ephemeral != lee.ID {
		t.Errorf("Lee sees %+v, %v", m, err)
	}
}

func TestEventsComeAgain(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	lee := srv.Member("Lee")
	k := b.open()
	lee.DM("hello")
	first := k.next()
	var last envelope
	for n := 1; n <= 3; n++ {
		if got := srv.Redeliver(); got != 1 {
			t.Fatalf("%d deliveries wait", got)
		}
		last = k.next()
		if last.Attempt != n || last.Why != "timeout" || last.EnvelopeID == first.EnvelopeID || last.field("event_id") != first.field("event_id") {
			t.Fatalf("attempt %d came as %+v", n, last)
		}
	}
	k.ack(first) // too late
	k.ack(last)
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := srv.Deliveries(fakeslack.Events)[0]
	if !d.Acked || d.Attempts != 4 || srv.StrayAcks() != 1 {
		t.Errorf("the event ended as %+v with %d stray acknowledgements", d, srv.StrayAcks())
	}
	if srv.Repeat(d.ID) == "" {
		t.Fatal("the event can't be repeated")
	}
	if e := k.next(); e.Attempt != 0 || e.field("event_id") != d.EventID {
		t.Errorf("the repetition came as %+v", e)
	}
}

func TestPressesDoNotComeAgain(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	lee := srv.Member("Lee")
	id := lee.Command("/biometrics", "today")
	if d, err := srv.Outcome(t.Context(), id); err != nil || d.Trouble != "no connection" {
		t.Errorf("without a socket, the command ended as %+v, %v", d, err)
	}
	k := b.open()
	id = lee.Command("/biometrics", "today")
	e := k.next()
	srv.Redeliver()
	if d, err := srv.Outcome(t.Context(), id); err != nil || d.Trouble != "timed out" || d.Attempts != 1 {
		t.Errorf("unacknowledged, the command ended as %+v, %v", d, err)
	}
	k.ack(e)
	if err := srv.WaitFor(t.Context(), func() bool { return srv.StrayAcks() == 1 }); err != nil {
		t.Error(err)
	}
}

func TestTicketsWorkOnce(t *testing.T) {
	_, b := start(t, fakeslack.Options{})
	if r := b.call("apps.connections.open"); r.Error != "not_allowed_token_type" {
		t.Errorf("a bot token opens a socket: %+v", r)
	}
	b.token = fakeslack.AppToken
	r := b.call("apps.connections.open")
	if r.Error != "" || !strings.HasPrefix(r.URL, "ws://") {
		t.Fatalf("got %+v", r)
	}
	for _, want := range []bool{true, false} {
		ws, _, err := websocket.DefaultDialer.Dial(r.URL, nil)
		if (err == nil) != want {
			t.Errorf("dialling: %v", err)
		}
		if ws != nil {
			ws.Close()
		}
	}
	b.token = ""
	if r := b.call("apps.connections.open"); r.Error != "not_authed" {
		t.Errorf("without a token: %+v", r)
	}
	b.token = "xapp-another"
	if r := b.call("apps.connections.open"); r.Error != "invalid_auth" {
		t.Errorf("with an unknown token: %+v", r)
	}
}

func TestTooManySockets(t *testing.T) {
	_, b := start(t, fakeslack.Options{})
	for n := 1; n <= 10; n++ {
		if e := b.dial().next(); e.Type != "hello" || e.Number != n {
			t.Fatalf("socket %d was greeted with %+v", n, e)
		}
	}
	k := b.dial()
	if e := k.next(); e.Type != "disconnect" || e.Reason != "too_many_websockets" {
		t.Errorf("the eleventh got %+v", e)
	}
	if _, _, err := k.ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("the eleventh ended with %v", err)
	}
}

// Each payload goes to one of the sockets, and counts as acknowledged only there.
func TestSocketsTakeTurns(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	k, l := b.open(), b.open()
	for range 2 {
		lee.OpenHome()
	}
	here, there := k.next(), l.next()
	k.ack(there)
	l.ack(there)
	l.ack(here)
	if err := srv.WaitFor(t.Context(), func() bool { return srv.StrayAcks() == 2 && srv.Unsettled() == 1 }); err != nil {
		t.Error(err, srv.StrayAcks(), srv.Unsettled())
	}
}

func TestRefresh(t *testing.T) {
	alarm := newAlarms()
	srv, b := start(t, fakeslack.Options{After: alarm.after})
	lee := srv.Member("Lee")
	old := b.open()
	lee.OpenHome()
	pending := old.next()
	srv.Warn()
	srv.Refresh()
	for _, want := range []string{"warning", "refresh_requested"} {
		if e := old.next(); e.Type != "disconnect" || e.Reason != want {
			t.Fatalf("got %+v, want %s", e, want)
		}
	}
	now := b.open()
	lee.OpenHome()
	now.ack(now.next())
	old.ack(pending) // it still may
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	alarm.ring(10)
	if _, _, err := old.ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("the old socket ended with %v", err)
	}
	if err := srv.WaitConnections(t.Context(), 1); err != nil {
		t.Error(err)
	}
}

func TestDropAndDeafness(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	k := b.open()
	srv.Deafen(false)
	id := lee.OpenHome()
	l := b.open()
	srv.Drop()
	for _, x := range []socket{k, l} {
		if _, _, err := x.ws.ReadMessage(); err == nil || websocket.IsCloseError(err, websocket.CloseNormalClosure) {
			t.Errorf("a socket that was cut ended with %v", err)
		}
	}
	if err := srv.WaitConnections(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	now := b.open()
	srv.Redeliver()
	e := now.next()
	now.ack(e)
	if d, err := srv.Outcome(t.Context(), id); err != nil || !d.Acked {
		t.Errorf("the event ended as %+v, %v", d, err)
	}
	srv.Disable()
	if e := now.next(); e.Reason != "link_disabled" {
		t.Errorf("got %+v", e)
	}
}

func TestAcknowledgementsAreLimited(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	k := b.open()
	id := lee.Command("/biometrics", "week")
	e := k.next()
	k.ack(e, map[string]any{"text": strings.Repeat("x", 20_480)})
	if err := srv.WaitFor(t.Context(), func() bool { return violations(srv) != "" }); err != nil {
		t.Fatal(err)
	}
	k.ack(e, map[string]any{"text": strings.Repeat("x", 20_000)})
	if d, err := srv.Outcome(t.Context(), id); err != nil || !d.Acked || d.Trouble != "" {
		t.Errorf("a big response ended as %.100v, %v", d, err)
	}
	if got := violations(srv); !strings.HasPrefix(got, "socket acknowledgement: has 20") {
		t.Error(got)
	}
}

// Clicks and their acknowledgements do not get mixed up, however many there are.
func TestManyPeople(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true, Brief: true})
	var sockets sync.WaitGroup
	for range 3 {
		k := b.open()
		sockets.Go(func() {
			for {
				var e envelope
				if k.ws.ReadJSON(&e) != nil {
					return
				}
				if k.ws.WriteJSON(map[string]any{"envelope_id": e.EnvelopeID, "payload": map[string]any{"text": e.field("text")}}) != nil {
					return
				}
			}
		})
	}
	var people sync.WaitGroup
	for i := range 20 {
		p := srv.Member(fmt.Sprint("Lee ", i))
		people.Go(func() {
			for n := range 20 {
				want := fmt.Sprint(i, " ", n)
				p.Command("/biometrics", want)
				if m, err := p.Next(t.Context()); err != nil || m.Text != want {
					t.Errorf("%q was answered %q, %v", want, m.Text, err)
				}
			}
		})
	}
	people.Wait()
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Error(err)
	}
	if n := srv.StrayAcks(); n != 0 {
		t.Errorf("%d acknowledgements were stray", n)
	}
	srv.Close()
	sockets.Wait()
}

func TestLostInTheEnd(t *testing.T) {
	alarm := newAlarms()
	srv, b := start(t, fakeslack.Options{After: alarm.after, NoEcho: true})
	k := b.open()
	srv.Member("Lee").DM("hello")
	for n, wait := range []int{3, 3, 60, 3, 300, 3} {
		if wait == 3 {
			if e := k.next(); fmt.Sprint(e.Attempt) != fmt.Sprint((n+1)/2) {
				t.Fatalf("step %d: attempt %d", n, e.Attempt)
			}
		}
		alarm.ring(wait)
	}
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := srv.Deliveries("")[0]; d.Acked || d.Attempts != 4 || d.Trouble != "timed out" {
		t.Errorf("the event ended as %+v", d)
	}
}
