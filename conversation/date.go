package conversation

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"reschedulebot/scheduling"
)

// heard is a date, a time or both, as far as they were said.
type heard struct {
	day          scheduling.Date // zero: no day was named
	other        scheduling.Date // the other reading of "3/12", where both are possible
	hasTime      bool
	hour, minute int
	part         scheduling.Part
	week         bool // the seven days from day on
	from         bool // day or later
	until        bool // day or earlier
}

// maxWish is how long a text may be in which a date is looked for, in bytes.
const maxWish = 300

const monthWords = `(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|ene(?:ro)?|febrero|marzo|abr(?:il)?|mayo|junio|julio|ago(?:sto)?|septiembre|setiembre|octubre|noviembre|dic(?:iembre)?)`

// spelled are days of a month in words: seen, not read.
const spelled = `[a-z]*(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|teenth|tieth)|primero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci[a-z]+|veint[a-z]+|treinta`

const (
	dayWords = `lunes|martes|miercoles|jueves|viernes|sabado|domingo|(?:mon|tues|wednes|thurs|fri|satur|sun)day`
	aDay     = `(?:the |el |la )?(?:next |this |proximo |este )?(?:\d{1,2}(?:st|nd|rd|th| de)|\d{1,4}[-/]|` + monthWords + `|` + dayWords + `|today|tomorrow|hoy|manana)`
	howMany  = `(\d{1,2}|an?|one|two|three|four|five|six|ten|una?|dos|tres|cuatro|cinco|seis|ocho|diez|quince)`
)

var (
	reISO        = regexp.MustCompile(`\b(\d{4})[-/](\d\d?)[-/](\d\d?)\b`)
	reSlashes    = regexp.MustCompile(`(?:^|[^\d/])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d\d))?(?:$|[^\d/])`)
	reMonthDay   = regexp.MustCompile(`\b` + monthWords + `\.?[ /-]?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?:(?:,? |[/-])((?:19|20)\d\d))?\b`)
	reDayMonth   = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|e?ro|er|o|°)?(?:(?: de| of)? |[/-])` + monthWords + `\b(?:\.?,? (?:de |del )?((?:19|20)\d\d)|[/-]((?:19|20)\d\d))?`)
	reMonth      = regexp.MustCompile(`(?:^|\b(?:in|during|en) )` + monthWords + `(?: (?:de )?(\d{4}))?$`)
	reNth        = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)\b|\b(?:el|del|dia) (?:dia )?(\d{1,2})\b`)
	reIn         = regexp.MustCompile(`\b(?:in|dentro de|en) ` + howMany + ` (days?|weeks?|months?|dias?|semanas?|mes(?:es)?)\b`)
	reFromNow    = regexp.MustCompile(`\b` + howMany + ` (days?|weeks?|months?) from (?:now|today)\b`)
	reWeeksFrom  = regexp.MustCompile(`\b` + howMany + ` weeks? from (` + dayWords + `|tomorrow)\b|\b(` + dayWords + `|manana) (?:after next|en (?:8|ocho))\b`)
	reWeekOf     = regexp.MustCompile(`\b(?:week of|semana del?)\b`)
	reBefore     = regexp.MustCompile(`\b(?:before|earlier than|antes del?) ` + aDay + `|\bantes del \d`)
	reUntil      = regexp.MustCompile(`\b(?:or|o) (?:earlier|before|sooner|antes)$|\b(?:until|by|no later than|hasta|a mas tardar) ` + aDay + `|\b(?:hasta|a mas tardar) el \d`)
	reNextWeek   = regexp.MustCompile(`\bnext week\b|\b(?:la )?(?:proxima semana|otra semana|semana que viene|semana proxima|semana entrante)\b`)
	reNextMonth  = regexp.MustCompile(`\bnext month\b|\b(?:proximo mes|mes que viene|mes proximo)\b`)
	reAfterNext  = regexp.MustCompile(`\bovernext week\b`)
	reFrom       = regexp.MustCompile(`\b(?:or later|onwards?|en adelante|o despues|o mas tarde|on or after|after|from|despues del?|a partir del?|desde)\b`)
	reAfterDay   = regexp.MustCompile(`\b(?:after|despues del?) ` + aDay + `|\bdespues del \d`)
	reOnOrAfter  = regexp.MustCompile(`\bon or after\b`)
	reNthAt      = regexp.MustCompile(`^(?:el |the )?(3[01]|[12]\d|[1-9])(?:,? (?:at|a las?) \d)`)
	reDayOrMonth = regexp.MustCompile(`\b(?:` + dayWords + `|` + shortEnglish + `|` + shortDays + `|` + monthWords + `|3[01]|2\d|1[3-9]|(?:the|el) (?:` + spelled + `))\b`)
	reMayI       = regexp.MustCompile(`\b(?:may (?:i|we)|(?:i|we|it) may)\b`)
)

