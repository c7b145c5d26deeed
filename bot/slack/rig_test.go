package slack_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/bottest"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/scheduling"
)

// patience is how long a test waits for one thing; a test as a whole, on a slow
// machine, may take longer.
const (
	patience = 30 * time.Second
	lifetime = 5 * time.Minute
)

// A rig is an adapter, the Slack it talks to, and somebody who takes what it
// receives.
type rig struct {
	testing.TB
	ctx    context.Context
	srv    *fakeslack.Server
	config slack.Config
	p      *slack.Platform
	stop   func() error // ends what receive began
	log    *bottest.Logbook
	ears   *ears
	lee    *fakeslack.Person // a representative
	pat    *fakeslack.Person // a paralegal
	ada    *fakeslack.Person // an admin
}

// socket makes a rig in Socket Mode, endpoints one in HTTP mode.
func socket(t testing.TB, o fakeslack.Options, change ...func(*slack.Config)) *rig {
	return newRig(t, o, append(change, func(c *slack.Config) { c.AppToken = fakeslack.AppToken })...)
}

func endpoints(t testing.TB, o fakeslack.Options, change ...func(*slack.Config)) *rig {
	t.Helper()
	r := newRig(t, o, append(change, func(c *slack.Config) { c.SigningSecret = fakeslack.SigningSecret })...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.p.Handler().ServeHTTP(w, req) })}
	var serving sync.WaitGroup
	serving.Go(func() { _ = h.Serve(l) })
	t.Cleanup(func() { _ = h.Close(); serving.Wait() })
	r.srv.UseHTTP("http://" + l.Addr().String())
	return r
}

// configure changes the configuration before anything is received.
func (r *rig) configure(change func(*slack.Config)) {
	r.Helper()
	change(&r.config)
	r.p = r.another()
}

func newRig(t testing.TB, o fakeslack.Options, change ...func(*slack.Config)) *rig {
	t.Helper()
	if o.Patience == 0 {
		o.Patience = patience
	}
	srv := fakeslack.New(o)
	api, stop := srv.Start()
	t.Cleanup(stop)
	ctx, cancel := context.WithTimeout(context.Background(), lifetime)
	t.Cleanup(cancel)
	r := &rig{TB: t, ctx: ctx, srv: srv, log: &bottest.Logbook{}, ears: newEars(), lee: srv.Member("Lee Sample"), pat: srv.Member("Pat Sample"), ada: srv.Member("Ada Sample")}
	c := slack.Config{
		Token: fakeslack.BotToken, APIURL: api, Team: fakeslack.TeamID, Unpaced: true,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Staff: map[string]scheduling.Role{
			r.lee.ID: scheduling.Representative, r.pat.ID: scheduling.Paralegal, r.ada.ID: scheduling.Admin,
		},
	}
	for _, f := range change {
		f(&c)
	}
	r.config = c
	r.p = r.another()
	return r
}

// another is an adapter configured as the rig's but for some changes.
func (r *rig) another(change ...func(*slack.Config)) *slack.Platform {
	r.Helper()
	c := r.config
	for _, f := range change {
		f(&c)
	}
	p, err := slack.New(c)
	if err != nil {
		r.Fatal(err)
	}
	return p
}

// receive starts to receive and waits until that works. stop ends it and answers
// how it ended; the test's end does the same.
func (r *rig) receive() (stop func() error) {
	r.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.p.Receive(ctx, r.ears.take) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	r.Cleanup(func() {
		if err := stop(); err != nil {
			r.Errorf("receiving ended with: %v", err)
		}
	})
	r.stop = stop
	if err := r.srv.WaitCalls(r.ctx, "auth.test", 1); err != nil {
		r.Fatal(err)
	}
	if r.config.AppToken != "" {
		if err := r.srv.WaitConnected(r.ctx, 1); err != nil {
			r.Fatal(err)
		}
	}
	// A press of nobody's: as soon as it is acknowledged, everything is heard.
	for {
		d, err := r.srv.Outcome(r.ctx, r.srv.Deliver(fakeslack.Actions, []byte(`{"type":"block_actions"}`)))
		if err != nil {
			r.Fatal(err)
		}
		if d.Acked {
			return stop
		}
	}
}

// outcome is what became of a delivery.
func (r *rig) outcome(id string) fakeslack.Delivery {
	r.Helper()
	d, err := r.srv.Outcome(r.ctx, id)
	if err != nil {
		r.Fatal(err)
	}
	return d
}

// quiet waits until nothing is on its way to the app.
func (r *rig) quiet() {
	r.Helper()
	if err := r.srv.WaitQuiet(r.ctx); err != nil {
		r.Fatal(err)
	}
}

// hears is the next message that somebody gets from the app.
func (r *rig) hears(p *fakeslack.Person) fakeslack.Message {
	r.Helper()
	m, err := p.Next(r.ctx)
	if err != nil {
		r.Fatalf("%v\n%s", err, r.log)
	}
	return m
}

func (r *rig) send(m bot.Outgoing) string {
	r.Helper()
	id, err := r.p.Send(r.ctx, m)
	if err != nil {
		r.Fatal(err)
	}
	return id
}

// clean checks that the app sent nothing that it should not have.
func (r *rig) clean() {
	r.Helper()
	for _, v := range r.srv.Violations() {
		r.Errorf("a violation: %+v", v)
	}
	for _, c := range r.srv.Controls() {
		r.Errorf("something that Slack interprets: %+v", c)
	}
}

// ears take events. check, when set, decides about each before it is noted.
type ears struct {
	mu    sync.Mutex
	got   []bot.Incoming
	check func(bot.Incoming) error
	heard chan struct{}
}

func newEars() *ears { return &ears{heard: make(chan struct{}, 10_000)} }

func (e *ears) take(_ context.Context, in bot.Incoming) error {
	if e.check != nil {
		if err := e.check(in); err != nil {
			return err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.got = append(e.got, in)
	e.heard <- struct{}{}
	return nil
}

func (e *ears) all() []bot.Incoming {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.got)
}

// next waits for n events in all and answers the last.
func (r *rig) next(n int) bot.Incoming {
	r.Helper()
	for len(r.ears.all()) < n {
		select {
		case <-r.ears.heard:
		case <-r.ctx.Done():
			r.Fatalf("heard %d events, want %d\n%s", len(r.ears.all()), n, r.log)
		}
	}
	return r.ears.all()[n-1]
}

// staffRoom gives the rig a staff channel with these people in it.
func (r *rig) staffRoom(members ...*fakeslack.Person) *fakeslack.Channel {
	r.Helper()
	room := r.srv.PrivateChannel("biometrics", members...)
	r.configure(func(c *slack.Config) { c.StaffChannel = room.ID })
	return room
}

// A clock shows what a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(seconds int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Duration(seconds) * time.Second)
}
