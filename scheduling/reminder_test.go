package scheduling_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

func plan(t testing.TB, leads, hours string) Plan {
	t.Helper()
	var p Plan
	var err error
	if p.Leads, err = ParseLeads(leads); err != nil {
		t.Fatal(err)
	}
	if p.From, p.To, err = ParseSendHours(hours); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParseLeads(t *testing.T) {
	for given, want := range map[string]string{
		"7d,3d,1d": "7d 3d 1d", "1d,7d, 3d": "7d 3d 1d", " 60d ": "60d", "01d": "1d",
	} {
		leads, err := ParseLeads(given)
		if got := strings.Trim(fmt.Sprint(leads), "[]"); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %s", given, got, err, want)
		}
	}
	for _, given := range []string{"", " ", "0d", "61d", "7", "7h", "d", "7d,", ",7d", "7d,7d", "7d,07d", "-1d", "1.5d", "7d 3d", "7d;3d", "７d", "seven days", "999999999999999999999d"} {
		_, err := ParseLeads(given)
		mustReject(t, given, err)
	}
}

func TestParseSendHours(t *testing.T) {
	from, to, err := ParseSendHours(" 9:00 - 24:00")
	if err != nil || from != ClockAt(9, 0) || to != ClockAt(24, 0) {
		t.Errorf("%v-%v, %v", from, to, err)
	}
	for _, given := range []string{"", "09:00", "20:00-09:00", "09:00-09:00", "9-20", "09:00-25:00", "24:00-24:00", "09:00-20:00-21:00"} {
		_, _, err := ParseSendHours(given)
		mustReject(t, given, err)
	}
}

// Reminders keep the time on the wall (R34), whatever the clocks do in between.
func TestReminders(t *testing.T) {
	for _, test := range []struct {
		name, site, local, leads, hours string
		due                             string // at the site
	}{
		{"an ordinary week", "XCB", "2026-06-10 10:00", "7d,3d,1d", "09:00-20:00",
			"2026-06-03T10:00:00-05:00 2026-06-07T10:00:00-05:00 2026-06-09T10:00:00-05:00"},
		{"the clocks go forward on Sunday, 8 March", "XNK", "2026-03-09 10:00", "7d,3d,1d", "09:00-20:00",
			"2026-03-02T10:00:00-05:00 2026-03-06T10:00:00-05:00 2026-03-08T10:00:00-04:00"},
		{"48 hours before a Monday 08:00 would be Saturday 07:00", "XNK", "2026-03-09 08:00", "2d", "00:00-24:00",
			"2026-03-07T08:00:00-05:00"},
		{"the clocks go back on Sunday, 1 November", "XNK", "2026-11-02 08:00", "3d,2d,1d", "00:00-24:00",
			"2026-10-30T08:00:00-04:00 2026-10-31T08:00:00-04:00 2026-11-01T08:00:00-05:00"},
		{"too early in the morning", "XCB", "2026-06-10 08:00", "1d", "09:00-20:00", "2026-06-09T09:00:00-05:00"},
		{"too late in the evening", "XCB", "2026-06-10 15:00", "1d", "09:00-14:00", "2026-06-09T14:00:00-05:00"},
		{"Guam", "XHG", "2026-06-10 10:00", "1d", "09:00-20:00", "2026-06-09T10:00:00+10:00"},
		{"a synthetic night visit, the day before skips its time", "XNK", "2026-03-09 02:30", "1d", "00:00-24:00", "2026-03-08T03:00:00-04:00"},
		{"a synthetic night visit, the day before has its time twice", "XNK", "2026-11-02 01:30", "1d", "00:00-24:00", "2026-11-01T01:30:00-04:00"},
		{"over the end of February", "XCB", "2028-03-01 10:00", "1d", "09:00-20:00", "2028-02-29T10:00:00-06:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := booked(t, test.site, test.local)
			got := plan(t, test.leads, test.hours).Reminders(a)
			want := strings.Fields(test.due)
			if len(got) != len(want) {
				t.Fatalf("%d reminders, want %d", len(got), len(want))
			}
			for i, r := range got {
				if r.DueAt.Format(time.RFC3339) != want[i] {
					t.Errorf("%v is due at %s, want %s", r.Lead, r.DueAt.Format(time.RFC3339), want[i])
				}
				sendBy := a.Start
				if i+1 < len(got) {
					sendBy = got[i+1].DueAt
				}
				if !r.SendBy.Equal(sendBy) {
					t.Errorf("%v is to be sent by %v, want %v", r.Lead, r.SendBy, sendBy)
				}
			}
		})
	}
}

