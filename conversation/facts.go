package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// Facts is what a dialogue may look at. All answers come from the transaction
// that will write its effects, so nothing seen here can have changed by then.
// The methods return no errors: the implementation keeps the first one, and the
// turn is undone because of it.
type Facts interface {
	// Now is the same instant throughout one turn.
	Now() time.Time
	Rules() scheduling.Rules
	Sites() scheduling.Sites
	Office() Office
	// Person is who speaks in this chat.
	Person() Person
	// Cases are those this chat is linked to, the soonest appointment first.
	// For staff it is empty: they name the case.
	Cases() []Case
	// Find looks a case up by its number, for staff only; for an applicant it
	// answers false whatever the number is.
	Find(scheduling.Receipt) (Case, bool)
	// Case is a case by its id, for staff only.
	Case(id string) (Case, bool)
	// Openings are the free starts at a site.
	Openings(scheduling.Site, scheduling.Query) []scheduling.Slot
	// Seats are the seats still free at one start of one site.
	Seats(site scheduling.Site, start time.Time) int
	// Invitation answers the case that a link code leads to. False for a code
	// that is wrong, expired, used, revoked, or one try too many: nobody may
	// learn which. A code this very chat has used before still answers true.
	Invitation(code string) (Case, bool)

	// What follows is for staff only; for an applicant it answers nothing.

	// Look answers the cases that are wanted, at most limit; more tells that there
	// are others.
	Look(w Wanted, limit int) (found []Found, more bool)
	// Coming are the appointments in force that start on one of so many days, today
	// among them, of their own site's calendar: the soonest first, at most limit.
	// more is how many there are beyond those.
	Coming(days, limit int) (rows []AppointmentOnDesk, more int)
	// Waiting are the open requests, those whose online cut-off comes first first,
	// at most limit; more is how many there are beyond those.
	Waiting(limit int) (rows []RequestOnDesk, more int)
	// Requested is the request that staff call by a name, open or decided: R12, 12.
	Requested(name string) (RequestOnDesk, bool)
	// Together are the cases of whoever a case belongs to, it among them: all that a
	// chat on it is linked to, each once.
	Together(caseID string) []Case
	// Links are the chats and the unused codes of a case.
	Links(caseID string) CaseLinks
}

// Office is who runs the bot.
type Office struct {
	Name    string // the firm's legal name (R41)
	Phone   string
	Booking Booking
	Margin  time.Duration // desk: self-service closes this long before the online cut-off
	// Zone is where the firm is, and Hours when somebody is there, except on federal
	// holidays; nil and zero: not told.
	Zone  *time.Location
	Hours scheduling.Hours
}

// Booking says who moves appointments.
type Booking string

const (
	Instant Booking = "instant" // this book is the authority
	Desk    Booking = "desk"    // the book mirrors USCIS; staff carry requests out
)

// Person is who speaks in a chat.
type Person struct {
	Role      scheduling.Role
	Name      string // staff only: for the record
	Reminders bool   // applicant: reminders are on
}

// A Case is one receipt and what is on file for it.
type Case struct {
	ID          string
	Receipt     scheduling.Receipt
	Form        string
	Household   string
	G28         bool
	Appointment *scheduling.Appointment // the latest one, in force or not; nil: none on file
	Request     *Request                // the open request, or nil
}

// A Request is an applicant's wish that staff are to carry out.
type Request struct {
	ID          string
	Name        string // what staff call it: R12
	CaseID      string
	Receipt     scheduling.Receipt
	From        scheduling.Appointment // as it was when requested
	To          scheduling.Slot
	Reason      scheduling.Reason
	Words       string
	RequestedAt time.Time
}
