package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// TestRequestCard follows one request on the wall: filed, claimed, claimed by
// another, confirmed. Every press comes twice.
func TestRequestCard(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		id, c := s.card("R1")
		shown := flat(c)
		for _, want := range []string{"0101", "Dec 11", "Chicago"} {
			if !strings.Contains(shown, want) {
				t.Errorf("the card lacks %q:\n%s", want, shown)
			}
		}
		if strings.Contains(shown, "IOE0000000101") || strings.Contains(strings.ToLower(shown), "confirmed") {
			t.Errorf("the card of an open request says\n%s", shown)
		}
		s.told("Ana")

		s.presses("Pat", "R1", "claim")
		if _, c := s.card("R1"); !strings.Contains(flat(c), "Pat") {
			t.Errorf("who has it? %s", flat(c))
		}
		if got := s.presses("Pat", "R1", "confirm"); got.Say == nil || s.told("Ana") != "" {
			t.Errorf("a paralegal decided, and was told %q", got.Say.Plain())
		}
		s.presses("Lee", "R1", "claim")
		s.presses("Lee", "R1", "confirm")
		if heard := s.told("Ana"); strings.Count(heard, "has recorded") != 1 {
			t.Errorf("Ana heard %q", heard)
		}
		if now, c := s.card("R1"); now != id || len(c.Buttons) > 1 || !strings.Contains(flat(c), "Lee") {
			t.Errorf("decided, the card at %s is\n%s", now, flat(c))
		}
		if lines := s.wall.threads[id]; len(lines) != 3 || !strings.HasPrefix(lines[1], "Pat: ") {
			t.Errorf("the record has %d lines, and calls Pat when Lee takes over: %q", len(lines), lines)
		}
	})
}

// TestAnotherTimeAndRefuse fills in the forms, first wrongly.
func TestAnotherTimeAndRefuse(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		form := s.presses("Lee", "R1", "another").Form
		if form == nil || form.Name != "another" {
			t.Fatalf("no form: %+v", form)
		}
		submit := func(fields ...string) bot.Answer {
			a := bot.Act{Name: "submit:" + form.Name, Ref: form.Ref, Fields: map[string]string{}}
			for i := 0; i < len(fields); i += 2 {
				a.Fields[fields[i]] = fields[i+1]
			}
			return s.acts("Lee", a)
		}
		for _, wrong := range []struct {
			fields []string
			at     string
		}{
			{[]string{"site", "XZZ", "date", "2026-12-15", "time", "10:00"}, "site"},
			{[]string{"site", "XCB", "date", "2026-13-15", "time", "10:00"}, "date"},
			{[]string{"site", "XCB", "date", "2026-12-15", "time", "late"}, "time"},
			{[]string{"site", "XCB", "date", "2027-03-14", "time", "02:30"}, "time"}, // the clocks go forward
			{nil, "site"},
		} {
			if got := submit(wrong.fields...); got.Problems[wrong.at] == "" {
				t.Errorf("%q: %v", wrong.fields, got.Problems)
			}
		}
		s.told("Ana")
		if got := submit("site", "XCB", "date", "2026-12-15", "time", "10:20"); got.Problems != nil || got.Say != nil {
			t.Fatalf("%v %q", got.Problems, got.Say.Plain())
		}
		if heard := s.told("Ana"); !strings.Contains(heard, "Dec 15, 2026, 10:20 AM") {
			t.Errorf("Ana heard %q", heard)
		}

		s.asks("Ana")
		s.told("Ana")
		form = s.presses("Lee", "R2", "refuse").Form
		if got := submit("words", " \n "); got.Problems["words"] == "" {
			t.Error("refused without a reason")
		}
		submit("words", "no time was free\nthat week")
		if heard := s.told("Ana"); !strings.Contains(heard, "no time was free that week") {
			t.Errorf("Ana heard %q", heard)
		}

		s.asks("Ana")
		form = s.presses("Lee", "R3", "another").Form
		got := submit("site", "XCB", "date", "2026-12-20", "time", "10:20") // a Sunday: it may be so
		if got.Problems != nil || !strings.Contains(got.Say.Plain(), "usually closed then") {
			t.Errorf("%v %q", got.Problems, got.Say.Plain())
		}
	})
}

