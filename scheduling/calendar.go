package scheduling

import (
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"
)

// A CalendarEntry is what a person puts into their own calendar. Phones show its
// words on a locked screen, so Summary and Description, in the person's
// language, must not name the case.
type CalendarEntry struct {
	Appointment Appointment
	Now         time.Time // when the file is written
	Summary     string
	Description string
}

// Calendar writes the entry as an iCalendar file (RFC 5545) with CRLF line ends
// and times in UTC. The UID stays the same through all changes of an
// appointment and the SEQUENCE rises with its version, so that a calendar
// replaces the entry instead of adding another. The alarm goes off one day
// before. The place is the site's name and nothing more: the address is on the
// notice (R33). An appointment that is no longer in force is marked cancelled.
func Calendar(e CalendarEntry) []byte {
	a := e.Appointment
	length := a.Site.VisitMinutes
	if length <= 0 {
		length = defaultVisitMinutes
	}
	c := ics.NewCalendarFor("Reschedulebot")
	c.SetMethod(ics.MethodPublish)
	event := c.AddEvent(oneLine(a.Chain) + "@reschedulebot")
	event.SetDtStampTime(e.Now)
	event.SetSequence(a.Version)
	event.SetStartAt(a.Start)
	event.SetEndAt(a.Start.Add(time.Duration(length) * time.Minute))
	event.SetSummary(oneLine(e.Summary))
	if e.Description != "" {
		event.SetDescription(printable(e.Description))
	}
	event.SetLocation(a.Site.Name())
	event.SetClass(ics.ClassificationPrivate)
	event.SetStatus(ics.ObjectStatusConfirmed)
	if a.Status != Scheduled {
		event.SetStatus(ics.ObjectStatusCancelled)
	}
	alarm := event.AddAlarm()
	alarm.SetAction(ics.ActionDisplay)
	alarm.SetTrigger("-P1D")
	alarm.SetProperty(ics.ComponentPropertyDescription, oneLine(e.Summary))
	return []byte(c.Serialize(ics.WithNewLineWindows))
}

// oneLine is text in which nothing can begin a line of its own.
func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// printable drops what a calendar file must not contain: control characters other
// than the line feed, and broken UTF-8.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
