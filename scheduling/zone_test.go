package scheduling_test

import (
	"errors"
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

// Every zone of the list, every day around a clock change from 2026 to 2030 and
// some quiet days: each wall time must mean the earliest instant at which a clock
// there shows it, and none if no clock ever does. The oracle walks through the
// minutes and looks at the clock.
func TestWallTimesAroundClockChanges(t *testing.T) {
	seen := map[string]Site{}
	for _, s := range BuiltinSites().All() {
		if _, ok := seen[s.Zone]; !ok {
			seen[s.Zone] = s
		}
	}
	if len(seen) < 18 {
		t.Fatalf("only %d zones", len(seen))
	}
	changes := 0
	for zone, s := range seen {
		loc := location(t, zone)
		for _, d := range daysToLookAt(loc) {
			shown := map[Wall]time.Time{}
			noon := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
			for at := noon.Add(-48 * time.Hour); at.Before(noon.Add(48 * time.Hour)); at = at.Add(time.Minute) {
				if w := WallOf(at.In(loc)); w.Date == d {
					if _, ok := shown[w]; !ok {
						shown[w] = at
					}
				}
			}
			missing := 0
			for minute := range 24 * 60 {
				w := Wall{Date: d, Hour: minute / 60, Minute: minute % 60}
				want, exists := shown[w]
				got, err := s.Instant(w)
				switch {
				case exists && (err != nil || !got.Equal(want)):
					t.Fatalf("%s %v: %v, %v; a clock there shows it at %v", zone, w, got, err, want)
				case !exists && !errors.Is(err, ErrNoSuchTime):
					t.Fatalf("%s %v: %v, %v; no clock there ever shows it", zone, w, got, err)
				case !exists:
					missing++
				}
			}
			if missing > 0 {
				changes++
			}
		}
	}
	// Twelve of these zones change their clocks, once a year forward.
	if changes != 5*12 {
		t.Errorf("%d days with skipped times, want 60", changes)
	}
}

// daysToLookAt are the days of the clock changes, and one in each month.
func daysToLookAt(loc *time.Location) []Date {
	var days []Date
	for at := time.Date(2026, 1, 1, 0, 0, 0, 0, loc); at.Year() <= 2030; {
		_, next := at.ZoneBounds()
		if next.IsZero() || next.Year() > 2030 {
			break
		}
		days = append(days, DateOf(next.In(loc)))
		at = next.Add(time.Hour).In(loc)
	}
	for month := time.January; month <= time.December; month++ {
		days = append(days, Date{Year: 2026, Month: month, Day: 17})
	}
	return days
}

// The zones people get wrong (domain reference, section 5).
func TestZoneTraps(t *testing.T) {
	for _, test := range []struct{ city, code, local, utc string }{
		{"El Paso is on Mountain time", "XEA", "2026-07-14 09:00", "2026-07-14T15:00:00Z"},
		{"Rapid City too", "XSJ", "2026-07-14 09:00", "2026-07-14T15:00:00Z"},
		{"Michigan City is on Central time", "XCF", "2026-07-14 09:00", "2026-07-14T14:00:00Z"},
		{"Indianapolis is on Eastern time", "XCG", "2026-07-14 09:00", "2026-07-14T13:00:00Z"},
		{"Louisville is on Eastern time", "XNF", "2026-07-14 09:00", "2026-07-14T13:00:00Z"},
		{"Detroit is on Eastern time", "XDK", "2026-07-14 09:00", "2026-07-14T13:00:00Z"},
		{"Phoenix has no summer time", "XPQ", "2026-07-14 09:00", "2026-07-14T16:00:00Z"},
		{"nor has Honolulu", "XHF", "2026-07-14 09:00", "2026-07-14T19:00:00Z"},
		{"nor Puerto Rico", "XPM", "2026-07-14 09:00", "2026-07-14T13:00:00Z"},
		{"Saipan is a day ahead", "XHS", "2026-07-14 09:00", "2026-07-13T23:00:00Z"},
		{"Memphis is on Central time", "XND", "2026-07-14 09:00", "2026-07-14T14:00:00Z"},
		{"Boise is on Mountain time", "XHD", "2026-07-14 09:00", "2026-07-14T15:00:00Z"},
		{"Watford City is on Central time", "XWC", "2026-07-14 09:00", "2026-07-14T14:00:00Z"},
	} {
		got, err := site(t, test.code).Instant(wall(t, test.local))
		if err != nil || !got.Equal(instant(t, test.utc)) {
			t.Errorf("%s: %v, %v; want %s", test.city, got.UTC(), err, test.utc)
		}
	}
}

func TestInstantOfADateThatDoesNotExist(t *testing.T) {
	for _, w := range []Wall{
		{Date: Date{Year: 2026, Month: time.February, Day: 30}, Hour: 9},
		{Date: Date{Year: 2026, Month: 13, Day: 1}, Hour: 9},
		{Date: Date{Year: 2026, Month: time.May, Day: 5}, Hour: 24},
		{Date: Date{Year: 2026, Month: time.May, Day: 5}, Hour: 9, Minute: 60},
	} {
		if at, err := site(t, "XCB").Instant(w); !errors.Is(err, ErrNoSuchTime) {
			t.Errorf("%v is %v, %v; want ErrNoSuchTime", w, at, err)
		}
	}
}

func TestTimeZoneVersion(t *testing.T) {
	if a, b := TimeZoneVersion(), TimeZoneVersion(); a != b || len(a) < 10 {
		t.Errorf("the version is %q and then %q", a, b)
	}
}
