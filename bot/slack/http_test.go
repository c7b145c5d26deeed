package slack_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
)

// TestForgeries posts what is not Slack's: 4xx, and nothing is taken.
func TestForgeries(t *testing.T) {
	r := endpoints(t, fakeslack.Options{})
	r.receive()
	body := []byte(`{"type":"event_callback","team_id":"T0FAKETEAM","event":{"type":"message","channel":"D1","channel_type":"im","user":"` + r.lee.ID + `","text":"forged","ts":"1.2"}}`)
	const path = fakeslack.EventsPath
	signed := func(at time.Time) fakeslack.Request { return r.srv.Sign(path, "application/json", body, at) }
	now := time.Now()
	changed := func(change func(*fakeslack.Request)) fakeslack.Request {
		x := signed(now)
		change(&x)
		return x
	}
	for _, test := range []struct {
		name   string
		req    fakeslack.Request
		status int
	}{
		{"no signature", changed(func(x *fakeslack.Request) { x.Header.Del("X-Slack-Signature") }), 401},
		{"no timestamp", changed(func(x *fakeslack.Request) { x.Header.Del("X-Slack-Request-Timestamp") }), 401},
		{"another version", changed(func(x *fakeslack.Request) {
			x.Header.Set("X-Slack-Signature", "v1"+x.Header.Get("X-Slack-Signature")[2:])
		}), 401},
		{"half a signature", changed(func(x *fakeslack.Request) {
			x.Header.Set("X-Slack-Signature", x.Header.Get("X-Slack-Signature")[:20])
		}), 401},
		{"an empty signature", changed(func(x *fakeslack.Request) { x.Header.Set("X-Slack-Signature", "v0=") }), 401},
		{"another body", changed(func(x *fakeslack.Request) { x.Body = bytes.Replace(x.Body, []byte("forged"), []byte("FORGED"), 1) }), 401},
		{"another time", changed(func(x *fakeslack.Request) { x.Header.Set("X-Slack-Request-Timestamp", "1700000000") }), 401},
		{"no time", changed(func(x *fakeslack.Request) { x.Header.Set("X-Slack-Request-Timestamp", "soon") }), 401},
		{"of six minutes ago", signed(now.Add(-6 * time.Minute)), 401},
		{"of six minutes ahead", signed(now.Add(6 * time.Minute)), 401},
		{"too large", r.srv.Sign(path, "application/json", append(body, make([]byte, 1<<20)...), now), 413},
		{"signed for nobody", fakeslack.New(fakeslack.Options{SigningSecret: "another-secret-of-somebody"}).Sign(path, "application/json", body, now), 401},
		{"a challenge that is not signed", fakeslack.Request{Path: path, Header: http.Header{}, Body: []byte(`{"type":"url_verification","challenge":"abc"}`)}, 401},
		{"interactions without a payload", r.srv.Sign(fakeslack.InteractionsPath, "application/x-www-form-urlencoded", []byte("x=1"), now), 400},
		{"a payload in the address", r.srv.Sign(fakeslack.InteractionsPath+"?payload=%7B%7D", "application/x-www-form-urlencoded", []byte(""), now), 400},
		{"commands without a command", r.srv.Sign(fakeslack.CommandsPath, "application/x-www-form-urlencoded", []byte("text=requests"), now), 400},
		{"elsewhere", r.srv.Sign("/slack/other", "application/json", body, now), 404},
	} {
		before := len(r.ears.all())
		status, answer, err := r.srv.Post(r.ctx, test.req)
		if err != nil || status != test.status || bytes.Contains(answer, []byte("abc")) {
			t.Errorf("%s: %d %s %v, want %d", test.name, status, answer, err, test.status)
		}
		if got := r.ears.all()[before:]; len(got) > 0 {
			t.Errorf("%s: taken as %+v", test.name, got)
		}
	}
	for _, p := range []string{slack.EventsPath, slack.InteractionsPath, slack.CommandsPath} {
		w := httptest.NewRecorder()
		r.p.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, p, nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: %d", p, w.Code)
		}
	}
	if err := r.srv.VerifyURL(r.ctx); err != nil {
		t.Error(err)
	}
	check := r.srv.Sign(fakeslack.CommandsPath, "application/x-www-form-urlencoded", []byte("ssl_check=1&token=old"), now)
	if status, answer, err := r.srv.Post(r.ctx, check); status != http.StatusOK || len(answer) > 0 || err != nil {
		t.Errorf("a look at the certificate: %d %s %v", status, answer, err)
	}
	check.Header.Del("X-Slack-Signature")
	if status, _, err := r.srv.Post(r.ctx, check); status != http.StatusUnauthorized || err != nil {
		t.Errorf("the same by somebody else: %d %v", status, err)
	}
	if got := r.ears.all(); len(got) > 0 {
		t.Errorf("taken: %+v", got)
	}
}

