package slack_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
)

// TestHears holds what people do at Slack and what the bot hears of it; "" nothing.
func TestHears(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	r.receive()
	room := r.srv.PrivateChannel("biometrics", r.lee)
	r.send(asks(r.lee, "Which one?", "Yes", "No"))
	question := r.hears(r.lee)
	dm := r.lee.DMID()
	for _, test := range []struct {
		name string
		do   func()
		want conversation.Event // no kind: nothing is heard
	}{
		{"words", func() { r.lee.DM("move it please") }, conversation.Event{Kind: conversation.Said, Text: "move it please"}},
		{"a link, quotes, dashes and spaces of a phone", func() { r.lee.DM("\u201cIOE\u00a00000\u2011000\u2013101\u201d see uscis.gov & a@b.example <x>") },
			conversation.Event{Kind: conversation.Said, Text: `"IOE 0000-000-101" see uscis.gov & a@b.example <x>`}},
		{"mentions and links as they travel", func() {
			r.lee.DMRaw("<!channel> <@U1|lee> <#C1|room> <https://a.example> <https://a.example|here> <mailto:a@b|a@b> &amp;lt;")
		},
			conversation.Event{Kind: conversation.Said, Text: "@channel @lee #room https://a.example here a@b &lt;"}},
		{"an edit", func() { r.lee.Edit(dm, r.lee.DM("old"), "new") }, conversation.Event{Kind: conversation.Edited, Text: "new"}},
		{"a message taken back", func() { r.lee.Delete(dm, r.lee.DM("oops")) }, conversation.Event{Kind: conversation.Said, Text: "oops"}},
		{"a file", func() { r.lee.Upload("book.csv", []byte("a,b"), "here it is") }, conversation.Event{Kind: conversation.Media}},
		{"a press", func() { _, _ = r.lee.Press("No") }, conversation.Event{Kind: conversation.Pressed, Rev: 7, Value: "b"}},
		{"a press on a forged button", func() {
			r.lee.Forge(question, map[string]any{"type": "button", "action_id": "choice-1", "value": "1|8|yes|no"})
		},
			conversation.Event{Kind: conversation.Pressed, Rev: -1}},
		{"a press on a button of another program", func() {
			r.lee.Forge(question, map[string]any{"type": "button", "action_id": "other", "value": "1|7|a"})
		},
			conversation.Event{Kind: conversation.Pressed, Rev: -1}},
		{"a press in a channel", func() {
			r.lee.Forge(fakeslack.Message{Channel: room.ID, TS: "1700000000.000100"}, map[string]any{"type": "button", "action_id": "choice-1", "value": "1|7|a"})
		}, conversation.Event{}},
		{"a command in a channel", func() { r.lee.CommandIn(room.ID, "/biometrics", "Reschedule  IOE0000000101 ") },
			conversation.Event{Kind: conversation.Said, Text: "/reschedule IOE0000000101"}},
		{"a command without words", func() { r.lee.Command("/biometrics", "") }, conversation.Event{Kind: conversation.Said, Text: "/help"}},
		{"the requests", func() { r.lee.Command("/biometrics", "requests") }, conversation.Event{Kind: conversation.Said, Text: "requests"}},
		{"words in a channel", func() { r.lee.Say(room.ID, "hello there") }, conversation.Event{}},
		{"a shortcut that does not exist", func() { r.srv.Event(map[string]any{"type": "team_join", "user": r.lee.ID}) }, conversation.Event{}},
		{"somebody joins", func() { event(r, r.lee, "channel_join", nil) }, conversation.Event{}},
		{"a bot writes", func() { event(r, r.lee, "", map[string]any{"bot_id": "B1"}) }, conversation.Event{}},
		{"something hidden", func() { event(r, r.lee, "", map[string]any{"hidden": true}) }, conversation.Event{}},
	} {
		before := len(r.ears.all())
		test.do()
		r.quiet()
		var got conversation.Event
		for _, in := range r.ears.all()[before:] {
			got = in.Event
			if in.Chat != r.lee.ID || in.EventID == "" || in.Quarantine != "" || got.Kind == conversation.Pressed && in.Message != question.Channel+":"+question.TS {
				t.Errorf("%s: came as %+v", test.name, in)
			}
		}
		if got.Language = ""; got != test.want {
			t.Errorf("%s: heard %+v, want %+v", test.name, got, test.want)
		}
	}
	if got := r.srv.Deliveries(""); len(got) == 0 {
		t.Error("nothing was delivered")
	}
	for _, d := range r.srv.Deliveries("") {
		if !d.Acked || len(d.Response) > 0 && string(d.Response) != "{}" {
			t.Errorf("%s: %s, answered %s", d.Type, d.Trouble, d.Response)
		}
	}
	r.clean()
}

