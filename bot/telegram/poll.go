package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot"
	"reschedulebot/bot/pace"
	"reschedulebot/conversation"
)

const (
	batchSize  = 100
	longPoll   = 50 * time.Second // the most Telegram does
	shortPoll  = time.Second      // after trouble, to learn soon that it is over
	pollTime   = longPoll + 15*time.Second
	hollowPoll = 100 * time.Millisecond // a poll that brought nothing new should take longer
	conflicted = 3 * time.Second
	retake     = time.Second       // after a take that failed; others must not wait long
	quiet      = time.Minute       // between two lines about the same trouble
	pressLife  = 120 * time.Second // Telegram keeps a press for 150 seconds
)

// take is the bot's: nil means that the event is safe.
type take func(context.Context, bot.Incoming) error

// poller asks for updates. The offset it asks with confirms every update before
// it, so it moves only past what was taken.
type poller struct {
	p        *Platform
	take     take
	offset   int
	failures int // in a row
	spoken   time.Time
	heard    time.Time // when Telegram last answered
}

// run polls until ctx ends. It returns an error only when no poll can succeed.
func (l *poller) run(ctx context.Context) error {
	l.heard = time.Now()
	for ctx.Err() == nil {
		began := time.Now()
		raws, err := l.ask(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if err := fatal(err); err != nil {
				return err
			}
			l.p.hears.Store(false)
			l.trouble(ctx, err)
			continue
		}
		l.p.hears.Store(true)
		before := l.offset
		if err := l.batch(ctx, raws); err != nil {
			l.trouble(ctx, err)
			continue
		}
		if err := l.wake(ctx, began); err != nil {
			l.trouble(ctx, err)
			continue
		}
		l.failures = 0
		if l.offset == before && time.Since(began) < hollowPoll {
			_ = pace.Pause(ctx, hollowPoll/5)
		}
	}
	return nil
}

// wake has open questions asked again when Telegram could not be heard for so long
// that it has dropped presses meanwhile. asked is when the last poll began.
func (l *poller) wake(ctx context.Context, asked time.Time) error {
	if l.failures > 0 && asked.Sub(l.heard) > pressLife {
		err := l.take(ctx, bot.Incoming{Platform: l.p.Name(), Event: conversation.Event{Kind: conversation.Asleep}})
		if err != nil {
			return err
		}
	}
	l.heard = time.Now()
	return nil
}

func (l *poller) ask(ctx context.Context) ([]json.RawMessage, error) {
	wait := longPoll
	if l.failures > 0 {
		wait = shortPoll
	}
	params := tgbotapi.Params{
		"timeout":         strconv.Itoa(int(wait / time.Second)),
		"limit":           strconv.Itoa(batchSize),
		"allowed_updates": allowedUpdates,
	}
	params.AddNonZero("offset", l.offset)
	raw, err := l.p.api.call(ctx, pollTime, "getUpdates", params)
	if err != nil {
		return nil, err
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(raw, &raws); err != nil {
		return nil, &fault{method: "getUpdates", text: "an answer of an unknown form"}
	}
	return raws, nil
}

// trouble backs off, and says why once a minute at most.
func (l *poller) trouble(ctx context.Context, err error) {
	l.failures++
	if ctx.Err() != nil {
		return
	}
	if l.spoken.IsZero() || time.Since(l.spoken) >= quiet {
		l.spoken = time.Now()
		if conflict(err) {
			l.p.log.Error("somebody else receives this bot's updates: stop the other program, or get a new token from @BotFather", "error", err)
			l.p.alarm(ctx, l.take)
			l.unhook(ctx, err)
		} else {
			l.p.log.Warn("updates can't be received for the moment", "error", err, "failures", l.failures)
		}
	}
	wait := pace.Backoff(l.failures)
	switch f := (*fault)(nil); {
	case !errors.As(err, &f):
		wait = retake
	case conflict(err):
		wait = conflicted + pace.Backoff(1)
	case class(f) == bot.Wait:
		wait = waitFor(f)
	}
	_ = pace.Pause(ctx, wait)
}

// unhook removes a webhook that another program has set meanwhile: it would stand
// in the way of polls also when that program is long gone.
func (l *poller) unhook(ctx context.Context, why error) {
	if !says(why, "webhook", "setWebhook") {
		return
	}
	_, err := l.p.api.call(ctx, callTime, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "false"})
	if err != nil && ctx.Err() == nil {
		l.p.log.Warn("a webhook could not be removed", "error", err)
	}
}

// batch takes all updates and moves the offset past those that were taken, up to
// the first that was not: what was taken behind it comes again and is known.
func (l *poller) batch(ctx context.Context, raws []json.RawMessage) error {
	updates := l.read(raws)
	for i := range updates {
		if press := updates[i].press; press != "" {
			l.p.answers.answer(ctx, press)
		}
	}
	failed, err := takeAll(ctx, updates, l.take)
	if err != nil {
		l.offset = updates[failed].id
		return err
	}
	if n := len(updates); n > 0 {
		// Ids may begin anew, lower: whatever came last is what is confirmed.
		l.offset = updates[n-1].id + 1
	}
	return nil
}

func (l *poller) read(raws []json.RawMessage) []update {
	updates := make([]update, len(raws))
	me := l.p.username()
	next := l.offset
	for i, raw := range raws {
		u := readUpdate(raw, me)
		if !u.hasID {
			u.id = next
		}
		next = u.id + 1
		updates[i] = u
	}
	return updates
}

// takeAll has each person's events taken in order, and different people's at the
// same time. A person's later events wait when an earlier one could not be
// taken. It returns the first update that was not taken and why.
func takeAll(ctx context.Context, updates []update, take take) (int, error) {
	lanes := map[string][]int{}
	for i := range updates {
		if updates[i].takes {
			lanes[updates[i].lane()] = append(lanes[updates[i].lane()], i)
		}
	}
	var (
		running sync.WaitGroup
		mu      sync.Mutex
		failed  = len(updates)
		why     error
	)
	for _, lane := range lanes {
		running.Go(func() {
			for _, i := range lane {
				err := ctx.Err()
				if err == nil {
					err = take(ctx, updates[i].in)
				}
				if err == nil {
					continue
				}
				mu.Lock()
				defer mu.Unlock()
				if i < failed {
					failed, why = i, err
				}
				return
			}
		})
	}
	running.Wait()
	return failed, why
}
