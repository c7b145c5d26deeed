package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// TestTalkWithoutAChannel: once staff have no channel any more, a client whom a
// person talked with is not left in silence.
func TestTalkWithoutAChannel(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.say("Ana", "/reschedule")
		s.say("Ana", "/person")
		id, _ := s.card("talk")
		s.presses("Pat", id, "talk")
		s.told("Ana")
		s.desk = bot.Place{}
		s.bot = s.newBot()
		if got := s.say("Ana", "1"); !strings.Contains(got, "[") {
			t.Errorf("the bot says %q", got)
		}
		if got := s.say("Ana", "/person"); got == "" {
			t.Error("nothing is said to somebody who asks for a person")
		}
		_ = s.db.View(context.Background(), func(tx *store.Tx) error {
			if open := tx.OpenTalks(); len(open) != 0 {
				t.Errorf("talks that nobody can see: %+v", open)
			}
			if alarms := tx.OpenAlarms(9); len(alarms) != 1 || alarms[0].Kind != conversation.AlarmPerson {
				t.Errorf("alarms: %+v", alarms)
			}
			return nil
		})
	})
}

// TestAskedForAPersonWithoutAChannel: nor is one whom nobody had come to yet; the bot
// goes on talking with them.
func TestAskedForAPersonWithoutAChannel(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.say("Ana", "/person")
		s.look()
		s.desk = bot.Place{}
		s.bot = s.newBot()
		if got := s.say("Ana", "when is my appointment?"); !strings.Contains(got, "Dec 11") {
			t.Errorf("the bot says %q", got)
		}
		_ = s.db.View(context.Background(), func(tx *store.Tx) error {
			if alarms := tx.OpenAlarms(9); len(alarms) != 0 {
				t.Errorf("alarms: %+v", alarms)
			}
			return nil
		})
	})
}

// TestStrangersOpenNoTalk: whoever is linked to nothing gets the answer for strangers,
// and nothing comes into the channel.
func TestStrangersOpenNoTalk(t *testing.T) {
	s := newStage(t, engines()[0])
	s.withDesk()
	for _, words := range []string{"/person", "person", "I want to talk to a person", "talk to a person", "hello", "persona"} {
		if got := s.say("Max", words); got == "" || strings.Contains(got, "join") {
			t.Errorf("%s: %q", words, got)
		}
	}
	if s.look(); len(s.wall.order) > 0 || len(s.wall.threads) > 0 {
		t.Errorf("a stranger writes into the channel: %v", s.wall.cards)
	}
}

// TestThreadBeforeItsCardIsPlaced: staff may write under a card before the bot has
// read where the platform put it. They are told that the client does not read this,
// and not left to believe the opposite.
func TestThreadBeforeItsCardIsPlaced(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		if err := s.begin(); err != nil {
			t.Fatal(err)
		}
		answered := make(chan struct{})
		s.platform.failing(func(bot.Outgoing) (bool, error) { <-answered; return true, nil })
		under := func(thread string) (answer bot.Answer) {
			s.events++
			in := bot.Incoming{
				Platform: "fake", EventID: fmt.Sprint("early-", s.events), Chat: "Pat", Thread: thread, Answer: &answer,
				Event: conversation.Event{Kind: conversation.Said, Text: "Who is this?"},
			}
			if err := s.bot.Take(context.Background(), in); err != nil {
				t.Fatal(err)
			}
			return answer
		}
		if got := under("of colleagues"); got.Say != nil {
			t.Errorf("under a message of colleagues the bot says %q", got.Say.Plain())
		}
		in := bot.Incoming{Platform: "fake", EventID: "asks", Chat: "Ana", Event: conversation.Event{Kind: conversation.Said, Text: "/person"}}
		if err := s.bot.Take(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		if got := under("the card's"); got.Say == nil || !strings.Contains(got.Say.Plain(), "does not read this yet") {
			t.Errorf("before the card is placed: %+v", got)
		}
		close(answered)
		s.deliver()
		s.card("talk")
		if got := under("of colleagues"); got.Say != nil {
			t.Errorf("after that, under a message of colleagues, the bot says %q", got.Say.Plain())
		}
	})
}

// TestTalkKeepsQuiet: while a person talks the bot says nothing of its own, whatever
// the client does, but reminders and outcomes go out.
func TestTalkKeepsQuiet(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		s.say("Ana", "/reschedule")
		s.say("Ana", "/person")
		id, _ := s.card("talk")
		s.presses("Pat", id, "talk")
		s.told("Ana")
		for _, words := range []string{"1", "yes", "help", "person", "<edit hello there>", "IOE0000000101", "scam"} {
			if got := s.say("Ana", words); got != "" {
				t.Errorf("%s: the bot says %q", words, got)
			}
		}
		if got := s.say("Ana", "<photo>"); strings.Count(got, "Bot") != 1 {
			t.Errorf("a photo: %q", got)
		}
		under := strings.Join(s.wall.threads[id], "\n")
		for _, want := range []string{"hello there", "IOE0000000101", "help"} {
			if !strings.Contains(under, want) {
				t.Errorf("staff did not read %q: %s", want, under)
			}
		}
		if got := s.writes("Pat", id, " \n"); got.Say == nil || s.told("Ana") != "" {
			t.Error("nothing was said, and the client reads it")
		}
		s.presses("Lee", "R1", "confirm")
		if heard := s.told("Ana"); !strings.Contains(heard, "has recorded") {
			t.Errorf("the outcome: %q", heard)
		}
		if heard := strings.Join(s.scene("forward", "9d"), "\n"); !strings.Contains(heard, "Reminder") {
			t.Errorf("no reminder: %q", heard)
		}
		s.told("Ana")
		if got := s.say("Ana", "/cancel"); !strings.Contains(got, "[") && !strings.Contains(got, "assistant") {
			t.Errorf("the assistant is not back: %q", got)
		}
		if got := s.writes("Pat", id, "wait"); got.Say == nil || s.told("Ana") != "" {
			t.Error("a person and the bot talk at once")
		}
	})
}

