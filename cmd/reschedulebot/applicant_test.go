package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/conversation/transcript"
)

// An applicant has a chat on Telegram.
type applicant struct {
	*faketelegram.Person
	shown []faketelegram.Message
	said  int // id of their last message
}

func (p *applicant) called() string { return p.Name }

func (p *applicant) does(act transcript.Act) error {
	switch act.Kind {
	case "pressed", "old":
		return p.press(act.Text, act.Kind == "old")
	case "photo":
		p.Photo("")
	case "file":
		name, size, words := transcript.ParseFile(act.Text)
		p.Send(map[string]any{"caption": words, "document": map[string]any{"file_id": "shared", "file_unique_id": "shared", "file_name": name, "file_size": size}})
	case "edit":
		p.Edit(p.said, act.Text)
	case "open":
		p.said = p.Say("/start " + act.Text)
	default:
		p.said = p.Say(act.Text)
	}
	return nil
}

// press presses the button in the newest message that showed it, or in the one
// before, whatever has become of the buttons since.
func (p *applicant) press(label string, older bool) error {
	for _, m := range slices.Backward(p.shown) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if bare(b.Label) != label {
					continue
				}
				if older {
					older = false
					break
				}
				p.PressData(m.ID, b.Data)
				return nil
			}
		}
	}
	return fmt.Errorf("no button [%s] was shown", label)
}

func (p *applicant) next(ctx context.Context, file bool) (said, error) {
	m, err := p.Next(ctx)
	if err == nil && file {
		var with faketelegram.Message
		if with, err = p.Next(ctx); err == nil {
			m.File = with.File
		}
	}
	if err != nil {
		return said{}, err
	}
	p.shown = append(p.shown, m)
	return onTelegram(m), nil
}

// inGroup says something to the bot where others listen.
func (s *stage) inGroup(p *applicant, words string) ([]string, error) {
	if s.group == nil {
		s.group = s.telegram.Group("Family")
	}
	at := "@" + faketelegram.Username
	if words = strings.ReplaceAll(words, "@bot", at); !strings.Contains(words, at) {
		words = at + " " + words
	}
	s.group.Say(p.Person, words)
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	m, err := s.group.Next(ctx)
	return onTelegram(m).lines(""), err
}

// onTelegram writes a message down.
func onTelegram(m faketelegram.Message) said {
	var out said
	for p := range strings.SplitSeq(marked(m), "\n") {
		if item, ok := strings.CutPrefix(p, "• "); ok {
			p = "- " + item
		}
		out.paragraph(p)
	}
	for _, label := range m.Labels() {
		out.buttons = append(out.buttons, bare(label))
	}
	if m.File != nil {
		out.file = m.File.Name
	}
	return out
}

// marked is a message's text with the marks of the catalogues around what stands
// out.
func marked(m faketelegram.Message) string {
	marks := map[string]string{"bold": "**", "code": "`"}
	text := utf16.Encode([]rune(m.Text))
	var out []uint16
	for i := range len(text) + 1 {
		for _, e := range m.Entities {
			if mark, ok := marks[e.Type]; ok && (e.Offset == i || e.Offset+e.Length == i) {
				out = append(out, utf16.Encode([]rune(mark))...)
			}
		}
		if i < len(text) {
			out = append(out, text[i])
		}
	}
	return string(utf16.Decode(out))
}
