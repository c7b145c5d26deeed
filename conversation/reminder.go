package conversation

import "reschedulebot/scheduling"

// A Reminding is what a reminder is about.
type Reminding struct {
	Appointment scheduling.Appointment
	Verdict     scheduling.Verdict // of the gate, at the moment of writing
	Request     *Request           // an open request that has not been decided
	Case        Case
}

// Reminder writes a reminder in the given language.
func Reminder(language string, r Reminding, f Facts) Reply { return Reply{} }

// Told writes what an applicant is told about the outcome of a request: the
// appointment now in force is f's; d says what staff recorded. The reply may
// hold the calendar file.
func Told(language string, r Request, d Decision, now scheduling.Appointment, v scheduling.Verdict, f Facts) Reply {
	return Reply{}
}

// Changed tells an applicant that an appointment on file was registered or
// changed by staff (an import), not by this chat.
func Changed(language string, a scheduling.Appointment, v scheduling.Verdict, f Facts) Reply {
	return Reply{}
}

// Sorry is the apology after something went wrong inside the bot: nothing was
// changed, and the open question stands.
func Sorry(language string, f Office) Reply { return Reply{} }

// Step takes one event and answers what to remember and what to do. It is
// total: every event in every state has an answer, and none panics.
func Step(s State, e Event, f Facts) (State, []Effect) { return s, nil }
