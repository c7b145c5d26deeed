package ledger_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/ledger"
	"reschedulebot/scheduling"
)

// moments are every hour of two weeks around whatever could go wrong: clock
// changes, holidays, the end of the year, and an ordinary week.
func moments() (all []time.Time) {
	for _, from := range []time.Time{
		time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 8, 30, 0, 17, 0, 0, time.UTC), // Monday, September 7 is a holiday
		time.Date(2026, 10, 25, 0, 59, 59, 999, time.UTC),
		time.Date(2027, 12, 20, 0, 30, 0, 0, time.UTC),
	} {
		for hour := range 14 * 24 {
			all = append(all, from.Add(time.Duration(hour)*time.Hour))
		}
	}
	return all
}

func TestTheSampleShowsWhatItPromises(t *testing.T) {
	rules, sites := scheduling.BuiltinRules(), scheduling.BuiltinSites()
	for _, now := range moments() {
		byNumber := map[string]ledger.Entry{}
		for _, e := range ledger.Sample(now, sites) {
			byNumber[e.Receipt.Reveal()] = e
		}
		for number, want := range map[string][]scheduling.Class{
			"IOE0000000101": {scheduling.ToolOK}, "IOE0000000102": {scheduling.ToolLast}, "IOE0000000103": {scheduling.PhoneLimit},
			"IOE0000000104": {scheduling.PhoneSoon, scheduling.PhoneGap}, "IOE0000000105": {scheduling.PhoneLate},
			"IOE0000000106": {scheduling.PhoneForm}, "IOE0000000107": {scheduling.ToolOK}, "IOE0000000108": {scheduling.ToolOK},
			"IOE0000000109": {scheduling.ToolOK}, "EAC0000000110": {scheduling.ToolOK},
		} {
			got := gate(rules, byNumber[number], now).Class
			if got != want[0] && got != want[len(want)-1] {
				t.Errorf("at %v %s is %s, want %v", now, number, got, want)
			}
		}
		if len(byNumber) != 10 {
			t.Fatalf("at %v there are %d entries, want 10", now, len(byNumber))
		}
		checkChicago(t, rules, byNumber["IOE0000000101"], now)
		checkGuam(t, rules, byNumber["IOE0000000109"], now)
		if a, b := byNumber["IOE0000000107"], byNumber["IOE0000000108"]; a.Start != b.Start || a.Site != b.Site || a.Household != b.Household || a.LastName != b.LastName || a.Form == b.Form {
			t.Errorf("at %v 107 and 108 are not one person with two forms in one slot", now)
		}
		if t.Failed() {
			return
		}
	}
}

func gate(rules scheduling.Rules, e ledger.Entry, now time.Time) scheduling.Verdict {
	return rules.Gate(scheduling.Attempt{
		Appointment: &scheduling.Appointment{ID: "a", Receipt: e.Receipt, Form: e.Form, Site: e.Site, Local: e.Local, Start: e.Start, Status: e.Status, Count: e.Count, Version: 1},
		By:          scheduling.Requester{Role: scheduling.Applicant, Allowed: true, G28: e.G28},
		Reason:      scheduling.LifeEvent, Now: now,
	})
}

func checkChicago(t *testing.T, rules scheduling.Rules, e ledger.Entry, now time.Time) {
	t.Helper()
	today := scheduling.DateOf(now.In(e.Site.Location()))
	day := today.AddDays(10)
	for rules.Closed(day) || day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDays(1)
	}
	if want := (scheduling.Wall{Date: day, Hour: 10}); e.Site.Name() != "Chicago, IL" || e.Local != want {
		t.Errorf("at %v 101 is in %s at %v, want Chicago, IL at %v", now, e.Site.Name(), e.Local, want)
	}
}

// From the cut-off to the start nobody answers the phone: that is the story of
// this appointment.
func checkGuam(t *testing.T, rules scheduling.Rules, e ledger.Entry, now time.Time) {
	t.Helper()
	cutoff := e.Start.Add(-rules.Window)
	if e.Site.Code != "XHG" || e.Local.Date.Weekday() != time.Monday || e.Local.Hour != 8 || e.Local.Minute != 0 || rules.Closed(e.Local.Date) {
		t.Errorf("at %v 109 is at %s %v, want an open Monday 08:00 on Guam", now, e.Site.Code, e.Local)
	}
	weekBefore := cutoff.AddDate(0, 0, -7)
	if !now.Before(cutoff) || now.Before(weekBefore) && !rules.Closed(e.Local.Date.AddDays(-7)) {
		t.Errorf("at %v 109 starts at %v, want the next Monday that can still be moved", now, e.Start)
	}
	if live := rules.CenterLive(cutoff, e.Start); live != 0 {
		t.Errorf("at %v the phone is answered for %v before 109, want never", now, live)
	}
	if v := gate(rules, e, cutoff); v.Class != scheduling.PhoneGap {
		t.Errorf("at its cut-off 109 is %s, want PHONE_GAP", v.Class)
	}
}

