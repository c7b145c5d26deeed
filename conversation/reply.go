package conversation

import "strings"

// A Reply is one message as a platform-neutral document. Adapters render it and
// escape every span: a span may hold words that a person typed, and they never
// become markup, a mention or a link.
type Reply struct {
	Text Text `json:"text"`
	// Choices are the answers offered as buttons, in order. Each can also be
	// typed: its number (1 for the first) or its label. Five are choices at most;
	// up to two more lead on (more of them, another place).
	Choices []Choice `json:"choices,omitempty"`
	// Rev is the revision of the question that Choices answer. It travels in the
	// button, so that a press on an older keyboard can be told from a current one.
	Rev int `json:"rev,omitempty"`
	// File is a document sent after the text, or nil.
	File *File `json:"file,omitempty"`
	// Private marks case details: adapters protect the message from forwarding
	// where the platform can, and never send it to a group.
	Private bool `json:"private,omitempty"`
}

// Text is a list of paragraphs.
type Text []Paragraph

// A Paragraph is a line of text, or an item of a list.
type Paragraph struct {
	Item  bool   `json:"item,omitempty"`
	Spans []Span `json:"spans"`
}

// A Span is a run of characters in one style.
type Span struct {
	Text  string `json:"t"`
	Style Style  `json:"s,omitempty"`
	// Person and Message are for staff: the platform's id of somebody to be
	// mentioned, or of a message of its that the words lead to. Where a platform
	// can't do that, Text says enough.
	Person  string `json:"p,omitempty"`
	Message string `json:"m,omitempty"`
}

// Style says how a span is to stand out.
type Style string

const (
	Plain  Style = ""
	Strong Style = "b" // what must not be overlooked
	Code   Style = "c" // what a person may want to copy: a number, an example
)

// A Choice is one button: Label is shown, Value comes back. Value is at most 24
// bytes of ASCII letters, digits and "_-", and holds no personal data.
type Choice struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// A File is a document that goes with a reply. Name holds no personal data.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"` // media type
	Data []byte `json:"data"`
}

// Plain returns the text without styles: paragraphs end in a newline, items
// begin with "- ".
func (t Text) Plain() string {
	var b strings.Builder
	for _, p := range t {
		if p.Item {
			b.WriteString("- ")
		}
		for _, s := range p.Spans {
			b.WriteString(s.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
