package conversation

// A Card is what staff see of one thing that they work on, drawn anew whenever
// that changes. Like a Reply it is platform-neutral: adapters render it and escape
// every span.
type Card struct {
	Title   string   `json:"title,omitempty"` // one line that stands out
	Text    Text     `json:"text,omitempty"`
	Facts   []Fact   `json:"facts,omitempty"`
	Buttons []Button `json:"buttons,omitempty"` // at most five
	Note    Text     `json:"note,omitempty"`    // small print below: who holds it, what was done
}

// A Fact is one line of a card: what, and how it is.
type Fact struct {
	Label string `json:"label"`
	Value Text   `json:"value"`
}

// A Button is something to do with a card. Act says what and Ref with what; both
// come back with the press, and neither holds personal data. Ref is at most 80
// bytes of ASCII.
type Button struct {
	Label  string        `json:"label"`
	Act    string        `json:"act"`
	Ref    string        `json:"ref,omitempty"`
	Weight Weight        `json:"weight,omitempty"`
	Sure   *SureQuestion `json:"sure,omitempty"` // asked before the press counts
}

// Weight says how much a button stands out.
type Weight string

const (
	Usual Weight = ""
	Main  Weight = "main"  // what is done most; one on a card at most
	Grave Weight = "grave" // what can't be undone
)

// A SureQuestion asks whether a press was meant.
type SureQuestion struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Yes   string `json:"yes"`
	No    string `json:"no"`
}

// A Form asks for several things at once. Name and Ref come back with what was
// filled in; neither holds personal data.
type Form struct {
	Name   string
	Ref    string
	Title  string // at most 24 characters
	Submit string // at most 24 characters
	Text   Text   // above the fields
	Fields []Field
}

// A Field is one thing that a form asks for.
type Field struct {
	Name     string // comes back with what was filled in
	Label    string
	Hint     string // below it, "" none
	Kind     FieldKind
	Value    string   // what it shows at first, in the form in which it comes back
	Shown    string   // SiteField: what the site of Value is called
	Choices  []Choice // ChoiceField: at most 100
	Optional bool
	Most     int // characters of a LineField or LinesField; 0: 150, 1,000
}

// FieldKind says how a field is filled in, and what comes back.
type FieldKind string

const (
	LineField   FieldKind = "line"   // one line of text
	LinesField  FieldKind = "lines"  // text
	DateField   FieldKind = "date"   // 2026-12-03
	ClockField  FieldKind = "clock"  // 10:20
	ChoiceField FieldKind = "choice" // the Value of one of Choices
	SiteField   FieldKind = "site"   // the code of a site, found by what is typed
)

// A Page is what one member of staff sees at a glance: cards below each other.
type Page struct {
	Cards []Card
}
