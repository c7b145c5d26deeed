package telegram_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/bottest"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
)

// Whatever goes wrong, neither an error nor a line of the log holds the token,
// nor anything that somebody wrote.
func TestTokenStaysSecret(t *testing.T) {
	const secret = "AAE-very_secret"
	const token = "123456:" + secret
	answer := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/elsewhere"+r.URL.Path)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, strings.ReplaceAll(body, "PATH", r.URL.Path))
		})
	}
	for _, test := range []struct {
		name    string
		handler http.Handler // nil: nobody listens
		hang    bool
	}{
		{name: "no network"},
		{name: "401", handler: answer(401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`)},
		{name: "404", handler: answer(404, `{"ok":false,"error_code":404,"description":"Not Found"}`)},
		{name: "400 that repeats what was asked", handler: answer(400, `{"ok":false,"error_code":400,"description":"Bad Request: in \"PATH\": SECRETTEXT"}`)},
		{name: "400 that quotes what was written", handler: answer(400, `{"ok":false,"error_code":400,"description":"Bad Request: the text \"SECRETTEXT\" is odd"}`)},
		{name: "400 that repeats the path", handler: answer(400, `{"ok":false,"error_code":400,"description":"PATH"}`)},
		{name: "502 in HTML", handler: answer(502, `<html>PATH</html>`)},
		{name: "a login page", handler: answer(200, `<html>PATH</html>`)},
		{name: "a gateway's JSON", handler: answer(403, `{"error":"PATH"}`)},
		{name: "a redirect", handler: answer(302, "PATH")},
		{name: "half an answer", handler: answer(200, `{"ok":true,"result":{"PATH`)},
		{name: "a wrong answer", handler: answer(200, `{"ok":true,"result":"PATH"}`)},
		{name: "nothing", handler: answer(200, "")},
		{name: "a time-out", hang: true, handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })},
		{name: "cut off", handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},
	} {
		t.Run(test.name, func(t *testing.T) {
			log := &bottest.Logbook{}
			config := telegram.Config{Token: token, APIURL: serve(t, test.handler), Log: slog.New(slog.NewTextHandler(log, nil))}
			p, err := telegram.New(config)
			if err != nil {
				t.Fatal(err)
			}
			// Time-outs are tried only as far as a caller who gives up.
			patience := time.Minute
			if test.hang {
				patience = 50 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			var said []string
			say := func(err error) {
				if err == nil {
					t.Error("no error")
				}
				said = append(said, fmt.Sprintf("%v %+v %#v", err, err, err))
			}
			_, err = p.Check(ctx)
			say(err)
			m := says("7", "SECRETTEXT")
			_, err = p.Send(ctx, m)
			if test.name != "a wrong answer" { // which is a message without a readable id
				say(err)
			}
			m.Reply.File = fileOf("SECRETTEXT")
			m.Reply.Text = nil
			_, err = p.Send(ctx, m)
			if test.name != "a wrong answer" {
				say(err)
			}
			_, err = p.Send(ctx, bot.Outgoing{Kind: bot.Delete, Chat: "7", RefersTo: "1"})
			said = append(said, fmt.Sprint(err))

			listening, hush := context.WithCancel(ctx)
			heard := make(chan error)
			go func() { heard <- p.Receive(listening, func(context.Context, bot.Incoming) error { return nil }) }()
			if test.handler == nil || test.hang {
				hush()
			}
			stop := time.AfterFunc(50*time.Millisecond, hush)
			defer stop.Stop()
			said = append(said, fmt.Sprint(<-heard), log.String(), fmt.Sprintf("%v %+v %#v", config, config, config))
			for _, s := range said {
				if strings.Contains(s, secret) || strings.Contains(s, url.PathEscape(token)) || strings.Contains(s, "SECRETTEXT") {
					t.Errorf("a secret stands in: %s", s)
				}
			}
		})
	}
}

// A wire that names the address in its errors, as proxies do, does not bring the token
// into ours.
func TestTokenInAnErrorOfTheWire(t *testing.T) {
	const secret = "AAE-very_secret"
	p, err := telegram.New(telegram.Config{Token: "123456:" + secret, Transport: refusing{}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Check(t.Context())
	if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
		t.Errorf("got %v, want an error without the token", err)
	}
	_, err = p.Send(t.Context(), says("7", "x"))
	if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
		t.Errorf("got %v, want an error without the token", err)
	}
}

// refusing is a wire on which nothing leaves.
type refusing struct{}

func (refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("the proxy does not let %s through", req.URL)
}

// serve answers with h on an address; with nil, nobody does.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	if h != nil {
		srv := httptest.NewUnstartedServer(h)
		srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		srv.Start()
		t.Cleanup(srv.Close)
		return srv.URL
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

func TestConfig(t *testing.T) {
	for _, test := range []struct {
		name   string
		config telegram.Config
		want   string // of the error, "" none
	}{
		{"the least", telegram.Config{Token: "1:a"}, ""},
		{"no token", telegram.Config{}, "TELEGRAM_BOT_TOKEN"},
		{"a token with a line end", telegram.Config{Token: "1:a\n"}, "TELEGRAM_BOT_TOKEN"},
		{"a token with a path", telegram.Config{Token: "1:a/b"}, "TELEGRAM_BOT_TOKEN"},
		{"a rate below nothing", telegram.Config{Token: "1:a", Rate: -1}, "TELEGRAM_RATE"},
		{"no address", telegram.Config{Token: "1:a", APIURL: "telegram"}, "TELEGRAM_API_URL"},
		{"another scheme", telegram.Config{Token: "1:a", APIURL: "ftp://x"}, "TELEGRAM_API_URL"},
		{"a webhook without a secret", telegram.Config{Token: "1:a", WebhookURL: "https://x"}, "TELEGRAM_WEBHOOK_SECRET"},
		{"a webhook with an odd secret", telegram.Config{Token: "1:a", WebhookURL: "https://x", WebhookSecret: "a b"}, "TELEGRAM_WEBHOOK_SECRET"},
		{"a webhook nowhere", telegram.Config{Token: "1:a", WebhookURL: "x", WebhookSecret: "s"}, "TELEGRAM_WEBHOOK_URL"},
		{"a webhook", telegram.Config{Token: "1:a", WebhookURL: "https://x", WebhookSecret: "s"}, ""},
	} {
		_, err := telegram.New(test.config)
		if (err == nil) != (test.want == "") || err != nil && (!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "1:a")) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestCheck(t *testing.T) {
	bubble(t, faketelegram.Options{JoinsGroups: true}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.srv.Person("Ana", "").Say("hello")
		got, err := r.p.Check(t.Context())
		if want := (telegram.Status{Username: faketelegram.Username, JoinsGroups: true, Waiting: 1}); err != nil || got != want {
			t.Errorf("Check answers %+v, %v", got, err)
		}
		r.receive()
		r.settled()
		if r.log.Lines("can be added to groups") != 1 {
			t.Errorf("logged %s", r.log)
		}
		r.srv.Revoke()
		if _, err := r.p.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "@BotFather") {
			t.Errorf("with a revoked token Check answers %v", err)
		}
	})
}
