package conversation

import (
	"fmt"
	"regexp"

	"reschedulebot/scheduling"
)

var (
	reClock12   = regexp.MustCompile(`\b(\d{1,2})(?:[:.](\d\d))? ?(a\.? ?m\b\.?|p\.? ?m\b\.?)`)
	reClock24   = regexp.MustCompile(`(?:^|[^\d])(\d{1,2})[:h](\d\d)\b`)
	reClockDot  = regexp.MustCompile(`(?:^|[^\d.])(\d{1,2})\.(\d\d)(?:$|[^\d.])`) // beside a named month; alone it may be a date
	reMonthName = regexp.MustCompile(`\b` + monthWords + `\b`)
	reAt        = regexp.MustCompile(`\b(?:at|a las?|las) (\d{1,2})(?:\.(\d\d))?(?: ?hs?| horas)?\b(?: y (media|cuarto|\d\d)\b)?|^(\d{1,2}) o'?clock\b`)
	reHourOf    = regexp.MustCompile(`\b(?:a las? )?(1[0-2]|[1-9])(?:[:.](\d\d))?(?: y (media|cuarto|\d\d))? de la (manana|tarde|noche)\b|^(1[0-2]|[1-9]) in the (morning|afternoon|evening)\b`)
	reBeforeAt  = regexp.MustCompile(`\b(?:before|earlier than|antes del?)(?: las?)? (?:noon|midday|medio ?dia|\d{1,2}(?::\d\d)? ?[ap]\.? ?m\b\.?|\d{1,2}:\d\d)|\bantes de las? \d{1,2}\b|\bbefore (?:1[0-2]|[1-9])$`)
	reQuarterTo = regexp.MustCompile(`\b(1[0-2]|[1-9]) menos (cuarto|cinco|diez|veinte|\d\d?)\b`)
	reNoon      = regexp.MustCompile(`\b(?:noon|midday|(?:al )?medio ?dia)\b`)
	rePartOf    = regexp.MustCompile(`^(?:en |para )?la (manana|tarde) del? `)
	reMorning   = regexp.MustCompile(`\b(?:(?:por|de|en|a) las? mananas?|(?:in the )?mornings?)\b`)
	reAfternoon = regexp.MustCompile(`\b(?:(?:por|de|en|a) las? (?:tardes?|noches?)|(?:in the |at )?(?:afternoons?|evenings?|nights?))\b`)
)

// times takes away what is said of the time of day. "Before 3 PM" is read as the
// morning: every time in it is before.
func (d *dateReader) times() {
	if d.cut(reBeforeAt) != nil {
		d.h.part = scheduling.Morning
		return
	}
	d.s = rePartOf.ReplaceAllString(d.s, "por la $1 el ") // "la mañana del 15" is not tomorrow
	m := d.cut(reHourOf)                                  // "10 de la mañana", before "mañana" is taken for a part of the day
	d.partOfDay()
	switch {
	case m == nil:
		d.clock()
	case m[4] == "manana" || m[6] == "morning":
		d.h.part = scheduling.Morning
		d.time(atoi(m[1]+m[5])%12, minutes(m[2]+m[3]))
	default:
		d.h.part = scheduling.Afternoon
		d.time(atoi(m[1]+m[5])%12+12, minutes(m[2]+m[3]))
	}
}

// minutes are the minutes of an hour, in figures or as the half and the quarter.
func minutes(s string) int {
	switch s {
	case "media":
		return 30
	case "cuarto":
		return 15
	}
	return atoi(s)
}

// quarterTo writes "10 menos cuarto" in figures.
func quarterTo(s string) string {
	return reQuarterTo.ReplaceAllStringFunc(s, func(said string) string {
		m := reQuarterTo.FindStringSubmatch(said)
		less := map[string]int{"cuarto": 15, "cinco": 5, "diez": 10, "veinte": 20}[m[2]]
		if less == 0 {
			less = atoi(m[2])
		}
		if less < 1 || less > 59 {
			return said
		}
		return fmt.Sprintf("%d:%02d", (atoi(m[1])+10)%12+1, 60-less)
	})
}

func (d *dateReader) partOfDay() {
	if d.cut(reMorning) != nil {
		d.h.part = scheduling.Morning
	} else if d.cut(reAfternoon) != nil {
		d.h.part = scheduling.Afternoon
	}
}

func (d *dateReader) clock() {
	if m := d.cut(reClock12); m != nil {
		if h := atoi(m[1]); h >= 1 && h <= 12 && atoi(m[2]) < 60 {
			h %= 12
			if m[3][0] == 'p' {
				h += 12
			}
			d.time(h, atoi(m[2]))
		}
	} else if m := reClock24.FindStringSubmatch(d.s); m != nil {
		d.cut(reClock24)
		d.time(d.officeHour(atoi(m[1])), atoi(m[2]))
	} else if m := d.cut(reAt); m != nil {
		d.time(d.officeHour(atoi(m[1]+m[4])), minutes(m[2]+m[3]))
	} else if m := reClockDot.FindStringSubmatch(d.s); m != nil && reMonthName.MatchString(d.s) {
		d.cut(reClockDot)
		d.time(d.officeHour(atoi(m[1])), atoi(m[2]))
	} else if d.cut(reNoon) != nil {
		d.time(12, 0)
	}
}

// officeHour reads an hour without AM or PM: "at 2" is 2 PM, since no office is
// open at night.
func (d *dateReader) officeHour(h int) int {
	if h >= 1 && h <= 5 && d.h.part != scheduling.Morning || h < 12 && d.h.part == scheduling.Afternoon {
		return h + 12
	}
	return h
}

func (d *dateReader) time(h, m int) {
	if h < 24 && m < 60 {
		d.h.hasTime, d.h.hour, d.h.minute = true, h, m
	}
}
