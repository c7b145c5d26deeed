package fakeslack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// patience is how long Slack waits for an acknowledgement, and a trigger_id lasts.
const patience = 3 * time.Second

// retryDelays are the waits before the second, third and fourth attempt at an
// event.
func retryDelays() []time.Duration { return []time.Duration{0, time.Minute, 5 * time.Minute} }

// The kinds of deliveries, as Socket Mode names them.
const (
	Events   = "events_api"
	Actions  = "interactive"
	Commands = "slash_commands"
)

// A Delivery is something that Slack told the app, and what became of it.
type Delivery struct {
	ID       string
	Kind     string // Events, Actions, Commands
	Type     string // "message.im", "block_actions", "view_submission", "/biometrics" …
	User     string
	EventID  string // of an event
	Payload  json.RawMessage
	Attempts int
	Acked    bool
	Took     time.Duration   // from the last attempt to its acknowledgement, by the real clock
	Response json.RawMessage // what came with the acknowledgement
	Over     bool            // nothing more will come of it
	// Trouble is what the person is shown, or what became of an event in the end:
	// "timed out", "no connection", "response refused: …"; "" none.
	Trouble string
}

type delivery struct {
	Delivery
	accepts  bool                                   // a payload with the acknowledgement
	answered func(response []byte) (trouble string) // s.mu is held
	failed   func(trouble string)                   // the same when it was not acknowledged
	again    chan struct{}                          // Redeliver: don't wait any longer
	before   <-chan struct{}                        // HTTP: closed when the person's event before was tried
	tried    chan struct{}
}

// Deliveries returns what the app was told of one kind, or all for "", in order.
func (s *Server) Deliveries(kind string) []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Delivery
	for _, d := range s.deliveries {
		if kind == "" || d.Kind == kind {
			all = append(all, d.Delivery)
		}
	}
	return all
}

// Outcome waits until a delivery is over and returns it.
func (s *Server) Outcome(ctx context.Context, id string) (Delivery, error) {
	var d Delivery
	err := s.WaitFor(ctx, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if x := s.byID[id]; x != nil {
			d = x.Delivery
		}
		return d.Over
	})
	if err != nil {
		return d, fmt.Errorf("delivery %s of %s: %w", id, d.Type, err)
	}
	return d, nil
}

// WaitQuiet waits until every delivery is over.
func (s *Server) WaitQuiet(ctx context.Context) error {
	return s.WaitFor(ctx, func() bool { return s.Unsettled() == 0 })
}

// Unsettled is how many deliveries are not over.
func (s *Server) Unsettled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unsettled
}

// Redeliver ends all waiting at once: what was not acknowledged counts as not
// acknowledged in time, and what waits for its next attempt gets it now. It
// returns how many deliveries that concerned.
func (s *Server) Redeliver() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, d := range s.byID {
		if d.Over {
			continue
		}
		n++
		select {
		case d.again <- struct{}{}:
		default:
		}
	}
	return n
}

// Repeat delivers an event once more as if it were new: with the same event id,
// in another envelope, retry_attempt 0. It returns the new delivery's id, "" if
// there is no such event.
func (s *Server) Repeat(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.byID[id]
	if d == nil || d.Kind != Events {
		return ""
	}
	return s.tell(&delivery{Delivery: Delivery{Kind: d.Kind, Type: d.Type, User: d.User, EventID: d.EventID, Payload: d.Payload}})
}

// Event delivers any event, also one that Slack does not know: its fields, with
// the usual frame around them. Options.Events does not filter it.
func (s *Server) Event(fields map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind, _ := fields["type"].(string)
	return s.announce(kind, fields, false)
}

// Deliver delivers any payload of any kind as it is.
func (s *Server) Deliver(kind string, payload json.RawMessage) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tell(&delivery{Delivery: Delivery{Kind: kind, Payload: payload}, accepts: kind != Events})
}

// event tells the app of an event that it subscribed to. s.mu is held.
func (s *Server) event(name string, event obj, shared bool) string {
	if !slices.Contains(s.opt.Events, name) {
		return ""
	}
	return s.announce(name, event, shared)
}

func (s *Server) announce(name string, event obj, shared bool) string {
	user, _ := event["user"].(string)
	payload := obj{
		"token": "fake-verification-token", "team_id": s.opt.Team, "context_team_id": s.opt.Team, "context_enterprise_id": nil, "api_app_id": AppID,
		"event": event, "type": "event_callback", "event_id": s.id("Ev0"), "event_time": s.now().Unix(),
		"authorizations":        []obj{{"enterprise_id": nil, "team_id": s.opt.Team, "user_id": BotUser, "is_bot": true, "is_enterprise_install": false}},
		"is_ext_shared_channel": shared, "event_context": s.id("4-fake-"),
	}
	d := Delivery{Kind: Events, Type: name, User: user, EventID: payload["event_id"].(string), Payload: toJSON(payload)}
	id := s.tell(&delivery{Delivery: d})
	if s.opt.Twice {
		s.tell(&delivery{Delivery: d})
	}
	return id
}

// tell starts a delivery and returns its id. s.mu is held.
func (s *Server) tell(d *delivery) string {
	d.ID = s.id("D")
	d.again = make(chan struct{}, 1)
	d.tried = make(chan struct{})
	s.byID[d.ID] = d
	s.deliveries = append(s.deliveries, d)
	if s.closed {
		d.Over, d.Trouble = true, "closed"
		return d.ID
	}
	s.unsettled++
	var first *attempt
	if s.http.base == "" {
		first = s.transmit(d, 0, "") // here, so that what is told first arrives first
	} else if d.Kind == Events {
		d.before = s.http.lanes[d.User]
		s.http.lanes[d.User] = d.tried
	}
	s.running.Go(func() { s.carry(d, first) })
	s.ring()
	return d.ID
}
