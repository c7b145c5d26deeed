package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/store"
)

// patience is how long a test waits for what must happen. It passes only where
// something is wrong.
const patience = 20 * time.Second

// A testClock stands still unless it is moved.
type testClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *testClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// An office is a firm that runs the program on a database of its own, with a
// Telegram to itself.
type office struct {
	t        *testing.T
	ctx      context.Context
	dir      string
	env      []string
	clock    *testClock
	telegram *faketelegram.Server
	api      string
	serving  *serving
}

// serving is a serve that runs in this process.
type serving struct {
	stop   context.CancelFunc
	code   chan int
	stderr *paper
}

// newOffice makes an office whose clock stands at noon. env comes on top of what
// serve needs.
func newOffice(t *testing.T, env ...string) *office {
	t.Helper()
	return newOfficeOn(t, faketelegram.Options{}, env...)
}

// newOfficeOn is newOffice with a Telegram of its own kind.
func newOfficeOn(t *testing.T, options faketelegram.Options, env ...string) *office {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	o := &office{t: t, ctx: ctx, dir: t.TempDir(), clock: &testClock{t: noon()}, telegram: faketelegram.New(options)}
	url, stop := o.telegram.Start()
	t.Cleanup(stop)
	o.api = url
	o.env = append([]string{
		"DATABASE_URL=sqlite:" + filepath.Join(o.dir, "book.db"), "DATA_KEY_FILE=" + newKey(t, o.dir),
		"BOOKING=instant", "FIRM_NAME=Lee & Park LLP", "FIRM_PHONE=312-555-0100", "FIRM_ZONE=America/Chicago", "FIRM_HOURS=Mon-Fri 09:00-17:00", "USER=Lee Park",
		"TELEGRAM_BOT_TOKEN=" + faketelegram.Token, "TELEGRAM_API_URL=" + url, "TELEGRAM_RATE=0",
	}, env...)
	return o
}

// command runs another command beside serve.
func (o *office) command(args ...string) result {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.ctx, patience)
	defer cancel()
	var stdout, stderr strings.Builder
	code := run(ctx, args, o.env, strings.NewReader(""), &stdout, &stderr, o.clock.now)
	return result{code, stdout.String(), stderr.String()}
}

// must is command where anything but success ends the test.
func (o *office) must(args ...string) string {
	o.t.Helper()
	r := o.command(args...)
	if r.code != 0 {
		o.t.Fatalf("reschedulebot %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

// serve starts serve and returns once it listens to Telegram.
func (o *office) serve() {
	o.t.Helper()
	before := o.telegram.Count("getUpdates")
	o.serveUntil(func(ctx context.Context) error { return o.telegram.WaitCalls(ctx, "getUpdates", before+1) })
}

// serveUntil starts serve and returns once it listens, as listens tells.
func (o *office) serveUntil(listens func(context.Context) error) {
	o.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	s := &serving{stop: stop, code: make(chan int, 1), stderr: &paper{}}
	go func() {
		s.code <- run(ctx, []string{"serve"}, o.env, strings.NewReader(""), s.stderr, s.stderr, o.clock.now)
	}()
	o.serving = s
	o.t.Cleanup(func() {
		stop()
		if o.serving == s {
			<-s.code
		}
	})
	listening := make(chan error, 1)
	go func() { listening <- listens(o.ctx) }()
	select {
	case err := <-listening:
		if err != nil {
			o.t.Fatalf("serve does not poll: %v\n%s", err, s.stderr)
		}
	case code := <-s.code:
		s.code <- code
		o.t.Fatalf("serve ended at once with %d\n%s", code, s.stderr)
	}
}

// stop tells serve to end, and expects that it does so in order.
func (o *office) stop() {
	o.t.Helper()
	s := o.serving
	s.stop()
	o.serving = nil
	if code := <-s.code; code != 0 {
		o.t.Errorf("serve ended with %d\n%s", code, s.stderr)
	}
}

// open opens the office's database once more.
func (o *office) open() *store.Store {
	o.t.Helper()
	keys, err := store.ReadKeys(filepath.Join(o.dir, "data.key"))
	if err != nil {
		o.t.Fatal(err)
	}
	db, err := store.Open(o.ctx, "sqlite:"+filepath.Join(o.dir, "book.db"), store.Options{Now: o.clock.now, Keys: keys})
	if err != nil {
		o.t.Fatal(err)
	}
	return db
}

// moveTo moves the clock on. A serve that runs would have said all the while that
// it is alive; nobody may take it for dead because its clock leaps.
func (o *office) moveTo(db *store.Store, at time.Time) error {
	err := db.Update(o.ctx, func(tx *store.Tx) error {
		for _, i := range tx.Instances() {
			tx.Beat(i.ID, i.Kind, at.Add(time.Minute))
		}
		return nil
	})
	o.clock.set(at)
	return err
}

// hears is the next message that somebody gets.
func (o *office) hears(p *faketelegram.Person) faketelegram.Message {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.ctx, patience)
	defer cancel()
	m, err := p.Next(ctx)
	if err != nil {
		var log any = "(serve does not run)"
		if o.serving != nil {
			log = o.serving.stderr
		}
		o.t.Fatalf("%s heard nothing: %v\n%v", p.Name, err, log)
	}
	return m
}

// hearsOf expects words in the next message, and answers it.
func (o *office) hearsOf(p *faketelegram.Person, words string) faketelegram.Message {
	o.t.Helper()
	m := o.hears(p)
	if !strings.Contains(m.Text, words) {
		o.t.Fatalf("%s heard %q, want %q in it", p.Name, m.Text, words)
	}
	return m
}

// paper is what a process in this process writes.
type paper struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}
