package scheduling

import "time"

// Center is the USCIS Contact Center, where everything goes that the online tool
// refuses (R24). The numbers are to be shown as they stand.
type Center struct {
	Phone    string // within the United States
	TTY      string
	Abroad   string // from outside the United States
	Military string
	Zone     string // IANA name; Hours are on its clock
	Hours    Hours  // of live help: weekdays and span, never on a closed day (R25)
}

// How far the Center's calendar is searched and counted. Nothing is booked so far
// ahead, and a rule set that closes the lines for good must not hang a program.
const centerDays = 400

// Location is the zone of the Center's hours, UTC if Zone is none.
func (c Center) Location() *time.Location {
	loc, err := zone(c.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// CenterOpen reports whether somebody answers the phone at t.
func (r Rules) CenterOpen(t time.Time) bool {
	w, ok := r.centerWindow(DateOf(t.In(r.Center.Location())).number())
	return ok && !t.Before(w.opens) && t.Before(w.closes)
}

// CenterOpens is t itself while the lines are open, else the moment they open
// next; zero if they do not within 400 days.
func (r Rules) CenterOpens(t time.Time) time.Time {
	w, ok := r.nextWindow(t)
	if !ok || t.Before(w.opens) {
		return w.opens
	}
	return t
}

// CenterCloses is the end of the hours that t falls into, or else of the next
// ones; zero if there are none within 400 days.
func (r Rules) CenterCloses(t time.Time) time.Time {
	w, _ := r.nextWindow(t)
	return w.closes
}

// CenterLive is how long somebody answers the phone between two instants, from
// inclusive, to exclusive: elapsed time. It counts the first 400 days of a
// longer span, and is 0 when to is not after from.
func (r Rules) CenterLive(from, to time.Time) time.Duration {
	if !from.Before(to) {
		return 0
	}
	loc := r.Center.Location()
	from, to = from.In(loc), to.In(loc)
	first, last := DateOf(from).number(), DateOf(to).number()
	// A whole day without a clock change lasts what its hours say; only the others
	// need a look at the zone.
	whole := time.Duration(r.Center.Hours.Closes-r.Center.Hours.Opens) * time.Minute
	change := changeAfter(from)
	var live time.Duration
	for n := first; n <= last && n < first+centerDays; n++ {
		if n != first && n != last && n != change {
			if r.centerWorks(n) {
				live += whole
			}
			continue
		}
		if w, ok := r.centerWindow(n); ok {
			live += w.overlap(from, to)
		}
		if n == change {
			change = changeAfter(dateOn(n + 1).midnight(loc))
		}
	}
	return live
}

// CenterLast is the end of the last time in [from, to) at which somebody answers
// the phone, and false if nobody does. When the lines are open up to to, it is
// to. It looks back at most 400 days.
func (r Rules) CenterLast(from, to time.Time) (time.Time, bool) {
	if !from.Before(to) {
		return time.Time{}, false
	}
	loc := r.Center.Location()
	first, last := DateOf(from.In(loc)).number(), DateOf(to.In(loc)).number()
	for n := last; n >= first && n > last-centerDays; n-- {
		if w, ok := r.centerWindow(n); ok && w.overlap(from, to) > 0 {
			return earlier(w.closes, to), true
		}
	}
	return time.Time{}, false
}

// A window is one day's hours of the Center.
type window struct{ opens, closes time.Time }

func (w window) overlap(from, to time.Time) time.Duration {
	return max(0, earlier(w.closes, to).Sub(later(w.opens, from)))
}

func (r Rules) centerWorks(day int) bool {
	return r.Center.Hours.Days.Has(weekdayOf(day)) && !r.closedOn(day)
}

func (r Rules) centerWindow(day int) (window, bool) {
	if !r.centerWorks(day) {
		return window{}, false
	}
	h, loc := r.Center.Hours, r.Center.Location()
	opens := existing(h.Opens.on(dateOn(day)), loc)
	if h.Closes == endOfDay {
		return window{opens, dateOn(day + 1).midnight(loc)}, true
	}
	return window{opens, existing(h.Closes.on(dateOn(day)), loc)}, true
}

// nextWindow is the first that has not ended at t.
func (r Rules) nextWindow(t time.Time) (window, bool) {
	first := DateOf(t.In(r.Center.Location())).number()
	for n := first; n < first+centerDays; n++ {
		if w, ok := r.centerWindow(n); ok && t.Before(w.closes) {
			return w, true
		}
	}
	return window{}, false
}

// changeAfter is the day of the next clock change after t in t's location, or
// a day that never comes.
func changeAfter(t time.Time) int {
	_, end := t.ZoneBounds()
	if end.IsZero() {
		return -1 << 31
	}
	return DateOf(end).number()
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
