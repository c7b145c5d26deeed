package bot_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// onBoth runs a test on both engines.
func onBoth(t *testing.T, test func(*testing.T, *stage)) {
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			test(t, newStage(t, e))
		})
	}
}

const winter = "2026-12-01 09:00 America/Chicago"

// move lets somebody move the appointment of the only case they have, up to the
// last question.
func (s *stage) upToConfirm(who string) {
	s.t.Helper()
	s.say(who, "/reschedule")
	for _, answer := range []string{"1", "1", "1"} { // the first reason, the same place, the first time
		s.say(who, answer)
	}
}

// book answers the "= " lines of what is on file.
func (s *stage) onFile() string {
	s.t.Helper()
	return strings.Join(s.scene("book", ""), "\n")
}

func (s *stage) incoming(who, text string) bot.Incoming {
	s.events++
	return bot.Incoming{Platform: "fake", EventID: fmt.Sprint("e", s.events), Chat: who, Message: "m",
		Event: conversation.Event{Kind: conversation.Said, Text: text}, Raw: []byte(text)}
}

func TestSameEventFromManySides(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		s.upToConfirm("Ana")
		in := s.incoming("Ana", "yes")
		var together sync.WaitGroup
		for range 20 {
			together.Go(func() {
				if err := s.bot.Take(context.Background(), in); err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
		if got := s.onFile(); !strings.Contains(got, "count 1") {
			t.Errorf("after one yes that came twenty times: %s, want one move", got)
		}
	})
}

func TestLastSeatGoesToOne(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		const people, seats = 12, 4
		for i := range people {
			s.scene("case", fmt.Sprintf("IOE00000002%02d I-485 XCB 2026-12-11 10:%02d linked=P%d", i, i%3*20, i))
		}
		for i := range people {
			who := fmt.Sprintf("P%d", i)
			s.upToConfirm(who)
			s.say(who, "Dec 16, 1:00 PM")
		}
		var together sync.WaitGroup
		for i := range people {
			in := s.incoming(fmt.Sprintf("P%d", i), "yes")
			together.Go(func() {
				if err := s.bot.Take(context.Background(), in); err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
		if err := s.bot.Deliver(context.Background()); err != nil {
			t.Fatal(err)
		}
		said := strings.Join(s.heard(""), "\n")
		moved, lost := strings.Count(said, "Your appointment was moved"), strings.Count(said, "Somebody else has just taken")
		if moved != seats || lost != people-seats {
			t.Errorf("%d moved and %d were told that the seat is gone; want %d and %d\n%s", moved, lost, seats, people-seats, said)
		}
		if n := strings.Count(s.onFile(), "2026-12-16 13:00"); n != seats {
			t.Errorf("%d appointments at the start with %d seats", n, seats)
		}
	})
}

func TestTwoDecideAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("booking", "desk")
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		for round := range 10 {
			s.upToConfirm("Ana")
			s.say("Ana", "yes")
			name := fmt.Sprint("R", round+1)
			errs := make([]error, 2)
			var together sync.WaitGroup
			for i := range errs {
				together.Go(func() {
					_, errs[i] = s.bot.Decide(context.Background(), conversation.Decision{RequestID: name, Outcome: conversation.Refused, Words: "no time was free", By: fmt.Sprint("Staff ", i)})
				})
			}
			together.Wait()
			var refusal bot.Refusal
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
				} else if !errors.As(err, &refusal) || !strings.Contains(string(refusal), "refused already, by Staff") {
					t.Fatalf("the loser was told: %v", err)
				}
			}
			if won != 1 {
				t.Fatalf("%d decisions won", won)
			}
			if err := s.bot.Deliver(context.Background()); err != nil {
				t.Fatal(err)
			}
			if said := s.heard("Ana"); strings.Count(strings.Join(said, "\n"), "could not be carried out") != 1 {
				t.Fatalf("Ana heard: %s", said)
			}
		}
	})
}

