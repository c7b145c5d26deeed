package fakeslack

import (
	"net"
	"net/http"
	"time"
)

// FaultKind is a way for a call to go wrong.
type FaultKind string

// The kinds of faults.
const (
	TooMany    FaultKind = "429"        // HTTP 429 with RetryAfter
	Limited    FaultKind = "limited"    // HTTP 200 whose body says ratelimited
	Internal   FaultKind = "500"        // an empty 500
	Page       FaultKind = "page"       // a gateway's 503 in HTML
	Refuse     FaultKind = "refuse"     // Error, in a 200
	DoneRefuse FaultKind = "donerefuse" // it takes effect, then Error all the same, as fatal_error may
	Hang       FaultKind = "hang"       // no answer until Heal, or until the caller gives up
	DoneHang   FaultKind = "donehang"   // it takes effect, then like Hang
	Slow       FaultKind = "slow"       // Delay by the server's clock, then as usual
	Reset      FaultKind = "reset"      // the connection is cut before anything happened
	AfterDone  FaultKind = "after"      // it takes effect, then the connection is cut
	Garbage    FaultKind = "garbage"    // 200 with half a JSON text; it took effect
)

// A Fault makes calls go wrong.
type Fault struct {
	Method     string // "" any
	Channel    string // a channel's id or, for the DM with them, a person's; "" any
	Times      int    // how many calls; 0: all until Heal
	Do         FaultKind
	RetryAfter int    // seconds
	Error      string // fatal_error, invalid_auth, account_inactive, missing_scope …
	Delay      time.Duration
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
		if f.Method != "" && f.Method != c.Method || f.Channel != "" && s.place(f.Channel) != s.place(c.Channel) {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		c.Fault = f.Do
		return f
	}
	return nil
}

// place is the id of a channel that may be named by a person. s.mu is held.
func (s *Server) place(id string) string {
	if p := s.users[id]; p != nil {
		return s.dmOf(p).id
	}
	return id
}

// refusal is the answer that a fault gives instead of the method's, if it does.
func (f *Fault) refusal() (answer, bool) {
	switch f.Do {
	case TooMany:
		return limited(f.RetryAfter), true
	case Limited:
		return refuse("ratelimited"), true
	case Internal:
		return answer{status: http.StatusInternalServerError}, true
	case Page:
		return answer{status: http.StatusServiceUnavailable, page: true}, true
	case Refuse:
		return f.refuse(), true
	}
	return answer{}, false
}

func (f *Fault) refuse() answer {
	a := refuse(f.Error)
	if f.Error == "missing_scope" {
		a.more = obj{"needed": "chat:write", "provided": "users:read"}
	}
	return a
}

// cut ends a connection without an answer.
func cut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			reset(conn)
			return
		}
	}
	panic(http.ErrAbortHandler)
}

func reset(conn net.Conn) {
	if t, ok := conn.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = conn.Close()
}
