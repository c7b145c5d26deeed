package slack_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
)

// TestShown walks hostile and huge content through every kind of block: Slack takes
// it, interprets nothing of it, and shows the same words.
func TestShown(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	words := []string{
		"plain", "<!channel> <!here> <@U1> <#C1> <https://uscis.gov|safe>", "*bold* _it_ ~no~ `code` ```block```", "& < > &amp; &lt;b&gt;",
		":smile: :no_entry:", "שלום \u202eabc\u202c مرحبا", "😀👩‍👩‍👧 ñ é", "> quoted\n> lines\n• item", "\t\ttabs   and   blanks ", `{"type":"mrkdwn"}`,
		strings.Repeat("x", 4096), strings.Repeat("😀", 4096), strings.Repeat("<!channel>", 400), strings.Repeat("word ", 2500),
	}
	for _, style := range []conversation.Style{conversation.Plain, conversation.Strong, conversation.Code} {
		for _, w := range words {
			for _, item := range []bool{false, true} {
				m := asks(r.lee, "", w, "No")
				m.Reply.Text = conversation.Text{line("before"), {Item: item, Spans: []conversation.Span{{Text: "["}, {Text: w, Style: style}, {Text: "]"}}}, line("after")}
				n := len(r.lee.Messages())
				r.send(m)
				var all strings.Builder
				for _, got := range r.lee.Messages()[n:] {
					if strings.Contains(got.Text, w) || got.Text != "The biometrics assistant has answered you." {
						t.Errorf("a notification says %q", got.Text)
					}
					for _, b := range got.Blocks {
						if b.Type == "rich_text" {
							all.WriteString(richWords(b.Elements))
						}
					}
				}
				if got, want := solid(all.String()), solid("before["+w+"]after"); got != want {
					t.Errorf("%.60q in style %q came as %.80q", w, style, got)
				}
			}
		}
	}
	r.clean()
}

// richWords are the raw texts of rich text.
func richWords(elements []fakeslack.Element) string {
	var b strings.Builder
	for _, e := range elements {
		if e.Text != nil {
			b.WriteString(e.Text.Text)
		}
		b.WriteString(richWords(e.Elements))
	}
	return b.String()
}

// solid is a text without its line ends, which blocks make themselves.
func solid(s string) string { return strings.ReplaceAll(s, "\n", "") }

// TestStyles holds how emphasis, lists and buttons arrive.
func TestStyles(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	m := asks(r.lee, "", "Yes", "Nö <b>", strings.Repeat("long", 40), "4", "5", "6", "7")
	m.Reply.Text = conversation.Text{line("One"), line("Two"), {Item: true, Spans: []conversation.Span{{Text: "a"}}}, {Item: true, Spans: []conversation.Span{{Text: ""}}}, line("End\x00\xff")}
	r.send(m)
	got := r.hears(r.lee)
	if want := "One\nTwo\na\n \nEnd\uFFFD"; !strings.HasPrefix(got.Shown(), want) {
		t.Errorf("shown as %q, want %q", got.Shown(), want)
	}
	labels := got.Labels()
	if want := []string{"1 · Yes", "2 · Nö <b>"}; !slices.Equal(labels[:2], want) || len(labels) != 7 || len([]rune(labels[2])) != 75 {
		t.Errorf("the buttons say %q", labels)
	}
	elements := func(m fakeslack.Message) (all []fakeslack.Element) {
		for _, b := range m.Blocks {
			if b.Type == "actions" {
				all = append(all, b.Elements...)
			}
		}
		return all
	}
	raw := func(said *fakeslack.Text) {
		t.Helper()
		if said == nil || said.Type != "plain_text" || said.Emoji == nil || *said.Emoji {
			t.Errorf("a choice is %+v", said)
		}
	}
	if all := elements(got); len(all) != 1 || all[0].Type != "static_select" || all[0].Placeholder.Shown() != "Choose an answer" {
		t.Errorf("seven choices are %+v, want one menu", all)
	} else {
		for _, o := range all[0].Options {
			raw(o.Text)
		}
	}
	r.send(asks(r.lee, "Which?", "Yes", "No", "<b>", "4", "5"))
	five := elements(r.hears(r.lee))
	if len(five) != 5 {
		t.Errorf("five choices are %+v, want buttons", five)
	}
	for _, e := range five {
		raw(e.Text)
	}
	one := asks(r.lee, "Go on?", "Go on")
	one.Language = "es"
	r.send(one)
	if got := r.hears(r.lee); !slices.Equal(got.Labels(), []string{"Go on"}) || got.Text != "El asistente de biometría le ha respondido." {
		t.Errorf("shown as %q with %q", got.Text, got.Labels())
	}
	r.clean()
}

