package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// An Effect is something that Step wants done. The list is closed: bot turns
// each kind into rows in the transaction that also saves the state, in the
// order given. An effect that Step allowed cannot be refused there, because the
// facts it saw are read in the same transaction; if it is, the turn is undone.
type Effect interface{ effect() }

// Say answers in this chat.
type Say struct {
	Reply Reply
	// Grid delays the answer to a fixed two-second grid, at least two seconds
	// after the question, so that its timing tells nothing (failed link codes).
	Grid bool
}

// Tick turns the pressed keyboard into the answer given: the adapter edits that
// message to end in Answer and drops its buttons.
type Tick struct{ Answer string }

// Delete asks the platform to delete what the person just sent (R30). It may
// fail silently.
type Delete struct{}

// Move moves the appointment in force, atomically with its seat (authority
// "instant"): old superseded, new scheduled, count + 1.
type Move struct{ Change Change }

// FileRequest files a request and holds its seat (authority "desk"). The
// appointment in force does not change.
type FileRequest struct{ Change Change }

// Withdraw ends an open request and frees its seat.
type Withdraw struct{ RequestID string }

// Refer records that the person was sent to the Contact Center (R17).
type Refer struct {
	CaseID        string
	AppointmentID string
	Verdict       scheduling.Verdict
	Reason        scheduling.Reason
}

// Decide records the outcome of a request that a member of staff carried out
// at USCIS, and tells the applicant.
type Decide struct{ Decision Decision }

// Link ties this chat to the case of an invitation, which is used up.
type Link struct {
	Code    string
	Consent string // version of the consent text shown (R47)
}

// Unlink ends this chat's tie to every case; its reminders stop. The codes it has
// used lead nowhere any more, for this chat either.
type Unlink struct{ Reason string } // "not_me" or "asked"

// Invite issues a link code for a case and shows it to who asked, to nobody else.
// The code is made where the effect is carried out; an earlier one of the case that
// nobody has used leads nowhere any more.
type Invite struct{ CaseID string }

// RevokeCodes makes the codes of a case that nobody has used lead nowhere.
type RevokeCodes struct{ CaseID string }

// UnlinkAll ends the tie of every chat to a case, and tells them in neutral words.
// No code of the case leads anywhere any more.
type UnlinkAll struct{ CaseID string }

// Fetch gets a file of appointments from the platform, imports it, and answers in
// this chat what became of each row.
type Fetch struct{ File Attached }

// TriedCode counts a link code that could not be used, for the limit per person.
type TriedCode struct{}

// Reminders switches the reminders of this chat on or off.
type Reminders struct{ On bool }

// Speak stores the person's language, for reminders too.
type Speak struct{ Language string }

// Alarm tells staff about something a person must look at. Kind is one of the
// Alarm constants; no personal data is in it.
type Alarm struct {
	Kind   string
	CaseID string
}

// WantPerson asks somebody of the office to talk with this client.
type WantPerson struct{ CaseID string }

// The kinds of Alarm.
const (
	AlarmPerson   = "person_wanted"    // somebody asked to talk to a person
	AlarmGap      = "closed_phone_gap" // no live minute is left before the appointment (R15)
	AlarmLate     = "late"             // the appointment has passed without a request
	AlarmNotMe    = "not_me"           // a link was opened by the wrong person
	AlarmScam     = "scam_reported"    // R44
	AlarmMargin   = "inside_margin"    // desk: too late for self-service, staff must act now
	AlarmSecond   = "second_link"      // a second chat was linked to a case
	AlarmNotice   = "notice_missing"   // the notice came late or never (R20)
	AlarmSSN      = "ssn_typed"        // somebody typed what looks like an SSN
	AlarmDisabled = "accommodation"    // homebound or disability: not a reschedule (R21)
)

func (Say) effect()         {}
func (Tick) effect()        {}
func (Delete) effect()      {}
func (Move) effect()        {}
func (FileRequest) effect() {}
func (Withdraw) effect()    {}
func (Refer) effect()       {}
func (Decide) effect()      {}
func (Link) effect()        {}
func (Unlink) effect()      {}
func (Invite) effect()      {}
func (RevokeCodes) effect() {}
func (UnlinkAll) effect()   {}
func (Fetch) effect()       {}
func (TriedCode) effect()   {}
func (Reminders) effect()   {}
func (Speak) effect()       {}
func (Alarm) effect()       {}
func (WantPerson) effect()  {}

// A Change is what the person confirmed: which appointment, as they saw it, and
// where it is to go.
type Change struct {
	CaseID        string
	AppointmentID string
	Version       int // of the appointment that was read back; another one in the book undoes the turn
	To            scheduling.Slot
	Reason        scheduling.Reason
	Words         string // the person's own words for reason "other"
	Verdict       scheduling.Verdict
	At            time.Time
}

// A Decision is the outcome of a request, recorded by a named member of staff.
type Decision struct {
	RequestID string
	Outcome   Outcome
	Site      string          // Confirmed at another site than requested; "" as requested
	At        scheduling.Wall // Confirmed at another time than requested; zero as requested
	Words     string          // Refused: the reason, for the applicant to read
	By        string          // who decided
}

// Outcome is how a request ended.
type Outcome string

const (
	Confirmed Outcome = "confirmed"
	Refused   Outcome = "refused"
	Lapsed    Outcome = "lapsed"    // the cut-off came first; the old appointment stands
	Withdrawn Outcome = "withdrawn" // by the applicant
)
