package scheduling

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Weekdays is a set of days of the week.
type Weekdays uint8

// Has reports whether d is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w&(1<<d) != 0 }

// String lists the days from Monday on, runs of three or more shortened:
// "Mon-Fri", "Mon,Wed-Fri,Sun".
func (w Weekdays) String() string {
	var parts []string
	for i := 0; i < 7; {
		n := 0
		for i+n < 7 && w.Has(fromMonday(i+n)) {
			n++
		}
		switch {
		case n >= 3:
			parts = append(parts, short(fromMonday(i))+"-"+short(fromMonday(i+n-1)))
		default:
			for k := range n {
				parts = append(parts, short(fromMonday(i+k)))
			}
		}
		i += n + 1
	}
	return strings.Join(parts, ",")
}

func fromMonday(i int) time.Weekday { return time.Weekday((i + 1) % 7) }

func short(d time.Weekday) string { return d.String()[:3] }

// Hours are the weekdays and the span of the day, local time, in which somebody
// is there. The zero value is never.
type Hours struct {
	Days          Weekdays
	Opens, Closes Clock // open while Opens <= time < Closes
}

var errHours = errors.New("these are not opening hours; write Mon-Fri 08:00-16:00")

// ParseHours reads "Mon-Fri 08:00-16:00" or "Mon,Wed,Sat 8:30-12:00": one span
// for all the days named, ending on the day it begins (24:00 is possible).
func ParseHours(s string) (Hours, error) {
	days, span, _ := strings.Cut(strings.TrimSpace(s), " ")
	w, err := parseWeekdays(days)
	if err != nil {
		return Hours{}, err
	}
	from, to, err := parseSpan(span)
	if errors.Is(err, errClock) {
		return Hours{}, errHours
	}
	if err != nil {
		return Hours{}, err
	}
	return Hours{w, from, to}, nil
}

func parseWeekdays(s string) (Weekdays, error) {
	var w Weekdays
	for part := range strings.SplitSeq(s, ",") {
		a, b, isRun := strings.Cut(part, "-")
		from, ok := parseWeekday(a)
		to, okTo := from, true
		if isRun {
			to, okTo = parseWeekday(b)
		}
		if !ok || !okTo {
			return 0, errHours
		}
		for d := from; ; d = (d + 1) % 7 {
			w |= 1 << d
			if d == to {
				break
			}
		}
	}
	return w, nil
}

func parseWeekday(s string) (time.Weekday, bool) {
	for d := range time.Weekday(7) {
		if strings.EqualFold(s, short(d)) || strings.EqualFold(s, d.String()) {
			return d, true
		}
	}
	return 0, false
}

// String is what ParseHours reads: "Mon-Fri 08:00-16:00".
func (h Hours) String() string {
	if h == (Hours{}) {
		return ""
	}
	return fmt.Sprintf("%v %v-%v", h.Days, h.Opens, h.Closes)
}
