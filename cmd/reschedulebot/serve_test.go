package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

// client puts a case on file for somebody and has them open their link.
func (o *office) client(name, receipt string) *faketelegram.Person {
	o.t.Helper()
	path := filepath.Join(o.dir, receipt+".csv")
	row := fmt.Sprintf("receipt_number,asc_code,appointment_date,appointment_time,form_type,g28_on_file\n%s,XCB,2026-12-11,10:00,I-485,yes\n", receipt)
	if err := os.WriteFile(path, []byte(row), 0o600); err != nil {
		o.t.Fatal(err)
	}
	o.must("import", path)
	p := o.telegram.Person(name, "")
	o.follow(p, o.must("invite", receipt))
	return p
}

// follow opens a link and says that the case is theirs.
func (o *office) follow(p *faketelegram.Person, link string) {
	o.t.Helper()
	_, code, ok := strings.Cut(strings.TrimSpace(link), "https://t.me/"+faketelegram.Username+"?start=")
	if !ok {
		o.t.Fatalf("no link: %q", link)
	}
	p.Say("/start " + code)
	o.hearsOf(p, "Lee & Park LLP")
	o.press(p, "Yes, it is mine")
	o.hearsOf(p, "What would you like to do?")
}

func (o *office) press(p *faketelegram.Person, label string) {
	o.t.Helper()
	if _, err := p.Press(label); err != nil {
		o.t.Fatal(err)
	}
}

// asks goes through the flow up to the last question, by buttons.
func (o *office) asks(p *faketelegram.Person) {
	o.t.Helper()
	p.Say("/reschedule")
	o.hearsOf(p, "Why do you need another date?")
	o.press(p, "Travel already planned")
	o.hearsOf(p, "Where would you like to go?")
	o.press(p, "Same place: Chicago, IL")
	o.hearsOf(p, "Which time")
	o.press(p, "Mon Dec 14, 10:00 AM")
	o.hearsOf(p, "Please check")
}

func TestServe(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.must("import", filepath.Join(o.dir, "sample.csv")) // makes the database
	o.serve()
	ana := o.client("Ana", "IOE0000000201")
	o.asks(ana)
	o.press(ana, "Yes, move it")
	if m := o.hearsOf(ana, "Your appointment was moved"); !m.Protected {
		t.Error("case details can be forwarded")
	}
	if m := o.hears(ana); m.File == nil || !strings.Contains(string(m.File.Data), "BEGIN:VCALENDAR") {
		t.Errorf("instead of a calendar file came %q", m.Text)
	}
	stderr := o.serving.stderr
	o.stop()
	if !strings.Contains(stderr.String(), "reschedulebot serves") || strings.Count(stderr.String(), "reschedulebot serves") != 1 {
		t.Errorf("want one line about what runs:\n%s", stderr)
	}
	for _, never := range []string{"FAKE-token", "IOE0000000201", "Ana"} {
		if strings.Contains(stderr.String(), never) {
			t.Errorf("the log holds %q:\n%s", never, stderr)
		}
	}
}

