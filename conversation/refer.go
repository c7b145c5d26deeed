package conversation

import (
	"slices"
	"time"

	"reschedulebot/scheduling"
)

// refuse sends a person on: to the Contact Center, or nowhere if nothing is to
// be done. What the rules said is recorded (R17).
func (t *turn) refuse(c Case, v scheduling.Verdict) {
	switch v.Class {
	case scheduling.MovedByUSCIS, scheduling.NotActive:
		t.done(t.inactive(c))
		return
	case scheduling.NotAllowed:
		t.done(t.w.text("notallowed"))
		return
	case scheduling.NotFound:
		t.done(t.w.text("none", t.office()))
		return
	}
	t.refer(c, v, t.s.Draft.Reason)
	t.s.Draft = Draft{CaseID: c.ID}
	t.s.Under = Idle
	t.ask(AfterCard, t.referral(c, v))
}

// refer records that a person is sent to the phone, and tells staff where that
// may be too late.
func (t *turn) refer(c Case, v scheduling.Verdict, reason scheduling.Reason) {
	t.do(Refer{CaseID: c.ID, AppointmentID: c.Appointment.ID, Verdict: v, Reason: reason})
	if v.Class == scheduling.PhoneLate {
		t.do(Alarm{Kind: AlarmLate, CaseID: c.ID})
	}
	if closedGap(v) {
		t.do(Alarm{Kind: AlarmGap, CaseID: c.ID})
	}
}

// referral is the whole message: why not here, what is at stake, whom to call.
func (t *turn) referral(c Case, v scheduling.Verdict) Text {
	a, why := *c.Appointment, t.why(c, v)
	if v.Class == scheduling.PhoneLate {
		return join(why, t.phoneCard(a, v, "phone.calllate"), t.w.text("late.more"))
	}
	if !t.stood {
		why = append(why, t.w.text("why.onfile", with{"appointment": t.where(a)})...)
	}
	return join(why, t.phoneCard(a, v, "phone.call"), t.w.text("atstake"))
}

// why says why a case can't be moved online, and whether the phone is still in time.
func (t *turn) why(c Case, v scheduling.Verdict) Text {
	why := t.w.text("why."+string(v.Class), with{
		"appointment": t.where(*c.Appointment), "left": t.w.span(max(v.Left, 0)), "form": formOr(c.Form),
		"n": c.Appointment.Count, "max": t.f.Rules().MaxChanges, "window": t.w.span(t.f.Rules().Window),
	})
	if (v.Class == scheduling.PhoneLimit || v.Class == scheduling.PhoneForm || v.Class == scheduling.PhoneSoon) && !closedGap(v) {
		return sentences(why, t.w.text("why.byphone"))
	}
	return why
}

// phoneCard is the Contact Center on one card (R24), with what the closed lines
// mean for this appointment (R15), which comes first. call is the key of the
// words that ask to call.
func (t *turn) phoneCard(a scheduling.Appointment, v scheduling.Verdict, call string) Text {
	c := t.f.Rules().Center
	head := t.gap(a)
	if !closedGap(v) {
		head = t.w.text(call, with{"start": t.w.moment(a.Start, a.Site)})
	}
	numbers := t.w.text("phone.numbers", with{"phone": c.Phone, "tty": c.TTY, "abroad": c.Abroad})
	numbers = append(numbers, t.hours(a.Site)...)
	numbers = append(numbers, t.openNow(a.Site)...)
	return join(head, t.live(a, v), numbers, t.w.text("phone.say"), t.w.text("phone.have"), t.w.text("phone.note"))
}

// hours are the phone's hours, Eastern and at the site.
func (t *turn) hours(s scheduling.Site) Text {
	r := t.f.Rules()
	opens := r.CenterOpens(r.CenterCloses(t.now)) // a whole window, begun after the present one
	closes := r.CenterCloses(opens)
	e, l := r.Center.Location(), s.Location()
	values := with{
		"opens": t.wall(opens.In(e)), "closes": t.wall(closes.In(e)),
		"hereopens": t.wall(opens.In(l)), "herecloses": t.wall(closes.In(l)), "place": zoneOf(s),
	}
	if opens.In(e).Format("15:04") == opens.In(l).Format("15:04") && sameDay(opens, e, l) {
		return t.w.text("phone.hours.eastern", values)
	}
	if !sameDay(opens, e, l) || !sameDay(closes, e, l) {
		return t.w.text("phone.hours.nights", values)
	}
	return t.w.text("phone.hours", values)
}

