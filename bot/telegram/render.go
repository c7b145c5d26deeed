package telegram

import (
	"strings"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

const (
	messageUnits = 4096 // UTF-16 units of one message, counted without markup
	bullet       = "• "
)

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// html writes a text in the little of HTML that Telegram reads. Spans are
// escaped, so nothing in them becomes markup. Telegram itself still makes links
// of addresses and commands in plain text; it does so in what people type, too.
func html(t conversation.Text) string {
	var b strings.Builder
	for i, p := range t {
		if i > 0 {
			b.WriteByte('\n')
		}
		if p.Item {
			b.WriteString(bullet)
		}
		for _, s := range p.Spans {
			open, shut := tags(s.Style)
			b.WriteString(open)
			_, _ = escape.WriteString(&b, text.Clean(s.Text))
			b.WriteString(shut)
		}
	}
	return b.String()
}

func tags(s conversation.Style) (open, shut string) {
	switch s {
	case conversation.Strong:
		return "<b>", "</b>"
	case conversation.Code:
		return "<code>", "</code>"
	}
	return "", ""
}

// plain writes the same without any markup.
func plain(t conversation.Text) string {
	var b strings.Builder
	for i, p := range t {
		if i > 0 {
			b.WriteByte('\n')
		}
		if p.Item {
			b.WriteString(bullet)
		}
		for _, s := range p.Spans {
			b.WriteString(text.Clean(s.Text))
		}
	}
	return b.String()
}
