package slack_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
)

// Slack asks for new connections and cuts them; nothing is lost.
func TestReconnects(t *testing.T) {
	for name, trouble := range map[string]func(*rig){
		"a refresh":                   func(r *rig) { r.srv.Refresh() },
		"a warning":                   func(r *rig) { r.srv.Warn() },
		"a cut":                       func(r *rig) { r.srv.Drop() },
		"a socket that became silent": func(r *rig) { r.srv.Deafen(true) },
		"a socket that became deaf":   func(r *rig) { r.srv.Deafen(false) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			brought := fakeslack.Options{Patience: 3 * time.Second} // and then brought again, on another socket
			r := socket(t, brought, func(c *slack.Config) {
				if name == "a socket that became silent" {
					c.Deaf = 300 * time.Millisecond
				}
				if name == "a socket that became deaf" {
					c.Renew = 300 * time.Millisecond
				}
			})
			r.receive()
			trouble(r)
			if err := r.srv.WaitConnected(r.ctx, 2); err != nil {
				t.Fatal(err)
			}
			r.lee.DM("still there")
			if in := r.next(1); in.Event.Text != "still there" {
				t.Errorf("heard %+v", in)
			}
			if err := r.srv.WaitFor(r.ctx, r.p.Listening); err != nil { // it may be between two sockets
				t.Error("it hears, and says that it does not")
			}
		})
	}
}

// A socket that another took over from is given up, though its pings go on.
func TestOldSocketsEnd(t *testing.T) {
	pings := func(d time.Duration) <-chan time.Time {
		if d == 10*time.Second {
			d = 20 * time.Millisecond
		}
		return time.After(d)
	}
	t.Parallel()
	r := socket(t, fakeslack.Options{After: pings}, func(c *slack.Config) { c.Deaf = 5 * time.Second }) // longer than any ping may be late
	r.receive()
	r.srv.Warn()
	if err := r.srv.WaitConnected(r.ctx, 2); err != nil {
		t.Fatal(err)
	}
	if err := r.srv.WaitConnections(r.ctx, 1); err != nil {
		t.Fatalf("%v: %d sockets are open", err, r.srv.Connections())
	}
	r.lee.DM("hello")
	r.next(1)
	if n := r.srv.Connected(); n != 2 {
		t.Errorf("%d sockets were opened", n)
	}
}

// What can never succeed ends Receive with one sentence.
func TestGivesUp(t *testing.T) {
	refuse := func(method, word string) func(*rig) {
		return func(r *rig) { r.srv.Fail(fakeslack.Fault{Method: method, Do: fakeslack.Refuse, Error: word}) }
	}
	for _, test := range []struct {
		name    string
		trouble func(*rig)
		want    string
	}{
		{"an invalid token", refuse("auth.test", "invalid_auth"), "SLACK_BOT_TOKEN"},
		{"an uninstalled app", refuse("auth.test", "account_inactive"), "SLACK_BOT_TOKEN"},
		{"a revoked app token", refuse("apps.connections.open", "token_revoked"), "SLACK_APP_TOKEN"},
		{"no token", refuse("apps.connections.open", "not_authed"), "SLACK_APP_TOKEN"},
		{"an expired token", refuse("apps.connections.open", "token_expired"), "SLACK_APP_TOKEN"},
		{"a token of another kind", refuse("apps.connections.open", "not_allowed_token_type"), "xapp-"},
		{"a scope that is missing", refuse("apps.connections.open", "missing_scope"), "slack-manifest"},
		{"another workspace", func(r *rig) { r.p = r.another(func(c *slack.Config) { c.Team = "T0OTHER" }) }, "SLACK_TEAM_ID"},
		{"nothing to hear by", func(r *rig) { r.p = r.another(func(c *slack.Config) { c.AppToken = "" }) }, "SLACK_SIGNING_SECRET"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := socket(t, fakeslack.Options{})
			test.trouble(r)
			err := r.p.Receive(r.ctx, r.ears.take)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("ended with %v, want %q in one line", err, test.want)
			}
			if n := r.srv.Count(""); n > 2 {
				t.Errorf("%d calls before it gave up", n)
			}
		})
	}
	t.Run("Socket Mode switched off", func(t *testing.T) {
		r := socket(t, fakeslack.Options{})
		done := make(chan error, 1)
		go func() { done <- r.p.Receive(r.ctx, r.ears.take) }()
		if err := r.srv.WaitConnected(r.ctx, 1); err != nil {
			t.Fatal(err)
		}
		r.srv.Disable()
		if err := <-done; err == nil || !strings.Contains(err.Error(), "has Socket Mode switched off") {
			t.Errorf("ended with %v", err)
		}
	})
}

// Trouble that passes is waited out, with a line and not with a flood.
func TestWaitsOut(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	for _, method := range []string{"auth.test", "apps.connections.open"} {
		for _, do := range []fakeslack.FaultKind{fakeslack.Internal, fakeslack.Page, fakeslack.Reset, fakeslack.Garbage} {
			r.srv.Fail(fakeslack.Fault{Method: method, Do: do, Times: 1})
		}
	}
	r.receive()
	r.lee.DM("hello")
	r.next(1)
	if n := r.log.Lines("nothing can be heard"); n != 1 {
		t.Errorf("%d lines about one trouble:\n%s", n, r.log)
	}
}

// takesUntilTheEnd receives, and takes one event for as long as it may, in vain. began
// is closed when it does, and done tells how Receive ended.
func (r *rig) takesUntilTheEnd() (began chan struct{}, end context.CancelFunc, done chan error) {
	began, done = make(chan struct{}), make(chan error, 1)
	ctx, end := context.WithCancel(r.ctx)
	go func() {
		done <- r.p.Receive(ctx, func(ctx context.Context, in bot.Incoming) error {
			close(began)
			<-ctx.Done()
			return errors.New("no more")
		})
	}()
	return began, end, done
}

// Receive ends with its context, whatever is under way.
func TestEndsWhileTaking(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	began, cancel, done := r.takesUntilTheEnd()
	if err := r.srv.WaitConnected(r.ctx, 1); err != nil {
		t.Fatal(err)
	}
	r.lee.DM("hello")
	<-began
	cancel()
	if err := <-done; err != nil {
		t.Errorf("ended with %v", err)
	}
	if err := r.srv.WaitConnections(r.ctx, 0); err != nil { // what was acknowledged on it has been read
		t.Fatal(err)
	}
	for _, d := range r.srv.Deliveries(fakeslack.Events) {
		if d.Acked {
			t.Error("what was not taken was acknowledged")
		}
	}
}
