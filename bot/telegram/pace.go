package telegram

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	chatEvery = time.Second // between two messages to one chat
	chatBurst = 8           // messages that may go out before that
)

// pace holds messages back so that Telegram does not have to refuse them.
type pace struct {
	all *rate.Limiter // nil: nobody is held back
	now func() time.Time

	mu    sync.Mutex
	full  map[int64]time.Time // when a chat's burst is whole again; the past is forgotten
	sweep int                 // size at which the past is looked for
}

func newPace(perSecond int, now func() time.Time) *pace {
	p := &pace{now: now, full: map[int64]time.Time{}, sweep: 1024}
	if perSecond > 0 {
		p.all = rate.NewLimiter(rate.Limit(perSecond), max(1, perSecond/10))
	}
	return p
}

// wait returns nil when a message to the chat may leave, or the error of ctx.
func (p *pace) wait(ctx context.Context, chat int64) error {
	if p.all == nil {
		return ctx.Err()
	}
	if err := pause(ctx, p.chat(chat)); err != nil {
		return err
	}
	return p.all.Wait(ctx)
}

// chat takes one place in the chat's line and says how long it is away.
func (p *pace) chat(chat int64) time.Duration {
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

// pause waits for d or for ctx to end.
func pause(ctx context.Context, d time.Duration) error {
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
