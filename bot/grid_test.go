package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"reschedulebot/scheduling"
)

// TestFailedCodes: whatever is wrong with a link code, the same words leave at the
// same moment, so that neither they nor their time tells anything.
func TestFailedCodes(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		ctx := context.Background()
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		s.scene("case", "IOE0000000102 I-485 XCB 2026-12-11 10:00 linked=Ben")
		invited := func(receipt string) string { s.scene("invite", receipt); return s.codes[receipt] }
		expired := invited("IOE0000000101")
		s.clockTo(s.now.Add(30 * 24 * time.Hour))
		revoked := invited("IOE0000000101")
		if _, err := s.bot.Revoke(ctx, scheduling.MustReceipt("IOE0000000101"), "Lee Park"); err != nil {
			t.Fatal(err)
		}
		used := invited("IOE0000000102")
		s.say("Zoe", "/start "+used)
		if said := s.say("Zoe", "1"); strings.Contains(said, "can't be used") {
			t.Fatal(said)
		}
		said := map[string]bool{}
		for who, code := range map[string]string{"A": "L0000000000000000000000", "B": expired, "C": revoked, "D": used, "E": "x"} {
			s.clockTo(s.now.Truncate(time.Hour).Add(time.Hour + 700*time.Millisecond))
			s.take(who, "/start "+code)
			for _, wait := range []time.Duration{0, 3299 * time.Millisecond, time.Millisecond} { // until 4 seconds past
				s.clockTo(s.now.Add(wait))
				s.work()
				got := texts(s.platform.take(), who)
				if due := wait == time.Millisecond; (len(got) == 1) != due {
					t.Errorf("%s: %v after the hour came %q", who, s.now.Sub(s.now.Truncate(time.Hour)), got)
				}
				for _, text := range got {
					said[text] = true
				}
			}
		}
		if len(said) != 1 || !strings.Contains(strings.Join(keys(said), ""), "That link can't be used.") {
			t.Errorf("said %q", keys(said))
		}
	})
}

func keys(m map[string]bool) (all []string) {
	for k := range m {
		all = append(all, k)
	}
	return all
}
