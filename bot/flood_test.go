package bot_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// notRead is how it begins that somebody is told that not all was read.
const notRead = "More messages came than I could answer"

// shut keeps every message on its way until open is called.
func (s *stage) shut() (open func()) {
	gate := make(chan struct{})
	s.platform.failing(func(bot.Outgoing) (bool, error) {
		<-gate
		return true, nil
	})
	open = sync.OnceFunc(func() {
		close(gate)
		s.platform.failing(nil)
	})
	s.t.Cleanup(open)
	return open
}

// flood lets somebody write more than is read, without waiting for an answer, and
// gives the last of what they hear.
func (s *stage) flood(who, words string) ([]string, error) {
	s.speaker(who)
	open := s.shut()
	for range 60 {
		in := s.incoming(who, words)
		in.EventID, in.Event.Language = fmt.Sprint("flood", s.events), s.hint
		if err := s.bot.Take(context.Background(), in); err != nil {
			return nil, err
		}
	}
	open()
	if err := s.bot.Deliver(context.Background()); err != nil {
		return nil, err
	}
	s.look()
	s.sent = s.sent[len(s.sent)-1:]
	return s.heard(who), nil
}

// rows are how many rows a table of the database has.
func (s *stage) rows(table string) (n int) {
	s.t.Helper()
	driver, name := "pgx", s.url
	if path, ok := strings.CutPrefix(s.url, "sqlite:"); ok {
		driver, name = "sqlite3", "file:"+path+"?_busy_timeout=5000"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// TestWhoWaitsForNoAnswer: of a thousand messages as many are read as answers may wait,
// and nothing is written down of the others. Once, the person is told so, in their
// language and after all answers; then they are read as before. Nobody else notices.
func TestWhoWaitsForNoAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=Ana,Ben")
		s.say("Ana", "/language español")
		events, letters := s.rows("inbox"), s.rows("outbox")
		for round := range 2 {
			open := s.shut()
			for range 500 {
				s.take("Ana", "/appointments")
			}
			s.take("Ben", "/verify")
			open()
			s.work()
			sent := s.platform.take()
			anas := texts(sent, "Ana")
			if len(anas) != 21 {
				t.Fatalf("round %d: Ana is sent %d messages, want 20 answers and one that says what was not read", round, len(anas))
			}
			for i, text := range anas {
				if last := i == 20; strings.Contains(text, "más mensajes de los que pude contestar") != last {
					t.Errorf("message %d: %s", i, text)
				}
			}
			if bens := texts(sent, "Ben"); len(bens) != 1 || !strings.Contains(bens[0], "private") {
				t.Errorf("Ben is sent %q", bens)
			}
		}
		if n := s.rows("inbox") - events; n != 2*(20+1) {
			t.Errorf("%d events are written down of two times 500 and 1", n)
		}
		if n := s.rows("outbox") - letters; n != 2*(21+1) {
			t.Errorf("%d letters are written down", n)
		}
		if said := s.say("Ana", "/appointments"); !strings.Contains(said, "IOE******0101") {
			t.Errorf("afterwards: %s", said)
		}
	})
}

// TestFloodAcrossARestart: what was said before the program ended is not said again,
// and what comes until it has left is not read.
func TestFloodAcrossARestart(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		s.platform.failing(func(bot.Outgoing) (bool, error) {
			return false, &bot.SendError{Class: bot.Again, Err: errors.New("no")}
		})
		for range 30 {
			s.take("Ana", "/appointments")
		}
		s.scene("restart", "")
		for range 30 {
			s.take("Ana", "/appointments")
		}
		s.platform.failing(nil)
		said := strings.Join(s.scene("forward", "10m"), "\n")
		if read, told := strings.Count(said, "What is on file"), strings.Count(said, notRead); read != 20 || told != 1 {
			t.Errorf("%d were answered, and %d times it was said that not all was read", read, told)
		}
	})
}

// TestWhatMustNotWait: in the midst of it all reminders end and a person is asked for.
// That is bounded as well.
func TestWhatMustNotWait(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		open := s.shut()
		for range 40 {
			s.take("Ana", "hello")
		}
		s.take("Ana", "Stop, please")
		s.take("Ana", "/person")
		for range 500 {
			s.take("Ana", "/stop")
		}
		open()
		s.work()
		var anas []string
		for _, m := range s.platform.take() {
			if m.Chat == "Ana" && m.Kind == bot.Message {
				anas = append(anas, m.Reply.Text.Plain())
			}
		}
		if len(anas) != 20+1+6 {
			t.Fatalf("Ana is sent %d messages", len(anas))
		}
		for i, want := range map[int]string{19: "", 20: notRead, 21: "Reminders are off", 22: "I have told the staff", 23: "Reminders are off"} {
			if !strings.Contains(anas[i], want) {
				t.Errorf("message %d: %q, want %q in it", i, anas[i], want)
			}
		}
		_ = s.db.View(context.Background(), func(tx *store.Tx) error {
			if talks := tx.OpenTalks(); len(talks) != 1 {
				t.Errorf("%d talks", len(talks))
			}
			return nil
		})
	})
}

