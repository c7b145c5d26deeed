package scheduling_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

// R25 lists the days on which the lines are shut, as observed.
func TestHolidays(t *testing.T) {
	for year, want := range map[int]string{
		2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
		2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31", // the last is New Year 2028
		2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",             // New Year was observed the year before
	} {
		var got []string
		for d := (Date{Year: year, Month: time.January, Day: 1}); d.Year == year; d = d.AddDays(1) {
			if BuiltinRules().Closed(d) {
				got = append(got, d.String()[5:])
			}
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%d:\n got %s\nwant %s", year, got, want)
		}
	}
}

func TestExtraClosedDays(t *testing.T) {
	r := BuiltinRules()
	r.ExtraClosedDays = []Date{day(t, "2026-12-24")}
	if !r.Closed(day(t, "2026-12-24")) || r.Closed(day(t, "2026-12-23")) || !r.Closed(day(t, "2026-12-25")) {
		t.Error("an extra closed day is not closed, or closes others")
	}
	if r.CenterOpen(instant(t, "2026-12-24T12:00:00-05:00")) {
		t.Error("the lines are open on an extra closed day")
	}
	if n := len(site(t, "XCB").Starts(day(t, "2026-12-24"), r.Closed)); n != 0 {
		t.Errorf("a site has %d starts on an extra closed day", n)
	}
}

// The table of section 2: hours of live help between the 12-hour mark and the
// appointment. Tuesdays unless it says Monday; no holiday is near.
func TestLiveHelpInTheLastTwelveHours(t *testing.T) {
	const (
		july, january             = "2026-07-14", "2026-01-13"
		mondayInJuly, mondayInJan = "2026-07-13", "2026-01-12"
	)
	for _, test := range []struct {
		place, site, date, clock string
		hours                    int
	}{
		{"New York", "XNK", july, "08:00", 0}, {"New York", "XNK", january, "08:00", 0},
		{"New York", "XNK", july, "10:00", 2}, {"New York", "XNK", july, "13:00", 5},
		{"Puerto Rico", "XPM", july, "08:00", 0}, {"Puerto Rico", "XPM", january, "08:00", 1},
		{"Puerto Rico on a Monday", "XPM", mondayInJan, "08:00", 0},
		{"Puerto Rico", "XPM", july, "10:00", 2}, {"Puerto Rico", "XPM", july, "13:00", 5},
		{"Chicago", "XCB", july, "08:00", 1}, {"Chicago", "XCB", january, "08:00", 1},
		{"Chicago", "XCB", july, "10:00", 3}, {"Chicago", "XCB", july, "13:00", 6},
		{"Denver", "XDG", july, "08:00", 2}, {"Denver", "XDG", january, "08:00", 2},
		{"Denver", "XDG", july, "10:00", 4}, {"Denver", "XDG", july, "13:00", 7},
		{"Phoenix", "XPQ", july, "08:00", 3}, {"Phoenix", "XPQ", january, "08:00", 2},
		{"Phoenix", "XPQ", july, "10:00", 5}, {"Phoenix", "XPQ", july, "13:00", 8},
		{"Los Angeles", "XLG", july, "08:00", 3}, {"Los Angeles", "XLG", january, "08:00", 3},
		{"Los Angeles", "XLG", july, "10:00", 5}, {"Los Angeles", "XLG", july, "13:00", 8},
		{"Anchorage", "XAA", july, "08:00", 4}, {"Anchorage", "XAA", january, "08:00", 4},
		{"Anchorage", "XAA", july, "10:00", 6}, {"Anchorage", "XAA", july, "13:00", 9},
		{"Honolulu", "XHF", july, "08:00", 6}, {"Honolulu", "XHF", january, "08:00", 5},
		{"Honolulu", "XHF", july, "10:00", 8}, {"Honolulu", "XHF", july, "13:00", 11},
		{"Guam", "XHG", july, "08:00", 10}, {"Guam", "XHG", january, "08:00", 9},
		{"Guam", "XHG", july, "10:00", 12}, {"Guam", "XHG", july, "13:00", 9},
		{"Saipan", "XHS", july, "08:00", 10}, {"Saipan", "XHS", january, "08:00", 9},
		{"Saipan", "XHS", july, "10:00", 12}, {"Saipan", "XHS", july, "13:00", 9},
		{"Guam on a Monday", "XHG", mondayInJuly, "08:00", 0}, {"Guam on a Monday", "XHG", mondayInJan, "08:00", 0},
		{"Guam on a Monday", "XHG", mondayInJuly, "10:00", 0}, {"Guam on a Monday", "XHG", mondayInJuly, "13:00", 0},
		{"Guam on the Tuesday after Labor Day", "XHG", "2026-09-08", "08:00", 0},
		{"New York on the Monday after an observed Friday holiday", "XNK", "2026-07-06", "10:00", 2},
	} {
		a := booked(t, test.site, test.date+" "+test.clock)
		got := BuiltinRules().CenterLive(a.Start.Add(-12*time.Hour), a.Start)
		if want := time.Duration(test.hours) * time.Hour; got != want {
			t.Errorf("%s, %s %s: %v, want %v", test.place, test.date, test.clock, got, want)
		}
	}
}