// understandDate reads a wish for a date in English or Spanish, seen from now at
// the site. A date without a year is the next one of that name. What was said
// is read back before anything is done, so a wrong reading costs a question.
func understandDate(text, lang string, now time.Time) (heard, bool) {
	if len(text) > maxWish {
		return heard{}, false
	}
	s := strings.NewReplacer("hoy en ocho", "en ocho dias", "luego del ", "despues del ", "pasado el ", "despues del ", "day after tomorrow", "overmorrow", "week after next", "overnext week", "primero de ", "1 de ").Replace(fold(text)) // no "after" here
	d := dateReader{s: suits(quarterTo(s)), lang: lang, today: scheduling.DateOf(now)}
	d.nthAt()
	d.times()
	d.h.from = reFrom.MatchString(d.s)
	after := reAfterDay.MatchString(d.s) && !reOnOrAfter.MatchString(d.s)
	before := reBefore.MatchString(d.s)
	d.h.until = before || reUntil.MatchString(d.s)
	d.date()
	switch {
	case after:
		d.shift(1)
	case before:
		d.shift(-1)
	}
	d.h.until = d.h.until && !d.h.from && !d.h.week && d.h.day != (scheduling.Date{})
	if d.h.day == (scheduling.Date{}) && d.h.hasTime && reDayOrMonth.MatchString(reMayI.ReplaceAllString(d.s, "")) {
		return heard{}, false // "the 31st at 10" in a month of thirty days is not any day at 10
	}
	ok := d.h.day != (scheduling.Date{}) || d.h.hasTime || d.h.part != scheduling.AnyPart
	return d.h, ok
}

// shift moves what was read by so many days.
func (d *dateReader) shift(days int) {
	for _, day := range []*scheduling.Date{&d.h.day, &d.h.other} {
		if *day != (scheduling.Date{}) {
			*day = day.AddDays(days)
		}
	}
}

// nthAt puts "16 a las 10" as the day that it is.
func (d *dateReader) nthAt() {
	if m := reNthAt.FindStringSubmatchIndex(d.s); m != nil {
		d.s = "el " + d.s[m[2]:]
	}
}

type dateReader struct {
	s, lang string
	today   scheduling.Date
	h       heard

	conflict bool // a weekday and a date that do not go together
}

// cut takes a phrase away once it is understood, so that "mañana" is left only
// where it means tomorrow.
func (d *dateReader) cut(re *regexp.Regexp) []string {
	i := re.FindStringSubmatchIndex(d.s)
	if i == nil {
		return nil
	}
	m := re.FindStringSubmatch(d.s)
	d.s = d.s[:i[0]] + " " + d.s[i[1]:]
	return m
}

func (d *dateReader) date() {
	switch {
	case d.iso(), !d.conflict && d.named(), !d.conflict && d.slashes():
		d.h.week = reWeekOf.MatchString(d.s)
	case d.conflict:
	case reOrdinal.MatchString(d.s): // "the second monday of january"
	case d.in(), d.weeksFrom(), d.weeks(), d.words(), d.weekday():
	case d.nth():
		d.h.week = reWeekOf.MatchString(d.s)
	case d.month():
	}
}

