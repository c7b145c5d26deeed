package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"reschedulebot/bot"
	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
)

// A speaker is somebody with a chat, and what they have been shown.
type speaker struct {
	name  string
	staff *conversation.Person
	shown []conversation.Reply
}

func (s *stage) speaker(name string) *speaker {
	if s.speakers[name] == nil {
		s.speakers[name] = &speaker{name: name}
		s.order = append(s.order, s.speakers[name])
	}
	return s.speakers[name]
}

// blocks has somebody block the bot: nothing arrives from now on.
func (s *stage) blocks(who string) error {
	s.speaker(who)
	s.blocked = append(s.blocked, who)
	blocked := slices.Clone(s.blocked)
	s.platform.failing(func(m bot.Outgoing) (bool, error) {
		if slices.Contains(blocked, m.Chat) {
			return false, &bot.SendError{Class: bot.Gone, Err: errors.New("blocked")}
		}
		return true, nil
	})
	return s.reachable(who, false)
}

// reachable lets the platform say whether somebody can be written to.
func (s *stage) reachable(who string, yes bool) error {
	s.events++
	return s.bot.Take(context.Background(), bot.Incoming{Platform: s.platform.Name(), EventID: fmt.Sprint(s.events), Chat: who, Reachable: &yes})
}

func (s *stage) event(sp *speaker, act transcript.Act) (conversation.Event, error) {
	switch act.Kind {
	case "pressed", "old":
		return sp.press(act.Text, act.Kind == "old")
	case "photo":
		return conversation.Event{Kind: conversation.Media}, nil
	case "edit":
		return conversation.Event{Kind: conversation.Edited, Text: act.Text}, nil
	case "group":
		return conversation.Event{Kind: conversation.Group, Text: act.Text}, nil
	case "file":
		name, size, words := transcript.ParseFile(act.Text)
		return conversation.Event{Kind: conversation.Media, Text: words, Attached: &conversation.Attached{ID: s.platform.share(transcript.Shared(size)), Name: name, Size: size}}, nil
	case "open":
		if act.Text == "CODE" {
			act.Text = s.shownCode
		}
		return conversation.Event{Kind: conversation.Started, Text: act.Text}, nil
	case "link":
		if s.codes[act.Text] == "" {
			if err := s.invite(act.Text); err != nil {
				return conversation.Event{}, err
			}
		}
		return conversation.Event{Kind: conversation.Started, Text: s.codes[act.Text]}, nil
	}
	if rest, ok := strings.CutPrefix(act.Text, "/start"); ok && (rest == "" || rest[0] == ' ') {
		return conversation.Event{Kind: conversation.Started, Text: strings.TrimSpace(rest)}, nil
	}
	return conversation.Event{Kind: conversation.Said, Text: act.Text}, nil
}

// press finds the button in the newest message that shows it, or in the one before.
func (sp *speaker) press(label string, older bool) (conversation.Event, error) {
	for _, r := range slices.Backward(sp.shown) {
		for _, c := range r.Choices {
			if c.Label != label {
				continue
			}
			if older {
				older = false
				break
			}
			return conversation.Event{Kind: conversation.Pressed, Rev: r.Rev, Value: c.Value}, nil
		}
	}
	return conversation.Event{}, fmt.Errorf("no button [%s] was shown to %s", label, sp.name)
}
