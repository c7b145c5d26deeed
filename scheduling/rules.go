package scheduling

import (
	"slices"
	"time"
)

// Rules is one version of the rule set. It is data because the published rules
// change: a record names the version that decided it (R17). BuiltinRules and
// ReadRules make complete ones; the zero value allows nothing and never opens the
// phone lines.
type Rules struct {
	Version         string        // goes into every record
	MaxChanges      int           // online changes of one appointment (R2)
	Window          time.Duration // before the start, in which the tool refuses (R3)
	TooClose        time.Duration // a new time nearer than this deserves a warning (R10)
	ExcludedForms   []string      // as NormalForm writes them (R9)
	HorizonDays     int           // how many days ahead times are offered
	Center          Center
	ExtraClosedDays []Date // closed besides the federal holidays (R25)
}

// BuiltinRules is the rule set as published in 2026. Its slices are the caller's
// own.
func BuiltinRules() Rules {
	return Rules{
		Version:       "2026-11",
		MaxChanges:    2,
		Window:        12 * time.Hour,
		TooClose:      24 * time.Hour,
		ExcludedForms: []string{"I-600", "I-600A", "I-800", "I-800A"},
		HorizonDays:   60,
		Center: Center{
			Phone:    "800-375-5283",
			TTY:      "800-767-1833",
			Abroad:   "+1 212-620-3418",
			Military: "877-247-4645",
			Zone:     "America/New_York",
			Hours:    Hours{Days: mondayToFriday, Opens: ClockAt(8, 0), Closes: ClockAt(20, 0)},
		},
	}
}

const mondayToFriday Weekdays = 1<<time.Monday | 1<<time.Tuesday | 1<<time.Wednesday | 1<<time.Thursday | 1<<time.Friday

// excluded reports whether appointments for this form can't be moved online (R9).
func (r Rules) excluded(form string) bool {
	return slices.Contains(r.ExcludedForms, NormalForm(form))
}