func (d *dateReader) iso() bool {
	i, m := reISO.FindStringIndex(d.s), reISO.FindStringSubmatch(d.s)
	return m != nil && d.set(&d.h.day, atoi(m[1]), atoi(m[2]), atoi(m[3]), true) && d.agrees(d.s[:i[0]])
}

// named reads a day of a month that is called by its name. In Spanish "mar" is
// Tuesday, too: "mar 15 dic" is in December, and of "mar 15" both readings are offered.
func (d *dateReader) named() bool {
	s := d.s
	if d.lang == "es" { // the weekday is written out, so that it is no month
		s = reShortDay.ReplaceAllStringFunc(s, func(said string) string {
			m := reShortDay.FindStringSubmatch(said)
			return longDay(m[1]) + " " + m[2]
		})
	}
	first, second := reMonthDay.FindStringSubmatchIndex(s), reDayMonth.FindStringSubmatchIndex(s)
	switch {
	case second != nil && (first == nil || second[0] < first[0]):
		m := reDayMonth.FindStringSubmatch(s)
		y, given := d.year(m[3] + m[4])
		return d.set(&d.h.day, y, month(m[2]), atoi(m[1]), given) && d.agrees(s[:second[0]])
	case first != nil:
		m := reMonthDay.FindStringSubmatch(s)
		y, given := d.year(m[3])
		if d.lang == "es" && m[1] == "mar" && !given && d.dayNth(time.Tuesday, atoi(m[2])) {
			d.h.other = d.h.day
		}
		ok := d.set(&d.h.day, y, month(m[1]), atoi(m[2]), given)
		if d.h.other == d.h.day {
			d.h.other = scheduling.Date{}
		}
		return ok && d.agrees(s[:first[0]])
	}
	return false
}

// slashes reads 12/8 as notices print it, month first (R26). Somebody who
// writes Spanish may mean the day first: then both are offered, unless the year
// says that one of them has passed.
func (d *dateReader) slashes() bool {
	m := reSlashes.FindStringSubmatch(d.s)
	if m == nil {
		return false
	}
	y, given := d.year(m[3])
	a, b := atoi(m[1]), atoi(m[2])
	if a > 12 {
		a, b = b, a // only day first is possible
	} else if d.lang == "es" && b <= 12 && a != b {
		d.set(&d.h.other, y, b, a, given)
	}
	ok := d.set(&d.h.day, y, a, b, given)
	if other := d.h.other; ok && other != (scheduling.Date{}) {
		switch past, otherPast := d.h.day.Compare(d.today) < 0, other.Compare(d.today) < 0; {
		case past && !otherPast:
			d.h.day, d.h.other = other, scheduling.Date{}
		case otherPast && !past:
			d.h.other = scheduling.Date{}
		}
	}
	return ok && d.agrees(d.s[:reSlashes.FindStringSubmatchIndex(d.s)[2]])
}

func (d *dateReader) in() bool {
	m := reIn.FindStringSubmatch(d.s)
	if m == nil {
		m = reFromNow.FindStringSubmatch(d.s)
	}
	if m == nil {
		return false
	}
	n := count(m[1])
	switch m[2][0] {
	case 'd':
		if m[1] == "ocho" || m[1] == "quince" { // one week, and two
			n--
		}
	case 'w', 's':
		n *= 7
	default:
		n *= 30
	}
	d.h.day = d.today.AddDays(n)
	d.h.from = true
	return n > 0
}

// count is a number in figures or as a word.
func count(s string) int {
	if n := atoi(s); n > 0 {
		return n
	}
	return map[string]int{"a": 1, "an": 1, "one": 1, "un": 1, "una": 1, "two": 2, "dos": 2, "three": 3, "tres": 3, "four": 4, "cuatro": 4,
		"five": 5, "cinco": 5, "six": 6, "seis": 6, "ocho": 8, "ten": 10, "diez": 10, "quince": 15}[s]
}

