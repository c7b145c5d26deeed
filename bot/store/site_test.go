package store_test

import (
	"context"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

func TestImportedSites(t *testing.T) {
	onBoth(t, func(b *book) {
		known := site(b, "XCH")
		own := known
		own.Code, own.City, own.Seats, own.Lat, own.Lon = "XZZ", "Own", 9, 41.881234, -87.6
		put := func(s scheduling.Site) (what string) {
			b.do(func(t *store.Tx) { what = t.PutSite(s) })
			return what
		}
		find := func(code string) (s scheduling.Site, ok bool) {
			b.see(func(t *store.Tx) { s, ok = t.Sites().Find(code) })
			return s, ok
		}
		bare := known
		bare.Lat, bare.Lon = 0, 0
		equal(b, "one that is built in", put(known), store.Unchanged)
		equal(b, "the same without coordinates", put(bare), store.Unchanged)
		equal(b, "a new one", put(own), store.Created)
		equal(b, "again", put(own), store.Unchanged)
		bare.Seats = 7
		equal(b, "with other seats", put(bare), store.Updated)
		own.Hours, _ = scheduling.ParseHours("Tue-Sat 09:00-17:00")
		equal(b, "with other hours", put(own), store.Updated)
		for range 2 {
			got, ok := find("XZZ")
			equal(b, "new site", got, own)
			equal(b, "found", ok, true)
			got, _ = find("XCH")
			equal(b, "seats", got.Seats, 7)
			equal(b, "coordinates", got.Lat, known.Lat)
			b.reopen()
		}
	})
}

// Other processes import too.
func TestSitesOfAnotherProcess(t *testing.T) {
	onBoth(t, func(b *book) {
		other := newBook(b.T, b.url, true)
		s := site(b, "XCH")
		seats := func() (n int) {
			b.see(func(t *store.Tx) { s, _ := t.Sites().Find("XCH"); n = s.Seats })
			return n
		}
		equal(b, "before", seats(), 4)
		for n := range 3 {
			s.Seats = 10 + n
			other.do(func(t *store.Tx) { t.PutSite(s) })
			equal(b, "after", seats(), 10+n)
		}
		b.refused(errOops, func(t *store.Tx) {
			s.Seats = 99
			t.PutSite(s)
			got, _ := t.Sites().Find("XCH")
			equal(b, "within the transaction", got.Seats, 99)
			t.Fail(errOops)
		})
		equal(b, "after it was undone", seats(), 12)
	})
}

// A site that is gone from the list still has a name and a zone for what was
// booked there.
func TestAppointmentAtASiteThatIsGone(t *testing.T) {
	onBoth(t, func(b *book) {
		own := site(b, "XHG")
		own.Code = "XZZ"
		var a scheduling.Appointment
		c, _ := b.client(101, "XCH", "2026-12-11 10:00")
		b.do(func(t *store.Tx) {
			t.PutSite(own)
			a = t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: own, Local: wall(b, "2026-12-14 08:00"), Status: scheduling.Missed}, "", time.Time{})
		})
		b.tamper("DELETE FROM sites")
		b.reopen()
		b.see(func(t *store.Tx) {
			got, _ := t.Appointment(a.ID)
			equal(b, "site", [3]any{got.Site.Code, got.Site.Name(), got.Site.Zone}, [3]any{"XZZ", "XZZ", "Pacific/Guam"})
			equal(b, "offered", got.Site.Offered(), false)
			equal(b, "start", got.Start, a.Start)
		})
	})
}

// When the zone of a site is corrected, wall times stay and instants, seats and
// open requests follow (R27).
func TestSiteWhoseZoneWasWrong(t *testing.T) {
	onBoth(t, func(b *book) {
		c, a := b.client(101, "XCH", "2026-12-11 10:00")
		_, elsewhere := b.client(102, "XCI", "2026-12-11 10:00")
		s := site(b, "XCH")
		s.Zone = "America/New_York"
		next := a.Start.Add(-time.Hour)
		b.do(func(t *store.Tx) {
			t.TakeSeat(a.Site, a.Start)
			r := wish(b, a, "")
			r.To = scheduling.Slot{Site: "XCH", Local: wall(b, "2026-12-14 08:00"), Start: time.Date(2026, 12, 14, 14, 0, 0, 0, time.UTC)}
			t.TakeSeat(a.Site, r.To.Start)
			t.PutRequest(r)
			equal(b, "put", t.PutSite(s), store.Updated)
		})
		b.see(func(t *store.Tx) {
			got, _ := t.Latest(c.ID)
			equal(b, "wall time", got.Local, a.Local)
			equal(b, "start", got.Start, next)
			equal(b, "zone", got.Site.Zone, "America/New_York")
			equal(b, "to be looked at", len(t.DueForReminder(9)), 1)
			r, _ := t.OpenRequest(c.ID)
			equal(b, "from", r.From.Start, next)
			equal(b, "to", r.To.Start, time.Date(2026, 12, 14, 13, 0, 0, 0, time.UTC))
			equal(b, "lapses", r.LapsesAt, opened)
			taken := t.Taken("XCH", opened, opened.AddDate(0, 1, 0))
			equal(b, "seats", len(taken), 2)
			equal(b, "the seat moved along", taken[next.Unix()], 1)
			equal(b, "the held seat moved along", taken[r.To.Start.Unix()], 1)
			other, _ := t.Appointment(elsewhere.ID)
			equal(b, "another site", other.Start, elsewhere.Start)
			_, _, ok := t.VerifyAudit()
			equal(b, "the record", ok, true)
		})
	})
}

