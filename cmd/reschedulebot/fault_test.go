package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/conversation"
)

// says lets somebody say something and waits for the answer.
func (s *siege) says(p *client, words, want string) {
	s.t.Helper()
	s.tells(p, words)
	s.hears(p, want)
}

// tells lets somebody say something without waiting.
func (s *siege) tells(p *client, words string) {
	p.events++
	p.Say(words)
}

// hears waits for a message with these words. One that came before, and comes
// once more in case it did not, may stand before it.
func (s *siege) hears(p *client, want string) {
	s.t.Helper()
	before := p.last
	for {
		if err := p.hear(s.ctx); err != nil {
			s.t.Fatalf("waiting for %q: %v\n%s", want, err, s.program.wrote)
		}
		if strings.Contains(p.last.Text, want) {
			return
		}
		if strings.TrimSuffix(p.last.Text, sentAgain) != before.Text {
			s.t.Fatalf("got %q, want %q in it", p.last.Text, want)
		}
	}
}

// polled waits until the program has asked for updates n times more.
func (s *siege) polled(n int) {
	s.t.Helper()
	n += s.server.Count("getUpdates")
	s.wait(func() bool { return s.server.Count("getUpdates") >= n })
}

// end stops the program in peace and judges what it has done.
func (s *siege) end() {
	s.t.Helper()
	s.drained()
	s.program.stop()
	s.judge()
}

// TestTelegramDoesNotSend lets the Bot API refuse what is sent to one person in
// many ways. Others are answered meanwhile; once it has healed, that person gets
// everything, in order.
func TestTelegramDoesNotSend(t *testing.T) {
	for _, do := range []faketelegram.FaultKind{
		faketelegram.TooMany, faketelegram.Internal, faketelegram.Page, faketelegram.Hang, faketelegram.Reset, faketelegram.AfterDone, faketelegram.Garbage,
	} {
		t.Run(string(do), func(t *testing.T) {
			t.Parallel()
			s := newSiege(t, conversation.Instant, 2)
			ana, ben := s.people[0], s.people[1]
			s.begin()
			s.says(ana, "/reschedule", "Why do you need another date?")
			s.server.Fail(faketelegram.Fault{Method: "sendMessage", Chat: ana.ID, Do: do, RetryAfter: 1})
			failed := s.server.Count("sendMessage")
			s.tells(ana, "2")
			s.tells(ana, "1")
			s.tells(ana, "1")
			s.wait(func() bool { return s.server.Count("sendMessage") > failed })
			for range 3 {
				s.says(ben, "/appointments", "What is on file for you")
				s.says(ben, "/help", "I can help you")
			}
			s.server.Heal()
			s.hears(ana, "Where would you like to go?")
			s.hears(ana, "All times are local there")
			s.hears(ana, "Please check")
			s.says(ana, "1", "Valid now")
			s.end()
		})
	}
}

// TestTelegramDoesNotReceive lets the Bot API refuse the program's polls in many
// ways. What was said meanwhile is answered afterwards.
func TestTelegramDoesNotReceive(t *testing.T) {
	for _, fault := range []faketelegram.Fault{
		{Do: faketelegram.TooMany, RetryAfter: 1, Times: 2}, {Do: faketelegram.Internal, Times: 2}, {Do: faketelegram.Page, Times: 2}, {Do: faketelegram.Hang, Times: 1},
		{Do: faketelegram.Reset, Times: 2}, {Do: faketelegram.AfterDone, Times: 2}, {Do: faketelegram.Garbage, Times: 2},
		{Do: faketelegram.Refuse, Code: 409, Description: "Conflict: terminated by other getUpdates request", Times: 1},
	} {
		t.Run(string(fault.Do), func(t *testing.T) {
			t.Parallel()
			s := newSiege(t, conversation.Instant, 2)
			ana, ben := s.people[0], s.people[1]
			s.begin()
			fault.Method = "getUpdates"
			s.says(ana, "/reschedule", "Why do you need another date?")
			s.server.Fail(fault)
			s.says(ana, "2", "Where would you like to go?") // ends a poll; the next one fails
			s.tells(ana, "1")
			s.tells(ben, "/help")
			s.tells(ana, "1")
			if fault.Do == faketelegram.Hang {
				s.wait(func() bool { return s.faulty("getUpdates", fault.Do) > 0 })
				s.server.Heal()
			}
			s.hears(ana, "All times are local there")
			s.hears(ana, "Please check")
			s.hears(ben, "I can help you")
			s.end()
		})
	}
}

// TestStartWithoutTelegram starts the program while the Bot API only hangs up.
func TestStartWithoutTelegram(t *testing.T) {
	t.Parallel()
	s := newSiege(t, conversation.Instant, 1)
	s.server.Fail(faketelegram.Fault{Do: faketelegram.Reset})
	s.begin()
	s.tells(s.people[0], "/help")
	s.wait(func() bool { return s.server.Count("getMe") >= 2 })
	s.server.Heal()
	s.hears(s.people[0], "I can help you")
	s.end()
}

