package telegram

import (
	"strings"
	"unicode/utf8"

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
			_, _ = escape.WriteString(&b, clean(s.Text))
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
			b.WriteString(clean(s.Text))
		}
	}
	return b.String()
}

// split cuts a text into messages of at most limit UTF-16 units, between
// paragraphs if that is possible. Messages without a visible character are left
// out: Telegram refuses them.
func split(t conversation.Text, limit int) []conversation.Text {
	var parts []conversation.Text
	var part conversation.Text
	used := 0
	end := func() {
		if strings.TrimSpace(plain(part)) != "" {
			parts = append(parts, part)
		}
		part, used = nil, 0
	}
	for _, whole := range t {
		for _, p := range chop(whole, limit) {
			n := units(p)
			if len(part) > 0 && used+1+n > limit {
				end()
			}
			if len(part) > 0 {
				used++
			}
			part, used = append(part, p), used+n
		}
	}
	end()
	return parts
}

// units counts as Telegram does.
func units(p conversation.Paragraph) int {
	n := 0
	if p.Item {
		n = 2
	}
	for _, s := range p.Spans {
		for _, r := range s.Text {
			n += runeUnits(r)
		}
	}
	return n
}

func runeUnits(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// chop cuts a paragraph that is too long for one message.
func chop(p conversation.Paragraph, limit int) []conversation.Paragraph {
	var pieces []conversation.Paragraph
	for units(p) > limit {
		head, tail := cut(p, limit)
		pieces = append(pieces, head)
		p = tail
	}
	return append(pieces, p)
}

// cut makes a head of at most limit units, ending after a space if there is one
// in its second half.
func cut(p conversation.Paragraph, limit int) (head, tail conversation.Paragraph) {
	n := 0
	if p.Item {
		n = 2
	}
	type place struct{ span, byte int }
	var space place
	for i, s := range p.Spans {
		for j, r := range s.Text {
			if n += runeUnits(r); n > limit {
				if space == (place{}) {
					space = place{i, j}
				}
				return cutAt(p, space.span, space.byte)
			}
			if r == ' ' && n > limit/2 {
				space = place{i, j + utf8.RuneLen(r)}
			}
		}
	}
	return p, conversation.Paragraph{}
}

func cutAt(p conversation.Paragraph, span, at int) (head, tail conversation.Paragraph) {
	s := p.Spans[span]
	head = conversation.Paragraph{Item: p.Item, Spans: append(p.Spans[:span:span], conversation.Span{Text: s.Text[:at], Style: s.Style})}
	rest := conversation.Span{Text: s.Text[at:], Style: s.Style}
	tail = conversation.Paragraph{Spans: append([]conversation.Span{rest}, p.Spans[span+1:]...)}
	return head, tail
}
