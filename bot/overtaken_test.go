package bot_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

// TestRequestOfADeadAppointment: an earlier version let requests stand whose appointment
// was over already. They can't be decided, and must not keep anybody from putting the
// new date on file.
func TestRequestOfADeadAppointment(t *testing.T) {
	for name, bring := range map[string]func(s *stage) string{
		"a file": func(s *stage) string {
			return strings.Join(s.scene("case", "IOE0000000101 I-485 XCB 2026-12-18 10:00"), "\n")
		},
		"a form": func(s *stage) string {
			a := s.fill("Lee", bot.Act{Name: "register", Typed: "IOE0000000101"}, "date", "2026-12-18", "time", "10:00 AM")
			if got := s.acts("Lee", a); got.Problems != nil {
				s.t.Errorf("%v", got.Problems)
			}
			return s.told("Ana")
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *stage) {
				s.withDesk()
				s.asks("Ana")
				s.told("Ana")
				err := s.db.Update(t.Context(), func(tx *store.Tx) error {
					c, _ := tx.CaseByReceipt(store.System(), scheduling.MustReceipt("IOE0000000101"))
					now, _ := tx.Latest(c.ID)
					tx.FreeSeat(now.Site.Code, now.Start)
					now.Status = scheduling.USCISMoved
					tx.ChangeAppointment(now, "", time.Time{})
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				told := bring(s)
				if got := s.file("IOE0000000101"); !strings.Contains(got, "XCB 2026-12-18T10:00 count 0") {
					t.Errorf("on file: %s", got)
				}
				if got := s.seats(); got != "12-18 10:00" {
					t.Errorf("seats are taken at %s", got)
				}
				if !strings.Contains(told, "Dec 18") || !strings.Contains(told, "request for another time has ended") {
					t.Errorf("Ana is told %q", told)
				}
				if n := s.recorded("withdrawn", "test") + s.recorded("withdrawn", "Lee"); n != 1 {
					t.Errorf("the record has it %d times", n)
				}
			})
		})
	}
}

// TestRequestOfAnAppointmentThatIsDone: whoever waits for an answer gets one, also where
// they went before the day and their appointment is marked as done.
func TestRequestOfAnAppointmentThatIsDone(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		told := strings.Join(s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 status=completed"), "\n")
		if !strings.Contains(told, "marked as done") || !strings.Contains(told, "request for another time has ended") || strings.Contains(told, "new appointment") {
			t.Errorf("Ana is told %q", told)
		}
	})
}
