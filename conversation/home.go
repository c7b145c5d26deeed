package conversation

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"reschedulebot/scheduling"
)

// The filters of the home page, as they come back in Act.Ref.
const (
	FilterAll       = "all"
	FilterMine      = "mine"
	FilterUnclaimed = "unclaimed"
	FilterWeek      = "week" // whose appointment is within seven days
)

// How much of each list the page shows.
const (
	homeRequests = 20
	homeAlarms   = 10
	homeTalks    = 10
	homeComing   = 30
	homeCalls    = 20
)

// HomePage is what one member of staff sees at a glance. me is the platform's id
// of the reader; filter one of the Filter constants, anything else is FilterAll.
// Requests, alarms and talks are filtered, the days and the calls to make are not.
func HomePage(language string, a Agenda, filter, me string, f Facts) Page {
	t := telling(language, f)
	shown := t.filtered(a, filter, me)
	requests := items(t, shown.Requests, homeRequests, 0, "home.more.requests", t.requestItem)
	alarms := append(items(t, shown.Alarms, homeAlarms, shown.Beyond.Alarms, "list.more", t.alarmLine), items(t, shown.Talks, homeTalks, 0, "list.more", t.talkLine)...)
	calls := items(t, a.Unreachable, homeCalls, a.Beyond.Unreachable, "list.more", t.unreachableItem)
	return Page{Cards: []Card{
		t.homeHead(a, filter, me),
		{Title: t.w.label("home.requests"), Text: orElse(requests, t.w.text("home.requests.none"))},
		{Title: t.w.label("home.alarms"), Text: orElse(alarms, t.w.text("home.alarms.none"))},
		{Title: t.w.label("home.coming"), Text: orElse(t.days(a.Coming, homeComing, a.Beyond.Coming), t.w.text("home.coming.none"))},
		{Title: t.w.label("home.calls"), Text: orElse(calls, t.w.text("home.calls.none"))},
	}}
}

func orElse(text, none Text) Text {
	if len(text) == 0 {
		return none
	}
	return text
}

// homeHead is what there is in numbers, the filters and the way to register.
func (t *turn) homeHead(a Agenda, filter, me string) Card {
	c := Card{
		Title: t.w.label("home.title"),
		Text:  t.counts(a),
		Note:  t.w.text("desk.drawn.page", with{"now": t.w.office(t.now, t.f.Office())}),
	}
	for _, b := range []struct{ filter, label string }{
		{FilterAll, t.w.label("home.all")}, {FilterMine, t.w.label("home.mine")},
		{FilterUnclaimed, t.w.label("home.unclaimed")}, {FilterWeek, t.w.label("home.week")},
	} {
		of := t.filtered(a, b.filter, me)
		label := b.label + " (" + strconv.Itoa(len(of.Requests)+len(of.Alarms)+of.Beyond.Alarms+len(of.Talks)) + ")"
		if b.filter == known(filter) {
			label = "✓ " + label
		}
		c.Buttons = append(c.Buttons, Button{Label: label, Act: "filter", Ref: b.filter})
	}
	c.Buttons = append(c.Buttons, t.button("home.register", "register", "", Main))
	return c
}

func known(filter string) string {
	switch filter {
	case FilterMine, FilterUnclaimed, FilterWeek:
		return filter
	}
	return FilterAll
}

// counts are what waits, in numbers, and how much can't be read.
func (t *turn) counts(a Agenda) Text {
	text := t.w.text("desk.counts", with{"requests": len(a.Requests), "alarms": len(a.Alarms) + a.Beyond.Alarms,
		"talks": len(a.Talks), "calls": len(a.Unreachable) + a.Beyond.Unreachable})
	if a.Unread > 0 {
		text = append(text, t.w.text("desk.unread", with{"n": a.Unread})...)
	}
	return text
}

// filtered is what a filter leaves of what can be taken on.
func (t *turn) filtered(a Agenda, filter, me string) Agenda {
	mine := func(h Holder) bool { return me != "" && h.Person == me }
	free := func(h Holder) bool { return h.Name == "" && h.Person == "" }
	soon := func(start time.Time) bool { return start.Before(t.now.AddDate(0, 0, 7)) }
	var out Agenda
	if known(filter) == FilterAll { // who has those that were not read is not known
		out.Beyond.Alarms = a.Beyond.Alarms
	}
	for _, r := range a.Requests {
		if passes(filter, mine(r.Held), free(r.Held), soon(r.From.Start)) {
			out.Requests = append(out.Requests, r)
		}
	}
	for _, x := range a.Alarms {
		if passes(filter, mine(x.Owner), free(x.Owner), x.Appointment == nil || soon(x.Appointment.Start)) {
			out.Alarms = append(out.Alarms, x)
		}
	}
	for _, k := range a.Talks {
		if passes(filter, mine(k.Owner), free(k.Owner), true) {
			out.Talks = append(out.Talks, k)
		}
	}
	return out
}

func passes(filter string, mine, free, soon bool) bool {
	switch filter {
	case FilterMine:
		return mine
	case FilterUnclaimed:
		return free
	case FilterWeek:
		return soon
	}
	return true
}

// days lists appointments day by day, each on the calendar of its own site. beyond is
// how many there are that coming lacks.
func (t *turn) days(coming []AppointmentOnDesk, most, beyond int) Text {
	coming = slices.Clone(coming)
	slices.SortStableFunc(coming, func(a, b AppointmentOnDesk) int {
		return cmp.Or(localDate(a).Compare(localDate(b)), a.Appointment.Start.Compare(b.Appointment.Start))
	})
	var out Text
	var day scheduling.Date
	for _, a := range coming[:min(most, len(coming))] {
		if d := localDate(a); d != day {
			day = d
			out = append(out, Paragraph{Spans: []Span{{Text: t.w.date(d), Style: Strong}}})
		}
		out = append(out, t.dayItem(a))
	}
	if n := max(0, len(coming)-most) + beyond; n > 0 {
		out = append(out, t.w.text("home.more.coming", with{"n": n})...)
	}
	return out
}

func localDate(a AppointmentOnDesk) scheduling.Date {
	return scheduling.DateOf(a.Appointment.Start.In(a.Appointment.Site.Location()))
}
