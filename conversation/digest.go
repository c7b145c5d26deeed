package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

const (
	digestMost  = 45             // paragraphs of one message
	digestLines = 30             // of one part
	urgent      = 24 * time.Hour // before the cut-off, a request is urgent
)

// Digest is what the office reads in the morning: numbers first, then what is
// overdue or urgent, what nobody has taken on, today's and tomorrow's
// appointments, alarms, talks, and whom to call; lines lead to their cards. Each Text is one
// message of at most 45 paragraphs. If there is nothing at all it says so in one
// line.
func Digest(language string, a Agenda, f Facts) []Text {
	t := telling(language, f)
	parts := t.digestParts(a)
	values := with{"now": t.w.office(t.now, f.Office())}
	if len(parts) == 0 && len(a.Requests) == 0 && a.Unread == 0 {
		return []Text{t.w.text("digest.nothing", values)}
	}
	head := append(t.w.text("digest.head", values), t.counts(a)...)
	return pages(head, parts, digestMost)
}

func (t *turn) digestParts(a Agenda) []Text {
	var soon, free []RequestOnDesk
	for _, r := range a.Requests {
		switch {
		case r.LapsesAt.Sub(t.now) <= urgent:
			soon = append(soon, r)
		case r.Held.Name == "":
			free = append(free, r)
		}
	}
	today, tomorrow := t.onDay(a.Coming, 0), t.onDay(a.Coming, 1)
	var parts []Text
	part := func(head Text, lines Text) {
		if len(lines) > 0 {
			parts = append(parts, append(head, lines...))
		}
	}
	part(t.w.text("digest.urgent"), items(t, soon, digestLines, 0, "home.more.requests", t.requestItem))
	part(t.w.text("digest.unclaimed"), items(t, free, digestLines, 0, "home.more.requests", t.requestItem))
	part(t.w.text("digest.today"), items(t, today, digestLines, 0, "home.more.coming", t.comingItem))
	part(t.w.text("digest.tomorrow"), items(t, tomorrow, digestLines, 0, "home.more.coming", t.comingItem))
	part(t.w.text("digest.alarms"), items(t, a.Alarms, digestLines, a.Beyond.Alarms, "list.more", t.alarmLine))
	part(t.w.text("digest.talks"), items(t, a.Talks, digestLines, 0, "list.more", t.talkLine))
	part(t.w.text("digest.calls"), items(t, a.Unreachable, digestLines, a.Beyond.Unreachable, "list.more", t.unreachableItem))
	return parts
}

// onDay are the appointments so many days from today, on the calendar of their own
// site.
func (t *turn) onDay(coming []AppointmentOnDesk, days int) []AppointmentOnDesk {
	var out []AppointmentOnDesk
	for _, a := range coming {
		if localDate(a) == scheduling.DateOf(t.now.In(a.Appointment.Site.Location())).AddDays(days) {
			out = append(out, a)
		}
	}
	return out
}

// pages puts parts below a head, as many paragraphs to a page as it may have. A
// part that goes on has its first paragraph again, and none begins in the last
// line.
func pages(head Text, parts []Text, most int) []Text {
	var out []Text
	page := head
	turnOver := func() { out, page = append(out, page), nil }
	for _, part := range parts {
		first, lines := part[0], part[1:]
		if len(page) > 0 {
			if len(page)+3 > most {
				turnOver()
			} else {
				page = append(page, Paragraph{Spans: []Span{}})
			}
		}
		page = append(page, first)
		for _, l := range lines {
			if len(page) == most {
				turnOver()
				page = append(page, first)
			}
			page = append(page, l)
		}
	}
	if len(page) > 0 {
		turnOver()
	}
	return out
}
