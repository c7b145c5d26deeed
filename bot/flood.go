package bot

import "reschedulebot/conversation"

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
	case next-first < mostWaiting || u.t.WaitingAnswers(u.chat.ID, string(Message)) < mostWaiting:
		return false
	}
	u.converse(conversation.Event{Kind: conversation.Flooded, Language: u.in.Event.Language})
	u.chat.State.Unread = next
	u.flooded = true
	return !conversation.Urgent(u.in.Event)
}
