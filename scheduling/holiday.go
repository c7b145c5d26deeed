package scheduling

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"
)

// holidays are the days on which federal offices are closed, by [Date.number],
// for every year a Date can have: the eleven holidays of R25, a Saturday's on the
// Friday before and a Sunday's on the Monday after, also across the turn of the
// year. Looking a day up has to be cheaper than computing it: an opening asks for
// sixty of them.
var holidays = sync.OnceValue(func() map[int]struct{} {
	cal.DefaultLoc = time.UTC // the library would compute in the machine's own zone, where midnight may not exist
	days := map[int]struct{}{}
	for year := firstYear; year <= lastYear+1; year++ {
		for _, holiday := range us.Holidays {
			if _, observed := holiday.Calc(year); !observed.IsZero() {
				days[DateOf(observed).number()] = struct{}{}
			}
		}
	}
	return days
})

// Closed reports whether sites and the Contact Center are closed all day: a
// federal holiday, on the day it is observed, or one of ExtraClosedDays (R25).
// Weekends are a matter of [Hours].
func (r Rules) Closed(d Date) bool { return r.closedOn(d.number()) }

func (r Rules) closedOn(day int) bool {
	if _, ok := holidays()[day]; ok {
		return true
	}
	for _, extra := range r.ExtraClosedDays {
		if extra.number() == day {
			return true
		}
	}
	return false
}
