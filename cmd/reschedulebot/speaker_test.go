package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/conversation/transcript"
)

// A speaker is somebody with a chat: an applicant on Telegram, or a colleague in
// Slack.
type speaker interface {
	called() string
	// does does what a line says; the text of "open" is a code.
	does(transcript.Act) error
	// next is the next message that comes, and with it the file that follows it, if
	// one is to.
	next(ctx context.Context, file bool) (said, error)
}

// said is a message as dialogues write it down.
type said struct {
	paragraphs, buttons []string
	file                string
}

func (m said) lines(to string) []string {
	return transcript.Lines(to, m.paragraphs, m.buttons, m.file)
}

// paragraph adds one. In dialogues the bot has another name.
func (m *said) paragraph(text string) {
	text = strings.ReplaceAll(text, "https://t.me/"+faketelegram.Username+"?start=", transcript.Link(""))
	m.paragraphs = append(m.paragraphs, text)
}

var numbered = regexp.MustCompile(`^\d+ · `)

// bare is the label of a button without the number that can be typed instead.
func bare(label string) string { return numbered.ReplaceAllString(label, "") }

// speaker is who is called so. Whoever is not staff is an applicant.
func (s *stage) speaker(name string) speaker {
	for _, p := range s.people {
		if p.called() == name {
			return p
		}
	}
	p := &applicant{Person: s.telegram.Person(name, s.hint)}
	s.people = append(s.people, p)
	return p
}

// Say implements transcript.Stage.
func (s *stage) Say(who, words string) ([]string, error) {
	expected := s.expected[0]
	s.expected = s.expected[1:]
	s.begin()
	p, act := s.speaker(who), transcript.ReadAct(words)
	client, onTelegram := p.(*applicant)
	switch act.Kind {
	case "group":
		if !onTelegram {
			return nil, errors.New("staff have no group")
		}
		return s.inGroup(client, act.Text)
	case "link":
		if s.codes[act.Text] == "" {
			s.invite(act.Text)
		}
		act = transcript.Act{Kind: "open", Text: s.codes[act.Text]}
	case "open":
		if act.Text == "CODE" {
			act.Text = s.shownCode
		}
	}
	if err := p.does(act); err != nil {
		return nil, fmt.Errorf("%s: %w", who, err)
	}
	if act.Kind == "open" && onTelegram {
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
	if err := s.takenIn(); err != nil {
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

// takenIn waits until serve has what happened on Telegram.
func (s *stage) takenIn() error {
	return s.telegram.WaitFor(s.ctx, func() bool { return s.telegram.Pending() == 0 })
}

// heard waits for the messages that are to come, and gives back what came.
func (s *stage) heard(by speaker, expected []transcriptMessage) ([]string, error) {
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
		m, err := p.next(ctx, e.file)
		cancel()
		if err != nil {
			return append(out, fmt.Sprintf("(%s heard nothing more)", p.called())), nil
		}
		for _, line := range m.paragraphs {
			if code := transcript.Code(line); code != "" {
				s.shownCode = code
			}
		}
		out = append(out, m.lines(e.to)...)
	}
	return out, nil
}
