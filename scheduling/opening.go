package scheduling

import (
	"cmp"
	"slices"
	"time"
)

// Taken answers how many seats are taken per start, in Unix seconds, at a site
// in [from, to). A start that is absent has none taken. There may be more than
// Site.Seats where facts were recorded beyond it.
type Taken func(site string, from, to time.Time) map[int64]int

// A Part is a part of the day.
type Part string

// The parts of the day; noon begins the afternoon.
const (
	AnyPart   Part = ""
	Morning   Part = "morning"
	Afternoon Part = "afternoon"
)

func (p Part) has(w Wall) bool {
	switch p {
	case Morning:
		return w.Hour < 12
	case Afternoon:
		return w.Hour >= 12
	}
	return true
}

// A Query says which openings are wanted.
type Query struct {
	From, To  Date // period, both inclusive, at the site; a zero From is today, a zero To the horizon
	Near      Wall // nearest to this wall time first; zero: in time order
	OnePerDay bool // one a day, in time order: the one nearest to Near's time of day, or the day's first
	Part      Part
	Limit     int  // at most so many; 0: all
	Except    Wall // this start is not offered
}

// Openings lists starts at a site that have a free seat and that CheckSlot would
// not refuse: on the grid, more than Rules.Window from now, within the horizon.
// Equally near ones come in time order. A site that is not offered has none; a
// nil taken means that nothing is taken.
//
// taken is asked for a week at a time and only for the weeks looked at, so the
// cost does not depend on how full the book is.
func (r Rules) Openings(s Site, q Query, now time.Time, taken Taken) []Slot {
	if !s.Offered() || q.Limit < 0 {
		return nil
	}
	today := DateOf(now.In(s.Location()))
	first, last := today.number(), r.horizon(s, now).number()
	if !q.From.IsZero() {
		first = max(first, q.From.number())
	}
	if !q.To.IsZero() {
		last = min(last, q.To.number())
	}
	b := &book{
		rules: r, site: s, zone: s.Location(), query: q, after: now.Add(r.Window), taken: taken,
		near: q.Near.minutes(), first: first, weeks: map[int]map[int64]int{},
	}
	if q.Near.IsZero() || q.OnePerDay {
		return b.inOrder(first, last)
	}
	return b.nearest(first, last)
}

// A book answers for single days, for the length of one question.
type book struct {
	rules Rules
	site  Site
	zone  *time.Location
	query Query
	after time.Time // starts must be later
	taken Taken
	near  int                   // Near in minutes
	first int                   // the week of this day is week 0
	weeks map[int]map[int64]int // what is taken, as far as it was asked
	slots []Slot                // of the day last looked at
}

// inOrder collects day by day.
func (b *book) inOrder(first, last int) []Slot {
	var found []Slot
	for day := first; day <= last; day++ {
		slots := b.day(day)
		if b.query.OnePerDay && len(slots) > 0 {
			found = append(found, slices.MinFunc(slots, b.nearerTime))
		} else {
			found = append(found, slots...)
		}
		if limit := b.query.Limit; limit > 0 && len(found) >= limit {
			return found[:limit]
		}
	}
	return found
}

// nearerTime compares by time of day; MinFunc takes the earlier of equals.
func (b *book) nearerTime(x, y Slot) int {
	if b.query.Near.IsZero() {
		return 0
	}
	near := b.query.Near.clock()
	return cmp.Compare(apart(int(x.Local.clock()), int(near)), apart(int(y.Local.clock()), int(near)))
}

// nearest walks outward from Near's day and stops when no further day can hold
// anything nearer than what it has.
func (b *book) nearest(first, last int) []Slot {
	near, limit := b.query.Near.Date.number(), b.query.Limit
	var found []Slot
	back, on := min(near, last), max(near+1, first)
	for back >= first || on <= last {
		day := back
		if back < first || on <= last && on-near < near-back {
			day = on
			on++
		} else {
			back--
		}
		enough := limit > 0 && len(found) >= limit
		if enough && b.distance(found[limit-1]) < (apart(day, near)-1)*int(endOfDay) {
			break
		}
		found = append(found, b.day(day)...)
		if limit > 0 && len(found) >= limit {
			b.sort(found)
			found = found[:limit]
		}
	}
	b.sort(found)
	return found
}

// sort puts the nearest first, and of two equally near the earlier.
func (b *book) sort(slots []Slot) {
	slices.SortFunc(slots, func(x, y Slot) int {
		return cmp.Or(cmp.Compare(b.distance(x), b.distance(y)), cmp.Compare(x.Start.Unix(), y.Start.Unix()))
	})
}

// distance is how many minutes the wall time is from Near.
func (b *book) distance(s Slot) int { return apart(s.Local.minutes(), b.near) }

func apart(a, b int) int { return max(a-b, b-a) }

// day lists the openings of one day in time order. The next call overwrites
// them.
func (b *book) day(number int) []Slot {
	slots := b.slots[:0]
	for _, w := range b.site.Starts(dateOn(number), b.rules.Closed) {
		if w == b.query.Except || !b.query.Part.has(w) {
			continue
		}
		start, err := instant(w, b.zone)
		if err != nil || !start.After(b.after) {
			continue
		}
		if free := b.site.Seats - b.takenAt(number, start); free > 0 {
			slots = append(slots, Slot{Site: b.site.Code, Local: w, Start: start.UTC(), Free: free})
		}
	}
	b.slots = slots
	return slots
}

func (b *book) takenAt(number int, start time.Time) int {
	if b.taken == nil {
		return 0
	}
	week := (number - b.first) / 7
	seats, asked := b.weeks[week]
	if !asked {
		from := b.first + week*7
		seats = b.taken(b.site.Code, dateOn(from).midnight(b.zone), dateOn(from+7).midnight(b.zone))
		b.weeks[week] = seats
	}
	return seats[start.Unix()]
}
