package slack_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"reschedulebot/bot"
	"reschedulebot/bot/bottest"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// Whatever goes wrong, neither an error nor a line of the log holds a token, the
// address of a socket or of an upload, nor anything that somebody wrote.
func TestSecretsStaySecret(t *testing.T) {
	const bottoken, apptoken, signing = "xoxb-1234-very-secret", "xapp-1-very-secret", "very-secret-to-sign-with"
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			sent, _ := io.ReadAll(r.Body)
			w.Header().Set("Location", "/elsewhere?very-secret")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, strings.NewReplacer("SENT", string(sent), "HEADER", r.Header.Get("Authorization")).Replace(body))
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"refused":               answer(200, `{"ok":false,"error":"very-secret SECRETTEXT"}`),
		"refused with pointers": answer(200, `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] SECRETTEXT very-secret [json-pointer:/blocks/0/text]"]}}`),
		"a scope":               answer(200, `{"ok":false,"error":"missing_scope","needed":"very-secret SECRETTEXT"}`),
		"404":                   answer(404, "SENT HEADER"),
		"502 in HTML":           answer(502, "<html>SENT HEADER</html>"),
		"a login page":          answer(200, "<html>SENT HEADER</html>"),
		"a redirect":            answer(307, "SENT"),
		"half an answer":        answer(200, `{"ok":true,"url":"ws://very-secret`),
		"an odd answer":         answer(200, `{"ok":true,"ts":"SENT","team_id":"very-secret"}`),
		"a socket nowhere":      answer(200, `{"ok":true,"team_id":"T0FAKETEAM","url":"ws://127.0.0.1:1/?ticket=very-secret"}`),
		"a socket that is none": answer(200, `{"ok":true,"team_id":"T0FAKETEAM","url":"very-secret://"}`),
		"cut off":               func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewUnstartedServer(h)
			srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			srv.Start()
			defer srv.Close()
			log := &bottest.Logbook{}
			c := slack.Config{
				Token: bottoken, AppToken: apptoken, SigningSecret: signing, APIURL: srv.URL, Team: fakeslack.TeamID, StaffChannel: "C0ROOM",
				Staff: map[string]scheduling.Role{"U0LEE": scheduling.Admin}, Unpaced: true,
				Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			}
			p, err := slack.New(c)
			if err != nil {
				t.Fatal(err)
			}
			said := []string{fmt.Sprintf("%v %+v %#v", c, c, c)}
			say := func(err error) { said = append(said, fmt.Sprintf("%v %+v %#v", err, err, err)) }
			_, err = p.Check(t.Context())
			say(err)
			m := bot.Outgoing{Kind: bot.Message, Chat: "U0LEE", ID: "1", Reply: conversation.Reply{
				Text: conversation.Text{line("SECRETTEXT")}, File: &conversation.File{Name: "x", Data: []byte("SECRETTEXT")}}}
			_, err = p.Send(t.Context(), m)
			say(err)
			_, err = p.Send(t.Context(), bot.Outgoing{Kind: bot.Tick, Chat: "U0LEE", RefersTo: "D1:1.2", Answer: "SECRETTEXT"})
			say(err)
			ctx, cancel := context.WithCancel(t.Context())
			heard := make(chan error, 1)
			go func() { heard <- p.Receive(ctx, func(context.Context, bot.Incoming) error { return nil }) }()
			w := httptest.NewRecorder()
			p.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, slack.EventsPath, strings.NewReader("SECRETTEXT")))
			cancel()
			say(<-heard)
			for _, s := range append(said, log.String(), w.Body.String()) {
				if strings.Contains(s, "very-secret") || strings.Contains(s, "SECRETTEXT") {
					t.Errorf("a secret stands in: %s", s)
				}
			}
		})
	}
}

func TestConfig(t *testing.T) {
	good := slack.Config{Token: "xoxb-1234", Team: "T1"}
	for _, test := range []struct {
		name   string
		change func(*slack.Config)
		want   string // in the error, "" none
	}{
		{"the least", func(*slack.Config) {}, ""},
		{"no token", func(c *slack.Config) { c.Token = "" }, "SLACK_BOT_TOKEN"},
		{"a user's token", func(c *slack.Config) { c.Token = "xoxp-1234" }, "SLACK_BOT_TOKEN"},
		{"a token with a line end", func(c *slack.Config) { c.Token = "xoxb-1234\n" }, "SLACK_BOT_TOKEN"},
		{"a bot token for the app's", func(c *slack.Config) { c.AppToken = "xoxb-1234" }, "SLACK_APP_TOKEN"},
		{"a short secret", func(c *slack.Config) { c.SigningSecret = "short" }, "SLACK_SIGNING_SECRET"},
		{"no workspace", func(c *slack.Config) { c.Team = "" }, "SLACK_TEAM_ID"},
		{"a name for a workspace", func(c *slack.Config) { c.Team = "our firm" }, "SLACK_TEAM_ID"},
		{"a name for a channel", func(c *slack.Config) { c.StaffChannel = "#staff" }, "SLACK_STAFF_CHANNEL"},
		{"a name for a person", func(c *slack.Config) { c.Staff = map[string]scheduling.Role{"@lee": scheduling.Admin} }, "user id"},
		{"an applicant on the list", func(c *slack.Config) { c.Staff = map[string]scheduling.Role{"U1": scheduling.Applicant} }, "role"},
		{"no address", func(c *slack.Config) { c.APIURL = "slack" }, "SLACK_API_URL"},
	} {
		c := good
		test.change(&c)
		_, err := slack.New(c)
		if (err == nil) != (test.want == "") || err != nil && (!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "1234")) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