func TestCenterHours(t *testing.T) {
	for _, test := range []struct {
		name          string
		at            string
		open          bool
		opens, closes string
	}{
		{"the second it opens", "2026-07-14T08:00:00-04:00", true, "2026-07-14T08:00:00-04:00", "2026-07-14T20:00:00-04:00"},
		{"just before", "2026-07-14T07:59:59.999-04:00", false, "2026-07-14T08:00:00-04:00", "2026-07-14T20:00:00-04:00"},
		{"just before it closes", "2026-07-14T19:59:59.999-04:00", true, "2026-07-14T19:59:59.999-04:00", "2026-07-14T20:00:00-04:00"},
		{"the second it closes", "2026-07-14T20:00:00-04:00", false, "2026-07-15T08:00:00-04:00", "2026-07-15T20:00:00-04:00"},
		{"a Friday evening", "2026-07-17T21:00:00-04:00", false, "2026-07-20T08:00:00-04:00", "2026-07-20T20:00:00-04:00"},
		{"before a long weekend", "2026-07-02T20:00:00-04:00", false, "2026-07-06T08:00:00-04:00", "2026-07-06T20:00:00-04:00"},
		{"a holiday at noon", "2026-11-26T12:00:00-05:00", false, "2026-11-27T08:00:00-05:00", "2026-11-27T20:00:00-05:00"},
		{"across the change to summer time", "2026-03-07T12:00:00-05:00", false, "2026-03-09T08:00:00-04:00", "2026-03-09T20:00:00-04:00"},
		{"across the change to winter time", "2026-10-31T12:00:00-04:00", false, "2026-11-02T08:00:00-05:00", "2026-11-02T20:00:00-05:00"},
		{"seen from Guam", "2026-07-14T22:30:00+10:00", true, "2026-07-14T22:30:00+10:00", "2026-07-15T10:00:00+10:00"},
		{"across the end of 2027", "2027-12-30T21:00:00-05:00", false, "2028-01-03T08:00:00-05:00", "2028-01-03T20:00:00-05:00"},
	} {
		r, at := BuiltinRules(), instant(t, test.at)
		if got := r.CenterOpen(at); got != test.open {
			t.Errorf("%s: open %v", test.name, got)
		}
		if got := r.CenterOpens(at); !got.Equal(instant(t, test.opens)) {
			t.Errorf("%s: opens %v, want %s", test.name, got, test.opens)
		}
		if got := r.CenterCloses(at); !got.Equal(instant(t, test.closes)) {
			t.Errorf("%s: closes %v, want %s", test.name, got, test.closes)
		}
	}
}

// An oracle that knows nothing of days: it asks of every minute whether the
// lines are open, by what a clock in New York shows.
func liveByMinutes(r Rules, from, to time.Time, newYork *time.Location) (live time.Duration, last time.Time) {
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		there := at.In(newYork)
		works := there.Weekday() != time.Saturday && there.Weekday() != time.Sunday && !r.Closed(DateOf(there))
		if works && there.Hour() >= 8 && there.Hour() < 20 {
			live += time.Minute
			last = at.Add(time.Minute)
		}
	}
	return live, last
}

