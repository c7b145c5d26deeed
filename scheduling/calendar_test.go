package scheduling_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	. "reschedulebot/scheduling"
)

func TestCalendar(t *testing.T) {
	a := booked(t, "XPQ", "2026-07-14 10:00")
	a.Version = 3
	got := string(Calendar(CalendarEntry{Appointment: a, Now: instant(t, "2026-07-01T09:00:00-07:00"), Summary: "Appointment", Description: "Bring the paper notice."}))
	const want = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Reschedulebot//Golang ICS Library
METHOD:PUBLISH
BEGIN:VEVENT
UID:k1@reschedulebot
DTSTAMP:20260701T160000Z
SEQUENCE:3
DTSTART:20260714T170000Z
DTEND:20260714T172000Z
SUMMARY:Appointment
DESCRIPTION:Bring the paper notice.
LOCATION:Phoenix\, AZ
CLASS:PRIVATE
STATUS:CONFIRMED
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P1D
DESCRIPTION:Appointment
END:VALARM
END:VEVENT
END:VCALENDAR
`
	if got != strings.ReplaceAll(want, "\n", "\r\n") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCalendarOfAChain(t *testing.T) {
	a := booked(t, "XCB", "2026-06-10 10:00")
	next := a
	next.ID, next.Version, next.Site, next.Local = "a2", 2, site(t, "XNK"), wall(t, "2026-06-12 08:00")
	first, second := parseCalendar(t, CalendarEntry{Appointment: a}), parseCalendar(t, CalendarEntry{Appointment: next})
	if first.Id() != second.Id() || first.Id() == "" {
		t.Errorf("one chain, two entries: %q, %q", first.Id(), second.Id())
	}
	other := a
	other.Chain = "k2"
	if parseCalendar(t, CalendarEntry{Appointment: other}).Id() == first.Id() {
		t.Error("two chains, one entry")
	}
	a.Status = Cancelled
	if got := parseCalendar(t, CalendarEntry{Appointment: a}).GetProperty(ics.ComponentPropertyStatus).Value; got != "CANCELLED" {
		t.Errorf("a cancelled appointment is %s", got)
	}
	a.Site.VisitMinutes = 0
	e := parseCalendar(t, CalendarEntry{Appointment: a})
	start, err1 := e.GetStartAt()
	end, err2 := e.GetEndAt()
	if err1 != nil || err2 != nil || end.Sub(start).Minutes() != 20 {
		t.Errorf("it lasts from %v to %v (%v, %v)", start, end, err1, err2)
	}
}

func parseCalendar(t *testing.T, e CalendarEntry) *ics.VEvent {
	t.Helper()
	c, err := ics.ParseCalendar(strings.NewReader(string(Calendar(e))))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Events()) != 1 {
		t.Fatalf("%d events", len(c.Events()))
	}
	return c.Events()[0]
}

// Whatever stands in the words, the file stays one event of lines of 75 bytes at
// most, and the receipt number never gets in.
func TestCalendarIsOneEvent(t *testing.T) {
	for _, words := range []string{
		"Cita; en Chicago, IL \\ a las 10:00\nlleve el aviso en papel",
		"x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:other",
		"x\rATTENDEE:mailto:somebody@example.org",
		strings.Repeat("mañana señor ", 40),
		strings.Repeat("日程", 60),
		"\x00\x07\xff\xfe broken",
		"",
	} {
		a := booked(t, "XCB", "2026-06-10 10:00")
		a.Chain = "k1\r\nATTENDEE:mailto:somebody@example.org"
		entry := CalendarEntry{Appointment: a, Now: a.Start, Summary: words, Description: words}
		text := string(Calendar(entry))
		if !utf8.ValidString(text) {
			t.Errorf("%q: not UTF-8", words)
		}
		for line := range strings.SplitSeq(text, "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n\x00\x07") {
				t.Errorf("%q: the line %q", words, line)
			}
			if strings.HasPrefix(line, "ATTENDEE") || line == "UID:other" {
				t.Errorf("%q: it made a line of its own: %q", words, line)
			}
		}
		if strings.Contains(text, "0000000101") || strings.Contains(text, "I-485") {
			t.Errorf("%q: the case is in it:\n%s", words, text)
		}
		event := parseCalendar(t, entry)
		if len(event.Alarms()) != 1 {
			t.Errorf("%q: %d alarms", words, len(event.Alarms()))
		}
		if words == strings.Repeat("日程", 60) && event.GetProperty(ics.ComponentPropertySummary).Value != words {
			t.Errorf("the words came back as %q", event.GetProperty(ics.ComponentPropertySummary).Value)
		}
	}
}
