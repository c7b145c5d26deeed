package scheduling

import (
	"errors"
	"math"
	"time"
)

// A Site is an Application Support Center, where biometrics are taken.
type Site struct {
	Code         string // three capital letters, such as XAA
	City         string
	State        string // two letters; "" where the source does not say
	Zone         string // IANA name
	Kind         string // "fixed", or why it is not offered: "mobile", "remote", "closed?", ...
	Hours        Hours
	VisitMinutes int     // length of a visit, and the step from one start to the next
	Seats        int     // people per start
	Lat, Lon     float64 // of the city's centre, for sorting by distance and nothing else; 0, 0: unknown

	ambiguous bool // another site of the list has the same city: the name needs the code
}

// What holds for a site that does not say otherwise (domain reference, section 5).
const (
	fixedKind           = "fixed"
	defaultHours        = "Mon-Fri 08:00-16:00"
	defaultVisitMinutes = 20
	defaultSeats        = 4

	lastStart Clock = 60 // minutes before closing
)

// ErrNoSuchTime says that a wall time was skipped by a clock change.
var ErrNoSuchTime = errors.New("this time does not exist there: it is skipped when the clocks are set forward")

// Name is "Chicago, IL", followed by the code where the list has several sites
// in that city.
func (s Site) Name() string {
	name := s.City
	switch state := stateName(s.State); {
	case s.City == "" || s.City == state:
		name = state
	case s.State != "":
		name += ", " + s.State
	}
	if s.ambiguous {
		name += " (" + s.Code + ")"
	}
	return name
}

// Location is the site's time zone; UTC if Zone is none, which no site of a
// [Sites] has.
func (s Site) Location() *time.Location {
	loc, err := zone(s.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Instant is the moment at which clocks at the site show w. In the hour that
// repeats when clocks are set back it is the earlier of the two; for a time that
// is skipped, and for a date that does not exist, the error is ErrNoSuchTime.
func (s Site) Instant(w Wall) (time.Time, error) {
	return instant(w, s.Location())
}

// Offered reports whether people may choose this site (R33): only fixed ones.
func (s Site) Offered() bool { return s.Kind == fixedKind }

// Starts are the times on day d at which visits begin, in order: every
// VisitMinutes from opening until one hour before closing. There are none on
// days the site is not open and on those that closed reports; a nil closed
// reports none. Times that a clock change skips are still listed.
func (s Site) Starts(d Date, closed func(Date) bool) []Wall {
	if !s.Hours.Days.Has(d.Weekday()) || s.VisitMinutes <= 0 || closed != nil && closed(d) {
		return nil
	}
	starts := make([]Wall, 0, max(0, int(s.Hours.Closes-s.Hours.Opens)/s.VisitMinutes))
	for c := s.Hours.Opens; c <= s.Hours.Closes-lastStart; c += Clock(s.VisitMinutes) {
		starts = append(starts, c.on(d))
	}
	return starts
}

// An Unusual time may be right, but more often somebody typed a date wrongly: whoever
// puts it on file should look at the notice again.
type Unusual string

const (
	UsuallyClosed Unusual = "closed" // as far as the rules and the site's hours tell
	FarAhead      Unusual = "far"    // more than a year from now
)

// Unusual is what is strange about an appointment at a site, "" if nothing is.
func (r Rules) Unusual(s Site, w Wall, now time.Time) Unusual {
	at := ClockAt(w.Hour, w.Minute)
	switch {
	case w.Date.number() > DateOf(now.In(s.Location())).AddDays(366).number():
		return FarAhead
	case !s.Hours.Days.Has(w.Date.Weekday()) || r.Closed(w.Date) || at < s.Hours.Opens || at >= s.Hours.Closes:
		return UsuallyClosed
	}
	return ""
}

// located reports whether the site's coordinates are known.
func (s Site) located() bool { return s.Lat != 0 || s.Lon != 0 }

// kilometres is the great-circle distance, or +Inf where a coordinate is unknown.
func (s Site) kilometres(t Site) float64 {
	if !s.located() || !t.located() {
		return math.Inf(1)
	}
	const earth, degree = 6371, math.Pi / 180
	a, b := s.Lat*degree, t.Lat*degree
	h := square(math.Sin((b-a)/2)) + math.Cos(a)*math.Cos(b)*square(math.Sin((t.Lon-s.Lon)*degree/2))
	return 2 * earth * math.Asin(min(1, math.Sqrt(h)))
}

func square(x float64) float64 { return x * x }
