package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// outcomeText says in a sentence how a request ended, and what it left in force.
func (t *turn) outcomeText(r RequestOnDesk) Text {
	switch r.Outcome {
	case Confirmed:
		switch {
		case r.Now == nil:
			return nil
		case !t.asWanted(r):
			return t.w.text("desk.out.another")
		}
		return t.w.text("desk.out.confirmed")
	case Refused:
		return t.w.text("desk.out.refused", with{"words": oneLine(r.Answer)})
	}
	if r.Now != nil && r.Now.Over() {
		return t.w.text("desk.out.over")
	}
	return t.w.text("desk.out.withdrawn")
}

// asWanted tells whether what is in force is what the request asked for.
func (t *turn) asWanted(r RequestOnDesk) bool {
	return r.Now != nil && r.Now.Site.Code == r.To.Site && r.Now.Local == r.To.Local
}

// lapsedText is what is left when the online tool has closed: to call, the client
// and the Contact Center (R24).
func (t *turn) lapsedText(r RequestOnDesk) Text {
	head := t.w.text("desk.out.lapsed", with{"until": t.w.moment(r.LapsesAt, r.From.Site)})
	if t.reachable(r.Client) {
		head = sentences(head, t.w.text("desk.told"))
	}
	return join(append(head, t.callClient(r.Client)...), t.centerFor(t.standing(r), r.Verdict, false))
}

// reachable tells whether the client reads what the bot writes.
func (t *turn) reachable(c Client) bool { return c.Linked && !c.Unreachable }

func (t *turn) callClient(c Client) Text {
	if c.Phone == "" {
		return t.w.text("desk.call.nophone", with{"who": t.whose(c)})
	}
	return t.w.text("desk.call", with{"who": t.whose(c), "phone": oneLine(c.Phone)})
}

// toldOrCall says that the client of a case hears of what was just done, or that
// staff must call, because no chat reaches them.
func (t *turn) toldOrCall(r scheduling.Receipt) Text {
	found, _ := t.f.Look(Wanted{Receipt: r}, 1)
	switch {
	case len(found) == 0:
		return nil
	case t.reachable(found[0].Client):
		return t.w.text("desk.told")
	}
	return t.callClient(found[0].Client)
}

// told says that the client of a case hears of what was just done, if a chat reaches
// them: what can wait is no reason to call.
func (t *turn) told(r scheduling.Receipt) Text {
	if found, _ := t.f.Look(Wanted{Receipt: r}, 1); len(found) > 0 && t.reachable(found[0].Client) {
		return t.w.text("desk.told")
	}
	return nil
}

// standing is the appointment that a call would be about.
func (t *turn) standing(r RequestOnDesk) scheduling.Appointment {
	if r.Now != nil {
		return *r.Now
	}
	return r.From
}

func (t *turn) closedFacts(r RequestOnDesk) []Fact {
	label := "desk.inforce"
	if r.Now == nil || r.Now.Over() {
		label = "desk.onfile"
	}
	facts := []Fact{t.fact(label, t.inForce(r.Now))}
	if r.Outcome != Confirmed || !t.asWanted(r) {
		facts = append(facts, t.fact("desk.wanted", line(t.slotWhere(r.To))))
	}
	return append(facts,
		t.fact("desk.before", line(t.where(r.From))),
		t.fact("desk.reason", line(t.requestReason(r.Request))),
		t.fact("desk.client", t.howToTell(r.Client)))
}

// requestHistory is what happened, in order, on the office's clock.
func (t *turn) requestHistory(r RequestOnDesk) Text {
	o := t.f.Office()
	text := t.w.text("desk.history.asked", with{"at": t.w.office(r.RequestedAt, o)})
	if r.Asked != "" && (r.Outcome != "" || r.Asked != r.Verdict.Class) {
		text = append(text, t.w.text("desk.history.rules", with{"verdict": t.askedWords(r.Asked)})...)
	}
	if r.Held.Name != "" {
		text = append(text, t.w.text("desk.history.held", with{"by": r.Held.Name, "at": t.w.office(r.Held.At, o)})...)
	}
	if r.Outcome == "" || r.DecidedAt.IsZero() {
		return text
	}
	return append(text, line(t.decidedWords(r))...)
}

// askedWords is the class that a request had when it was filed.
func (t *turn) askedWords(c scheduling.Class) string {
	if c == scheduling.ToolOK {
		return t.w.label("desk.verdict.was")
	}
	return t.verdictWords(scheduling.Verdict{Class: c})
}

// decidedWords is who ended a request, how and when.
func (t *turn) decidedWords(r RequestOnDesk) string {
	values := with{"by": t.somebody(r.DecidedBy), "at": t.w.office(r.DecidedAt, t.f.Office())}
	switch r.Outcome {
	case Confirmed:
		return t.w.label("desk.history.confirmed", values)
	case Refused:
		return t.w.label("desk.history.refused", values)
	case Lapsed:
		return t.w.label("desk.history.lapsed", values)
	}
	return t.w.label("desk.history.withdrawn", values)
}

func (t *turn) somebody(name string) string {
	if name = oneLine(name); name != "" {
		return name
	}
	return t.w.label("told.somebody")
}

// CenterText is the card of the Contact Center (R24) about the appointment of a
// request, for whoever of the office calls there; "now" in it is the moment of
// writing.
func CenterText(language string, r RequestOnDesk, f Facts) Text {
	t := telling(language, f)
	a := t.standing(r)
	head := t.w.text("desk.center.about", with{"name": r.Name, "who": t.whose(r.Client), "appointment": t.where(a)})
	return join(head, t.centerFor(a, r.Verdict, true))
}

// centerFor is the Contact Center for people of the office: what the closed lines
// mean for this appointment (R15), whom to call and when, what to say and to write
// down. What is read later than it was written says no "now".
func (t *turn) centerFor(a scheduling.Appointment, v scheduling.Verdict, readNow bool) Text {
	c, r := t.f.Rules().Center, t.f.Rules()
	numbers := t.w.text("phone.numbers", with{"phone": c.Phone, "tty": c.TTY, "abroad": c.Abroad})
	numbers = append(numbers, t.hours(a.Site)...)
	switch {
	case readNow:
		numbers = append(numbers, t.openNow(a.Site)...)
	case r.CenterOpen(t.now):
		numbers = append(numbers, t.w.text("desk.center.until", with{"until": t.w.moment(r.CenterCloses(t.now), a.Site)})...)
	default:
		numbers = append(numbers, t.w.text("desk.center.opens", with{"opens": t.opens(a.Site)})...)
	}
	return join(t.callBy(a, v), numbers, t.w.text("desk.center.say"))
}

// callBy says until when a call to the Contact Center is in time.
func (t *turn) callBy(a scheduling.Appointment, v scheduling.Verdict) Text {
	switch {
	case v.Class == scheduling.MovedByUSCIS || v.Class == scheduling.NotActive:
		return line(t.verdictWords(v))
	case !v.Timely:
		return t.w.text("desk.center.late")
	case v.PhoneUntil.IsZero():
		return t.w.text("desk.center.gap", with{"opens": t.opens(a.Site)})
	case v.Live < time.Hour:
		return t.w.text("desk.phone.short", with{"n": max(1, int(v.Live/time.Minute)), "until": t.w.moment(v.PhoneUntil, a.Site)})
	}
	return t.w.text("desk.center.before", with{"until": t.w.moment(v.PhoneUntil, a.Site)})
}
