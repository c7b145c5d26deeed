package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"reschedulebot/bot"
)

// TestCardsFollowTheCase: whatever changes what stands on a card has it drawn anew:
// a corrected phone number, a count that came with an import, a client who blocks the
// bot or unlinks their chat. Nobody calls an old number, nor reads that the bot tells
// a client whom it can't reach.
func TestCardsFollowTheCase(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		s.say("Ana", "scam")
		s.say("Ana", "/person")
		request, _ := s.card("R1")
		alarm, _ := s.card("scam")
		talk, _ := s.card("talk")
		reads := func(why, card string, want ...string) {
			t.Helper()
			_, c := s.card(card)
			for _, w := range want {
				if !strings.Contains(flat(c), w) {
					t.Errorf("%s: the card lacks %q:\n%s", why, w, flat(c))
				}
			}
		}
		add := bot.Act{Name: "register", Typed: "IOE0000000101"}
		s.acts("Pat", s.fill("Pat", add, "phone", "312-555-0177", "first", "Anna", "last", "Lopez"))
		reads("a number was put in", request, "Anna L.")
		reads("a number was put in", alarm, "312-555-0177", "Anna L.")
		reads("a number was put in", talk, "312-555-0177", "Anna L.")

		s.acts("Pat", bot.Act{Name: "home"})
		s.page("Pat")
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 count=2 linked=Ana")
		s.deliver()
		reads("an import knows of two changes", request, "By phone only")
		if s.page("Pat") == "" {
			t.Error("after an import the page is as it was")
		}

		s.acts("Pat", s.fill("Pat", add, "phone", "312-555-0178"))
		s.becomes("Ana", false)
		reads("blocked", request, "can't be reached", "312-555-0178")
		reads("blocked", alarm, "312-555-0178")
		s.becomes("Ana", true)
		reads("back", request, "The bot tells them there")
		s.becomes("Ana", false)
		s.say("Ana", "hello")
		reads("written again", request, "The bot tells them there")
		for _, words := range []string{"links IOE0000000101", "Unlink all chats", "Yes, unlink"} {
			s.say("Lee", words)
		}
		reads("unlinked", request, "No chat is linked")
		if _, c := s.card(alarm); strings.Contains(flat(c), "312") {
			t.Errorf("a chat that is of nobody any more is called: %s", flat(c))
		}
		s.say("Ana", "/start "+s.code("IOE0000000101"))
		s.say("Ana", "yes")
		reads("linked again", request, "The bot tells them there")
	})
}

// becomes is what the platform says of somebody who blocks the bot, or lets it in
// again.
func (s *stage) becomes(who string, reachable bool) {
	s.t.Helper()
	s.events++
	in := bot.Incoming{Platform: "fake", EventID: fmt.Sprint("reach-", s.events), Chat: who, Reachable: &reachable}
	if err := s.bot.Take(context.Background(), in); err != nil {
		s.t.Fatal(err)
	}
	s.deliver()
}
