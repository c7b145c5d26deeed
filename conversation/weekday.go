package conversation

import (
	"regexp"
	"strings"
	"time"

	"reschedulebot/scheduling"
)

// shortDays are the Spanish weekdays as the bot writes them.
const shortDays = `dom|lun|mar|mie|jue|vie|sab`

// shortEnglish are the English ones, as people write them.
const shortEnglish = `(?:mon|tues?|weds?|thu|thurs?|fri|sat|sun)`

var (
	reDayNth     = regexp.MustCompile(`\b(?:[a-z]+day),? (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b|^ *(?:on |next |this )?` + shortEnglish + `\.?,? (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b|\b(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|` + shortDays + `)\.?,? (?:el |dia )*(\d{1,2})\b`)
	reShortEn    = regexp.MustCompile(`^ *(?:on |next |this )?` + shortEnglish + `\.?(?:,? (?:the )?\d{1,2}(?:st|nd|rd|th)?\b| *$)`)
	reShortDay   = regexp.MustCompile(`\b(` + shortDays + `)\.?,? (?:el )?(\d{1,2}(?:(?:ro|o)?(?: de)? ` + monthWords + `|[/-]\d))`)
	reShort      = regexp.MustCompile(`^ *(?:el )?(` + shortDays + `)\.?(?:,? (?:el |dia )*\d{1,2}\b| *$)`)
	reWeekday    = regexp.MustCompile(`\b(sundays?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|domingos?|lunes|martes|miercoles|jueves|viernes|sabados?|mon|tues?|weds?|thu|thurs?|fri|sat|sun)\b`)
	reDayBefore  = regexp.MustCompile(`\b(` + dayWords + `|` + shortEnglish + `|` + shortDays + `)[.,]* (?:the |el |dia )*$`)
	reOrdinal    = regexp.MustCompile(`\b(?:first|second|third|fourth|last|[1-7](?:st|nd|rd|th)|primer|segundo|tercer|cuarto|ultimo) (?:` + dayWords + `|week\b|one\b|option\b|choice\b)`)
	reNextDay    = regexp.MustCompile(`\bnext (?:` + dayWords + `|` + shortEnglish + `\b)`)
	reBareNumber = regexp.MustCompile(`^[a-z]+day,? \d{1,2}$`)
)

// agrees tells whether a weekday just before a date is that date's, and of two
// readings takes the one that it is of. Where it is of none, one of the two is a
// mistake, and nothing is guessed.
func (d *dateReader) agrees(before string) bool {
	m := reDayBefore.FindStringSubmatch(before)
	if m == nil || m[1] == "mar" && d.lang != "es" {
		return true
	}
	day := weekdayOf(m[1])
	switch is, otherIs := d.h.day.Weekday() == day, d.h.other != (scheduling.Date{}) && d.h.other.Weekday() == day; {
	case is && otherIs:
		return true
	case is:
		d.h.other = scheduling.Date{}
		return true
	case otherIs:
		d.h.day, d.h.other = d.h.other, scheduling.Date{}
		return true
	}
	d.h.day, d.h.other, d.conflict = scheduling.Date{}, scheduling.Date{}, true
	return false
}

// dayOfWeek is the first that is named.
func (d *dateReader) dayOfWeek() (time.Weekday, bool) {
	m := reWeekday.FindString(d.s)
	if short := reShort.FindStringSubmatch(d.s); m == "" && d.lang == "es" && short != nil {
		m = short[1]
	}
	if m == "" || len(m) <= 3 && m != strings.TrimSpace(d.s) && !reShort.MatchString(d.s) && !reShortEn.MatchString(d.s) {
		return 0, false // "sat", "sun" inside a sentence are other words
	}
	return weekdayOf(m), true
}

// longDay is a Spanish weekday written out.
func longDay(short string) string {
	for day := range strings.SplitSeq("domingo|lunes|martes|miercoles|jueves|viernes|sabado", "|") {
		if strings.HasPrefix(day, short) {
			return day
		}
	}
	return short
}

func weekdayOf(name string) time.Weekday {
	days := map[string]time.Weekday{"su": 0, "mo": 1, "tu": 2, "we": 3, "th": 4, "fr": 5, "sa": 6, "do": 0, "lu": 1, "ma": 2, "mi": 3, "ju": 4, "vi": 5}
	return days[name[:2]]
}

func (d *dateReader) weekday() bool {
	day, named := d.dayOfWeek()
	if !named {
		return false
	}
	if m := reDayNth.FindStringSubmatch(d.s); m != nil {
		n := atoi(m[1] + m[2] + m[3])
		if d.dayNth(day, n) {
			return true
		} else if !reBareNumber.MatchString(m[0]) || n > 12 || d.h.hasTime {
			return false
		} // "friday 9" may be an hour, and then which Friday is clear
	}
	n := (int(day-d.today.Weekday()) + 7) % 7
	if n == 0 {
		n = 7
	}
	d.h.day = d.today.AddDays(n)
	if !d.h.from && !d.h.until && reNextDay.MatchString(d.s) && (int(day)+6)%7 > (int(d.today.Weekday())+6)%7 {
		d.h.other = d.h.day.AddDays(7) // it is still this week's: many mean the one after
	}
	return true
}

// dayNth is "tuesday the 5th": the next day that is both. Where none is soon, one
// of the two is a mistake, and nothing is guessed.
func (d *dateReader) dayNth(day time.Weekday, n int) bool {
	for i := range 100 {
		if date := d.today.AddDays(i); date.Day == n && date.Weekday() == day {
			d.h.day = date
			return true
		}
	}
	return false
}
