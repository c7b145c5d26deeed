package conversation

import "reschedulebot/scheduling"

// siblings are this person's other appointments at the same place and time (R14).
func (t *turn) siblings(c Case) []string {
	var ids []string
	for _, other := range t.f.Cases() {
		a := other.Appointment
		if other.ID == c.ID || a == nil || a.Status != scheduling.Scheduled || other.Request != nil {
			continue
		}
		if a.Site.Code == c.Appointment.Site.Code && a.Start.Equal(c.Appointment.Start) {
			ids = append(ids, other.ID)
		}
	}
	return ids
}

// offerSibling asks about the next sibling, or ends the flow. One that can't be
// moved online is said so, and sent to the phone like any other.
func (t *turn) offerSibling(d Draft, ids []string) {
	for i, id := range ids {
		c, ok := t.caseByID(id)
		if !ok || c.Appointment == nil {
			continue
		}
		t.s.Draft = Draft{CaseID: c.ID, AppointmentID: c.Appointment.ID, Version: c.Appointment.Version,
			Reason: d.Reason, Words: d.Words, Site: d.Site, Slot: d.Slot, Siblings: ids[i+1:]}
		v := t.gate(c, d.Reason)
		if !v.Online() {
			t.do(Refer{CaseID: c.ID, AppointmentID: c.Appointment.ID, Verdict: v, Reason: d.Reason})
			t.say(join(t.w.text("sibling.phone", with{"case": c.Receipt.String(), "appointment": t.where(*c.Appointment)}), t.phoneCard(*c.Appointment, v)))
			continue
		}
		t.ask(AskSibling)
		return
	}
	t.s.Step, t.s.Under, t.s.Draft = Idle, Idle, Draft{}
}

func (t *turn) siblingQuestion() (Text, []choice) {
	c, ok := t.draftCase()
	if !ok || c.Appointment == nil || t.s.Draft.Slot == nil {
		return t.w.text("outofdate"), []choice{t.choice("sibling.no", "no")}
	}
	values := with{"case": c.Receipt.String(), "form": formOr(c.Form), "old": t.where(*c.Appointment),
		"new": t.slotWhere(*t.s.Draft.Slot), "reason": t.reasonName(t.s.Draft)}
	text := t.w.text("sibling.ask", values)
	if t.gate(c, t.s.Draft.Reason).Class == scheduling.ToolLast {
		text = join(text, t.w.text("confirm.last"))
	}
	yes := "sibling.yes"
	if t.f.Office().Booking == Desk {
		yes = "sibling.request"
	}
	return text, []choice{t.choice(yes, "yes"), t.choice("sibling.no", "no")}
}

func (t *turn) siblingAnswer(value string) {
	if value == "yes" {
		t.confirmed()
		return
	}
	d := t.s.Draft
	if c, ok := t.draftCase(); ok && c.Appointment != nil {
		t.say(t.w.text("sibling.left", with{"case": c.Receipt.String(), "appointment": t.where(*c.Appointment)}))
	}
	t.offerSibling(d, d.Siblings)
}
