package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
	"reschedulebot/conversation"
)

// next is the next message that a person gets.
func next(t *testing.T, p *faketelegram.Person) faketelegram.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	m, err := p.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func address(p *faketelegram.Person) string { return strconv.FormatInt(p.ID, 10) }

// class is that of an error, "" for none, and how long to wait.
func class(t *testing.T, err error) (bot.Class, time.Duration, bool) {
	t.Helper()
	if err == nil {
		return "", 0, false
	}
	var e *bot.SendError
	if !errors.As(err, &e) {
		t.Errorf("an error without a class: %v", err)
		return "none", 0, false
	}
	return e.Class, e.After, e.Everyone
}

func TestSendMessage(t *testing.T) {
	r := wired(t, faketelegram.Options{}, telegram.Config{})
	ana := r.srv.Person("Ana", "es")
	m := bot.Outgoing{Kind: bot.Message, Chat: address(ana), Reply: conversation.Reply{
		Rev: 12, Private: true,
		Text: conversation.Text{
			{Spans: []conversation.Span{{Text: "It is on "}, {Text: "Dec 3", Style: conversation.Strong}, {Text: ", receipt "}, {Text: "IOE0000000101", Style: conversation.Code}}},
			{Item: true, Spans: []conversation.Span{{Text: "one"}}},
		},
		Choices: []conversation.Choice{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}},
		File:    &conversation.File{Name: "appointment.ics", Type: "text/calendar", Data: []byte("BEGIN:VCALENDAR")},
	}}
	id, err := r.send(m)
	if err != nil {
		t.Fatal(err)
	}
	got := next(t, ana)
	if got.Text != "It is on Dec 3, receipt IOE0000000101\n• one" || !slices.Equal(got.Styled("bold"), []string{"Dec 3"}) ||
		!slices.Equal(got.Styled("code"), []string{"IOE0000000101"}) || !got.Protected || id != strconv.Itoa(got.ID) {
		t.Errorf("Ana got %+v with the id %s", got, id)
	}
	want := [][]faketelegram.Button{{{Label: "1 · Yes", Data: "1|12|yes"}}, {{Label: "2 · No", Data: "1|12|no"}}}
	if fmt.Sprint(got.Buttons) != fmt.Sprint(want) {
		t.Errorf("the buttons are %v, want %v", got.Buttons, want)
	}
	file := next(t, ana)
	if file.File == nil || file.File.Name != "appointment.ics" || string(file.File.Data) != "BEGIN:VCALENDAR" || !file.Protected || len(file.Buttons) > 0 {
		t.Errorf("Ana got the file %+v", file)
	}
	if p := r.srv.Calls("sendMessage")[0].Params; p.Get("link_preview_options") != `{"is_disabled":true}` {
		t.Errorf("sent with %v", p)
	}

	if _, err := r.send(bot.Outgoing{Kind: bot.Tick, Chat: address(ana), RefersTo: id, Answer: "Yes & <no>"}); err != nil {
		t.Fatal(err)
	}
	if now, _ := ana.Message(got.ID); now.Text != got.Text || !slices.Equal(now.Labels(), []string{"✓ Yes & <no>"}) {
		t.Errorf("the ticked message is %+v", now)
	}
	if _, err := r.send(bot.Outgoing{Kind: bot.Delete, Chat: address(ana), RefersTo: id}); err != nil {
		t.Fatal(err)
	}
	if _, there := ana.Message(got.ID); there {
		t.Error("the deleted message is still there")
	}
}

// A single choice needs no number, and only a file needs no text.
func TestSendLittle(t *testing.T) {
	r := wired(t, faketelegram.Options{}, telegram.Config{})
	ana := r.srv.Person("Ana", "es")
	file := conversation.File{Name: "a.ics", Data: []byte("x")}
	if _, err := r.send(bot.Outgoing{Kind: bot.Message, Chat: address(ana), Reply: conversation.Reply{File: &file, Choices: []conversation.Choice{{Label: "More", Value: "more"}}}}); err != nil {
		t.Fatal(err)
	}
	if m := next(t, ana); m.File == nil || !slices.Equal(m.Labels(), []string{"More"}) || m.Protected {
		t.Errorf("Ana got %+v", m)
	}
}

