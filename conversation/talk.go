package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// What a client reads about talking to a person. Nobody is promised an hour: only
// when the office is open is told.

// personComes answers a client who has asked for a person: the office is open, or
// when somebody is back.
func (t *turn) personComes() Text {
	open, opens := OfficeOpens(t.f)
	values := t.office()
	switch {
	case open:
		return t.w.text("talk.comes", values)
	case opens.IsZero():
		return t.w.text("person", values)
	}
	values["opens"] = t.w.office(opens, t.f.Office())
	return t.w.text("talk.closed", values)
}

// OfficeOpens tells whether somebody is at the office, and if not when they are
// next; zero where that isn't told or lies more than a year ahead. Nobody is there
// on federal holidays.
func OfficeOpens(f Facts) (open bool, opens time.Time) {
	o := f.Office()
	if o.Zone == nil || o.Hours.Closes <= o.Hours.Opens {
		return false, time.Time{}
	}
	r := f.Rules()
	r.ExtraClosedDays = nil // those are USCIS's own
	now := f.Now().In(o.Zone)
	const year = 366
	for n, d := 0, scheduling.DateOf(now); n < year; n, d = n+1, d.AddDays(1) {
		if !o.Hours.Days.Has(d.Weekday()) || r.Closed(d) {
			continue
		}
		from, to := clockOn(d, o.Hours.Opens, o.Zone), clockOn(d, o.Hours.Closes, o.Zone)
		switch {
		case now.Before(from):
			return false, from
		case now.Before(to):
			return true, time.Time{}
		}
	}
	return false, time.Time{}
}

// clockOn is the moment at which clocks in a zone show a time of day; 24:00 is the
// midnight after.
func clockOn(d scheduling.Date, c scheduling.Clock, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, c.Hour(), c.Minute(), 0, 0, zone)
}

// PersonJoins tells a client that somebody of the office answers from now on, and
// how to have the assistant back.
func PersonJoins(language, name string, f Facts) Reply {
	t := telling(language, f)
	values := t.office()
	values["name"] = t.somebody(name)
	return Reply{Text: t.w.text("talk.joins", values)}
}

// PersonSays is what somebody of the office writes to a client.
func PersonSays(language, name, words string) Reply {
	if name = oneLine(name); name == "" {
		name = wordsFor(language).label("told.somebody")
	}
	return Reply{Private: true, Text: says(name, words)}
}

// CantPassAll tells a client that what they write last does not reach the person any
// more, because too much waits to.
func CantPassAll(language string, f Facts) Reply {
	t := telling(language, f)
	return Reply{Private: true, Text: t.w.text("talk.flooded", t.office())}
}

// CantPassOn tells a client that a photo or a file does not reach the person.
func CantPassOn(language string, f Facts) Reply {
	t := telling(language, f)
	return Reply{Text: t.w.text("talk.media", t.office())}
}
