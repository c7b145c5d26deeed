package fakeslack

import (
	"encoding/json"
	"maps"
	"slices"
)

const (
	viewBytes       = 250_000
	modalTitle      = 24
	modalButton     = 24
	privateMetadata = 3000
	modalStack      = 3
)

// A View is a modal or a home tab as a person sees it.
type View struct {
	ID              string
	Type            string // "modal", "home"
	Title           string
	Submit          string // the button's label, "" there is none
	Close           string
	CallbackID      string
	PrivateMetadata string
	ExternalID      string
	Hash            string
	Blocks          []Block
	Errors          map[string]string // by block id, after a submission
	Trouble         string            // "We had some trouble connecting", in our words
}

// Labels returns what the view's buttons say, in reading order.
func (v View) Labels() []string { return labels(v.Blocks) }

// Shown is all that a person reads in the view, line by line.
func (v View) Shown() string { return Message{Blocks: v.Blocks}.Shown() }

// ErrorAt is the error that is shown at the input with this label or block id.
func (v View) ErrorAt(input string) string {
	for _, b := range v.Blocks {
		if b.Label.Shown() == input || b.BlockID == input {
			return v.Errors[b.BlockID]
		}
	}
	return ""
}

// A view is one that somebody has open. The server's lock guards it.
type view struct {
	View
	owner       *Person
	raw         json.RawMessage // the blocks, as they travel
	root, under string          // ids: the first of the stack, the one below
	clear, tell bool            // clear_on_close, notify_on_close
	states      states
}

// readView reads and checks a view for a surface. s.mu is held.
func (s *Server) readView(c *Call, text, surface string) (*view, answer) {
	var w struct {
		Type     string          `json:"type"`
		Title    *Text           `json:"title"`
		Submit   *Text           `json:"submit"`
		Close    *Text           `json:"close"`
		Blocks   json.RawMessage `json:"blocks"`
		Callback string          `json:"callback_id"`
		Private  string          `json:"private_metadata"`
		External string          `json:"external_id"`
		Clear    bool            `json:"clear_on_close"`
		Notify   bool            `json:"notify_on_close"`
	}
	var blocks []Block
	switch {
	case len(text) > viewBytes:
		return nil, refuse("view_too_large")
	case json.Unmarshal([]byte(text), &w) != nil || json.Unmarshal(w.Blocks, &blocks) != nil:
		return nil, refuse("invalid_arguments", "[ERROR] failed to match all allowed schemas [json-pointer:/view]")
	}
	k := newCheck(surface)
	if w.Type != surface {
		k.fail("/view/type", "must be %s", surface)
	}
	k.blocks("/view/blocks", blocks)
	k.length("/view/private_metadata", w.Private, privateMetadata)
	k.length("/view/callback_id", w.Callback, idLimit)
	k.length("/view/external_id", w.External, idLimit)
	if surface == "modal" {
		k.text("/view/title", w.Title, modalTitle, "plain_text")
		k.optional("/view/submit", w.Submit, modalButton, "plain_text")
		k.optional("/view/close", w.Close, modalButton, "plain_text")
		if k.inputs > 0 && w.Submit == nil {
			k.fail("/view/submit", "submit is required when an input block is within the blocks array")
		}
	} else if w.Submit != nil || w.Title != nil || w.Close != nil {
		k.fail("/view", "invalid additional property: submit, title or close")
	}
	if len(k.messages) > 0 {
		return nil, refuse("invalid_arguments", k.messages...)
	}
	for _, t := range k.texts {
		s.mrkdwn(c.Method, t.where, t.text)
	}
	v := &view{View: View{Type: w.Type, Title: w.Title.Shown(), Submit: w.Submit.Shown(), Close: w.Close.Shown(), CallbackID: w.Callback,
		PrivateMetadata: w.Private, ExternalID: w.External}, clear: w.Clear, tell: w.Notify, states: states{}}
	v.raw, v.Blocks = s.named(w.Blocks)
	return v, answer{}
}

// wire is a view as it travels.
func (s *Server) wireView(v *view) obj {
	w := obj{
		"id": v.ID, "team_id": s.opt.Team, "type": v.Type, "blocks": v.raw, "private_metadata": v.PrivateMetadata, "callback_id": v.CallbackID,
		"state": obj{"values": v.states.wire(v.Blocks)}, "hash": v.Hash, "clear_on_close": v.clear, "notify_on_close": v.tell,
		"root_view_id": v.root, "previous_view_id": nil, "app_id": AppID, "external_id": v.ExternalID, "app_installed_team_id": s.opt.Team, "bot_id": BotID,
		"title": obj{"type": "plain_text", "text": v.Title, "emoji": true}, "submit": nil, "close": nil,
	}
	if v.under != "" {
		w["previous_view_id"] = v.under
	}
	if v.Submit != "" {
		w["submit"] = obj{"type": "plain_text", "text": v.Submit, "emoji": true}
	}
	if v.Close != "" {
		w["close"] = obj{"type": "plain_text", "text": v.Close, "emoji": true}
	}
	return w
}

