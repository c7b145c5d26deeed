package fakeslack

import "context"

// Connections is how many sockets of the app are open.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.link.sockets)
}

// Connected is how many sockets the app opened so far.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link.opened
}

// StrayAcks is how many acknowledgements counted for nothing: of an envelope
// that nobody knows, that was acknowledged already or too late, or that came on
// another socket.
func (s *Server) StrayAcks() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link.stray
}

// WaitConnections waits until that many sockets are open.
func (s *Server) WaitConnections(ctx context.Context, n int) error {
	return s.WaitFor(ctx, func() bool { return s.Connections() == n })
}

// WaitConnected waits until the app has opened that many sockets in all.
func (s *Server) WaitConnected(ctx context.Context, n int) error {
	return s.WaitFor(ctx, func() bool { return s.Connected() >= n })
}

// Warn tells every socket that it will be closed soon.
func (s *Server) Warn() { s.each(func(k *socket) { k.send(disconnect("warning")) }) }

// Refresh asks the app to reconnect: what is open gets nothing new from now on,
// and is closed in 10 seconds.
func (s *Server) Refresh() {
	s.each(func(k *socket) {
		k.send(disconnect("refresh_requested"))
		k.leaving = true
		s.running.Go(func() {
			select {
			case <-s.alarm(farewell):
				s.leave(k, "refresh_requested")
			case <-k.gone:
			case <-s.closing:
			}
		})
	})
}

// Disable turns Socket Mode off: every socket is told link_disabled and closed.
func (s *Server) Disable() {
	s.each(func(k *socket) {
		k.send(disconnect("link_disabled"))
		k.leaving, k.bye = true, "link_disabled"
	})
}

// Crowd tells every socket that there are too many, and closes it.
func (s *Server) Crowd() {
	s.each(func(k *socket) {
		k.send(disconnect("too_many_websockets"))
		k.leaving, k.bye = true, "too_many_websockets"
	})
}

func (s *Server) leave(k *socket, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k.bye = why
	k.arrived.Ring()
}

// Drop cuts every socket, without a word.
func (s *Server) Drop() { s.each(func(k *socket) { k.cut() }) }

// Deafen keeps everything from the sockets that are open now, though they stay
// connected; pings still arrive unless mute.
func (s *Server) Deafen(mute bool) { s.each(func(k *socket) { k.deaf, k.mute = true, mute }) }

// Frame sends any text to every socket as a frame.
func (s *Server) Frame(text string) { s.each(func(k *socket) { k.send([]byte(text)) }) }

func (s *Server) each(do func(*socket)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	for _, k := range s.link.sockets {
		do(k)
	}
	s.ring()
}
