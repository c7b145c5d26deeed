package text

import (
	"strings"
	"unicode/utf8"

	"reschedulebot/conversation"
)

// Split cuts a text into messages of at most limit UTF-16 units, between
// paragraphs if that is possible. Messages without a visible character are left
// out: platforms refuse them.
func Split(t conversation.Text, limit int) []conversation.Text {
	var parts []conversation.Text
	var part conversation.Text
	used := 0
	end := func() {
		if visible(part) {
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

// units counts as Telegram does, and a list mark as two.
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
	first, rest := p.Spans[span], p.Spans[span] // both lead where the whole did
	first.Text, rest.Text = first.Text[:at], rest.Text[at:]
	head = conversation.Paragraph{Item: p.Item, Spans: append(p.Spans[:span:span], first)}
	tail = conversation.Paragraph{Spans: append([]conversation.Span{rest}, p.Spans[span+1:]...)}
	return head, tail
}

// visible tells whether there is anything to see in a text.
func visible(t conversation.Text) bool {
	for _, p := range t {
		for _, s := range p.Spans {
			if strings.TrimSpace(Clean(s.Text)) != "" || p.Item {
				return true
			}
		}
	}
	return false
}
