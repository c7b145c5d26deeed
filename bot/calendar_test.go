package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

// TestCalendarFiles: whatever puts another time on file sends a calendar file that
// replaces the one before in the client's own calendar: the same entry, of a higher
// number, at the time that is in force.
func TestCalendarFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		uid, sequence := "", 0
		follows := func(why string) {
			t.Helper()
			var lines map[string]string
			for _, m := range s.platform.take() {
				if m.Chat == "Ana" && m.Reply.File != nil {
					lines = icsLines(string(m.Reply.File.Data))
				}
			}
			var now scheduling.Appointment
			_ = s.db.View(context.Background(), func(tx *store.Tx) error {
				c, _ := tx.CaseByReceipt(store.System(), scheduling.MustReceipt("IOE0000000101"))
				now, _ = tx.Latest(c.ID)
				return nil
			})
			if want := now.Start.UTC().Format("20060102T150405Z"); lines["DTSTART"] != want {
				t.Errorf("%s: the entry begins at %q, want %s", why, lines["DTSTART"], want)
			}
			if lines["SEQUENCE"] != fmt.Sprint(now.Version) || now.Version <= sequence {
				t.Errorf("%s: its number is %q, on file is version %d, before was %d", why, lines["SEQUENCE"], now.Version, sequence)
			}
			if uid != "" && lines["UID"] != uid || lines["UID"] == "" {
				t.Errorf("%s: the entry is %q, it was %q", why, lines["UID"], uid)
			}
			uid, sequence = lines["UID"], now.Version
		}
		s.upToConfirm("Ana")
		s.take("Ana", "yes")
		s.work()
		follows("moved")
		s.bringCase("IOE0000000101 I-485 XCB 2026-12-21 10:00")
		follows("imported")
		s.upToConfirm("Ana")
		s.take("Ana", "yes")
		s.work()
		follows("moved again")
	})
}

// bringCase imports a case and has everybody told.
func (s *stage) bringCase(line string) {
	s.t.Helper()
	if err := s.caseLine(line); err != nil {
		s.t.Fatal(err)
	}
	s.work()
}

// icsLines are the first values of the lines of a calendar file.
func icsLines(file string) map[string]string {
	lines := map[string]string{}
	for line := range strings.SplitSeq(file, "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok && lines[name] == "" {
			lines[name] = value
		}
	}
	return lines
}
