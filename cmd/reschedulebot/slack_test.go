package main

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
)

// A firm is an office whose staff have a Slack.
type firm struct {
	*office
	slack         *fakeslack.Server
	lee, pat, gus *fakeslack.Person // a representative, a paralegal, a guest
}

// newFirm makes one; scopes nil: those of the manifest.
func newFirm(t *testing.T, scopes []string, env ...string) *firm {
	t.Helper()
	if scopes == nil {
		scopes = slack.Scopes(true)
	}
	f := &firm{office: newOffice(t), slack: fakeslack.New(fakeslack.Options{Scopes: scopes, Events: []string{"message.im"}, Patience: patience})}
	api, stop := f.slack.Start()
	t.Cleanup(stop)
	f.lee, f.pat = f.slack.Member("Lee Sample"), f.slack.Member("Pat Sample")
	f.gus = f.slack.Person(fakeslack.User{Name: "Gus Guest", Restricted: true})
	f.env = append(append(f.env,
		"BOOKING=desk", "SLACK_BOT_TOKEN="+fakeslack.BotToken, "SLACK_APP_TOKEN="+fakeslack.AppToken, "SLACK_API_URL="+api,
		"SLACK_TEAM_ID="+fakeslack.TeamID, "SLACK_REPRESENTATIVES="+f.lee.ID+", "+f.gus.ID, "SLACK_PARALEGALS="+f.pat.ID+","+f.lee.ID), env...)
	return f
}

// serve starts serve and returns once it listens to both.
func (f *firm) serve() {
	f.t.Helper()
	f.serveWith(f.slack)
}

// serveWith starts serve and returns once it listens to Telegram and to a Slack.
func (o *office) serveWith(s *fakeslack.Server) {
	o.t.Helper()
	before, sockets := o.telegram.Count("getUpdates"), s.Connected()
	o.serveUntil(func(ctx context.Context) error {
		if err := o.telegram.WaitCalls(ctx, "getUpdates", before+1); err != nil {
			return err
		}
		return s.WaitConnected(ctx, sockets+1)
	})
}

// reads is the next message that a member of staff gets, with words in it.
func (f *firm) reads(p *fakeslack.Person, words string) fakeslack.Message {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	m, err := p.Next(ctx)
	if err != nil {
		f.t.Fatalf("%v\n%s", err, f.serving.stderr)
	}
	if !strings.Contains(m.Shown(), words) {
		f.t.Fatalf("came %q, want %q in it", m.Shown(), words)
	}
	if strings.Contains(m.Notification(), "IOE") || strings.Contains(m.Notification(), "R1") {
		f.t.Errorf("a locked screen shows %q", m.Notification())
	}
	return m
}

// TestDeskInSlack files a request on Telegram and decides it in Slack.
func TestDeskInSlack(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			f := newFirm(t, nil)
			listening := freeAddress(t)
			if mode == "http" {
				f.env = append(f.env, "SLACK_APP_TOKEN=", "SLACK_SIGNING_SECRET="+fakeslack.SigningSecret, "LISTEN="+listening)
				f.slack.UseHTTP("http://" + listening)
				f.serveUntil(func(ctx context.Context) error { return ready200(ctx, listening) })
			} else {
				f.serve()
			}
			ana := f.client("Ana", "IOE0000000201")
			f.asks(ana)
			f.press(ana, "Yes, send the request")
			f.hearsOf(ana, "Requested, not confirmed yet")

			f.gus.DM("confirm R1")
			f.reads(f.gus, "only for the firm's staff")
			f.pat.Command("/biometrics", "requests")
			f.reads(f.pat, "R1")
			f.pat.DM("confirm R1")
			f.reads(f.pat, "Only an attorney or accredited representative")
			f.lee.DM("confirm R1")
			f.reads(f.lee, "R1")
			f.hearsOf(ana, "Lee Sample of Lee & Park LLP has recorded")

			if mode == "http" {
				_, metrics := get(t, "http://"+listening+"/metrics")
				for _, platform := range []string{"slack", "telegram"} {
					if !strings.Contains(metrics, `reschedulebot_turns_total{platform="`+platform+`"} `) {
						t.Errorf("nothing about %s in %s", platform, metrics)
					}
				}
			}
			out := f.must("export", "requests", "--reveal")
			if !strings.Contains(out, ",confirmed,") || !strings.Contains(out, ",Lee Sample,") {
				t.Errorf("the record says %s", out)
			}
			stderr := f.serving.stderr
			f.stop()
			if s := stderr.String(); strings.Contains(s, fakeslack.BotToken) || strings.Contains(s, fakeslack.AppToken) || strings.Contains(s, "IOE0000000201") {
				t.Errorf("the log shows too much: %s", s)
			}
			for _, v := range f.slack.Violations() {
				t.Errorf("a violation: %+v", v)
			}
		})
	}
}

