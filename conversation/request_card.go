package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// RequestCard is what the office sees of a request. While it is open everything
// needed to decide it stands there, and the buttons to do so; afterwards the card
// is its own history, and one that lapsed says whom to call. A time left is true
// at the moment of drawing, hence the moment of the end stands beside it.
func RequestCard(language string, r RequestOnDesk, f Facts) Card {
	t := telling(language, f)
	c := Card{Title: r.Name + " · " + t.requestState(r) + " · " + t.whose(r.Client), Note: t.requestHistory(r)}
	switch r.Outcome {
	case "":
		c.Facts, c.Buttons = t.openFacts(r), t.requestButtons(r)
		c.Note = append(c.Note, t.w.text("desk.drawn", with{"now": t.w.office(t.now, t.f.Office())})...)
		c.Note = append(c.Note, t.w.text("desk.thread")...)
	case Lapsed:
		c.Text, c.Facts = t.lapsedText(r), t.closedFacts(r)
		c.Buttons = []Button{t.button("desk.center", "center", r.ID, Main)}
	default:
		c.Text, c.Facts = t.outcomeText(r), t.closedFacts(r)
	}
	return c
}

// whose is a client as the channel may know them: "Ana L. · …0101".
func (t *turn) whose(c Client) string {
	last4 := "…" + c.Receipt.Last4()
	if name := oneLine(c.Name); name != "" {
		return shorter(name, maxNickname) + " · " + last4
	}
	return last4
}

// maxNickname is how much of a name a line shows.
const maxNickname = 40

func (t *turn) requestState(r RequestOnDesk) string {
	switch r.Outcome {
	case Confirmed:
		return t.w.label("desk.state.confirmed")
	case Refused:
		return t.w.label("desk.state.refused")
	case Withdrawn:
		return t.w.label("desk.state.withdrawn")
	case Lapsed:
		return t.w.label("desk.state.lapsed")
	}
	switch {
	case !r.LapsesAt.After(t.now):
		return t.w.label("desk.state.late")
	case r.Held.Name != "":
		return t.w.label("desk.state.held", with{"by": r.Held.Name})
	}
	return t.w.label("desk.state.open")
}

func (t *turn) openFacts(r RequestOnDesk) []Fact {
	facts := []Fact{t.fact("desk.onfile", t.inForce(r.Now))}
	if r.Now == nil || r.Now.Site.Code != r.From.Site.Code || r.Now.Local != r.From.Local {
		facts = append(facts, t.fact("desk.before", line(t.where(r.From))))
	}
	facts = append(facts,
		t.fact("desk.wanted", line(t.slotWhere(r.To))),
		t.fact("desk.reason", line(t.requestReason(r.Request))),
		t.fact("desk.verdict", line(t.verdictWords(r.Verdict))),
		t.fact("desk.left", t.timeLeft(r.LapsesAt, r.From.Site)))
	if phone := t.phoneLeft(r.Now, r.Verdict); phone != nil {
		facts = append(facts, t.fact("desk.phone", phone))
	}
	held := t.w.text("desk.held.nobody")
	if r.Held.Name != "" {
		held = t.w.text("desk.held.since", with{"by": r.Held.Name, "since": t.w.office(r.Held.At, t.f.Office())})
	}
	return append(facts, t.fact("desk.client", t.howToTell(r.Client)), t.fact("desk.held", held))
}

// inForce is the appointment that is in force.
func (t *turn) inForce(a *scheduling.Appointment) Text {
	switch {
	case a == nil:
		return t.w.text("desk.onfile.none")
	case a.Over():
		return t.w.text("desk.onfile.over", with{"appointment": t.where(*a)})
	}
	return line(t.where(*a))
}

func (t *turn) requestReason(r Request) string {
	if r.Reason == scheduling.Other {
		return t.w.label("desk.ownwords", with{"words": oneLine(r.Words)})
	}
	return t.w.label("reason." + string(r.Reason))
}

