package bot_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"reschedulebot/bot"
)

// platform is a chat service in memory. What it is given to send arrives, unless
// a test makes it fail.
type platform struct {
	mu   sync.Mutex
	sent []bot.Outgoing
	n    int
	fail func(bot.Outgoing) (arrives bool, err error) // nil: everything arrives

	files  [][]byte          // that people have shared; F1 is the first
	events chan bot.Incoming // for Receive
}

func (p *platform) Name() string { return "fake" }

func (p *platform) Receive(ctx context.Context, take func(context.Context, bot.Incoming) error) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case in := <-p.events:
			for take(ctx, in) != nil && ctx.Err() == nil {
			}
		}
	}
}

func (p *platform) Send(_ context.Context, m bot.Outgoing) (string, error) {
	p.mu.Lock()
	fail := p.fail
	p.mu.Unlock()
	arrives, err := true, error(nil)
	if fail != nil {
		arrives, err = fail(m)
	}
	if !arrives {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id := m.RefersTo
	if m.Kind != bot.Draw || id == "" {
		p.n++
		id = fmt.Sprint(p.n)
	}
	if m.Kind == bot.Draw {
		m.RefersTo = id // where it stands now
	}
	p.sent = append(p.sent, m)
	return id, err
}

// failing makes what is sent from now on fail as f says; nil: no more.
func (p *platform) failing(f func(bot.Outgoing) (arrives bool, err error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = f
}

// share keeps a file that somebody shares, and answers its id.
func (p *platform) share(data []byte) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files = append(p.files, data)
	return fmt.Sprint("F", len(p.files))
}

// Fetch answers what is in a file that was shared.
func (p *platform) Fetch(_ context.Context, file string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, data := range p.files {
		if file == fmt.Sprint("F", i+1) {
			return data, nil
		}
	}
	return nil, &bot.SendError{Class: bot.Never, Err: errors.New("no such file")}
}

// take answers what has arrived since the last time.
func (p *platform) take() []bot.Outgoing {
	p.mu.Lock()
	defer p.mu.Unlock()
	sent := p.sent
	p.sent = nil
	return sent
}

// office is platform where fetching a file may fail and people have to be asked
// about.
type office struct {
	*platform
	fetch func(file string) ([]byte, error)
	know  func(person string) error // nil: everybody is known
}

func (o *office) Fetch(_ context.Context, file string) ([]byte, error) { return o.fetch(file) }

func (o *office) Know(_ context.Context, person string) error {
	if o.know == nil {
		return nil
	}
	return o.know(person)
}
