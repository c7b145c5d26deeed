package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
)

// texts are the first lines of what was sent to a chat, in order.
func texts(sent []bot.Outgoing, chat string) []string {
	var out []string
	for _, m := range sent {
		if m.Chat == chat && m.Kind == bot.Message {
			out = append(out, m.Reply.Text.Plain())
		}
	}
	return out
}

// take lets somebody speak without waiting for the answer.
func (s *stage) take(who, words string) {
	s.t.Helper()
	if err := s.bot.Take(context.Background(), s.incoming(who, words)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) work() {
	s.t.Helper()
	if err := s.bot.Work(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// inTurn fails as the first of some does until that lets something through, then as the
// next, and so on.
func inTurn(all ...func(bot.Outgoing) (bool, error)) func(bot.Outgoing) (bool, error) {
	return func(m bot.Outgoing) (arrives bool, err error) {
		for _, fail := range all {
			if arrives, err = fail(m); err != nil {
				break
			}
		}
		return arrives, err
	}
}

// TestFailures sends the answers to two questions where the first attempts fail,
// to Ana only.
func TestFailures(t *testing.T) {
	failing := func(class bot.Class, times int, arrives bool) func(bot.Outgoing) (bool, error) {
		return func(m bot.Outgoing) (bool, error) {
			if m.Chat != "Ana" || times == 0 {
				return true, nil
			}
			times--
			return arrives, &bot.SendError{Class: class, After: 30 * time.Second, Err: errors.New("no")}
		}
	}
	for _, test := range []struct {
		name    string
		fail    func(bot.Outgoing) (bool, error)
		want    []string // what reaches Ana, in order
		again   []bool   // which of it says that it may have come before
		forward time.Duration
	}{
		{"wait", failing(bot.Wait, 1, false), []string{"private", "file"}, []bool{false, false}, time.Minute},
		{"again", failing(bot.Again, 3, false), []string{"private", "file"}, []bool{false, false}, time.Minute},
		{"ambiguous, lost", failing(bot.Ambiguous, 1, false), []string{"private", "file"}, []bool{true, false}, time.Minute},
		{"ambiguous, arrived", failing(bot.Ambiguous, 1, true), []string{"private", "private", "file"}, []bool{false, true, false}, time.Minute},
		{"ambiguous, arrived, and no network after that", inTurn(failing(bot.Ambiguous, 1, true), failing(bot.Again, 2, false)),
			[]string{"private", "private", "file"}, []bool{false, true, false}, time.Minute},
		{"never", failing(bot.Never, 1, false), []string{"file"}, []bool{false}, time.Minute},
		{"an error of no class", func(m bot.Outgoing) (bool, error) { return false, errors.New("?") }, nil, nil, time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, engines()[0])
			s.scene("now", winter)
			s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=Ana,Ben")
			s.platform.failing(test.fail)
			s.take("Ana", "/verify")
			s.take("Ana", "/appointments")
			s.take("Ben", "/appointments")
			s.work()
			if got := texts(s.platform.sent, "Ben"); len(got) != 1 && test.name != "an error of no class" {
				t.Errorf("Ben was sent %d messages while Ana's failed", len(got))
			}
			for end := s.now.Add(test.forward); s.now.Before(end); s.clockTo(s.now.Add(time.Second)) {
				s.work()
			}
			sent := slices.DeleteFunc(s.platform.take(), func(m bot.Outgoing) bool { return m.Chat != "Ana" })
			got := texts(sent, "Ana")
			if len(got) != len(test.want) {
				t.Fatalf("Ana was sent %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i], want) || sent[i].Again != test.again[i] {
					t.Errorf("message %d: again %v: %q; want again %v and %q in it", i+1, sent[i].Again, got[i], test.again[i], want)
				}
			}
		})
	}
}

// TestGone lets Ana block the bot: her reminders end, staff hear of it, and when
// she writes again she is answered.
func TestGone(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		s.platform.failing(func(bot.Outgoing) (bool, error) {
			return false, &bot.SendError{Class: bot.Gone, Err: errors.New("blocked")}
		})
		s.take("Ana", "/verify")
		s.work()
		s.platform.failing(nil)
		if told := s.scene("forward", "5d"); len(told) != 0 {
			t.Errorf("somebody who blocked the bot was sent %s", told)
		}
		_ = s.db.View(context.Background(), func(tx *store.Tx) error {
			// the second is of the reminder of a week before
			if alarms := tx.OpenAlarms(10); len(alarms) != 2 || alarms[0].Kind != bot.AlarmUnreachable || alarms[0].CaseID == "" || alarms[1].Kind != bot.AlarmMissed {
				t.Errorf("alarms: %+v", alarms)
			}
			return nil
		})
		if said := s.say("Ana", "/appointments"); !strings.Contains(said, "What is on file") {
			t.Errorf("when she wrote again: %s", said)
		}
		if told := s.scene("forward", "5d"); len(told) == 0 {
			t.Error("no reminder after she wrote again")
		}
	})
}

