package slack

import (
	"slices"
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// Limits of Slack, and ours below them where Slack's are not published.
const (
	messageUnits = 11_000 // of one message
	blockUnits   = 2_900  // of one block
	labelRunes   = 75
	answerRunes  = 200
	buttonsInRow = 5
)

// blocks writes a text in blocks of rich text, whose elements carry raw text:
// nothing in them becomes markup, and only a span that says so is a mention or
// leads to a message, which is found below the workspace's address.
func blocks(t conversation.Text, workspace string) []slackapi.Block {
	var all []slackapi.Block
	for _, part := range text.Split(t, blockUnits) {
		all = append(all, richText(part, workspace))
	}
	return all
}

// shorten is a text of at most so many units, and of one more sign where that is
// not all.
func shorten(t conversation.Text, units int) conversation.Text {
	parts := text.Split(t, units)
	if len(parts) < 2 {
		return t
	}
	short := parts[0]
	last := &short[len(short)-1]
	last.Spans = append(slices.Clip(last.Spans), conversation.Span{Text: "…"})
	return short
}

// richText puts paragraphs that follow each other into one section, so that how
// Slack sets sections apart does not matter, and items into lists.
func richText(t conversation.Text, workspace string) *slackapi.RichTextBlock {
	b := &slackapi.RichTextBlock{Type: slackapi.MBTRichText}
	var said *slackapi.RichTextSection
	var list *slackapi.RichTextList
	for _, p := range t {
		switch {
		case p.Item && list == nil:
			said, list = nil, &slackapi.RichTextList{Type: slackapi.RTEList, Style: slackapi.RTEListBullet}
			b.Elements = append(b.Elements, list)
		case !p.Item && said == nil:
			said, list = &slackapi.RichTextSection{Type: slackapi.RTESection}, nil
			b.Elements = append(b.Elements, said)
		case !p.Item:
			add(said, "\n", conversation.Plain)
		}
		into := said
		if p.Item {
			into = &slackapi.RichTextSection{Type: slackapi.RTESection}
			list.Elements = append(list.Elements, into)
		}
		for _, span := range p.Spans {
			addSpan(into, span, workspace)
		}
		if len(into.Elements) == 0 {
			add(into, " ", conversation.Plain) // Slack refuses an empty section
		}
	}
	return b
}

// addSpan adds a span to a section: whom it mentions, the message that it leads to,
// or its words.
func addSpan(s *slackapi.RichTextSection, span conversation.Span, workspace string) {
	words := text.Clean(span.Text)
	link := permalink(workspace, span.Message)
	switch {
	case isPerson(span.Person):
		s.Elements = append(s.Elements, &slackapi.RichTextSectionUserElement{Type: slackapi.RTSEUser, UserID: span.Person, Style: look(span.Style)})
	case link != "" && strings.TrimSpace(words) != "":
		s.Elements = append(s.Elements, &slackapi.RichTextSectionLinkElement{Type: slackapi.RTSELink, URL: link, Text: words, Style: look(span.Style)})
	default:
		add(s, words, span.Style)
	}
}

// permalink is the web address of a message, "" where there is none.
func permalink(workspace, message string) string {
	channel, ts, _ := strings.Cut(message, ":")
	if workspace == "" || !idForm.MatchString(channel) || !tsForm.MatchString(ts) {
		return ""
	}
	return workspace + "archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
}

// leads tells whether a text leads to a message.
func leads(t conversation.Text) bool {
	for _, p := range t {
		for _, s := range p.Spans {
			if s.Message != "" {
				return true
			}
		}
	}
	return false
}

// add adds words to a section; Slack refuses empty ones.
func add(s *slackapi.RichTextSection, words string, style conversation.Style) {
	if words != "" {
		s.Elements = append(s.Elements, &slackapi.RichTextSectionTextElement{Type: slackapi.RTSEText, Text: words, Style: look(style)})
	}
}

func look(s conversation.Style) *slackapi.RichTextSectionTextStyle {
	switch s {
	case conversation.Strong:
		return &slackapi.RichTextSectionTextStyle{Bold: true}
	case conversation.Code:
		return &slackapi.RichTextSectionTextStyle{Code: true}
	}
	return nil
}

// choices are those of a reply, each with the number that can be typed instead; a
// single one needs none. What fits into one row are buttons, more are a menu.
func choices(r conversation.Reply, w words) ([]slackapi.Block, error) {
	if len(r.Choices) == 0 {
		return nil, nil
	}
	row := &slackapi.ActionBlock{Type: slackapi.MBTAction, Elements: &slackapi.BlockElements{}}
	menu := &slackapi.SelectBlockElement{Type: slackapi.OptTypeStatic, ActionID: choiceAction + "menu", Placeholder: plainText(w.choose, labelRunes)}
	for i, c := range r.Choices {
		value, err := text.Button(r.Rev, c.Value)
		if err != nil {
			return nil, err
		}
		label := text.Clean(c.Label)
		if len(r.Choices) > 1 {
			label = strconv.Itoa(i+1) + " · " + label
		}
		said := plainText(label, labelRunes)
		menu.Options = append(menu.Options, &slackapi.OptionBlockObject{Text: said, Value: value})
		row.Elements.ElementSet = append(row.Elements.ElementSet, &slackapi.ButtonBlockElement{
			Type: slackapi.METButton, ActionID: choiceAction + strconv.Itoa(i+1), Value: value, Text: said,
		})
	}
	if len(r.Choices) > buttonsInRow {
		row.Elements.ElementSet = []slackapi.BlockElement{menu}
	}
	return []slackapi.Block{row}, nil
}

// plainText is text that Slack shows as it is. What is longer than Slack takes is
// shortened: the whole can be read above the button.
func plainText(s string, runes int) *slackapi.TextBlockObject {
	if short := text.Head(s, runes); short != s {
		s = text.Head(s, runes-1) + "…"
	}
	no := false
	return &slackapi.TextBlockObject{Type: slackapi.PlainTextType, Text: s, Emoji: &no}
}

// spent is the line that stands where buttons were: the answer that was given, or
// nothing.
func spent(answer string) []slackapi.Block {
	answer = strings.TrimSpace(text.Clean(answer))
	if answer == "" {
		return nil
	}
	return []slackapi.Block{&slackapi.ContextBlock{Type: slackapi.MBTContext, ContextElements: slackapi.ContextElements{
		Elements: []slackapi.MixedElement{plainText("✓ "+answer, answerRunes)},
	}}}
}

// sentence is a text of one paragraph.
func sentence(s string) conversation.Text {
	return conversation.Text{{Spans: []conversation.Span{{Text: s}}}}
}
