package fakeslack_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	fakeslack "reschedulebot/bot/bottest/slack"
)

const card = `[{"type":"section","block_id":"what","text":{"type":"mrkdwn","text":"*Request 7*"}},{"type":"actions","block_id":"do","elements":[
{"type":"button","action_id":"claim","value":"7:1","style":"primary","text":{"type":"plain_text","text":"Claim"}},
{"type":"datepicker","action_id":"day","placeholder":{"type":"plain_text","text":"Day"}},
{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"History"},"value":"history"}]}]}]`

func TestEverybodySeesWhatIsForThem(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee, kim, out := srv.Member("Lee"), srv.Member("Kim"), srv.Member("Out")
	staff := srv.PrivateChannel("biometrics", lee, kim)
	b.call("chat.postMessage", quiet("channel", staff.ID, "text", "card")...)
	b.call("chat.postEphemeral", "channel", staff.ID, "user", kim.ID, "text", "for Kim")
	b.call("chat.postMessage", quiet("channel", lee.ID, "text", "for Lee")...)
	for _, x := range []struct {
		p    *fakeslack.Person
		want []string
	}{{lee, []string{"card", "for Lee"}}, {kim, []string{"card", "for Kim"}}, {out, nil}} {
		var got []string
		for range x.want {
			m, err := x.p.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, m.Text)
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("got %q, want %q", got, x.want)
		}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if m, err := x.p.Next(over); err == nil {
			t.Errorf("there is more: %+v", m)
		}
	}
	if m, err := staff.Next(t.Context()); err != nil || m.Text != "card" {
		t.Errorf("in the channel: %+v, %v", m, err)
	}
	staff.Join(out)
	if all := out.Messages(); len(all) != 1 || all[0].Text != "card" {
		t.Errorf("who came later sees %+v", all)
	}
	if ts := out.Say("C0NOWHERE", "x"); ts != "" {
		t.Error("somebody wrote nowhere")
	}
	staff.Leave(out)
	if ts := out.Say(staff.ID, "x"); ts != "" {
		t.Error("somebody wrote where they are not")
	}
}

func TestActions(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	k, lee := b.open(), srv.Member("Lee")
	staff := srv.PrivateChannel("biometrics", lee)
	b.call("chat.postMessage", quiet("channel", staff.ID, "text", "card", "blocks", card)...)
	seen, err := lee.NextIn(t.Context(), staff.ID)
	if err != nil {
		t.Fatal(err)
	}
	first, second, err := lee.PressTwice("Claim")
	if err != nil || first == second {
		t.Fatal(first, second, err)
	}
	one, two := k.next(), k.next()
	if one.field("actions", "value") != "7:1" || two.field("actions", "value") != "7:1" || one.field("trigger_id") == two.field("trigger_id") {
		t.Errorf("a double click came as %s and %s", one.Payload, two.Payload)
	}
	if one.field("channel", "name") != "privategroup" || one.field("message", "user") != fakeslack.BotUser || one.field("user", "team_id") != fakeslack.TeamID {
		t.Errorf("a click came as %s", one.Payload)
	}
	for _, x := range []struct {
		do   func() (string, error)
		want string
		path []string
	}{
		{func() (string, error) { return lee.Press("History") }, "history", []string{"actions", "selected_option", "value"}},
		{func() (string, error) { return lee.Select("Day", "2026-12-03") }, "2026-12-03", []string{"actions", "selected_date"}},
		{func() (string, error) { return lee.Press("Claim") }, "2026-12-03", []string{"state", "values", "do", "day", "selected_date"}},
		{func() (string, error) {
			return lee.Forge(seen, map[string]any{"type": "button", "action_id": "claim", "value": "8:1"}), nil
		}, "8:1", []string{"actions", "value"}},
	} {
		if _, err := x.do(); err != nil {
			t.Fatal(err)
		}
		if e := k.next(); e.field(x.path...) != x.want {
			t.Errorf("want %s at %q in %s", x.want, x.path, e.Payload)
		}
	}
	b.call("chat.update", "channel", staff.ID, "ts", seen.TS, "text", "taken", "blocks", `[{"type":"divider"}]`)
	if _, err := lee.Press("Claim"); err == nil {
		t.Error("a button was pressed that is gone")
	}
	if _, err := lee.PressOn(seen, "Claim"); err != nil {
		t.Errorf("the finger was too slow: %v", err)
	}
	if e := k.next(); e.field("actions", "value") != "7:1" {
		t.Errorf("the app got %s", e.Payload)
	}
}

