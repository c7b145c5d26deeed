package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/bot/telegram"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// sendingFlags are those of a command that writes to people.
type sendingFlags struct {
	officeFlags
	rulesFlag
	databaseFlags
	reminderFlags
	telegramFlags
	rateFlag
}

// sendingSettings are checked flags.
type sendingSettings struct {
	office   conversation.Office
	rules    scheduling.Rules
	database databaseSettings
	plan     scheduling.Plan
	telegram telegramSettings
	rate     int
}

// checkBook checks what concerns the book, checkChats the chat service.
func (f sendingFlags) checkBook(t *trouble) sendingSettings {
	return sendingSettings{
		office: f.officeFlags.check(true, t), rules: f.rulesFlag.check(t),
		database: f.checkSealed(t), plan: f.reminderFlags.check(t),
	}
}

func (f sendingFlags) checkChats(s *sendingSettings, t *trouble) {
	s.telegram, s.rate = f.telegramFlags.check(t), f.rateFlag.check(t)
	if s.telegram.token.empty() && f.TokenFile == "" {
		t.add("TELEGRAM_BOT_TOKEN", "is not set, so there is no chat service to work on; @BotFather gives a token")
	}
}

// platform is the adapter of the chat service.
func (s sendingSettings) platform(log *slog.Logger) (*telegram.Platform, error) {
	return telegram.New(telegram.Config{
		Token: s.telegram.token.reveal(), APIURL: s.telegram.api, Rate: s.rate,
		WebhookURL: s.telegram.webhook, WebhookSecret: s.telegram.webhookSecret.reveal(),
		FirmName: s.office.Name, Log: log,
	})
}

func (s sendingSettings) bot(kind string, db *store.Store, platform bot.Platform, log *slog.Logger) *bot.Bot {
	return bot.New(bot.Config{
		Store: db, Platforms: []bot.Platform{platform}, Rules: s.rules, Office: s.office, Plan: s.plan, Kind: kind, Log: log,
	})
}

// serveFlags are everything that serve is told, and doctor checks.
type serveFlags struct {
	sendingFlags
	cronFlag
	webhookFlags
	listenFlag
	logFlags
}

// serveSettings are checked flags.
type serveSettings struct {
	sendingSettings
	cron   string
	listen string // "": no listener
	log    *slog.Logger
}

func (f serveFlags) check(p *process, t *trouble) serveSettings {
	s := serveSettings{sendingSettings: f.checkBook(t)}
	s.cron = f.cronFlag.check(t)
	f.checkChats(&s.sendingSettings, t)
	s.telegram = f.webhookFlags.check(s.telegram, t)
	s.listen = f.listenFlag.check(s.telegram.webhook != "", t)
	s.log = f.logFlags.check(p.stderr, t)
	return s
}

type serveCommand struct{ serveFlags }

// Run serves until a signal, ctx's end or a failure that nothing can mend. What
// was begun is finished first.
func (c *serveCommand) Run(ctx context.Context, p *process) error {
	var t trouble
	s := c.check(p, &t)
	if err := t.err(); err != nil {
		return err
	}
	unlock, err := lockDatabase(s.database.url)
	if err != nil {
		return err
	}
	defer unlock()
	s.database.fault = func(err error) { s.log.Error("the database", "error", err) }
	db, err := s.database.open(ctx, p.now)
	if err != nil {
		return err
	}
	err = s.serve(ctx, p, db)
	return errors.Join(err, db.Close())
}

func (s serveSettings) serve(ctx context.Context, p *process, db *store.Store) error {
	chats, err := s.platform(s.log)
	if err != nil {
		return err
	}
	platform := &counted{Platform: chats}
	var web *listener
	if s.listen != "" {
		m := &metrics{db: db, platform: platform, now: p.now, started: p.now()}
		if web, err = listen(s.listen, routes(s.health(db, chats), m, s.webhook(chats)), s.log); err != nil {
			return fmt.Errorf("LISTEN: %w", err)
		}
	}
	s.announce(db, web)
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err = together(ctx,
		func(ctx context.Context) error { return s.bot("serve", db, platform, s.log).Run(ctx, s.cron) },
		func(ctx context.Context) error {
			if web == nil {
				return nil
			}
			return web.serve(ctx)
		})
	if err == nil {
		s.log.Info("reschedulebot has ended in order")
	}
	return err
}

// webhook is the handler of the webhook, nil with polling: then it is not there.
func (s serveSettings) webhook(chats *telegram.Platform) http.Handler {
	if s.telegram.webhook == "" {
		return nil
	}
	return chats.Handler()
}

func (s serveSettings) health(db *store.Store, chats *telegram.Platform) health {
	return health{ready: func(ctx context.Context) string {
		if err := db.View(ctx, func(tx *store.Tx) error { tx.Awake(); return nil }); err != nil {
			return "the database does not answer"
		}
		if !chats.Listening() {
			return "telegram is not heard"
		}
		return ""
	}}
}

// announce writes one line that says what runs, without secrets.
func (s serveSettings) announce(db *store.Store, web *listener) {
	receives, address := "polling", "none"
	if s.telegram.webhook != "" {
		receives = "webhook"
	}
	if web != nil {
		address = web.socket.Addr().String()
	}
	s.log.Info("reschedulebot serves", "version", programVersion(), "rules", s.rules.Version, "booking", string(s.office.Booking),
		"database", db.Engine(), "sealed", db.Sealed(), "telegram", receives, "listen", address, "cron", s.cron)
}

// together runs functions side by side and returns when all have ended. The first
// that fails ends the others.
func together(ctx context.Context, all ...func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	errs := make([]error, len(all))
	for i, f := range all {
		running.Go(func() {
			if errs[i] = f(ctx); errs[i] != nil {
				stop()
			}
		})
	}
	running.Wait()
	return errors.Join(errs...)
}