// Whatever can't be read is acknowledged and set aside once, or Slack brings it for
// ever.
func TestUnreadable(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	r.receive()
	for _, x := range []struct{ kind, payload string }{
		{fakeslack.Events, `{"type":"event_callback","team_id":7}`},
		{fakeslack.Events, `[]`},
		{fakeslack.Events, `{"type":"event_callback","team_id":"T0FAKETEAM","event":{"type":"message","channel_type":"im","channel":"D 1","user":"U1","ts":"1.2"}}`},
		{fakeslack.Actions, `{"type":"view_submission"}`},
		{fakeslack.Actions, `{"type":["x"]}`},
		{fakeslack.Commands, `{"command":"/biometrics","user_id":"","trigger_id":"1"}`},
		{"carrier_pigeon", `{}`},
	} {
		before := len(r.ears.all())
		if d := r.outcome(r.srv.Deliver(x.kind, []byte(x.payload))); !d.Acked {
			t.Errorf("%s %s: %s", x.kind, x.payload, d.Trouble)
		}
		got := r.ears.all()[before:]
		if len(got) != 1 || got[0].Quarantine == "" || got[0].Chat != "" || string(got[0].Raw) != x.payload {
			t.Errorf("%s %s came as %+v", x.kind, x.payload, got)
		}
	}
	before := len(r.ears.all())
	r.srv.Frame(`{"envelope_id":"E-1","type":`)
	r.srv.Frame(`{"type":"news_of_slack"}`)
	if in := r.next(before + 1); in.Quarantine == "" {
		t.Errorf("half a frame came as %+v", in)
	}
	r.lee.DM("still there")
	if in := r.next(before + 2); in.Event.Text != "still there" {
		t.Errorf("heard %+v", in)
	}
}

// One event has one effect, however often it comes.
func TestRepeats(t *testing.T) {
	r := socket(t, fakeslack.Options{Twice: true})
	r.receive()
	r.lee.DM("once")
	r.quiet()
	r.srv.Repeat(r.srv.Deliveries(fakeslack.Events)[0].ID)
	r.quiet()
	ids := map[string]bool{}
	for _, in := range r.ears.all() {
		ids[in.EventID] = true
	}
	if len(ids) != 1 {
		t.Errorf("one message came under %d ids", len(ids))
	}
	r.send(asks(r.lee, "Sure?", "Yes"))
	r.hears(r.lee)
	first, second, err := r.lee.PressTwice("Yes")
	if err != nil || !r.outcome(first).Acked || !r.outcome(second).Acked {
		t.Error("a double click was not acknowledged", err)
	}
}

