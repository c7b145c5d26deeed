package fakeslack

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// responseLimit is how many bytes an acknowledgement must stay below.
const responseLimit = 20_480

// An attempt is one envelope on its way.
type attempt struct {
	envelope string
	socket   *socket // nil: there was none
	acked    chan json.RawMessage
	began    time.Time
}

// transmit puts a delivery into an envelope and sends it to one of the sockets.
// s.mu is held.
func (s *Server) transmit(d *delivery, n int, reason string) *attempt {
	a := &attempt{acked: make(chan json.RawMessage, 1), began: time.Now()}
	if a.socket = s.link.next(); a.socket == nil {
		return a
	}
	s.serial++
	a.envelope = fmt.Sprintf("00000000-fa4e-4000-8000-%012d", s.serial)
	s.link.envelopes[a.envelope] = a
	frame := obj{"type": d.Kind, "envelope_id": a.envelope, "payload": d.Payload, "accepts_response_payload": d.accepts}
	if d.Kind == Events {
		frame["retry_attempt"], frame["retry_reason"] = n, reason
	}
	a.socket.send(toJSON(frame))
	return a
}

// next chooses the socket for a payload: each in turn.
func (l *link) next() *socket {
	open := slices.DeleteFunc(slices.Clone(l.sockets), func(k *socket) bool { return k.leaving })
	if len(open) == 0 {
		return nil
	}
	l.turn++
	return open[l.turn%len(open)]
}

// await waits for an attempt's acknowledgement.
func (s *Server) await(d *delivery, a *attempt) outcome {
	if a.socket == nil {
		return outcome{reason: "timeout", trouble: "no connection"}
	}
	late := outcome{reason: "timeout", trouble: "timed out"}
	select {
	case response := <-a.acked:
		return outcome{acked: true, response: response, took: time.Since(a.began)}
	case <-s.alarm(s.opt.Patience):
	case <-d.again:
		late.hurried = true
	case <-s.closing:
		late.final = true
	}
	s.mu.Lock()
	delete(s.link.envelopes, a.envelope)
	s.mu.Unlock()
	select {
	case response := <-a.acked: // at the last moment
		return outcome{acked: true, response: response, took: time.Since(a.began)}
	default:
		return late
	}
}

// acknowledged takes a frame from the app.
func (s *Server) acknowledged(k *socket, frame []byte) {
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	err := json.Unmarshal(frame, &ack)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.ring()
	a := s.link.envelopes[ack.EnvelopeID]
	switch {
	case err != nil:
		s.blame("socket", "acknowledgement", "is not JSON")
	case len(frame) >= responseLimit:
		s.blame("socket", "acknowledgement", "has %d bytes and was dropped", len(frame))
	case a == nil || a.socket != k:
		s.link.stray++
	default:
		delete(s.link.envelopes, ack.EnvelopeID)
		if string(ack.Payload) == "null" {
			ack.Payload = nil
		}
		a.acked <- ack.Payload
	}
}
