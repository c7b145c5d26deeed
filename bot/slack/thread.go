package slack

import "reschedulebot/conversation"

// threadRoutes are the kinds of messages that the bot hears in the threads of the
// staff channel, by their subtype. What is said in the channel itself is for people.
func threadRoutes() map[string]func(*delivery, *message, []byte) error {
	return map[string]func(*delivery, *message, []byte) error{
		"":                 (*delivery).saidBelow,
		"thread_broadcast": (*delivery).saidBelow,
		"me_message":       (*delivery).saidBelow,
		"file_share":       (*delivery).file,
		"message_changed":  (*delivery).changed,
	}
}

// saidBelow reads what somebody said below a card.
func (d *delivery) saidBelow(m *message, raw []byte) error {
	if m.Hidden {
		return nil
	}
	return d.wrote(m, m.Channel, "", conversation.Event{Kind: conversation.Said, Text: typed(m.Text)}, raw)
}

// below reads a message of the staff channel if it was said in a thread there.
func (d *delivery) below(m *message, raw []byte) error {
	read, known := threadRoutes()[m.Subtype]
	said := m
	if m.Now != nil {
		said = m.Now
	}
	if !known || said.Thread == "" || said.Thread == said.TS {
		return nil
	}
	if !tsForm.MatchString(said.Thread) {
		return errIDs
	}
	err := read(d, m, raw)
	if err == nil && d.takes {
		d.at = place{m.Channel, said.Thread}
		d.in.Thread = address(m.Channel, said.Thread)
	}
	return err
}