// TestOnlyAnswersCount: what others have caused to be said to somebody does not keep
// the bot from reading them.
func TestOnlyAnswersCount(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		open := s.shut()
		err := s.db.Update(context.Background(), func(tx *store.Tx) error {
			for i := range 50 {
				tx.Put(tx.Chat("fake", "Ana"), store.Letter{Kind: string(bot.Message), Priority: i % 2, Voice: []string{"a talk", ""}[i%2], Reply: conversation.Reply{Text: conversation.Text{}}}, "")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.take("Ana", "/appointments")
		open()
		s.work()
		anas := texts(s.platform.take(), "Ana")
		if !slices.ContainsFunc(anas, func(text string) bool { return strings.Contains(text, "IOE******0101") }) {
			t.Errorf("Ana is sent %q", anas)
		}
	})
}

// TestWhoWaitsIsAlwaysRead: somebody who waits for each answer is never told to wait,
// however quick they are, though what became of an answer is recorded a little later.
func TestWhoWaitsIsAlwaysRead(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		if err := s.bot.Live(context.Background()); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		answered := make(chan string, 8)
		s.platform.failing(func(m bot.Outgoing) (bool, error) {
			answered <- m.Reply.Text.Plain()
			return true, nil
		})
		second := s.newBot()
		s.platform.events = make(chan bot.Incoming)
		ended := make(chan error, 1)
		go func() { ended <- second.Run(ctx, "@every 1h") }()
		for i := range 300 {
			s.platform.events <- s.incoming("Ana", "/appointments")
			if text := <-answered; !strings.Contains(text, "IOE******0101") {
				t.Fatalf("answer %d: %s", i, text)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	})
}

// TestEditsLeaveNothing: a message that is changed while nothing is asked causes
// nothing, and nothing is kept of it.
func TestEditsLeaveNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		for range 100 {
			s.say("Ana", "<edit hello>")
		}
		if n := s.rows("inbox"); n != 0 {
			t.Errorf("%d events are written down", n)
		}
		s.say("Ana", "/reschedule")
		s.say("Ana", "<edit hello>")
		if n := s.rows("inbox"); n != 2 {
			t.Errorf("%d events are written down", n)
		}
	})
}

// TestClientFloodsStaff: a client whom a person talks with, or who waits for one,
// can't fill the channel. They are told once, and staff too; the talk can be ended all
// the same, and what is written afterwards is passed on.
func TestClientFloodsStaff(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		for _, claimed := range []bool{false, true} {
			s.say("Ana", "/person")
			id, _ := s.card("talk")
			if claimed {
				s.presses("Pat", id, "talk")
			}
			s.told("Ana")
			if claimed {
				s.pressesWithoutEnd("Ana")
			}
			stood, events := len(s.wall.threads[id]), s.rows("inbox")
			s.platform.failing(func(m bot.Outgoing) (bool, error) { // the channel is in trouble
				if m.Chat == channel {
					return false, &bot.SendError{Class: bot.Again, Err: errors.New("no")}
				}
				return true, nil
			})
			for i := range 100 { // and waits for the bot's answers
				s.take("Ana", fmt.Sprint("line ", i))
				s.work()
			}
			told := strings.Count(s.told("Ana"), "More messages came than I can pass on")
			s.platform.failing(nil)
			s.scene("forward", "10m")
			thread := s.wall.threads[id][stood:]
			passed := strings.Count(strings.Join(thread, "\n"), "line ")
			if n := strings.Count(strings.Join(thread, "\n"), "more than can be shown"); told != 1 || n != 1 || passed > 22 || passed < 18 {
				t.Errorf("claimed %v: %d lines were passed on, Ana was told %d times and staff %d times", claimed, passed, told, n)
			}
			if n := s.rows("inbox") - events; claimed && n > 30 {
				t.Errorf("%d events are written down", n)
			}
			s.say("Ana", "line again")
			if s.look(); !strings.Contains(s.wall.threads[id][len(s.wall.threads[id])-1], "line again") {
				t.Errorf("claimed %v: afterwards nothing is passed on: %q", claimed, s.wall.threads[id])
			}
			s.say("Ana", "/cancel")
		}
	})
}

// pressesWithoutEnd has somebody whom a person talks with press a button a hundred
// times, and waits for none of the answers.
func (s *stage) pressesWithoutEnd(who string) {
	s.t.Helper()
	before := s.rows("outbox")
	open := s.shut()
	for range 100 {
		in := s.incoming(who, "")
		in.Event = conversation.Event{Kind: conversation.Pressed, Rev: 1, Value: "yes"}
		if err := s.bot.Take(context.Background(), in); err != nil {
			s.t.Fatal(err)
		}
	}
	open()
	s.work()
	if n := s.rows("outbox") - before; n > 21 {
		s.t.Errorf("%d letters are written down for 100 presses", n)
	}
}
