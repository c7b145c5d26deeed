package bot_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// TestReminderOnce lets several processes scan at the same time: everybody is
// reminded once.
func TestReminderOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=Ana,Ben")
		s.scene("case", "IOE0000000102 I-90 XCB 2026-12-11 10:20 linked=Ana")
		s.clockTo(s.now.AddDate(0, 0, 3).Add(2 * time.Hour))
		others := []*bot.Bot{s.bot, s.newBot(), s.newBot(), s.newBot()}
		var together sync.WaitGroup
		for _, b := range others {
			together.Go(func() {
				if err := b.Scan(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
		s.work()
		sent := s.platform.take()
		if a, b := len(texts(sent, "Ana")), len(texts(sent, "Ben")); a != 2 || b != 1 {
			t.Errorf("Ana got %d reminders and Ben %d, want 2 and 1", a, b)
		}
	})
}

// TestMissedReminders: after days of silence only the reminder that still helps
// is sent, and nothing by night.
func TestMissedReminders(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		chicago, err := time.LoadLocation("America/Chicago")
		if err != nil {
			t.Fatal(err)
		}
		s.clockTo(time.Date(2026, 12, 8, 23, 0, 0, 0, chicago)) // the 7-day and the 3-day one were missed
		s.work()
		if sent := s.platform.take(); len(sent) != 0 {
			t.Errorf("at 11 PM: %s", texts(sent, "Ana"))
		}
		next, err := s.bot.Next(context.Background())
		if err != nil || !next.Equal(time.Date(2026, 12, 9, 9, 0, 0, 0, chicago)) {
			t.Errorf("looks again at %v, %v; want 9 AM", next.In(chicago), err)
		}
		s.clockTo(next)
		s.work()
		if sent := texts(s.platform.take(), "Ana"); len(sent) != 1 {
			t.Errorf("in the morning: %q", sent)
		}
		s.clockTo(time.Date(2026, 12, 11, 10, 0, 0, 0, chicago)) // the last one was missed and is of no use any more
		s.work()
		if sent := s.platform.take(); len(sent) != 0 {
			t.Errorf("at the appointment: %s", texts(sent, "Ana"))
		}
	})
}

// TestUnsentReminderGoesStale: one that could not be delivered in time, or whose
// appointment was moved meanwhile, is not delivered later. Of the first, staff hear:
// somebody must call.
func TestUnsentReminderGoesStale(t *testing.T) {
	for name, moved := range map[string]bool{"too late": false, "moved": true} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *stage) {
				s.withDesk()
				s.platform.failing(func(m bot.Outgoing) (bool, error) {
					if m.Chat != "Ana" {
						return true, nil
					}
					return false, &bot.SendError{Class: bot.Again, Err: context.DeadlineExceeded}
				})
				s.clockTo(s.now.AddDate(0, 0, 9).Add(2 * time.Hour)) // the day before
				s.work()
				s.platform.failing(nil)
				if moved {
					s.scene("case", "IOE0000000101 I-485 XCB 2026-12-21 10:00")
				} else {
					s.clockTo(s.now.AddDate(0, 0, 2))
				}
				s.work()
				s.work()
				s.look()
				for _, text := range texts(s.sent, "Ana") {
					if strings.Contains(text, "Reminder") {
						t.Errorf("was sent: %s", text)
					}
				}
				cards := 0
				for _, c := range s.wall.cards {
					if strings.Contains(c.Title, "did not reach") && strings.Contains(c.Title, "0101") {
						cards++
					}
				}
				if want := map[bool]int{false: 1, true: 0}[moved]; cards != want {
					t.Errorf("%d alarms, want %d: %v", cards, want, s.wall.cards)
				}
			})
		})
	}
}

// TestQuestionsRepeated: after an outage only those who were asked something are
// asked again, on the platform that was out.
func TestQuestionsRepeated(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=Ana,Ben,Cruz")
		s.say("Ana", "/reschedule")
		s.say("Ben", "/verify")
		s.say("Cruz", "/reschedule")
		no := false
		if err := s.bot.Take(context.Background(), bot.Incoming{Platform: "fake", EventID: "blocked", Chat: "Cruz", Reachable: &no}); err != nil {
			t.Fatal(err)
		}
		for _, platform := range []string{"other", "fake"} {
			if err := s.bot.Take(context.Background(), bot.Incoming{Platform: platform, Event: conversation.Event{Kind: conversation.Asleep}}); err != nil {
				t.Fatal(err)
			}
			s.work()
			sent := s.platform.take()
			if want := platform == "fake"; (len(sent) == 1) != want {
				t.Errorf("%s was out: %d messages", platform, len(sent))
			}
			for _, m := range sent {
				if m.Chat != "Ana" || !strings.Contains(m.Reply.Text.Plain(), "away for a while") || len(m.Reply.Choices) == 0 {
					t.Errorf("to %s: %s", m.Chat, m.Reply.Text.Plain())
				}
			}
		}
	})
}