// TestStaffBesideServe: what staff do on the command line reaches clients
// within serve's second.
func TestStaffBesideServe(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "BOOKING=desk")
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	o.serve()
	ana := o.client("Ana", "IOE0000000201")

	o.asks(ana)
	o.press(ana, "Yes, send the request")
	o.hearsOf(ana, "Requested, not confirmed yet")
	out := o.must("decide", "1", "--confirm", "--at", "2026-12-16 09:40", "--by", "Lee Park")
	for _, want := range []string{"R1 is confirmed", "Wed 2026-12-16 09:40 CST", "IOE******0201", "moved 1 time\n", "is told"} {
		if !strings.Contains(out, want) {
			t.Errorf("decide says %q, want %q in it", out, want)
		}
	}
	if strings.Contains(out, "usually closed") {
		t.Errorf("an ordinary Wednesday: %q", out)
	}
	if audit := o.must("export", "audit"); !strings.Contains(audit, `-06:00""`) || strings.Contains(audit, `Z""`) {
		t.Errorf("the record tells times of appointments otherwise than at the site:\n%s", audit)
	}
	o.hearsOf(ana, "Wed Dec 16, 2026, 9:40 AM")
	if m := o.hears(ana); m.File == nil {
		t.Errorf("instead of a calendar file came %q", m.Text)
	}
	if r := o.command("decide", "r1", "--refuse", "again"); r.code != 1 || !strings.Contains(r.stderr, "request R1 is confirmed already, by Lee Park") {
		t.Errorf("decided twice: exit %d, %s", r.code, r.stderr)
	}

	o.request(ana)
	o.must("decide", "R2", "--refuse", "No time was free.")
	o.hearsOf(ana, `Lee Park of Lee & Park LLP writes: "No time was free."`)
	// A confirmed one says what was given, the others what was wanted.
	moved := regexp.MustCompile(`(?m)^R1,.*,confirmed,.*,XCB,2026-12-16T09:40:00-06:00,[^,]*,[^,]*,Lee Park,telegram,`)
	if out := o.must("export", "requests"); !moved.MatchString(out) {
		t.Errorf("the export does not say what was given:\n%s", out)
	}

	path := filepath.Join(o.dir, "moved.csv")
	row := "Receipt_Number,ASC_Code,appointment_date,appointment_time\nIOE0000000201,XCB,12/18/2026,11:00 AM\n"
	if err := os.WriteFile(path, []byte(row), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := o.must("import", path); !strings.Contains(out, "updated: 1") {
		t.Errorf("import says %q", out)
	}
	o.hearsOf(ana, "Fri Dec 18, 2026, 11:00 AM")
	if m := o.hears(ana); m.File == nil {
		t.Errorf("instead of a calendar file came %q", m.Text)
	}

	db := o.open()
	defer db.Close()
	if err := o.moveTo(db, time.Date(2026, 12, 11, 17, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	o.must("remind")
	o.hearsOf(ana, "Reminder")
	o.stop()
	if m := ana.Messages(); strings.Count(fmt.Sprint(m), "Reminder: your") != 1 {
		t.Error("the reminder came more than once")
	}
}

// request asks for another time by typing, and sends the request.
func (o *office) request(p *faketelegram.Person) {
	o.t.Helper()
	p.Say("/reschedule")
	o.hearsOf(p, "Why do you need another date?")
	for _, say := range []struct{ words, hear string }{
		{"1", "Where would you like to go?"}, {"1", "Which time"}, {"1", "Please check"}, {"yes", "Requested, not confirmed yet"},
	} {
		p.Say(say.words)
		o.hearsOf(p, say.hear)
	}
}

// confirmed waits until everything said has been taken in and confirmed.
func (o *office) confirmed() {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.ctx, patience)
	defer cancel()
	if err := o.telegram.WaitFor(ctx, func() bool { return o.telegram.Pending() == 0 }); err != nil {
		o.t.Fatalf("%d events are not confirmed: %v\n%s", o.telegram.Pending(), err, o.serving.stderr)
	}
}

// dueReminder is an office that does not serve on the day on which a client is to be
// reminded.
func dueReminder(t *testing.T) (*office, *faketelegram.Person) {
	t.Helper()
	o := newOffice(t)
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	o.serve()
	ana := o.client("Ana", "IOE0000000201")
	o.stop()
	o.clock.set(time.Date(2026, 12, 4, 16, 30, 0, 0, time.UTC))
	return o, ana
}

func TestRemindAlone(t *testing.T) {
	t.Parallel()
	o, ana := dueReminder(t)
	polls := o.telegram.Count("getUpdates")
	o.must("remind")
	o.hearsOf(ana, "Fri Dec 11, 2026, 10:00 AM")
	o.must("remind")
	if n := o.telegram.Count("getUpdates"); n != polls {
		t.Errorf("remind polled %d times; that is serve's", n-polls)
	}
	if n := strings.Count(fmt.Sprint(ana.Messages()), "Reminder: your"); n != 1 {
		t.Errorf("%d reminders after two runs, want 1", n)
	}
}

func TestSecondServeIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.serve()
	r := o.command("serve")
	if r.code != 1 || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "stop that first") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	if r := o.command("chat", "--db", filepath.Join(o.dir, "book.db")); r.code != 1 || !strings.Contains(r.stderr, "stop that first") {
		t.Errorf("a chat on the same database: exit %d: %s", r.code, r.stderr)
	}
	link := filepath.Join(o.dir, "link.db")
	made := os.Symlink("book.db", link)
	if r := o.command("chat", "--db", link); made == nil && (r.code != 1 || !strings.Contains(r.stderr, "stop that first")) {
		t.Errorf("a chat on the same database under another name: exit %d: %s", r.code, r.stderr)
	}
	o.stop()
	o.serve() // the lock is free again
	o.stop()
}

// TestClockThatWentBack: a machine that starts with a clock that has lost its time says
// so.
func TestClockThatWentBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const words = "the clock shows less"
	for _, back := range []time.Duration{0, 30 * time.Second, 3 * time.Hour} {
		o.clock.set(noon().Add(-back))
		o.serve()
		stderr := o.serving.stderr
		for back > time.Minute && !strings.Contains(stderr.String(), words) {
			select {
			case <-tick():
			case <-o.ctx.Done():
				t.Fatalf("the clock went back by %v: %s", back, stderr)
			}
		}
		o.stop()
		if back < time.Minute && strings.Contains(stderr.String(), words) {
			t.Errorf("the clock went back by %v: %s", back, stderr)
		}
	}
}

