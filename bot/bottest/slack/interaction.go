package fakeslack

import (
	"fmt"
	"slices"
)

// A surface is what has elements in it: a message or a view.
type surface struct {
	message *message // as it is now; nil for a view, and when it was deleted
	was     Message  // as the person sees it
	view    *view
	blocks  []Block
	states  states
}

// Press presses a button, or chooses an entry of a menu, of the latest message
// that has one so labelled; of "1 · Yes" also "Yes" is enough. It returns the
// delivery's id, for Outcome.
func (p *Person) Press(label string) (id string, err error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	for _, m := range slices.Backward(p.seen) {
		if _, _, _, ok := findButton(m.Blocks, label); ok && !m.deleted {
			return p.press(p.surfaceOf(m.Message), label)
		}
	}
	return "", fmt.Errorf("no button %q", label)
}

// PressOn presses a button of one message as it looked then: it may have changed
// since, as it does between the glance and the finger.
func (p *Person) PressOn(m Message, label string) (id string, err error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.press(p.surfaceOf(m), label)
}

// PressTwice presses the same button twice in a row.
func (p *Person) PressTwice(label string) (first, second string, err error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	for _, m := range slices.Backward(p.seen) {
		if _, _, _, ok := findButton(m.Blocks, label); ok && !m.deleted {
			on := p.surfaceOf(m.Message)
			first, _ = p.press(on, label)
			second, err = p.press(on, label)
			return first, second, err
		}
	}
	return "", "", fmt.Errorf("no button %q", label)
}

// PressModal presses a button inside the modal on top.
func (p *Person) PressModal(label string) (id string, err error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.press(viewSurface(p.top()), label)
}

// PressHome presses a button in the home tab.
func (p *Person) PressHome(label string) (id string, err error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.press(viewSurface(p.home), label)
}

// Select chooses in a menu, a date or a time picker of the latest message that
// has one with this action id or placeholder: an option's label, a date, a time.
func (p *Person) Select(menu, choice string) (id string, err error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	for _, m := range slices.Backward(p.seen) {
		if on := p.surfaceOf(m.Message); !m.deleted && on.has(menu) {
			return p.choose(on, menu, choice)
		}
	}
	return "", fmt.Errorf("no menu %q", menu)
}

// SelectModal is Select in the modal on top, whether or not the app hears of it
// at once: the returned id is "" when not.
func (p *Person) SelectModal(menu, choice string) (id string, err error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.choose(viewSurface(p.top()), menu, choice)
}

// SelectHome is Select in the home tab.
func (p *Person) SelectHome(menu, choice string) (id string, err error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.choose(viewSurface(p.home), menu, choice)
}

// Forge sends what a changed client can: any action of any element, on a message
// that the person has or claims to have.
func (p *Person) Forge(m Message, action map[string]any) (id string) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.act(p.surfaceOf(m), action)
}

func (p *Person) surfaceOf(m Message) *surface {
	on := &surface{was: m, blocks: m.Blocks, states: states{}}
	if on.message = p.find(m); on.message != nil {
		if on.message.states == nil {
			on.message.states = map[string]states{}
		}
		if on.message.states[p.ID] == nil {
			on.message.states[p.ID] = states{}
		}
		on.states = on.message.states[p.ID]
	}
	return on
}

func viewSurface(v *view) *surface {
	if v == nil {
		return &surface{}
	}
	return &surface{view: v, blocks: v.Blocks, states: v.states}
}

// fits says whether an element answers to a name.
func (e *Element) fits(b *Block, name string) bool {
	return e.ActionID == name || b.BlockID == name || e.Placeholder.Shown() == name || b.Label.Shown() == name
}

func (on *surface) has(name string) bool {
	_, e := on.find(name)
	return e != nil
}

func (on *surface) find(name string) (*Block, *Element) {
	for i := range on.blocks {
		for _, e := range on.blocks[i].inputs() {
			if e.Type != "button" && e.fits(&on.blocks[i], name) {
				return &on.blocks[i], e
			}
		}
	}
	return nil, nil
}

// press presses a button. s.mu is held.
func (p *Person) press(on *surface, label string) (string, error) {
	b, e, entry, ok := findButton(on.blocks, label)
	if !ok {
		return "", fmt.Errorf("no button %q", label)
	}
	action := obj{"type": e.Type, "action_id": e.ActionID, "block_id": b.BlockID}
	if entry != nil {
		action["selected_option"] = *entry
		return p.act(on, action), nil
	}
	action["text"], action["value"] = e.Text, e.Value
	if e.Style != nil {
		action["style"] = e.Style
	}
	return p.act(on, action), nil
}

// choose chooses in a menu. In an input that does not dispatch, the app hears
// nothing of it. s.mu is held.
func (p *Person) choose(on *surface, menu, choice string) (string, error) {
	b, e := on.find(menu)
	if e == nil {
		return "", fmt.Errorf("no menu %q", menu)
	}
	value, err := e.chosen(choice, p.offered[b.BlockID+"/"+e.ActionID])
	if err != nil {
		return "", err
	}
	on.states.set(b.BlockID, e.ActionID, value)
	if b.Type == "input" && !b.Dispatch {
		return "", nil
	}
	action := obj{"action_id": e.ActionID, "block_id": b.BlockID}
	for name, v := range value {
		action[name] = v
	}
	return p.act(on, action), nil
}

// act tells the app of an action. s.mu is held.
func (p *Person) act(on *surface, action obj) string {
	s := p.srv
	action["action_ts"] = s.stamp()
	payload := p.interaction("block_actions")
	payload["actions"] = []obj{action}
	payload["state"] = obj{"values": on.states.wire(on.blocks)}
	if on.view != nil {
		payload["view"] = s.wireView(on.view)
		payload["container"] = obj{"type": "view", "view_id": on.view.ID}
		delete(payload, "state")
	} else {
		p.actOnMessage(on, payload)
	}
	return s.tell(&delivery{Delivery: Delivery{Kind: Actions, Type: "block_actions", User: p.ID, Payload: toJSON(payload)}})
}

func (p *Person) actOnMessage(on *surface, payload obj) {
	s, m := p.srv, on.was
	ch := s.channels[m.Channel]
	if ch == nil {
		ch = &channel{id: m.Channel}
	}
	container := obj{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.Ephemeral != ""}
	if m.Thread != "" {
		container["thread_ts"] = m.Thread
	}
	payload["container"] = container
	payload["channel"] = obj{"id": ch.id, "name": ch.name()}
	payload["response_url"] = s.hook(ch, p, on.message)
	if m.Ephemeral == "" {
		payload["message"] = s.wire(&message{Message: m, app: true})
	}
}

// interaction is what all interactions have. s.mu is held.
func (p *Person) interaction(kind string) obj {
	s := p.srv
	return obj{
		"type": kind, "token": "fake-verification-token", "api_app_id": AppID, "trigger_id": s.trigger(p),
		"user":       obj{"id": p.ID, "username": p.user.handle(), "name": p.user.handle(), "team_id": p.user.Team},
		"team":       obj{"id": s.opt.Team, "domain": domain},
		"enterprise": nil, "is_enterprise_install": false,
	}
}

// Shortcut uses a global shortcut of the app.
func (p *Person) Shortcut(callback string) (id string) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	payload := p.interaction("shortcut")
	payload["callback_id"], payload["action_ts"] = callback, s.stamp()
	return s.tell(&delivery{Delivery: Delivery{Kind: Actions, Type: "shortcut", User: p.ID, Payload: toJSON(payload)}})
}
