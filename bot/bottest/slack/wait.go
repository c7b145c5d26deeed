package fakeslack

import (
	"context"
	"fmt"
)

// A bell wakes everybody who waits for a change. Its owner's lock guards it.
type bell struct{ rung chan struct{} }

// wait returns a channel that is closed at the next ring.
func (b *bell) wait() <-chan struct{} {
	if b.rung == nil {
		b.rung = make(chan struct{})
	}
	return b.rung
}

func (b *bell) ring() {
	if b.rung != nil {
		close(b.rung)
		b.rung = nil
	}
}

// WaitFor returns nil as soon as ok is true. It looks again after every change of
// the server, and never sleeps.
func (s *Server) WaitFor(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed.wait()
		s.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waited in vain: %w", context.Cause(ctx))
		}
	}
}

// WaitCalls waits until the method was called n times, finished or not.
func (s *Server) WaitCalls(ctx context.Context, method string, n int) error {
	return s.WaitFor(ctx, func() bool { return s.Count(method) >= n })
}
