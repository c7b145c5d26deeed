package bot_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestTriesOfCodes: whoever has tried twenty wrong codes within a day is let in by none,
// not by a right one either. A day later one opens.
func TestTriesOfCodes(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-21 10:00 linked=no")
		for i := range 20 {
			s.say("Max", fmt.Sprint("/start wrong", i))
		}
		s.say("Max", "/start "+s.code("IOE0000000101"))
		if told := s.say("Max", "/appointments"); strings.Contains(told, "I-485") {
			t.Errorf("after twenty wrong codes Max was let in: %s", told)
		}
		s.scene("forward", "25h")
		if told := s.say("Max", "/start "+s.code("IOE0000000101")); !strings.Contains(told, "I-485") {
			t.Errorf("a day later Max was told %q", told)
		}
	})
}