// TestTwoPressAtOnce lets two people decide at the same instant, again and again:
// one wins, the other is told by whom, and the client hears once. DECISIONS says how
// often.
func TestTwoPressAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.scene("staff", "Sam representative")
		for round := range rounds(t, "DECISIONS", 25) {
			s.asks("Ana")
			s.told("Ana")
			_, c := s.card(fmt.Sprint("R", round+1))
			ref := s.button(c, "confirm").Ref
			answers := make([]bot.Answer, 2)
			var together sync.WaitGroup
			for i, who := range []string{"Lee", "Sam"} {
				acts := bot.Act{Name: "submit:refuse", Ref: ref, Fields: map[string]string{"words": "no time was free"}}
				s.events++
				in := bot.Incoming{Platform: "fake", EventID: fmt.Sprint("both-", s.events), Chat: who, Act: &acts, Answer: &answers[i]}
				together.Go(func() {
					if err := s.bot.Take(context.Background(), in); err != nil {
						t.Error(err)
					}
				})
			}
			together.Wait()
			s.deliver()
			if heard := s.told("Ana"); strings.Count(heard, "could not be carried out") != 1 {
				t.Fatalf("round %d: Ana heard %q", round, heard)
			}
			lost := answers[0].Problems["words"] + answers[1].Problems["words"]
			if !strings.Contains(lost, "Lee") && !strings.Contains(lost, "Sam") || answers[0].Problems != nil && answers[1].Problems != nil {
				t.Fatalf("round %d: the one who lost was told %q", round, lost)
			}
		}
	})
}

// TestTalk hands a client over to a person and back.
func TestTalk(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.say("Ana", "/reschedule")
		s.say("Ana", "/person")
		s.say("Ana", "my mother is ill")
		id, _ := s.card("talk")
		if got := s.writes("Pat", id, "hello"); got.Say == nil || s.told("Ana") != "" {
			t.Error("the client read what nobody was to say yet")
		}
		s.presses("Pat", id, "talk")
		if heard := s.told("Ana"); strings.Count(heard, "Pat") != 1 {
			t.Errorf("Ana heard %q", heard)
		}
		if got := s.writes("Lee", id, "me too"); got.Say == nil {
			t.Error("two people talk to a client")
		}
		s.writes("Pat", id, "which day is <b>good</b>?")
		if heard := s.told("Ana"); strings.Count(heard, "which day is <b>good</b>?") != 1 {
			t.Errorf("Ana heard %q", heard)
		}
		if got := s.writes("Pat", id, "is your number 123-45-6789?"); got.Say == nil || s.told("Ana") != "" {
			t.Error("a social security number was passed on to the client")
		}
		if got := s.say("Ana", "Friday, please"); got != "" {
			t.Errorf("the bot talks in between: %q", got)
		}
		s.say("Ana", "my social is 123-45-6789")
		under := strings.Join(s.wall.threads[id], "\n")
		for _, want := range []string{"my mother is ill", "Friday, please"} {
			if !strings.Contains(under, want) {
				t.Errorf("staff did not read %q: %q", want, under)
			}
		}
		if strings.Contains(under, "6789") {
			t.Error("a social security number was passed on")
		}
		s.told("Ana")
		s.presses("Pat", id, "handback")
		if heard := s.told("Ana"); !strings.Contains(heard, "reason") && !strings.Contains(heard, "[") {
			t.Errorf("the open question is not shown again: %q", heard)
		}
		if got := s.writes("Pat", id, "one more thing"); got.Say == nil || s.told("Ana") != "" {
			t.Error("the client reads a person after the bot is back")
		}
	})
}

// TestTalkNotNeeded: a client who waits for a person whom nobody sends has talked with
// the bot all along. It does not come back from anywhere.
func TestTalkNotNeeded(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.say("Ana", "/reschedule")
		s.say("Ana", "/person")
		s.told("Ana")
		s.presses("Pat", "talk", "handback")
		if told := s.told("Ana"); told != "" {
			t.Errorf("Ana was told %q", told)
		}
		if told := s.say("Ana", "1"); !strings.Contains(told, "Where would you like to go?") {
			t.Errorf("Ana's answer was answered by %q", told)
		}
	})
}

// TestTalkUnsent gives a client back while what the person wrote could not be sent:
// it is never sent, and staff are told.
func TestTalkUnsent(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.say("Ana", "/person")
		id, _ := s.card("talk")
		s.presses("Pat", id, "talk")
		s.told("Ana")
		s.platform.failing(func(m bot.Outgoing) (bool, error) {
			if m.Chat == "Ana" {
				return false, &bot.SendError{Class: bot.Again, Err: errors.New("no network")}
			}
			return true, nil
		})
		s.writes("Pat", id, "call me")
		s.presses("Pat", id, "handback")
		s.platform.failing(nil)
		s.scene("forward", "1m")
		if heard := s.told("Ana"); strings.Contains(heard, "call me") {
			t.Errorf("the person still talks: %q", heard)
		}
		s.told("Ana")
		if under := strings.Join(s.wall.threads[id], "\n"); !strings.Contains(under, "not") || !strings.Contains(under, "1 ") {
			t.Errorf("nobody was told that it did not arrive: %q", under)
		}
	})
}

