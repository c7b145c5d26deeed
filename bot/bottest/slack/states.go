package fakeslack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// states are what somebody chose or typed, by block and action.
type states map[string]map[string]obj

func (s states) set(block, action string, value obj) {
	if s[block] == nil {
		s[block] = map[string]obj{}
	}
	s[block][action] = value
}

// wire is the state as it travels: what was not touched has its initial value.
func (s states) wire(blocks []Block) obj {
	values := obj{}
	for i := range blocks {
		b := &blocks[i]
		fields := obj{}
		for _, e := range b.inputs() {
			if !e.stateful() {
				continue
			}
			if v, ok := s[b.BlockID][e.ActionID]; ok {
				fields[e.ActionID] = v
			} else {
				fields[e.ActionID] = e.initial()
			}
		}
		if len(fields) > 0 {
			values[b.BlockID] = fields
		}
	}
	return values
}

// kept is what of a state survives other blocks.
func (s states) kept(blocks []Block) states {
	kept := states{}
	for i := range blocks {
		b := &blocks[i]
		for _, e := range b.inputs() {
			if v, ok := s[b.BlockID][e.ActionID]; ok && v["type"] == e.Type {
				kept.set(b.BlockID, e.ActionID, v)
			}
		}
	}
	return kept
}

func (e *Element) stateful() bool {
	return e.Type != "button" && e.Type != "overflow" && e.Type != "image"
}

// field is the name of an element's value, as it travels.
func (e *Element) field() string {
	switch e.Type {
	case "static_select", "external_select", "radio_buttons", "overflow":
		return "selected_option"
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "users_select":
		return "selected_user"
	case "conversations_select":
		return "selected_conversation"
	case "channels_select":
		return "selected_channel"
	}
	return "value"
}

// initial is the value of an element that nobody touched.
func (e *Element) initial() obj {
	v := obj{"type": e.Type}
	set := func(value any, given bool) {
		v[e.field()] = nil
		if given {
			v[e.field()] = value
		}
	}
	switch e.Type {
	case "multi_static_select", "multi_external_select", "checkboxes":
		v[e.field()] = append([]Option{}, e.Initials...)
	case "static_select", "external_select", "radio_buttons":
		set(e.Initial, e.Initial != nil)
	case "datepicker":
		set(e.InitialDate, e.InitialDate != "")
	case "timepicker":
		set(e.InitialTime, e.InitialTime != "")
	default:
		set(e.InitialValue, e.InitialValue != "")
	}
	if e.Timezone != "" {
		v["timezone"] = e.Timezone
	}
	return v
}

// chosen is an element's value after somebody chose or typed something that
// Slack's client lets them: the label of an option, a date, a time, a text;
// several options one to a line. offered are an external menu's.
func (e *Element) chosen(choice string, offered []Option) (obj, error) {
	v := e.initial()
	options := e.options()
	if strings.HasSuffix(e.Type, "external_select") {
		options = append(slices.Clone(offered), e.Initials...)
		if e.Initial != nil {
			options = append(options, *e.Initial)
		}
	}
	field := e.field()
	switch {
	case choice == "" && field == "selected_options":
		v[field] = []Option{}
	case choice == "":
		v[field] = nil
	case field == "selected_option":
		o, err := option(options, choice)
		if err != nil {
			return nil, err
		}
		v[field] = o
	case field == "selected_options":
		all := []Option{}
		for _, line := range strings.Split(choice, "\n") {
			o, err := option(options, line)
			if err != nil {
				return nil, err
			}
			all = append(all, o)
		}
		v[field] = all
	default:
		if err := e.accepts(choice); err != nil {
			return nil, err
		}
		v[field] = choice
	}
	return v, nil
}

func option(options []Option, label string) (Option, error) {
	for _, o := range options {
		if o.Text.Shown() == label {
			return o, nil
		}
	}
	return Option{}, fmt.Errorf("the menu has no %q", label)
}

// accepts does what Slack's client checks.
func (e *Element) accepts(text string) error {
	n := utf8.RuneCountInString(text)
	switch e.Type {
	case "datepicker":
		if !dayForm().MatchString(text) {
			return fmt.Errorf("%q is no date", text)
		}
	case "timepicker":
		if !hourForm().MatchString(text) {
			return fmt.Errorf("%q is no time", text)
		}
	case "number_input":
		if _, err := strconv.ParseFloat(text, 64); err != nil || !e.Decimal && strings.Contains(text, ".") {
			return fmt.Errorf("%q is no number here", text)
		}
	case "plain_text_input":
		switch {
		case n < e.MinLength || e.MaxLength > 0 && n > e.MaxLength || n > inputText:
			return fmt.Errorf("%d characters are too few or too many", n)
		case !e.Multiline && strings.Contains(text, "\n"):
			return fmt.Errorf("only one line can be typed here")
		}
	}
	return nil
}
