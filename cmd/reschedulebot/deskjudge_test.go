package main

import (
	"fmt"
	"slices"
	"strings"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// judge compares also what staff did and see with the book.
func (s *deskSiege) judge() judgement {
	s.t.Helper()
	j := s.siege.judge()
	s.none("a card that is not shown as it is", "SELECT kind, subject, wanted, shown FROM cards WHERE shown < wanted OR remote_id = ''")
	s.none("a request that was decided twice or not on record",
		"SELECT 1 WHERE (SELECT COUNT(*) FROM requests WHERE status IN ('confirmed', 'refused')) <> (SELECT COUNT(*) FROM audit WHERE action IN ('confirmed', 'refused'))")
	s.none("what staff are told that never came", "SELECT o.id, o.kind, o.state, o.fault FROM outbox o JOIN cards c ON c.id = o.card_id WHERE o.state NOT IN ('sent', 'stale')")
	s.judgeCards()
	s.judgeTalks()
	for n, p := range s.people {
		s.judgeOutcomes(n, p)
	}
	for _, v := range s.slack.Violations() {
		s.t.Errorf("a violation: %+v", v)
	}
	return j
}

// judgeCards wants each request to have one card that shows what became of it, with
// the whole record below.
func (s *deskSiege) judgeCards() {
	s.t.Helper()
	titles := map[string]string{"requested": " · ", "confirmed": " · Confirmed · ", "refused": " · Refused · ", "withdrawn": " · Taken back · "}
	lines := map[string]string{"confirmed": "Confirmed by ", "refused": "Refused by ", "withdrawn": "Taken back by "}
	stands := s.room.Messages()
	for _, row := range s.book.query(s.t, `SELECT r.number, r.status, c.remote_id, (SELECT COUNT(*) FROM outbox o WHERE o.card_id = c.id AND o.kind = 'message')
		FROM requests r LEFT JOIN cards c ON c.kind = 'request' AND c.subject = r.id WHERE r.status <> 'referred' ORDER BY r.number`) {
		name, status := fmt.Sprint("R", row[0]), fmt.Sprint(row[1])
		var cards []fakeslack.Message
		for _, m := range stands {
			if m.Thread == "" && strings.HasPrefix(m.Shown(), name+" · ") {
				cards = append(cards, m)
			}
		}
		if len(cards) != 1 || fmt.Sprint(row[2]) != cards[0].Channel+":"+cards[0].TS {
			s.t.Errorf("%s is %s and has %d cards", name, status, len(cards))
			continue
		}
		shown := cards[0].Shown()
		if !strings.HasPrefix(shown, name+titles[status]) || (status != "requested") == slices.Contains(cards[0].Labels(), "Refuse") {
			s.t.Errorf("%s is %s, and its card shows\n%s", name, status, shown)
		}
		below := s.room.Thread(cards[0].TS)[1:]
		if fmt.Sprint(len(below)) != fmt.Sprint(row[3]) {
			s.t.Errorf("%s: %d lines below its card, and %v on record", name, len(below), row[3])
		}
		decided := 0
		for _, m := range below {
			if want := lines[status]; want != "" && strings.HasPrefix(m.Shown(), want) {
				decided++
			}
		}
		if lines[status] != "" && decided != 1 {
			s.t.Errorf("%s is %s, which stands %d times below its card", name, status, decided)
		}
	}
}

// judgeOutcomes wants a client to have been told what was decided, and nothing
// else. How often, judgePerson compares.
func (s *deskSiege) judgeOutcomes(n int, p *client) {
	s.t.Helper()
	_, caseID := s.ids(n)
	said := map[string]int{}
	for _, m := range p.Messages() {
		said[first(m.Text, "Confirmed. ", "Your request could not be carried out. ")]++
	}
	for status, words := range map[string]string{"confirmed": "Confirmed. ", "refused": "Your request could not be carried out. "} {
		on := int(s.book.number(s.t, "SELECT COUNT(*) FROM requests WHERE case_id = ? AND status = ?", caseID, status))
		if (on == 0) != (said[words] == 0) {
			s.t.Errorf("person %d: %d requests were %s, and was told so %d times", n, on, status, said[words])
		}
	}
}

// judgeTalks wants what client and staff wrote to each other to have come to the
// other, in order; below the card each line once.
func (s *deskSiege) judgeTalks() {
	s.t.Helper()
	lines := s.heardLines()
	if !slices.Equal(lines, s.talk.lines) {
		s.t.Errorf("the client said %q, and below the cards stands %q", s.talk.lines, lines)
	}
	if got := s.talk.answers(); !contains(got, s.talk.sure) || !contains(s.talk.answered, got) {
		s.t.Errorf("Pat wrote %q, of which %q came for sure, and the client read %q", s.talk.answered, s.talk.sure, got)
	}
	chatID, _ := s.ids(s.talk.n)
	if open := s.book.number(s.t, "SELECT COUNT(*) FROM talks WHERE closed_at IS NULL AND chat_id = ?", chatID); open > 0 {
		s.t.Errorf("%d talks are not over", open)
	}
	if n, all := len(s.talk.cards()), s.book.number(s.t, "SELECT COUNT(*) FROM talks WHERE chat_id = ?", chatID); int64(n) != all {
		s.t.Errorf("%d cards of %d talks stand", n, all)
	}
	s.none("a card that stands twice", "SELECT remote_id, COUNT(*) FROM cards GROUP BY remote_id HAVING COUNT(*) > 1")
	if n, all := len(s.onDesk()), s.book.number(s.t, "SELECT COUNT(*) FROM cards"); int64(n) != all {
		s.t.Errorf("%d cards stand, and %d are on record:\n%s", n, all, shownIn(s.room))
	}
}

// onDesk are the messages that are cards, by what the program hid in them.
func (s *deskSiege) onDesk() []fakeslack.Message {
	return slices.DeleteFunc(s.room.Messages(), func(m fakeslack.Message) bool {
		return m.Thread != "" || m.Metadata == nil || m.Metadata.Type != "reschedulebot_card"
	})
}
