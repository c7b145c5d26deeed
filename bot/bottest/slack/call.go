package fakeslack

import (
	"net/url"
	"time"
)

// A Call is one request that the app made.
type Call struct {
	Method  string // of the Web API, or "upload", "download", "response_url", "socket"
	Params  url.Values
	Channel string // the channel or user that it names
	At      time.Time
	Remote  string // the caller's address: the same as long as it keeps the connection
	// Status is what was answered: 0 as long as it was not, and when the
	// connection was cut instead.
	Status int
	Error  string    // Slack's word for the refusal
	Fault  FaultKind // what was done to it, "" nothing
	Done   bool      // it took effect, whatever was answered
	Gone   bool      // the caller hung up before there was an answer, or died

	body  []byte
	token string
}

// Calls returns the calls of a method, all for "", in the order they arrived.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			calls = append(calls, *c)
		}
	}
	return calls
}

// Count says how often a method was called; all of them for "".
func (s *Server) Count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[method]
}

// arrive notes a call. s.mu is held.
func (s *Server) arrive(c *Call) {
	c.At = s.now()
	for _, name := range []string{"channel", "channel_id", "user_id", "users"} {
		if c.Channel == "" {
			c.Channel = c.Params.Get(name)
		}
	}
	s.counts[c.Method]++
	s.counts[""]++
	if !s.opt.Brief {
		s.calls = append(s.calls, c)
	}
	s.ring()
}
