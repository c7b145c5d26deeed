package fakeslack

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// Near is a server without a network, for tests whose clock is faked: all its
// connections are pipes in this process.
type Near struct {
	API    string       // the Web API's base address, which only Client reaches
	Client *http.Client // for the Web API and all addresses that Slack hands out
	pipes  *pipes
	stop   func()
}

// Near serves without a network.
func (s *Server) Near() *Near {
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s.mu.Lock()
	s.base = "http://slack.test"
	s.mu.Unlock()
	h := s.server()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.Serve(l)
	}()
	n := &Near{API: "http://slack.test/api/", pipes: l}
	t := &http.Transport{DialContext: n.Dial}
	n.Client = &http.Client{Transport: t}
	n.stop = func() {
		s.Close()
		_ = h.Close()
		<-done
		t.CloseIdleConnections()
	}
	return n
}

// Dial connects to the server, whatever the address; for a websocket.Dialer.
func (n *Near) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case n.pipes.conns <- there:
		return here, nil
	case <-n.pipes.closed:
	case <-ctx.Done():
	}
	_ = here.Close()
	return nil, net.ErrClosed
}

// Stop ends everything.
func (n *Near) Stop() { n.stop() }

// pipes are a listener.
type pipes struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "slack.test" }
