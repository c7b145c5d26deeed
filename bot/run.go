package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"reschedulebot/bot/store"
)

// drain is how long what is under way at the end may take.
const drain = 15 * time.Second

// Run receives on every platform, delivers, and scans whenever schedule ticks (a
// cron specification), until ctx ends, no platform lets it in any more, or one never
// did. What was taken in or is being sent is finished first.
func (b *Bot) Run(ctx context.Context, schedule string) error {
	if err := b.begin(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var parts sync.WaitGroup
	listening, hush := context.WithCancel(ctx)
	defer hush()
	for _, p := range b.platforms {
		parts.Go(func() { b.post.listen(listening, p) })
	}
	parts.Go(func() { b.post.run(ctx) })
	parts.Go(func() { b.keepAlive(ctx) })
	parts.Go(func() { b.wakeUp(ctx) })
	parts.Go(func() { b.tick(ctx, schedule) })
	select {
	case <-ctx.Done():
	case <-b.post.stopped:
		stop(b.post.failure())
	}
	parts.Wait()
	b.finish()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// finish waits for what is being sent, and gives back what this process holds.
func (b *Bot) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	sent := make(chan struct{})
	go func() { defer close(sent); b.post.wait() }()
	select {
	case <-sent:
	case <-ctx.Done():
		b.log.Warn("messages were still on their way at the end; they are sent again")
	}
	if err := b.end(ctx); err != nil {
		b.log.Error("this process could not say goodbye; what it holds is free in a while", "error", err)
	}
}

// wakeUp repeats the open questions when nobody has listened for a while.
func (b *Bot) wakeUp(ctx context.Context) {
	var since time.Duration
	err := b.store.View(ctx, func(t *store.Tx) error {
		if at := t.Awake(); !at.IsZero() {
			since = t.Now().Sub(at)
		}
		return nil
	})
	if since < -drift {
		b.log.Error("the clock shows less than when somebody last listened: set it, and let NTP keep it; until then it is wrong what is too late, and reminders wait",
			"behind", -since)
	}
	if err == nil && since > outage {
		for name := range b.platforms {
			err = errors.Join(err, b.repeatQuestions(ctx, name))
		}
	}
	if err = errors.Join(err, b.beat(ctx)); err != nil && ctx.Err() == nil {
		b.log.Error("waking up", "error", err)
	}
}

func (b *Bot) keepAlive(ctx context.Context) {
	every := time.NewTicker(beatEvery)
	defer every.Stop()
	lying := adrift{freed: map[string]int{}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		err := b.beat(ctx)
		if err != nil && ctx.Err() == nil {
			b.log.Error("this process can't say that it is alive", "error", err)
		}
		if err != nil {
			lying.seen = nil // what could not be recorded is not adrift
		} else if err := lying.look(ctx, b); err != nil && ctx.Err() == nil {
			b.log.Error("the outbox", "error", err)
		}
	}
}

// tick scans now and at every tick; a tick that comes while a scan still runs
// is left out. Reminders are planned anew when the plan has changed.
func (b *Bot) tick(ctx context.Context, schedule string) {
	scan := func() {
		if err := b.Scan(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("scan", "error", err)
		}
		b.post.wake()
	}
	logger := cron.DiscardLogger
	ticks := cron.New(cron.WithLogger(logger), cron.WithLocation(time.UTC), cron.WithChain(cron.Recover(logger), cron.SkipIfStillRunning(logger)))
	if _, err := ticks.AddFunc(schedule, scan); err != nil {
		b.log.Error("the cron specification can't be read; reminders are looked for only at the start", "error", err)
	}
	scan() // what fell due under the plan that was is written before that is changed
	if err := b.replan(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("plan", "error", err)
	}
	ticks.Start()
	<-ctx.Done()
	<-ticks.Stop().Done()
}