// show puts a view on top of a person's stack. s.mu is held.
func (s *Server) show(p *Person, v *view) answer {
	if v.ExternalID != "" {
		for _, other := range s.views {
			if other.ExternalID == v.ExternalID {
				return refuse("duplicate_external_id")
			}
		}
	}
	if len(p.modals) >= modalStack {
		return refuse("push_limit_reached")
	}
	v.ID, v.Hash, v.owner = s.id("V0"), s.hash(), p
	v.root = v.ID
	if n := len(p.modals); n > 0 {
		v.root, v.under = p.modals[0].ID, p.modals[n-1].ID
	}
	p.modals = append(p.modals, v)
	s.views[v.ID] = v
	s.ring()
	return yes(obj{"view": s.wireView(v)})
}

func (s *Server) hash() string { return s.stamp()[:10] + "." + s.id("h") }

// hide closes a person's modals from the nth on. s.mu is held.
func (s *Server) hide(p *Person, n int) {
	for _, v := range p.modals[n:] {
		delete(s.views, v.ID)
	}
	p.modals = p.modals[:n:n]
	s.ring()
}

// replace gives a view another content; what was typed stays where block, action
// and kind of element are the same. s.mu is held.
func (s *Server) replace(v, to *view) {
	to.ID, to.root, to.under, to.owner, to.Hash = v.ID, v.root, v.under, v.owner, s.hash()
	to.states = v.states.kept(to.Blocks)
	*v = *to
	s.ring()
}

func (s *Server) viewsOpen(c *Call) answer {
	v, a := s.readView(c, c.Params.Get("view"), "modal")
	if !a.ok() {
		return a
	}
	p, a := s.pull(c.Params.Get("trigger_id"))
	if !a.ok() {
		return a
	}
	s.hide(p, 0)
	if a = s.show(p, v); a.ok() {
		s.triggers[c.Params.Get("trigger_id")].used = true
	}
	return a
}

func (s *Server) viewsPush(c *Call) answer {
	v, a := s.readView(c, c.Params.Get("view"), "modal")
	if !a.ok() {
		return a
	}
	p, a := s.pull(c.Params.Get("trigger_id"))
	switch {
	case !a.ok():
		return a
	case len(p.modals) == 0:
		return refuse("not_found")
	}
	if a = s.show(p, v); a.ok() {
		s.triggers[c.Params.Get("trigger_id")].used = true
	}
	return a
}

func (s *Server) viewsUpdate(c *Call) answer {
	v := s.views[c.Params.Get("view_id")]
	if external := c.Params.Get("external_id"); v == nil && external != "" {
		for _, other := range s.views {
			if other.ExternalID == external {
				v = other
			}
		}
	}
	if v == nil || v.Type == "home" {
		return refuse("not_found")
	}
	to, a := s.readView(c, c.Params.Get("view"), "modal")
	switch {
	case !a.ok():
		return a
	case c.Params.Get("hash") != "" && c.Params.Get("hash") != v.Hash:
		return refuse("hash_conflict")
	}
	s.replace(v, to)
	return yes(obj{"view": s.wireView(v)})
}

func (s *Server) viewsPublish(c *Call) answer {
	p := s.users[c.Params.Get("user_id")]
	if p == nil || p.user.Bot || p.user.Deleted || p.user.Team != s.opt.Team {
		return refuse("invalid_arguments", "[ERROR] invalid user_id [json-pointer:/user_id]")
	}
	v, a := s.readView(c, c.Params.Get("view"), "home")
	switch hash := c.Params.Get("hash"); {
	case !a.ok():
		return a
	case hash != "" && (p.home == nil || hash != p.home.Hash):
		return refuse("hash_conflict")
	}
	if p.home == nil {
		p.home = &view{View: View{ID: s.id("V0")}, owner: p}
		p.home.root = p.home.ID
		s.views[p.home.ID] = p.home
	}
	s.replace(p.home, v)
	p.homes++
	return yes(obj{"view": s.wireView(p.home)})
}

// snapshot is a copy that nobody changes.
func (v *view) snapshot() View {
	c := v.View
	c.Blocks, c.Errors = slices.Clone(v.Blocks), maps.Clone(v.Errors)
	return c
}