func TestSendAgain(t *testing.T) {
	r := wired(t, faketelegram.Options{}, telegram.Config{})
	ana := r.srv.Person("Ana", "es")
	for _, test := range []struct{ language, want string }{
		{"es", "Hola\n(Se envía de nuevo por si el primero no llegó.)"},
		{"es-419", "Hola\n(Se envía de nuevo por si el primero no llegó.)"},
		{"en", "Hola\n(Sent again in case the first did not arrive.)"},
		{"", "Hola\n(Sent again in case the first did not arrive.)"},
	} {
		m := says(address(ana), "Hola")
		m.Again, m.Language = true, test.language
		if _, err := r.send(m); err != nil {
			t.Fatal(err)
		}
		if got := next(t, ana).Text; got != test.want {
			t.Errorf("in %q Ana got %q", test.language, got)
		}
	}
}

// What can't be sent is refused before anything leaves.
func TestSendNever(t *testing.T) {
	r := wired(t, faketelegram.Options{}, telegram.Config{})
	ana, group := r.srv.Person("Ana", "es"), r.srv.Group("Family")
	private := says(strconv.FormatInt(group.ID, 10), "Your case")
	private.Reply.Private = true
	choice := func(value string) bot.Outgoing {
		m := says(address(ana), "Well?")
		m.Reply.Choices = []conversation.Choice{{Label: "x", Value: value}}
		return m
	}
	for name, m := range map[string]bot.Outgoing{
		"case details for a group": private,
		"no address":               says("", "x"),
		"another platform's":       says("C0123", "x"),
		"an address in words":      says("@somebody", "x"),
		"nothing":                  says(address(ana), " \n\t"),
		"an unknown kind":          {Kind: "shout", Chat: address(ana)},
		"a long value":             choice(strings.Repeat("x", 61)),
		"a value with a bar":       choice("a|b"),
		"an empty value":           choice(""),
	} {
		if _, err := r.send(m); err == nil {
			t.Errorf("%s: sent", name)
		} else if c, _, _ := class(t, err); c != bot.Never {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := r.srv.Count(""); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

func TestSendFailures(t *testing.T) {
	refuse := func(code int, text string) faketelegram.Fault {
		return faketelegram.Fault{Do: faketelegram.Refuse, Code: code, Description: text}
	}
	for _, test := range []struct {
		name           string
		fault          faketelegram.Fault
		message, tidy  bot.Class
		after          time.Duration
		everyone, done bool
	}{
		{name: "no fault", fault: faketelegram.Fault{Method: "getMe"}, done: true},
		{name: "429 for the chat", fault: faketelegram.Fault{Do: faketelegram.TooMany, RetryAfter: 3}, message: bot.Wait, tidy: bot.Wait, after: 3 * time.Second},
		{name: "429 for everybody", fault: faketelegram.Fault{Do: faketelegram.TooMany, RetryAfter: 35}, message: bot.Wait, tidy: bot.Wait, after: 35 * time.Second, everyone: true},
		{name: "429 for longer than numbers go", fault: faketelegram.Fault{Do: faketelegram.TooMany, RetryAfter: 1 << 60}, message: bot.Wait, tidy: bot.Wait, after: 24 * time.Hour, everyone: true},
		{name: "429 without a time", fault: refuse(429, "Too Many Requests"), message: bot.Wait, tidy: bot.Wait, after: time.Second},
		{name: "500", fault: faketelegram.Fault{Do: faketelegram.Internal}, message: bot.Ambiguous, tidy: bot.Again},
		{name: "502 in HTML", fault: faketelegram.Fault{Do: faketelegram.Page}, message: bot.Ambiguous, tidy: bot.Again},
		{name: "cut off", fault: faketelegram.Fault{Do: faketelegram.Reset}, message: bot.Ambiguous, tidy: bot.Again},
		{name: "done, then cut off", fault: faketelegram.Fault{Do: faketelegram.AfterDone}, message: bot.Ambiguous, tidy: bot.Again, done: true},
		{name: "half an answer", fault: faketelegram.Fault{Do: faketelegram.Garbage}, message: bot.Ambiguous, tidy: bot.Again, done: true},
		{name: "no answer", fault: faketelegram.Fault{Do: faketelegram.Hang}, message: bot.Ambiguous, tidy: bot.Again},
		{name: "blocked", fault: faketelegram.Fault{Do: faketelegram.Blocked}, message: bot.Gone, tidy: bot.Gone},
		{name: "deactivated", fault: refuse(403, "Forbidden: user is deactivated"), message: bot.Gone, tidy: bot.Gone},
		{name: "no such chat", fault: refuse(400, "Bad Request: chat not found"), message: bot.Gone, tidy: bot.Gone},
		{name: "no such peer", fault: refuse(400, "Bad Request: PEER_ID_INVALID"), message: bot.Gone, tidy: bot.Gone},
		{name: "too long", fault: refuse(400, "Bad Request: message is too long"), message: bot.Never, tidy: bot.Never},
		{name: "revoked", fault: refuse(401, "Unauthorized"), message: bot.Fatal, tidy: bot.Fatal},
		{name: "no such bot", fault: refuse(404, "Not Found"), message: bot.Fatal, tidy: bot.Fatal},
		{name: "on another server", fault: refuse(421, "Misdirected Request"), message: bot.Fatal, tidy: bot.Fatal},
		{name: "conflict", fault: refuse(409, "Conflict: terminated"), message: bot.Again, tidy: bot.Again},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
				ana := r.srv.Person("Ana", "es")
				id, err := r.send(question(ana.ID))
				if err != nil {
					t.Fatal(err)
				}
				first := next(t, ana)
				r.srv.Fail(test.fault)
				for _, m := range []bot.Outgoing{says(address(ana), "x"), {Kind: bot.Tick, Chat: address(ana), RefersTo: id}} {
					want := test.message
					if m.Kind != bot.Message {
						want = test.tidy
					}
					_, err := r.send(m)
					got, after, everyone := class(t, err)
					if got != want || after < test.after || after > test.after+test.after/10+3*time.Second || everyone != test.everyone {
						t.Errorf("%s: %v after %v (everyone: %v), want %q", m.Kind, err, after, everyone, want)
					}
				}
				now, _ := ana.Message(first.ID)
				if sent, ticked := len(ana.Messages()) == 2, len(now.Buttons) == 0; sent != test.done || ticked != test.done {
					t.Errorf("arrived: %v, ticked: %v, want %v", sent, ticked, test.done)
				}
			})
		})
	}
}

