package slack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/conversation"
)

// What is said below a card stands in its thread, with its file, once.
func TestBelow(t *testing.T) {
	for _, do := range []fakeslack.FaultKind{"", fakeslack.AfterDone, fakeslack.Garbage, fakeslack.Internal} {
		t.Run(string(do), func(t *testing.T) {
			t.Parallel()
			r := socket(t, fakeslack.Options{})
			room := r.staffRoom(r.lee)
			id := r.send(card(room.ID))
			m := below(id, "held by Lee")
			m.Reply.File = &conversation.File{Name: "result.csv", Type: "text/csv", Data: []byte("a,b\n")}
			first := m
			first.ID = "letter-8"
			r.send(first)
			if do != "" {
				r.srv.Fail(fakeslack.Fault{Method: "chat.postMessage", Do: do, Times: 1})
				r.refusedAs(m, bot.Ambiguous)
				m.Again = true
				r.srv.Fail(fakeslack.Fault{Method: "conversations.replies", Do: fakeslack.Internal, Times: 1})
				r.refusedAs(m, bot.Again)
				r.p = r.another()
			}
			said := r.send(m)
			if do != "" && r.send(m) != said {
				t.Error("it stands under two ids")
			}
			texts, files := 0, 0
			for _, x := range room.Thread(strings.TrimPrefix(id, room.ID+":"))[1:] {
				switch {
				case len(x.Files) > 0:
					files++
				case x.Shown() == "held by Lee" && x.Notification() == "There is news on a card of the biometrics desk.":
					texts++
				default:
					t.Errorf("in the thread stands %q", x.Shown())
				}
			}
			if texts != 2 || files != 2 || len(cards(room)) != 1 {
				t.Errorf("%d texts and %d files stand in the thread, and %d messages outside", texts, files, len(cards(room)))
			}
			r.clean()
		})
	}
}

// What belongs below a card that somebody deleted is not lost: it is said in the
// channel, once.
func TestBelowNothing(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	m := below(room.ID+":1700000000.000100", "held by Lee")
	r.srv.Fail(fakeslack.Fault{Method: "chat.postMessage", Do: fakeslack.Slow, Times: 1}) // the thread is asked for first
	r.srv.Fail(fakeslack.Fault{Method: "chat.postMessage", Do: fakeslack.AfterDone, Times: 1})
	r.refusedAs(m, bot.Ambiguous)
	m.Again = true
	r.send(m)
	if all := room.Messages(); len(all) != 1 || all[0].Shown() != "held by Lee" {
		t.Errorf("in the channel stand %d messages", len(all))
	}
}

