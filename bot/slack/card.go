package slack

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// Limits of Slack for a card, and ours where the whole must fit a message.
const (
	titleRunes   = 150
	cardUnits    = 4_000 // of the text, and of the facts
	noteUnits    = 1_500
	sureTitle    = 100
	sureText     = 300
	sureAnswer   = 30
	buttonsMost  = 25
	refBytes     = 80
	refMark      = "#" // between an act and what tells two buttons of it apart
	actAction    = "act:"
	actNameRunes = 40
)

var (
	actForm = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	refForm = regexp.MustCompile(`^[ -~]*$`)
)

// cardBlocks writes a card: less than twenty blocks, and less than a message may
// hold. What is too long for that is shortened and says so by an ellipsis; the
// thread has the whole.
func cardBlocks(c conversation.Card, workspace string) ([]slackapi.Block, error) {
	var all []slackapi.Block
	if title := oneLine(c.Title); title != "" {
		all = append(all, &slackapi.HeaderBlock{Type: slackapi.MBTHeader, Text: plainText(title, titleRunes)})
	}
	all = append(all, blocks(shorten(c.Text, cardUnits), workspace)...)
	all = append(all, blocks(shorten(factLines(c.Facts), cardUnits), workspace)...)
	if len(c.Buttons) > 0 {
		row, err := actButtons(c.Buttons)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	all = append(all, note(shorten(c.Note, noteUnits), workspace)...)
	if len(all) == 0 {
		return nil, errors.New("a card with nothing on it")
	}
	return all, nil
}

// oneLine is a text without line ends and without blanks at its ends.
func oneLine(s string) string { return strings.Join(strings.Fields(text.Clean(s)), " ") }

// factLines puts each label before its value; a value that is a list stands below.
func factLines(facts []conversation.Fact) conversation.Text {
	var all conversation.Text
	for _, f := range facts {
		label := conversation.Span{Text: oneLine(f.Label) + ": ", Style: conversation.Strong}
		value := f.Value
		first := conversation.Paragraph{Spans: []conversation.Span{label}}
		if len(value) > 0 && !value[0].Item {
			first.Spans = append(first.Spans, value[0].Spans...)
			value = value[1:]
		}
		all = append(append(all, first), value...)
	}
	return all
}

// actButtons is one row, however long.
func actButtons(buttons []conversation.Button) (*slackapi.ActionBlock, error) {
	if len(buttons) > buttonsMost {
		return nil, fmt.Errorf("a card with %d buttons", len(buttons))
	}
	row := &slackapi.ActionBlock{Type: slackapi.MBTAction, Elements: &slackapi.BlockElements{}}
	for i, b := range buttons {
		if !actForm.MatchString(b.Act) || len(b.Act) > actNameRunes || !refForm.MatchString(b.Ref) || len(b.Ref) > refBytes {
			return nil, errors.New("a button whose act or reference has another form")
		}
		e := &slackapi.ButtonBlockElement{
			Type: slackapi.METButton, ActionID: fmt.Sprintf("%s%s%s%d", actAction, b.Act, refMark, i+1), Value: b.Ref,
			Text: shownText(b.Label, labelRunes, b.Act), Confirm: sure(b.Sure, b.Weight),
		}
		switch b.Weight {
		case conversation.Main:
			e.Style = slackapi.StylePrimary
		case conversation.Grave:
			e.Style = slackapi.StyleDanger
		}
		row.Elements.ElementSet = append(row.Elements.ElementSet, e)
	}
	return row, nil
}

// actOf is the act of a button, by its action id.
func actOf(action string) (act string, ok bool) {
	rest, ours := strings.CutPrefix(action, actAction)
	act, _, _ = strings.Cut(rest, refMark)
	return act, ours && actForm.MatchString(act) && len(act) <= actNameRunes
}

// sure is Slack's question before a press counts.
func sure(q *conversation.SureQuestion, weight conversation.Weight) *slackapi.ConfirmationBlockObject {
	if q == nil {
		return nil
	}
	c := &slackapi.ConfirmationBlockObject{
		Title: shownText(q.Title, sureTitle, "?"), Text: shownText(q.Text, sureText, "?"),
		Confirm: shownText(q.Yes, sureAnswer, "OK"), Deny: shownText(q.No, sureAnswer, "✕"),
	}
	if weight == conversation.Grave {
		c.Style = slackapi.StyleDanger
	}
	return c
}

// shownText is plainText that is never empty, which Slack refuses.
func shownText(s string, runes int, instead string) *slackapi.TextBlockObject {
	if s = text.Clean(s); strings.TrimSpace(s) == "" {
		s = instead
	}
	return plainText(s, runes)
}

// note is small print, which can only be plain: a note that mentions somebody or
// leads somewhere is written like a text.
func note(t conversation.Text, workspace string) []slackapi.Block {
	var words []string
	for _, p := range t {
		var b strings.Builder
		if p.Item {
			b.WriteString("• ")
		}
		for _, s := range p.Spans {
			if s.Person != "" || s.Message != "" || s.Style != conversation.Plain {
				return blocks(t, workspace)
			}
			b.WriteString(text.Clean(s.Text))
		}
		words = append(words, b.String())
	}
	all := strings.TrimSpace(strings.Join(words, "\n"))
	if all == "" {
		return nil
	}
	return []slackapi.Block{&slackapi.ContextBlock{Type: slackapi.MBTContext, ContextElements: slackapi.ContextElements{
		Elements: []slackapi.MixedElement{plainText(all, noteRunes)},
	}}}
}

// noteRunes is more than noteUnits, which count for two at most.
const noteRunes = 2_000
