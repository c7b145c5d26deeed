package bot_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/scheduling"
)

// at lets the office's clock show a time, and looks at what comes into the channel
// between the cards.
func (s *stage) at(day, clock string) []string {
	s.t.Helper()
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		s.t.Fatal(err)
	}
	now, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, chicago)
	if err != nil {
		s.t.Fatal(err)
	}
	s.clockTo(now)
	s.wall.between = nil
	for range 2 {
		s.work()
	}
	s.look()
	return s.wall.between
}

// TestDigest: once at eight on every working day of the firm's zone.
func TestDigest(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.closed = []scheduling.Date{{Year: 2026, Month: 12, Day: 8}}
		s.withDesk()
		s.look()
		for _, test := range []struct {
			day, clock string
			want       int
			why        string
		}{
			{"2026-12-02", "07:59", 0, "too early"},
			{"2026-12-02", "08:00", 1, "Wednesday at eight"},
			{"2026-12-02", "08:01", 0, "once"},
			{"2026-12-02", "11:00", 0, "once"},
			{"2026-12-03", "11:30", 1, "nobody was there at eight"},
			{"2026-12-04", "12:00", 0, "the morning was missed"},
			{"2026-12-04", "16:00", 0, "the morning was missed"},
			{"2026-12-05", "08:00", 0, "a Saturday"},
			{"2026-12-06", "08:00", 0, "a Sunday"},
			{"2026-12-07", "08:00", 1, "Monday"},
			{"2026-12-08", "08:00", 1, "USCIS is closed, the office is not"},
			{"2026-12-25", "08:00", 0, "Christmas"},
			{"2027-01-01", "08:00", 0, "New Year's Day"},
			{"2027-01-18", "08:00", 0, "Martin Luther King Jr. Day"},
			{"2027-03-15", "07:59", 0, "too early, the day after the clocks went forward"},
			{"2027-03-15", "08:00", 1, "eight by the clock"},
		} {
			if got := s.at(test.day, test.clock); len(got) != test.want {
				t.Errorf("%s %s (%s): %d messages, want %d: %q", test.day, test.clock, test.why, len(got), test.want, got)
			}
		}
	})
}

// TestDigestSays: nothing waiting is one line; what waits is named with what is urgent
// first, and no receipt number is written out.
func TestDigestSays(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.look()
		got := s.at("2026-12-02", "08:00")
		if len(got) != 1 || strings.Count(strings.TrimSpace(got[0]), "\n") != 0 {
			t.Errorf("with nothing to do: %q", got)
		}
		s.asks("Ana")
		s.say("Ana", "scam")
		s.look()
		got = s.at("2026-12-03", "08:00")
		if len(got) != 1 || !strings.Contains(got[0], "R1") || !strings.Contains(got[0], "0101") || strings.Contains(got[0], "IOE0000000101") {
			t.Errorf("with a request and an alarm: %q", got)
		}
		if got := s.at("2026-12-10", "08:00"); len(got) != 1 || strings.Index(got[0], "R1") > strings.Index(got[0], "0101") {
			t.Errorf("on the last day: %q", got)
		}
	})
}

// TestDigestOfTwo: two processes that wake at eight write it once; one that has no
// channel writes none.
func TestDigestOfTwo(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.look()
		desk := s.desk
		s.desk = bot.Place{}
		without := s.newBot()
		s.desk = desk
		all := []*bot.Bot{without, s.newBot(), s.newBot(), s.newBot()}
		s.clockTo(s.now.Add(-time.Hour).AddDate(0, 0, 1)) // at eight
		done := make(chan error)
		for _, b := range all {
			go func() { done <- b.Scan(t.Context()) }()
		}
		for range all {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		s.work()
		if s.look(); len(s.wall.between) != 1 {
			t.Errorf("%d digests", len(s.wall.between))
		}
	})
}

// TestTimeLeftOnAlarms: an alarm about an appointment that can still be moved says how
// much time is left, as of when, and in the last days every morning anew. One that is
// done says it no more, for it is never drawn again.
func TestTimeLeftOnAlarms(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.becomes("Ana", false)
		id, c := s.card("can't be reached")
		if !strings.Contains(flat(c), "9 days left") || !strings.Contains(flat(c), "as of Tue Dec 1") {
			t.Errorf("raised: %s", flat(c))
		}
		s.at("2026-12-09", "08:00")
		if _, c = s.card(id); strings.Contains(flat(c), "9 days left") || !strings.Contains(flat(c), "as of Wed Dec 9") {
			t.Errorf("in the last days: %s", flat(c))
		}
		s.acts("Pat", bot.Act{Name: "done", Ref: s.button(c, "done").Ref})
		if _, c = s.card(id); strings.Contains(flat(c), " left") {
			t.Errorf("done: %s", flat(c))
		}
	})
}
