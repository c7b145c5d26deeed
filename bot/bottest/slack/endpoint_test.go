package fakeslack_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// A site is an app in HTTP mode. It checks signatures with slack-go and answers
// as answer says.
type site struct {
	mu     sync.Mutex
	got    []string // path, retry and body of what was authentic
	forged int
	answer func(n int, body string) (status int, text string)
}

func (h *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	v, err := slack.NewSecretsVerifier(r.Header, fakeslack.SigningSecret)
	if err == nil {
		_, _ = v.Write(body)
		err = v.Ensure()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		h.forged++
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	line := r.URL.Path + " " + r.Header.Get("X-Slack-Retry-Num") + r.Header.Get("X-Slack-Retry-Reason")
	h.got = append(h.got, line)
	status, text := http.StatusOK, ""
	if h.answer != nil {
		status, text = h.answer(len(h.got), string(body))
	}
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	if status == 599 {
		w.Header().Set("X-Slack-No-Retry", "1")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func (h *site) lines() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.got, "; ")
}

func startSite(t *testing.T, o fakeslack.Options, h *site) (*fakeslack.Server, bot) {
	srv, b := start(t, o)
	app := httptest.NewServer(h)
	t.Cleanup(app.Close)
	srv.UseHTTP(app.URL)
	return srv, b
}

func TestHTTPMode(t *testing.T) {
	var posted []url.Values
	h := &site{answer: func(_ int, body string) (int, string) {
		form, _ := url.ParseQuery(body)
		posted = append(posted, form)
		if form.Get("command") != "" {
			return 200, "Which client?"
		}
		return 200, ""
	}}
	srv, b := startSite(t, fakeslack.Options{NoEcho: true}, h)
	lee := srv.Member("Lee")
	lee.DM("hello")
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	lee.Command("/biometrics", "find IOE0000000101")
	m, err := lee.Next(t.Context())
	if err != nil || m.Text != "Which client?" {
		t.Errorf("Lee sees %+v, %v", m, err)
	}
	b.call("chat.postMessage", quiet("channel", lee.ID, "text", "card", "blocks", card)...)
	if _, err := lee.Press("Claim"); err != nil {
		t.Fatal(err)
	}
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := h.lines(), "/slack/events ; /slack/commands ; /slack/interactions "; got != want {
		t.Errorf("the app got %q, want %q", got, want)
	}
	if got := posted[1].Get("text"); got != "find IOE0000000101" {
		t.Errorf("the command's text is %q", got)
	}
	if got := (envelope{Payload: []byte(posted[2].Get("payload"))}).field("actions", "value"); got != "7:1" {
		t.Errorf("the action's value is %q", got)
	}
}

// What one person says arrives in order, as long as it is taken.
func TestHTTPKeepsTheOrder(t *testing.T) {
	var texts []string
	h := &site{answer: func(_ int, body string) (int, string) {
		texts = append(texts, envelope{Payload: []byte(body)}.field("event", "text"))
		return 200, ""
	}}
	srv, _ := startSite(t, fakeslack.Options{}, h)
	lee := srv.Member("Lee")
	var want []string
	for i := range 50 {
		want = append(want, fmt.Sprint(i))
		lee.DM(want[i])
	}
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(texts, want) {
		t.Errorf("the app heard %q", texts)
	}
}

func TestHTTPRetries(t *testing.T) {
	alarm := newAlarms()
	h := &site{answer: func(n int, _ string) (int, string) { return []int{500, 0, 302, 200}[n-1], "" }}
	srv, _ := startSite(t, fakeslack.Options{After: alarm.after}, h)
	srv.Member("Lee").DM("hello")
	alarm.ring(60)
	alarm.ring(300)
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := h.lines(), "/slack/events ; /slack/events 1http_error; /slack/events 2connection_failed; /slack/events 3http_error"; got != want {
		t.Errorf("the app got %q, want %q", got, want)
	}
	if d := srv.Deliveries("")[0]; !d.Acked || d.Attempts != 4 {
		t.Errorf("the event ended as %+v", d)
	}
}

func TestHTTPTakesNoRetries(t *testing.T) {
	h := &site{answer: func(int, string) (int, string) { return 599, "" }}
	srv, _ := startSite(t, fakeslack.Options{}, h)
	lee := srv.Member("Lee")
	lee.DM("hello")
	lee.Command("/biometrics", "today")
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, d := range srv.Deliveries("") {
		if d.Attempts != 1 || d.Trouble != "status 599" {
			t.Errorf("%s ended as %+v", d.Type, d)
		}
	}
}

// What a slow app got is given up after 3 s, and comes again.
func TestHTTPPatience(t *testing.T) {
	alarm, slow := newAlarms(), make(chan struct{})
	h := &site{answer: func(n int, _ string) (int, string) { return 200, "" }}
	hanging := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Slack-Retry-Num") == "" {
			_, _ = io.ReadAll(r.Body)
			close(slow)
			<-r.Context().Done()
			return
		}
		h.ServeHTTP(w, r)
	})
	srv, _ := start(t, fakeslack.Options{After: alarm.after})
	app := httptest.NewServer(hanging)
	t.Cleanup(app.Close)
	srv.UseHTTP(app.URL)
	srv.Member("Lee").DM("hello")
	<-slow
	alarm.ring(3)
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := h.lines(), "/slack/events 1http_timeout"; got != want {
		t.Errorf("the app got %q, want %q", got, want)
	}
}

func TestForgeries(t *testing.T) {
	h := &site{}
	srv, _ := startSite(t, fakeslack.Options{NoEcho: true}, h)
	srv.Member("Lee").DM("hello")
	if err := srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	real := srv.Requests()[0]
	other := real
	other.Body = []byte(strings.Replace(string(real.Body), "hello", "pay me", 1))
	unsigned := fakeslack.Request{Path: real.Path, Header: http.Header{}, Body: real.Body}
	for _, x := range []struct {
		name   string
		r      fakeslack.Request
		status int
	}{{"a replay", real, 200}, {"another body", other, 401}, {"no signature", unsigned, 401}} {
		if status, _, err := srv.Post(t.Context(), x.r); err != nil || status != x.status {
			t.Errorf("%s: %d, %v", x.name, status, err)
		}
	}
	if h.forged != 2 {
		t.Errorf("%d forgeries were noticed", h.forged)
	}
}

func TestURLVerification(t *testing.T) {
	for _, x := range []struct {
		answer string
		want   bool
	}{{"$", true}, {`{"challenge":"$"}`, true}, {"", false}, {"challenge", false}} {
		h := &site{answer: func(_ int, body string) (int, string) {
			return 200, strings.ReplaceAll(x.answer, "$", envelope{Payload: []byte(body)}.field("challenge"))
		}}
		srv, _ := startSite(t, fakeslack.Options{}, h)
		if err := srv.VerifyURL(t.Context()); (err == nil) != x.want {
			t.Errorf("answered %q: %v", x.answer, err)
		}
	}
}
