package conversation

import (
	"fmt"
	"testing"
	"time"

	"reschedulebot/scheduling"
)

// How dates and times are understood on Tuesday, December 1, 2026, 9 AM in
// Chicago. In the answers: "a/b" two readings, "+" this day or later, "-" this day or
// earlier, "week" the
// seven days from it; "-" nothing was understood.
func TestUnderstandDate(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		// days by name of the month
		{"en", "Dec 15", "2026-12-15"},
		{"en", "december 15th", "2026-12-15"},
		{"en", "Dec. 15, 2026", "2026-12-15"},
		{"en", "15 December", "2026-12-15"},
		{"en", "the 15th of December", "2026-12-15"},
		{"en", "December the 15th", "2026-12-15"},
		{"en", "Tue Dec 15, 10:00 AM", "2026-12-15 10:00"},
		{"en", "Jan 5", "2027-01-05"},
		{"en", "Nov 30", "2027-11-30"},
		{"en", "Feb 29", "-"},
		{"en", "Feb 30", "-"},
		{"es", "15 de diciembre", "2026-12-15"},
		{"es", "el 15 de dic", "2026-12-15"},
		{"es", "martes 15 de diciembre de 2026", "2026-12-15"},
		{"es", "1ro de enero", "2027-01-01"},
		{"es", "1º de enero", "2027-01-01"},
		{"es", "5 de enero del 2027", "2027-01-05"},
		{"es", "diciembre 15", "2026-12-15"},
		{"es", "8 de setiembre", "2027-09-08"},

		// days as the bot itself writes them: "mar" is Tuesday there, and March too
		{"es", "mar 15 dic, 10:20 a.m.", "2026-12-15 10:20"},
		{"es", "mar 15 de dic de 2026, 10:20 a.m.", "2026-12-15 10:20"},
		{"es", "mar. 15 de dic.", "2026-12-15"},
		{"es", "mar, 8 dic a las 11", "2026-12-08 11:00"},
		{"es", "mar 9 mar", "2027-03-09"},
		{"es", "mié 16 dic", "2026-12-16"},
		{"es", "mié 16", "2026-12-16"},
		{"es", "vie 18 a las 9", "2026-12-18 09:00"},
		{"es", "lun", "2026-12-07"},
		{"es", "mar", "2026-12-08"},
		{"es", "mar 15", "2027-03-15/2026-12-15"},
		{"es", "mar 16", "2027-03-16/2027-02-16"},
		{"es", "mar 10", "2027-03-10"},
		{"es", "mar 15 2027", "2027-03-15"},
		{"es", "marzo 15", "2027-03-15"},
		{"en", "mar 15", "2027-03-15"},
		{"en", "Mar 15 may be good", "2027-03-15"},

		// the day comes first where it is said first
		{"es", "15 de diciembre 10.20", "2026-12-15 10:20"},
		{"en", "10.20 Dec 15", "2026-12-15 10:20"},
		{"es", "15 de diciembre a las 10.20", "2026-12-15 10:20"},
		{"es", "15 de diciembre 10h20", "2026-12-15 10:20"},
		{"es", "15 de diciembre 10", "2026-12-15"},
		{"en", "15 December 10", "2026-12-15"},
		{"en", "15-Dec-2026", "2026-12-15"},
		{"en", "Dec-15-2026", "2026-12-15"},
		{"es", "15/dic/2026", "2026-12-15"},

		// figures: month first, as notices print it; in Spanish it may be the day
		{"en", "12/8", "2026-12-08"},
		{"en", "12/08/2026", "2026-12-08"},
		{"en", "12/8/26", "2026-12-08"},
		{"en", "12-8", "2026-12-08"},
		{"en", "3/12", "2027-03-12"},
		{"en", "15/12", "2026-12-15"},
		{"en", "13/13", "-"},
		{"en", "2026-12-15", "2026-12-15"},
		{"en", "2026/12/15", "2026-12-15"},
		{"en", "2026-02-30", "-"},
		{"es", "3/12", "2027-03-12/2026-12-03"},
		{"es", "3/12/2026", "2026-12-03"},
		{"es", "12/3/26", "2026-12-03"},
		{"es", "3/4/2026", "2026-03-04/2026-04-03"},
		{"en", "3/12/2026", "2026-03-12"},
		{"es", "4/4", "2027-04-04"},
		{"es", "15/12", "2026-12-15"},
		{"es", "12/15", "2026-12-15"},

		// beside the calendar
		{"en", "today", "2026-12-01"},
		{"en", "tomorrow", "2026-12-02"},
		{"en", "tomorrow morning", "2026-12-02 morning"},
		{"en", "the day after tomorrow", "2026-12-03"},
		{"en", "next week", "2026-12-07 week"},
		{"en", "the week after next", "2026-12-14 week"},
		{"en", "in two weeks", "2026-12-15+"},
		{"en", "in 10 days", "2026-12-11+"},
		{"en", "in a month", "2026-12-31+"},
		{"en", "next month", "2027-01-01+"},
		{"en", "in January", "2027-01-01+"},
		{"en", "january", "2027-01-01+"},
		{"en", "december", "2026-12-01+"},
		{"en", "Friday", "2026-12-04"},
		{"en", "on fridays", "2026-12-04"},
		{"en", "fri", "2026-12-04"},
		{"en", "tuesday", "2026-12-08"},
		{"en", "I sat there in the sun", "-"},
		{"en", "the 15th", "2026-12-15"},
		{"en", "15th", "2026-12-15"},
		{"es", "hoy", "2026-12-01"},
		{"es", "mañana", "2026-12-02"},
		{"es", "mañana por la mañana", "2026-12-02 morning"},
		{"es", "pasado mañana", "2026-12-03"},
		{"es", "la próxima semana", "2026-12-07 week"},
		{"es", "la semana que viene", "2026-12-07 week"},
		{"es", "en dos semanas", "2026-12-15+"},
		{"es", "dentro de 3 días", "2026-12-04+"},
		{"es", "en ocho días", "2026-12-08+"},
		{"es", "en quince días", "2026-12-15+"},
		{"en", "in six weeks", "2027-01-12+"},
		{"es", "el próximo mes", "2027-01-01+"},
		{"es", "en enero", "2027-01-01+"},
		{"es", "el viernes", "2026-12-04"},
		{"es", "miércoles por la tarde", "2026-12-02 afternoon"},
		{"es", "sábado", "2026-12-05"},
		{"es", "el 15", "2026-12-15"},
		{"es", "el día 15", "2026-12-15"},

		// times
		{"en", "10:20 AM", "10:20"},
		{"en", "10:20", "10:20"},
		{"en", "9 am", "09:00"},
		{"en", "2pm", "14:00"},
		{"en", "2 p.m.", "14:00"},
		{"en", "12 pm", "12:00"},
		{"en", "12 am", "00:00"},
		{"en", "13:40", "13:40"},
		{"en", "2:20", "14:20"},
		{"en", "at 2", "14:00"},
		{"en", "at 9", "09:00"},
		{"en", "noon", "12:00"},
		{"en", "25:00", "-"},
		{"en", "13 pm", "-"},
		{"en", "in the morning", "morning"},
		{"en", "afternoon", "afternoon"},
		{"en", "Dec 15 in the afternoon", "2026-12-15 afternoon"},
		{"en", "Dec 15 at noon", "2026-12-15 12:00"},
		{"es", "a las 10", "10:00"},
		{"es", "a las 10 y media", "10:30"},
		{"es", "a la 1", "13:00"},
		{"es", "a las 3 de la tarde", "15:00 afternoon"},
		{"es", "a las 9 de la mañana", "09:00 morning"},
		{"es", "10:20 a.m.", "10:20"},
		{"es", "10:20 a. m.", "10:20"},
		{"es", "mediodía", "12:00"},
		{"es", "al medio día", "12:00"},
		{"es", "por la tarde", "afternoon"},
		{"es", "16 de dic a las 10:20", "2026-12-16 10:20"},
		{"es", "10 de la mañana", "10:00 morning"},
		{"es", "2 de la tarde", "14:00 afternoon"},
		{"es", "martes 10 de la mañana", "2026-12-08 10:00 morning"},
		{"es", "el martes 15 por la mañana", "2026-12-15 morning"},
		{"es", "las 2", "14:00"},
		{"es", "a las 10 y cuarto", "10:15"},
		{"es", "a las 10 y 20", "10:20"},
		{"es", "por las mañanas", "morning"},
		{"es", "en las tardes", "afternoon"},
		{"en", "2 in the afternoon", "14:00 afternoon"},
		{"en", "10 in the morning", "10:00 morning"},
		{"en", "Dec 15 in the morning", "2026-12-15 morning"},
		{"en", "10 o'clock", "10:00"},

		// digits of other scripts
		{"en", "１２/１５", "2026-12-15"},
		{"en", "Dec ١٥", "2026-12-15"},
		{"es", "۱۵ de diciembre", "2026-12-15"},

		// from a day on
		{"en", "after Dec 15", "2026-12-16+"},
		{"en", "on or after Dec 15", "2026-12-15+"},
		{"en", "from Dec 15", "2026-12-15+"},
		{"en", "not before Dec 15", "2026-12-15+"},
		{"en", "after friday", "2026-12-05+"},
		{"en", "Dec 15 after 2 pm", "2026-12-15 14:00+"},
		{"es", "después del 15 de diciembre", "2026-12-16+"},
		{"es", "a partir del 15 de diciembre", "2026-12-15+"},
		{"es", "no antes del 15 de diciembre", "2026-12-15+"},
		{"es", "después del 20", "2026-12-21+"},
		{"es", "a partir del 20", "2026-12-20+"},

		// up to a day
		{"en", "before Jan 4", "2027-01-03-"},
		{"en", "earlier than friday", "2026-12-03-"},
		{"en", "no later than Dec 15", "2026-12-15-"},
		{"en", "until the 15th", "2026-12-15-"},
		{"en", "Dec 15 before 10", "2026-12-15 morning"},
		{"en", "Dec 15 before 10 am", "2026-12-15 morning"},
		{"en", "before noon", "morning"},
		{"en", "before 3 pm", "morning"},
		{"en", "Dec 15 before 3 pm", "2026-12-15 morning"},
		{"en", "by Friday", "2026-12-04-"},
		{"en", "by Dec 20", "2026-12-20-"},
		{"es", "antes de las 10", "morning"},
		{"es", "antes del 20", "2026-12-19-"},
		{"es", "antes del 5 de enero", "2027-01-04-"},
		{"es", "antes del viernes", "2026-12-03-"},
		{"es", "hasta el 15", "2026-12-15-"},

		// from a named day on, and two days that must agree
		{"en", "a week from Monday", "2026-12-14"},
		{"en", "two weeks from tomorrow", "2026-12-16"},
		{"en", "2 weeks from now", "2026-12-15+"},
		{"en", "Monday after next", "2026-12-14"},
		{"en", "Friday next week", "2026-12-11"},
		{"en", "next week on Friday at 9", "2026-12-11 09:00"},
		{"en", "the week of Dec 14", "2026-12-14 week"},
		{"en", "Tuesday the 5th", "2027-01-05"},
		{"en", "Monday the 2nd", "-"},
		{"es", "el viernes de la próxima semana", "2026-12-11"},
		{"es", "el martes 15", "2026-12-15"},
		{"es", "la semana del 14 de diciembre", "2026-12-14 week"},
		{"es", "primero de enero", "2027-01-01"},

		// written together, and at night
		{"en", "dec15", "2026-12-15"},
		{"es", "a las 8 de la noche", "20:00 afternoon"},

		// what is not wished for
		{"en", "any day but Monday", "-"},
		{"en", "I can't on Monday, Tuesday is good", "2026-12-08"},
		{"en", "not Friday but Monday", "2026-12-07"},
		{"en", "not on Friday", "-"},
		{"en", "any day except Friday", "-"},
		{"es", "no puedo el lunes, el martes sí", "2026-12-08"},
		{"es", "no puedo el lunes pero sí el martes", "2026-12-08"},

		// a weekday and a day of the month, short or long, in both languages
		{"en", "monday 14 at 9", "2026-12-14 09:00"},
		{"en", "fri 4 at 10", "2026-12-04 10:00"},
		{"en", "Thu", "2026-12-03"},
		{"en", "friday 9", "2026-12-04"},
		{"en", "friday 3 in the afternoon", "2026-12-04 afternoon"},
		{"en", "I sat 12 hours", "-"},
		{"es", "16 a las 10", "2026-12-16 10:00"},
		{"es", "1ero de diciembre", "2026-12-01"},
		{"es", "1° de enero", "2027-01-01"},

		{"es", "la mañana del 15", "2026-12-15 morning"},
		{"es", "la tarde del lunes", "2026-12-07 afternoon"},

		{"en", "next wed", "2026-12-02/2026-12-09"},
		{"en", "this thu at 10", "2026-12-03 10:00"},
		{"es", "lunes 7/12 a las 10", "2027-07-12/2026-12-07 10:00"},
		{"es", "mar 8/12", "2026-12-08"},
		{"es", "martes 8/12 a las 10", "2026-12-08 10:00"},
		{"en", "tue 12/15 at 10", "2026-12-15 10:00"},
		{"en", "Dec 15 1020", "2026-12-15"},
		{"es", "el viernes de la otra semana", "2026-12-11"},
		{"es", "mañana en ocho", "2026-12-09"},
		{"es", "luego del 20", "2026-12-21+"},
		{"es", "a más tardar el 20", "2026-12-20-"},

		// two that do not agree, or one that is not a day: no other day is taken
		{"en", "Tuesday December 14 at 10", "-"},
		{"en", "monday 2 at 10", "-"},
		{"es", "lunes 15 de diciembre a las 10", "-"},
		{"es", "lunes 15 a las 10", "2027-02-15 10:00"},
		{"es", "lunes 31 a las 10", "-"},
		{"es", "lunes mañana", "-"},
		{"en", "tuesday 12/14 at 10", "-"},
		{"es", "mar 14 dic a las 10", "-"},
		{"es", "lunes 15/12 a las 10", "-"},
		{"en", "tuesday 2026-12-14", "-"},
		{"es", "el quince a las 10", "-"},
		{"en", "December fifteenth at 10", "-"},
		{"en", "the fifteenth at 10", "-"},
		{"es", "lunes a la mañana", "2026-12-07 morning"},
		{"en", "Dec 32 at 10", "-"},
		{"en", "may I come at 10", "10:00"},
		{"en", "second Monday of January", "-"},
		{"en", "the last Friday of December at 10", "-"},
		{"en", "second week of January", "-"},
		{"en", "2nd week of December", "-"},
		{"en", "I want the 2nd one", "-"},
		{"es", "el segundo lunes de enero", "-"},

		// which Friday is next, while this week's is ahead
		{"en", "next Friday at 10", "2026-12-04/2026-12-11 10:00"},
		{"en", "next Monday", "2026-12-07"},
		{"en", "after next Friday", "2026-12-05+"},
		{"es", "el próximo viernes", "2026-12-04"},
		{"es", "de hoy en ocho", "2026-12-08+"},
		{"es", "el lunes en 8", "2026-12-14"},
		{"en", "the 5th of next month", "2027-01-05"},
		{"es", "el 16 del mes que viene", "2027-01-16"},
		{"en", "the week of the 14th", "2026-12-14 week"},
		{"es", "la semana del 14", "2026-12-14 week"},
		{"en", "Dec 20 or later", "2026-12-20+"},
		{"es", "el 20 de diciembre en adelante", "2026-12-20+"},
		{"en", "Dec 20 or earlier", "2026-12-20-"},

		// hours
		{"es", "lunes 14 a las 10 menos cuarto", "2026-12-14 09:45"},
		{"es", "a las 2 menos veinte", "13:40"},
		{"es", "a las 13h", "13:00"},

		// what does not suit, said after it
		{"es", "el lunes no puedo pero el martes sí", "2026-12-08"},
		{"es", "el lunes no, el martes", "2026-12-08"},
		{"es", "el 15 no, el 16", "2026-12-16"},
		{"es", "no, el lunes", "2026-12-07"},
		{"es", "no antes del 20", "2026-12-20+"},
		{"en", "Monday doesn't work", "-"},
		{"en", "no Mondays", "-"},
		{"en", "no mornings", "-"},
		{"en", "I don't want Friday", "-"},
		{"en", "dont want Monday, rather Tuesday", "2026-12-08"},
		{"en", "instead of Monday, Tuesday", "2026-12-08"},
		{"en", "Friday won't work for me", "-"},
		{"es", "ni lunes ni martes", "-"},
		{"es", "que no sea lunes", "-"},
		{"es", "no el 15, el 16", "2026-12-16"},
		{"en", "Monday is not good, Tuesday", "2026-12-08"},

		// nothing
		{"en", "", "-"},
		{"en", "whenever", "-"},
		{"en", "I may come", "-"},
		{"en", "12", "-"},
		{"en", "99/99/9999 99:99", "-"},
		{"en", "1/2/3/4", "-"},
		{"es", "cuando sea", "-"},
	} {
		loc, err := time.LoadLocation("America/Chicago")
		if err != nil {
			t.Fatal(err)
		}
		h, ok := understandDate(c.text, c.lang, time.Date(2026, 12, 1, 9, 0, 0, 0, loc))
		if got := describe(h, ok); got != c.want {
			t.Errorf("%s %q: understood %s, want %s", c.lang, c.text, got, c.want)
		}
	}
}

