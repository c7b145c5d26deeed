package conversation

import (
	"cmp"
	"slices"
	"time"

	"reschedulebot/scheduling"
)

// firstQuery is what is offered unasked: one time a day, near the hour of the
// old appointment, from Draft.From on.
func (t *turn) firstQuery() scheduling.Query {
	q := scheduling.Query{From: t.s.Draft.From, OnePerDay: true, Part: t.s.Draft.Part, Limit: perPage}
	if c, ok := t.draftCase(); ok && c.Appointment != nil {
		q.Near = inPart(scheduling.Wall{Date: q.From, Hour: c.Appointment.Local.Hour, Minute: c.Appointment.Local.Minute}, q.Part)
	}
	return q
}

// inPart puts a time into the part of the day that is wished for.
func inPart(w scheduling.Wall, p scheduling.Part) scheduling.Wall {
	switch {
	case p == scheduling.Morning && w.Hour >= 12:
		w.Hour, w.Minute = 10, 0
	case p == scheduling.Afternoon && w.Hour < 12:
		w.Hour, w.Minute = 14, 0
	}
	return w
}

// openings are free times at the chosen site, never the appointment's own.
func (t *turn) openings(q scheduling.Query) []scheduling.Slot {
	s, ok := t.f.Sites().Find(t.s.Draft.Site)
	if !ok {
		return nil
	}
	if c, ok := t.draftCase(); ok && c.Appointment != nil && c.Appointment.Site.Code == s.Code {
		q.Except = c.Appointment.Local
	}
	return t.f.Openings(s, q)
}

func (t *turn) slotQuestion() (Text, []choice) {
	var choices []choice
	for i, w := range t.s.Draft.Offered {
		choices = append(choices, choice{label: t.w.short(w), value: "t" + itoa(i)})
	}
	choices = append(choices, t.choice("more.dates", "more"), t.choice("place.other", "other"))
	place := ""
	if s, ok := t.f.Sites().Find(t.s.Draft.Site); ok {
		place = s.Name()
	}
	return t.times("slot.ask", with{"site": place}), choices
}

// times speaks of times to choose from. Where this book is the authority it knows
// which are free; at the desk nobody here does, and they can only be asked for.
func (t *turn) times(key string, values with) Text {
	if t.f.Office().Booking == Desk {
		key += ".desk"
	}
	return t.w.text(key, values)
}

func (t *turn) slotAnswer(value string) {
	switch value {
	case "more":
		t.moreDates()
	case "other":
		t.anyPlace()
		t.next(AskSite)
	default:
		n, ok := index(value)
		if !ok || n >= len(t.s.Draft.Offered) {
			t.again(t.w.text("outofdate"))
			return
		}
		if site, ok := t.f.Sites().Find(t.s.Draft.Site); ok {
			t.exactly(t.s.Draft.Offered[n], site)
			return
		}
		t.again(t.w.text("outofdate"))
	}
}

// moreDates goes on after the last day shown, and begins again at the end.
func (t *turn) moreDates() {
	last := t.s.Draft.From
	for _, w := range t.s.Draft.Offered {
		last = maxDate(last, w.Date)
	}
	t.s.Draft.From = last.AddDays(1)
	if offered := t.openings(t.firstQuery()); len(offered) > 0 {
		t.s.Draft.Offered = walls(offered)
		t.ask(AskSlot)
		return
	}
	if s, ok := t.f.Sites().Find(t.s.Draft.Site); ok {
		t.s.Draft.From, t.s.Draft.Part = scheduling.DateOf(t.now.In(s.Location())), scheduling.AnyPart
	}
	t.offer(t.openings(t.firstQuery()), t.w.text("slot.nomore"))
}

// take chooses a time, if it can still be had, and reads everything back.
func (t *turn) take(s scheduling.Slot) {
	c, ok := t.current()
	if !ok {
		return
	}
	site, problem := t.checkSlot(c, s)
	if problem != scheduling.SlotFine {
		t.offerInstead(t.nearest(s.Local), t.problem(problem, t.w.short(s.Local)))
		return
	}
	if t.f.Seats(site, s.Start) <= 0 {
		t.lost(s)
		return
	}
	t.s.Draft.Slot = s.Local
	t.next(Confirm)
}

