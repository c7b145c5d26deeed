package scheduling_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "reschedulebot/scheduling"
)

func TestParseDate(t *testing.T) {
	third := Date{Year: 2026, Month: time.December, Day: 3}
	for given, want := range map[string]Date{
		"2026-12-03": third, "2026-12-3": third, "12/03/2026": third, "12/3/2026": third, " 2026-12-03 ": third,
		"2028-02-29": {Year: 2028, Month: time.February, Day: 29}, "1900-01-01": {Year: 1900, Month: time.January, Day: 1},
	} {
		if got, err := ParseDate(given); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", given, got, err, want)
		}
	}
	for _, given := range []string{
		"", "tomorrow", "2026-02-29", "2026-13-01", "13/12/2026", "2026-00-10", "2026-04-31", "03.12.2026", "12/03/26",
		"2026/12/03", "20261203", "1899-12-31", "2200-01-01", "2026-12-03T10:20", "+2026-1-1", "2026-1-1-1", "２０２６-12-03",
	} {
		_, err := ParseDate(given)
		mustReject(t, given, err)
	}
	if _, err := ParseDate("2226-12-26"); err == nil || strings.Contains(err.Error(), "no day") || !strings.Contains(err.Error(), "2226") {
		t.Errorf("a day that there will be: %v", err)
	}
}

func TestDates(t *testing.T) {
	d := day(t, "2026-12-31")
	if got := d.AddDays(1).String(); got != "2027-01-01" {
		t.Errorf("the day after New Year's Eve is %s", got)
	}
	if got := d.AddDays(-365).String(); got != "2025-12-31" {
		t.Errorf("365 days earlier is %s", got)
	}
	if d.Weekday() != time.Thursday {
		t.Errorf("2026-12-31 is a %v", d.Weekday())
	}
	if d.Compare(d.AddDays(1)) != -1 || d.Compare(d) != 0 || d.Compare(day(t, "2026-12-30")) != 1 || day(t, "2027-01-01").Compare(d) != 1 {
		t.Error("dates compare wrongly")
	}
	if (Date{}).String() != "" || !(Date{}).IsZero() || d.IsZero() {
		t.Error("the zero date is a date, or a date is none")
	}
	tokyo := location(t, "Asia/Tokyo")
	if got := DateOf(instant(t, "2026-12-31T20:00:00Z").In(tokyo)).String(); got != "2027-01-01" {
		t.Errorf("in Tokyo it is %s", got)
	}
}

func TestParseClock(t *testing.T) {
	for given, want := range map[string]Clock{
		"10:20": ClockAt(10, 20), "9:05": ClockAt(9, 5), "00:00": 0, "23:59": ClockAt(23, 59), "10:20:00": ClockAt(10, 20),
		"10:20 AM": ClockAt(10, 20), "10:20am": ClockAt(10, 20), "9:05 pm": ClockAt(21, 5), "12:00 AM": 0, "12:30 PM": ClockAt(12, 30),
		"9 a.m.": ClockAt(9, 0), "12pm": ClockAt(12, 0), "01:00:00 p.m.": ClockAt(13, 0),
	} {
		hour, minute, err := ParseClock(given)
		if err != nil || ClockAt(hour, minute) != want {
			t.Errorf("%q: %d:%d, %v; want %v", given, hour, minute, err, want)
		}
	}
	for _, given := range []string{"", "10", "24:00", "10:60", "13:00 PM", "0:30 AM", "10.20", "10:2", "ten", "10:20:30", "10:20:", "-1:00", "10:20 XM", "1:00:00:00"} {
		_, _, err := ParseClock(given)
		mustReject(t, given, err)
	}
}

func TestParseWall(t *testing.T) {
	want := Wall{Date: Date{Year: 2026, Month: time.December, Day: 3}, Hour: 10, Minute: 20}
	for _, given := range []string{"2026-12-03 10:20", "2026-12-03T10:20", "12/03/2026 10:20 AM", " 2026-12-03 10:20 "} {
		if got, err := ParseWall(given); err != nil || got != want {
			t.Errorf("%q: %v, %v", given, got, err)
		}
	}
	for _, given := range []string{"", "2026-12-03", "10:20", "2026-12-03 25:00", "2026-02-30 10:20", "10:20 2026-12-03", "2026-12-03T10:20Z"} {
		_, err := ParseWall(given)
		mustReject(t, given, err)
	}
	if want.Compare(wall(t, "2026-12-03 10:21")) != -1 || want.Compare(want) != 0 || want.Compare(wall(t, "2026-12-02 23:00")) != 1 {
		t.Error("wall times compare wrongly")
	}
}

// A conversation is kept as JSON between two messages.
func TestJSON(t *testing.T) {
	type kept struct {
		Slot  Slot
		None  *Slot
		Days  []Date
		Wall  Wall
		Zero  Wall
		Never Date
	}
	slots := BuiltinRules().Openings(site(t, "XCB"), Query{Limit: 1}, instant(t, "2026-06-01T09:00:00-05:00"), nil)
	if len(slots) != 1 {
		t.Fatalf("%d openings", len(slots))
	}
	before := kept{Slot: slots[0], Days: []Date{day(t, "2026-12-03")}, Wall: wall(t, "2026-12-03 10:20")}
	text, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	var after kept
	if err := json.Unmarshal(text, &after); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("%s\ncame back changed:\n%s", text, diff)
	}
	if after.Slot != before.Slot {
		t.Errorf("the slot is no longer == itself: %#v, %#v", before.Slot, after.Slot)
	}
	for _, bad := range []string{`{"Wall":"soon"}`, `{"Days":["2026-02-30"]}`, `{"Wall":7}`} {
		if err := json.Unmarshal([]byte(bad), &after); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestParseHours(t *testing.T) {
	for given, want := range map[string]string{
		"Mon-Fri 08:00-16:00":            "Mon-Fri 08:00-16:00",
		"mon-fri 8:00-16:00":             "Mon-Fri 08:00-16:00",
		"Monday-Friday 8:00 AM-4:00 PM":  "Mon-Fri 08:00-16:00",
		"Mon,Wed,Sat 8:30-12:00":         "Mon,Wed,Sat 08:30-12:00",
		"Tue-Sat 00:00-24:00":            "Tue-Sat 00:00-24:00",
		"Sat-Mon 09:00-10:00":            "Mon,Sat,Sun 09:00-10:00",
		"Mon,Tue,Wed,Thu,Fri 9:00-10:00": "Mon-Fri 09:00-10:00",
	} {
		h, err := ParseHours(given)
		if err != nil || h.String() != want {
			t.Errorf("%q: %q, %v; want %q", given, h, err, want)
		}
	}
	for _, given := range []string{"", "Mon-Fri", "08:00-16:00", "Mon-Fri 16:00-08:00", "Mon-Fri 08:00-08:00", "Mon-Fri 08:00", "Moonday 08:00-16:00", "Mon--Fri 08:00-16:00", "Mon-Fri 08:00-25:00", "Mon-Fri,  08:00-16:00"} {
		_, err := ParseHours(given)
		mustReject(t, given, err)
	}
	if (Hours{}).String() != "" {
		t.Error("no hours have a text")
	}
}

func TestReasons(t *testing.T) {
	if got := len(Reasons()); got != 7 || Reasons()[6] != Other {
		t.Errorf("%d reasons, the last %v", got, Reasons()[got-1])
	}
}
