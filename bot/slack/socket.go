package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"reschedulebot/bot"
	"reschedulebot/bot/pace"
	"reschedulebot/conversation"
)

const (
	deaf       = 60 * time.Second // without a ping; Slack sends several in that time
	renewAfter = time.Hour        // a socket whose pings come but whose events don't looks healthy
	ackTime    = 5 * time.Second
	maxFrame   = 4 << 20 // bytes
	// pressLife is how long nobody may have heard before presses are taken to be
	// lost.
	pressLife = 120 * time.Second
	quiet     = time.Minute // between two lines about the same trouble
	hurried   = time.Second // a connection that ends so soon is not followed at once
)

// An envelope is what a socket brings.
type envelope struct {
	Type    string          `json:"type"`
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload"`
	Reason  string          `json:"reason"` // of a disconnect
}

// sockets are the connections of one Receive. There is one, and a second while
// Slack or age asks for a new one: what comes on the old one meanwhile is still
// taken.
type sockets struct {
	p    *Platform
	ctx  context.Context
	take take

	reading, acking sync.WaitGroup
	mu              sync.Mutex
	open            map[*socket]bool
	ended           bool // nothing more is acknowledged
}

// A socket is one connection.
type socket struct {
	conn    *websocket.Conn
	writing sync.Mutex
	leaves  chan error // gets why a new connection is needed
	// retired is set once a new connection is to take over: it may then end.
	retired atomic.Bool
	deaf    time.Duration // the longest silence
}

func (p *Platform) receiveSocket(ctx context.Context, take take) error {
	all := &sockets{p: p, ctx: ctx, take: take, open: map[*socket]bool{}}
	err := all.run()
	p.intake.close() // what is being taken is finished and acknowledged first
	all.end()
	return err
}

// run keeps a connection until ctx ends. It returns an error only when none can
// succeed.
func (a *sockets) run() error {
	failures, spoken, heard, letIn := 0, time.Time{}, time.Now(), false
	for a.ctx.Err() == nil {
		s, err := a.connect()
		if err == nil {
			letIn = true
			a.wake(heard)
			began := time.Now()
			err = a.hear(s)
			heard = time.Now()
			if heard.Sub(began) > hurried {
				failures = 0
				if errors.Is(err, errRenew) {
					continue
				}
			}
		}
		if a.ctx.Err() != nil {
			return nil
		}
		if sentence := permanent(err); sentence != nil {
			if !letIn {
				return bot.NotLetIn{Err: sentence}
			}
			return sentence
		}
		if errors.Is(err, errDisabled) {
			return err
		}
		failures++
		if !errors.Is(err, errRenew) && time.Since(spoken) >= quiet {
			spoken = time.Now()
			a.p.log.Warn("nothing can be heard from Slack for the moment", "error", err, "failures", failures)
		}
		wait := pace.Backoff(failures)
		if e := sendError(err); e.Class == bot.Wait {
			wait = e.After
		}
		_ = pace.Pause(a.ctx, wait)
	}
	return nil
}

// wake has open questions asked again when nobody could hear presses for long.
func (a *sockets) wake(heard time.Time) {
	if time.Since(heard) < pressLife {
		return
	}
	a.p.people.refresh(a.ctx)
	err := a.take(a.ctx, bot.Incoming{Platform: platformName, Event: conversation.Event{Kind: conversation.Asleep}})
	if err != nil && a.ctx.Err() == nil {
		a.p.log.Warn("open questions could not be repeated", "error", err)
	}
}

var (
	// errRenew asks for another connection while this one still works.
	errRenew    = errors.New("a new connection is due")
	errDisabled = errors.New("the app has Socket Mode switched off: switch it on in the app's settings, or set SLACK_SIGNING_SECRET instead of SLACK_APP_TOKEN")
)

