package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/store/pgtest"
)

// finds runs the doctor and expects an exit code and words in its lines.
func (o *office) finds(code int, words ...string) {
	o.t.Helper()
	r := o.command("doctor")
	if r.code != code {
		o.t.Errorf("the doctor ends with %d, want %d\n%s%s", r.code, code, r.stdout, r.stderr)
	}
	for _, w := range words {
		if !strings.Contains(r.stdout, w) {
			o.t.Errorf("the doctor does not say %q:\n%s", w, r.stdout)
		}
	}
	if strings.Contains(r.stdout+r.stderr, "FAKE-token") {
		o.t.Error("the doctor shows the token")
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		ill   func(*office)
		code  int
		words []string
	}{
		{"all is well", func(o *office) {}, 0,
			[]string{"ok    configuration: booking instant", "ok    time zone data", "ok    clock", "ok    disk", "sealed, and the key fits", "ok    database file", "ok    telegram: this is @" + faketelegram.Username,
				"note  slack: off, because SLACK_BOT_TOKEN is not set"}},
		{"a configuration that serve refuses", func(o *office) { o.env = append(o.env, "BOOKING=maybe", "FIRM_NAME=", "REMIND_LEADS=x") }, 1,
			[]string{"WRONG BOOKING:", "WRONG REMIND_LEADS:", "ok    database"}},
		{"no token", func(o *office) { o.env = append(o.env, "TELEGRAM_BOT_TOKEN=") }, 1, []string{"WRONG TELEGRAM_BOT_TOKEN: is not set"}},
		{"a token that Telegram does not know", func(o *office) { o.telegram.Revoke() }, 1, []string{"WRONG telegram: this bot token is unknown to Telegram"}},
		{"nobody at that address", func(o *office) { o.env = append(o.env, "TELEGRAM_API_URL=http://127.0.0.1:1") }, 1, []string{"WRONG telegram: getMe"}},
		{"a Telegram in trouble", func(o *office) {
			o.telegram.Fail(faketelegram.Fault{Method: "getWebhookInfo", Do: faketelegram.Refuse, Code: 409, Description: "Conflict: terminated by other"})
		}, 1, []string{"WRONG telegram: getWebhookInfo: 409"}},
		{"a webhook that was left over", func(o *office) { o.hook() }, 0, []string{"note  webhook: one is left over"}},
		{"a webhook that is wanted and not set", func(o *office) { o.wantHook() }, 0, []string{"note  webhook: it is not set yet"}},
		{"a webhook that leads elsewhere", func(o *office) { o.hook(); o.wantHook() }, 0, []string{"note  webhook: it leads to another address"}},
		{"a database that others can read", func(o *office) {
			if err := os.Chmod(filepath.Join(o.dir, "book.db"), 0o644); err != nil {
				o.t.Fatal(err)
			}
		}, 1, []string{"WRONG database file: others can read"}},
		{"a token file that others can read", func(o *office) {
			path := o.write("token", faketelegram.Token)
			if err := os.Chmod(path, 0o640); err != nil {
				o.t.Fatal(err)
			}
			o.env = append(o.env, "TELEGRAM_BOT_TOKEN=", "TELEGRAM_BOT_TOKEN_FILE="+path)
		}, 1, []string{"WRONG TELEGRAM_BOT_TOKEN_FILE: others can read", "ok    telegram"}},
		{"a key file that others can read", func(o *office) {
			if err := os.Chmod(filepath.Join(o.dir, "data.key"), 0o644); err != nil {
				o.t.Fatal(err)
			}
		}, 1, []string{"WRONG DATA_KEY_FILE: others can read", "note  database: not looked at, because its key can't be read"}},
		{"files of somebody else", func(o *office) {
			if os.Geteuid() == 0 {
				o.t.Skip("the administrator writes everything")
			}
			if err := os.Chmod(o.dir, 0o500); err != nil {
				o.t.Fatal(err)
			}
			o.t.Cleanup(func() { os.Chmod(o.dir, 0o700) })
		}, 1, []string{"WRONG database:", "must be able to write that file and the folder"}},
		{"a key that does not fit", func(o *office) { o.write("data.key", "1 "+strings.Repeat("cd", 32)+"\n") }, 1, []string{"WRONG database:", "DATA_KEY_FILE"}},
		{"a clock that is slow", func(o *office) { o.clock.set(noon().Add(-time.Hour)) }, 1, []string{"WRONG clock: it shows 2026-12-01T13:00:00Z, but something was written at 2026-12-01T14:00:00Z"}},
		{"a damaged database", func(o *office) { o.damage() }, 1, []string{"WRONG database:"}},
		{"no database yet", func(o *office) { o.env = append(o.env, "DATABASE_URL=sqlite:"+filepath.Join(o.dir, "new.db")) }, 0, []string{"note  database: there is none"}},
		{"no folder for the database", func(o *office) { o.env = append(o.env, "DATABASE_URL=sqlite:"+filepath.Join(o.dir, "no", "new.db")) }, 1, []string{"WRONG disk: the folder"}},
		{"messages that nobody sends", func(o *office) { o.leaveWaiting() }, 0, []string{"note  work:", "0 serve running, 1 messages due", "has waited 1h0m0s"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.must("import", filepath.Join(o.dir, "sample.csv"))
			test.ill(o)
			o.finds(test.code, test.words...)
		})
	}
}