// While the database does not take anything, nothing is acknowledged, and what
// Slack brings again meanwhile is the same event.
func TestNotTakenNotAcknowledged(t *testing.T) {
	for name, start := range map[string]func(testing.TB, fakeslack.Options, ...func(*slack.Config)) *rig{"socket": socket, "http": endpoints} {
		t.Run(name, func(t *testing.T) {
			r := start(t, fakeslack.Options{})
			began, free := make(chan struct{}), make(chan struct{})
			first := sync.OnceFunc(func() { close(began); <-free })
			r.ears.check = func(bot.Incoming) error { first(); return nil }
			r.receive()
			r.lee.DM("slow")
			<-began
			r.srv.Redeliver()
			if err := r.srv.WaitFor(r.ctx, func() bool {
				d := r.srv.Deliveries(fakeslack.Events)
				return d[len(d)-1].Attempts > 0
			}); err != nil {
				t.Fatal(err)
			}
			if d := r.srv.Deliveries(fakeslack.Events); d[len(d)-1].Acked {
				t.Error("it was acknowledged before it was taken")
			}
			close(free)
			r.quiet()
			if d := r.srv.Deliveries(fakeslack.Events); !d[len(d)-1].Acked {
				t.Error("it was never acknowledged")
			}
			for _, in := range r.ears.all() {
				if in.EventID != r.ears.all()[0].EventID {
					t.Errorf("one event came as %s and as %s", r.ears.all()[0].EventID, in.EventID)
				}
			}
		})
	}
}

// A copy that comes while an event is being taken waits for the same outcome.
func TestCopiesAreOne(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	began, free := make(chan struct{}), make(chan struct{})
	r.ears.check = func(in bot.Incoming) error {
		if in.Chat == r.lee.ID {
			close(began) // a second time would panic
			<-free
		}
		return nil
	}
	r.receive()
	r.lee.DM("slow")
	<-began
	events := r.srv.Deliveries(fakeslack.Events)
	again := r.srv.Repeat(events[len(events)-1].ID)
	r.pat.DM("behind the copy")
	r.next(1)
	close(free)
	if d := r.outcome(again); !d.Acked {
		t.Errorf("the copy: %s", d.Trouble)
	}
	r.quiet()
	if got := len(r.ears.all()); got != 2 {
		t.Errorf("%d events were taken, want 2", got)
	}
}

// Slack asks for new connections and cuts them; nothing is lost.
func TestReconnects(t *testing.T) {
	for name, trouble := range map[string]func(*rig){
		"a refresh":                   func(r *rig) { r.srv.Refresh() },
		"a warning":                   func(r *rig) { r.srv.Warn() },
		"a cut":                       func(r *rig) { r.srv.Drop() },
		"a socket that became silent": func(r *rig) { r.srv.Deafen(true) },
		"a socket that became deaf":   func(r *rig) { r.srv.Deafen(false) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := socket(t, fakeslack.Options{}, func(c *slack.Config) {
				if name == "a socket that became silent" {
					c.Deaf = 300 * time.Millisecond
				}
				if name == "a socket that became deaf" {
					c.Renew = 300 * time.Millisecond
				}
			})
			r.receive()
			trouble(r)
			if err := r.srv.WaitConnected(r.ctx, 2); err != nil {
				t.Fatal(err)
			}
			r.lee.DM("still there")
			if in := r.next(1); in.Event.Text != "still there" {
				t.Errorf("heard %+v", in)
			}
			if !r.p.Listening() {
				t.Error("it hears, and says that it does not")
			}
		})
	}
}

// A socket that another took over from is given up, though its pings go on.
func TestOldSocketsEnd(t *testing.T) {
	pings := func(d time.Duration) <-chan time.Time {
		if d == 10*time.Second {
			d = 20 * time.Millisecond
		}
		return time.After(d)
	}
	r := socket(t, fakeslack.Options{After: pings}, func(c *slack.Config) { c.Deaf = time.Second })
	r.receive()
	r.srv.Warn()
	if err := r.srv.WaitConnected(r.ctx, 2); err != nil {
		t.Fatal(err)
	}
	if err := r.srv.WaitConnections(r.ctx, 1); err != nil {
		t.Fatalf("%v: %d sockets are open", err, r.srv.Connections())
	}
	r.lee.DM("hello")
	r.next(1)
	if n := r.srv.Connected(); n != 2 {
		t.Errorf("%d sockets were opened", n)
	}
}

