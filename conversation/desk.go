package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// What staff see of their work, as it is in the database at this moment. The
// functions that draw it are pure; where it stands is the bot's affair.

// A Client is whose case it is, as far as the office's channel may tell: a
// nickname and the last four of the receipt number.
type Client struct {
	Name        string // "Ana L.", "" where no name is on file
	Receipt     scheduling.Receipt
	Phone       string // "" where none is on file
	Linked      bool   // a chat of theirs is linked
	Unreachable bool   // no linked chat can be written to
}

// who is a client in a list: "Ana L., IOE******0101".
func (c Client) who() string {
	name := oneLine(c.Name)
	if name == "" {
		return c.Receipt.String()
	}
	return shorter(name, maxNickname) + ", " + c.Receipt.String()
}

// A Holder is who of the office has taken something on; zero: nobody.
type Holder struct {
	Name   string
	Person string // the platform's id, to mention them
	At     time.Time
}

// A RequestOnDesk is a request with all that is needed to decide it.
type RequestOnDesk struct {
	Request           // From is the appointment as it was when asked
	Outcome   Outcome // "": still open
	Client    Client
	Now       *scheduling.Appointment // in force, or the latest; nil: none
	Verdict   scheduling.Verdict      // of the gate about Now, at this moment
	Asked     scheduling.Class        // the verdict when it was filed
	LapsesAt  time.Time               // the online cut-off of From
	Held      Holder
	DecidedBy string // a name
	DecidedAt time.Time
	Answer    string // refused: what the client was told
	Card      string // the platform's id of its card, "" not there yet
}

// An AlarmOnDesk is something that somebody of the office must look at.
type AlarmOnDesk struct {
	ID          string
	Kind        string                  // one of the Alarm constants here and in bot
	Client      *Client                 // nil: about no case
	Appointment *scheduling.Appointment // of that case, nil: none
	Verdict     scheduling.Verdict      // about Appointment, at this moment
	RaisedAt    time.Time
	Times       int // how often it was raised before somebody acknowledged it
	Owner       Holder
	Done        Holder // who acknowledged it
	Card        string
}

// A TalkOnDesk is a client who wants to talk to a person, or does.
type TalkOnDesk struct {
	ID       string
	Clients  []Client // the cases of the chat
	OpenedAt time.Time
	Owner    Holder
	Closed   Holder // who ended it; Name "" and At set: the client
	Card     string
}

// An AppointmentOnDesk is a line of what is coming.
type AppointmentOnDesk struct {
	Appointment scheduling.Appointment
	Client      Client
	Request     string // the name of the open one, "" none
}

// A Found is a case that staff have looked for.
type Found struct {
	Case
	Client Client
}

// CaseLinks is who may act on a case from a chat, and who may yet.
type CaseLinks struct {
	Chats []ChatLink   // the oldest first
	Codes []UnusedCode // that can still be used, those that end first first
}

// A ChatLink is a chat that is linked to a case.
type ChatLink struct {
	Platform  string
	Since     time.Time
	Reachable bool
}

// An UnusedCode is a link code that nobody has used.
type UnusedCode struct {
	Until time.Time
	By    string // who issued it
}

// An Agenda is what there is to do and to know at one moment.
type Agenda struct {
	Requests    []RequestOnDesk // open, the most urgent first; without Now and Verdict, which no list tells
	Alarms      []AlarmOnDesk   // not acknowledged, the oldest first
	Talks       []TalkOnDesk    // not ended, the oldest first
	Coming      []AppointmentOnDesk
	Unreachable []AppointmentOnDesk // whose client can't be written to
	Beyond      Beyond              // what there is beyond those
	Unread      int                 // rows that were left out because they can't be read
}

// Beyond is how much of each list of an agenda was not read.
type Beyond struct{ Alarms, Coming, Unreachable int }
