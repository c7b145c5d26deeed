// Package bell lets the fake platforms' tests wait for what changes, without
// sleeping.
package bell

import (
	"context"
	"fmt"
	"sync"
)

// A Bell wakes everybody who waits for a change. Its owner's lock guards it; the
// zero Bell is ready.
type Bell struct{ rung chan struct{} }

// Wait returns a channel that is closed at the next ring.
func (b *Bell) Wait() <-chan struct{} {
	if b.rung == nil {
		b.rung = make(chan struct{})
	}
	return b.rung
}

// Ring wakes those who wait.
func (b *Bell) Ring() {
	if b.rung != nil {
		close(b.rung)
		b.rung = nil
	}
}

// Until returns nil as soon as ok is true, and an error when ctx ends before. It
// looks again after every ring. mu is the lock that guards the bell; ok is called
// without it.
func (b *Bell) Until(ctx context.Context, mu sync.Locker, ok func() bool) error {
	for {
		mu.Lock()
		rung := b.Wait()
		mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-rung:
		case <-ctx.Done():
			return fmt.Errorf("waited in vain: %w", context.Cause(ctx))
		}
	}
}