// Nothing left, so nothing can have arrived.
func TestSendWithoutNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := telegram.New(telegram.Config{Token: faketelegram.Token, APIURL: dead})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Send(t.Context(), says("7", "x"))
	if c, _, _ := class(t, err); c != bot.Again {
		t.Errorf("got %v", err)
	}
}

// The same over a real connection, which the transport might repeat by itself.
func TestSendOverBadConnections(t *testing.T) {
	for do, want := range map[faketelegram.FaultKind]bot.Class{faketelegram.Reset: bot.Ambiguous, faketelegram.AfterDone: bot.Ambiguous, faketelegram.Garbage: bot.Ambiguous} {
		r := wired(t, faketelegram.Options{}, telegram.Config{})
		ana := r.srv.Person("Ana", "es")
		for range 3 {
			if _, err := r.send(says(address(ana), "x")); err != nil {
				t.Fatal(err)
			}
			r.srv.Fail(faketelegram.Fault{Method: "sendMessage", Do: do, Times: 1})
			_, err := r.send(says(address(ana), "x"))
			if c, _, _ := class(t, err); c != want {
				t.Errorf("%s: %v", do, err)
			}
		}
		if n := r.srv.Count("sendMessage"); n != 6 {
			t.Errorf("%s: six messages made %d calls", do, n)
		}
	}
}

func TestSendPlainWhenMarkupIsRefused(t *testing.T) {
	r := wired(t, faketelegram.Options{}, telegram.Config{})
	ana := r.srv.Person("Ana", "es")
	r.srv.Fail(faketelegram.Fault{Do: faketelegram.Refuse, Code: 400, Description: "Bad Request: can't parse entities: SECRET", Times: 1})
	m := question(ana.ID)
	m.Reply.Text[0].Spans[0].Style = conversation.Strong
	m.Reply.Text[0].Spans[0].Text = "a < b"
	if _, err := r.send(m); err != nil {
		t.Fatal(err)
	}
	if got := next(t, ana); got.Text != "a < b" || len(got.Entities) > 0 || len(got.Buttons) != 2 {
		t.Errorf("Ana got %+v", got)
	}
	if log := r.log.String(); r.log.Lines("markup") != 1 || strings.Contains(log, "SECRET") {
		t.Errorf("logged %s", log)
	}
}

// A tick or a deletion that has nothing left to do is done.
func TestTidyWhatIsGone(t *testing.T) {
	r := wired(t, faketelegram.Options{}, telegram.Config{})
	ana := r.srv.Person("Ana", "es")
	id, err := r.send(question(ana.ID))
	if err != nil {
		t.Fatal(err)
	}
	tick := bot.Outgoing{Kind: bot.Tick, Chat: address(ana), RefersTo: id, Answer: "Yes"}
	del := bot.Outgoing{Kind: bot.Delete, Chat: address(ana), RefersTo: id}
	nameless := tick
	nameless.RefersTo = ""
	for i, m := range []bot.Outgoing{tick, tick, del, del, tick, nameless} {
		if _, err := r.send(m); err != nil {
			t.Errorf("step %d, %s: %v", i, m.Kind, err)
		}
	}
	if r.srv.Calls("editMessageReplyMarkup")[1].Status != 400 {
		t.Error("the second tick was not refused, so this test shows nothing")
	}
}

