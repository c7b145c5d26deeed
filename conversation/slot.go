package conversation

import (
	"reschedulebot/scheduling"
)

// firstQuery is what is offered unasked: one time a day, near the hour of the
// old appointment, from Draft.From on.
func (t *turn) firstQuery() scheduling.Query {
	q := scheduling.Query{From: t.s.Draft.From, OnePerDay: true, Limit: perPage}
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
		t.s.Draft.From = scheduling.DateOf(t.now.In(s.Location()))
	}
	t.s.Draft.Offered = t.openings(t.firstQuery())
	t.ask(AskSlot, t.w.text("slot.nomore"))
}

// take chooses a time, if it can still be had, and reads everything back.
func (t *turn) take(s scheduling.Slot) {
	c, ok := t.current()
	if !ok {
		return
	}
	site, _ := t.f.Sites().Find(s.Site)
	if p := t.f.Rules().CheckSlot(*c.Appointment, site, s.Local, t.now); p != scheduling.SlotFine {
		t.offer(t.nearest(s.Local), t.w.text("slot."+string(p), with{"slot": t.w.short(s.Local), "days": t.f.Rules().HorizonDays}))
		return
	}
	if t.f.Seats(site, s.Start) <= 0 {
		t.lost(s)
		return
	}
	t.s.Draft.Slot = &s
	t.next(Confirm)
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
		t.s.Draft.Days = []scheduling.Date{d.day, d.other}
		t.next(AskDay)
	default:
		t.wanted(d, site)
	}
}

// wanted looks for what a person asked for in words.
func (t *turn) wanted(d heard, site scheduling.Site) {
	c, _ := t.draftCase()
	near := scheduling.Wall{Date: d.day, Hour: c.Appointment.Local.Hour, Minute: c.Appointment.Local.Minute}
	if d.hasTime {
		near.Hour, near.Minute = d.hour, d.minute
	}
	q := scheduling.Query{From: d.day, To: d.day, Near: near, Part: d.part, Limit: perPage}
	switch {
	case d.day == (scheduling.Date{}): // a time only, or a part of the day
		q.From, q.To, q.OnePerDay = t.s.Draft.From, scheduling.Date{}, true
		q.Near.Date = q.From
	case d.hasTime && !d.from && !d.week:
		t.exactly(near, site)
		return
	case d.week:
		q.To, q.OnePerDay = d.day.AddDays(6), true
	case d.from:
		q.To, q.OnePerDay = scheduling.Date{}, true
	}
	slots := t.openings(q)
	if len(slots) == 0 && d.day != (scheduling.Date{}) {
		t.offer(t.nearest(near), t.w.text("slot.daynone", with{"day": t.w.date(d.day)}))
		return
	}
	t.offer(slots, nil)
}

// exactly takes the very time that was typed, or offers the nearest ones.
func (t *turn) exactly(w scheduling.Wall, site scheduling.Site) {
	start, err := site.Instant(w)
	if err != nil {
		t.offer(t.nearest(w), t.w.text("slot.no_such_time", with{"slot": t.w.short(w), "days": 0}))
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
	d := t.s.Draft.Days[n]
	t.s.Draft.Days = nil
	t.s.Step = AskSlot
	t.wanted(heard{day: d}, site)
}
