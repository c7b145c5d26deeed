package telegram_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/bottest"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
	"reschedulebot/conversation"
)

// A rig is an adapter, the Telegram it talks to, and somebody who takes what it
// receives.
type rig struct {
	testing.TB
	srv  *faketelegram.Server
	p    *telegram.Platform
	log  *bottest.Logbook
	ears *ears
}

// bubble runs a test without a network, on a clock that jumps ahead whenever
// everybody waits.
func bubble(t *testing.T, o faketelegram.Options, c telegram.Config, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := faketelegram.New(o)
		c.APIURL, c.Transport = "http://telegram.invalid", srv.Transport()
		test(t, newRig(t, srv, c))
	})
}

// wired makes a rig that talks over the loopback interface.
func wired(t *testing.T, o faketelegram.Options, c telegram.Config) *rig {
	t.Helper()
	srv := faketelegram.New(o)
	address, stop := srv.Start()
	t.Cleanup(stop)
	c.APIURL = address
	return newRig(t, srv, c)
}

func newRig(t testing.TB, srv *faketelegram.Server, c telegram.Config) *rig {
	t.Helper()
	r := &rig{TB: t, srv: srv, log: &bottest.Logbook{}, ears: &ears{}}
	if c.Token == "" {
		c.Token = faketelegram.Token
	}
	c.Log = slog.New(slog.NewTextHandler(r.log, nil))
	p, err := telegram.New(c)
	if err != nil {
		t.Fatal(err)
	}
	r.p = p
	return r
}

// receive starts to receive. stop ends it and answers how it ended; the test's
// end does the same.
func (r *rig) receive() (stop func() error) {
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
		r.srv.StopDelivering()
	})
	return stop
}

// hears waits until that many events were taken.
func (r *rig) hears(n int) []bot.Incoming {
	r.Helper()
	return r.ears.wait(r.TB, n)
}

// settled waits until Telegram holds nothing back and nobody works.
func (r *rig) settled() {
	r.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := r.srv.WaitFor(ctx, func() bool { return r.srv.Pending() == 0 }); err != nil {
		r.Fatalf("%d updates wait for ever", r.srv.Pending())
	}
}

// say sends a text to a chat.
func (r *rig) send(m bot.Outgoing) (string, error) { return r.p.Send(context.Background(), m) }

// ears take events. check, when set, decides about each before it is noted.
type ears struct {
	mu     sync.Mutex
	got    []bot.Incoming
	tries  int
	check  func(context.Context, bot.Incoming) error
	rung   chan struct{}
	within map[string]int // takes that run, by chat
}

func (e *ears) take(ctx context.Context, in bot.Incoming) error {
	e.mu.Lock()
	e.tries++
	if e.within == nil {
		e.within = map[string]int{}
	}
	e.within[in.Chat]++
	if in.Chat != "" && e.within[in.Chat] > 1 {
		panic("two events of one person at the same time")
	}
	check := e.check
	e.mu.Unlock()

	var err error
	if check != nil {
		err = check(ctx, in)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.within[in.Chat]--
	if err == nil {
		e.got = append(e.got, in)
	}
	if e.rung != nil {
		close(e.rung)
		e.rung = nil
	}
	return err
}

func (e *ears) wait(t testing.TB, n int) []bot.Incoming {
	t.Helper()
	limit, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	defer stop()
	for {
		e.mu.Lock()
		got := slices.Clone(e.got)
		if e.rung == nil {
			e.rung = make(chan struct{})
		}
		rung := e.rung
		e.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-rung:
		case <-limit.Done():
			t.Fatalf("heard %d events, want %d", len(got), n)
		}
	}
}

func (e *ears) heard() []bot.Incoming {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.got)
}

// texts are what was said, one person's events or everybody's for "".
func texts(got []bot.Incoming, chat string) []string {
	var out []string
	for _, in := range got {
		if chat == "" || in.Chat == chat {
			out = append(out, in.Event.Text)
		}
	}
	return out
}

func line(text string) conversation.Paragraph {
	return conversation.Paragraph{Spans: []conversation.Span{{Text: text}}}
}

// says is a message of one line.
func says(chat, text string) bot.Outgoing {
	return bot.Outgoing{Kind: bot.Message, Chat: chat, Reply: conversation.Reply{Text: conversation.Text{line(text)}}}
}
