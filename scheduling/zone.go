package scheduling

import (
	"fmt"
	"hash/fnv"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // so that a machine without zone data computes the same (R33)
)

// zones are those of the built-in sites and of the Contact Center, loaded once:
// reading one takes longer than anything that is done with it.
var zones = sync.OnceValue(func() map[string]*time.Location {
	m := map[string]*time.Location{}
	for _, name := range []string{
		"America/Anchorage", "America/Boise", "America/Chicago", "America/Denver", "America/Detroit",
		"America/Indiana/Indianapolis", "America/Juneau", "America/Kentucky/Louisville",
		"America/Los_Angeles", "America/New_York", "America/Nome", "America/Phoenix",
		"America/Puerto_Rico", "America/Sitka", "America/St_Thomas", "Pacific/Guam",
		"Pacific/Honolulu", "Pacific/Saipan",
	} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			panic(err) // the data is part of the program
		}
		m[name] = loc
	}
	return m
})

// zone finds a location by its IANA name. "Local" and "" are none: nothing here
// depends on the machine.
func zone(name string) (*time.Location, error) {
	if loc, ok := zones()[name]; ok {
		return loc, nil
	}
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is not a time zone; write an IANA name such as America/Chicago", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone; write an IANA name such as America/Chicago", name)
	}
	return loc, nil
}

// instant is the moment at which the wall in a zone shows w. Where the wall
// shows it twice it is the earlier one, and where it never does the answer is
// ErrNoSuchTime: time.Date alone would move it silently.
func instant(w Wall, loc *time.Location) (time.Time, error) {
	t := time.Date(w.Date.Year, w.Date.Month, w.Date.Day, w.Hour, w.Minute, 0, 0, loc)
	if from, _ := t.ZoneBounds(); !from.IsZero() {
		_, offset := t.Zone()
		_, before := from.Add(-1).Zone()
		if twin := t.Add(time.Duration(offset-before) * time.Second); twin.Before(t) && WallOf(twin) == w {
			return twin, nil
		}
	}
	if WallOf(t) != w {
		return time.Time{}, ErrNoSuchTime
	}
	return t, nil
}

// existing is instant, but for a wall time that a clock change skips it is the
// moment of the change: the next time that exists.
func existing(w Wall, loc *time.Location) time.Time {
	t, err := instant(w, loc)
	if err == nil {
		return t
	}
	t = time.Date(w.Date.Year, w.Date.Month, w.Date.Day, w.Hour, w.Minute, 0, 0, loc)
	before, after := t.ZoneBounds()
	if WallOf(t).Compare(w) < 0 {
		return after
	}
	return before
}

// TimeZoneVersion identifies the time zone rules in use, as "go1.26.8/5d1c02aa".
// The data itself carries no version that a program can read, and the machine's
// own copy goes before the embedded one. So the second part is a fingerprint of
// every clock change from 2020 to 2040 in the zones of the built-in sites: it
// differs exactly when a stored wall time might mean another instant.
func TimeZoneVersion() string {
	h := fnv.New32a()
	end := time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range slices.Sorted(maps.Keys(zones())) {
		fmt.Fprintln(h, name)
		for t := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).In(zones()[name]); t.Before(end); {
			_, offset := t.Zone()
			_, next := t.ZoneBounds()
			fmt.Fprintln(h, offset, next.Unix())
			if next.IsZero() {
				break
			}
			t = next
		}
	}
	return fmt.Sprintf("%s/%08x", runtime.Version(), h.Sum32())
}
