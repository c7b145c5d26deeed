package bot

import (
	"context"
	"fmt"
	"time"

	"reschedulebot/conversation"
)

// A Platform is a chat service. It translates and nothing else: no policy, no
// memory, no retries of its own invention.
type Platform interface {
	// Name is the first half of every chat's identity: "telegram", "console".
	Name() string
	// Receive hands every incoming event to take until ctx ends, and returns nil
	// then; any other return means that the platform will not let this process in any
	// more, or from the beginning (NotLetIn). One person's events are taken in order
	// and one at a time, different people's at the same time. An event is confirmed
	// to the platform only after take returned nil; on an error it comes again.
	// After an outage in which the platform may have dropped presses, it hands over
	// one event of kind Asleep that is of no chat.
	Receive(ctx context.Context, take func(context.Context, Incoming) error) error
	// Send delivers one message and returns the platform's id of it. An error is
	// a *SendError whenever the platform knows what the failure means; any other
	// error counts as Ambiguous.
	Send(ctx context.Context, m Outgoing) (remoteID string, err error)
}

// Incoming is one event, as an adapter understood it.
type Incoming struct {
	Platform string
	EventID  string // unique on its platform for at least two days
	Chat     string // the platform's address of the chat
	Message  string // the platform's id of the message: what was sent, or whose button was pressed
	Event    conversation.Event
	Raw      []byte // as it came, for the hash and for quarantine
	// Quarantine is set by an adapter that could not make sense of an authentic
	// event: it is recorded and reported, and nobody is answered.
	Quarantine string
	// Reachable is set when the platform says that the person can be written to
	// again (true) or no longer (false), and nothing was said.
	Reachable *bool
	// Thread is the message under which it was said, in a channel of staff; "": in
	// the person's own chat.
	Thread string
	// Act is what a member of staff did with a card, a form or a page: Event is
	// empty then. Chat is theirs.
	Act *Act
	// Alarm is set when the platform is in trouble that staff must hear of; nobody
	// said anything.
	Alarm string
	// Answer is filled in by Take with what the person is to be shown at once; nil:
	// the platform can't show it. What must not be lost is never in it alone.
	Answer *Answer
}

// An Act is what a member of staff did with a card, a form or a page.
type Act struct {
	Name   string            // of the button, the form, or the field that suggests
	Ref    string            // as the button or the form had it
	Fields map[string]string // of a form, by name
	Typed  string            // into a field that suggests, or after a command
}

// An Answer is what somebody is shown at once: to them only, and gone when they
// look away.
type Answer struct {
	Say      conversation.Text
	Form     *conversation.Form    // is opened
	Problems map[string]string     // of a form, by the name of the field: it stays open
	Options  []conversation.Choice // of a field that suggests
}

// Outgoing is one message on its way.
type Outgoing struct {
	Kind     OutgoingKind
	Chat     string
	RefersTo string             // Tick, Delete: the platform's id of that message
	Reply    conversation.Reply // Message
	Answer   string             // Tick: the answer that was given
	Thread   string             // Message: the message under which it is said, "" none
	Card     conversation.Card  // Draw: RefersTo is edited, or the card is new where that is ""
	Page     conversation.Page  // Home
	Language string             // the chat's language, for the few words an adapter needs
	Again    bool               // an earlier attempt may have arrived
	ID       string             // the letter's own, the same at every attempt; Draw: the card's
}

// OutgoingKind says what is to be done.
type OutgoingKind string

const (
	Message OutgoingKind = "message" // send Reply
	Tick    OutgoingKind = "tick"    // edit the message RefersTo: add Answer, drop its buttons
	Delete  OutgoingKind = "delete"  // delete the message RefersTo, best effort
	Draw    OutgoingKind = "draw"    // show Card as it is now; Send answers the id of its message
	Home    OutgoingKind = "home"    // show Page as the person's own page

	fetch OutgoingKind = "fetch" // a file that staff shared is to be fetched; nothing is sent
)

// SendError says what a failed Send means for the message.
type SendError struct {
	Class Class
	After time.Duration // Wait: how long; for the chat, or for all when Everyone
	// Everyone says that the platform refuses everybody for now, not this chat.
	Everyone bool
	Err      error // without secrets or personal data
}

func (e *SendError) Error() string { return fmt.Sprintf("%s: %v", e.Class, e.Err) }
func (e *SendError) Unwrap() error { return e.Err }

// Class is a kind of failure to send.
type Class string

const (
	Wait      Class = "wait"      // the platform says when to come again; it did not arrive
	Again     Class = "again"     // it surely did not arrive: try again, backing off
	Never     Class = "never"     // this message can never be sent; the chat is fine
	Gone      Class = "gone"      // this chat can't be written to any more
	Ambiguous Class = "ambiguous" // sent or not, nobody knows
	Fatal     Class = "fatal"     // nothing can be sent at all, e.g. the token was revoked
)
