package scheduling

import "time"

type CalendarEntry struct {
	Appointment Appointment
	Now         time.Time
	Summary     string
	Description string
}

func Calendar(e CalendarEntry) []byte { return nil }
