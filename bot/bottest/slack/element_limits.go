package fakeslack

import (
	"slices"
	"strconv"
	"strings"
)

const (
	buttonText      = 75
	valueLimit      = 2000
	optionText      = 75
	optionValue     = 150
	placeholderText = 150
	menuOptions     = 100
	overflowOptions = 5
	choiceOptions   = 10
	inputText       = 3000
	confirmTitle    = 100
	confirmText     = 300
	confirmButton   = 30
)

// A home for elements is a kind of block that they may be in.
type home int

const (
	inSection home = iota
	inActions
	inInput
)

// allowed says whether an element may be in a kind of block.
func (h home) allowed(kind string) bool {
	switch kind {
	case "button", "overflow":
		return h != inInput
	case "image":
		return h == inSection
	case "plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input", "rich_text_input":
		return h == inInput
	case "static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes":
		return true
	case "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select":
		return h != inActions
	}
	return false
}

func (k *check) element(at string, e *Element, h home) {
	if !h.allowed(e.Type) {
		k.fail(at+"/type", "unsupported type: %s", e.Type)
		return
	}
	k.length(at+"/action_id", e.ActionID, idLimit)
	k.optional(at+"/placeholder", e.Placeholder, placeholderText, "plain_text")
	if e.Confirm != nil {
		k.confirm(at+"/confirm", e.Confirm)
	}
	switch kind := strings.TrimPrefix(e.Type, "multi_"); kind {
	case "button":
		k.button(at, e)
	case "image":
		k.image(at, e.ImageURL, e.AltText)
	case "overflow":
		k.options(at, e, overflowOptions)
	case "static_select":
		k.options(at, e, menuOptions)
	case "external_select":
		k.initials(at, e, nil)
	case "radio_buttons", "checkboxes":
		k.options(at, e, choiceOptions)
	case "datepicker":
		if e.InitialDate != "" && !dayForm().MatchString(e.InitialDate) {
			k.fail(at+"/initial_date", "invalid date")
		}
	case "timepicker":
		if e.InitialTime != "" && !hourForm().MatchString(e.InitialTime) {
			k.fail(at+"/initial_time", "invalid time")
		}
	case "plain_text_input":
		k.typed(at, e)
	case "number_input":
		if _, err := strconv.ParseFloat(e.InitialValue, 64); e.InitialValue != "" && err != nil {
			k.fail(at+"/initial_value", "must be a number")
		}
	}
}

func (k *check) button(at string, e *Element) {
	k.text(at+"/text", e.Text, buttonText, "plain_text")
	k.length(at+"/value", e.Value, valueLimit)
	k.length(at+"/url", e.URL, urlLimit)
	k.length(at+"/accessibility_label", e.Accessibility, buttonText)
	if style, _ := e.Style.(string); e.Style != nil && style != "primary" && style != "danger" {
		k.fail(at+"/style", "must be one of primary, danger")
	}
}

func (k *check) confirm(at string, c *Confirm) {
	k.text(at+"/title", c.Title, confirmTitle, "plain_text")
	k.text(at+"/text", c.Text, confirmText, "plain_text", "mrkdwn")
	k.text(at+"/confirm", c.Confirm, confirmButton, "plain_text")
	k.text(at+"/deny", c.Deny, confirmButton, "plain_text")
}

// options checks the entries of a menu of at most that many.
func (k *check) options(at string, e *Element, most int) {
	if len(e.Options) > 0 == (len(e.Groups) > 0) {
		k.fail(at, "must have either options or option_groups")
		return
	}
	if len(e.Groups) > menuOptions {
		k.fail(at+"/option_groups", "no more than %d items allowed", menuOptions)
	}
	for i, g := range e.Groups {
		at := at + "/option_groups/" + strconv.Itoa(i)
		k.text(at+"/label", g.Label, optionText, "plain_text")
		k.entries(at+"/options", e.Type, g.Options, most)
	}
	if len(e.Groups) == 0 {
		k.entries(at+"/options", e.Type, e.Options, most)
	}
	k.initials(at, e, e.options())
}

func (k *check) entries(at, kind string, options []Option, most int) {
	if n := len(options); n < 1 || n > most {
		k.fail(at, "must have between 1 and %d items", most)
	}
	kinds := []string{"plain_text"}
	if kind == "radio_buttons" || kind == "checkboxes" {
		kinds = append(kinds, "mrkdwn")
	}
	for i := range options {
		o, at := &options[i], at+"/"+strconv.Itoa(i)
		k.text(at+"/text", o.Text, optionText, kinds...)
		k.length(at+"/value", o.Value, optionValue)
		if o.Value == "" && kind != "overflow" {
			k.fail(at+"/value", "missing required field: value")
		}
		k.optional(at+"/description", o.Description, optionText, kinds...)
	}
}

// initials checks that what is chosen at first can be chosen. all is nil when
// nobody knows.
func (k *check) initials(at string, e *Element, all []Option) {
	first := e.Initials
	if e.Initial != nil {
		first = append(first[:len(first):len(first)], *e.Initial)
	}
	for _, f := range first {
		k.text(at+"/initial_option/text", f.Text, optionText, "plain_text", "mrkdwn")
		k.length(at+"/initial_option/value", f.Value, optionValue)
		same := func(o Option) bool { return o.Value == f.Value && o.Text.Shown() == f.Text.Shown() }
		if all != nil && !slices.ContainsFunc(all, same) {
			k.fail(at+"/initial_option", "must be one of the options")
		}
	}
}

func (k *check) typed(at string, e *Element) {
	if e.MinLength < 0 || e.MinLength > inputText {
		k.fail(at+"/min_length", "must be between 0 and %d", inputText)
	}
	if e.MaxLength < 0 || e.MaxLength > inputText {
		k.fail(at+"/max_length", "must be between 1 and %d", inputText)
	}
	most := inputText
	if e.MaxLength > 0 {
		most = e.MaxLength
	}
	k.length(at+"/initial_value", e.InitialValue, most)
}