// 104 is at a real start whenever there is one to be had.
func TestTheSoonOneIsOnTheGridOnWorkingDays(t *testing.T) {
	rules, off := scheduling.BuiltinRules(), 0
	for _, now := range moments() {
		e := ledger.Sample(now, scheduling.BuiltinSites())[3]
		if left := e.Start.Sub(now); left <= time.Hour || left >= 12*time.Hour {
			t.Errorf("at %v 104 starts in %v, want between one and twelve hours", now, left)
		}
		onGrid := false
		for _, w := range e.Site.Starts(e.Local.Date, rules.Closed) {
			onGrid = onGrid || w == e.Local
		}
		if !onGrid {
			off++
			if e.Site.Code != "XCB" || e.Local.Minute%20 != 0 {
				t.Errorf("at %v 104 is off the grid at %s %v, want a third of an hour in Chicago", now, e.Site.Code, e.Local)
			}
			if day := now.In(e.Site.Location()).Weekday(); day >= time.Tuesday && day <= time.Thursday && !rules.Closed(e.Local.Date) &&
				!rules.Closed(e.Local.Date.AddDays(1)) && !rules.Closed(e.Local.Date.AddDays(-1)) {
				t.Errorf("at %v 104 is off the grid on a working day: %s %v", now, e.Site.Code, e.Local)
			}
		}
	}
	if off == 0 {
		t.Error("104 was never off the grid, so the weekends were not tried")
	}
}

func TestTheSampleFileIsTheSample(t *testing.T) {
	sites := scheduling.BuiltinSites()
	for _, now := range moments() {
		if now.Hour() != 5 {
			continue
		}
		f := read(t, string(ledger.SampleCSV(now, sites)))
		sample := ledger.Sample(now, sites)
		if len(f.Rows) != len(sample) || len(f.Warnings) > 0 {
			t.Fatalf("at %v the file has %d rows and warnings %q", now, len(f.Rows), f.Warnings)
		}
		for i, row := range f.Rows {
			if row.Err != nil || row.Duplicate || row.Entry != sample[i] {
				t.Errorf("at %v line %d: %v\n%s\nwant\n%s", now, row.Line, row.Err, spelled(row.Entry), spelled(sample[i]))
			}
			if !strings.HasPrefix(row.Entry.Phone, "555-01") {
				t.Errorf("the phone number %s may be somebody's", row.Entry.Phone)
			}
		}
	}
}

// A firm may have given a site other hours, or closed it for good.
func TestTheSampleOnOtherHours(t *testing.T) {
	now := time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	chicago, _ := scheduling.BuiltinSites().Find("XCB")
	for hours, want := range map[string]string{
		"Tue 12:00-16:00": "2026-12-15T12:00", // no 10:00 there: its first start on the first open day
		"Sat 08:00-12:00": "2026-12-12T10:00",
		"":                "2026-12-11T10:00", // never open
	} {
		chicago.Hours = scheduling.Hours{}
		if hours != "" {
			var err error
			if chicago.Hours, err = scheduling.ParseHours(hours); err != nil {
				t.Fatal(err)
			}
		}
		sample := ledger.Sample(now, scheduling.BuiltinSites().With(chicago))
		if got := sample[0].Local.String(); got != want {
			t.Errorf("open %q: 101 is at %s, want %s", hours, got, want)
		}
		if left := sample[3].Start.Sub(now); left <= 0 || left >= 12*time.Hour {
			t.Errorf("open %q: 104 starts in %v", hours, left)
		}
		if !sample[4].Start.Before(now) {
			t.Errorf("open %q: 105 has not passed", hours)
		}
	}
	if n := len(ledger.Sample(now, scheduling.Sites{})); n != 10 {
		t.Errorf("without a list of sites there are %d entries, want 10", n)
	}
}