func TestSendPace(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{Rate: 30}, func(t *testing.T, r *rig) {
		ana, ben := r.srv.Person("Ana", "es"), r.srv.Person("Ben", "en")
		began := time.Now()
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			for range 12 {
				if _, err := r.send(says(address(ana), "x")); err != nil {
					t.Error(err)
				}
			}
		}()
		var at []time.Duration
		for range 12 {
			at = append(at, next(t, ana).Sent.Sub(began).Round(100*time.Millisecond))
		}
		<-sent
		want := []time.Duration{0, 0, 0, 0, 100e6, 100e6, 100e6, 200e6, 1e9, 2e9, 3e9, 4e9}
		for i := range want {
			if d := at[i] - want[i]; d.Abs() > 150*time.Millisecond {
				t.Errorf("message %d of a row left after %v, want about %v", i+1, at[i], want[i])
			}
		}
		now := time.Now()
		if _, err := r.send(says(address(ben), "x")); err != nil || time.Since(now) > 0 {
			t.Errorf("Ben waited %v for Ana's messages: %v", time.Since(now), err)
		}
	})
}

func TestSendPaceOverAll(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{Rate: 30}, func(t *testing.T, r *rig) {
		began := time.Now()
		sent := make(chan error)
		for range 300 {
			p := r.srv.Person("Ana", "es")
			go func() {
				_, err := r.send(says(address(p), "x"))
				sent <- err
			}()
		}
		for range 300 {
			if err := <-sent; err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(began); took < 9*time.Second || took > 11*time.Second {
			t.Errorf("300 messages took %v", took)
		}
	})
}

func TestSendWithoutTimeToWait(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{Rate: 1}, func(t *testing.T, r *rig) {
		ana := r.srv.Person("Ana", "es")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		for range 2 {
			_, err := r.p.Send(ctx, says(address(ana), "x"))
			if c, _, _ := class(t, err); err != nil && c != bot.Again {
				t.Errorf("got %v", err)
			}
		}
		if n := r.srv.Count("sendMessage"); n != 1 {
			t.Errorf("%d messages left", n)
		}
	})
}

func TestSendFileThatIsRefused(t *testing.T) {
	for _, test := range []struct {
		fault faketelegram.Fault
		calls int
		file  bool
	}{
		{faketelegram.Fault{Do: faketelegram.TooMany, RetryAfter: 2, Times: 1}, 2, true},
		{faketelegram.Fault{Do: faketelegram.Reset, Times: 2}, 3, true},
		{faketelegram.Fault{Do: faketelegram.Reset}, 3, false},
		{faketelegram.Fault{Do: faketelegram.TooMany, RetryAfter: 300}, 1, false},
		{faketelegram.Fault{Do: faketelegram.Refuse, Code: 400, Description: "Bad Request: file is too big"}, 1, false},
	} {
		bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
			test.fault.Method = "sendDocument"
			r.srv.Fail(test.fault)
			ana := r.srv.Person("Ana", "es")
			m := says(address(ana), "Here it is.")
			m.Reply.File = &conversation.File{Name: "a.ics", Data: []byte("x")}
			if _, err := r.send(m); err != nil {
				t.Errorf("the text went out, but: %v", err)
			}
			if n := r.srv.Count("sendDocument"); n != test.calls || r.srv.Count("sendMessage") != 1 || (len(ana.Messages()) == 2) != test.file {
				t.Errorf("%+v: tried %d times, Ana has %d messages", test.fault, n, len(ana.Messages()))
			}
			if (r.log.Lines("not delivered") == 1) == test.file {
				t.Errorf("logged %s", r.log)
			}
		})
	}
}

// The rest of a long message: a failure of it is never taken for "nothing arrived".
func TestSendHalfAMessage(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		ana := r.srv.Person("Ana", "es")
		m := says(address(ana), strings.Repeat("first ", 600))
		m.Reply.Text = append(m.Reply.Text, line(strings.Repeat("second ", 500)))
		r.srv.Fail(faketelegram.Fault{Do: faketelegram.Slow, Times: 1}) // the first part passes
		r.srv.Fail(faketelegram.Fault{Do: faketelegram.Refuse, Code: 409, Description: "Conflict: for a while"})
		_, err := r.send(m)
		if c, _, _ := class(t, err); c != bot.Ambiguous || len(ana.Messages()) != 1 {
			t.Errorf("%d parts arrived: %v", len(ana.Messages()), err)
		}
	})
}