// Staff move an appointment for a client by buttons, as clients do.
func TestStaffReschedulesInSlack(t *testing.T) {
	t.Parallel()
	f := newFirm(t, nil, "BOOKING=instant")
	f.serve()
	ana := f.client("Ana", "IOE0000000201")
	f.lee.Command("/biometrics", "reschedule IOE0000000201")
	f.reads(f.lee, "Why")
	for _, step := range []struct{ press, reads string }{
		{"Travel already planned", "Where"}, {"Same place: Chicago, IL", "Which time"}, {"Mon Dec 14, 10:00 AM", "Please check"}, {"Yes, move it", "moved"},
	} {
		if _, err := f.lee.Press(step.press); err != nil {
			t.Fatal(err)
		}
		f.reads(f.lee, step.reads)
	}
	f.hearsOf(ana, "Dec 14")
	if err := f.slack.WaitFor(f.ctx, func() bool {
		return !slices.ContainsFunc(f.lee.Messages(), func(m fakeslack.Message) bool { return len(m.Labels()) > 0 })
	}); err != nil {
		t.Error("buttons that were used still stand")
	}
	f.stop()
}

// A file that is shared in Slack is fetched, read and answered row by row; clients
// hear of it on Telegram.
func TestImportInSlack(t *testing.T) {
	t.Parallel()
	f := newFirm(t, nil)
	f.serve()
	ana := f.client("Ana", "IOE0000000201")
	f.pat.Upload("book.csv", []byte("receipt_number,asc_code,appointment_date,appointment_time\n"+
		"IOE0000000201,XCB,2026-12-17,10:00\nIOE0000000202,XCB,2026-12-18,10:00\nIOE0000000203,XQQ,2026-12-18,10:00\n"), "import")
	f.reads(f.pat, "I am reading the file")
	f.reads(f.pat, "book.csv: 3 rows")
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	m, err := f.pat.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 1 || !strings.Contains(string(m.Files[0].Data), "IOE0000000202,XCB,2026-12-18,10:00,created") || strings.Count(string(m.Files[0].Data), ",error,") != 1 {
		t.Errorf("the result file: %+v", m.Files)
	}
	f.hearsOf(ana, "Dec 17")
	f.gus.Upload("book.csv", []byte("receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000201,XCB,2026-12-21,10:00\n"), "import")
	f.reads(f.gus, "only for the firm's staff")
	f.stop()
	if out := f.must("export", "appointments"); !strings.Contains(out, "2026-12-17") || strings.Contains(out, "2026-12-21") {
		t.Errorf("the book holds:\n%s", out)
	}
}

// A firm may have Slack alone.
func TestSlackAlone(t *testing.T) {
	t.Parallel()
	f := newFirm(t, nil, "TELEGRAM_BOT_TOKEN=")
	f.serveUntil(func(ctx context.Context) error { return f.slack.WaitConnected(ctx, 1) })
	f.lee.DM("requests")
	f.reads(f.lee, "No request is waiting")
	f.stop()
	f.must("remind")
	if n := f.telegram.Count(""); n > 0 {
		t.Errorf("%d calls to Telegram", n)
	}
}

// What Slack refuses for good ends serve with one line.
func TestSlackRefuses(t *testing.T) {
	t.Parallel()
	f := newFirm(t, nil)
	f.slack.Revoke()
	r := f.command("serve")
	if r.code != 1 || !strings.Contains(r.stderr, "reschedulebot: slack: the token is not known to Slack") {
		t.Errorf("serve ends with %d: %s", r.code, r.stderr)
	}
}

