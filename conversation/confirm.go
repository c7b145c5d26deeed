package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// confirmQuestion reads everything back: what is on file, what is wanted, why.
func (t *turn) confirmQuestion() (Text, []choice) {
	c, ok := t.draftCase()
	slot, chosen := t.chosen()
	if !ok || c.Appointment == nil || !chosen {
		return t.w.text("outofdate"), []choice{t.choice("confirm.other", "other")}
	}
	values := with{"case": c.Receipt.String(), "old": t.where(*c.Appointment), "new": t.slotWhere(slot), "reason": t.reasonName(t.s.Draft)}
	text := t.w.text("confirm", values)
	v := t.gate(c, t.s.Draft.Reason)
	if v.Class == scheduling.ToolLast {
		text = join(text, t.w.text("confirm.last"))
	}
	if t.f.Rules().TooCloseToChange(slot.Start, t.now) {
		text = join(text, t.w.text("confirm.close", with{"span": t.w.span(t.f.Rules().TooClose)}))
	}
	yes := "confirm.move"
	if t.f.Office().Booking == Desk {
		text = join(text, t.w.text("confirm.desk", t.office()))
		yes = "confirm.request"
	}
	return text, []choice{t.choice(yes, "yes"), t.choice("confirm.other", "other"), t.choice("confirm.stop", "stop")}
}

func (t *turn) confirmAnswer(value string) {
	switch value {
	case "other":
		t.s.Draft.Slot = scheduling.Wall{}
		t.dropPast(AskSlot)
		t.ask(AskSlot)
	case "stop":
		t.cancel()
	default:
		t.confirmed()
	}
}

// confirmSaid takes another date or time typed instead of yes or no. A time
// alone is one of the same day.
func (t *turn) confirmSaid(text string) {
	if s, ok := t.f.Sites().Find(t.s.Draft.Site); ok && t.s.Draft.Slot != (scheduling.Wall{}) {
		if _, ok := understandDate(text, t.w.lang, t.now.In(s.Location())); ok {
			t.s.Draft.Offered = []scheduling.Wall{t.s.Draft.Slot}
			t.dropPast(AskSlot)
			t.s.Step = AskSlot
			t.slotSaid(text)
			return
		}
	}
	t.again(t.w.text("choose"))
}

// dropPast forgets the last question if it is q: it is about to be asked again.
func (t *turn) dropPast(q Question) {
	if n := len(t.s.Draft.Past); n > 0 && t.s.Draft.Past[n-1] == q {
		t.s.Draft.Past = t.s.Draft.Past[:n-1]
	}
}

// confirmed asks the rules once more, at the moment of writing (R4), and then
// moves the appointment or files the request.
func (t *turn) confirmed() {
	c, ok := t.current()
	if !ok {
		return
	}
	slot, chosen := t.chosen()
	v := t.gate(c, t.s.Draft.Reason)
	switch {
	case !chosen || t.s.Draft.Reason == "":
		t.s.Step = Idle
		t.pick(c)
		return
	case !v.Online():
		t.before = join(t.before, t.stands(*c.Appointment))
		t.stood = true
		t.refuse(c, v)
		return
	case t.onlyPrepares():
		t.done(t.w.text("notallowed.paralegal"))
		return
	case t.insideMargin(v):
		t.margin(c, v)
		return
	}
	site, problem := t.checkSlot(c, slot)
	if problem != scheduling.SlotFine {
		t.offerInstead(t.nearest(slot.Local), t.problem(problem, t.w.short(slot.Local)))
		return
	}
	if t.f.Seats(site, slot.Start) <= 0 {
		t.lost(slot)
		return
	}
	t.change(c, v, site, slot)
}

// change writes the move or the request and says what is valid now. Siblings of
// the appointment that are still at the old time are offered one by one (R14).
func (t *turn) change(c Case, v scheduling.Verdict, site scheduling.Site, slot scheduling.Slot) {
	d := t.s.Draft
	change := Change{CaseID: c.ID, AppointmentID: c.Appointment.ID, Version: c.Appointment.Version,
		To: slot, Reason: d.Reason, Words: d.Words, Verdict: v, At: t.now}
	siblings := d.Siblings
	if !t.isSibling() {
		siblings = t.siblings(c)
	}
	if t.f.Office().Booking == Desk {
		t.do(FileRequest{Change: change})
		t.say(t.requested(c, slot))
	} else {
		t.do(Move{Change: change})
		next := *c.Appointment
		next.Site, next.Local, next.Start = site, slot.Local, slot.Start
		next.Count, next.Version = next.Count+1, next.Version+1
		t.reply(Reply{Text: t.moved(c, next), File: t.w.calendar(next, t.now)}, nil)
	}
	t.offerSibling(d, slot, siblings)
}

// moved is the result in the book's own authority (R12, R13, R38).
func (t *turn) moved(c Case, now scheduling.Appointment) Text {
	values := with{"appointment": t.where(now), "case": c.Receipt.String()}
	left := t.w.changesLeft(now, t.f.Rules())
	if t.staff() {
		text := t.w.text("moved.staff", values)
		return join(append(sentences(text[:1], t.toldOrCall(c.Receipt)), text[1:]...), left, t.stillThere(c))
	}
	return join(t.w.text("moved", values), left, t.w.text("bring"), t.w.text("moved.next", t.office()))
}

func (l *lexicon) changesLeft(a scheduling.Appointment, r scheduling.Rules) Text {
	if left := r.MaxChanges - a.Count; left > 0 {
		return l.text("changes.left", with{"n": left})
	}
	return l.text("changes.none", with{"center": r.Center.Phone})
}

// requested never says more than that a request was filed.
func (t *turn) requested(c Case, slot scheduling.Slot) Text {
	values := t.office()
	values["appointment"], values["wanted"], values["case"] = t.where(*c.Appointment), t.slotWhere(slot), c.Receipt.String()
	if t.staff() {
		text := t.w.text("requested.staff", values)
		return join(append(sentences(text[:1], t.told(c.Receipt)), text[1:]...), t.stillThere(c))
	}
	left := t.w.text("requested.last", with{"center": t.f.Rules().Center.Phone})
	if n := t.f.Rules().MaxChanges - c.Appointment.Count - 1; n > 0 {
		left = t.w.text("requested.left", with{"n": n})
	}
	return join(append(t.w.text("requested", values), left...), t.w.text("bring"))
}

// calendar is the file for the person's own calendar.
func (l *lexicon) calendar(a scheduling.Appointment, now time.Time) *File {
	return &File{Name: "appointment.ics", Type: "text/calendar", Data: scheduling.Calendar(scheduling.CalendarEntry{
		Appointment: a, Now: now,
		Summary:     l.label("calendar.summary"),
		Description: l.label("calendar.note", with{"appointment": l.where(a.Start, a.Site)}),
	})}
}