// Several programs on one PostgreSQL go by their own clocks: they must show the same.
func TestDoctorComparesClocks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.env = append(o.env, "DATABASE_URL="+pgtest.New(t))
	o.clock.set(time.Now().Add(3 * time.Second))
	o.finds(0, "ok    clock")
	o.clock.set(time.Now().Add(-2 * time.Minute))
	o.finds(1, "WRONG clock: it differs by 2m", "from that of the database's machine")
}

func TestDoctorWarnsOfGroups(t *testing.T) {
	t.Parallel()
	o := newOfficeOn(t, faketelegram.Options{JoinsGroups: true})
	o.finds(0, "note  telegram: the bot can be added to groups")
}

// A webhook that failed once and has worked since is nothing wrong: Telegram goes on
// telling of the failure.
func TestDoctorTellsOldTroubleFromNew(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		ago     time.Duration
		recover bool
		code    int
		words   string
	}{
		{"long ago, and all was delivered since", 2 * time.Hour, true, 0, "note  webhook: Telegram could not deliver at 2026-12-01T12:00:00Z"},
		{"long ago, and it still waits", 2 * time.Hour, false, 1, "WRONG webhook: Telegram could not deliver"},
		{"a moment ago", time.Minute, true, 1, "WRONG webhook: Telegram could not deliver"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := newOfficeOn(t, faketelegram.Options{Now: func() time.Time { return noon().Add(-test.ago) }})
			came := make(chan bool, 100)
			door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if came <- true; !test.recover || len(came) == 1 {
					w.WriteHeader(http.StatusBadGateway)
				}
			}))
			t.Cleanup(door.Close)
			t.Cleanup(o.telegram.StopDelivering)
			get(t, o.api+"/bot"+faketelegram.Token+"/setWebhook?url="+door.URL)
			o.telegram.Person("Ana", "en").Say("hello")
			if err := o.telegram.WaitFor(o.ctx, func() bool { return len(came) >= 2 && (o.telegram.Pending() == 0) == test.recover }); err != nil {
				t.Fatal(err)
			}
			o.finds(test.code, test.words)
		})
	}
}

func TestDoctorSeesServe(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.serve()
	o.finds(0, "ok    work: 1 serve running")
	o.stop()
	o.finds(0, "ok    work: 0 serve running")
}

// hook sets a webhook at Telegram, as another program might have.
func (o *office) hook() {
	o.t.Helper()
	code, body := get(o.t, o.api+"/bot"+faketelegram.Token+"/setWebhook?url=https://old.example.com/hook")
	if code != 200 {
		o.t.Fatalf("setWebhook: %d %s", code, body)
	}
}

func (o *office) wantHook() {
	o.env = append(o.env, "TELEGRAM_WEBHOOK_URL=https://bot.example.com", "TELEGRAM_WEBHOOK_SECRET=0123456789abcdef")
}

// damage overwrites the middle of the database file.
func (o *office) damage() {
	o.t.Helper()
	f, err := os.OpenFile(filepath.Join(o.dir, "book.db"), os.O_RDWR, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(strings.Repeat("spilt coffee ", 1500)), info.Size()/2); err != nil {
		o.t.Fatal(err)
	}
}

// leaveWaiting has something to say to a client that nobody says for an hour.
func (o *office) leaveWaiting() {
	o.t.Helper()
	o.serve()
	o.client("Ana", "IOE0000000201")
	o.stop()
	o.must("import", o.write("moved.csv", "receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000201,XCB,2026-12-18,10:00\n"))
	o.clock.set(noon().Add(time.Hour))
}