// What can never succeed ends Receive with one sentence.
func TestGivesUp(t *testing.T) {
	refuse := func(method, word string) func(*rig) {
		return func(r *rig) { r.srv.Fail(fakeslack.Fault{Method: method, Do: fakeslack.Refuse, Error: word}) }
	}
	for _, test := range []struct {
		name    string
		trouble func(*rig)
		want    string
	}{
		{"an invalid token", refuse("auth.test", "invalid_auth"), "SLACK_BOT_TOKEN"},
		{"an uninstalled app", refuse("auth.test", "account_inactive"), "SLACK_BOT_TOKEN"},
		{"a revoked app token", refuse("apps.connections.open", "token_revoked"), "SLACK_APP_TOKEN"},
		{"no token", refuse("apps.connections.open", "not_authed"), "SLACK_APP_TOKEN"},
		{"an expired token", refuse("apps.connections.open", "token_expired"), "SLACK_APP_TOKEN"},
		{"a token of another kind", refuse("apps.connections.open", "not_allowed_token_type"), "xapp-"},
		{"a scope that is missing", refuse("apps.connections.open", "missing_scope"), "slack-manifest"},
		{"another workspace", func(r *rig) { r.p = r.another(func(c *slack.Config) { c.Team = "T0OTHER" }) }, "SLACK_TEAM_ID"},
		{"nothing to hear by", func(r *rig) { r.p = r.another(func(c *slack.Config) { c.AppToken = "" }) }, "SLACK_SIGNING_SECRET"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := socket(t, fakeslack.Options{})
			test.trouble(r)
			err := r.p.Receive(r.ctx, r.ears.take)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("ended with %v, want %q in one line", err, test.want)
			}
			if n := r.srv.Count(""); n > 2 {
				t.Errorf("%d calls before it gave up", n)
			}
		})
	}
	t.Run("Socket Mode switched off", func(t *testing.T) {
		r := socket(t, fakeslack.Options{})
		done := make(chan error, 1)
		go func() { done <- r.p.Receive(r.ctx, r.ears.take) }()
		if err := r.srv.WaitConnected(r.ctx, 1); err != nil {
			t.Fatal(err)
		}
		r.srv.Disable()
		if err := <-done; err == nil || !strings.Contains(err.Error(), "Socket Mode is switched off") {
			t.Errorf("ended with %v", err)
		}
	})
}

// Trouble that passes is waited out, with a line and not with a flood.
func TestWaitsOut(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	for _, method := range []string{"auth.test", "apps.connections.open"} {
		for _, do := range []fakeslack.FaultKind{fakeslack.Internal, fakeslack.Page, fakeslack.Reset, fakeslack.Garbage} {
			r.srv.Fail(fakeslack.Fault{Method: method, Do: do, Times: 1})
		}
	}
	r.receive()
	r.lee.DM("hello")
	r.next(1)
	if n := r.log.lines("nothing can be heard"); n != 1 {
		t.Errorf("%d lines about one trouble:\n%s", n, r.log)
	}
}

// Receive ends with its context, whatever is under way.
func TestEndsWhileTaking(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	began := make(chan struct{})
	ctx, cancel := context.WithCancel(r.ctx)
	done := make(chan error, 1)
	go func() {
		done <- r.p.Receive(ctx, func(ctx context.Context, in bot.Incoming) error {
			close(began)
			<-ctx.Done()
			return errors.New("no more")
		})
	}()
	if err := r.srv.WaitConnected(r.ctx, 1); err != nil {
		t.Fatal(err)
	}
	r.lee.DM("hello")
	<-began
	cancel()
	if err := <-done; err != nil {
		t.Errorf("ended with %v", err)
	}
	if err := r.srv.WaitConnections(r.ctx, 0); err != nil { // what was acknowledged on it has been read
		t.Fatal(err)
	}
	for _, d := range r.srv.Deliveries(fakeslack.Events) {
		if d.Acked {
			t.Error("what was not taken was acknowledged")
		}
	}
}
