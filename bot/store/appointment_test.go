package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

func TestAppointmentIsReadAsItWasWritten(t *testing.T) {
	onEach(t, func(b *book) {
		c, put := b.client(101, "XHG", "2026-12-14 08:00")
		b.reopen()
		b.see(func(t *store.Tx) {
			got, ok := t.Appointment(put.ID)
			equal(b, "appointment", got, put)
			equal(b, "found", ok, true)
			equal(b, "chain", got.Chain, got.ID)
			equal(b, "version", got.Version, 1)
			equal(b, "start", got.Start, time.Date(2026, 12, 13, 22, 0, 0, 0, time.UTC))
			latest, ok := t.Latest(c.ID)
			equal(b, "latest", latest, put)
			equal(b, "found latest", ok, true)
			_, ok = t.Appointment("none")
			equal(b, "none", ok, false)
			_, ok = t.Latest("none")
			equal(b, "none of a case", ok, false)
		})
	})
}

// Wall time and zone are the truth; an instant that does not follow from them
// cannot be written, whoever made it.
func TestStartFollowsFromWallTimeAndZone(t *testing.T) {
	onBoth(t, func(b *book) {
		c, _ := b.client(101, "XCH", "2026-12-11 10:00")
		put := func(code, when string) (a scheduling.Appointment, err error) {
			err = b.Update(context.Background(), func(t *store.Tx) error {
				a = t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: scheduling.Site{Code: code}, Local: wall(b, when),
					Start: opened, Status: scheduling.Completed}, "", time.Time{})
				return nil
			})
			return a, err
		}
		for _, row := range []struct{ site, wall, start string }{
			{"XCH", "2026-07-01 08:00", "2026-07-01T13:00:00Z"},
			{"XCH", "2026-11-01 01:30", "2026-11-01T06:30:00Z"}, // twice that night: the earlier
			{"XHG", "2026-07-01 08:00", "2026-06-30T22:00:00Z"},
		} {
			a, err := put(row.site, row.wall)
			if err != nil || a.Start.Format(time.RFC3339) != row.start {
				b.Errorf("%s at %s: got %v, %v, want %s", row.wall, row.site, a.Start, err, row.start)
			}
		}
		if _, err := put("XCH", "2026-03-08 02:30"); err == nil {
			b.Error("a wall time that does not exist was written")
		}
		if _, err := put("QQQ", "2026-07-01 08:00"); err == nil {
			b.Error("an appointment at an unknown site was written")
		}
	})
}

func TestMovingAnAppointment(t *testing.T) {
	onBoth(t, func(b *book) {
		c, old := b.client(101, "XCH", "2026-12-11 10:00")
		next := scheduling.Appointment{Site: site(b, "XHG"), Local: wall(b, "2026-12-14 08:00"), Count: 1}
		b.clock.forward(time.Second)
		var moved scheduling.Appointment
		b.do(func(t *store.Tx) { moved = t.Supersede(old, next, opened.Add(time.Hour)) })
		b.see(func(t *store.Tx) {
			got, _ := t.Latest(c.ID)
			equal(b, "in force", got.ID, moved.ID)
			equal(b, "chain", got.Chain, old.Chain)
			equal(b, "count and version", [2]int{got.Count, got.Version}, [2]int{1, 2})
			equal(b, "status", got.Status, scheduling.Scheduled)
			before, _ := t.Appointment(old.ID)
			equal(b, "old status", before.Status, scheduling.Superseded)
		})
		b.refused(store.ErrChanged, func(t *store.Tx) { t.Supersede(old, next, time.Time{}) })
		stale := moved
		stale.Version--
		b.refused(store.ErrChanged, func(t *store.Tx) { t.Supersede(stale, next, time.Time{}) })
		b.refused(store.ErrChanged, func(t *store.Tx) { t.ChangeAppointment(stale, "", time.Time{}) })
		b.refused(store.ErrChanged, func(t *store.Tx) {
			old.Status = scheduling.Scheduled
			t.ChangeAppointment(old, "", time.Time{})
		})
		b.see(func(t *store.Tx) {
			n := 0
			t.EachAppointment(func(store.AppointmentRecord) { n++ })
			equal(b, "appointments after refusals", n, 2)
		})
	})
}

func TestCorrectingAnAppointment(t *testing.T) {
	onBoth(t, func(b *book) {
		c, a := b.client(101, "XCH", "2026-12-11 10:00")
		a.Local, a.Count = wall(b, "2026-12-11 10:20"), 1
		b.do(func(t *store.Tx) { a = t.ChangeAppointment(a, "2026-11-20", opened) })
		a.Status = scheduling.USCISMoved
		b.do(func(t *store.Tx) {
			equal(b, "to be reminded of", len(t.DueForReminder(9)), 1)
			a = t.ChangeAppointment(a, "", opened)
			equal(b, "to be reminded of when not in force", len(t.DueForReminder(9)), 0)
		})
		b.see(func(t *store.Tx) {
			got, _ := t.Latest(c.ID)
			equal(b, "appointment", got, a)
			equal(b, "version", got.Version, 3)
			equal(b, "start", got.Start, time.Date(2026, 12, 11, 16, 20, 0, 0, time.UTC))
			t.EachAppointment(func(r store.AppointmentRecord) { equal(b, "notice date", r.NoticeDate, "2026-11-20") })
		})
	})
}