// TestCutOffCallsDuty: at the cut-off whoever is on duty is called, also where
// somebody else has the request.
func TestCutOffCallsDuty(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		id, _ := s.card("R1")
		s.presses("Pat", "R1", "claim")
		if got := s.presses("Pat", "R1", "claim"); strings.Contains(got.Say.Plain(), "before") {
			t.Errorf("Pat is told %q", got.Say.Plain())
		}
		s.scene("forward", "9d")
		s.scene("forward", "18h")
		s.look()
		lines := s.wall.threads[id]
		if last := lines[len(lines)-1]; !strings.Contains(last, "cut-off came first") || !strings.Contains(last, "Lee") || !strings.Contains(last, "Pat") {
			t.Errorf("the record ends with %q", last)
		}
	})
}

// TestRecordNamesTheChat: names are chosen freely, so the record of a decision also
// has the chat of whoever made it.
func TestRecordNamesTheChat(t *testing.T) {
	s := newStage(t, engines()[0])
	s.withDesk()
	s.asks("Ana")
	s.presses("Lee", "R1", "confirm")
	s.asks("Ana")
	s.say("Lee", "refuse R2 nothing was free")
	rows := 0
	_ = s.db.View(context.Background(), func(tx *store.Tx) error {
		lee := tx.Chat("fake", "Lee").ID
		tx.EachAudit(func(r store.AuditRow) {
			if r.Action == "confirmed" || r.Action == "refused" {
				rows++
				if r.ChatID != lee || r.Actor != "Lee" {
					t.Errorf("%+v", r)
				}
			}
		})
		return nil
	})
	if rows != 2 {
		t.Errorf("%d decisions in the record", rows)
	}
}

// TestDecideOnNothingInForce: an appointment that was missed can't be moved. Whoever
// decides is told so, and it is no breakdown; the client is not told that it stands.
func TestDecideOnNothingInForce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 status=missed")
		s.told("Ana")
		for _, words := range []string{"confirm R1", "refuse R1 no"} {
			if got := s.say("Lee", words); strings.Contains(got, "went wrong") || !strings.Contains(got, "in force") {
				t.Errorf("%s: %q", words, got)
			}
		}
		if got := s.presses("Lee", "R1", "confirm"); !strings.Contains(got.Say.Plain(), "in force") {
			t.Errorf("pressed: %q", got.Say.Plain())
		}
		s.clockTo(s.now.Add(10 * 24 * time.Hour))
		s.work()
		if heard := s.told("Ana"); heard != "" {
			t.Errorf("Ana heard %q", heard)
		}
	})
}

// TestWhatDoesNotArrive: whoever writes to a client is told below the card when that
// can't be delivered, and does not believe that it was read.
func TestWhatDoesNotArrive(t *testing.T) {
	for _, class := range []bot.Class{bot.Gone, bot.Never} {
		s := newStage(t, engines()[0])
		s.withDesk()
		s.say("Ana", "/person")
		id, _ := s.card("talk")
		s.presses("Pat", id, "talk")
		s.refusing(class, bot.Message, "Ana")
		before := len(s.wall.threads[id])
		s.writes("Pat", id, "call me")
		s.work()
		s.look()
		if under := s.wall.threads[id][before:]; len(under) != 1 || !strings.Contains(under[0], "Pat: ") || !strings.Contains(under[0], "did not arrive") {
			t.Errorf("%s: below the card stands %q", class, under)
		}
	}
}

// TestTakenOver: whoever had an alarm or a client is called to it when a colleague
// takes over, perhaps from a card that did not show yet that somebody has it.
func TestTakenOver(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.say("Ana", "/person")
		s.say("Ana", "scam")
		for _, x := range []struct{ card, act string }{{"talk", "talk"}, {"scam", "take"}} {
			id, c := s.card(x.card)
			ref := s.button(c, x.act).Ref
			s.acts("Pat", bot.Act{Name: x.act, Ref: ref})
			s.acts("Lee", bot.Act{Name: x.act, Ref: ref})
			s.look()
			lines := s.wall.threads[id]
			if len(lines) < 2 || !strings.HasPrefix(lines[len(lines)-1], "Pat: Lee ") || strings.Contains(lines[len(lines)-2], "Lee") {
				t.Errorf("%s: %q", x.card, lines)
			}
		}
	})
}

// TestButtonsAreNamedAsTheyStand: the cards of the channel are in one language, and
// whoever reads another is told to press what stands there.
func TestButtonsAreNamedAsTheyStand(t *testing.T) {
	s := newStage(t, engines()[0])
	s.withDesk()
	s.say("Lee", "/language es")
	s.say("Ana", "/person")
	id, c := s.card("talk")
	if got := s.writes("Lee", id, "hola").Say.Plain(); !strings.Contains(got, "Pulse "+s.button(c, "talk").Label+" ") {
		t.Errorf("before anybody has it: %q", got)
	}
	s.presses("Pat", id, "talk")
	_, c = s.card(id)
	if got := s.writes("Lee", id, "hola").Say.Plain(); !strings.Contains(got, "pulse "+s.button(c, "talk").Label+" ") {
		t.Errorf("while Pat has it: %q", got)
	}
}
