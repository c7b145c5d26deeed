package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
)

// A counted platform counts what goes in and out. The counters begin at zero with
// the process.
type counted struct {
	bot.Platform
	turns, failedTurns atomic.Int64
	sent, failedSends  atomic.Int64
}

// Receive implements bot.Platform.
func (c *counted) Receive(ctx context.Context, take func(context.Context, bot.Incoming) error) error {
	return c.Platform.Receive(ctx, func(ctx context.Context, in bot.Incoming) error {
		err := take(ctx, in)
		if err != nil {
			c.failedTurns.Add(1)
		} else {
			c.turns.Add(1)
		}
		return err
	})
}

// Send implements bot.Platform.
func (c *counted) Send(ctx context.Context, m bot.Outgoing) (string, error) {
	id, err := c.Platform.Send(ctx, m)
	if err != nil {
		c.failedSends.Add(1)
	} else {
		c.sent.Add(1)
	}
	return id, err
}

// Fetch gets a file that somebody shared.
func (c *counted) Fetch(ctx context.Context, file string) ([]byte, error) {
	from, ok := c.Platform.(interface {
		Fetch(context.Context, string) ([]byte, error)
	})
	if !ok {
		return nil, &bot.SendError{Class: bot.Never, Err: errors.New("files can't be fetched from " + c.Name())}
	}
	return from.Fetch(ctx, file)
}

// Know has a service asked who somebody is.
func (c *counted) Know(ctx context.Context, person string) error {
	asks, ok := c.Platform.(interface {
		Know(context.Context, string) error
	})
	if !ok {
		return nil
	}
	return asks.Know(ctx, person)
}

// metrics answers /metrics in Prometheus' text format. Nothing in it is about one
// person.
type metrics struct {
	db        *store.Store
	platforms []*counted
	now       func() time.Time
	started   time.Time
}

func (m *metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	var load store.Load
	err := m.db.View(ctx, func(tx *store.Tx) error { load = tx.Load(); return nil })
	if err != nil {
		say(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, m.text(load))
}

func (m *metrics) text(load store.Load) string {
	var b strings.Builder
	begin := func(name, kind, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	write := func(name, kind, help, labels string, value any) {
		begin(name, kind, help)
		fmt.Fprintf(&b, "%s%s %v\n", name, labels, value)
	}
	each := func(name, help string, count func(*counted) int64) {
		begin(name, "counter", help)
		for _, p := range m.platforms {
			fmt.Fprintf(&b, "%s{platform=%q} %d\n", name, p.Name(), count(p))
		}
	}
	oldest := 0.0
	if !load.Since.IsZero() {
		oldest = m.now().Sub(load.Since).Seconds()
	}
	each("reschedulebot_turns_total", "Events taken in.", func(c *counted) int64 { return c.turns.Load() })
	each("reschedulebot_failed_turns_total", "Events that could not be taken in and come again.", func(c *counted) int64 { return c.failedTurns.Load() })
	each("reschedulebot_messages_sent_total", "Messages delivered.", func(c *counted) int64 { return c.sent.Load() })
	each("reschedulebot_failed_messages_total", "Attempts to deliver that failed.", func(c *counted) int64 { return c.failedSends.Load() })
	write("reschedulebot_messages_waiting", "gauge", "Messages that are due and not delivered.", "", load.Letters)
	write("reschedulebot_oldest_message_waiting_seconds", "gauge", "How long the oldest of them has been due.", "", oldest)
	write("reschedulebot_requests_open", "gauge", "Requests that nobody has decided.", "", load.Requests)
	write("reschedulebot_alarms_open", "gauge", "Alarms that nobody has acknowledged.", "", load.Alarms)
	write("reschedulebot_build_info", "gauge", "The version of the program.", fmt.Sprintf("{version=%q}", programVersion()), 1)
	write("process_start_time_seconds", "gauge", "When the process started, in Unix time.", "", m.started.Unix())
	return b.String()
}
