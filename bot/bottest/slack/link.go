package fakeslack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

const (
	linkPath      = "/link/"
	socketLimit   = 10
	responseLimit = 20_480 // bytes of an acknowledgement
	pingEvery     = 10 * time.Second
	farewell      = 10 * time.Second // between the request to reconnect and the end
	writeTime     = 10 * time.Second
)

// A link is the Socket Mode side of an app. The server's lock guards it.
type link struct {
	tickets   map[string]bool
	sockets   []*socket // oldest first
	turn      int
	envelopes map[string]*attempt
	stray     int // acknowledgements that counted for nothing
	opened    int // sockets so far
}

func newLink() link {
	return link{tickets: map[string]bool{}, envelopes: map[string]*attempt{}}
}

// A socket is one connection of the app.
type socket struct {
	ws      *websocket.Conn
	out     [][]byte
	arrived bell // rung when out grew
	leaving bool // gets nothing new
	deaf    bool // nothing reaches the app
	mute    bool // not even pings
	bye     string
	gone    chan struct{} // closed when the app's side ended
}

// send queues a frame. s.mu is held.
func (k *socket) send(frame []byte) {
	if k.deaf {
		return
	}
	k.out = append(k.out, frame)
	k.arrived.ring()
}

// cut ends the connection without a close frame.
func (k *socket) cut() { reset(k.ws.NetConn()) }

// openLink answers apps.connections.open.
func (s *Server) openLink() answer {
	ticket := s.id("ticket-")
	s.link.tickets[ticket] = true
	return yes(obj{"url": "ws" + s.base[len("http"):] + linkPath + "?ticket=" + ticket + "&app_id=" + AppID})
}

func (s *Server) serveLink(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	known := s.link.tickets[ticket] && !s.closed
	delete(s.link.tickets, ticket)
	s.mu.Unlock()
	if !known {
		http.Error(w, "invalid ticket", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	k := &socket{ws: ws, gone: make(chan struct{})}
	if !s.connect(k) {
		k.cut()
		return
	}
	s.listen(k)
}

// connect greets a socket and starts writing to it.
func (s *Server) connect(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	l := &s.link
	l.opened++
	if len(l.sockets) >= socketLimit {
		k.leaving, k.bye = true, "too_many_websockets"
		k.send(disconnect(k.bye))
	} else {
		l.sockets = append(l.sockets, k)
		k.send(toJSON(obj{"type": "hello", "num_connections": len(l.sockets), "connection_info": obj{"app_id": AppID},
			"debug_info": obj{"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18_060}}))
	}
	s.running.Go(func() { s.write(k) })
	s.ring()
	return true
}

func disconnect(reason string) []byte {
	return toJSON(obj{"type": "disconnect", "reason": reason, "debug_info": obj{"host": "applink-fake"}})
}

// listen takes acknowledgements until the connection ends.
func (s *Server) listen(k *socket) {
	for {
		_, frame, err := k.ws.ReadMessage()
		if err != nil {
			break
		}
		s.acknowledged(k, frame)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.sockets = slices.DeleteFunc(s.link.sockets, func(x *socket) bool { return x == k })
	close(k.gone)
	_ = k.ws.Close()
	s.ring()
}

// write sends what is queued, and pings.
func (s *Server) write(k *socket) {
	ping := s.alarm(0)
	for {
		s.mu.Lock()
		frames, mute := k.out, k.mute
		k.out = nil
		arrived := k.arrived.wait()
		bye := k.bye
		s.mu.Unlock()
		for _, frame := range frames {
			_ = k.ws.SetWriteDeadline(time.Now().Add(writeTime))
			if k.ws.WriteMessage(websocket.TextMessage, frame) != nil {
				k.cut()
				return
			}
		}
		if bye != "" {
			text := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			_ = k.ws.WriteControl(websocket.CloseMessage, text, time.Now().Add(writeTime))
			select {
			case <-k.gone:
			case <-s.alarm(patience):
				k.cut()
			}
			return
		}
		select {
		case <-arrived:
		case <-ping:
			if !mute {
				_ = k.ws.WriteControl(websocket.PingMessage, []byte("Ping from applink-fake"), time.Now().Add(writeTime))
			}
			ping = s.alarm(pingEvery)
		case <-k.gone:
			return
		case <-s.closing:
			k.cut()
			return
		}
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
	case <-s.alarm(patience):
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
