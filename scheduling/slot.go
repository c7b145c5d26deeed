package scheduling

import "time"

// A Slot is a start at a site with room left. It survives JSON unchanged.
type Slot struct {
	Site  string    // code
	Local Wall      // at the site
	Start time.Time // the same as an instant, in UTC
	Free  int       // seats left
}

// A SlotProblem is why an appointment can't be moved to a time.
type SlotProblem string

// The problems, in the order in which CheckSlot looks for them.
const (
	SlotFine           SlotProblem = ""
	SlotSameAsNow      SlotProblem = "same_as_now"      // would burn a change for nothing (R10)
	SlotSiteNotOffered SlotProblem = "site_not_offered" // R33
	SlotNoSuchTime     SlotProblem = "no_such_time"     // skipped by a clock change, or no such date
	SlotPast           SlotProblem = "past"
	SlotInsideWindow   SlotProblem = "inside_window" // could not even be moved again
	SlotBeyondHorizon  SlotProblem = "beyond_horizon"
	SlotNotAStart      SlotProblem = "not_a_start" // off the site's grid, or closed that day
)

// CheckSlot says what stands against moving a to the wall time w at s. It knows
// the rules and the site, not who else has booked: whether a seat is free is for
// the book to say.
func (r Rules) CheckSlot(a Appointment, s Site, w Wall, now time.Time) SlotProblem {
	if s.Code == a.Site.Code && w == a.Local {
		return SlotSameAsNow
	}
	if !s.Offered() {
		return SlotSiteNotOffered
	}
	start, err := s.Instant(w)
	switch {
	case err != nil:
		return SlotNoSuchTime
	case !start.After(now):
		return SlotPast
	case start.Sub(now) <= r.Window:
		return SlotInsideWindow
	case w.Date.Compare(r.horizon(s, now)) > 0:
		return SlotBeyondHorizon
	}
	for _, at := range s.Starts(w.Date, r.Closed) {
		if at == w {
			return SlotFine
		}
	}
	return SlotNotAStart
}

// TooCloseToChange reports whether an appointment at start could hardly be moved
// again: less than TooClose is left (R10 warns).
func (r Rules) TooCloseToChange(start, now time.Time) bool { return start.Sub(now) < r.TooClose }

// horizon is the last day that may be offered at a site.
func (r Rules) horizon(s Site, now time.Time) Date {
	return DateOf(now.In(s.Location())).AddDays(r.HorizonDays)
}
