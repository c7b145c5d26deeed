package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// refusing makes everything fail that is of a kind and for a chat.
func (s *stage) refusing(class bot.Class, kind bot.OutgoingKind, chat string) {
	s.platform.failing(func(m bot.Outgoing) (bool, error) {
		if m.Kind == kind && m.Chat == chat {
			return false, &bot.SendError{Class: class, Err: errors.New("no")}
		}
		return true, nil
	})
}

// TestCardAfterADeath lets a process die after a card was posted and before it could
// write that down: the next one is told that it may stand already.
func TestCardAfterADeath(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		stuck, release := make(chan struct{}), make(chan struct{})
		s.platform.failing(func(m bot.Outgoing) (bool, error) {
			if m.Kind == bot.Draw {
				close(stuck)
				<-release
			}
			return true, nil
		})
		in := bot.Incoming{Platform: "fake", EventID: "conflict-1", Alarm: bot.AlarmConflict}
		if err := s.bot.Take(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		<-stuck
		first := s.bot
		s.platform.failing(nil)
		s.look()
		s.bot = s.newBot()
		s.clockTo(s.now.Add(5 * time.Minute))
		s.work()
		drawn := 0
		for _, m := range s.platform.take() {
			if m.Kind == bot.Draw {
				drawn++
				if !m.Again || m.ID == "" {
					t.Errorf("a card that may stand already is posted as new: %+v", m)
				}
			}
		}
		if drawn != 1 {
			t.Errorf("drawn %d times", drawn)
		}
		close(release)
		if err := first.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}

// TestPageAfterARefusal: a page or a card that could not be shown once is shown again
// as soon as there is something new.
func TestPageAfterARefusal(t *testing.T) {
	for _, class := range []bot.Class{bot.Gone, bot.Never} {
		t.Run(string(class), func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *stage) {
				s.withDesk()
				s.acts("Lee", bot.Act{Name: "home"})
				s.wall.pages = map[string]conversation.Page{}
				s.refusing(class, bot.Home, "Lee")
				s.acts("Lee", bot.Act{Name: "home"})
				s.platform.failing(nil)
				s.acts("Lee", bot.Act{Name: "home"})
				if len(s.wall.pages["Lee"].Cards) == 0 {
					t.Error("the page is never drawn again")
				}
			})
		})
	}
}

// TestAnotherChannel: what is open has a card in the channel of today, and again in
// that of yesterday once it is that of today.
func TestAnotherChannel(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		s.say("Ana", "scam")
		s.say("Ana", "/person")
		s.look()
		if n := len(s.wall.order); n != 3 {
			t.Fatalf("%d cards", n)
		}
		s.desk.Chat = "other"
		s.bot = s.newBot()
		s.refusing(bot.Gone, bot.Draw, channel)
		s.work()
		drawn := map[string]int{}
		for _, m := range s.platform.take() {
			if m.Kind == bot.Draw {
				drawn[m.Chat]++
				if m.Chat == "other" && strings.Contains(m.Card.Title, "talk") {
					s.wall.see(m)
				}
			}
		}
		if drawn["other"] != 3 || drawn[channel] != 0 {
			t.Errorf("drawn: %v", drawn)
		}
		s.work()
		for _, m := range s.platform.take() {
			if m.Kind == bot.Draw {
				t.Errorf("drawn again: %s", m.Card.Title)
			}
		}
		s.platform.failing(nil)
		s.desk.Chat = channel
		s.bot = s.newBot()
		s.acts("Pat", bot.Act{Name: "claim", Ref: "R1"})
		if _, c := s.card("R1"); !strings.Contains(flat(c), "Pat") {
			t.Errorf("back in the first channel the card says %s", flat(c))
		}
	})
}

// TestCardsFromBefore: everything that is open has a card soon after there is a
// channel, however much it is.
func TestCardsFromBefore(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		const many = 230
		err := s.db.Update(context.Background(), func(t *store.Tx) error {
			for i := range many {
				t.Raise(conversation.AlarmScam, "", t.Chat("fake", fmt.Sprint("client", i)).ID, "")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.work()
		s.look()
		if n := len(s.wall.order); n != many {
			t.Errorf("%d cards of %d", n, many)
		}
	})
}

// TestUnderNoCard: what stands under a card that can't be drawn is not lost.
func TestUnderNoCard(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.refusing(bot.Never, bot.Draw, channel)
		s.say("Ana", "/person")
		s.say("Ana", "my mother is ill")
		s.look()
		if got := strings.Join(s.wall.between, "\n"); strings.Count(got, "my mother is ill") != 1 {
			t.Errorf("staff read %q", got)
		}
	})
}

// TestPressTellsWhereACardStands: the answer to the posting of a card is lost. Whoever
// presses a button of it shows where it stands: what is written under it counts from
// then on, and it is not posted again.
func TestPressTellsWhereACardStands(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		lost := true
		s.platform.failing(func(m bot.Outgoing) (bool, error) {
			if m.Kind == bot.Draw && lost {
				return true, &bot.SendError{Class: bot.Ambiguous, Err: errors.New("no answer")}
			}
			return true, nil
		})
		s.say("Ana", "/help")
		s.take("Ana", "/person")
		s.deliver()
		id, c := s.card("talk")
		in := bot.Incoming{Platform: "fake", EventID: "press", Chat: "Pat", Message: id, Act: &bot.Act{Name: "talk", Ref: s.button(c, "talk").Ref}}
		if err := s.bot.Take(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		s.deliver()
		s.told("Ana")
		if s.writes("Pat", id, "which day is good?"); !strings.Contains(s.told("Ana"), "which day is good?") {
			t.Error("what Pat wrote under the card was dropped")
		}
		lost = false
		s.scene("forward", "10m")
		if s.look(); len(s.wall.order) != 1 || !strings.Contains(s.wall.cards[id].Title, "Pat") {
			t.Errorf("%d cards: %v", len(s.wall.order), s.wall.cards)
		}
	})
}
