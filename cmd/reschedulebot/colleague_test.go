package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

// A colleague is of the staff, and talks to the bot in Slack.
type colleague struct {
	*fakeslack.Person
	name  string // in the dialogue
	shown []fakeslack.Message
	said  string // their last message
}

// staff has somebody of the office join its Slack. Who works there is known before
// serve starts.
func (s *stage) staff(value string) error {
	st, err := transcript.ParseStaff(value)
	if err != nil {
		return err
	}
	if s.serving != nil {
		return errors.New("staff stand before everything that happens")
	}
	if s.slack == nil {
		s.slack = fakeslack.New(fakeslack.Options{Twice: true, Patience: patience, Scopes: slack.Scopes(false), Events: []string{"message.im"}})
		api, stop := s.slack.Start()
		s.t.Cleanup(stop)
		s.env = append(s.env, "SLACK_BOT_TOKEN="+fakeslack.BotToken, "SLACK_APP_TOKEN="+fakeslack.AppToken, "SLACK_API_URL="+api, "SLACK_TEAM_ID="+fakeslack.TeamID)
	}
	p := &colleague{Person: s.slack.Member(st.Name), name: st.Speaker}
	s.people = append(s.people, p)
	list := map[scheduling.Role]string{
		scheduling.Paralegal: "SLACK_PARALEGALS", scheduling.Representative: "SLACK_REPRESENTATIVES", scheduling.Admin: "SLACK_ADMINS",
	}[st.Role]
	s.lists[list] = append(s.lists[list], p.ID)
	s.env = append(s.env, list+"="+strings.Join(s.lists[list], ","))
	return nil
}

func (p *colleague) called() string { return p.name }

func (p *colleague) does(act transcript.Act) error {
	switch act.Kind {
	case "pressed", "old":
		return p.press(act.Text, act.Kind == "old")
	case "photo":
		p.Upload("photo.jpg", []byte("\xff\xd8\xff\xe0"), "")
	case "file":
		name, size, words := transcript.ParseFile(act.Text)
		p.Upload(name, transcript.Shared(size), words)
	case "edit":
		p.Edit(p.DMID(), p.said, act.Text)
	case "open":
		p.types("/start " + act.Text)
	default:
		p.types(act.Text)
	}
	return nil
}

// types writes to the bot. What begins with a slash Slack would take for a command
// of its own; with a space before it, it is words.
func (p *colleague) types(words string) {
	if strings.HasPrefix(words, "/") {
		words = " " + words
	}
	p.said = p.DM(words)
}

// press presses the button in the newest message that showed it, or in the one
// before, whatever has become of the buttons since.
func (p *colleague) press(label string, older bool) error {
	for _, m := range slices.Backward(p.shown) {
		at := slices.IndexFunc(m.Labels(), func(shown string) bool { return bare(shown) == label })
		switch {
		case at < 0:
		case older:
			older = false
		default:
			_, err := p.PressOn(m, m.Labels()[at])
			return err
		}
	}
	return fmt.Errorf("no button [%s] was shown", label)
}

func (p *colleague) next(ctx context.Context, file bool) (said, error) {
	m, err := p.Next(ctx)
	if err == nil && file {
		var with fakeslack.Message
		if with, err = p.Next(ctx); err == nil {
			m.Files = with.Files
		}
	}
	if err != nil {
		return said{}, err
	}
	p.shown = append(p.shown, m)
	return inSlack(m), nil
}

// inSlack writes a message down.
func inSlack(m fakeslack.Message) said {
	var out said
	for _, b := range m.Blocks {
		if b.Type != "rich_text" { // below it are the buttons
			continue
		}
		for _, e := range b.Elements {
			if e.Type != "rich_text_list" {
				for p := range strings.SplitSeq(styled(e.Elements), "\n") {
					out.paragraph(p)
				}
				continue
			}
			for _, item := range e.Elements {
				out.paragraph("- " + styled(item.Elements))
			}
		}
	}
	for _, label := range m.Labels() {
		out.buttons = append(out.buttons, bare(label))
	}
	if len(m.Files) > 0 {
		out.file = m.Files[0].Name
	}
	return out
}

// styled is a text with the marks of the catalogues around what stands out.
func styled(elements []fakeslack.Element) string {
	var b strings.Builder
	for _, e := range elements {
		mark := ""
		style, _ := e.Style.(map[string]any)
		switch {
		case style["bold"] == true:
			mark = "**"
		case style["code"] == true:
			mark = "`"
		}
		words := "@" + e.UserID
		if e.Text != nil {
			words = e.Text.Text
		}
		b.WriteString(mark + words + mark)
	}
	return b.String()
}
