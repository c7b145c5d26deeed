package conversation

import (
	"reschedulebot/scheduling"
)

// firstQuery is what is offered unasked: one time a day, near the hour of the
// old appointment, from Draft.From on.
func (t *turn) firstQuery() scheduling.Query {
	q := scheduling.Query{From: t.s.Draft.From, OnePerDay: true, Part: t.s.Draft.Part, Limit: perPage}
	if c, ok := t.draftCase(); ok && c.Appointment != nil {
		q.Near = scheduling.Wall{Date: q.From, Hour: c.Appointment.Local.Hour, Minute: c.Appointment.Local.Minute}
	}
	return q
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
	for i, s := range t.s.Draft.Offered {
		choices = append(choices, choice{label: t.w.short(s.Local), value: "t" + itoa(i)})
	}
	choices = append(choices, t.choice("more.dates", "more"), t.choice("place.other", "other"))
	place := ""
	if s, ok := t.f.Sites().Find(t.s.Draft.Site); ok {
		place = s.Name()
	}
	return t.w.text("slot.ask", with{"site": place}), choices
}

func (t *turn) slotAnswer(value string) {
	switch value {
	case "more":
		t.moreDates()
	case "other":
		t.s.Draft.Listed, t.s.Draft.Page = nil, 0
		t.next(AskSite)
	default:
		n, ok := index(value)
		if !ok || n >= len(t.s.Draft.Offered) {
			t.again(t.w.text("outofdate"))
			return
		}
		t.take(t.s.Draft.Offered[n])
	}
}

// moreDates goes on after the last day shown, and begins again at the end.
func (t *turn) moreDates() {
	last := t.s.Draft.From
	for _, s := range t.s.Draft.Offered {
		if s.Local.Date.Compare(last) > 0 {
			last = s.Local.Date
		}
	}
	t.s.Draft.From = last.AddDays(1)
	if offered := t.openings(t.firstQuery()); len(offered) > 0 {
		t.s.Draft.Offered = offered
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
		t.offer(t.nearest(s.Local), t.problem(problem, t.w.short(s.Local)))
		return
	}
	if t.f.Seats(site, s.Start) <= 0 {
		t.lost(s)
		return
	}
	t.s.Draft.Slot = &s
	t.next(Confirm)
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
	t.s.Draft.Slot = nil
	t.offer(t.nearest(s.Local), t.w.text("slot.lost", with{"slot": t.w.short(s.Local)}))
}

func (t *turn) nearest(w scheduling.Wall) []scheduling.Slot {
	return t.openings(scheduling.Query{Near: w, Limit: perPage})
}

