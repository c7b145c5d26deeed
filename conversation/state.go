package conversation

import (
	"reflect"
	"time"

	"reschedulebot/scheduling"
)

// State is what is remembered of a chat between two events. It is stored as
// JSON: fields are added, never renamed, and testdata/states holds a sample of
// every version that was ever released. The zero State is a new chat.
type State struct {
	Flow int      `json:"flow,omitempty"` // version of the flow that wrote it
	Step Question `json:"step,omitempty"` // what is asked; "" nothing
	Rev  int      `json:"rev,omitempty"`  // counts the questions asked in this chat
	// Language is the person's own choice; Hint the platform's last one.
	Language string    `json:"language,omitempty"`
	Hint     string    `json:"hint,omitempty"`
	Touched  time.Time `json:"touched,omitzero"` // when the person last did something
	Under    Question  `json:"under,omitempty"`  // the question that an interruption set aside
	Forgot   bool      `json:"forgot,omitempty"` // a draft was forgotten and the person not yet told
	Partly   bool      `json:"partly,omitempty"` // with Forgot: one of several appointments was moved before
	Banner   time.Time `json:"banner,omitzero"`  // when the identity banner was last shown (R41)
	Import   time.Time `json:"import,omitzero"`  // staff: when they said that a file is coming
	Talk     string    `json:"talk,omitempty"`   // the talk with a person that was asked for and has not ended; kept by the bot
	Staff    bool      `json:"staff,omitempty"`  // a member of staff was last to speak here; kept by the bot
	// Unread is where the letter stands in the chat's line that says that not all was
	// read: until it has left, nothing is. Kept by the bot.
	Unread int64 `json:"unread,omitempty"`
	// Unpassed is the same in the line of the staff's channel, of what a talk was to be
	// passed on there.
	Unpassed int64 `json:"unpassed,omitempty"`

	Draft Draft `json:"draft,omitzero"`
}

// Draft is what the person has answered so far. It is forgotten after a day
// without a word (R46), when the job is done, and on /cancel.
type Draft struct {
	CaseID        string            `json:"case,omitempty"`
	AppointmentID string            `json:"appointment,omitempty"`
	Version       int               `json:"version,omitempty"` // of the appointment as it was shown
	Guess         string            `json:"guess,omitempty"`   // the number that may have been meant
	Reason        scheduling.Reason `json:"reason,omitempty"`
	Words         string            `json:"words,omitempty"`
	Site          string            `json:"site,omitempty"`
	Offered       []scheduling.Wall `json:"offered,omitempty"` // the times at Site behind the buttons
	Listed        []string          `json:"listed,omitempty"`  // the cases or sites behind the buttons
	Found         bool              `json:"found,omitempty"`   // the sites listed were found by name
	Sought        string            `json:"sought,omitempty"`  // that name: "more places" go on among them
	Page          int               `json:"page,omitempty"`
	From          scheduling.Date   `json:"from,omitzero"`      // "more dates" go on from here
	Part          scheduling.Part   `json:"part,omitempty"`     // the part of the day that was wished for
	Days          []scheduling.Date `json:"days,omitempty"`     // the readings of a date that can be read in two ways
	Clock         scheduling.Wall   `json:"clock,omitzero"`     // the time of day that was said with it
	Slot          scheduling.Wall   `json:"slot,omitzero"`      // the time at Site that was chosen
	Siblings      []string          `json:"siblings,omitempty"` // cases still at the old time, not yet offered (R14)
	Old           scheduling.Wall   `json:"old,omitzero"`       // set for a sibling: the time that all of them were at
	Past          []Question        `json:"past,omitempty"`     // the questions answered so far, for /back
	About         string            `json:"about,omitempty"`    // staff: the case that was looked at, outside of the flow
}

func (d Draft) isZero() bool { return reflect.ValueOf(d).IsZero() }

// A Question names what is asked. Names, not numbers: they are stored.
type Question string

const (
	Idle        Question = ""
	Menu        Question = "menu"
	AskReceipt  Question = "ask_receipt"
	AskGuess    Question = "ask_guess" // did you mean …?
	AskReason   Question = "ask_reason"
	AskWords    Question = "ask_words" // the reason in the person's own words
	AskPlace    Question = "ask_place" // the same site or another
	AskSite     Question = "ask_site"
	AskSlot     Question = "ask_slot"
	AskDay      Question = "ask_day" // 3/12: which of the two days?
	Confirm     Question = "confirm"
	AskSibling  Question = "ask_sibling"
	AskRestart  Question = "ask_restart" // /start in mid-flow: go on or begin again
	AskRequest  Question = "ask_request" // an open request: keep or withdraw
	AskLanguage Question = "ask_language"
	AfterCard   Question = "after_card" // after a refusal: a person, or the appointments
	AskMine     Question = "ask_mine"   // just linked: is that you?
	AskFound    Question = "ask_found"  // staff: what to do with the case that was found
	AskLinks    Question = "ask_links"  // staff: what to do with the links of a case
	AskUnlink   Question = "ask_unlink" // staff: really?
)

// resting tells whether nothing is waited for at a step: a menu may be used or left.
func (q Question) resting() bool {
	switch q {
	case Idle, Menu, AfterCard, AskFound, AskLinks:
		return true
	}
	return false
}

// known tells whether this program has such a question.
func (q Question) known() bool {
	switch q {
	case Idle, Menu, AskReceipt, AskGuess, AskReason, AskWords, AskPlace, AskSite, AskSlot, AskDay, Confirm,
		AskSibling, AskRestart, AskRequest, AskLanguage, AfterCard, AskMine, AskFound, AskLinks, AskUnlink:
		return true
	}
	return false
}
