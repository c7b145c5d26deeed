package scheduling

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Date is a day of the civil calendar, in no zone. The zero value means "no
// date". Dates are comparable with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Dates outside these years are typing errors (R32).
const firstYear, lastYear = 1900, 2199

// DateOf is the civil date of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads 2026-12-03, or 12/03/2026 with the month first as it stands on
// a notice (R26). Years run from 1900 to 2199, and the day must exist.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	var year, month, day string
	if p := strings.Split(s, "-"); len(p) == 3 {
		year, month, day = p[0], p[1], p[2]
	} else if p := strings.Split(s, "/"); len(p) == 3 {
		month, day, year = p[0], p[1], p[2]
	}
	y, okYear := digits(year, 4, 4)
	m, okMonth := digits(month, 1, 2)
	d, okDay := digits(day, 1, 2)
	if !okYear || !okMonth || !okDay {
		return Date{}, errors.New("this is not a date; write 2026-12-03 or 12/03/2026 (month first)")
	}
	date := Date{y, time.Month(m), d}
	if y < firstYear || y > lastYear {
		return Date{}, fmt.Errorf("the year can't be %d; write 2026-12-03 or 12/03/2026 (month first)", y)
	}
	if DateOf(date.noon()) != date {
		return Date{}, fmt.Errorf("there is no day %d of month %d in %d; write 2026-12-03 or 12/03/2026 (month first)", d, m, y)
	}
	return date, nil
}

// digits reads a plain number of least to most ASCII digits.
func digits(s string, least, most int) (int, bool) {
	if len(s) < least || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// noon carries the date where only the calendar matters: UTC has no clock
// changes.
func (d Date) noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// number counts days from 1970-01-01, for walking over many of them.
func (d Date) number() int {
	return int(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

// dateOn is the date with this number.
func dateOn(number int) Date { return DateOf(time.Unix(int64(number)*secondsOfDay, 0).UTC()) }

// weekdayOf is the weekday of the date with this number; 1970-01-01 was a
// Thursday.
func weekdayOf(number int) time.Weekday { return time.Weekday(((number+4)%7 + 7) % 7) }

const secondsOfDay = 24 * 60 * 60

// midnight is the first moment of the day in a zone.
func (d Date) midnight(loc *time.Location) time.Time { return existing(Wall{Date: d}, loc) }

// AddDays is the date n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.noon().AddDate(0, 0, n)) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

// Compare is -1 if d is before e, 0 if they are equal, +1 if d is after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// IsZero reports whether d is no date at all.
func (d Date) IsZero() bool { return d == Date{} }

// String is 2026-12-03, and "" for the zero date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes what String gives.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote, and whatever ParseDate reads.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	date, err := ParseDate(string(text))
	if err == nil {
		*d = date
	}
	return err
}
