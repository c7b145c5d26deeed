package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/conversation/transcript"
)

// A speaker is somebody with a chat on Telegram, and what they have been shown.
type speaker struct {
	*faketelegram.Person
	shown []faketelegram.Message
	said  int // id of their last message
}

// Say implements transcript.Stage.
func (s *stage) Say(who, words string) ([]string, error) {
	expected := s.expected[0]
	s.expected = s.expected[1:]
	s.begin()
	p := s.speaker(who)
	act := transcript.ReadAct(words)
	switch act.Kind {
	case "pressed", "old":
		if err := p.press(act.Text, act.Kind == "old"); err != nil {
			return nil, err
		}
	case "photo":
		p.Photo("")
	case "edit":
		p.Edit(p.said, act.Text)
	case "group":
		return s.inGroup(p, act.Text)
	case "open":
		p.said = p.Person.Say("/start " + act.Text)
	case "link":
		if s.codes[act.Text] == "" {
			s.invite(act.Text)
		}
		p.said = p.Person.Say("/start " + s.codes[act.Text])
	default:
		p.said = p.Person.Say(act.Text)
	}
	if act.Kind == "open" || act.Kind == "link" {
		back, err := s.heldBack()
		if err != nil {
			return nil, err
		}
		defer back()
	}
	return s.heard(p, expected)
}

// heldBack waits until the event was taken in. If the answer is held back for a
// few seconds on purpose, the clock goes there, and remind says it; back sets the
// clock back.
func (s *stage) heldBack() (back func(), err error) {
	if err := s.telegram.WaitFor(s.ctx, func() bool { return s.telegram.Pending() == 0 }); err != nil {
		return nil, err
	}
	before := s.clock.now()
	next, err := bot.New(bot.Config{Store: s.book}).Next(s.ctx)
	if err == nil && next.After(before) && next.Before(before.Add(10*time.Second)) {
		s.clock.set(next)
		s.must("remind")
	}
	return func() { s.clock.set(before) }, err
}

// inGroup says something to the bot where others listen.
func (s *stage) inGroup(p *speaker, words string) ([]string, error) {
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
	return lines("", m), err
}

// press presses the button in the newest message that showed it, or in the one
// before, whatever has become of the buttons since.
func (p *speaker) press(label string, older bool) error {
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
	return fmt.Errorf("no button [%s] was shown to %s", label, p.Name)
}

var numbered = regexp.MustCompile(`^\d+ · `)

// bare is the label of a button without the number that can be typed instead.
func bare(label string) string { return numbered.ReplaceAllString(label, "") }

// heard waits for the messages that are to come, and gives back what came.
func (s *stage) heard(by *speaker, expected []transcriptMessage) ([]string, error) {
	var out []string
	for _, e := range expected {
		p := by
		if e.to != "" {
			p = s.speaker(e.to)
		}
		if p == nil {
			return out, errors.New("the dialogue does not say who hears this")
		}
		ctx, cancel := context.WithTimeout(s.ctx, patience)
		m, err := p.Next(ctx)
		if err == nil && e.file {
			var file faketelegram.Message
			if file, err = p.Next(ctx); err == nil {
				m.File = file.File
			}
		}
		cancel()
		if err != nil {
			return append(out, fmt.Sprintf("(%s heard nothing more)", p.Name)), nil
		}
		p.shown = append(p.shown, m)
		out = append(out, lines(e.to, m)...)
	}
	return out, nil
}

// lines writes a message down as dialogues do.
func lines(to string, m faketelegram.Message) []string {
	var paragraphs, buttons []string
	for p := range strings.SplitSeq(marked(m), "\n") {
		if item, ok := strings.CutPrefix(p, "• "); ok {
			p = "- " + item
		}
		paragraphs = append(paragraphs, p)
	}
	for _, label := range m.Labels() {
		buttons = append(buttons, bare(label))
	}
	file := ""
	if m.File != nil {
		file = m.File.Name
	}
	return transcript.Lines(to, paragraphs, buttons, file)
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