func TestServeEndsWhenTheTokenIsRevoked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.serve()
	s := o.serving
	o.telegram.Revoke()
	if code := <-s.code; code != 1 {
		t.Errorf("exit %d, want 1", code)
	}
	s.code <- 1
	lines := strings.Split(strings.TrimSpace(s.stderr.String()), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "reschedulebot: ") || !strings.Contains(last, "TELEGRAM_BOT_TOKEN") {
		t.Errorf("the last line is %q", last)
	}
	if strings.Contains(s.stderr.String(), "FAKE-token") {
		t.Error("the token is shown")
	}
}

// freeAddress is an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

func TestHealthAndMetrics(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	o := newOffice(t, "LISTEN="+address, "BOOKING=desk")
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	o.serve()
	ana := o.client("Ana", "IOE0000000201")
	o.request(ana)
	o.confirmed() // an answer may be there before its event is counted
	if code, body := get(t, "http://"+address+"/healthz"); code != 200 || body != "ok\n" {
		t.Errorf("/healthz: %d %s", code, body)
	}
	if code, body := get(t, "http://"+address+"/readyz"); code != 200 || body != "ready\n" {
		t.Errorf("/readyz: %d %s", code, body)
	}
	code, body := get(t, "http://"+address+"/metrics")
	if code != 200 {
		t.Fatalf("/metrics: %d %s", code, body)
	}
	for _, want := range []string{
		"reschedulebot_turns_total{platform=\"telegram\"} 7\n", "reschedulebot_requests_open 1\n", "reschedulebot_messages_waiting ",
		"reschedulebot_oldest_message_waiting_seconds 0\n", "reschedulebot_alarms_open 0\n", fmt.Sprintf("process_start_time_seconds %d\n", noon().Unix()), "# TYPE reschedulebot_turns_total counter\n",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %q:\n%s", want, body)
		}
	}
	for _, never := range []string{"IOE", "Ana", "FAKE-token", fmt.Sprint(ana.ID)} {
		if strings.Contains(body, never) {
			t.Errorf("/metrics holds %q", never)
		}
	}
	for path, want := range map[string]int{"/": 404, "/telegram/webhook": 404, "/metrics/x": 404} {
		if code, body := get(t, "http://"+address+path); code != want {
			t.Errorf("%s: %d %s, want %d", path, code, body, want)
		}
	}
	if r, err := http.Post("http://"+address+"/healthz", "", nil); err != nil || r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST /healthz: %v %v", r, err)
	}
	o.stop()
	if _, err := http.Get("http://" + address + "/healthz"); err == nil {
		t.Error("it still listens after the end")
	}
}

// TestNotReady: a bot that Telegram does not answer is not ready, and is again
// once it does.
func TestNotReady(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	o := newOffice(t, "LISTEN="+address)
	o.serve()
	polls := o.telegram.Count("getUpdates")
	o.telegram.Fail(faketelegram.Fault{Method: "getUpdates", Do: faketelegram.Refuse, Code: 409, Description: "Conflict: terminated by other getUpdates request"})
	o.telegram.Person("Ana", "").Say("hello") // ends the poll that is under way
	if err := o.telegram.WaitCalls(o.ctx, "getUpdates", polls+2); err != nil {
		t.Fatal(err)
	}
	ready := func() bool { code, _ := get(t, "http://"+address+"/readyz"); return code == 200 }
	if ready() {
		t.Error("ready although somebody else receives the updates")
	}
	o.telegram.Heal()
	if err := o.telegram.WaitFor(o.ctx, ready); err != nil {
		t.Errorf("not ready again: %v", err)
	}
	o.stop()
}

func TestListenerThatIsTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o := newOffice(t, "LISTEN="+l.Addr().String())
	if r := o.command("serve"); r.code != 1 || !strings.Contains(r.stderr, "LISTEN") || strings.Count(r.stderr, "\n") != 1 {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef_-"
	address := freeAddress(t)
	o := newOfficeOn(t, faketelegram.Options{Webhook: faketelegram.To(address)},
		"LISTEN="+address, "TELEGRAM_WEBHOOK_URL=https://bot.example.com", "TELEGRAM_WEBHOOK_SECRET="+secret)
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	o.serveHook()
	ana := o.client("Ana", "IOE0000000201")
	o.asks(ana)
	if n := o.telegram.Count("getUpdates"); n != 0 {
		t.Errorf("it polled %d times beside the webhook", n)
	}
	hook := "http://" + address + "/telegram/webhook"
	for _, forged := range []string{"", "x", secret + "x"} {
		r, err := http.NewRequestWithContext(o.ctx, "POST", hook, strings.NewReader(`{"update_id":1}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", forged)
		answer, err := http.DefaultClient.Do(r)
		if err != nil || answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("secret %q: %v %v", forged, answer, err)
		}
	}
	o.stop()
}

// serveHook is serve where Telegram brings the updates.
func (o *office) serveHook() {
	o.t.Helper()
	o.serveUntil(func(ctx context.Context) error {
		return o.telegram.WaitFor(ctx, func() bool {
			calls := o.telegram.Calls("setWebhook")
			return len(calls) > 0 && calls[len(calls)-1].Done
		})
	})
}
