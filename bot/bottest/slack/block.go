package fakeslack

import (
	"bytes"
	"encoding/json"
)

// A Block is a block of a message or a view.
type Block struct {
	Type      string    `json:"type"`
	BlockID   string    `json:"block_id"`
	Text      *Text     `json:"text"`
	Fields    []Text    `json:"fields"`
	Elements  []Element `json:"elements"`
	Accessory *Element  `json:"accessory"`
	Label     *Text     `json:"label"`
	Hint      *Text     `json:"hint"`
	Element   *Element  `json:"element"`
	Optional  bool      `json:"optional"`
	Dispatch  bool      `json:"dispatch_action"`
	ImageURL  string    `json:"image_url"`
	AltText   string    `json:"alt_text"`
}

// An Element is something in a block: a button, a menu, an input, or a text in a
// context or rich text.
type Element struct {
	Type          string        `json:"type"`
	ActionID      string        `json:"action_id"`
	Text          *Text         `json:"text"`
	Value         string        `json:"value"`
	URL           string        `json:"url"`
	Style         any           `json:"style"`
	Confirm       *Confirm      `json:"confirm"`
	Placeholder   *Text         `json:"placeholder"`
	Options       []Option      `json:"options"`
	Groups        []OptionGroup `json:"option_groups"`
	Initial       *Option       `json:"initial_option"`
	Initials      []Option      `json:"initial_options"`
	InitialValue  string        `json:"initial_value"`
	InitialDate   string        `json:"initial_date"`
	InitialTime   string        `json:"initial_time"`
	Timezone      string        `json:"timezone"`
	MinQuery      *int          `json:"min_query_length"`
	MinLength     int           `json:"min_length"`
	MaxLength     int           `json:"max_length"`
	MaxSelected   int           `json:"max_selected_items"`
	Multiline     bool          `json:"multiline"`
	Decimal       bool          `json:"is_decimal_allowed"`
	MinValue      string        `json:"min_value"`
	MaxValue      string        `json:"max_value"`
	UserID        string        `json:"user_id"`
	Elements      []Element     `json:"elements"` // of rich text
	ImageURL      string        `json:"image_url"`
	AltText       string        `json:"alt_text"`
	Accessibility string        `json:"accessibility_label"`
}

// An Option is an entry of a menu.
type Option struct {
	Text        *Text  `json:"text"`
	Value       string `json:"value"`
	Description *Text  `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
}

// An OptionGroup is a part of a menu with a heading.
type OptionGroup struct {
	Label   *Text    `json:"label"`
	Options []Option `json:"options"`
}

// Confirm is the question that is asked before a button works.
type Confirm struct {
	Title   *Text  `json:"title"`
	Text    *Text  `json:"text"`
	Confirm *Text  `json:"confirm"`
	Deny    *Text  `json:"deny"`
	Style   string `json:"style"`
}

// A Text is words: "plain_text", "mrkdwn", or "" for a bare string.
type Text struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji *bool  `json:"emoji,omitempty"`

	verbatim bool
}

// UnmarshalJSON reads a text object or, as in context and rich text, a string.
func (t *Text) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &t.Text)
	}
	var w struct {
		Type     string `json:"type"`
		Text     string `json:"text"`
		Emoji    *bool  `json:"emoji"`
		Verbatim bool   `json:"verbatim"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	*t = Text{Type: w.Type, Text: w.Text, Emoji: w.Emoji, verbatim: w.Verbatim}
	return nil
}

// Shown is the text as it is displayed.
func (t *Text) Shown() string {
	switch {
	case t == nil:
		return ""
	case t.Type == "mrkdwn":
		return display(t.Text)
	}
	return t.Text
}

// options are all entries of a menu.
func (e *Element) options() []Option {
	all := e.Options
	for _, g := range e.Groups {
		all = append(all[:len(all):len(all)], g.Options...)
	}
	return all
}

// inputs are what a person can press, choose or type in, in reading order.
func (b *Block) inputs() []*Element {
	var all []*Element
	if b.Accessory != nil {
		all = append(all, b.Accessory)
	}
	if b.Element != nil {
		all = append(all, b.Element)
	}
	if b.Type == "actions" {
		for i := range b.Elements {
			all = append(all, &b.Elements[i])
		}
	}
	return all
}

// named gives every block and action without a name one, as Slack does, and
// returns the blocks as they travel from then on. s.mu is held.
func (s *Server) named(raw json.RawMessage) (json.RawMessage, []Block) {
	var blocks []obj
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&blocks) != nil {
		return nil, nil
	}
	name := func(o any, key, prefix string) {
		if m, ok := o.(obj); ok {
			if id, _ := m[key].(string); id == "" {
				m[key] = s.id(prefix)
			}
		}
	}
	for _, b := range blocks {
		name(b, "block_id", "b")
		for _, key := range []string{"accessory", "element"} {
			name(b[key], "action_id", "a")
		}
		if elements, ok := b["elements"].([]any); ok && b["type"] == "actions" {
			for _, e := range elements {
				name(e, "action_id", "a")
			}
		}
	}
	raw = toJSON(blocks)
	var typed []Block
	if json.Unmarshal(raw, &typed) != nil {
		return nil, nil
	}
	return raw, typed
}
