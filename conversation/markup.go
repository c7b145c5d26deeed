package conversation

import "strings"

// Marked returns the paragraphs of a text with the marks of the catalogues:
// **strong**, `code`, "- " for items. It is for reading, in transcripts and
// terminals, not for parsing.
func (t Text) Marked() []string {
	marks := map[Style]string{Strong: "**", Code: "`"}
	out := make([]string, len(t))
	for i, p := range t {
		var b strings.Builder
		if p.Item {
			b.WriteString("- ")
		}
		for _, s := range p.Spans {
			b.WriteString(marks[s.Style] + s.Text + marks[s.Style])
		}
		out[i] = b.String()
	}
	return out
}
