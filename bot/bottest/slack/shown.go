package fakeslack

import "strings"

// lines are what a block displays.
func (b *Block) lines() []string {
	var lines []string
	add := func(t *Text) {
		if s := t.Shown(); s != "" {
			lines = append(lines, s)
		}
	}
	add(b.Label)
	add(b.Text)
	for i := range b.Fields {
		add(&b.Fields[i])
	}
	switch b.Type {
	case "context":
		for i := range b.Elements {
			lines = append(lines, b.Elements[i].words())
		}
	case "rich_text":
		for i := range b.Elements {
			lines = append(lines, b.Elements[i].rich())
		}
	case "divider":
		lines = append(lines, "———")
	}
	var controls []string
	for _, e := range b.inputs() {
		controls = append(controls, e.label())
	}
	if len(controls) > 0 {
		lines = append(lines, "["+strings.Join(controls, "] [")+"]")
	}
	add(b.Hint)
	return lines
}

// words is a text in a context, where its type is the element's.
func (e *Element) words() string {
	if e.Text == nil {
		return e.AltText
	}
	t := *e.Text
	t.Type = e.Type
	return t.Shown()
}

func (e *Element) rich() string {
	var b strings.Builder
	for i := range e.Elements {
		x := &e.Elements[i]
		switch {
		case len(x.Elements) > 0:
			if b.Len() > 0 {
				b.WriteString("\n")
			}
			b.WriteString(x.rich())
		case x.Type == "user":
			b.WriteString("@" + x.UserID)
		case x.Text != nil:
			b.WriteString(x.Text.Text)
		case x.URL != "":
			b.WriteString(x.URL)
		}
	}
	return b.String()
}

// label is what an element is called on the screen.
func (e *Element) label() string {
	switch {
	case e.Type == "button":
		return e.Text.Shown()
	case e.Type == "overflow":
		return "⋯"
	case e.Initial != nil:
		return e.Initial.Text.Shown()
	case e.InitialDate+e.InitialTime+e.InitialValue != "":
		return e.InitialDate + e.InitialTime + e.InitialValue
	}
	return e.Placeholder.Shown()
}

func labels(blocks []Block) []string {
	var all []string
	for i := range blocks {
		for _, e := range blocks[i].inputs() {
			if e.Type == "button" {
				all = append(all, e.Text.Shown())
			}
			for _, o := range blocks[i].entries(e) {
				all = append(all, o.Text.Shown())
			}
		}
	}
	return all
}

// entries are what can be pressed in a menu: of one that stands among buttons. A menu
// of a form is filled in, and sent with it.
func (b *Block) entries(e *Element) []Option {
	if e.Type == "overflow" || e.Type == "static_select" && b.Type == "actions" {
		return e.Options
	}
	return nil
}

// findButton finds a button, or an entry of a menu (choice then), by its label; of "1 · Yes" also "Yes" is enough.
func findButton(blocks []Block, label string) (block Block, e Element, choice *Option, ok bool) {
	for _, exact := range []bool{true, false} {
		fits := func(shown string) bool {
			_, words, _ := strings.Cut(shown, " · ")
			return shown == label || !exact && words == label
		}
		for i := range blocks {
			for _, e := range blocks[i].inputs() {
				if e.Type == "button" && fits(e.Text.Shown()) {
					return blocks[i], *e, nil, true
				}
				all := blocks[i].entries(e)
				for k := range all {
					if fits(all[k].Text.Shown()) {
						return blocks[i], *e, &all[k], true
					}
				}
			}
		}
	}
	return Block{}, Element{}, nil, false
}
