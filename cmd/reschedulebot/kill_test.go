package main

import (
	"os"
	"strconv"
	"testing"

	"reschedulebot/conversation"
)

// TestKill kills the program in the midst of what it does, again and again, and
// then looks for what was lost or done twice. It kills 40 times; KILLS=200 sets
// another number.
func TestKill(t *testing.T) {
	kills := 40
	if testing.Short() {
		kills = 10
	}
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		kills = n
	}
	for _, booking := range []conversation.Booking{conversation.Instant, conversation.Desk} {
		t.Run(string(booking), func(t *testing.T) {
			s := newSiege(t, booking, 8)
			s.rage(kills / 2)
			j := s.judge()
			t.Logf("%d kills: %d things said, %d changes asked for, %d decided by staff, %d carried out, %d messages sent more than once",
				kills/2, j.events, j.requests, j.decided, j.moves, j.sentTwice)
			if j.requests == 0 {
				t.Error("nobody asked for a change: this has shown little")
			}
		})
	}
}