// TestQuestionsRepeatedBesideDamage lets a case and a chat be damaged: everybody else
// is asked again, once, and the platform need not bring it again.
func TestQuestionsRepeatedBesideDamage(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-765 XCB 2026-12-11 10:00")
	s.scene("case", "IOE0000000102 I-485 XCB 2026-12-11 10:20 linked=Ben")
	s.scene("case", "IOE0000000103 I-90 XCB 2026-12-11 10:40 linked=Cruz")
	for _, who := range []string{"Ana", "Ben", "Cruz"} {
		s.say(who, "/reschedule")
	}
	damage(t, s.url, `UPDATE cases SET receipt_sealed = x'010001ff' WHERE form = 'I-765'`)
	damage(t, s.url, `UPDATE chats SET address_sealed = x'010001ff' WHERE id IN (SELECT chat_id FROM links k JOIN cases c ON c.id = k.case_id WHERE c.form = 'I-90')`)
	if err := s.bot.Take(context.Background(), bot.Incoming{Platform: "fake", Event: conversation.Event{Kind: conversation.Asleep}}); err != nil {
		t.Fatalf("the questions are to be repeated once more: %v", err)
	}
	s.work()
	if sent := s.platform.take(); len(sent) != 1 || len(texts(sent, "Ben")) != 1 || !strings.Contains(texts(sent, "Ben")[0], "away for a while") {
		t.Errorf("with Ana's case and Cruz's chat damaged was said: %v", sent)
	}
}

// TestForgets: after a day without a word nothing personal is left of a dialogue.
func TestForgets(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
	s.upToConfirm("Ana")
	s.clockTo(s.now.Add(25 * time.Hour))
	s.work()
	_ = s.db.View(context.Background(), func(tx *store.Tx) error {
		if d := tx.Chat("fake", "Ana").State.Draft; d.CaseID != "" || d.Reason != "" || d.Words != "" || len(d.Past) > 0 {
			t.Errorf("left of a dialogue after a day: %+v", d)
		}
		return nil
	})
	if got := s.onFile(); !strings.Contains(got, "count 0") {
		t.Errorf("on file: %s", got)
	}
}

// TestRun runs the bot as serve does: it answers, delivers what other processes
// put into the outbox, scans, and ends when it is told to.
func TestRun(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		s.clockTo(s.now.AddDate(0, 0, 3).Add(2 * time.Hour))
		s.platform.events = make(chan bot.Incoming)
		arrived := make(chan string, 10)
		s.platform.failing(func(m bot.Outgoing) (bool, error) { arrived <- m.Reply.Text.Plain(); return true, nil })
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- s.bot.Run(ctx, "@every 1h") }()
		if got := <-arrived; !strings.Contains(got, "Reminder") {
			t.Errorf("at the start: %s", got)
		}
		s.platform.events <- s.incoming("Ana", "/appointments")
		if got := <-arrived; !strings.Contains(got, "What is on file") {
			t.Errorf("answered: %s", got)
		}
		other := bot.New(bot.Config{Store: s.db, Rules: scheduling.BuiltinRules(), Kind: "import", Plan: testPlan(t), Office: conversation.Office{Name: "Lee & Park LLP", Phone: "312-555-0100"}})
		one := s.bot
		s.bot = other
		if err := s.caseLine("IOE0000000101 I-485 XCB 2026-12-14 10:00"); err != nil {
			t.Fatal(err)
		}
		s.bot = one
		if got := <-arrived; !strings.Contains(got, "Mon Dec 14") {
			t.Errorf("after an import: %s", got)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
		s.bot = nil
		if err := s.db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestAnotherPlan: a plan with other leads is taken over for appointments that
// are on file. Nobody is written to at the moment of the change, and a lead that
// has passed is made up for once at most.
func TestAnotherPlan(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		s.work()
		s.plan = "9d,2d"
		s.bot = s.newBot()
		s.clockTo(s.now.AddDate(0, 0, 1).Add(2 * time.Hour)) // the 9-day one would have been an hour ago
		s.work()
		if sent := s.platform.take(); len(sent) != 0 {
			t.Errorf("because of another plan: %s", texts(sent, "Ana"))
		}
		for _, step := range []struct {
			days string
			want int
		}{{"6d", 1}, {"1d", 1}, {"2d", 0}} { // until Dec 8, 9 and 11
			told := strings.Join(s.scene("forward", step.days), "\n")
			if n := strings.Count(told, "Reminder"); n != step.want {
				t.Errorf("%d reminders in the next %s, want %d:\n%s", n, step.days, step.want, told)
			}
		}
	})
}

// TestReminderOfTheUnreachable: where no chat of a case can be written to, somebody is
// asked to call each time that a reminder is due, also when that is long known.
func TestReminderOfTheUnreachable(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.scene("case", "IOE0000000102 I-90 XCB 2026-12-11 10:20 linked=Ben,Eva")
		gone := func(who string) {
			if err := s.reachable(who, false); err != nil {
				t.Fatal(err)
			}
		}
		missed := func() (open int) {
			if err := s.db.Update(context.Background(), func(tx *store.Tx) error {
				for _, a := range tx.OpenAlarms(10) {
					if a.Kind == bot.AlarmMissed {
						open++
					}
					tx.Acknowledge(a.ID, "Pat") // somebody has called
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return open
		}
		gone("Ben")
		missed()
		s.clockTo(s.now.AddDate(0, 0, 4)) // a week before
		s.work()
		if n := missed(); n != 0 || len(texts(s.platform.take(), "Eva")) != 1 {
			t.Errorf("while Eva reads them: %d alarms", n)
		}
		gone("Eva")
		missed()
		for _, days := range []int{4, 2} { // three days, a day before
			s.clockTo(s.now.AddDate(0, 0, days))
			s.work()
			s.work()
			if n := missed(); n != 1 {
				t.Errorf("when nobody reads them: %d alarms", n)
			}
		}
		if sent := append(texts(s.platform.take(), "Ben"), texts(s.platform.take(), "Eva")...); len(sent) != 0 {
			t.Errorf("sent nevertheless: %q", sent)
		}
	})
}