func sameDay(at time.Time, a, b *time.Location) bool {
	return scheduling.DateOf(at.In(a)) == scheduling.DateOf(at.In(b))
}

func (t *turn) wall(at time.Time) string { return t.w.clock(at.Hour(), at.Minute()) }

func (t *turn) openNow(s scheduling.Site) Text {
	r := t.f.Rules()
	if r.CenterOpen(t.now) {
		return t.w.text("phone.open", with{"until": t.w.moment(r.CenterCloses(t.now), s)})
	}
	return t.w.text("phone.closed", with{"opens": t.opens(s)})
}

// opens is the next opening of the lines, at the site and, where the clocks
// differ, in Eastern time.
func (t *turn) opens(s scheduling.Site) string {
	r := t.f.Rules()
	at := r.CenterOpens(t.now)
	here := t.w.moment(at, s)
	if scheduling.WallOf(at.In(s.Location())) == scheduling.WallOf(at.In(r.Center.Location())) {
		return here
	}
	return t.w.label("when.both", with{"here": here, "eastern": t.w.eastern(at, r)})
}

// closedGap tells whether nobody answers the phone before the appointment (R15),
// whether or not it can still be moved online.
func closedGap(v scheduling.Verdict) bool { return v.Timely && v.PhoneUntil.IsZero() }

// gap says what the closed lines mean. That staff have a note is said only where
// this very turn leaves one.
func (t *turn) gap(a scheduling.Appointment) Text {
	values := t.office()
	values["opens"] = t.opens(a.Site)
	call := "gap.call"
	if slices.ContainsFunc(t.effects, func(e Effect) bool { alarm, ok := e.(Alarm); return ok && alarm.Kind == AlarmGap }) {
		call = "gap.noted"
	}
	return append(t.w.text("gap", values), t.w.text(call, values)...)
}

// live says in plain words what is left of the phone before the appointment.
func (t *turn) live(a scheduling.Appointment, v scheduling.Verdict) Text {
	switch {
	case !a.Start.After(t.now) || closedGap(v):
		return nil
	case v.Live >= time.Hour && v.PhoneUntil.Equal(a.Start):
		return nil // "before the appointment" says it all
	case v.Live < time.Hour:
		return t.w.text("gap.short", with{"n": max(1, int(v.Live/time.Minute)),
			"from": t.w.moment(t.f.Rules().CenterOpens(t.now), a.Site), "until": t.w.moment(v.PhoneUntil, a.Site)})
	}
	return t.w.text("phone.until", with{"until": t.w.moment(v.PhoneUntil, a.Site)})
}

func (t *turn) cardQuestion() (Text, []choice) {
	return t.w.text("card.ask"), []choice{
		t.choice("menu.person", cmdPerson),
		t.choice("menu.appointments", cmdAppointments),
	}
}

// cardSaid takes a plain yes or no to "is there anything else?"; other words are
// taken as when nothing is asked.
func (t *turn) cardSaid(text string) {
	for _, said := range t.w.courtesyAside(text) {
		switch value, _ := typed(said, []choice{t.choice("yes", "yes"), t.choice("no", "no")}); {
		case isNumber(said):
		case value == "yes":
			t.menu()
			return
		case value == "no":
			t.done(t.w.text("card.bye"))
			return
		}
	}
	t.freeIdle(text)
}

// margin is the time in which the online tool is still open at USCIS, but a
// request from this chat might not be carried out in time (desk).
func (t *turn) margin(c Case, v scheduling.Verdict) {
	t.do(Refer{CaseID: c.ID, AppointmentID: c.Appointment.ID, Verdict: v, Reason: t.s.Draft.Reason})
	t.do(Alarm{Kind: AlarmMargin, CaseID: c.ID})
	values := t.office()
	values["appointment"] = t.where(*c.Appointment)
	values["until"] = t.w.moment(v.OnlineUntil, c.Appointment.Site)
	t.s.Draft = Draft{CaseID: c.ID}
	t.s.Under = Idle
	t.ask(AfterCard, t.w.text("margin", values), t.phoneCard(*c.Appointment, v, "phone.also"), t.w.text("atstake"))
}