// Wednesday, 10 June 2026, 10:00 in Chicago, reminders of 7, 3 and 1 days, sent
// from 09:00 to 20:00. The link to the person was made on 1 May unless it says
// otherwise.
func TestDue(t *testing.T) {
	const never = ""
	for _, test := range []struct {
		name       string
		since, now string
		due        string
		skipped    string
		next       string
	}{
		{"long before", "", "2026-05-20T12:00", "", "", "2026-06-03T10:00"},
		{"a second before the first", "", "2026-06-03T09:59:59", "", "", "2026-06-03T10:00"},
		{"the first, on the dot", "", "2026-06-03T10:00", "7d", "", "2026-06-07T10:00"},
		{"the first, four hours late", "", "2026-06-03T14:00", "7d", "", "2026-06-07T10:00"},
		{"the first, found at night: it waits", "", "2026-06-03T20:00", "", "", "2026-06-04T09:00"},
		{"the first, found before dawn: it waits", "", "2026-06-04T04:00", "", "", "2026-06-04T09:00"},
		{"the first, a night late", "", "2026-06-04T09:00", "7d", "", "2026-06-07T10:00"},
		{"the second replaces the first", "", "2026-06-07T10:00", "3d", "7d", "2026-06-09T10:00"},
		{"the last replaces both", "", "2026-06-09T11:00", "1d", "7d 3d", never},
		{"the last, in the night before: it waits", "", "2026-06-09T23:00", "", "", "2026-06-10T09:00"},
		{"the last, on the morning itself", "", "2026-06-10T09:00", "1d", "7d 3d", never},
		{"a second before the appointment", "", "2026-06-10T09:59:59", "1d", "7d 3d", never},
		{"at the appointment", "", "2026-06-10T10:00", "", "", never},
		{"after it", "", "2026-07-10T10:00", "", "", never},
		{"linked after the first", "2026-06-03T10:00", "2026-06-03T10:00", "", "", "2026-06-07T10:00"},
		{"linked a second before the first", "2026-06-03T09:59:59", "2026-06-03T10:00", "7d", "", "2026-06-07T10:00"},
		{"linked after the first: it is not skipped either", "2026-06-05T10:00", "2026-06-07T10:00", "3d", "", "2026-06-09T10:00"},
		{"linked after the last", "2026-06-09T10:00", "2026-06-09T10:00", "", "", never},
	} {
		t.Run(test.name, func(t *testing.T) {
			at := func(s string) time.Time {
				if len(s) == len("2026-06-03T10:00") {
					s += ":00"
				}
				return instant(t, s+"-05:00")
			}
			since := at("2026-05-01T00:00")
			if test.since != "" {
				since = at(test.since)
			}
			due, skipped, next := plan(t, "7d,3d,1d", "09:00-20:00").Due(booked(t, "XCB", "2026-06-10 10:00"), since, at(test.now))
			got := ""
			if due != nil {
				got = due.Lead.String()
			}
			if got != test.due {
				t.Errorf("due is %q, want %q", got, test.due)
			}
			var names []string
			for _, r := range skipped {
				names = append(names, r.Lead.String())
			}
			if got := strings.Join(names, " "); got != test.skipped {
				t.Errorf("skipped are %q, want %q", got, test.skipped)
			}
			switch {
			case test.next == never && !next.IsZero():
				t.Errorf("next is %v, want never", next)
			case test.next != never && !next.Equal(at(test.next)):
				t.Errorf("next is %v, want %s", next, test.next)
			}
		})
	}
}

