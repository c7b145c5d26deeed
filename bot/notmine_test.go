package bot_test

import (
	"strings"
	"testing"
)

// TestLinkOfAnother: whoever says that a link was not for them can't open it once more,
// and another one that was issued for the same case opens nothing either: nobody knows
// who holds it.
func TestLinkOfAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=no")
		first := s.code("IOE0000000101")
		s.say("Max", "/start "+first)
		second := s.code("IOE0000000101")
		if told := s.say("Max", "no"); !strings.Contains(told, "connected with no case") {
			t.Fatalf("Max was told %q", told)
		}
		for who, code := range map[string]string{"Max": first, "Ben": second} {
			s.say(who, "/start "+code)
			s.scene("forward", "5s") // an answer to a code keeps to a beat
			if told := s.told(who); strings.Contains(told, "0101") {
				t.Errorf("%s was told %q", who, told)
			}
			if told := s.say(who, "/appointments"); strings.Contains(told, "0101") || strings.Contains(told, "I-485") {
				t.Errorf("%s is let in: %q", who, told)
			}
		}
		if told := s.say("Max", "/start "+second); strings.Contains(told, "0101") {
			t.Errorf("Max was told %q", told)
		}
		third := s.code("IOE0000000101")
		if told := s.say("Ana", "/start "+third); !strings.Contains(told, "0101") {
			t.Errorf("with a new link Ana was told %q", told)
		}
	})
}
