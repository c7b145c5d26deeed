package conversation

import (
	"slices"

	"reschedulebot/scheduling"
)

// A Reminding is what a reminder is about.
type Reminding struct {
	Appointment scheduling.Appointment
	Verdict     scheduling.Verdict // of the gate, at the moment of writing
	Request     *Request           // an open request that nobody has decided
	Case        Case
}

// Reminder writes a reminder in the given language. It carries everything
// itself and needs no button: what is on file, until when it can be moved, until
// when somebody can be called, what to bring (R13, R15).
func Reminder(language string, r Reminding, f Facts) Reply {
	t := telling(language, f)
	a := r.Appointment
	text := t.w.text("reminder", with{"appointment": t.where(a), "case": r.Case.Receipt.String()})
	if r.Request != nil {
		text = join(text, t.w.text("reminder.requested", with{"wanted": t.slotWhere(r.Request.To), "firm": f.Office().Name}))
	} else {
		text = join(text, t.deadlines(a, r.Verdict))
	}
	return Reply{Private: true, Text: join(text, t.w.text("bring"), t.w.text("reminder.foot"))}
}

// deadlines are the two moments after which less can be done.
func (t *turn) deadlines(a scheduling.Appointment, v scheduling.Verdict) Text {
	var text Text
	switch {
	case v.Online() && !t.insideMargin(v):
		until := with{"until": t.w.moment(v.SelfUntil, a.Site), "n": v.ChangesLeft}
		if t.f.Office().Booking == Desk { // here a change is asked for, not made
			text = t.w.text("reminder.online.desk", until)
		} else {
			text = t.w.text("reminder.online", until)
		}
	case v.Online():
		text = t.w.text("reminder.margin", t.office())
	case closedGap(v):
		return t.w.text("reminder.gap", t.office())
	default:
		text = t.w.text("reminder.phone", with{"center": t.f.Rules().Center.Phone})
	}
	if v.PhoneUntil.IsZero() {
		return append(text, t.w.text("card.nophone")...)
	}
	return append(text, t.w.text("card.phone", with{"until": t.w.moment(v.PhoneUntil, a.Site)})...)
}

// Filed tells an applicant that somebody else has asked for another time of their
// appointment: the office, or another chat on the case.
func Filed(language string, r Request, f Facts) Reply {
	t := telling(language, f)
	values := t.office()
	values["appointment"], values["case"], values["wanted"] = t.where(r.From), r.Receipt.String(), t.slotWhere(r.To)
	return Reply{Private: true, Text: t.w.text("told.filed", values)}
}

// Told writes what an applicant is told about the outcome of a request: now is
// the appointment in force after the decision, v the gate's view of it.
func Told(language string, r Request, d Decision, now scheduling.Appointment, v scheduling.Verdict, f Facts) Reply {
	t := telling(language, f)
	values := t.office()
	values["appointment"], values["case"], values["wanted"] = t.where(now), r.Receipt.String(), t.slotWhere(r.To)
	values["by"], values["words"] = d.By, d.Words
	if d.By == "" {
		values["by"] = t.w.label("told.somebody")
	}
	reply := Reply{Private: true}
	switch d.Outcome {
	case Confirmed:
		head := t.w.text("told.confirmed", values)
		if now.Site.Code != r.To.Site || now.Local != r.To.Local {
			head = join(head, t.w.text("told.other", values))
		}
		reply.Text = join(head, t.w.changesLeft(now, f.Rules()), t.w.text("bring"), t.w.text("moved.next", values))
		reply.File = t.w.calendar(now, f.Now())
	case Refused:
		reply.Text = join(t.w.text("told.refused", values), t.still(now, v, "phone.call"))
	case Lapsed:
		reply.Text = join(t.w.text("told.lapsed", values), t.still(now, v, "phone.also"))
	default:
		reply.Text = t.w.text("told.withdrawn", values)
	}
	return reply
}

// askAgain says that a request which came to nothing took none of the changes, and
// until when another time can be asked for.
func (t *turn) askAgain(now scheduling.Appointment, v scheduling.Verdict) Text {
	return append(t.w.changesLeft(now, t.f.Rules()), t.w.text("told.again", with{"until": t.w.moment(v.SelfUntil, now.Site)})...)
}

// still says what can be done about an appointment that stands.
func (t *turn) still(now scheduling.Appointment, v scheduling.Verdict, call string) Text {
	if v.Class == scheduling.PhoneLate {
		return join(t.phoneCard(now, v, "phone.calllate"), t.w.text("late.more"))
	}
	if v.Online() && !t.insideMargin(v) {
		return join(t.askAgain(now, v), t.w.text("bring"))
	}
	return join(t.phoneCard(now, v, call), t.w.text("atstake"), t.w.text("bring"))
}

// Changed tells an applicant that the appointment on file was registered, changed or
// taken back by somebody else: an import, or staff. ended is the request that ended
// with it, nil none.
func Changed(language string, a scheduling.Appointment, v scheduling.Verdict, ended *Request, f Facts) Reply {
	t := telling(language, f)
	values := t.office()
	values["appointment"], values["case"] = t.where(a), a.Receipt.String()
	switch a.Status {
	case scheduling.USCISMoved:
		return Reply{Private: true, Text: t.withIt(t.w.text("ended.uscismoved", values), ended)}
	case scheduling.Cancelled:
		return Reply{Private: true, Text: t.withIt(t.w.text("ended.cancelled", values), ended)}
	case scheduling.Completed, scheduling.Superseded:
		return Reply{Private: true, Text: append(t.inactive(Case{Appointment: &a}), t.withIt(nil, ended)...)}
	}
	return Reply{Private: true, Text: join(t.withIt(t.w.text("changed", values), ended), t.deadlines(a, v), t.w.text("bring")), File: t.w.calendar(a, f.Now())}
}

// withIt adds behind what has ended that a request has ended with it.
func (t *turn) withIt(text Text, ended *Request) Text {
	if ended == nil {
		return text
	}
	return slices.Insert(text, min(1, len(text)), t.w.text("ended.request", with{"wanted": t.slotWhere(ended.To)})...)
}

// Joined tells a chat that another one was linked to the same case.
func Joined(language string, o Office) Reply {
	return Reply{Text: wordsFor(language).text("joined", with{"firm": o.Name, "phone": o.Phone})}
}

// Sorry is the apology after something went wrong inside the bot: nothing was
// changed, and the open question stands.
func Sorry(language string, o Office) Reply {
	return Reply{Text: wordsFor(language).text("sorry", with{"firm": o.Name, "phone": o.Phone})}
}

// telling is a turn that only writes: nobody has said anything.
func telling(language string, f Facts) *turn {
	return &turn{f: f, now: f.Now(), w: wordsFor(language)}
}
