package conversation

import (
	"strings"

	"reschedulebot/scheduling"
)

// siblings are this person's other appointments at the same place and time (R14).
func (t *turn) siblings(c Case) []string {
	var ids []string
	for _, other := range beside(c, t.f.Cases()) {
		ids = append(ids, other.ID)
	}
	return ids
}

// beside are those of some cases that are at the same place and time as one, and
// of which nothing is asked yet.
func beside(c Case, cases []Case) []Case {
	var found []Case
	for _, other := range cases {
		a := other.Appointment
		if other.ID == c.ID || a == nil || a.Status != scheduling.Scheduled || other.Request != nil {
			continue
		}
		if a.Site.Code == c.Appointment.Site.Code && a.Start.Equal(c.Appointment.Start) {
			found = append(found, other)
		}
	}
	return found
}

// stillThere tells staff which other notices of the same client are for the time
// that was just given up. They type the number of those that are to follow (R14).
func (t *turn) stillThere(c Case) Text {
	var names []string
	for _, other := range beside(c, t.f.Together(c.ID)) {
		names = append(names, other.Receipt.String()+" ("+formOr(other.Form)+")")
	}
	if names == nil {
		return nil
	}
	return t.w.text("staff.siblings", with{"cases": strings.Join(names, ", "), "appointment": t.where(*c.Appointment)})
}

// isSibling tells whether the flow is about a sibling of one that was moved.
func (t *turn) isSibling() bool { return t.s.Draft.Old != (scheduling.Wall{}) }

// offerSibling asks about the next sibling, or ends the flow. One that can't be
// moved online is said so, and sent to the phone like any other.
func (t *turn) offerSibling(d Draft, slot scheduling.Slot, ids []string) {
	for i, id := range ids {
		c, ok := t.caseByID(id)
		if !ok || c.Appointment == nil {
			continue
		}
		t.s.Draft = Draft{CaseID: c.ID, AppointmentID: c.Appointment.ID, Version: c.Appointment.Version, Old: c.Appointment.Local,
			Reason: d.Reason, Words: d.Words, Site: slot.Site, From: slot.Local.Date, Slot: slot.Local, Siblings: ids[i+1:]}
		v := t.gate(c, d.Reason)
		if !v.Online() {
			t.refer(c, v, d.Reason)
			t.say(join(t.w.text("sibling.phone", t.siblingValues(c)), t.why(c, v), t.phoneCard(*c.Appointment, v, "phone.call"), t.w.text("atstake")))
			continue
		}
		if site, ok := t.f.Sites().Find(slot.Site); ok && t.f.Seats(site, slot.Start)-t.taken(slot) <= 0 {
			t.siblingFull(c, slot)
			return
		}
		t.ask(AskSibling)
		return
	}
	t.s.Step, t.s.Under, t.s.Draft = Idle, Idle, Draft{}
}

// taken are the seats that this very turn takes at a start: the facts were read
// before.
func (t *turn) taken(s scheduling.Slot) int {
	n := 0
	for _, e := range t.effects {
		var to scheduling.Slot
		switch e := e.(type) {
		case Move:
			to = e.Change.To
		case FileRequest:
			to = e.Change.To
		}
		if to.Site == s.Site && to.Start.Equal(s.Start) {
			n++
		}
	}
	return n
}

// siblingFull offers other times, since the one that was chosen has no seat left.
func (t *turn) siblingFull(c Case, s scheduling.Slot) {
	t.s.Draft.Slot = scheduling.Wall{}
	var others []scheduling.Slot
	for _, o := range t.openings(scheduling.Query{Near: s.Local, Limit: perPage + 1}) {
		if !o.Start.Equal(s.Start) {
			others = append(others, o)
		}
	}
	t.offer(others[:min(perPage, len(others))], t.times("sibling.full", t.siblingValues(c)))
}

func (t *turn) siblingValues(c Case) with {
	return with{"case": c.Receipt.String(), "form": formOr(c.Form), "appointment": t.where(*c.Appointment)}
}

func (t *turn) siblingQuestion() (Text, []choice) {
	c, ok := t.draftCase()
	slot, chosen := t.chosen()
	if !ok || c.Appointment == nil || !chosen {
		return t.w.text("outofdate"), []choice{t.choice("sibling.no", "no")}
	}
	values := t.siblingValues(c)
	values["new"], values["reason"] = t.slotWhere(slot), t.reasonName(t.s.Draft)
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
		t.before = join(t.before, t.w.text("sibling.left", t.siblingValues(c)))
	}
	slot, chosen := t.chosen()
	if !chosen {
		d.Siblings = nil
	}
	t.offerSibling(d, slot, d.Siblings)
	if len(t.before) > 0 { // no other sibling has taken it along
		t.say(nil)
	}
}

// siblingsLeft says of this sibling and those after it that they were not touched.
func (t *turn) siblingsLeft() Text {
	var text Text
	for _, id := range append([]string{t.s.Draft.CaseID}, t.s.Draft.Siblings...) {
		if c, ok := t.caseByID(id); ok && c.Appointment != nil {
			text = append(text, t.w.text("sibling.left", t.siblingValues(c))...)
		}
	}
	return text
}
