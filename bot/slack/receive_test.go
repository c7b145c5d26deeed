package slack_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		{"a file", func() { r.lee.Upload("book.csv", []byte("a,b"), "here it is") }, conversation.Event{Kind: conversation.Media, Text: "here it is", Attached: &conversation.Attached{Name: "book.csv", Size: 3}}},
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
		{"the requests", func() { r.lee.Command("/biometrics", "requests") }, conversation.Event{Kind: conversation.Said, Text: "/requests"}},
		{"what is to come", func() { r.lee.Command("/biometrics", "Today") }, conversation.Event{Kind: conversation.Said, Text: "/today"}},
		{"a week", func() { r.lee.Command("/biometrics", "week  ") }, conversation.Event{Kind: conversation.Said, Text: "/week"}},
		{"a search", func() { r.lee.Command("/biometrics", "find  Ana  Lopez") }, conversation.Event{Kind: conversation.Said, Text: "/find Ana  Lopez"}},
		{"an invitation", func() { r.lee.Command("/biometrics", "invite ioe0000000101") }, conversation.Event{Kind: conversation.Said, Text: "/invite ioe0000000101"}},
		{"a book", func() { r.lee.Command("/biometrics", "import") }, conversation.Event{Kind: conversation.Said, Text: "/import"}},
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
		got.Language = ""
		if got.Attached != nil {
			if !slack.IsID(got.Attached.ID) {
				t.Errorf("%s: a file has the id %q", test.name, got.Attached.ID)
			}
			got.Attached.ID = ""
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
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

// TestChoosesInAMenu: more answers than fit into a row hang in a menu, and one that is
// chosen there is heard like a press.
func TestChoosesInAMenu(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	r.receive()
	r.send(asks(r.lee, "Which one?", "Mon", "Tue", "Wed", "Thu", "Fri", "More dates"))
	question := r.hears(r.lee)
	if _, err := r.lee.Press("More dates"); err != nil {
		t.Fatal(err)
	}
	in := r.next(1)
	if e := in.Event; e.Kind != conversation.Pressed || e.Rev != 7 || e.Value != "f" || in.Message != question.Channel+":"+question.TS {
		t.Errorf("taken: %+v", in)
	}
	r.lee.Forge(question, map[string]any{"type": "static_select", "action_id": "choice-menu", "selected_option": map[string]any{"value": "1|8|yes|no"}})
	if e := r.next(2).Event; e.Kind != conversation.Pressed || e.Rev != -1 {
		t.Errorf("a choice that was never offered: %+v", e)
	}
}