func TestPeopleChangeWhatTheyWrote(t *testing.T) {
	srv, b := start(t, fakeslack.Options{Events: []string{"message.im"}})
	k, lee := b.open(), srv.Member("Lee")
	ts := lee.DM("frist")
	lee.Edit(lee.DMID(), ts, "first")
	lee.Delete(lee.DMID(), ts)
	b.call("chat.postMessage", quiet("channel", lee.ID, "text", "mine")...)
	lee.OpenHome() // not subscribed
	for _, x := range []struct{ subtype, path, want string }{
		{"", "text", "frist"}, {"message_changed", "message text", "first"}, {"message_deleted", "deleted_ts", ts}, {"", "bot_id", fakeslack.BotID},
	} {
		e := k.next()
		path := append([]string{"event"}, strings.Fields(x.path)...)
		if e.field("event", "subtype") != x.subtype || e.field(path...) != x.want || e.field("event", "channel_type") != "im" {
			t.Errorf("want %+v, got %s", x, e.Payload)
		}
	}
	if n := srv.Unsettled(); n != 4 {
		t.Errorf("%d deliveries are under way", n)
	}
}

func TestEventsNeedTheirScope(t *testing.T) {
	srv, b := start(t, fakeslack.Options{Scopes: []string{"chat:write", "im:history", "app_mentions:read"}, Events: []string{"message.im", "message.groups", "app_mention"}})
	k, lee := b.open(), srv.Member("Lee")
	staff := srv.PrivateChannel("biometrics", lee)
	lee.Say(staff.ID, "nobody hears that")
	lee.DM("hello")
	if e := k.next(); e.field("event", "text") != "hello" {
		t.Errorf("the app got %s", e.Payload)
	}
	lee.Reply(staff.Messages()[0], "but this")
	srv.Grant("groups:history")
	lee.Reply(staff.Messages()[0], "and that")
	if e := k.next(); e.field("event", "text") != "and that" || e.field("event", "parent_user_id") != lee.ID || e.field("event", "channel_type") != "group" {
		t.Errorf("the app got %s", e.Payload)
	}
	if lee.CommandIn(staff.ID, "/biometrics", "today") != "" {
		t.Error("a command was given that the app does not have")
	}
}

func TestTwice(t *testing.T) {
	srv, b := start(t, fakeslack.Options{Twice: true})
	k := b.open()
	srv.Member("Lee").DM("hello")
	one, two := k.next(), k.next()
	if one.EnvelopeID == two.EnvelopeID || one.field("event_id") != two.field("event_id") || two.Attempt != 0 {
		t.Errorf("got %+v and %+v", one, two)
	}
}

func TestAnswersToResponseURLs(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	k, lee := b.open(), srv.Member("Lee")
	staff := srv.PrivateChannel("biometrics", lee)
	lee.CommandIn(staff.ID, "/biometrics", "today")
	e := k.next()
	k.ack(e)
	post := func(body string) (int, string) {
		resp, err := http.Post(e.field("response_url"), "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		answer, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(answer)
	}
	if status, answer := post(`{"text":"x","blocks":[{"type":"alert"}]}`); status != 400 || !strings.Contains(answer, "invalid_blocks") {
		t.Errorf("bad blocks: %d %s", status, answer)
	}
	for _, body := range []string{`{"text":"only you"}`, `{"text":"all","response_type":"in_channel"}`, `{"text":"3"}`, `{"text":"4"}`, `{"text":"5"}`} {
		if status, answer := post(body); status != 200 || answer != "ok" {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if status, answer := post(`{"text":"6"}`); status != 404 || !strings.Contains(answer, "used_url") {
		t.Errorf("the sixth: %d %s", status, answer)
	}
	if all := staff.Messages(); len(all) != 1 || all[0].Text != "all" {
		t.Errorf("in the channel stands %+v", all)
	}
	b.call("chat.postEphemeral", "channel", staff.ID, "user", lee.ID, "text", "card", "blocks", card)
	if _, err := lee.Press("Claim"); err != nil {
		t.Fatal(err)
	}
	e = k.next()
	if e.field("message", "ts") != "" || e.field("container", "message_ts") == "" {
		t.Errorf("a click on an ephemeral message came as %s", e.Payload)
	}
	if status, answer := post(`{"replace_original":true,"text":"claimed"}`); status != 200 {
		t.Errorf("replacing: %d %s", status, answer)
	}
	all := lee.Messages()
	if last := all[len(all)-1]; last.Text != "claimed" || len(last.Blocks) != 0 || last.Edits != 1 {
		t.Errorf("Lee sees %+v", last)
	}
	if post(`{"delete_original":true}`); len(lee.Messages()) != len(all)-1 {
		t.Errorf("Lee still sees %+v", lee.Messages())
	}
}