// TestBlockedAndBack does the same where the platform tells of it.
func TestBlockedAndBack(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
	for i, yes := range []bool{false, true} {
		in := bot.Incoming{Platform: "fake", EventID: string(rune('a' + i)), Chat: "Ana", Reachable: &yes}
		if err := s.bot.Take(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		if told := s.scene("forward", "4d"); (len(told) > 0) != yes {
			t.Errorf("reachable %v: %s", yes, told)
		}
	}
}

// TestLongDelivery: sending may take longer than a process counts as alive after one
// word that it is.
func TestLongDelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, engines()[0])
		s.scene("now", winter)
		var people []string
		for i := range 600 {
			people = append(people, fmt.Sprint("P", i))
		}
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked="+strings.Join(people, ","))
		s.clockTo(s.now.AddDate(0, 0, 3).Add(2 * time.Hour))
		s.platform.failing(func(bot.Outgoing) (bool, error) { <-time.After(25 * time.Second); return true, nil })
		s.work()
		if n := len(s.platform.take()); n != len(people) {
			t.Errorf("%d of %d reminders were sent", n, len(people))
		}
	})
}

// TestFlood: however much a crowd has written, whoever writes once is answered with
// the next of their answers, not behind all of them.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, engines()[0])
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		const crowd, each = 200, 10
		s.platform.failing(func(bot.Outgoing) (bool, error) { <-time.After(time.Second); return true, nil })
		for range each {
			for i := range crowd {
				s.take(fmt.Sprint("P", i), "hello")
			}
		}
		s.take("Ana", "/verify")
		began := time.Now()
		var waited time.Duration
		s.platform.failing(func(m bot.Outgoing) (bool, error) {
			if m.Chat == "Ana" {
				waited = time.Since(began)
			}
			<-time.After(time.Second)
			return true, nil
		})
		s.work()
		if sent := s.platform.take(); len(texts(sent, "Ana")) != 1 || len(sent) != 1+crowd*each {
			t.Fatalf("%d messages were sent, %d to Ana", len(sent), len(texts(sent, "Ana")))
		}
		if waited > 3*time.Second { // as long as it takes to write to each of the crowd once, and some
			t.Errorf("Ana was written to after %v", waited)
		}
	})
}

// TestEveryoneHeld: a platform that refuses everybody gets nothing until then.
func TestEveryoneHeld(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=Ana,Ben")
	calls := 0
	s.platform.failing(func(bot.Outgoing) (bool, error) {
		calls++
		return false, &bot.SendError{Class: bot.Wait, After: time.Hour, Everyone: true, Err: errors.New("429")}
	})
	s.take("Ana", "/verify")
	s.work()
	s.take("Ben", "/verify")
	s.take("Ben", "/privacy")
	s.work()
	if calls != 1 {
		t.Errorf("%d calls to a platform that refuses everybody, want 1", calls)
	}
}

// TestDeadProcess lets a process die with a message in its hands: another one
// sends it, once the dead one is known to be dead.
func TestDeadProcess(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		stuck, release := make(chan struct{}), make(chan struct{})
		s.platform.failing(func(bot.Outgoing) (bool, error) { close(stuck); <-release; return false, errors.New("too late") })
		s.take("Ana", "/verify")
		<-stuck
		first := s.bot
		s.platform.failing(nil)
		s.bot = s.newBot()
		s.work()
		if sent := s.platform.take(); len(sent) != 0 {
			t.Errorf("a message in the hands of a living process was sent by another: %v", texts(sent, "Ana"))
		}
		s.clockTo(s.now.Add(5 * time.Minute))
		s.work()
		if got := texts(s.platform.take(), "Ana"); len(got) != 1 {
			t.Errorf("after a death, sent: %q", got)
		}
		close(release)
		if err := first.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		s.clockTo(s.now.Add(5 * time.Minute))
		s.work()
		if got := texts(s.platform.take(), "Ana"); len(got) != 0 {
			t.Errorf("the dead one's late news made it be sent again: %q", got)
		}
	})
}

// TestNothingLeft: when all is done nothing waits.
func TestNothingLeft(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
	s.upToConfirm("Ana")
	s.say("Ana", "yes")
	_ = s.db.View(context.Background(), func(tx *store.Tx) error {
		if due := tx.NextDue(); !due.IsZero() {
			t.Errorf("a message still waits, due %v", due)
		}
		return nil
	})
}
