package fakeslack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Submit fills in inputs of the modal on top, by label, block id or action id,
// and submits it: the text, the date, the time, the label of an option; several
// options one to a line. What Slack's client checks is an error: a required input
// that is empty, a text too long, an option that is not there. What the app
// answers is in the Modal when the delivery is over.
func (p *Person) Submit(values map[string]string) (id string, err error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	v := p.top()
	if v == nil || v.Submit == "" {
		return "", fmt.Errorf("no modal to submit is open")
	}
	on := viewSurface(v)
	for name, choice := range values {
		b, e := on.find(name)
		if e == nil {
			return "", fmt.Errorf("no input %q", name)
		}
		value, err := e.chosen(choice, p.offered[b.BlockID+"/"+e.ActionID])
		if err != nil {
			return "", fmt.Errorf("input %q: %w", name, err)
		}
		v.states.set(b.BlockID, e.ActionID, value)
	}
	if err := v.complete(); err != nil {
		return "", err
	}
	return p.submit(v, s.wireView(v)), nil
}

// SubmitRaw submits the modal on top with any state, as a changed client can.
func (p *Person) SubmitRaw(values map[string]any) (id string, err error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	v := p.top()
	if v == nil {
		return "", fmt.Errorf("no modal is open")
	}
	w := s.wireView(v)
	w["state"] = obj{"values": values}
	return p.submit(v, w), nil
}

// complete says which required input is empty.
func (v *view) complete() error {
	for i := range v.Blocks {
		b := &v.Blocks[i]
		if b.Type != "input" || b.Optional {
			continue
		}
		value, ok := v.states[b.BlockID][b.Element.ActionID]
		if !ok {
			value = b.Element.initial()
		}
		field := value[b.Element.field()]
		if many, is := field.([]Option); field == nil || is && len(many) == 0 {
			return fmt.Errorf("input %q is required", b.Label.Shown())
		}
	}
	return nil
}

// submit tells the app of a submission. s.mu is held.
func (p *Person) submit(v *view, wire obj) string {
	s := p.srv
	payload := p.interaction("view_submission")
	payload["view"], payload["response_urls"] = wire, []obj{}
	v.Errors, v.Trouble = nil, ""
	d := &delivery{Delivery: Delivery{Kind: Actions, Type: "view_submission", User: p.ID, Payload: toJSON(payload)}, accepts: true}
	d.answered = func(response []byte) string { return s.submitted(p, v, response) }
	d.failed = func(trouble string) { v.Trouble = trouble }
	return s.tell(d)
}

// submitted does what the app answers to a submission. s.mu is held.
func (s *Server) submitted(p *Person, v *view, response []byte) (trouble string) {
	n := slices.Index(p.modals, v)
	if n < 0 {
		return "" // closed meanwhile
	}
	defer func() { v.Trouble = trouble }()
	var r struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(response) > 0 && json.Unmarshal(response, &r) != nil {
		return "response refused: not JSON"
	}
	switch r.Action {
	case "":
		s.hide(p, n)
	case "clear":
		s.hide(p, 0)
	case "errors":
		return s.mark(v, r.Errors)
	case "update", "push":
		to, a := s.readView(&Call{Method: "view_submission"}, string(r.View), "modal")
		switch {
		case !a.ok():
		case r.Action == "update":
			s.replace(v, to)
		default:
			a = s.show(p, to)
		}
		if !a.ok() {
			return "response refused: " + strings.Join(append([]string{a.error}, a.messages...), " ")
		}
	default:
		return "response refused: response_action " + strconv.Quote(r.Action)
	}
	return ""
}

// mark shows errors at their inputs.
func (s *Server) mark(v *view, errors map[string]string) (trouble string) {
	if len(errors) == 0 {
		return "response refused: no errors"
	}
	for id, text := range errors {
		i := slices.IndexFunc(v.Blocks, func(b Block) bool { return b.BlockID == id && b.Type == "input" })
		switch {
		case i < 0:
			return "response refused: an error at a block that is no input"
		case text == "" || utf8.RuneCountInString(text) > inputText:
			return "response refused: an error without a text, or with one too long"
		}
	}
	v.Errors = errors
	s.ring()
	return ""
}