// TestAlarmCard raises an alarm: one card however often, taken, acknowledged.
func TestAlarmCard(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.say("Ana", "somebody asks me to pay for my appointment, is this a scam?")
		s.say("Ana", "scam")
		s.say("Ana", "scam")
		if n := len(s.wall.order); n != 1 {
			t.Fatalf("%d cards: %v", n, s.wall.cards)
		}
		id := s.wall.order[0]
		ref := s.button(s.wall.cards[id], "take").Ref
		s.scene("forward", "3h")
		if under := s.wall.threads[id]; len(under) != 1 {
			t.Errorf("nobody was mentioned: %q", under)
		}
		s.scene("forward", "3h")
		s.acts("Pat", bot.Act{Name: "take", Ref: ref})
		s.acts("Pat", bot.Act{Name: "done", Ref: ref})
		if got := s.acts("Lee", bot.Act{Name: "done", Ref: ref}); !strings.Contains(got.Say.Plain(), "Pat") {
			t.Errorf("Lee was told %q", got.Say.Plain())
		}
		if under := s.wall.threads[id]; len(under) != 3 {
			t.Errorf("the record: %q", under)
		}
		if c := s.wall.cards[id]; len(c.Buttons) != 0 || !strings.Contains(flat(c), "Pat") {
			t.Errorf("acknowledged: %s", flat(c))
		}
		s.say("Ana", "scam") // it is a new one now
		if n := len(s.wall.order); n != 2 {
			t.Errorf("%d cards", n)
		}
	})
}

// TestUrge lets a request run out of time.
func TestUrge(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		id, filed := s.card("R1")
		ref := s.button(filed, "confirm").Ref
		s.scene("forward", "9d")
		if under := s.wall.threads[id]; len(under) != 0 {
			t.Fatalf("too early: %q", under)
		}
		s.scene("forward", "18h") // to Dec 11, 03:00
		under := s.wall.threads[id]
		if len(under) != 4 {
			t.Fatalf("16 h, 14 h, 12.5 h and the cut-off make %d lines: %q", len(under), under)
		}
		_, c := s.card("R1")
		if !strings.Contains(flat(c), "800-375-5283") {
			t.Errorf("after the cut-off the card says\n%s", flat(c))
		}
		_ = s.db.View(t.Context(), func(tx *store.Tx) error {
			if alarms := tx.OpenAlarms(10); len(alarms) != 1 || alarms[0].Kind != bot.AlarmLapsed || alarms[0].CaseID == "" {
				t.Errorf("after the cut-off the alarms are %+v", alarms)
			}
			return nil
		})
		if got := s.acts("Lee", bot.Act{Name: "confirm", Ref: ref}); !strings.Contains(got.Say.Plain(), "R1") {
			t.Errorf("confirmed after the cut-off: %q", got.Say.Plain())
		}
	})
}

// flat is all that a card says.
func flat(c conversation.Card) string {
	var b strings.Builder
	fmt.Fprintln(&b, c.Title)
	b.WriteString(c.Text.Plain())
	for _, f := range c.Facts {
		fmt.Fprintf(&b, "%s: %s", f.Label, f.Value.Plain())
	}
	b.WriteString(c.Note.Plain())
	return b.String()
}

// TestTalkWaits lets a client wait for a person: staff are asked once more when the
// office is open, and only once.
func TestTalkWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.scene("forward", "7h45m") // shortly before five
		s.say("Ana", "/person")
		id, _ := s.card("talk")
		s.scene("forward", "14h")
		s.look()
		if under := s.wall.threads[id]; len(under) != 0 {
			t.Errorf("asked at night: %q", under)
		}
		s.scene("forward", "8h")
		s.scene("forward", "24h")
		s.look()
		if under := s.wall.threads[id]; len(under) != 1 {
			t.Errorf("asked again: %q", under)
		}
		s.presses("Pat", id, "talk")
		s.presses("Pat", id, "handback")
		s.say("Ana", "/person")
		id, _ = s.card("talk")
		s.presses("Pat", id, "talk")
		before := len(s.wall.threads[id])
		s.scene("forward", "24h")
		s.look()
		if under := s.wall.threads[id][before:]; len(under) != 0 {
			t.Errorf("somebody talks, and staff are asked: %q", under)
		}
	})
}
