package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/console"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

type chatCommand struct {
	rulesFlag
	reminderFlags

	DB      string `name:"db" placeholder:"FILE" help:"Keep the database in this file; without it, it is gone at the end."`
	KeyFile string `name:"data-key-file" var:"DATA_KEY_FILE" placeholder:"FILE" help:"With --db: key file that seals personal data."`
	Now     string `placeholder:"TIME" help:"Start the clock there, e.g. 2026-12-01T09:00:00-05:00; default now."`
	Booking string `placeholder:"instant|desk" default:"instant" help:"Who moves appointments: this book (instant), or staff at USCIS (desk). Default ${default}."`
	Lang    string `placeholder:"LANGUAGE" help:"Language that the chat service reports, e.g. es; the bot asks /language too."`
	Files   string `placeholder:"DIR" help:"Save calendar files in this folder; without it they are only named."`
}

// The office of the samples, and who speaks for it after ":as staff".
const (
	sampleOffice = "Sample Law Office"
	samplePhone  = "+1 555 010 0199"
	sampleStaff  = "Dana Whitlock"
	sampleMargin = 4 * time.Hour
)

// chatSettings are checked flags.
type chatSettings struct {
	database databaseSettings
	rules    scheduling.Rules
	plan     scheduling.Plan
	booking  conversation.Booking
	start    time.Time
}

func (c *chatCommand) check(p *process) (chatSettings, error) {
	var t trouble
	s := chatSettings{
		rules: c.rulesFlag.check(&t), plan: c.reminderFlags.check(&t), start: p.now(),
		database: databaseSettings{url: "sqlite::memory:"},
	}
	if c.DB != "" {
		flags := databaseFlags{URL: newSecret("sqlite:" + strings.TrimPrefix(c.DB, "sqlite:")), KeyFile: c.KeyFile}
		s.database = flags.check(&t)
	}
	if c.Now != "" {
		var err error
		if s.start, err = time.Parse(time.RFC3339, c.Now); err != nil {
			t.add("--now", "%q is no time; write 2026-12-01T09:00:00-05:00", c.Now)
		}
	}
	switch s.booking = conversation.Booking(c.Booking); s.booking {
	case conversation.Instant, conversation.Desk:
	default:
		t.add("--booking", "%q is unknown; say instant or desk", c.Booking)
	}
	if c.Lang != "" && !slices.Contains(conversation.Languages(), c.Lang) {
		t.add("--lang", "%q is not spoken here; say one of: %s", c.Lang, strings.Join(conversation.Languages(), ", "))
	}
	if c.Files != "" {
		if info, err := os.Stat(c.Files); err != nil || !info.IsDir() {
			t.add("--files", "%s is no folder; make it first", c.Files)
		}
	}
	return s, t.err()
}

// Run talks in the terminal until the input ends or Ctrl-C is pressed.
func (c *chatCommand) Run(ctx context.Context, p *process) error {
	s, err := c.check(p)
	if err != nil {
		return err
	}
	unlock, err := lockDatabase(s.database.url)
	if err != nil {
		return err
	}
	defer unlock()
	clock := console.NewClock(s.start, p.now)
	db, err := s.database.open(ctx, clock.Now)
	if err != nil {
		return err
	}
	office, err := isOffice(ctx, db)
	switch {
	case err != nil:
	case office:
		err = fmt.Errorf("people write to the bot of %s: a rehearsal would move their clock on; give another file", c.DB)
	default:
		err = c.talk(ctx, p, s, db, clock)
	}
	return errors.Join(err, db.Close())
}

func (c *chatCommand) talk(ctx context.Context, p *process, s chatSettings, db *store.Store, clock *console.Clock) error {
	platform := console.New(console.Config{
		In: p.stdin, Out: p.stdout, Look: look(p), Language: c.Lang, Files: c.Files, Now: clock.Now,
	})
	screen := &orderly{Platform: platform}
	b := bot.New(bot.Config{
		Store: db, Platforms: []bot.Platform{screen}, Rules: s.rules, Plan: s.plan, Kind: "chat",
		Office: conversation.Office{Name: sampleOffice, Phone: samplePhone, Booking: s.booking, Margin: sampleMargin},
		Staff:  sampleStaffOnly,
	})
	if err := putSample(ctx, db, b); err != nil {
		return err
	}
	simulator := console.NewSimulator(platform, clock, console.Engine{
		Next: b.Next,
		Take: func(ctx context.Context, in bot.Incoming) error {
			screen.heard(in.Chat)
			return b.Take(ctx, in)
		},
		Work: func(ctx context.Context) error {
			err := b.Work(ctx)
			return errors.Join(err, screen.show(ctx))
		},
		Invite: func(ctx context.Context, receipt string) (string, error) {
			r, err := scheduling.ParseReceipt(receipt)
			if err != nil {
				return "", err
			}
			return b.Invite(ctx, r, sampleStaff, bot.InvitationLife)
		},
	})
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- simulator.Run(ctx, c.introduction()...) }()
	select {
	case err := <-done:
		return errors.Join(err, b.Close(context.WithoutCancel(ctx)))
	case <-ctx.Done():
		// Whoever waits for a line to be typed can't be woken; the store refuses
		// whatever might still come of it.
		if isTerminal(p.stdout) {
			fmt.Fprintln(p.stdout)
		}
		return nil
	}
}

// introduction is what a newcomer has to know, the same in every run.
func (c *chatCommand) introduction() []string {
	lines := []string{
		"This is a rehearsal: sample appointments, an invented law office, and a clock that you can move. Nothing leaves this computer.",
		"Say what a client would say, for example: I need to move my appointment. /help shows what the bot understands, :help what steers the rehearsal.",
	}
	if c.DB != "" && c.KeyFile == "" {
		lines = append(lines, "The database is kept in a file, and not sealed: use it for samples only, or give --data-key-file.")
	}
	return lines
}

// sampleStaffOnly lets whoever speaks after ":as staff" decide.
func sampleStaffOnly(platform, chat string) (conversation.Person, bool) {
	if platform != console.Name || chat != console.Staff {
		return conversation.Person{}, false
	}
	return conversation.Person{Role: scheduling.Representative, Name: sampleStaff}, true
}