// offer shows other times, or goes on to other places when there are none.
func (t *turn) offer(slots []scheduling.Slot, first Text) {
	if len(slots) > 0 {
		t.s.Draft.Offered = slots
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

// slotSaid reads a typed date, time or both.
func (t *turn) slotSaid(text string) {
	if _, ok := t.current(); !ok {
		return
	}
	site, ok := t.f.Sites().Find(t.s.Draft.Site)
	if !ok {
		t.s.Step = AskPlace
		t.again(t.w.text("outofdate"))
		return
	}
	d, ok := understandDate(text, t.w.lang, t.now.In(site.Location()))
	switch {
	case !ok:
		t.again(t.w.text("slot.unclear"))
	case d.other != (scheduling.Date{}):
		t.s.Draft.Days, t.s.Draft.Clock = []scheduling.Date{d.day, d.other}, scheduling.Wall{}
		if d.hasTime {
			t.s.Draft.Clock = scheduling.Wall{Date: d.day, Hour: d.hour, Minute: d.minute}
		}
		t.next(AskDay)
	default:
		t.wanted(d, site)
	}
}

// wanted looks for what a person asked for in words.
func (t *turn) wanted(d heard, site scheduling.Site) {
	c, _ := t.draftCase()
	if day, ok := oneDay(t.s.Draft.Offered); ok && d.day == (scheduling.Date{}) && d.hasTime {
		d.day = day // a time alone, while the times of one day are shown
	}
	near := scheduling.Wall{Date: d.day, Hour: c.Appointment.Local.Hour, Minute: c.Appointment.Local.Minute}
	if d.hasTime {
		near.Hour, near.Minute = d.hour, d.minute
	}
	if d.day == (scheduling.Date{}) {
		near.Date = t.s.Draft.From
	} else if problem, ok := t.outside(d, near, site); ok {
		t.offer(t.nearest(near), problem)
		return
	}
	if d.day != (scheduling.Date{}) && d.hasTime && !d.from && !d.week {
		t.exactly(near, site)
		return
	}
	t.s.Draft.Part = d.part
	slots := t.openings(query(d, near))
	if len(slots) == 0 {
		t.offer(t.nearest(near), t.nothing(d))
		return
	}
	t.offer(slots, nil)
}

// query is a wish as a search.
func query(d heard, near scheduling.Wall) scheduling.Query {
	q := scheduling.Query{From: near.Date, To: d.day, Near: near, Part: d.part, Limit: perPage}
	switch {
	case d.day == (scheduling.Date{}) || d.from:
		q.To, q.OnePerDay = scheduling.Date{}, true
	case d.week:
		q.To, q.OnePerDay = d.day.AddDays(6), true
	}
	return q
}

// outside says that a day has passed, or is beyond what can be looked up.
func (t *turn) outside(d heard, near scheduling.Wall, site scheduling.Site) (Text, bool) {
	today := scheduling.DateOf(t.now.In(site.Location()))
	said := t.w.date(d.day)
	if d.hasTime {
		said = t.w.short(near)
	}
	switch {
	case d.day.Compare(today) < 0:
		return t.problem(scheduling.SlotPast, said), true
	case d.day.Compare(today.AddDays(t.f.Rules().HorizonDays)) > 0:
		return t.problem(scheduling.SlotBeyondHorizon, t.w.date(d.day)), true
	}
	return nil, false
}

// nothing says that what was asked for is not free.
func (t *turn) nothing(d heard) Text {
	switch {
	case d.part != scheduling.AnyPart || d.day == (scheduling.Date{}):
		return t.w.text("slot.partnone")
	case d.week:
		return t.w.text("slot.weeknone", with{"day": t.w.date(d.day)})
	case d.from:
		return t.w.text("slot.fromnone", with{"day": t.w.date(d.day)})
	}
	return t.w.text("slot.daynone", with{"day": t.w.date(d.day)})
}

// oneDay is the day that all of these times are on.
func oneDay(slots []scheduling.Slot) (scheduling.Date, bool) {
	if len(slots) == 0 {
		return scheduling.Date{}, false
	}
	for _, s := range slots {
		if s.Local.Date != slots[0].Local.Date {
			return scheduling.Date{}, false
		}
	}
	return slots[0].Local.Date, true
}

// exactly takes the very time that was typed, or offers the nearest ones.
func (t *turn) exactly(w scheduling.Wall, site scheduling.Site) {
	start, err := site.Instant(w)
	if err != nil {
		t.offer(t.nearest(w), t.problem(scheduling.SlotNoSuchTime, t.w.short(w)))
		return
	}
	t.take(scheduling.Slot{Site: site.Code, Local: w, Start: start})
}

// dayQuestion asks which of two readings of "3/12" was meant.
func (t *turn) dayQuestion() (Text, []choice) {
	var choices []choice
	for i, d := range t.s.Draft.Days {
		choices = append(choices, choice{label: t.w.date(d), value: "d" + itoa(i)})
	}
	return t.w.text("day.ask"), choices
}

func (t *turn) dayAnswer(value string) {
	site, found := t.f.Sites().Find(t.s.Draft.Site)
	n, ok := index(value)
	if !ok || n >= len(t.s.Draft.Days) || !found {
		t.again(t.w.text("outofdate"))
		return
	}
	if _, ok := t.current(); !ok {
		return
	}
	h := heard{day: t.s.Draft.Days[n]}
	if t.s.Draft.Clock != (scheduling.Wall{}) { // a time was said with it
		h.hasTime, h.hour, h.minute = true, t.s.Draft.Clock.Hour, t.s.Draft.Clock.Minute
	}
	t.s.Draft.Days, t.s.Draft.Clock = nil, scheduling.Wall{}
	t.dropPast(AskSlot)
	t.s.Step = AskSlot
	t.wanted(h, site)
}
