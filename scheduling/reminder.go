package scheduling

import (
	"strconv"
	"time"
)

type Lead struct{ Days int }

func (l Lead) String() string { return strconv.Itoa(l.Days) + "d" }

type Plan struct {
	Leads    []Lead
	From, To Clock
}
type Reminder struct {
	Lead          Lead
	DueAt, SendBy time.Time
}

func ParseLeads(s string) ([]Lead, error)                 { return nil, nil }
func ParseSendHours(s string) (from, to Clock, err error) { return 0, 0, nil }
func (p Plan) Reminders(a Appointment) []Reminder         { return nil }
func (p Plan) Due(a Appointment, since, now time.Time) (due *Reminder, skipped []Reminder, next time.Time) {
	return nil, nil, time.Time{}
}
func (p Plan) Fingerprint() string { return "" }