func TestLiveHelpAgainstMinutes(t *testing.T) {
	r, newYork := BuiltinRules(), location(t, "America/New_York")
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		from := instant(t, "2026-01-01T00:00:00Z").Add(time.Duration(random.IntN(2*365*24*60)) * time.Minute)
		to := from.Add(time.Duration(random.IntN(20*24*60)) * time.Minute)
		live, last := liveByMinutes(r, from, to, newYork)
		if got := r.CenterLive(from, to); got != live {
			t.Errorf("live from %v to %v: %v, by minutes %v", from, to, got, live)
		}
		got, ok := r.CenterLast(from, to)
		if !got.Equal(last) || ok != !last.IsZero() {
			t.Errorf("last from %v to %v: %v %v, by minutes %v", from, to, got, ok, last)
		}
	}
}

// Hours that include the night of a clock change count elapsed time.
func TestLiveHelpAcrossAClockChange(t *testing.T) {
	r := BuiltinRules()
	var err error
	if r.Center.Hours, err = ParseHours("Mon-Sun 00:00-24:00"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, from, to string
		hours          int
	}{
		{"the short Sunday", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", 23},
		{"the long Sunday", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 25},
		{"March, with the short Sunday in it", "2026-03-01T00:00:00-05:00", "2026-04-01T00:00:00-04:00", 31*24 - 1},
		{"autumn, with the long Sunday in it", "2026-10-20T00:00:00-04:00", "2026-11-10T00:00:00-05:00", 21*24 + 1},
		{"eight months with both", "2026-03-01T00:00:00-05:00", "2026-11-08T00:00:00-05:00", 252 * 24},
	} {
		from, to := instant(t, test.from), instant(t, test.to)
		live := r.CenterLive(from, to)
		for d := DateOf(from); d.Compare(DateOf(to)) < 0; d = d.AddDays(1) {
			if r.Closed(d) {
				live += 24 * time.Hour
			}
		}
		if want := time.Duration(test.hours) * time.Hour; live != want {
			t.Errorf("%s: %v, want %v", test.name, live, want)
		}
	}
	r.Center.Hours = Hours{Days: r.Center.Hours.Days, Opens: ClockAt(2, 30), Closes: ClockAt(4, 0)}
	from := instant(t, "2026-03-08T00:00:00-05:00")
	if got := r.CenterOpens(from); !got.Equal(instant(t, "2026-03-08T03:00:00-04:00")) {
		t.Errorf("hours that begin at a skipped time begin at %v, want 03:00", got)
	}
	if got := r.CenterLive(from, from.Add(24*time.Hour)); got != time.Hour {
		t.Errorf("02:30-04:00 on the short Sunday is %v, want 1h", got)
	}
}

func TestCenterLimits(t *testing.T) {
	r := BuiltinRules()
	now := instant(t, "2026-07-14T12:00:00-04:00")
	if got := r.CenterLive(now, now); got != 0 {
		t.Errorf("an empty span has %v of live help", got)
	}
	if got := r.CenterLive(now, now.Add(-time.Hour)); got != 0 {
		t.Errorf("a span that ends before it begins has %v of live help", got)
	}
	if at, ok := r.CenterLast(now, now.Add(-time.Hour)); ok {
		t.Errorf("a span that ends before it begins has a last moment, %v", at)
	}
	if got := r.CenterLive(now, now.AddDate(150, 0, 0)); got < 3000*time.Hour || got > 4000*time.Hour {
		t.Errorf("150 years have %v of live help; the first 400 days were to be counted", got)
	}
	never := Rules{}
	if never.CenterOpen(now) || !never.CenterOpens(now).IsZero() || !never.CenterCloses(now).IsZero() {
		t.Error("a center without hours opens")
	}
	if _, ok := never.CenterLast(now, now.AddDate(150, 0, 0)); ok {
		t.Error("a center without hours answers")
	}
}

func TestBuiltinRulesAreTheCallersOwn(t *testing.T) {
	a, b := BuiltinRules(), BuiltinRules()
	a.ExcludedForms[0] = "I-90"
	if !slices.Equal(b.ExcludedForms, []string{"I-600", "I-600A", "I-800", "I-800A"}) {
		t.Errorf("changing one rule set changed another: %v", b.ExcludedForms)
	}
}
