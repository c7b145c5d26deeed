package bot_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// TestSeatsOfRequests: however a request ends, the book has one seat for the client
// afterwards, where they are to go, and none where they are to go nowhere.
func TestSeatsOfRequests(t *testing.T) {
	const before, wanted, given = "12-11 10:00", "12-14 10:00", "12-15 10:20"
	for _, test := range []struct {
		name string
		ends func(s *stage, ref string)
		want string
	}{
		{"confirmed", func(s *stage, ref string) { s.acts("Lee", bot.Act{Name: "confirm", Ref: ref}) }, wanted},
		{"at another time", func(s *stage, ref string) {
			s.acts("Lee", bot.Act{Name: "submit:another", Ref: ref, Fields: map[string]string{"site": "XCB", "date": "2026-12-15", "time": "10:20"}})
		}, given},
		{"refused", func(s *stage, ref string) {
			s.acts("Lee", bot.Act{Name: "submit:refuse", Ref: ref, Fields: map[string]string{"words": "no time was free"}})
		}, before},
		{"taken back", func(s *stage, _ string) { s.say("Ana", "/reschedule"); s.say("Ana", "2") }, before},
		{"overtaken", func(s *stage, _ string) {
			s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 status=uscis_moved")
		}, ""},
		{"lapsed", func(s *stage, _ string) { s.scene("forward", "9d"); s.scene("forward", "14h") }, before},
	} {
		t.Run(test.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *stage) {
				s.withDesk()
				s.asks("Ana")
				_, c := s.card("R1")
				ref := s.button(c, "confirm").Ref
				if got := s.seats(); got != before+", "+wanted {
					t.Errorf("while it waits, seats are taken at %s", got)
				}
				test.ends(s, ref)
				if got := s.seats(); got != test.want {
					t.Errorf("seats are taken at %s, want %s", got, test.want)
				}
				if _, c := s.card("R1"); slices.ContainsFunc(c.Buttons, func(b conversation.Button) bool { return b.Act == "confirm" }) {
					t.Error("the request is still open")
				}
			})
		})
	}
}

// seats are the starts in Chicago at which one is taken, and how many where it is more
// than one.
func (s *stage) seats() string {
	s.t.Helper()
	site, _ := scheduling.BuiltinSites().Find("XCB")
	var at []string
	_ = s.db.View(s.t.Context(), func(tx *store.Tx) error {
		taken := tx.Taken("XCB", s.now.AddDate(0, -1, 0), s.now.AddDate(0, 3, 0))
		for _, start := range slices.Sorted(maps.Keys(taken)) {
			at = append(at, time.Unix(start, 0).In(site.Location()).Format("01-02 15:04")+strings.Repeat(" twice", taken[start]-1))
		}
		return nil
	})
	return strings.Join(at, ", ")
}

// TestJoined: whoever is linked to a case hears at once that somebody else is now, for
// the link may have come into the wrong hands.
func TestJoined(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		told := s.say("Ben", "/start "+s.code("IOE0000000101"))
		if _, anas, _ := strings.Cut(told, "Bot to Ana:"); !strings.Contains(anas, "Another chat") || !strings.Contains(anas, "312-555-0100") {
			t.Errorf("said: %s", told)
		}
		if _, c := s.card("second"); !strings.Contains(flat(c), "0101") {
			t.Errorf("staff see %s", flat(c))
		}
	})
}