func TestOneAppointmentOfACaseIsInForce(t *testing.T) {
	onBoth(t, func(b *book) {
		c, a := b.client(101, "XCH", "2026-12-11 10:00")
		second := scheduling.Appointment{CaseID: c.ID, Site: a.Site, Local: wall(b, "2026-12-12 10:00"), Status: scheduling.Scheduled}
		err := b.Update(context.Background(), func(t *store.Tx) error { t.PutAppointment(second, "", time.Time{}); return nil })
		if err == nil {
			b.Error("two appointments of a case are in force")
		}
		b.clock.forward(time.Second)
		b.do(func(t *store.Tx) {
			second.Status = scheduling.Missed
			t.PutAppointment(second, "", time.Time{})
			got, _ := t.Latest(c.ID)
			equal(b, "the one in force", got.ID, a.ID)
		})
		b.see(func(t *store.Tx) {
			held, ok := t.Held(c.ID, "XCH", a.Local)
			equal(b, "held", held, a)
			equal(b, "was held", ok, true)
			held, _ = t.Held(c.ID, "XCH", second.Local)
			equal(b, "held once", held.Status, scheduling.Missed)
			_, ok = t.Held(c.ID, "XCI", a.Local)
			equal(b, "held elsewhere", ok, false)
		})
	})
}

func TestRemindersFallDue(t *testing.T) {
	onBoth(t, func(b *book) {
		var ids []string
		for n := range 4 {
			_, a := b.client(101+n, "XCH", "2026-12-11 10:00")
			ids = append(ids, a.ID)
		}
		b.see(func(t *store.Tx) { equal(b, "next of none", t.NextReminder().IsZero(), true) })
		b.do(func(t *store.Tx) {
			t.RemindAt(ids[0], opened.Add(-time.Hour))
			t.RemindAt(ids[1], opened)
			t.RemindAt(ids[2], opened.Add(time.Millisecond))
			t.RemindAt(ids[3], opened.Add(-2*time.Hour))
		})
		b.do(func(t *store.Tx) {
			due := t.DueForReminder(9)
			if len(due) != 3 || due[0].ID != ids[3] || due[1].ID != ids[0] || due[2].ID != ids[1] {
				b.Fatalf("got %d due, want three, the longest waiting first", len(due))
			}
			equal(b, "on file since", due[0].Since, opened)
			equal(b, "receipt", due[0].Receipt, receipt(104))
			equal(b, "limited", len(t.DueForReminder(2)), 2)
			equal(b, "next", t.NextReminder(), opened.Add(-2*time.Hour))
			for _, a := range due {
				t.RemindAt(a.ID, time.Time{})
			}
			equal(b, "next of the rest", t.NextReminder(), opened.Add(time.Millisecond))
		})
	})
}

// One that was moved is not reminded of again, whatever a scan that saw it before
// writes.
func TestMovedAppointmentIsNotRemindedOf(t *testing.T) {
	onBoth(t, func(b *book) {
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		b.do(func(t *store.Tx) {
			t.RemindAt(a.ID, opened)
			t.Supersede(a, scheduling.Appointment{Site: a.Site, Local: wall(b, "2026-12-14 08:00")}, time.Time{})
			t.RemindAt(a.ID, opened)
			equal(b, "due", len(t.DueForReminder(9)), 0)
		})
	})
}

func TestUpcoming(t *testing.T) {
	onBoth(t, func(b *book) {
		var ids []string
		for n, when := range []string{"2026-12-11 10:00", "2026-12-01 08:59", "2026-12-01 09:01", "2026-12-12 10:00"} {
			_, a := b.client(101+n, "XCH", when)
			ids = append(ids, a.ID)
			b.clock.forward(time.Millisecond)
		}
		b.see(func(t *store.Tx) {
			got := t.Upcoming("", 9)
			if len(got) != 3 || got[0].ID != ids[0] || got[1].ID != ids[2] || got[2].ID != ids[3] {
				b.Fatalf("got %d, want those still to come in order", len(got))
			}
			equal(b, "after the first", len(t.Upcoming(ids[0], 9)), 2)
			equal(b, "limited", len(t.Upcoming("", 1)), 1)
		})
	})
}

func TestExportGoesThroughAllOnceInOrder(t *testing.T) {
	onBoth(t, func(b *book) {
		const n = 1203
		b.do(func(t *store.Tx) {
			for i := range n {
				c := t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: receipt(i)}, FirstName: fmt.Sprint("N", i)})
				t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: site(b, "XCH"), Local: wall(b, "2026-12-11 10:00"),
					Status: scheduling.Scheduled}, "2026-11-01", time.Time{})
			}
		})
		var first store.AppointmentRecord
		seen, last, linked := map[string]bool{}, "", 0
		read := func(t *store.Tx) {
			clear(seen)
			last, linked = "", 0
			t.EachAppointment(func(r store.AppointmentRecord) {
				if first.ID == "" {
					first = r
				}
				if r.ID <= last || r.Case.ID != r.CaseID || r.Case.Receipt != r.Receipt || r.Case.FirstName == "" || r.NoticeDate != "2026-11-01" {
					b.Errorf("%s after %s is out of order or incomplete", r.ID, last)
				}
				if r.Linked {
					linked++
				}
				seen[r.ID], last = true, r.ID
			})
		}
		b.see(read)
		equal(b, "appointments", len(seen), n)
		equal(b, "linked", linked, 0)
		b.linked("4711", first.CaseID)
		b.see(read)
		equal(b, "linked afterwards", linked, 1)
	})
}
