package conversation

import (
	"slices"

	"reschedulebot/scheduling"
)

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
	if ok && t.s.Step == AskDay {
		if t.dayTyped(d) {
			return
		}
		t.dropPast(AskSlot)
		t.s.Step = AskSlot
	}
	switch {
	case !ok && !isYesOrNo(text) && len(t.f.Sites().Search(text, site)) > 0:
		t.siteSaid(text)
	case !ok:
		t.again(t.w.text("slot.unclear"))
	case d.other != (scheduling.Date{}):
		if d.other.Compare(d.day) < 0 {
			d.day, d.other = d.other, d.day
		}
		t.s.Draft.Days = []scheduling.Date{d.day, d.other}
		t.keepTime(d)
		t.next(AskDay)
	default:
		t.wanted(d, site)
	}
}

// wanted looks for what a person asked for in words.
func (t *turn) wanted(d heard, site scheduling.Site) {
	c, _ := t.draftCase()
	if day, ok := oneDay(t.s.Draft.Offered); ok && d.day == (scheduling.Date{}) {
		d.day = day // a time alone, while the times of one day are shown
	}
	near := inPart(scheduling.Wall{Date: d.day, Hour: c.Appointment.Local.Hour, Minute: c.Appointment.Local.Minute}, d.part)
	if d.hasTime {
		near.Hour, near.Minute = d.hour, d.minute
	}
	if d.day == (scheduling.Date{}) {
		near.Date = t.s.Draft.From
	} else if problem, ok := t.outside(d, near, site); ok {
		t.offerInstead(t.nearest(near), problem)
		return
	}
	if d.until {
		near.Date = minDate(t.s.Draft.From, d.day)
		if near.Date == d.day {
			near.Date = scheduling.DateOf(t.now.In(site.Location()))
		}
	} else if d.day != (scheduling.Date{}) && d.hasTime && !d.from && !d.week {
		t.exactly(near, site)
		return
	}
	t.s.Draft.Part, t.s.Draft.From = d.part, near.Date
	slots := t.openings(query(d, near))
	if len(slots) == 0 {
		none := t.nothing(d)
		if d.day == scheduling.DateOf(t.now.In(site.Location())) && !d.from && !d.week { // what is free there is too soon
			none = t.problem(scheduling.SlotInsideWindow, t.w.date(d.day))
		}
		t.offerInstead(t.nearest(near), none)
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
	case d.until:
		q.OnePerDay = true
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
	case !d.until && d.day.Compare(today.AddDays(t.f.Rules().HorizonDays)) > 0:
		return t.problem(scheduling.SlotBeyondHorizon, t.w.date(d.day)), true
	}
	return nil, false
}

// nothing says that what was asked for is not free.
func (t *turn) nothing(d heard) Text {
	switch {
	case d.part != scheduling.AnyPart || d.day == (scheduling.Date{}):
		return t.times("slot.partnone", nil)
	case d.week:
		return t.times("slot.weeknone", with{"day": t.w.date(d.day)})
	case d.from:
		return t.times("slot.fromnone", with{"day": t.w.date(d.day)})
	case d.until:
		return t.times("slot.untilnone", with{"day": t.w.date(d.day)})
	}
	return t.times("slot.daynone", with{"day": t.w.date(d.day)})
}

// oneDay is the day that all of these times are on.
func oneDay(times []scheduling.Wall) (scheduling.Date, bool) {
	if len(times) == 0 {
		return scheduling.Date{}, false
	}
	for _, w := range times {
		if w.Date != times[0].Date {
			return scheduling.Date{}, false
		}
	}
	return times[0].Date, true
}

// exactly takes the very time that was typed, or offers the nearest ones.
func (t *turn) exactly(w scheduling.Wall, site scheduling.Site) {
	start, err := site.Instant(w)
	if err != nil {
		t.offerInstead(t.nearest(w), t.problem(scheduling.SlotNoSuchTime, t.w.short(w)))
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

// keepTime keeps the time that was said with a day until it is clear which day.
func (t *turn) keepTime(d heard) {
	t.s.Draft.Clock, t.s.Draft.Part = scheduling.Wall{}, d.part
	if d.hasTime {
		t.s.Draft.Clock = scheduling.Wall{Date: t.s.Draft.Days[0], Hour: d.hour, Minute: d.minute}
	}
}

// dayTyped takes one of the two days as it was typed, with the time said before, or
// another time for the day that is still asked about. Anything else is a new wish.
func (t *turn) dayTyped(d heard) bool {
	n := slices.Index(t.s.Draft.Days, d.day)
	switch {
	case d.day == (scheduling.Date{}) && len(t.s.Draft.Days) > 0:
		t.keepTime(d)
		t.again()
	case n >= 0 && !d.hasTime && d.part == scheduling.AnyPart && !d.from && !d.until && !d.week:
		t.dayAnswer("d" + itoa(n))
	default:
		return false
	}
	return true
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
	h := heard{day: t.s.Draft.Days[n], part: t.s.Draft.Part}
	if t.s.Draft.Clock != (scheduling.Wall{}) { // a time was said with it
		h.hasTime, h.hour, h.minute = true, t.s.Draft.Clock.Hour, t.s.Draft.Clock.Minute
	}
	t.s.Draft.Days, t.s.Draft.Clock = nil, scheduling.Wall{}
	t.dropPast(AskSlot)
	t.s.Step = AskSlot
	t.wanted(h, site)
}
