package fakeslack

import (
	"context"
	"fmt"
	"slices"
)

// A Person is somebody with a Slack client in their hands.
type Person struct {
	ID string

	srv      *Server
	user     User // the server's lock guards this and all below
	dm       *channel
	seen     []*message // the app's, oldest first
	inbox    []*message // those of seen that Next has not returned
	modals   []*view    // the last is on top
	home     *view
	troubles []string
	homes    int                 // how often home was published
	offered  map[string][]Option // by block and action, what an external menu last showed
}

// Next returns the app's next message that the person can see, in their DM, a
// channel, a thread or only for them: each once, in the order they were sent, as
// it looks when it is returned. It waits until there is one or ctx ends.
func (p *Person) Next(ctx context.Context) (Message, error) { return p.next(ctx, "") }

// NextIn is Next for one channel: the id of a channel, or of the person's DM.
func (p *Person) NextIn(ctx context.Context, channel string) (Message, error) {
	return p.next(ctx, channel)
}

func (p *Person) next(ctx context.Context, channel string) (Message, error) {
	var next Message
	err := p.srv.WaitFor(ctx, func() bool {
		p.srv.mu.Lock()
		defer p.srv.mu.Unlock()
		for i, m := range p.inbox {
			if m.deleted || channel != "" && m.Channel != channel {
				continue
			}
			p.inbox = slices.Delete(p.inbox, i, i+1)
			next = m.Message
			return true
		}
		return false
	})
	if err != nil {
		return Message{}, fmt.Errorf("the app said nothing: %w", err)
	}
	return next, nil
}

// Messages returns the app's messages that the person can see now, oldest first.
func (p *Person) Messages() []Message {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	var all []Message
	for _, m := range p.seen {
		if !m.deleted {
			all = append(all, m.Message)
		}
	}
	return all
}

// Message returns a message, an ephemeral one too, as it looks now; false if it
// was deleted.
func (p *Person) Message(m Message) (Message, bool) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if now := p.find(m); now != nil {
		return now.Message, true
	}
	return Message{}, false
}

func (p *Person) find(m Message) *message {
	for _, x := range slices.Backward(p.seen) {
		if x.TS == m.TS && x.Channel == m.Channel && !x.deleted {
			return x
		}
	}
	return nil
}

// DMID is the id of the person's DM with the app.
func (p *Person) DMID() string {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.srv.dmOf(p).id
}

// Conversation returns all messages of the DM, the person's own included.
func (p *Person) Conversation() []Message {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.srv.dmOf(p).standing(func(*message) bool { return true })
}

// Modal returns the modal that is on top; false if none is open.
func (p *Person) Modal() (View, bool) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if v := p.top(); v != nil {
		return v.snapshot(), true
	}
	return View{}, false
}

// Modals returns the open modals, the last on top.
func (p *Person) Modals() []View {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	var all []View
	for _, v := range p.modals {
		all = append(all, v.snapshot())
	}
	return all
}

// WaitModal waits until a modal is on top that ok likes; nil likes any.
func (p *Person) WaitModal(ctx context.Context, ok func(View) bool) (View, error) {
	var v View
	err := p.srv.WaitFor(ctx, func() bool {
		var open bool
		v, open = p.Modal()
		return open && (ok == nil || ok(v))
	})
	return v, err
}

// Home returns the home tab; false if none was published.
func (p *Person) Home() (View, bool) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if p.home == nil {
		return View{}, false
	}
	return p.home.snapshot(), true
}

// WaitHome waits until the home tab was published n times in all.
func (p *Person) WaitHome(ctx context.Context, n int) (View, error) {
	err := p.srv.WaitFor(ctx, func() bool {
		p.srv.mu.Lock()
		defer p.srv.mu.Unlock()
		return p.homes >= n
	})
	if err != nil {
		return View{}, err
	}
	v, _ := p.Home()
	return v, nil
}

// Troubles returns what Slack showed the person because the app did not
// acknowledge in time, or nonsense: "timed out", "no connection" and the like.
func (p *Person) Troubles() []string {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return slices.Clone(p.troubles)
}

func (p *Person) top() *view {
	if len(p.modals) == 0 {
		return nil
	}
	return p.modals[len(p.modals)-1]
}
