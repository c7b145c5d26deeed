package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// Limits of Slack for a modal, and ours for the text above the fields.
const (
	modalRunes   = 24
	fieldRunes   = 2_000 // of a label, of a hint
	inputRunes   = 3_000
	lineRunes    = 150
	linesRunes   = 1_000
	optionRunes  = 75
	optionValue  = 150
	optionsMost  = 100
	formUnits    = 6_000
	formFields   = 50
	formCallback = "form:"
	valueAction  = "value" // of a field that suggests nothing
	sitesAction  = "sites" // the act of one that does
)

// open shows a form. trigger is Slack's leave to do so, which lasts three seconds.
func (p *Platform) open(ctx context.Context, trigger string, f conversation.Form) error {
	workspace, err := p.workspaceFor(ctx, leads(f.Text))
	if err != nil {
		return err
	}
	view, err := formView(f, workspace)
	if err != nil {
		return err
	}
	return p.call(ctx, viewsOpen, func(ctx context.Context) error {
		_, err := p.api.OpenViewContext(ctx, trigger, view)
		return err
	})
}

// formView writes a form as a modal. Each field is a block of its name, so that
// what is wrong with it can be said there.
func formView(f conversation.Form, workspace string) (slackapi.ModalViewRequest, error) {
	view := slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: formCallback + f.Name, PrivateMetadata: f.Ref,
		Title: shownText(oneLine(f.Title), modalRunes, f.Name), Submit: shownText(oneLine(f.Submit), modalRunes, "OK"),
	}
	if !actForm.MatchString(f.Name) || len(f.Name) > actNameRunes || !refForm.MatchString(f.Ref) || len(f.Ref) > refBytes {
		return view, errors.New("a form whose name or reference has another form")
	}
	if len(f.Fields) > formFields {
		return view, fmt.Errorf("a form with %d fields", len(f.Fields))
	}
	view.Blocks.BlockSet = blocks(shorten(f.Text, formUnits), workspace)
	for _, field := range f.Fields {
		b, err := input(field)
		if err != nil {
			return view, err
		}
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, b)
	}
	return view, nil
}

func input(f conversation.Field) (*slackapi.InputBlock, error) {
	if !actForm.MatchString(f.Name) || len(f.Name) > actNameRunes {
		return nil, errors.New("a field whose name has another form")
	}
	b := &slackapi.InputBlock{
		Type: slackapi.MBTInput, BlockID: f.Name, Label: shownText(oneLine(f.Label), fieldRunes, f.Name), Optional: f.Optional,
	}
	if hint := oneLine(f.Hint); hint != "" {
		b.Hint = plainText(hint, fieldRunes)
	}
	switch f.Kind {
	case conversation.LineField, conversation.LinesField:
		b.Element = typedInput(f)
	case conversation.DateField:
		b.Element = &slackapi.DatePickerBlockElement{Type: slackapi.METDatepicker, ActionID: valueAction, InitialDate: inForm(f.Value, time.DateOnly)}
	case conversation.ClockField:
		b.Element = &slackapi.TimePickerBlockElement{Type: slackapi.METTimepicker, ActionID: valueAction, InitialTime: inForm(f.Value, "15:04")}
	case conversation.ChoiceField:
		menu := &slackapi.SelectBlockElement{Type: slackapi.OptTypeStatic, ActionID: valueAction, Options: options(f.Choices)}
		if len(menu.Options) == 0 {
			return nil, errors.New("a menu without choices")
		}
		for _, o := range menu.Options {
			if o.Value == f.Value {
				menu.InitialOption = o
			}
		}
		b.Element = menu
	case conversation.SiteField:
		least := 1
		menu := &slackapi.SelectBlockElement{Type: slackapi.OptTypeExternal, ActionID: sitesAction, MinQueryLength: &least}
		if first := options([]conversation.Choice{{Label: cmp.Or(oneLine(f.Shown), f.Value), Value: f.Value}}); len(first) > 0 {
			menu.InitialOption = first[0]
		}
		b.Element = menu
	default:
		return nil, errors.New("a field of an unknown kind")
	}
	return b, nil
}

func typedInput(f conversation.Field) *slackapi.PlainTextInputBlockElement {
	e := &slackapi.PlainTextInputBlockElement{Type: slackapi.METPlainTextInput, ActionID: valueAction, Multiline: f.Kind == conversation.LinesField}
	usual, first := lineRunes, oneLine(f.Value)
	if e.Multiline {
		usual, first = linesRunes, text.Clean(f.Value)
	}
	e.MaxLength = min(cmp.Or(max(f.Most, 0), usual), inputRunes)
	e.InitialValue = text.Head(first, e.MaxLength)
	return e
}

// inForm is a value that Slack takes as a date or a time, or nothing.
func inForm(value, layout string) string {
	if t, err := time.Parse(layout, value); err != nil || t.Format(layout) != value {
		return ""
	}
	return value
}

// options are choices as entries of a menu. What Slack can't take as a value is
// left out, and so is what comes after a hundred.
func options(choices []conversation.Choice) []*slackapi.OptionBlockObject {
	all := []*slackapi.OptionBlockObject{}
	for _, c := range choices {
		value := text.Clean(c.Value)
		if strings.TrimSpace(value) == "" || text.Head(value, optionValue) != c.Value || len(all) == optionsMost {
			continue
		}
		all = append(all, &slackapi.OptionBlockObject{Text: shownText(oneLine(c.Label), optionRunes, value), Value: value})
	}
	return all
}