// TestPoison lets the row of a case be damaged: its person's turns fail. They are
// told so once for each, staff see it, and nobody else notices.
func TestPoison(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
	s.scene("case", "IOE0000000102 I-485 XCB 2026-12-11 10:20 linked=Ben")
	damage(t, s.url, `UPDATE cases SET receipt_sealed = x'010001ff' WHERE id IN (SELECT case_id FROM links k JOIN chats c ON c.id = k.chat_id ORDER BY k.case_id LIMIT 1)`)
	anas, bens := s.say("Ana", "/appointments"), s.say("Ben", "/appointments")
	if strings.Contains(bens, "Something went wrong") {
		anas, bens = bens, anas
	}
	if !strings.Contains(anas, "Something went wrong on our side. Nothing was changed.") || strings.Contains(bens, "Something went wrong") || !strings.Contains(bens, "I-485") {
		t.Errorf("with one damaged case the two were told:\n%s\n%s", anas, bens)
	}
	err := s.db.View(context.Background(), func(tx *store.Tx) error {
		if set := tx.Quarantined(10); len(set) != 1 || !strings.Contains(set[0].Fault, "receipt") || strings.Contains(set[0].Fault, "0101") {
			t.Errorf("quarantined: %+v", set)
		}
		if alarms := tx.OpenAlarms(10); len(alarms) != 1 || alarms[0].Kind != bot.AlarmQuarantine {
			t.Errorf("alarms: %+v", alarms)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestUnreadableEvent(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		in := bot.Incoming{Platform: "fake", EventID: "odd", Raw: []byte(`{"update_id":1,"message":7}`), Quarantine: "field message is not of type Message"}
		for range 2 {
			if err := s.bot.Take(context.Background(), in); err != nil {
				t.Fatal(err)
			}
		}
		_ = s.db.View(context.Background(), func(tx *store.Tx) error {
			if set := tx.Quarantined(10); len(set) != 1 || string(set[0].Body) != string(in.Raw) {
				t.Errorf("quarantined: %+v", set)
			}
			if alarms := tx.OpenAlarms(10); len(alarms) != 1 || alarms[0].Times != 1 {
				t.Errorf("an event that came twice raised %+v", alarms)
			}
			return nil
		})
	})
}

// TestBrokenState lets the stored state of a chat be damaged: the person begins
// again and is not stuck.
func TestBrokenState(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
	s.upToConfirm("Ana")
	damage(t, s.url, `UPDATE chats SET state_sealed = x'010001ff'`)
	if said := s.say("Ana", "/reschedule"); !strings.Contains(said, "Why do you need another date?") {
		t.Errorf("with a damaged state: %s", said)
	}
}

// TestDamagedChat lets the address of a chat be damaged: its events are set
// aside, and others go on.
func TestDamagedChat(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=Ana,Ben")
	s.say("Ana", "/verify")
	damage(t, s.url, `UPDATE chats SET address_sealed = x'010001ff' WHERE id IN (SELECT chat_id FROM outbox)`)
	if said := s.say("Ana", "/appointments"); said != "" {
		t.Errorf("to a chat without an address was said: %s", said)
	}
	if said := s.say("Ben", "/appointments"); !strings.Contains(said, "What is on file") {
		t.Errorf("Ben was told: %s", said)
	}
}

// TestDamagedLetter lets a message that waits be damaged: it is given up, and the
// others are sent.
func TestDamagedLetter(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=Ana,Ben")
	s.platform.failing(func(bot.Outgoing) (bool, error) {
		return false, &bot.SendError{Class: bot.Again, Err: errors.New("no")}
	})
	s.take("Ana", "/verify")
	s.take("Ana", "/appointments")
	s.take("Ben", "/appointments")
	s.work()
	s.platform.failing(nil)
	damage(t, s.url, `UPDATE outbox SET body_sealed = x'010001ff' WHERE seq = 1 AND chat_id IN (SELECT chat_id FROM outbox GROUP BY chat_id HAVING COUNT(*) = 2)`)
	s.clockTo(s.now.Add(time.Minute))
	s.work()
	sent := s.platform.take()
	if a, b := texts(sent, "Ana"), texts(sent, "Ben"); len(a) != 1 || len(b) != 1 || !strings.Contains(a[0], "on file") {
		t.Errorf("sent to Ana %q, to Ben %q", a, b)
	}
}

// TestDamagedCaseAndReminders lets a case be damaged: the others are reminded.
func TestDamagedCaseAndReminders(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
	s.scene("case", "IOE0000000102 I-485 XCB 2026-12-11 10:20 linked=Ben")
	damage(t, s.url, `UPDATE cases SET receipt_sealed = x'010001ff' WHERE id = (SELECT MIN(id) FROM cases)`)
	s.clockTo(s.now.AddDate(0, 0, 3).Add(2 * time.Hour))
	for range 2 {
		s.work()
	}
	sent := s.platform.take()
	if len(texts(sent, "Ana"))+len(texts(sent, "Ben")) != 1 {
		t.Errorf("with one of two cases damaged, Ana was reminded by %q and Ben by %q", texts(sent, "Ana"), texts(sent, "Ben"))
	}
	_ = s.db.View(context.Background(), func(tx *store.Tx) error {
		if alarms := tx.OpenAlarms(10); len(alarms) != 1 || alarms[0].Kind != bot.AlarmReminder {
			t.Errorf("alarms: %+v", alarms)
		}
		return nil
	})
}

// damage changes a database behind the program's back.
func damage(t *testing.T, url, query string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(url, "sqlite:")+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

// TestNotTaken lets the store be closed: the event is not confirmed, and taken
// when it comes again.
func TestNotTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		in := s.incoming("Ana", "/appointments")
		s.db.Close()
		if err := s.bot.Take(context.Background(), in); err == nil {
			t.Fatal("an event was confirmed that no database has")
		}
		s.bot = nil
		if err := s.begin(); err != nil {
			t.Fatal(err)
		}
		if err := s.bot.Take(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		if err := s.bot.Deliver(context.Background()); err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(s.heard("Ana"), "\n"); strings.Count(said, "What is on file for you") != 1 {
			t.Errorf("said: %s", said)
		}
	})
}

func TestImport(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		if told := s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00"); len(told) != 0 {
			t.Errorf("told of an import that changed nothing: %s", told)
		}
		told := strings.Join(s.scene("case", "IOE0000000101 I-485 XCB 2026-12-14 10:00"), "\n")
		if !strings.Contains(told, "Mon Dec 14, 2026") {
			t.Errorf("told of another date: %s", told)
		}
		if _, err := s.Scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00"); err == nil || !strings.Contains(err.Error(), "moved already") {
			t.Errorf("an import of the old date: %v, want a conflict", err)
		}
		if got := s.onFile(); got != "= IOE0000000101 scheduled XCB 2026-12-14 10:00 count 0" {
			t.Errorf("on file: %s", got)
		}
		site, _ := scheduling.BuiltinSites().Find("XCB")
		old, _ := site.Instant(scheduling.Wall{Date: scheduling.Date{Year: 2026, Month: 12, Day: 11}, Hour: 10})
		_ = s.db.View(context.Background(), func(tx *store.Tx) error {
			if taken := tx.Taken("XCB", old.AddDate(0, 0, -1), old.AddDate(0, 0, 10)); len(taken) != 1 {
				t.Errorf("seats taken: %v, want one, at the new time", taken)
			}
			return nil
		})
	})
}