// CloseModal closes the modal on top; all leaves none of the stack.
func (p *Person) CloseModal(all bool) (id string) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	v := p.top()
	if v == nil {
		return ""
	}
	n := len(p.modals) - 1
	if all || v.clear {
		n = 0
	}
	s.hide(p, n)
	if !v.tell {
		return ""
	}
	payload := p.interaction("view_closed")
	delete(payload, "trigger_id")
	payload["view"], payload["is_cleared"] = s.wireView(v), all
	return s.tell(&delivery{Delivery: Delivery{Kind: Actions, Type: "view_closed", User: p.ID, Payload: toJSON(payload)}})
}

// Suggest types into a menu whose options the app provides, in the modal on top
// or else in the latest message that has it, and returns what is offered.
func (p *Person) Suggest(ctx context.Context, menu, query string) ([]Option, error) {
	id, key, err := p.ask(menu, query)
	if err != nil {
		return nil, err
	}
	d, err := p.srv.Outcome(ctx, id)
	if err != nil {
		return nil, err
	}
	if d.Trouble != "" {
		return nil, fmt.Errorf("the menu stays empty: %s", d.Trouble)
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.offered[key], nil
}

func (p *Person) ask(menu, query string) (id, key string, err error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	on := viewSurface(p.top())
	for i := len(p.seen) - 1; i >= 0 && !on.has(menu); i-- {
		if m := p.seen[i]; !m.deleted {
			on = p.surfaceOf(m.Message)
		}
	}
	b, e := on.find(menu)
	if e == nil || !strings.HasSuffix(e.Type, "external_select") {
		return "", "", fmt.Errorf("no such menu %q", menu)
	}
	least := 3
	if e.MinQuery != nil {
		least = *e.MinQuery
	}
	if utf8.RuneCountInString(query) < least {
		return "", "", fmt.Errorf("the menu asks the app from %d characters on", least)
	}
	payload := p.interaction("block_suggestion")
	delete(payload, "trigger_id")
	payload["action_id"], payload["block_id"], payload["value"] = e.ActionID, b.BlockID, query
	if on.view != nil {
		payload["view"], payload["container"] = s.wireView(on.view), obj{"type": "view", "view_id": on.view.ID}
	} else {
		p.actOnMessage(on, payload)
		delete(payload, "response_url")
	}
	key = b.BlockID + "/" + e.ActionID
	d := &delivery{Delivery: Delivery{Kind: Actions, Type: "block_suggestion", User: p.ID, Payload: toJSON(payload)}, accepts: true}
	d.answered = func(response []byte) string { return p.offer(key, response) }
	return s.tell(d), key, nil
}

// offer takes the options that the app provides. s.mu is held.
func (p *Person) offer(key string, response []byte) (trouble string) {
	var r struct {
		Options *[]Option     `json:"options"`
		Groups  []OptionGroup `json:"option_groups"`
	}
	if json.Unmarshal(response, &r) != nil || r.Options == nil && r.Groups == nil {
		return "response refused: no options"
	}
	e := Element{Groups: r.Groups}
	if r.Options != nil {
		e.Options = *r.Options
	}
	k := newCheck("message")
	for i, o := range e.options() {
		at := "/options/" + strconv.Itoa(i)
		k.text(at+"/text", o.Text, optionText, "plain_text")
		k.length(at+"/value", o.Value, optionValue)
	}
	if len(e.options()) > menuOptions {
		k.fail("/options", "no more than %d items allowed", menuOptions)
	}
	if len(k.messages) > 0 {
		return "response refused: " + strings.Join(k.messages, " ")
	}
	if p.offered == nil {
		p.offered = map[string][]Option{}
	}
	p.offered[key] = e.options()
	return ""
}
