package telegram

import (
	"cmp"
	"context"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot"
	"reschedulebot/bot/pace"
)

// Receive polls, or waits for Handler's requests when a webhook is configured.
// It returns an error only when Telegram refuses the bot as such. Trouble of the
// network or of take is waited out. While it runs it puts right what another
// program with the same token changes about the way the updates come, and has staff
// told.
//
// Before the first poll it asks Telegram who it is and removes a webhook that was
// left behind, keeping what waits there. The command lists and descriptions are
// written meanwhile; that they can't be is only logged.
func (p *Platform) Receive(ctx context.Context, take func(context.Context, bot.Incoming) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer p.answers.wait()
	defer p.hears.Store(false)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer cancel()

	if p.config.WebhookURL != "" {
		return p.receiveHook(ctx, take, &beside)
	}
	if err := p.prepare(ctx, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "false"}); err != nil || ctx.Err() != nil {
		return err
	}
	beside.Go(func() { p.describe(ctx) })
	l := &poller{p: p, take: take}
	return l.run(ctx)
}

// prepare makes the two calls that must precede everything else: getMe, and the
// one that says how updates come.
func (p *Platform) prepare(ctx context.Context, method string, params tgbotapi.Params) error {
	var me tgbotapi.User
	var errMe, errHow error
	var calls sync.WaitGroup
	calls.Go(func() {
		errMe = p.persist(ctx, func() (err error) {
			me, err = get[tgbotapi.User](ctx, p.api, "getMe", nil)
			return err
		})
	})
	calls.Go(func() {
		errHow = p.persist(ctx, func() error {
			_, err := p.api.call(ctx, callTime, method, params)
			return err
		})
	})
	calls.Wait()
	if err := cmp.Or(errMe, errHow); err != nil {
		return bot.NotLetIn{Err: err}
	}
	if ctx.Err() == nil {
		p.hears.Store(true)
		p.me.Store(&me)
		if me.CanJoinGroups {
			p.log.Warn("this bot can be added to groups; switch that off with /setjoingroups at @BotFather")
		}
	}
	return nil
}

// persist repeats a call until it succeeds, ctx ends (nil), or it is refused for
// good.
func (p *Platform) persist(ctx context.Context, call func() error) error {
	for try := 1; ; try++ {
		err := call()
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if sentence := fatal(err); sentence != nil {
			return sentence
		}
		e := sendError(err)
		if e.Class == bot.Never {
			return e.Err
		}
		wait := pace.Backoff(try)
		if e.Class == bot.Wait {
			wait = e.After
		}
		p.log.Warn("Telegram does not answer yet", "error", err, "again_in", wait)
		_ = pace.Pause(ctx, wait)
	}
}

// alarm has staff told that clients' messages go elsewhere, once an hour at most.
func (p *Platform) alarm(ctx context.Context, take take) {
	err := take(ctx, bot.Incoming{
		Platform: "telegram", EventID: "conflict-" + time.Now().UTC().Format("2006-01-02T15"), Alarm: bot.AlarmConflict,
	})
	if err != nil && ctx.Err() == nil {
		p.log.Error("staff could not be told", "error", err)
	}
}

// ClientLink is what opens a chat with the bot with a link code; "" before Telegram
// has told what the bot is called.
func (p *Platform) ClientLink(code string) string {
	name := p.username()
	if name == "" {
		return ""
	}
	return "https://t.me/" + name + "?start=" + code
}

// username is the bot's, "" before Telegram told it.
func (p *Platform) username() string {
	if me := p.me.Load(); me != nil {
		return me.UserName
	}
	return ""
}
