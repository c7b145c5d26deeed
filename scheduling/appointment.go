package scheduling

import "time"

// A Status is where an appointment stands.
type Status string

// The statuses. Only a scheduled appointment can be moved; a passed time alone
// does not make it missed, somebody has to say so.
const (
	Scheduled  Status = "scheduled"
	Superseded Status = "superseded"  // moved: another of the same chain is in force
	Cancelled  Status = "cancelled"   // withdrawn
	Completed  Status = "completed"   // attended
	Missed     Status = "missed"      // not attended
	USCISMoved Status = "uscis_moved" // the office closed; USCIS sends a new notice (R22)
)

// An Appointment is one entry of the book. Local and Site.Zone are the truth,
// Start is the instant derived from them with [Site.Instant] (R27).
type Appointment struct {
	ID      string
	CaseID  string
	Chain   string // the same for an appointment and all that replaced it; Count counts in it (R2)
	Receipt Receipt
	Form    string // as on file; compare with NormalForm
	Site    Site
	Local   Wall
	Start   time.Time
	Status  Status
	Count   int // earlier changes by the person
	Version int // rises with every change, for whoever else looks at it (R18)
}

// Over reports whether an appointment is not in force any more, so that nothing about
// it is left to be decided. One that was missed is not over: it may still be moved, late.
func (a Appointment) Over() bool { return a.Status != Scheduled && a.Status != Missed }