// A tick leaves the words and takes the buttons; it can be done twice, and comes too
// late without harm.
func TestTick(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	id := r.send(asks(r.lee, "Sure?", "Yes <!here>", "No"))
	before := r.hears(r.lee)
	tick := bot.Outgoing{Kind: bot.Tick, Chat: r.lee.ID, RefersTo: id, Answer: "Yes <!here> & *so*", Language: "en"}
	for range 2 {
		if got := r.send(tick); got != id {
			t.Errorf("the message's id is %q, want %q", got, id)
		}
	}
	now, _ := r.lee.Message(before)
	if now.Shown() != "Sure?\n✓ Yes <!here> & *so*" || len(now.Labels()) != 0 || now.Edits != 1 {
		t.Errorf("shown as %q with %q after %d edits", now.Shown(), now.Labels(), now.Edits)
	}
	for _, refers := range []string{"", "D0NOBODY:1700000000.000100", r.lee.DMID() + ":1700000000.000100", r.lee.DMID() + ":" + r.lee.DM("mine")} {
		for _, kind := range []bot.OutgoingKind{bot.Tick, bot.Delete} {
			r.send(bot.Outgoing{Kind: kind, Chat: r.lee.ID, RefersTo: refers, Answer: "x"})
		}
	}
	if n := len(r.lee.Conversation()); n != 2 {
		t.Errorf("%d messages stand, want 2: the app deletes only its own", n)
	}
	r.send(bot.Outgoing{Kind: bot.Delete, Chat: r.lee.ID, RefersTo: id})
	if _, there := r.lee.Message(before); there {
		t.Error("a message of ours was not deleted")
	}
	r.clean()
}

// A message whose answer was lost stands once, in every part.
func TestLostAnswers(t *testing.T) {
	file := &conversation.File{Name: "result.csv", Type: "text/csv", Data: []byte("a,b\n1,2\n")}
	long := conversation.Text{line(strings.Repeat("word ", 4000)), line("the end")} // two messages
	for _, test := range []struct {
		name  string
		text  conversation.Text
		file  *conversation.File
		fault fakeslack.Fault
	}{
		{"cut off", conversation.Text{line("hello")}, nil, fakeslack.Fault{Do: fakeslack.AfterDone}},
		{"half an answer", conversation.Text{line("hello")}, nil, fakeslack.Fault{Do: fakeslack.Garbage}},
		{"a fatal error that was none", conversation.Text{line("hello")}, nil, fakeslack.Fault{Do: fakeslack.DoneRefuse, Error: "fatal_error"}},
		{"nothing arrived", conversation.Text{line("hello")}, nil, fakeslack.Fault{Do: fakeslack.Internal}},
		{"the second of two", long, nil, fakeslack.Fault{Do: fakeslack.AfterDone}},
		{"with a file", conversation.Text{line("hello")}, file, fakeslack.Fault{Do: fakeslack.AfterDone}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := socket(t, fakeslack.Options{})
			r.send(says(r.lee, "something before"))
			r.hears(r.lee)
			m := asks(r.lee, "", "Yes", "No")
			m.Reply.Text, m.Reply.File, m.ID = test.text, test.file, "letter-2"
			test.fault.Method, test.fault.Times = "chat.postMessage", 1
			if test.name == "the second of two" {
				// The first passes through a fault that does nothing.
				r.srv.Fail(fakeslack.Fault{Method: "chat.postMessage", Do: fakeslack.Slow, Times: 1})
			}
			r.srv.Fail(test.fault)
			_, err := r.p.Send(r.ctx, m)
			var failed *bot.SendError
			if !errors.As(err, &failed) || failed.Class != bot.Ambiguous {
				t.Fatalf("failed with %v", err)
			}
			m.Again = true
			id := r.send(m)
			if again := r.send(m); again != id {
				t.Errorf("the message has the ids %q and %q", id, again)
			}
			var texts, files int
			for _, got := range r.lee.Messages()[1:] {
				if len(got.Files) > 0 {
					files++
				} else {
					texts++
				}
				if strings.Contains(got.Shown(), "Sent again") {
					t.Error("it says that it was sent again")
				}
			}
			want := 1
			if len(test.text) > 1 {
				want = 2
			}
			if texts != want || files != map[bool]int{true: 1}[test.file != nil] {
				t.Errorf("%d messages and %d files stand", texts, files)
			}
		})
	}
}

// Where the conversation is not known, what may have arrived is sent again and says
// so.
func TestSentAgain(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	r.send(says(r.lee, "hello"))
	r.hears(r.lee)
	r.p = r.another() // the process was restarted
	m := says(r.lee, "hello")
	m.Again = true
	r.send(m)
	if got := r.hears(r.lee); !strings.Contains(got.Shown(), "Sent again") {
		t.Errorf("shown as %q", got.Shown())
	}
}

