package bot_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// page is what somebody sees on their own page; "" if it was not drawn since the last
// time.
func (s *stage) page(who string) string {
	s.t.Helper()
	s.look()
	var b strings.Builder
	for _, c := range s.wall.pages[who].Cards {
		b.WriteString(flat(c))
		for _, x := range c.Buttons {
			b.WriteString("[" + x.Label + "] ")
		}
	}
	delete(s.wall.pages, who)
	return b.String()
}

// TestHome follows somebody's page: it is drawn when it is opened, again when
// something changes, and not for ever.
func TestHome(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.acts("Lee", bot.Act{Name: "home"})
		first := s.page("Lee")
		for _, want := range []string{"Register", "✓ ", "(0)"} {
			if !strings.Contains(first, want) {
				t.Errorf("%q is not on the page:\n%s", want, first)
			}
		}
		if s.page("Pat") != "" {
			t.Error("a page that nobody has opened is drawn")
		}

		s.asks("Ana")
		if got := s.page("Lee"); !strings.Contains(got, "R1") || !strings.Contains(got, "(1)") {
			t.Errorf("a request came, the page says\n%s", got)
		}
		s.presses("Lee", "R1", "claim")
		if got := s.page("Lee"); !strings.Contains(got, "Lee") {
			t.Errorf("claimed, the page says\n%s", got)
		}

		s.acts("Lee", bot.Act{Name: "filter", Ref: conversation.FilterUnclaimed})
		if got := s.page("Lee"); strings.Contains(got, "R1") {
			t.Errorf("what is claimed is among what is not:\n%s", got)
		}
		s.acts("Lee", bot.Act{Name: "filter", Ref: conversation.FilterMine})
		if got := s.page("Lee"); !strings.Contains(got, "R1") {
			t.Errorf("mine:\n%s", got)
		}
		s.acts("Pat", bot.Act{Name: "filter", Ref: conversation.FilterMine})
		if got := s.page("Pat"); strings.Contains(got, "R1") {
			t.Errorf("Pat has:\n%s", got)
		}
		s.acts("Lee", bot.Act{Name: "home"}) // opened again: as it was left
		if got := s.page("Lee"); !strings.Contains(got, "✓ Mine") {
			t.Errorf("the filter is forgotten:\n%s", got)
		}
		s.acts("Lee", bot.Act{Name: "filter", Ref: "'; DROP TABLE cards; --"})
		if got := s.page("Lee"); !strings.Contains(got, "✓ All") {
			t.Errorf("a filter that there is not:\n%s", got)
		}
		s.page("Pat")

		s.clockTo(s.now.Add(11 * time.Hour))
		s.presses("Lee", "R1", "confirm")
		if s.page("Lee") == "" || s.page("Pat") == "" {
			t.Error("not drawn again after eleven hours")
		}
		s.clockTo(s.now.Add(2 * time.Hour))
		s.asks("Ana")
		if s.page("Lee") != "" || s.page("Pat") != "" {
			t.Error("drawn for nobody after twelve hours")
		}
		s.acts("Pat", bot.Act{Name: "home"})
		if got := s.page("Pat"); !strings.Contains(got, "✓ Mine") {
			t.Errorf("opened again: %s", got)
		}
	})
}

// TestHomeIsTheirs: a page never goes to a chat, nor to somebody else, and one that
// can't be shown holds up nothing that is said to them.
func TestHomeIsTheirs(t *testing.T) {
	s := newStage(t, engines()[0])
	s.withDesk()
	s.refusing(bot.Again, bot.Home, "Lee")
	s.acts("Lee", bot.Act{Name: "home"})
	if got := s.say("Lee", "today"); got == "" {
		t.Error("a page that can't be shown holds up an answer")
	}
	s.acts("Pat", bot.Act{Name: "home"})
	if s.page("Lee") != "" || s.page("Pat") == "" {
		t.Error("a page that can't be shown holds up another's")
	}
	s.platform.failing(nil)
	s.clockTo(s.now.Add(time.Minute))
	s.work()
	if s.page("Lee") == "" {
		t.Error("the page is not shown once it can be")
	}
	for _, m := range s.sent {
		if m.Kind != bot.Message || strings.Contains(m.Chat, "/") {
			t.Errorf("to %s: %s", m.Chat, m.Kind)
		}
	}
}
