package console

import (
	"strings"
	"unicode"

	"reschedulebot/conversation"
)

// A glyph is one character in one style.
type glyph struct {
	r     rune
	style conversation.Style
}

// glyphs lays the spans of a paragraph out. What could steer a terminal or turn
// the direction of the text is left out: a span may hold words that a person
// typed.
func glyphs(spans []conversation.Span) []glyph {
	var out []glyph
	for _, s := range spans {
		for _, r := range s.Text {
			switch {
			case r == '\n':
			case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
				continue
			}
			out = append(out, glyph{r, s.Style})
		}
	}
	return out
}

// wrap breaks a paragraph into lines of at most width characters, at spaces
// where there are any. Width 0 breaks only where the text does.
func wrap(text []glyph, width int) [][]glyph {
	var out [][]glyph
	for _, line := range split(text) {
		for width > 0 && len(line) > width {
			at := lastSpace(line[:width+1])
			if at <= 0 {
				out, line = append(out, line[:width]), line[width:]
				continue
			}
			out, line = append(out, line[:at]), line[at+1:]
		}
		out = append(out, line)
	}
	return out
}

// split breaks the text at its own line ends.
func split(text []glyph) [][]glyph {
	var out [][]glyph
	begin := 0
	for i, g := range text {
		if g.r == '\n' {
			out, begin = append(out, text[begin:i]), i+1
		}
	}
	return append(out, text[begin:])
}

func lastSpace(text []glyph) int {
	for i := len(text) - 1; i >= 0; i-- {
		if text[i].r == ' ' {
			return i
		}
	}
	return -1
}

// paint writes a line with the terminal's styles, or without any.
func paint(line []glyph, p palette) string {
	var b strings.Builder
	style := conversation.Plain
	for _, g := range line {
		if g.style != style {
			b.WriteString(p.off(style) + p.on(g.style))
			style = g.style
		}
		b.WriteRune(g.r)
	}
	b.WriteString(p.off(style))
	return b.String()
}

// A palette holds the terminal's escape sequences; the zero palette has none.
type palette struct{ strong, code, dim, name, reset string }

func colours() palette {
	return palette{strong: "\x1b[1m", code: "\x1b[36m", dim: "\x1b[2m", name: "\x1b[1;34m", reset: "\x1b[0m"}
}

func (p palette) on(s conversation.Style) string {
	switch s {
	case conversation.Strong:
		return p.strong
	case conversation.Code:
		return p.code
	}
	return ""
}

func (p palette) off(s conversation.Style) string {
	if p.on(s) == "" {
		return ""
	}
	return p.reset
}

// faint is text that matters less: hints, times.
func (p palette) faint(s string) string { return p.dim + s + p.reset }

// label is who speaks.
func (p palette) label(s string) string { return p.name + s + p.reset }