func TestDueAtTheEdges(t *testing.T) {
	since := instant(t, "2026-05-01T00:00:00-05:00")
	early := booked(t, "XCB", "2026-06-10 08:00")
	p := plan(t, "1d", "09:00-20:00")

	// It would wait for 09:00, but the appointment is at 08:00.
	if due, _, _ := p.Due(early, since, instant(t, "2026-06-10T02:00:00-05:00")); due == nil {
		t.Error("the last reminder was let go stale for the sending hours' sake")
	}
	// The scan comes a little after the reminder, which is due as the hours end.
	late := booked(t, "XCB", "2026-06-10 15:00")
	evening := plan(t, "1d", "09:00-14:00")
	if due, _, _ := evening.Due(late, since, instant(t, "2026-06-09T14:00:40-05:00")); due == nil {
		t.Error("a reminder due as the sending hours end was put off by the scan's own delay")
	}
	if due, _, next := evening.Due(late, since, instant(t, "2026-06-09T14:10:00-05:00")); due != nil || !next.Equal(instant(t, "2026-06-10T09:00:00-05:00")) {
		t.Errorf("ten minutes after the hours: %v, next %v", due, next)
	}
	for _, status := range []Status{Superseded, Cancelled, Completed, Missed, USCISMoved} {
		a := early
		a.Status = status
		if due, skipped, next := p.Due(a, since, instant(t, "2026-06-09T12:00:00-05:00")); due != nil || skipped != nil || !next.IsZero() {
			t.Errorf("%s: %v %v %v", status, due, skipped, next)
		}
	}
	if due, _, next := (Plan{}).Due(early, since, instant(t, "2026-06-09T12:00:00-05:00")); due != nil || !next.IsZero() {
		t.Errorf("no plan: %v, next %v", due, next)
	}
}

// A scan every few minutes, and one after any outage: every lead is sent or
// skipped once, in order, within the hours, never after the start.
func TestScanning(t *testing.T) {
	p := plan(t, "7d,3d,1d", "09:00-20:00")
	for _, local := range []string{"2026-03-10 08:00", "2026-03-11 13:00", "2026-11-03 10:00", "2026-11-02 15:00"} {
		a := booked(t, "XNK", local)
		for _, step := range []time.Duration{time.Minute, 17 * time.Minute, 9 * time.Hour, 31 * time.Hour, 5 * 24 * time.Hour} {
			since := a.Start.AddDate(0, 0, -20)
			done := map[Lead]bool{}
			for now := since; now.Before(a.Start.Add(24 * time.Hour)); now = now.Add(step) {
				due, skipped, next := p.Due(a, since, now)
				if !next.IsZero() && !next.After(now) {
					t.Fatalf("%s: at %v it is to look again at %v", local, now, next)
				}
				if due == nil {
					continue
				}
				for _, r := range append(skipped, *due) {
					if done[r.Lead] {
						t.Fatalf("%s, every %v: %v came twice", local, step, r.Lead)
					}
					done[r.Lead] = true
				}
				since = due.DueAt
				if !now.Before(due.SendBy) || now.Before(due.DueAt) {
					t.Errorf("%s: %v was sent at %v, not from %v to %v", local, due.Lead, now, due.DueAt, due.SendBy)
				}
				if w := WallOf(now.In(a.Site.Location())); (w.Hour < 9 || w.Hour >= 20) && a.Local.Hour >= 9 {
					t.Errorf("%s: %v was sent at %v", local, due.Lead, w)
				}
			}
			if step < 9*time.Hour && len(done) != 3 {
				t.Errorf("%s, every %v: %v", local, step, done)
			}
		}
	}
}

func TestFingerprint(t *testing.T) {
	a := plan(t, "7d,3d,1d", "09:00-20:00")
	if b := plan(t, "1d, 3d,7d", "9:00-20:00"); a.Fingerprint() != b.Fingerprint() {
		t.Errorf("equal plans: %q, %q", a.Fingerprint(), b.Fingerprint())
	}
	for _, b := range []Plan{plan(t, "7d,3d", "09:00-20:00"), plan(t, "7d,3d,1d", "09:00-20:01"), plan(t, "7d,3d,1d", "09:01-20:00"), plan(t, "7d,31d", "09:00-20:00"), {}} {
		if a.Fingerprint() == b.Fingerprint() {
			t.Errorf("different plans, one fingerprint: %q", a.Fingerprint())
		}
	}
}