func TestDoctorOnSlack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		scopes []string
		ill    func(*firm)
		code   int
		words  []string
	}{
		{"all is well", nil, func(f *firm) { f.staffChannel(fakeslack.Setting{Name: "staff", Private: true}) }, 0,
			[]string{"ok    slack: this is biometrics_desk in the workspace Fake Firm, heard by socket, 3 on the staff lists", "ok    SLACK_STAFF_CHANNEL"}},
		{"scopes are missing", []string{"chat:write"}, func(*firm) {}, 1, []string{"WRONG slack: the app lacks the scopes commands, files:read, files:write, im:history, users:read"}},
		{"more than is needed", append(slack.Scopes(false), "admin"), func(*firm) {}, 0, []string{"note  slack: the app has scopes that it does not need: admin"}},
		{"no channel", nil, func(*firm) {}, 0, []string{"note  SLACK_STAFF_CHANNEL: is not set: nobody sees a request"}},
		{"nobody who decides", nil, func(f *firm) {
			f.env = append(f.env, "BOOKING=desk", "SLACK_REPRESENTATIVES=", "SLACK_ADMINS=", "SLACK_PARALEGALS="+f.lee.ID)
		}, 0, []string{"note  SLACK_REPRESENTATIVES: nobody is on it, nor on SLACK_ADMINS: nobody can decide requests in Slack"}},
		{"no Telegram", nil, func(f *firm) { f.env = append(f.env, "TELEGRAM_BOT_TOKEN=") }, 0, []string{"note  telegram: off, because TELEGRAM_BOT_TOKEN is not set: clients can't write to the bot"}},
		{"a channel that others read", nil, func(f *firm) {
			f.staffChannel(fakeslack.Setting{Name: "staff", Private: true, ExtShared: true})
		}, 1, []string{"WRONG SLACK_STAFF_CHANNEL: it is shared"}},
		{"another workspace", nil, func(f *firm) { f.env = append(f.env, "SLACK_TEAM_ID=T0OTHER") }, 1, []string{"WRONG slack: SLACK_BOT_TOKEN belongs to another workspace"}},
		{"nobody at that address", nil, func(f *firm) { f.env = append(f.env, "SLACK_API_URL=http://127.0.0.1:1/") }, 1, []string{"WRONG slack: auth.test"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFirm(t, test.scopes)
			test.ill(f)
			f.finds(test.code, test.words...)
		})
	}
}

func (f *firm) staffChannel(set fakeslack.Setting) {
	f.env = append(f.env, "SLACK_STAFF_CHANNEL="+f.slack.Channel(set, f.lee).ID)
}

func TestSlackManifest(t *testing.T) {
	for _, test := range []struct {
		env  []string
		args string
		want string // a part
		not  string
	}{
		{nil, "", `"socket_mode_enabled": true`, "https://"},
		{[]string{"SLACK_APP_TOKEN=xapp-x", "SLACK_SIGNING_SECRET=0123456789abcdef"}, "", `"socket_mode_enabled": true`, "groups:read"},
		{[]string{"SLACK_STAFF_CHANNEL=C0ROOM"}, "", `"groups:read"`, "https://"},
		{nil, "--public-url https://bot.example.com/", `"https://bot.example.com/slack/interactions"`, "//slack"},
		{[]string{"SLACK_SIGNING_SECRET=0123456789abcdef", "LISTEN=bot.example.com:8443"}, "", `"https://bot.example.com:8443/slack/commands"`, "0123456789abcdef"},
	} {
		out := mustRun(t, test.env, "", append([]string{"slack-manifest"}, strings.Fields(test.args)...)...)
		if !json.Valid([]byte(out)) || !strings.Contains(out, test.want) || strings.Contains(out, test.not) {
			t.Errorf("%s %s: %s", test.env, test.args, out)
		}
	}
}

// Slack calls from outside: an address of this machine alone is no address to give
// it. The manifest is printed all the same, and the operator told on the side.
func TestSlackManifestTellsOfAnAddressThatSlackCannotReach(t *testing.T) {
	for listen, told := range map[string]bool{
		"": true, "127.0.0.1:8080": true, "0.0.0.0:80": true, ":8080": true, "localhost:8080": true, "192.168.1.5:80": true,
		"bot.example.com:8443": false, "203.0.113.7:443": false,
	} {
		r := program(t, []string{"SLACK_SIGNING_SECRET=0123456789abcdef", "LISTEN=" + listen}, "", "slack-manifest")
		if r.code != 0 || !json.Valid([]byte(r.stdout)) || strings.Contains(r.stderr, "--public-url") != told {
			t.Errorf("LISTEN=%s: exit %d, %s", listen, r.code, r.stderr)
		}
	}
	if r := program(t, nil, "", "slack-manifest"); r.stderr != "" {
		t.Errorf("Socket Mode needs no address, but: %s", r.stderr)
	}
}

// ready200 waits until serve is ready.
func ready200(ctx context.Context, address string) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-tick():
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
