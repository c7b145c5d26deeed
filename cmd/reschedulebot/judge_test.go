package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// query reads rows of the book past the store: whoever judges must not share the
// mistakes of what is judged.
func (b bookFile) query(t testing.TB, query string, args ...any) [][]any {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+b.path+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]any
	for rows.Next() {
		row := make([]any, len(columns))
		places := make([]any, len(columns))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

func (b bookFile) numbers(t testing.TB, query string, args ...any) []int64 {
	t.Helper()
	var all []int64
	for _, row := range b.query(t, query, args...) {
		n, _ := row[0].(int64)
		all = append(all, n)
	}
	return all
}

func (b bookFile) number(t testing.TB, query string, args ...any) int64 {
	t.Helper()
	return b.numbers(t, query, args...)[0]
}

// A judgement is what a siege came to.
type judgement struct {
	events, moves, requests, decided, sentTwice int
}

// judge compares what people said and saw with the book.
func (s *siege) judge() judgement {
	s.t.Helper()
	j := judgement{events: s.others}
	for _, row := range s.book.query(s.t, "PRAGMA integrity_check") {
		if row[0] != "ok" {
			s.t.Errorf("integrity_check: %v", row[0])
		}
	}
	for _, row := range s.book.query(s.t, "PRAGMA foreign_key_check") {
		s.t.Errorf("foreign_key_check: %v", row)
	}
	for n, p := range s.people {
		s.judgePerson(n, p, &j)
	}
	s.none("an event taken in that nobody sent, or one that was lost",
		"SELECT 1 WHERE (SELECT COUNT(*) FROM inbox WHERE platform = 'telegram' AND event_id NOT LIKE 'conflict-%') <> ?", j.events)
	s.none("an event that could not be handled", "SELECT event_id, fault FROM inbox WHERE outcome <> 'done'")
	s.none("trouble that staff are to look at", "SELECT kind, detail FROM alarms WHERE kind IN ('quarantine', 'unsent', 'unreachable')")
	s.none("a message that was neither sent nor to be left out", "SELECT id, kind, state, fault FROM outbox WHERE state <> 'sent' AND kind = 'message' AND chat_id NOT IN (SELECT chat_id FROM talks)")
	s.none("seats that do not fit the appointments and requests", seatsOff)
	s.record()
	return j
}

// seatsOff are the starts at which not as many seats are taken as appointments
// and open requests want.
const seatsOff = `
	SELECT site, starts_at, SUM(taken), SUM(wanted) FROM (
		SELECT site, starts_at, taken, 0 AS wanted FROM slots
		UNION ALL SELECT site, starts_at, 0, 1 FROM appointments WHERE status = 'scheduled'
		UNION ALL SELECT to_site, to_starts_at, 0, 1 FROM requests WHERE holds_seat)
	GROUP BY site, starts_at / 1000 HAVING SUM(taken) <> SUM(wanted)`

// none wants a query to find nothing.
func (s *siege) none(what, query string, args ...any) {
	s.t.Helper()
	if rows := s.book.query(s.t, query, args...); len(rows) > 0 {
		s.t.Errorf("%s: %d, the first is %v", what, len(rows), rows[0])
	}
}

// record wants the chain of the record to be whole.
func (s *siege) record() {
	s.t.Helper()
	db := s.book.open(s.t)
	defer db.Close()
	err := db.View(context.Background(), func(tx *store.Tx) error {
		if rows, bad, ok := tx.VerifyAudit(); !ok {
			s.t.Errorf("row %d of %d breaks the chain of the record", bad, rows)
		}
		return nil
	})
	if err != nil {
		s.t.Error(err)
	}
}

// ids are those of a person's chat and case.
func (s *siege) ids(n int) (chatID, caseID string) {
	s.t.Helper()
	db := s.book.open(s.t)
	defer db.Close()
	err := db.View(context.Background(), func(tx *store.Tx) error {
		c, _ := tx.CaseByReceipt(store.System(), receiptOf(n))
		chatID, caseID = tx.LinkedChats(c.ID)[0].ID, c.ID
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return chatID, caseID
}

// judgePerson looks at one person's chat and case.
func (s *siege) judgePerson(n int, p *client, j *judgement) {
	s.t.Helper()
	chatID, caseID := s.ids(n)
	count := func(query string, args ...any) int { return int(s.book.number(s.t, query, args...)) }
	answers := s.letters(n, p, chatID, j)
	j.events += p.events
	// Behind an answer stands another where who waits for a person writes faster than the
	// channel takes it. And who takes copies and outcomes for answers gets ahead of the
	// bot, until it says that it did not read all.
	unasked, floods := 0, 0
	for first, times := range answers {
		if strings.HasPrefix(first, "More messages came than I can pass on.") {
			unasked += times
		}
		if strings.HasPrefix(first, "More messages came than I could answer.") {
			floods += times
		}
	}
	got := count("SELECT COUNT(*) FROM outbox WHERE chat_id = ? AND kind = 'message' AND priority = 0", chatID) - unasked - floods
	unread := p.events - got
	if unread < 0 || unread > 0 && floods == 0 {
		s.t.Errorf("person %d: said %d things and was answered %d times, and told %d times that not all was read", n, p.events, got, floods)
	}
	j.events -= unread

	moves := count("SELECT moves FROM appointments WHERE case_id = ? AND status = 'scheduled'", caseID)
	requests := count("SELECT COUNT(*) FROM requests WHERE case_id = ? AND status <> 'referred'", caseID)
	decided := count("SELECT COUNT(*) FROM requests WHERE case_id = ? AND status IN ('confirmed', 'refused')", caseID)
	confirmed := count("SELECT COUNT(*) FROM requests WHERE case_id = ? AND status = 'confirmed'", caseID)
	told := count("SELECT COUNT(*) FROM outbox WHERE chat_id = ? AND priority = 1", chatID)
	replaced := count("SELECT COUNT(*) FROM appointments WHERE case_id = ? AND status = 'superseded'", caseID)
	asked, effects := answers["Requested, not confirmed yet."], decided
	if s.booking == conversation.Instant {
		asked, effects = answers["Done. Your appointment was moved."], 0
	}
	for what, pair := range map[string][2]int{
		"changes that were confirmed, and the count on record": {confirmed, moves},
		"appointments that were replaced, and the count":       {replaced, moves},
		"changes that were promised, and those on record":      {asked, requests},
		"outcomes that were told, and those on record":         {told, effects},
	} {
		if pair[0] != pair[1] {
			s.t.Errorf("person %d: %s: %d and %d", n, what, pair[0], pair[1])
		}
	}
	j.moves, j.requests, j.decided = j.moves+moves, j.requests+requests, j.decided+decided
}

// letters matches what stands in the outbox with what the person has seen. Each
// letter is one message, in the same order; a message that is no letter is a copy
// of the one behind it, and must have a reason. It answers how often each first line
// was said.
func (s *siege) letters(n int, p *client, chatID string, j *judgement) map[string]int {
	s.t.Helper()
	seen := p.Messages()
	files := slices.ContainsFunc(seen, func(m faketelegram.Message) bool { return m.File != nil })
	seen = slices.DeleteFunc(seen, func(m faketelegram.Message) bool { return m.File != nil })
	said := map[string]int{}
	next := 0
	for _, row := range s.book.query(s.t, "SELECT remote_id, seq FROM outbox WHERE chat_id = ? AND kind = 'message' ORDER BY seq", chatID) {
		at := slices.IndexFunc(seen, func(m faketelegram.Message) bool { return fmt.Sprint(m.ID) == fmt.Sprint(row[0]) })
		if at < next {
			s.t.Errorf("person %d: letter %v was sent as message %v, which is not there or before an earlier letter's", n, row[1], row[0])
			return said
		}
		for i := next; i < at; i++ {
			s.twice(n, seen, i, at)
			j.sentTwice++
		}
		first, _, _ := strings.Cut(seen[at].Text, "\n")
		said[first]++
		next = at + 1
	}
	if next < len(seen) {
		s.t.Errorf("person %d: %d messages at the end are no letters", n, len(seen)-next)
	}
	if said["Done. Your appointment was moved."] > 0 && !files {
		s.t.Errorf("person %d: no calendar file came", n)
	}
	return said
}

// sentAgain is how a message ends that may have come before.
const sentAgain = "\n(Sent again in case the first did not arrive.)"

// twice judges a message that was sent once more, as message at: either nobody
// heard how its call ended, or the life that sent it was killed before it could
// write that down. Then it was that life's last message to this chat.
func (s *siege) twice(n int, seen []faketelegram.Message, i, at int) {
	s.t.Helper()
	again := func(m faketelegram.Message) string { return strings.TrimSuffix(m.Text, sentAgain) }
	if again(seen[i]) != again(seen[at]) {
		s.t.Errorf("person %d: a message that is no letter: %q", n, seen[i].Text)
		return
	}
	lives := s.door.lives()
	life, heard := lives[seen[i].ID]
	if !heard || life == "" {
		return
	}
	for _, later := range seen[i+1:] {
		if lives[later.ID] == life {
			s.t.Errorf("person %d: %s sent the same message twice though it was told that the first arrived", n, life)
			return
		}
	}
}
