package bot

import (
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// Nobody is kept from writing as fast as they like, as long as they wait for the
// answers: then one or two are on their way to them. Whoever does not wait has more
// and more of them waiting, one a second leaves, and that is what is limited, for a
// count of messages in a time would meet those too who only are quick.
//
// At the limit a last answer says that not all was read. Until it has left, which is
// after all answers before it, nothing more of that chat is read, and nothing is
// written down of it: whatever came before the person sees that answer was not read,
// and whatever they write after it is. So an event that was not read leaves no trace
// by which it would be known again: should the platform bring it once more after that
// answer, because this process died in between, it is read then.
const (
	mostWaiting = 20 // answers to one chat
	// urgentRoom is for what must not wait, behind that last answer.
	urgentRoom = 6
)

// floods tells whether an event is not to be read, because its chat has sent more
// than can be answered.
func (u *turn) floods() bool {
	if u.in.Chat == "" || u.in.Act != nil || u.in.Thread != "" || u.in.Reachable != nil || u.in.Alarm != "" {
		return false
	}
	u.enter()
	first, next := u.chat.Line()
	told := u.chat.State.Unread
	switch {
	case u.t.Err() != nil || first == 0:
		return false
	case first <= told:
		return !conversation.Urgent(u.in.Event) || next-told > urgentRoom
	case !u.crowded() || u.t.WaitingAnswers(u.chat.ID, string(Message)) < mostWaiting:
		return false
	case u.in.Event.Kind == conversation.Group: // what it says is the same line each time
		return true
	}
	u.converse(conversation.Event{Kind: conversation.Flooded, Language: u.in.Event.Language})
	u.chat.State.Unread = next
	u.flooded = true
	return !conversation.Urgent(u.in.Event)
}

// crowded tells whether much waits for the chat, whoever it is from.
func (u *turn) crowded() bool {
	first, next := u.chat.Line()
	return first != 0 && next-first >= mostWaiting
}

// A stranger, whose chat is linked to nothing, has nothing to wait for: whatever they
// say the answer is the same few sentences. So they are answered a number of times a
// day and then not read any more; what is said to them comes after all that is said to
// anybody else, and is forgotten once it has left. Links are tried all the same, as
// often as links may be tried. A day after they fell silent their chat is deleted.
const (
	mostAsked = 100
	askedIn   = 24 * time.Hour
	asked     = "asked"
)

// enough tells whether a stranger has been answered so often that an event of theirs
// is not to be read. They are told so, once; a group is not, for it is no place to open
// a link.
func (u *turn) enough() bool {
	if u.chat == nil || u.chat.Voice != store.BotVoice || !u.isStranger() {
		return false
	}
	link := u.in.Event.Kind == conversation.Started && u.in.Event.Text != ""
	n := u.t.Tries(u.chat.ID, asked, askedIn)
	if n < mostAsked {
		return false
	}
	if link && u.t.Tries(u.chat.ID, triedLink, triesIn) < maxTries {
		u.uncounted = true
		return false
	}
	if n == mostAsked && u.in.Event.Kind != conversation.Group && u.t.Err() == nil {
		u.strange = true
		u.t.Try(u.chat.ID, asked, askedIn)
		u.say(conversation.Say{Reply: conversation.Enough(language(u.chat))})
	}
	return true
}

// isStranger tells whether the chat is linked to nothing, and no member of staff's.
func (u *turn) isStranger() bool {
	f := u.known()
	return f.Person().Role == scheduling.Applicant && len(f.Cases()) == 0
}

// known are the facts as they stand at the beginning of the turn.
func (u *turn) known() *facts {
	if u.seen == nil {
		u.seen = u.facts()
	}
	return u.seen
}
