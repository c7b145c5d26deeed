package fakeslack

import (
	"context"
)

// WaitFor returns nil as soon as ok is true. It looks again after every change of
// the server, and never sleeps.
func (s *Server) WaitFor(ctx context.Context, ok func() bool) error {
	return s.changed.Until(ctx, &s.mu, ok)
}

// WaitCalls waits until the method was called n times, finished or not.
func (s *Server) WaitCalls(ctx context.Context, method string, n int) error {
	return s.WaitFor(ctx, func() bool { return s.Count(method) >= n })
}
