package bot

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// Config are the parts of a Bot.
type Config struct {
	Store     *store.Store // its clock is the bot's
	Platforms []Platform
	Rules     scheduling.Rules
	Office    conversation.Office
	Plan      scheduling.Plan // when people are reminded
	// Staff answers who of the office speaks in a chat; it is asked at every
	// event, so that whoever has left can do nothing from then on. nil: nobody.
	Staff func(platform, chat string) (conversation.Person, bool)
	// ClientLink is what opens a client's chat with a link code; nil: not known.
	ClientLink func(code string) string
	// Desk is the channel of staff in which cards stand; the zero Place: nowhere.
	Desk Place
	// Duty are the people on the desk's platform who are asked about what nobody of
	// the office has taken on.
	Duty []string
	Kind string       // what this process is: "serve", "remind", "chat", …
	Log  *slog.Logger // nil: nothing is logged
}

// A Bot is one process's share of the work on a database. Others may work on the
// same one at the same time. Its methods may be called from any goroutine.
type Bot struct {
	store     *store.Store
	platforms map[string]Platform
	rules     scheduling.Rules
	office    conversation.Office
	plan      scheduling.Plan
	staff     func(platform, chat string) (conversation.Person, bool)
	link      func(code string) string // nil: not known
	desk      Place
	duty      []string
	kind      string
	log       *slog.Logger
	id        string // of this process, among those at work
	post      *post
	stuck     atomic.Bool // the last that was to be written could not be
}

// New puts a bot together. It does nothing yet.
func New(c Config) *Bot {
	b := &Bot{
		store: c.Store, platforms: map[string]Platform{}, rules: c.Rules, office: c.Office, plan: c.Plan,
		staff: c.Staff, link: c.ClientLink, desk: c.Desk, duty: c.Duty, kind: c.Kind, log: c.Log, id: rand.Text(),
	}
	for _, p := range c.Platforms {
		b.platforms[p.Name()] = p
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	if b.staff == nil {
		b.staff = func(string, string) (conversation.Person, bool) { return conversation.Person{}, false }
	}
	b.post = newPost(b)
	return b
}

// How a process shows that it is alive. What it holds is free for others once
// alive has passed since its last beat.
const (
	beatEvery = 20 * time.Second
	alive     = 90 * time.Second
	// outage is how long nobody may have listened before a press on a button is
	// lost for good: Telegram keeps them for 150 seconds.
	outage = 120 * time.Second
	drift  = time.Minute // what clocks of two machines may differ by
)

// begin makes this process known. On SQLite there is one serve at a time, so
// what an earlier one left behind is free at once.
func (b *Bot) begin(ctx context.Context) error {
	err := b.store.Update(ctx, func(t *store.Tx) error {
		t.Beat(b.id, b.kind, t.Now().Add(alive))
		if b.kind == "serve" && b.store.Engine() == "sqlite" {
			t.BuryKind(b.kind, b.id)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	b.post.beaten()
	return nil
}

// beat says that this process is alive, and when somebody last listened.
func (b *Bot) beat(ctx context.Context) error {
	err := b.store.Update(ctx, func(t *store.Tx) error {
		t.Beat(b.id, b.kind, t.Now().Add(alive))
		if b.kind == "serve" {
			t.SetAwake(t.Now())
		}
		return nil
	})
	b.stuck.Store(err != nil)
	if err == nil {
		b.post.beaten()
	}
	return err
}

// Writes tells whether the database took what was last to be written: it may be
// full, locked or gone. Nothing that people write is taken in then.
func (b *Bot) Writes() bool { return !b.stuck.Load() }

// end gives back what this process holds.
func (b *Bot) end(ctx context.Context) error {
	return b.store.Update(ctx, func(t *store.Tx) error {
		if b.kind == "serve" {
			t.SetAwake(t.Now())
		}
		t.Bye(b.id)
		return nil
	})
}

// Work does everything that is due, once, and returns when it is done: reminders
// and outcomes are written, and everything that can be sent is. It is for a
// process that does not Run.
func (b *Bot) Work(ctx context.Context) error {
	if err := b.begin(ctx); err != nil {
		return err
	}
	living, die := context.WithCancel(ctx)
	var life sync.WaitGroup
	life.Go(func() { b.keepAlive(living) }) // a firm's reminders may take minutes to send
	defer life.Wait()
	defer die()
	if err := b.Scan(ctx); err != nil {
		return err
	}
	if err := b.replan(ctx); err != nil {
		return err
	}
	return b.Deliver(ctx)
}

// Close ends a process that has called Work: what it holds is free.
func (b *Bot) Close(ctx context.Context) error {
	b.post.wait()
	return b.end(ctx)
}

// Next is when something will be due: a message, a reminder, the end of an open
// request. Zero: never.
func (b *Bot) Next(ctx context.Context) (time.Time, error) {
	var next time.Time
	err := b.store.View(ctx, func(t *store.Tx) error {
		urge := time.Time{}
		if b.desk.Chat != "" {
			urge = t.NextUrge()
		}
		for _, at := range []time.Time{t.NextDue(), t.NextReminder(), t.NextLapse(), urge} {
			if !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		return nil
	})
	return next, err
}