// weeksFrom is "a week from monday", and "monday after next".
func (d *dateReader) weeksFrom() bool {
	m := reWeeksFrom.FindStringSubmatch(d.s)
	if m == nil {
		return false
	}
	n := 1
	if m[1] != "" {
		n = count(m[1])
	}
	if d.s = m[2] + m[3]; !d.words() && !d.weekday() {
		return false
	}
	d.shift(7 * n)
	d.h.from = false
	return true
}

func (d *dateReader) weeks() bool {
	after := reAfterNext.MatchString(d.s)
	if !after && !reNextWeek.MatchString(d.s) {
		return false
	}
	n := (8 - int(d.today.Weekday())) % 7
	if n == 0 {
		n = 7
	}
	if after {
		n += 7
	}
	d.h.day, d.h.week = d.today.AddDays(n), true
	if day, named := d.dayOfWeek(); named { // "friday next week"
		d.h.day, d.h.week = d.h.day.AddDays((int(day)+6)%7), false
	}
	return true
}

// month is a month alone, or the next one: from its first day on.
func (d *dateReader) month() bool {
	first := scheduling.Date{Year: d.today.Year, Month: d.today.Month + 1, Day: 1}
	if first.Month > 12 {
		first = scheduling.Date{Year: first.Year + 1, Month: 1, Day: 1}
	}
	if m := reMonth.FindStringSubmatch(d.s); m != nil {
		y, given := d.year(m[2])
		first = scheduling.Date{Year: y, Month: time.Month(month(m[1])), Day: 1}
		if first.Month == d.today.Month && first.Year == d.today.Year {
			first.Day = d.today.Day
		} else if !given && first.Compare(d.today) < 0 {
			first.Year++
		}
	} else if !reNextMonth.MatchString(d.s) {
		return false
	}
	d.h.day, d.h.from = first, true
	return true
}

func (d *dateReader) words() bool {
	for _, w := range []struct {
		words string
		days  int
	}{{"pasado manana", 2}, {"overmorrow", 2}, {"tomorrow", 1}, {"manana", 1}, {"today", 0}, {"hoy", 0}} {
		if hasWords(d.s, w.words) {
			if day, named := d.dayOfWeek(); named && day != d.today.AddDays(w.days).Weekday() {
				return true // "lunes mañana" is neither for sure
			}
			d.h.day = d.today.AddDays(w.days)
			return true
		}
	}
	return false
}

func hasWords(s, words string) bool { return strings.Contains(" "+s+" ", " "+words+" ") }

func (d *dateReader) nth() bool {
	if reDayNth.MatchString(d.s) {
		return false
	}
	m := reNth.FindStringSubmatch(d.s)
	if m == nil {
		return false
	}
	n := atoi(m[1] + m[2])
	y, mo := d.today.Year, int(d.today.Month)
	if n < d.today.Day || reNextMonth.MatchString(d.s) {
		if mo++; mo > 12 {
			y, mo = y+1, 1
		}
	}
	return d.set(&d.h.day, y, mo, n, true)
}

func (d *dateReader) year(s string) (year int, given bool) {
	switch len(s) {
	case 4:
		return atoi(s), true
	case 2:
		return 2000 + atoi(s), true
	}
	return d.today.Year, false
}

// set takes a date that exists; without a year, the next of that name.
func (d *dateReader) set(into *scheduling.Date, y, m, day int, given bool) bool {
	date := scheduling.Date{Year: y, Month: time.Month(m), Day: day}
	if !given && date.Compare(d.today) < 0 {
		date.Year++
	}
	if m < 1 || m > 12 || day < 1 || date.AddDays(0) != date {
		return false
	}
	*into = date
	return true
}

func month(s string) int {
	months := map[string]int{"jan": 1, "ene": 1, "feb": 2, "mar": 3, "apr": 4, "abr": 4, "may": 5, "jun": 6, "jul": 7,
		"aug": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "nov": 11, "dec": 12, "dic": 12}
	return months[s[:3]]
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
