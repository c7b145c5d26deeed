package conversation_test

import (
	"fmt"
	"strings"

	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
)

// event is how an adapter would understand an act.
func (s *stage) event(c *chat, act transcript.Act) (conversation.Event, error) {
	switch act.Kind {
	case "pressed", "old":
		return c.press(act.Text, act.Kind == "old")
	case "flood":
		return conversation.Event{Kind: conversation.Flooded}, nil
	case "photo":
		return conversation.Event{Kind: conversation.Media}, nil
	case "edit":
		return conversation.Event{Kind: conversation.Edited, Text: act.Text}, nil
	case "group":
		return conversation.Event{Kind: conversation.Group, Text: act.Text}, nil
	case "file":
		name, size, words := transcript.ParseFile(act.Text)
		return conversation.Event{Kind: conversation.Media, Text: words, Attached: &conversation.Attached{ID: "F1", Name: name, Size: size}}, nil
	case "open":
		if act.Text == "CODE" {
			act.Text = s.shownCode
		}
		return conversation.Event{Kind: conversation.Started, Text: act.Text}, nil
	case "link":
		return conversation.Event{Kind: conversation.Started, Text: s.newestCode(act.Text)}, nil
	}
	if rest, ok := strings.CutPrefix(act.Text, "/start"); ok && (rest == "" || rest[0] == ' ') {
		return conversation.Event{Kind: conversation.Started, Text: strings.TrimSpace(rest)}, nil
	}
	return conversation.Event{Kind: conversation.Said, Text: act.Text}, nil
}

// press finds the button in the newest message that shows it, or in the one before.
func (c *chat) press(label string, older bool) (conversation.Event, error) {
	for i := len(c.shown) - 1; i >= 0; i-- {
		for _, choice := range c.shown[i].Choices {
			if choice.Label != label {
				continue
			}
			if older {
				older = false
				break
			}
			return conversation.Event{Kind: conversation.Pressed, Rev: c.shown[i].Rev, Value: choice.Value}, nil
		}
	}
	return conversation.Event{}, fmt.Errorf("no button [%s] was shown to %s", label, c.name)
}

// done says what an effect did, in the words of the transcripts.
func done(effect conversation.Effect) string {
	change := func(verb string, c conversation.Change) string {
		words := ""
		if c.Words != "" {
			words = fmt.Sprintf(" %q", c.Words)
		}
		return transcript.Done("%s %s to %s %s, %s%s (%s)", verb, c.CaseID, c.To.Site, c.To.Local, c.Reason, words, c.Verdict.Class)
	}
	switch e := effect.(type) {
	case conversation.Move:
		return change("moves", e.Change)
	case conversation.FileRequest:
		return change("requests", e.Change)
	case conversation.Withdraw:
		return transcript.Done("withdraws the request")
	case conversation.Refer:
		return transcript.Done("refers %s: %s %v", e.CaseID, e.Verdict.Class, e.Verdict.Findings)
	case conversation.Decide:
		return transcript.Done("records %s by %s", e.Decision.Outcome, e.Decision.By)
	case conversation.Link:
		return transcript.Done("links the chat, consent %s", e.Consent)
	case conversation.Unlink:
		return transcript.Done("unlinks the chat: %s", e.Reason)
	case conversation.Invite:
		return transcript.Done("invites to %s", e.CaseID)
	case conversation.RevokeCodes:
		return transcript.Done("revokes the codes of %s", e.CaseID)
	case conversation.UnlinkAll:
		return transcript.Done("unlinks all from %s", e.CaseID)
	case conversation.Fetch:
		return transcript.Done("fetches %s, %d bytes", e.File.Name, e.File.Size)
	case conversation.TriedCode:
		return transcript.Done("counts a failed code")
	case conversation.Reminders:
		return transcript.Done("reminders %v", e.On)
	case conversation.Speak:
		return transcript.Done("speaks %s", e.Language)
	case conversation.Alarm:
		return transcript.Done("%s", strings.TrimSpace("alarm "+e.Kind+" "+e.CaseID))
	case conversation.WantPerson:
		return transcript.Done("%s", strings.TrimSpace("asks for a person "+e.CaseID))
	case conversation.Delete:
		return transcript.Done("deletes the message")
	}
	return transcript.Done("%T", effect)
}