// When the time zone data has changed, instants are computed again at the next
// start, a page at a time.
func TestTimeZoneDataThatChanged(t *testing.T) {
	onBoth(t, func(b *book) {
		const n = 1100
		var all []scheduling.Appointment
		b.do(func(t *store.Tx) {
			for i := range n {
				rec := wholeCase
				rec.Receipt = receipt(i)
				c := t.PutCase(rec)
				a := t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: site(b, "XCH"), Local: wall(b, "2026-12-11 10:00"), Status: scheduling.Scheduled}, "", time.Time{})
				t.RecordSeat(a.Site, a.Start)
				all = append(all, a)
			}
			all[0].Status = scheduling.Completed
			t.ChangeAppointment(all[0], "", time.Time{})
		})
		b.reopen()
		b.see(func(t *store.Tx) {
			rows, _, _ := t.VerifyAudit()
			equal(b, "changed without a reason", rows, 0)
		})
		// As if the data had said one hour later when they were booked.
		b.tamper("UPDATE appointments SET starts_at = starts_at + 3600000")
		b.tamper("UPDATE slots SET starts_at = starts_at + 3600000")
		b.tamper("UPDATE meta SET value = 'older' WHERE name = 'zones'")
		b.reopen()
		b.see(func(t *store.Tx) {
			for _, a := range all[1:] {
				if got, _ := t.Appointment(a.ID); got.Start != a.Start || got.Local != a.Local {
					b.Fatalf("got %v, want %v", got.Start, a.Start)
				}
			}
			past, _ := t.Appointment(all[0].ID)
			equal(b, "what is over stays", past.Start, all[0].Start.Add(time.Hour))
			taken := t.Taken("XCH", opened, opened.AddDate(0, 1, 0))
			equal(b, "seats", taken[all[1].Start.Unix()], n-1)
			rows, _, ok := t.VerifyAudit()
			equal(b, "in the record", rows, n-1)
			equal(b, "the record", ok, true)
			equal(b, "to be looked at", len(t.DueForReminder(n)), n-1)
		})
		b.reopen()
		b.see(func(t *store.Tx) {
			rows, _, _ := t.VerifyAudit()
			equal(b, "only once", rows, n-1)
		})
	})
}

// A wall time that no clock shows any more is for a person to look at; it is not
// moved.
func TestWallTimeThatNoLongerExists(t *testing.T) {
	onBoth(t, func(b *book) {
		_, a := b.client(101, "XCH", "2027-03-12 10:00")
		b.tamper("UPDATE appointments SET wall = '2027-03-14T02:30'")
		b.tamper("UPDATE meta SET value = 'older' WHERE name = 'zones'")
		b.reopen()
		b.see(func(t *store.Tx) {
			alarms := t.OpenAlarms(9)
			if len(alarms) != 1 || alarms[0].CaseID != a.CaseID {
				b.Errorf("got alarms %v, want one about the case", alarms)
			}
			got, _ := t.Appointment(a.ID)
			equal(b, "start", got.Start, a.Start)
		})
	})
}

func TestPlanAndAwakeAreKept(t *testing.T) {
	onBoth(t, func(b *book) {
		b.see(func(t *store.Tx) {
			equal(b, "plan", t.Plan(), "")
			equal(b, "awake", t.Awake().IsZero(), true)
		})
		b.do(func(t *store.Tx) { t.SetPlan("7d"); t.SetPlan("3d"); t.SetAwake(opened) })
		b.reopen()
		b.see(func(t *store.Tx) {
			equal(b, "plan", t.Plan(), "3d")
			equal(b, "awake", t.Awake(), opened)
		})
		if b.Sealed() != true || b.Update(context.Background(), func(t *store.Tx) error { return nil }) != nil {
			b.Error("an empty transaction failed")
		}
	})
}
