package console

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"reschedulebot/conversation"
)

// A Look is how the output appears. The zero Look is plain text that is the
// same in every run, for pipes and files.
type Look struct {
	Terminal bool // ask for input with a prompt
	Colour   bool
	Width    int // wrap here; 0: don't
}

// indent stands before every line of a message but the first, under the text
// that follows "Bot> ".
const indent = "     "

// screen prints what is said. The first error of its writer is kept, and
// nothing is printed after it.
type screen struct {
	w    io.Writer
	look Look
	p    palette
	err  error
}

func newScreen(w io.Writer, look Look) *screen {
	s := &screen{w: w, look: look}
	if look.Colour {
		s.p = colours()
	}
	return s
}

func (s *screen) print(text string) {
	if s.err == nil {
		_, s.err = io.WriteString(s.w, text)
	}
}

// message prints a reply: who says it, its paragraphs, its numbered choices,
// what became of its file, and an empty line.
func (s *screen) message(label string, r conversation.Reply, file string) {
	var body []string
	for _, p := range r.Text {
		body = append(body, s.paragraph(p)...)
	}
	for i, c := range r.Choices {
		body = append(body, s.choice(i+1, c)...)
	}
	if file != "" {
		body = append(body, s.p.faint(file))
	}
	text := strings.Join(body, "\n"+indent)
	text = strings.ReplaceAll(text, "\n"+indent+"\n", "\n\n") // no space on empty lines
	s.print(s.p.label(label+">") + " " + text + "\n\n")
}

func (s *screen) paragraph(p conversation.Paragraph) []string {
	if p.Item {
		return s.hang("- ", p.Spans)
	}
	return s.hang("", p.Spans)
}

func (s *screen) choice(n int, c conversation.Choice) []string {
	return s.hang(strconv.Itoa(n)+". ", []conversation.Span{{Text: c.Label}})
}

// hang wraps a paragraph behind a mark, its further lines under its text.
func (s *screen) hang(mark string, spans []conversation.Span) []string {
	width := 0
	if s.look.Width > 0 {
		width = max(s.look.Width-len(indent)-len(mark), 20)
	}
	var out []string
	for i, line := range wrap(glyphs(spans), width) {
		lead := strings.Repeat(" ", len(mark))
		if i == 0 {
			lead = mark
		}
		out = append(out, lead+paint(line, s.p))
	}
	return out
}

// aside prints what the simulation itself says, not the bot.
func (s *screen) aside(format string, args ...any) {
	spans := []conversation.Span{{Text: fmt.Sprintf(format, args...)}}
	width := 0
	if s.look.Width > 0 {
		width = max(s.look.Width-3, 20)
	}
	var text strings.Builder
	for i, line := range wrap(glyphs(spans), width) {
		mark := "-- "
		if i > 0 {
			mark = "   "
		}
		text.WriteString(s.p.faint(mark+paint(line, palette{})) + "\n")
	}
	s.print(text.String() + "\n")
}

// moment prints the time at which what follows was sent.
func (s *screen) moment(t time.Time) {
	s.print(s.p.faint("["+stamp(t)+"]") + "\n")
}

// prompt asks for a line, on a terminal only.
func (s *screen) prompt(label string) {
	if s.look.Terminal {
		s.print(s.p.label(label+">") + " ")
	}
}

func stamp(t time.Time) string { return t.Format("Mon Jan 2, 2006, 15:04 -07:00") }
