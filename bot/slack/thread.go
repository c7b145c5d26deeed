package slack

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"reschedulebot/conversation"
)

// mentionForm is how Slack writes that somebody is mentioned.
var mentionForm = regexp.MustCompile(`<@([UW][A-Z0-9]{1,40})>`)

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
		for _, who := range mentionForm.FindAllStringSubmatch(said.Text, -1) {
			d.mentioned = append(d.mentioned, who[1])
		}
		d.at = place{m.Channel, said.Thread}
		d.in.Thread = address(m.Channel, said.Thread)
	}
	return err
}

// named is what somebody said with the names of those whom it mentions: a client may
// read it, to whom an id says nothing.
func (p *Platform) named(ctx context.Context, d *delivery, w words) string {
	said := d.in.Event.Text
	slices.SortFunc(d.mentioned, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for _, id := range slices.Compact(d.mentioned) {
		name := w.colleague
		if m, err := p.people.check(ctx, id); err == nil && m.standing == staff {
			name = m.person.Name
		}
		said = strings.ReplaceAll(said, "@"+id, "@"+name)
	}
	return said
}