// verdictWords is what the gate says, for people who know the field.
func (t *turn) verdictWords(v scheduling.Verdict) string {
	switch v.Class {
	case scheduling.ToolOK:
		return t.w.label("desk.verdict.online", with{"n": v.ChangesLeft})
	case scheduling.ToolLast:
		return t.w.label("desk.verdict.last")
	case scheduling.PhoneLimit:
		return t.w.label("desk.verdict.limit")
	case scheduling.PhoneForm:
		return t.w.label("desk.verdict.form")
	case scheduling.PhoneSoon:
		return t.w.label("desk.verdict.soon")
	case scheduling.PhoneGap:
		return t.w.label("desk.verdict.gap")
	case scheduling.PhoneLate:
		return t.w.label("desk.verdict.late")
	case scheduling.NoSlots:
		return t.w.label("desk.verdict.noslots")
	case scheduling.MovedByUSCIS:
		return t.w.label("desk.verdict.uscis")
	case scheduling.NotActive:
		return t.w.label("desk.verdict.over")
	case scheduling.NotAllowed:
		return t.w.label("desk.verdict.g28")
	}
	return t.w.label("desk.verdict.none")
}

// timeLeft is how long the online tool takes an appointment at a site: until the
// cut-off, when it is too late (R3).
func (t *turn) timeLeft(until time.Time, s scheduling.Site) Text {
	values := with{"until": t.w.moment(until, s)}
	left := until.Sub(t.now)
	switch {
	case left <= 0:
		return t.w.text("desk.left.none", values)
	case left < time.Minute:
		return t.w.text("desk.left.seconds", values)
	}
	values["left"] = t.w.span(left)
	return t.w.text("desk.left.time", values)
}

// phoneLeft is the last workable moment of the phone (R15); nil once that is past
// or nothing is in force.
func (t *turn) phoneLeft(a *scheduling.Appointment, v scheduling.Verdict) Text {
	switch {
	case a == nil || !v.Timely:
		return nil
	case v.PhoneUntil.IsZero():
		return t.w.text("desk.phone.gap", with{"opens": t.opens(a.Site)})
	case v.Live < time.Hour:
		return t.w.text("desk.phone.short", with{"n": max(1, int(v.Live/time.Minute)), "until": t.w.moment(v.PhoneUntil, a.Site)})
	}
	return t.w.text("desk.phone.until", with{"until": t.w.moment(v.PhoneUntil, a.Site)})
}

// howToTell is whether the client can be told in chat, or whom to call.
func (t *turn) howToTell(c Client) Text {
	switch {
	case t.reachable(c):
		return t.w.text("desk.client.chat")
	case c.Unreachable && c.Phone != "":
		return t.w.text("desk.client.unreachable", with{"phone": oneLine(c.Phone)})
	case c.Unreachable:
		return t.w.text("desk.client.unreachable.nophone")
	case c.Phone != "":
		return t.w.text("desk.client.nochat", with{"phone": oneLine(c.Phone)})
	}
	return t.w.text("desk.client.nochat.nophone")
}

func (t *turn) requestButtons(r RequestOnDesk) []Button {
	claim := "desk.claim"
	if r.Held.Name != "" {
		claim = "desk.takeover"
	}
	confirm := t.button("desk.confirm", "confirm", r.ID, Main)
	confirm.Sure = &SureQuestion{
		Title: t.w.label("desk.sure.title"), Text: t.w.label("desk.sure.text", with{"wanted": t.slotWhere(r.To)}),
		Yes: t.w.label("desk.sure.yes"), No: t.w.label("desk.sure.no"),
	}
	return []Button{
		t.button(claim, "claim", r.ID, Usual), confirm,
		t.button("desk.another", "another", r.ID, Usual),
		t.button("desk.refuse", "refuse", r.ID, Grave),
		t.button("desk.center", "center", r.ID, Usual),
	}
}

func (t *turn) button(key, act, ref string, weight Weight) Button {
	return Button{Label: t.w.label(key), Act: act, Ref: ref, Weight: weight}
}

func (t *turn) fact(label string, value Text) Fact {
	return Fact{Label: t.w.label(label), Value: value}
}

// line is a text of one plain line.
func line(s string) Text { return Text{{Spans: []Span{{Text: s}}}} }
