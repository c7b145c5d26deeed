package conversation

import (
	"strconv"
	"time"

	"reschedulebot/scheduling"
)

func itoa(n int) string { return strconv.Itoa(n) }

// index reads the number in a value such as "c3".
func index(value string) (int, bool) {
	if len(value) < 2 {
		return 0, false
	}
	n, err := strconv.Atoi(value[1:])
	return n, err == nil && n >= 0
}

// where is an appointment in words: date, time, zone and place.
func (t *turn) where(a scheduling.Appointment) string { return t.w.where(a.Start, a.Site) }

func (l *lexicon) where(start time.Time, s scheduling.Site) string {
	return l.moment(start, s) + ", " + l.label("place", with{"site": s.Name()})
}

func (t *turn) slotWhere(s scheduling.Slot) string {
	site, ok := t.f.Sites().Find(s.Site)
	if !ok {
		return t.w.short(s.Local)
	}
	return t.w.where(s.Start, site)
}

// card is the appointment on file and until when it can be moved, and how often.
func (t *turn) card(c Case, v scheduling.Verdict) Text {
	a := *c.Appointment
	head := t.w.text("card", with{"case": c.Receipt.String(), "form": formOr(c.Form), "appointment": t.where(a)})
	if !v.Online() || t.insideMargin(v) {
		return head
	}
	text := join(head, t.w.text("card.changes", with{"n": v.ChangesLeft}))
	if v.Class == scheduling.ToolLast {
		text = append(text, t.w.text("card.last")...)
	}
	until := with{"until": t.w.moment(v.SelfUntil, a.Site)}
	if t.f.Office().Booking == Desk { // here a change is asked for, not made
		text = append(text, t.w.text("card.until.desk", until)...)
	} else {
		text = append(text, t.w.text("card.until", until)...)
	}
	if v.PhoneUntil.IsZero() {
		return append(text, t.w.text("card.nophone")...)
	}
	return append(text, t.w.text("card.phone", with{"until": t.w.moment(v.PhoneUntil, a.Site)})...)
}

func formOr(form string) string {
	if form == "" {
		return "–"
	}
	return form
}

// inactive says why an appointment on file can't be moved by anybody here.
func (t *turn) inactive(c Case) Text {
	values := t.office()
	values["appointment"] = t.where(*c.Appointment)
	switch c.Appointment.Status {
	case scheduling.USCISMoved:
		return t.w.text("uscismoved", values)
	case scheduling.Completed:
		return t.w.text("completed", values)
	}
	return t.w.text("notactive", values)
}