// Where no secret is configured, nothing is Slack's: neither what is signed with none.
func TestNoSecret(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	body := `{"type":"url_verification","challenge":"abc"}`
	moment := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, nil)
	mac.Write([]byte("v0:" + moment + ":" + body))
	req := httptest.NewRequest(http.MethodPost, slack.EventsPath, strings.NewReader(body))
	req.Header.Set("X-Slack-Request-Timestamp", moment)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	w := httptest.NewRecorder()
	r.p.Handler().ServeHTTP(w, req)
	if w.Code != http.StatusUnauthorized || w.Body.Len() != 0 {
		t.Errorf("answered %d %q, want 401 and nothing", w.Code, w.Body)
	}
}

// A request that was seen on its way and is sent once more has no effect of its own.
func TestReplay(t *testing.T) {
	r := endpoints(t, fakeslack.Options{})
	r.receive()
	before := len(r.srv.Requests())
	r.lee.DM("one")
	r.lee.Command("/biometrics", "requests")
	r.quiet()
	seen := r.srv.Requests()[before:]
	if len(r.ears.all()) != 2 {
		t.Fatalf("taken: %+v", r.ears.all())
	}
	ids := map[string]bool{}
	for _, req := range seen {
		if status, _, err := r.srv.Post(r.ctx, req); err != nil || status != http.StatusOK {
			t.Errorf("%s: %d %v", req.Path, status, err)
		}
	}
	for _, in := range r.ears.all() {
		ids[in.EventID] = true
	}
	if len(ids) != 2 {
		t.Errorf("two events came under the ids %v", ids)
	}
}

// Whoever comes while nothing is received is told to come again, and is taken when
// Receive begins; when it has ended, nothing is.
func TestShut(t *testing.T) {
	r := endpoints(t, fakeslack.Options{})
	form := url.Values{"command": {"/biometrics"}, "text": {"requests"}, "team_id": {fakeslack.TeamID}, "user_id": {r.lee.ID}, "trigger_id": {"1.2"}}
	body := []byte(form.Encode())
	early := make(chan int, 1)
	go func() {
		status, _, _ := r.srv.Post(r.ctx, r.srv.Sign(fakeslack.CommandsPath, "application/x-www-form-urlencoded", body, time.Now()))
		early <- status
	}()
	stop := r.receive()
	if in := r.next(1); in.Event.Text != "/requests" {
		t.Errorf("heard %+v", in)
	}
	if status := <-early; status != http.StatusOK && status != http.StatusServiceUnavailable {
		t.Errorf("who came early got %d", status)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	status, _, err := r.srv.Post(r.ctx, r.srv.Sign(fakeslack.CommandsPath, "application/x-www-form-urlencoded", []byte(strings.Replace(string(body), "1.2", "1.3", 1)), time.Now()))
	if err != nil || status != http.StatusServiceUnavailable || len(r.ears.all()) != 1 {
		t.Errorf("after the end: %d %v, taken %+v", status, err, r.ears.all())
	}
}

// What is being taken when Receive ends, and can't be, is not acknowledged: Slack would
// never bring it again.
func TestEndsWhileTakingARequest(t *testing.T) {
	r := endpoints(t, fakeslack.Options{})
	began, cancel, done := r.takesUntilTheEnd()
	body := []byte(`{"type":"event_callback","team_id":"` + fakeslack.TeamID + `","event":{"type":"message","channel":"D1","channel_type":"im","user":"` + r.lee.ID + `","text":"hello","ts":"1.2"}}`)
	answered := make(chan int, 1)
	go func() {
		status, _, _ := r.srv.Post(r.ctx, r.srv.Sign(fakeslack.EventsPath, "application/json", body, time.Now()))
		answered <- status
	}()
	<-began
	cancel()
	if err := <-done; err != nil {
		t.Errorf("ended with %v", err)
	}
	if status := <-answered; status != http.StatusServiceUnavailable {
		t.Errorf("answered %d, want 503", status)
	}
}

// An event that names no workspace is nobody's of the office.
func TestEventOfNoWorkspace(t *testing.T) {
	r := endpoints(t, fakeslack.Options{})
	r.receive()
	body := []byte(`{"type":"event_callback","event":{"type":"message","channel":"D1","channel_type":"im","user":"` + r.lee.ID + `","text":"hello","ts":"1.2"}}`)
	if _, _, err := r.srv.Post(r.ctx, r.srv.Sign(fakeslack.EventsPath, "application/json", body, time.Now())); err != nil {
		t.Fatal(err)
	}
	r.lee.DM("of the firm") // their events stay in order
	if in := r.next(1); in.Event.Text != "of the firm" {
		t.Errorf("taken: %+v", in)
	}
}
