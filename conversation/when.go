package conversation

import (
	"fmt"
	"strings"
	"time"

	"reschedulebot/scheduling"
)

// Every time shown carries weekday, date, clock time and the place whose time it
// is (R36); UTC is never shown. Both languages use the 12-hour clock, as the
// notices do.

// moment is an instant at a site: "Tue Jul 14, 2026, 10:00 AM (Phoenix time, MST)".
func (l *lexicon) moment(t time.Time, s scheduling.Site) string {
	t = t.In(s.Location())
	return l.label("when.moment", with{
		"date": l.date(scheduling.DateOf(t)), "clock": l.clock(t.Hour(), t.Minute()),
		"place": zoneOf(s), "zone": t.Format("MST"),
	})
}

// zoneOf is whose time a site's clock shows: the city's, or where none is on file
// that of the site as it is called.
func zoneOf(s scheduling.Site) string {
	if s.City == "" {
		return s.Name()
	}
	return s.City
}

// eastern is an instant at the Contact Center.
func (l *lexicon) eastern(t time.Time, r scheduling.Rules) string {
	t = t.In(r.Center.Location())
	return l.label("when.eastern", with{"date": l.date(scheduling.DateOf(t)), "clock": l.clock(t.Hour(), t.Minute())})
}

// date is "Tue Jul 14, 2026".
func (l *lexicon) date(d scheduling.Date) string {
	return l.label("when.date", with{
		"weekday": l.lists["when.weekdays"][d.Weekday()], "month": l.lists["when.months"][d.Month-1],
		"day": d.Day, "year": fmt.Sprint(d.Year),
	})
}

// short is a button's "Tue Jul 14, 10:00 AM".
func (l *lexicon) short(w scheduling.Wall) string {
	return l.label("when.short", with{
		"weekday": l.lists["when.weekdays"][w.Date.Weekday()], "month": l.lists["when.months"][w.Date.Month-1],
		"day": w.Date.Day, "clock": l.clock(w.Hour, w.Minute),
	})
}

// clock is "10:00 AM".
func (l *lexicon) clock(hour, minute int) string {
	h := (hour+11)%12 + 1
	half := l.lists["when.halves"][hour/12]
	return strings.TrimSpace(fmt.Sprintf("%d:%02d %s", h, minute, half))
}

// span is a length of time, rounded down to minutes (R3): "11 h 59 min".
func (l *lexicon) span(d time.Duration) string {
	m := int(d / time.Minute)
	switch {
	case m >= 48*60:
		return l.label("when.days", with{"n": m / (24 * 60)})
	case m >= 60 && m%60 == 0:
		return l.label("when.hours", with{"h": m / 60})
	case m >= 60:
		return l.label("when.hoursminutes", with{"h": m / 60, "m": m % 60})
	}
	return l.label("when.minutes", with{"m": m})
}

// brief is an appointment in a list: "Tue Jul 14, 10:00 AM MST, Phoenix, AZ".
func (l *lexicon) brief(a scheduling.Appointment) string {
	return l.briefMoment(a.Start, a.Site) + ", " + a.Site.Name()
}

// briefMoment is an instant on a site's clock in a list: "Tue Jul 14, 10:00 AM MST".
func (l *lexicon) briefMoment(t time.Time, s scheduling.Site) string {
	t = t.In(s.Location())
	return l.short(scheduling.WallOf(t)) + " " + t.Format("MST")
}

// office is an instant for the office's own people, on their clock: "Tue Jul 14,
// 2026, 10:00 AM MST". Where it isn't told what clock that is, it is Eastern time.
func (l *lexicon) office(t time.Time, o Office) string {
	zone := o.Zone
	if zone == nil {
		zone = scheduling.BuiltinRules().Center.Location()
	}
	t = t.In(zone)
	return l.date(scheduling.DateOf(t)) + ", " + l.clock(t.Hour(), t.Minute()) + " " + t.Format("MST")
}