// TestHearsThreads holds what the bot hears of the staff channel.
func TestHearsThreads(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	other := r.srv.PrivateChannel("other", r.lee)
	r.receive()
	id := r.send(card(room.ID))
	root, err := room.Next(r.ctx)
	if err != nil {
		t.Fatal(err)
	}
	say := func(text string) string { return r.lee.Reply(root, text) }
	for _, test := range []struct {
		name string
		do   func()
		want conversation.Event // no kind: nothing is heard
	}{
		{"a reply", func() { say("Please come at 9 \u2013 <ok> & see uscis.gov") }, conversation.Event{Kind: conversation.Said, Text: "Please come at 9 - <ok> & see uscis.gov"}},
		{"what would open a chat", func() { say("/start abc") }, conversation.Event{Kind: conversation.Said, Text: "/start abc"}},
		{"a reply that is shown in the channel too", func() {
			event(r, r.lee, "thread_broadcast", map[string]any{"channel": room.ID, "channel_type": "group", "thread_ts": root.TS})
		}, conversation.Event{Kind: conversation.Said, Text: "hello"}},
		{"an edited reply", func() {
			changed(r, r.lee, map[string]any{"channel": room.ID, "channel_type": "group"}, map[string]any{"thread_ts": root.TS})
		}, conversation.Event{Kind: conversation.Edited, Text: "new"}},
		{"a reply that mentions people", func() {
			event(r, r.lee, "", map[string]any{"channel": room.ID, "channel_type": "group", "thread_ts": root.TS,
				"text": "<@" + r.pat.ID + "> and <@U0NOBODY> will call. <@" + r.pat.ID + "> has the notice of @UNIVERSITY."})
		}, conversation.Event{Kind: conversation.Said, Text: "@Pat Sample and @a colleague will call. @Pat Sample has the notice of @UNIVERSITY."}},
		{"a photo", func() {
			event(r, r.lee, "file_share", map[string]any{"channel": room.ID, "channel_type": "group", "thread_ts": root.TS,
				"files": []any{map[string]any{"id": "F1", "name": "a.jpg", "size": 7}, map[string]any{"id": "F2", "name": "b.jpg", "size": 7}}})
		}, conversation.Event{Kind: conversation.Media, Text: "hello"}},
		{"words in the channel itself", func() { r.lee.Say(room.ID, "good morning") }, conversation.Event{}},
		{"an edit there", func() { changed(r, r.lee, map[string]any{"channel": room.ID, "channel_type": "group"}, nil) }, conversation.Event{}},
		{"an edit of a message with replies", func() {
			changed(r, r.lee, map[string]any{"channel": room.ID, "channel_type": "group"}, map[string]any{"thread_ts": "1700000000.000200"})
		}, conversation.Event{}},
		{"what the app says itself", func() { r.send(below(id, "noted")) }, conversation.Event{}},
		{"another program", func() {
			event(r, r.lee, "", map[string]any{"channel": room.ID, "channel_type": "group", "thread_ts": root.TS, "bot_id": "B1"})
		}, conversation.Event{}},
		{"a thread of another channel", func() {
			event(r, r.lee, "", map[string]any{"channel": other.ID, "channel_type": "group", "thread_ts": root.TS})
		}, conversation.Event{}},
		{"somebody joins", func() {
			event(r, r.lee, "channel_join", map[string]any{"channel": room.ID, "channel_type": "group", "thread_ts": root.TS})
		}, conversation.Event{}},
	} {
		before := len(r.ears.all())
		test.do()
		r.quiet()
		var got conversation.Event
		for _, in := range r.ears.all()[before:] {
			got = in.Event
			if in.Chat != r.lee.ID || in.Thread != id || in.Answer == nil || in.Act != nil || !strings.HasPrefix(in.Message, room.ID+":") {
				t.Errorf("%s: came as %+v", test.name, in)
			}
		}
		if got.Language = ""; !cmp.Equal(got, test.want) {
			t.Errorf("%s: heard %+v, want %+v", test.name, got, test.want)
		}
	}
	r.clean()
}

// Whoever writes in a thread is answered there, and only they see it.
func TestAnswersInThread(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee, r.pat)
	r.ears.check = func(in bot.Incoming) error {
		in.Answer.Say = conversation.Text{line("Lee talks to this client.")}
		return nil
	}
	r.receive()
	r.send(card(room.ID))
	root, err := room.Next(r.ctx)
	if err != nil {
		t.Fatal(err)
	}
	r.hears(r.pat)
	r.pat.Reply(root, "hello")
	got := r.hears(r.pat)
	if got.Shown() != "Lee talks to this client." || got.Ephemeral != r.pat.ID || got.Thread != root.TS || got.Channel != room.ID {
		t.Errorf("came %+v", got)
	}
	if n := len(r.lee.Messages()); n != 1 {
		t.Errorf("others see %d messages", n)
	}
	// A channel that became shared is refused at once, and looked at anew.
	room.Change(func(s *fakeslack.Setting) { s.ExtShared = true })
	before := len(r.ears.all())
	r.pat.Reply(root, "still there?")
	if m := r.hears(r.pat); !strings.Contains(m.Shown(), "only for the firm's staff") || len(r.ears.all()) != before {
		t.Errorf("came %q", m.Shown())
	}
	r.refusedAs(card(room.ID), bot.Wait)
}
