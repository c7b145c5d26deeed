package faketelegram

import (
	"net/url"
	"time"
)

// A Call is one request that the bot made.
type Call struct {
	Method string
	Params url.Values
	Files  map[string]Upload
	Chat   int64
	At     time.Time // when it arrived
	Remote string    // the caller's address: the same as long as it keeps the connection
	// Status is what was answered: 0 as long as it was not, and when the
	// connection was cut instead.
	Status      int
	Description string
	Fault       FaultKind // what was done to it, "" nothing
	Done        bool      // it took effect, whatever was answered
	Gone        bool      // the caller hung up before there was an answer, or died
}

// Upload is a file that came with a call.
type Upload struct {
	Name string
	Data []byte
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
func (s *Server) arrive(remote, method string, params url.Values, files map[string]Upload) *Call {
	c := &Call{Method: method, Params: params, Files: files, Chat: chatID(params), At: s.now(), Remote: remote}
	s.counts[method]++
	s.counts[""]++
	if !s.opt.Brief {
		s.calls = append(s.calls, c)
	}
	s.ring()
	return c
}
