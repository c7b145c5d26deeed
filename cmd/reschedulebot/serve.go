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
	"reschedulebot/bot/slack"
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
	slackFlags
}

// sendingSettings are checked flags.
type sendingSettings struct {
	office   conversation.Office
	rules    scheduling.Rules
	database databaseSettings
	plan     scheduling.Plan
	telegram telegramSettings
	rate     int
	slack    slackSettings
}

// checkBook checks what concerns the book, checkChats the chat services.
func (f sendingFlags) checkBook(t *trouble) sendingSettings {
	return sendingSettings{
		office: f.officeFlags.check(true, t), rules: f.rulesFlag.check(t),
		database: f.checkSealed(t), plan: f.reminderFlags.check(t),
	}
}

func (f sendingFlags) checkChats(s *sendingSettings, t *trouble) {
	s.telegram, s.rate = f.telegramFlags.check(t), f.rateFlag.check(t)
	s.slack = f.slackFlags.check(t)
	if s.telegram.token.empty() && f.TokenFile == "" && !s.slack.on() && f.SlackTokenFile == "" {
		t.add("TELEGRAM_BOT_TOKEN", "is not set, nor SLACK_BOT_TOKEN, so there is no chat service to work on; @BotFather gives a token for clients")
	}
}

// chats are the adapters of the chat services that are on.
type chats struct {
	telegram *telegram.Platform
	slack    *slack.Platform
}

func (s sendingSettings) chats(log *slog.Logger) (c chats, err error) {
	if c.telegram, err = s.telegram.platform(s.rate, s.office.Name, log); err != nil {
		return c, err
	}
	c.slack, err = s.slack.platform(log)
	return c, err
}

// A service is an adapter that tells whether it hears.
type service interface {
	bot.Platform
	Listening() bool
}

func (c chats) all() []service {
	var all []service
	if c.telegram != nil {
		all = append(all, c.telegram)
	}
	if c.slack != nil {
		all = append(all, c.slack)
	}
	return all
}

// staff is who of the office speaks in a chat. Clients' chats are on Telegram,
// staff's in Slack.
func (c chats) staff(platform, chat string) (conversation.Person, bool) {
	if c.slack == nil || platform != c.slack.Name() {
		return conversation.Person{}, false
	}
	return c.slack.Person(chat)
}

// clientLink is what opens a client's chat with a link code, "" where that is not
// known.
func (c chats) clientLink(code string) string {
	if c.telegram == nil {
		return ""
	}
	return c.telegram.ClientLink(code)
}

func (s sendingSettings) bot(kind string, db *store.Store, c chats, platforms []bot.Platform, log *slog.Logger) *bot.Bot {
	return bot.New(bot.Config{
		Store: db, Platforms: platforms, Rules: s.rules, Office: s.office, Plan: s.plan, Staff: c.staff,
		ClientLink: c.clientLink, Desk: s.desk(c), Duty: s.slack.duty, Kind: kind, Log: log,
	})
}

// desk is the channel in which staff work, if there is one.
func (s sendingSettings) desk(c chats) bot.Place {
	if c.slack == nil || s.slack.channel == "" {
		return bot.Place{}
	}
	return bot.Place{Platform: c.slack.Name(), Chat: s.slack.channel}
}

// serveFlags are everything that serve is told, and doctor checks.
type serveFlags struct {
	sendingFlags
	cronFlag
	webhookFlags
	slackHearingFlags
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
	s.slack = f.slackHearingFlags.check(s.slack, t)
	s.listen = f.listenFlag.check(s.telegram.webhook != "" || s.slack.http(), t)
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
	s.database.fault = seldom(s.log, "the database")
	db, err := s.database.open(ctx, p.now)
	if err != nil {
		return err
	}
	err = s.serve(ctx, p, db)
	return errors.Join(err, db.Close())
}

func (s serveSettings) serve(ctx context.Context, p *process, db *store.Store) error {
	c, err := s.chats(s.log)
	if err != nil {
		return err
	}
	m := &metrics{db: db, now: p.now, started: p.now()}
	var platforms []bot.Platform
	for _, x := range c.all() {
		counts := &counted{Platform: x}
		m.platforms, platforms = append(m.platforms, counts), append(platforms, counts)
	}
	b := s.bot("serve", db, c, platforms, s.log)
	var web *listener
	if s.listen != "" {
		if web, err = listen(s.listen, routes(health{ready(db, b, c)}, m, s.doors(c)), s.log); err != nil {
			return fmt.Errorf("LISTEN: %w", err)
		}
	}
	s.announce(db, web)
	ctx, stop := untilTold(ctx)
	defer stop()
	err = together(ctx,
		func(ctx context.Context) error { return b.Run(ctx, s.cron) },
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

// untilTold is a context that ends when the process is told to end; a second signal
// ends it at once.
func untilTold(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// doors are the paths at which chat services bring events. Where one is asked for
// them instead, it has none.
func (s serveSettings) doors(c chats) map[string]http.Handler {
	doors := map[string]http.Handler{}
	if s.telegram.webhook != "" && c.telegram != nil {
		doors[telegram.WebhookPath] = c.telegram.Handler()
	}
	if s.slack.http() {
		for _, path := range []string{slack.EventsPath, slack.InteractionsPath, slack.CommandsPath} {
			doors[path] = c.slack.Handler()
		}
	}
	return doors
}

// ready says what keeps serve from its work.
func ready(db *store.Store, b *bot.Bot, c chats) func(context.Context) string {
	return func(ctx context.Context) string {
		if err := db.View(ctx, func(tx *store.Tx) error { tx.Awake(); return nil }); err != nil {
			return "the database does not answer"
		}
		if !b.Writes() {
			return "the database can't be written"
		}
		for _, x := range c.all() {
			if !x.Listening() {
				return x.Name() + " is not heard"
			}
		}
		return ""
	}
}

// announce writes one line that says what runs, without secrets.
func (s serveSettings) announce(db *store.Store, web *listener) {
	receives, address := "polling", "none"
	switch {
	case s.telegram.token.empty():
		receives = "off"
	case s.telegram.webhook != "":
		receives = "webhook"
	}
	if web != nil {
		address = web.socket.Addr().String()
	}
	s.log.Info("reschedulebot serves", "version", programVersion(), "rules", s.rules.Version, "booking", string(s.office.Booking),
		"database", db.Engine(), "sealed", db.Sealed(), "telegram", receives, "slack", s.slack.mode(), "listen", address, "cron", s.cron)
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