// TestFailures holds what Slack's refusals mean for a message.
func TestFailures(t *testing.T) {
	refuse := func(word string) fakeslack.Fault { return fakeslack.Fault{Do: fakeslack.Refuse, Error: word} }
	for _, test := range []struct {
		fault    fakeslack.Fault
		class    bot.Class
		everyone bool
	}{
		{fakeslack.Fault{Do: fakeslack.TooMany, RetryAfter: 1}, bot.Wait, false},
		{fakeslack.Fault{Do: fakeslack.TooMany, RetryAfter: 30}, bot.Wait, true},
		{fakeslack.Fault{Do: fakeslack.Limited}, bot.Wait, false},
		{refuse("channel_not_found"), bot.Gone, false},
		{refuse("user_not_found"), bot.Gone, false},
		{refuse("user_disabled"), bot.Gone, false},
		{refuse("invalid_auth"), bot.Fatal, false},
		{refuse("account_inactive"), bot.Fatal, false},
		{refuse("token_revoked"), bot.Fatal, false},
		{refuse("missing_scope"), bot.Wait, false},
		{refuse("no_permission"), bot.Wait, false},
		{refuse("msg_too_long"), bot.Never, false},
		{refuse("invalid_blocks"), bot.Never, false},
		{refuse("Something <b>New</b>"), bot.Never, false},
		{refuse("fatal_error"), bot.Ambiguous, false},
		{refuse("internal_error"), bot.Ambiguous, false},
		{fakeslack.Fault{Do: fakeslack.Internal}, bot.Ambiguous, false},
		{fakeslack.Fault{Do: fakeslack.Page}, bot.Ambiguous, false},
		{fakeslack.Fault{Do: fakeslack.Reset}, bot.Ambiguous, false},
		{fakeslack.Fault{Do: fakeslack.Garbage}, bot.Ambiguous, false},
	} {
		r := socket(t, fakeslack.Options{})
		test.fault.Method, test.fault.Times = "chat.postMessage", 1
		r.srv.Fail(test.fault)
		_, err := r.p.Send(r.ctx, says(r.lee, "SECRETTEXT"))
		var failed *bot.SendError
		if !errors.As(err, &failed) || failed.Class != test.class || failed.Everyone != test.everyone || (failed.After > 0) != (test.class == bot.Wait) {
			t.Errorf("%s %s: %+v, want %s", test.fault.Do, test.fault.Error, err, test.class)
		}
		if strings.Contains(err.Error(), "SECRETTEXT") || strings.Contains(err.Error(), "<b>") {
			t.Errorf("the error says %v", err)
		}
	}
	r := socket(t, fakeslack.Options{})
	nobody := r.another(func(c *slack.Config) { c.APIURL = "http://127.0.0.1:1/" })
	_, err := nobody.Send(r.ctx, says(r.lee, "hello"))
	if failed := (*bot.SendError)(nil); !errors.As(err, &failed) || failed.Class != bot.Again {
		t.Errorf("nobody at that address: %v, want again", err)
	}
	for name, m := range map[string]bot.Outgoing{
		"a channel":             {Kind: bot.Message, Chat: "C0ROOM", Reply: conversation.Reply{Text: conversation.Text{line("x")}, Private: true}},
		"a conversation":        {Kind: bot.Message, Chat: r.lee.DMID(), Reply: conversation.Reply{Text: conversation.Text{line("x")}}},
		"nobody":                {Kind: bot.Message, Reply: conversation.Reply{Text: conversation.Text{line("x")}}},
		"nothing to say":        {Kind: bot.Message, Chat: r.lee.ID},
		"a choice out of shape": {Kind: bot.Message, Chat: r.lee.ID, Reply: conversation.Reply{Text: conversation.Text{line("x")}, Choices: []conversation.Choice{{Label: "x", Value: "a|b"}}}},
	} {
		_, err := r.p.Send(r.ctx, m)
		if failed := (*bot.SendError)(nil); !errors.As(err, &failed) || failed.Class != bot.Never {
			t.Errorf("%s: %v, want never", name, err)
		}
	}
}

// The app keeps to one message a second in a chat by itself.
func TestPaced(t *testing.T) {
	began := time.Now()
	clock := func() time.Time { return began } // no time passes: the ninth would wait a second
	r := socket(t, fakeslack.Options{}, func(c *slack.Config) { c.Unpaced, c.Now = false, clock })
	for range 8 {
		r.send(says(r.lee, "hello"))
	}
	r.send(says(r.pat, "hello")) // others are not held back
	held, cancel := context.WithTimeout(r.ctx, 50*time.Millisecond)
	defer cancel()
	_, err := r.p.Send(held, says(r.lee, "too much"))
	if failed := (*bot.SendError)(nil); !errors.As(err, &failed) || failed.Class != bot.Again {
		t.Errorf("the ninth message: %v, want it held back", err)
	}
	if n := len(r.lee.Messages()); n != 8 {
		t.Errorf("%d messages arrived, want 8", n)
	}
}
