package bot_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// channel is the address of the channel of staff.
const channel = "channel"

// wall is what staff see: the cards of their channel, what stands under them, what
// stands between them, and everybody's page.
type wall struct {
	order   []string
	cards   map[string]conversation.Card
	drawn   map[string]int // how often
	threads map[string][]string
	between []string
	pages   map[string]conversation.Page
}

// look puts up what was sent to the wall since the last time; the rest is for people
// to hear.
func (s *stage) look() {
	for _, m := range s.platform.take() {
		if m.Kind == bot.Draw || m.Kind == bot.Home || m.Chat == channel {
			s.wall.see(m)
		} else {
			s.sent = append(s.sent, m)
		}
	}
}

// see puts up what was sent.
func (w *wall) see(m bot.Outgoing) {
	if w.cards == nil {
		*w = wall{cards: map[string]conversation.Card{}, drawn: map[string]int{}, threads: map[string][]string{}, pages: map[string]conversation.Page{}}
	}
	switch {
	case m.Kind == bot.Home:
		w.pages[m.Chat] = m.Page
	case m.Kind == bot.Draw:
		if _, stands := w.cards[m.RefersTo]; !stands {
			w.order = append(w.order, m.RefersTo)
		}
		w.cards[m.RefersTo] = m.Card
		w.drawn[m.RefersTo]++
	case m.Thread != "":
		w.threads[m.Thread] = append(w.threads[m.Thread], strings.TrimSpace(m.Reply.Text.Plain()))
	default:
		w.between = append(w.between, m.Reply.Text.Plain())
	}
}

// withDesk sets the scene for staff with a channel: Lee decides, Pat prepares, Ana
// has a case.
func (s *stage) withDesk() {
	s.desk = bot.Place{Platform: "fake", Chat: channel}
	s.scene("booking", "desk")
	s.scene("now", winter)
	s.scene("staff", "Lee representative")
	s.scene("staff", "Pat paralegal")
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
}

// asks has a client ask for another time, up to the end.
func (s *stage) asks(who string) {
	s.t.Helper()
	s.upToConfirm(who)
	s.say(who, "yes")
}

// card is the newest card whose title has words in it, or the one that stands
// there, and where it stands.
func (s *stage) card(words string) (string, conversation.Card) {
	s.t.Helper()
	s.look()
	for _, id := range slices.Backward(s.wall.order) {
		if c := s.wall.cards[id]; id == words || strings.Contains(c.Title, words) {
			return id, c
		}
	}
	s.t.Fatalf("no card says %q: %v", words, s.wall.cards)
	return "", conversation.Card{}
}

// button is one of a card.
func (s *stage) button(c conversation.Card, act string) conversation.Button {
	s.t.Helper()
	for _, b := range c.Buttons {
		if b.Act == act {
			return b
		}
	}
	s.t.Fatalf("no button %s on %+v", act, c)
	return conversation.Button{}
}

// acts does something as somebody, twice as a nervous finger does, and answers what
// they were shown at once.
func (s *stage) acts(who string, a bot.Act) bot.Answer {
	s.t.Helper()
	if err := s.begin(); err != nil {
		s.t.Fatal(err)
	}
	var first bot.Answer
	for i := range 2 {
		s.events++
		var answer bot.Answer
		in := bot.Incoming{Platform: "fake", EventID: fmt.Sprint("act-", s.events), Chat: who, Act: &a, Answer: &answer}
		if err := s.bot.Take(context.Background(), in); err != nil {
			s.t.Fatal(err)
		}
		if i == 0 {
			first = answer
		}
	}
	s.deliver()
	return first
}

// presses presses a button of the card whose title has words in it.
func (s *stage) presses(who, words, act string) bot.Answer {
	s.t.Helper()
	_, c := s.card(words)
	return s.acts(who, bot.Act{Name: act, Ref: s.button(c, act).Ref})
}

// writes says something under a card.
func (s *stage) writes(who, under, words string) bot.Answer {
	s.t.Helper()
	id, _ := s.card(under)
	s.events++
	var answer bot.Answer
	in := bot.Incoming{
		Platform: "fake", EventID: fmt.Sprint("thread-", s.events), Chat: who, Thread: id, Answer: &answer,
		Event: conversation.Event{Kind: conversation.Said, Text: words},
	}
	for range 2 { // the same event comes again
		if err := s.bot.Take(context.Background(), in); err != nil {
			s.t.Fatal(err)
		}
		in.Answer = nil
	}
	s.deliver()
	return answer
}

// deliver has everything sent that is due. A process that delivers says that it is alive
// when it begins, and from time to time while it runs: a test may take longer than it
// would be believed.
func (s *stage) deliver() {
	s.t.Helper()
	ctx := context.Background()
	switch {
	case s.lived.IsZero():
		s.lived = time.Now()
	case time.Since(s.lived) > 10*time.Second:
		s.lived = time.Now()
		if err := s.bot.Live(ctx); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := s.bot.Deliver(ctx); err != nil {
		s.t.Fatal(err)
	}
	s.look()
}

// told is what was said to somebody since it was last asked.
func (s *stage) told(who string) string {
	return strings.Join(s.heard(who), "\n")
}

// rounds are as many as a variable of the environment says.
func rounds(t *testing.T, name string, usual int) int {
	t.Helper()
	said := os.Getenv(name)
	if said == "" {
		return usual
	}
	n, err := strconv.Atoi(said)
	if err != nil {
		t.Fatalf("%s is no number", name)
	}
	return n
}
