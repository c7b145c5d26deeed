package fakeslack

import (
	"encoding/json"
	"time"
)

// carry makes the attempts at a delivery until it is over.
func (s *Server) carry(d *delivery, a *attempt) {
	if d.before != nil {
		select {
		case <-d.before:
		case <-s.closing:
		}
	}
	delays, reason := retryDelays(), ""
	for n := 0; ; n++ {
		o := s.try(d, n, reason, a)
		a = nil
		if n == 0 {
			close(d.tried)
		}
		if s.concluded(d, n, o, len(delays)) {
			return
		}
		reason = o.reason
		if !o.hurried && !s.pause(d, delays[n]) {
			s.concluded(d, n, outcome{trouble: "closed", final: true}, len(delays))
			return
		}
	}
}

// pause waits before a retry; false when the server closes.
func (s *Server) pause(d *delivery, delay time.Duration) bool {
	if delay > 0 {
		select {
		case <-s.alarm(delay):
		case <-d.again:
		case <-s.closing:
		}
	}
	select {
	case <-s.closing:
		return false
	default:
		return true
	}
}

// An outcome is what became of one attempt.
type outcome struct {
	acked    bool
	response []byte
	reason   string // why it was not acknowledged, as the next attempt's retry_reason
	trouble  string // the same for a person
	hurried  bool   // by Redeliver
	final    bool   // the app asked for no retries, or the server closes
	took     time.Duration
}

// try makes one attempt.
func (s *Server) try(d *delivery, n int, reason string, a *attempt) outcome {
	s.mu.Lock()
	overHTTP := s.http.base != "" && a == nil
	if !overHTTP && a == nil {
		a = s.transmit(d, n, reason)
	}
	s.mu.Unlock()
	if overHTTP {
		return s.bring(d, n, reason)
	}
	return s.await(d, a)
}

// concluded notes an attempt's outcome and says whether the delivery is over.
func (s *Server) concluded(d *delivery, n int, o outcome, retries int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.ring()
	d.Attempts, d.Took = n+1, o.took
	switch {
	case o.acked:
		d.Acked, d.Trouble = true, s.settle(d, o.response)
	case o.final || d.Kind != Events || n == retries:
		if d.Trouble = o.trouble; d.failed != nil {
			d.failed(o.trouble)
		}
	default:
		return false
	}
	d.Over = true
	s.unsettled--
	if p := s.users[d.User]; p != nil && d.Kind != Events && d.Trouble != "" {
		p.troubles = append(p.troubles, d.Trouble)
	}
	if s.opt.Brief && d.Trouble == "" {
		d.Payload, d.Response = nil, nil
	}
	return true
}

// settle does what the response that came with an acknowledgement asks for.
func (s *Server) settle(d *delivery, response []byte) (trouble string) {
	if json.Valid(response) {
		d.Response = response
	}
	if len(response) > 0 && !d.accepts {
		s.blame(d.Type, "acknowledgement", "has a payload that nobody takes")
		return ""
	}
	if d.answered == nil {
		return ""
	}
	if trouble = d.answered(response); trouble != "" {
		s.blame(d.Type, "acknowledgement", "%s", trouble)
	}
	return trouble
}