// connect opens a connection and begins to read from it.
func (a *sockets) connect() (*socket, error) {
	ctx, cancel := context.WithTimeout(a.ctx, callTime)
	defer cancel()
	var address string
	err := a.p.call(ctx, connectionsOpen, func(ctx context.Context) (err error) {
		_, address, err = a.p.api.StartSocketModeContext(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	dialer := &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callTime}
	conn, resp, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("the socket: %d", resp.StatusCode)
		}
		return nil, fmt.Errorf("the socket: %s", unanswered(err)) // the address holds a ticket
	}
	conn.SetReadLimit(maxFrame)
	s := &socket{conn: conn, leaves: make(chan error, 1), deaf: a.p.config.Deaf}
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		s.heard()
		return pong(data)
	})
	s.heard()
	a.mu.Lock()
	a.open[s] = true
	a.mu.Unlock()
	a.reading.Go(func() { a.read(s) })
	return s, nil
}

// heard puts off the moment at which the socket counts as deaf.
func (s *socket) heard() {
	if !s.retired.Load() {
		_ = s.conn.SetReadDeadline(time.Now().Add(s.deaf))
	}
}

// leave asks for a new connection. Only the first reason counts.
func (s *socket) leave(why error) {
	select {
	case s.leaves <- why:
	default:
	}
}

// hear returns why a new connection is needed. The socket goes on bringing what it
// brings until it is closed, by Slack or because it is deaf.
func (a *sockets) hear(s *socket) error {
	renew := time.NewTimer(a.p.config.Renew)
	defer renew.Stop()
	var why error
	select {
	case why = <-s.leaves:
	case <-renew.C:
		why = errRenew
	case <-a.ctx.Done():
		return a.ctx.Err()
	}
	s.heard()
	s.retired.Store(true)
	return why
}

// read takes what a socket brings until it ends.
func (a *sockets) read(s *socket) {
	greeted := false
	defer func() {
		if greeted {
			a.p.hears.Add(-1)
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.open, s)
		_ = s.conn.Close()
	}()
	for {
		_, frame, err := s.conn.ReadMessage()
		if err != nil {
			s.leave(fmt.Errorf("the socket: %s", unanswered(err)))
			return
		}
		s.heard()
		switch e := readEnvelope(frame); e.Type {
		case "hello":
			if !greeted {
				greeted = true
				a.p.hears.Add(1)
			}
		case "disconnect":
			if e.Reason == "link_disabled" {
				s.leave(errDisabled)
			} else {
				s.leave(errRenew)
			}
		default:
			if e.ID != "" || e.Type == unreadFrame { // else nobody waits for anything
				a.bring(s, e)
			}
		}
	}
}

// bring has an envelope taken in and then acknowledges it, on the socket on which
// it came: whether another would do is not documented.
func (a *sockets) bring(s *socket, e envelope) {
	errand := a.p.bring(e.Type, e.Payload)
	if errand == nil {
		a.p.log.Warn("too much waits to be taken in; Slack brings it again")
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended || e.ID == "" {
		return
	}
	a.acking.Go(func() {
		<-errand.done
		if !errand.safe {
			return
		}
		ack := map[string]any{"envelope_id": e.ID}
		if errand.d.ack != nil {
			ack["payload"] = errand.d.ack
		}
		if err := s.write(ack); err != nil {
			a.p.log.Info("an event was taken but could not be acknowledged; it comes again and is known", "error", unanswered(err))
		}
	})
}

func (s *socket) write(v any) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(ackTime))
	return s.conn.WriteJSON(v)
}

// end finishes the acknowledgements of what was taken, and then ends all
// connections.
func (a *sockets) end() {
	a.mu.Lock()
	a.ended = true
	a.mu.Unlock()
	a.acking.Wait()
	a.mu.Lock()
	for s := range a.open {
		_ = s.conn.Close()
	}
	a.mu.Unlock()
	a.reading.Wait()
}

// unreadFrame is the type of a frame that can't be read.
const unreadFrame = "unread"

var idInFrame = regexp.MustCompile(`"envelope_id"\s*:\s*"([A-Za-z0-9._-]{1,120})"`)

// readEnvelope reads a frame. Of one that can't be read at least the id counts: what
// is never acknowledged comes again for ever. Its payload is the frame then.
func readEnvelope(frame []byte) envelope {
	var e envelope
	if err := json.Unmarshal(frame, &e); err == nil && e.Type != "" {
		return e
	}
	e = envelope{Type: unreadFrame, Payload: frame}
	if m := idInFrame.FindSubmatch(frame); m != nil {
		e.ID = string(m[1])
	}
	return e
}
