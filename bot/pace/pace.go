// Package pace holds messages back, so that a chat platform does not have to
// refuse them.
package pace

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits of one chat on every platform so far.
const (
	chatEvery = time.Second // between two messages to one chat
	chatBurst = 8           // messages that may go out before that
)

// A Pace spaces out what goes to each chat, and to all of them together. Its
// methods may be called at the same time.
type Pace struct {
	all *rate.Limiter // nil: only each chat is held back
	now func() time.Time

	mu    sync.Mutex
	full  map[string]time.Time // when a chat's burst is whole again; the past is forgotten
	sweep int                  // size at which the past is looked for
}

// New makes a pace of one message a second in each chat after a short burst, and
// of perSecond over all chats; 0: as many as there are chats. now must run.
func New(perSecond int, now func() time.Time) *Pace {
	p := &Pace{now: now, full: map[string]time.Time{}, sweep: 1024}
	if perSecond > 0 {
		p.all = rate.NewLimiter(rate.Limit(perSecond), max(1, perSecond/10))
	}
	return p
}

// Wait returns nil when a message to the chat may leave, or the error of ctx. A
// nil Pace holds nobody back.
func (p *Pace) Wait(ctx context.Context, chat string) error {
	if p == nil {
		return ctx.Err()
	}
	if err := Pause(ctx, p.place(chat)); err != nil || p.all == nil {
		return err
	}
	return p.all.Wait(ctx)
}

// place takes one place in the chat's line and says how long it is away.
func (p *Pace) place(chat string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if len(p.full) >= p.sweep {
		for c, t := range p.full {
			if !t.After(now) {
				delete(p.full, c)
			}
		}
		p.sweep = max(1024, 2*len(p.full))
	}
	t := p.full[chat]
	if t.Before(now) {
		t = now
	}
	p.full[chat] = t.Add(chatEvery)
	return t.Sub(now) - (chatBurst-1)*chatEvery
}

// Pause waits for d or for ctx to end.
func Pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
