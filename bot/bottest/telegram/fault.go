package faketelegram

import (
	"net"
	"net/http"
	"time"
)

// FaultKind is a way for a call to go wrong.
type FaultKind string

// The kinds of faults.
const (
	TooMany   FaultKind = "429"     // with RetryAfter
	Internal  FaultKind = "500"     // the Bot API's own 500
	Page      FaultKind = "page"    // a gateway's 502 in HTML
	Blocked   FaultKind = "blocked" // 403 bot was blocked by the user
	Refuse    FaultKind = "refuse"  // Code and Description
	Hang      FaultKind = "hang"    // no answer until Heal, or until the caller gives up
	Slow      FaultKind = "slow"    // Delay, then as usual
	Reset     FaultKind = "reset"   // the connection is cut before anything happened
	AfterDone FaultKind = "after"   // it takes effect, then the connection is cut
	Garbage   FaultKind = "garbage" // 200 with half a JSON text; it took effect
)

// A Fault makes calls go wrong.
type Fault struct {
	Method      string // "" any
	Chat        int64  // 0 any
	Times       int    // how many calls; 0: all until Heal
	Do          FaultKind
	RetryAfter  int // seconds
	Code        int
	Description string
	Delay       time.Duration
}

// Fail adds a fault. The first that fits a call is used.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = -1
	}
	s.faults = append(s.faults, &f)
}

// Heal forgets all faults and lets go of the calls that hang: they end as usual.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	close(s.healed)
	s.healed = make(chan struct{})
}

// faultFor takes the fault that hits a call. s.mu is held.
func (s *Server) faultFor(c *Call) *Fault {
	for i, f := range s.faults {
		if f.Method != "" && f.Method != c.Method || f.Chat != 0 && f.Chat != c.Chat {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return f
	}
	return nil
}

// refusal is the answer that a fault gives instead of the method's, if it does.
func (f *Fault) refusal() (answer, bool) {
	switch f.Do {
	case TooMany:
		return answer{status: http.StatusTooManyRequests, description: "Too Many Requests: retry after", retryAfter: f.RetryAfter}, true
	case Internal:
		return answer{status: http.StatusInternalServerError, description: "Internal Server Error"}, true
	case Blocked:
		return answer{status: http.StatusForbidden, description: "Forbidden: bot was blocked by the user"}, true
	case Refuse:
		return answer{status: f.Code, description: f.Description}, true
	case Page:
		return answer{status: http.StatusBadGateway, page: true}, true
	}
	return answer{}, false
}

// cut ends a connection without an answer.
func cut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			if t, ok := conn.(*net.TCPConn); ok {
				_ = t.SetLinger(0)
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
