package scheduling

import (
	"errors"
	"fmt"
	"strings"
)

// A Clock is a time of day in minutes after midnight, 0 to 1440. 1440 (24:00)
// occurs only as the end of a span.
type Clock int

// endOfDay is 24:00.
const endOfDay Clock = 24 * 60

// ClockAt is the given time of day.
func ClockAt(hour, minute int) Clock { return Clock(hour*60 + minute) }

// Hour is the full hour, 0 to 24.
func (c Clock) Hour() int { return int(c) / 60 }

// Minute is the minute of the hour.
func (c Clock) Minute() int { return int(c) % 60 }

// String is 09:05.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour(), c.Minute()) }

// on is this time of day on a date. It must be before 24:00.
func (c Clock) on(d Date) Wall { return Wall{d, c.Hour(), c.Minute()} }

var errClock = errors.New("this is not a time of day; write 10:20 or 10:20 AM")

// ParseClock reads a time of day: "10:20", "10:20 AM", "9:05 pm", "9 a.m.".
// Without AM or PM the clock has 24 hours and the minutes are needed. Seconds
// may be given where they are zero, as spreadsheets do.
func ParseClock(s string) (hour, minute int, err error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	s, half := cutHalf(s)
	h, rest, minutes := strings.Cut(s, ":")
	m, seconds, _ := strings.Cut(rest, ":")
	if seconds != "" && seconds != "00" || strings.HasSuffix(rest, ":") {
		return 0, 0, errClock
	}
	hour, okHour := digits(h, 1, 2)
	minute, okMinute := digits(m, 2, 2)
	if !minutes && half != "" {
		minute, okMinute = 0, true
	}
	if !okHour || !okMinute || minute > 59 {
		return 0, 0, errClock
	}
	switch {
	case half == "" && hour <= 23:
		return hour, minute, nil
	case half != "" && hour >= 1 && hour <= 12:
		hour %= 12
		if half == "PM" {
			hour += 12
		}
		return hour, minute, nil
	}
	return 0, 0, errClock
}

// cutHalf takes AM or PM off the end of an upper-case time.
func cutHalf(s string) (rest, half string) {
	for _, end := range [...]struct{ text, half string }{{"A.M.", "AM"}, {"P.M.", "PM"}, {"AM", "AM"}, {"PM", "PM"}} {
		if rest, ok := strings.CutSuffix(s, end.text); ok {
			return strings.TrimSpace(rest), end.half
		}
	}
	return s, ""
}

// parseSpan reads "09:00-20:00". The end must be later than the beginning; it
// may be 24:00.
func parseSpan(s string) (from, to Clock, err error) {
	a, b, _ := strings.Cut(s, "-")
	h, m, err := ParseClock(a)
	if err != nil {
		return 0, 0, err
	}
	from, to = ClockAt(h, m), endOfDay
	if b = strings.TrimSpace(b); b != "24:00" {
		if h, m, err = ParseClock(b); err != nil {
			return 0, 0, err
		}
		to = ClockAt(h, m)
	}
	if to <= from {
		return 0, 0, fmt.Errorf("the span %v-%v ends before it begins", from, to)
	}
	return from, to, nil
}