func describe(h heard, ok bool) string {
	if !ok {
		return "-"
	}
	out := ""
	add := func(format string, args ...any) {
		if out != "" {
			out += " "
		}
		out += fmt.Sprintf(format, args...)
	}
	if h.day != (scheduling.Date{}) {
		add("%s", h.day)
	}
	if h.other != (scheduling.Date{}) {
		out += "/" + h.other.String()
	}
	if h.hasTime {
		add("%02d:%02d", h.hour, h.minute)
	}
	if h.part != scheduling.AnyPart {
		add("%s", h.part)
	}
	if h.week {
		add("week")
	}
	if h.from {
		out += "+"
	}
	if h.until {
		out += "-"
	}
	return out
}

// At the turn of the year, and on the last evening of a month.
func TestUnderstandDateAtTheEdges(t *testing.T) {
	for _, c := range []struct{ now, lang, text, want string }{
		{"2026-12-31", "en", "tomorrow", "2027-01-01"},
		{"2026-12-31", "en", "next month", "2027-01-01+"},
		{"2026-12-31", "en", "the 1st", "2027-01-01"},
		{"2026-12-31", "en", "Dec 31", "2026-12-31"},
		{"2026-12-31", "en", "12/30", "2027-12-30"},
		{"2027-01-31", "en", "the 30th", "-"},
		{"2027-01-31", "es", "el 28", "2027-02-28"},
		{"2028-02-01", "en", "Feb 29", "2028-02-29"},
		{"2028-03-01", "en", "Feb 29", "-"},
		{"2026-12-06", "en", "next week", "2026-12-07 week"},
		{"2026-12-07", "en", "next week", "2026-12-14 week"},
	} {
		now, err := time.Parse("2006-01-02", c.now)
		if err != nil {
			t.Fatal(err)
		}
		h, ok := understandDate(c.text, c.lang, now.Add(23*time.Hour))
		if got := describe(h, ok); got != c.want {
			t.Errorf("%s, %s %q: understood %s, want %s", c.now, c.lang, c.text, got, c.want)
		}
	}
}

func FuzzUnderstandDate(f *testing.F) {
	for _, s := range []string{"Dec 15, 10:20 AM", "3/12 a las 3 de la tarde", "not before Jan 5", "in 99 months", "el 31", "dentro de una semana", "12 am"} {
		f.Add(s, "en", int64(1796137200))
		f.Add(s, "es", int64(0))
	}
	f.Fuzz(func(t *testing.T, text, lang string, unix int64) {
		now := time.Unix(unix%(1<<34), 0).UTC()
		h, ok := understandDate(text, lang, now)
		switch {
		case !ok && h.day != (scheduling.Date{}):
			t.Fatalf("%q: a day that was not understood", text)
		case h.day != (scheduling.Date{}) && h.day.AddDays(0) != h.day, h.other != (scheduling.Date{}) && h.other.AddDays(0) != h.other:
			t.Fatalf("%q: no such day: %v %v", text, h.day, h.other)
		case h.hasTime && (h.hour < 0 || h.hour > 23 || h.minute < 0 || h.minute > 59):
			t.Fatalf("%q: no such time: %d:%d", text, h.hour, h.minute)
		}
	})
}