// chosen is the time that was chosen, at the site that was chosen.
func (t *turn) chosen() (scheduling.Slot, bool) {
	w := t.s.Draft.Slot
	site, ok := t.f.Sites().Find(t.s.Draft.Site)
	if !ok || w == (scheduling.Wall{}) {
		return scheduling.Slot{}, false
	}
	start, err := site.Instant(w)
	return scheduling.Slot{Site: site.Code, Local: w, Start: start}, err == nil
}

func walls(slots []scheduling.Slot) []scheduling.Wall {
	var out []scheduling.Wall
	for _, s := range slots {
		out = append(out, s.Local)
	}
	return out
}

// checkSlot asks the rules about a time at its site.
func (t *turn) checkSlot(c Case, s scheduling.Slot) (scheduling.Site, scheduling.SlotProblem) {
	site, ok := t.f.Sites().Find(s.Site)
	if !ok {
		return site, scheduling.SlotSiteNotOffered
	}
	return site, t.f.Rules().CheckSlot(*c.Appointment, site, s.Local, t.now)
}

// problem says why a time can't be had.
func (t *turn) problem(p scheduling.SlotProblem, slot string) Text {
	r := t.f.Rules()
	return t.w.text("slot."+string(p), with{"slot": slot, "days": r.HorizonDays, "window": t.w.span(r.Window)})
}

// lost offers the times nearest to one that somebody else has taken. Nothing
// already answered is asked again.
func (t *turn) lost(s scheduling.Slot) {
	t.s.Draft.Slot = scheduling.Wall{}
	t.offerInstead(t.nearest(s.Local), t.times("slot.lost", with{"slot": t.w.short(s.Local)}))
}

// around is how many days before and after are looked at for the nearest times.
const around = 10

// nearest are the free times of that day that are nearest to w, and where they are
// few, one on each of the nearest other days.
func (t *turn) nearest(w scheduling.Wall) []scheduling.Slot {
	day := scheduling.Query{From: w.Date, To: w.Date, Near: w, Limit: perPage}
	slots := t.openings(day)
	if len(slots) > perPage/2 {
		return slots
	}
	if s, ok := t.f.Sites().Find(t.s.Draft.Site); ok {
		today := scheduling.DateOf(t.now.In(s.Location()))
		w.Date = minDate(maxDate(w.Date, today), today.AddDays(t.f.Rules().HorizonDays))
	}
	others := t.openings(scheduling.Query{From: w.Date.AddDays(-around), To: w.Date.AddDays(around), Near: w, OnePerDay: true, Limit: 2*around + 1})
	slices.SortStableFunc(others, func(a, b scheduling.Slot) int {
		return cmp.Compare(apart(a.Local.Date, w.Date), apart(b.Local.Date, w.Date))
	})
	for _, s := range others {
		if s.Local.Date != day.From && len(slots) < perPage {
			slots = append(slots, s)
		}
	}
	if len(slots) == 0 {
		return t.openings(scheduling.Query{Near: w, Limit: perPage})
	}
	return slots
}

func minDate(a, b scheduling.Date) scheduling.Date {
	if b.Compare(a) < 0 {
		return b
	}
	return a
}

func maxDate(a, b scheduling.Date) scheduling.Date {
	if b.Compare(a) > 0 {
		return b
	}
	return a
}

// apart is how far two days lie apart.
func apart(a, b scheduling.Date) time.Duration {
	utc := func(d scheduling.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }
	return utc(a).Sub(utc(b)).Abs()
}

// offerInstead is offer after what was asked for can't be had.
func (t *turn) offerInstead(slots []scheduling.Slot, why Text) {
	if len(slots) > 0 {
		why = sentences(why, t.times("slot.nearest", nil))
	}
	t.offer(slots, why)
}

// offer shows other times, or goes on to other places when there are none.
func (t *turn) offer(slots []scheduling.Slot, first Text) {
	if len(slots) > 0 {
		slices.SortFunc(slots, func(a, b scheduling.Slot) int { return a.Start.Compare(b.Start) })
		t.s.Draft.Offered = walls(slots)
		t.ask(AskSlot, first)
		return
	}
	if c, ok := t.draftCase(); ok && c.Appointment != nil {
		if s, ok := t.f.Sites().Find(t.s.Draft.Site); ok {
			t.before = join(t.before, first)
			t.noSlots(c, s)
			return
		}
	}
	t.ask(AskSlot, first)
}
