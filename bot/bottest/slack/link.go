package fakeslack

import (
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"

	"reschedulebot/bot/bottest/bell"
)

const (
	linkPath    = "/link/"
	socketLimit = 10
	pingEvery   = 10 * time.Second
	farewell    = 10 * time.Second // between the request to reconnect and the end
	writeTime   = 10 * time.Second
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
	arrived bell.Bell // rung when out grew
	leaving bool      // gets nothing new
	deaf    bool      // nothing reaches the app
	mute    bool      // not even pings
	bye     string
	gone    chan struct{} // closed when the app's side ended
}

// send queues a frame. s.mu is held.
func (k *socket) send(frame []byte) {
	if k.deaf {
		return
	}
	k.out = append(k.out, frame)
	k.arrived.Ring()
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
	c := &Call{Method: "socket", Params: r.URL.Query(), Remote: r.RemoteAddr}
	s.mu.Lock()
	s.arrive(c)
	f := s.faultFor(c)
	healed := s.healed
	s.mu.Unlock()
	if f != nil && !s.before(w, r, c, f, healed) {
		return
	}
	ticket := c.Params.Get("ticket")
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
		arrived := k.arrived.Wait()
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