// TestDatabaseLocked has another process hold the write lock of the database for
// longer than the program waits for it. Nothing is confirmed to Telegram in that
// time, and everything is answered afterwards.
func TestDatabaseLocked(t *testing.T) {
	if testing.Short() {
		t.Skip("the program waits five seconds for the lock before it gives up")
	}
	t.Parallel()
	s := newSiege(t, conversation.Instant, 2)
	ana, ben := s.people[0], s.people[1]
	s.begin()
	s.says(ana, "/reschedule", "Why do you need another date?")
	db, err := sql.Open("sqlite3", "file:"+s.book.path+"?_txlock=immediate&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lock, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.tells(ana, "2")
	s.tells(ben, "/help")
	s.polled(1) // it was told that what came can't be taken, and asks again
	if n := s.server.Pending(); n != 2 {
		t.Errorf("%d updates wait for their confirmation, want 2", n)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.hears(ana, "Where would you like to go?")
	s.hears(ben, "I can help you")
	s.end()
}

// TestLogsTellNothing goes through what people must not find in a log or in a
// stolen database: the token, link codes, receipt numbers, names, addresses of chats and what
// was said, whatever goes wrong.
func TestLogsTellNothing(t *testing.T) {
	t.Parallel()
	s := newSiege(t, conversation.Instant, 2)
	ana, ben := s.people[0], s.people[1]
	receipt := receiptOf(0).Reveal()
	const reason = "quebrantahuesos"
	s.life++
	s.program = startChild(t, "1", append(s.env(), "LOG_LEVEL=debug"), "serve")
	for _, l := range []line{
		{"/start Lquebrantahuesos0123456", "That link can't be used"},
		{"/reschedule", "Why do you need another date?"},
		{"6", "Why do you need another date?"},
		{"another reason", "in your own words"},
		{reason, "Where would you like to go?"},
		{"1", "All times are local there"},
		{"1", "Please check"},
		{"yes", "Valid now"},
		{receipt, receipt[:3]},
	} {
		s.says(ana, l.say, l.hear)
	}
	fail := func(f faketelegram.Fault) {
		f.Method, f.Times = "sendMessage", 1
		s.server.Fail(f)
		ana.Say("/help " + reason)
		s.wait(func() bool { return s.faulty("sendMessage", f.Do) > 0 })
	}
	fail(faketelegram.Fault{Do: faketelegram.Reset})
	fail(faketelegram.Fault{Do: faketelegram.Refuse, Code: 400, Description: "Bad Request: can't parse entities: " + reason + " " + receipt})
	fail(faketelegram.Fault{Do: faketelegram.Internal})
	fail(faketelegram.Fault{Do: faketelegram.Blocked})
	s.server.Raw(`{"update_id": %d, "message": {"message_id": "` + reason + `", "text": "` + receipt + `"}}`)
	s.server.Fail(faketelegram.Fault{Method: "getUpdates", Do: faketelegram.Reset, Times: 1})
	ben.Say("/help")
	s.hears(ben, "I can help you")
	s.wait(func() bool { return s.server.Pending() == 0 }) // also what can't be read was handled
	s.server.Revoke()                                      // the program ends by itself, and says why
	<-s.program.ended
	logs := s.program.wrote.String()

	dead := startChild(t, "1", append(s.book.env("http://127.0.0.1:1", s.booking), "LOG_LEVEL=debug"), "serve")
	for !strings.Contains(dead.wrote.String(), "connection refused") {
		select {
		case <-dead.ended:
			t.Fatalf("it ended: %s", dead.wrote)
		case <-s.ctx.Done():
			t.Fatalf("it says nothing of a server that is not there: %s", dead.wrote)
		case <-tick():
		}
	}
	dead.stop()
	logs += dead.wrote.String()

	if !strings.Contains(logs, "set aside") || !strings.Contains(logs, "can't be written to") {
		t.Errorf("the log does not tell what went wrong:\n%s", logs)
	}
	_, secret, _ := strings.Cut(faketelegram.Token, ":")
	hidden := []string{secret, receipt, receipt[3:], reason, fmt.Sprint(ana.ID), fmt.Sprint(ben.ID)}
	for _, word := range hidden {
		if i := strings.Index(logs, word); i >= 0 {
			t.Errorf("the log tells %q: …%s…", word, logs[max(0, i-200):min(len(logs), i+100)])
		}
	}
	for _, file := range []string{s.book.path, s.book.path + "-wal"} {
		b, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, word := range hidden {
			if strings.Contains(string(b), word) {
				t.Errorf("%q stands readable in %s", word, file)
			}
		}
	}
}

// faulty counts the calls of a method that a fault has hit.
func (s *siege) faulty(method string, do faketelegram.FaultKind) int {
	n := 0
	for _, c := range s.server.Calls(method) {
		if c.Fault == do {
			n++
		}
	}
	return n
}
