package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/bot/telegram"
	"reschedulebot/scheduling"
)

type doctorCommand struct{ serveFlags }

// A diagnosis prints a line for each finding and remembers whether something is
// wrong.
type diagnosis struct {
	out   io.Writer
	wrong int
}

func (d *diagnosis) ok(of, format string, args ...any)   { d.print("ok", of, format, args...) }
func (d *diagnosis) note(of, format string, args ...any) { d.print("note", of, format, args...) }

// bad says what is wrong and what to do.
func (d *diagnosis) bad(of, format string, args ...any) {
	d.wrong++
	d.print("WRONG", of, format, args...)
}

func (d *diagnosis) print(how, of, format string, args ...any) {
	line := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	fmt.Fprintf(d.out, "%-5s %s: %s\n", how, of, line)
}

// Run looks at everything that serve needs, and changes nothing but bringing the
// tables of the database up to date.
func (c *doctorCommand) Run(ctx context.Context, p *process) error {
	d := &diagnosis{out: p.stdout}
	var t trouble
	s := c.check(p, &t)
	d.configuration(s, t)
	d.timeZones()
	d.files(c.serveFlags)
	if s.database.keys == nil && c.KeyFile != "" {
		d.note("database", "not looked at, because its key can't be read")
	} else {
		d.database(ctx, s.database, p.now)
	}
	switch {
	case !s.telegram.token.empty():
		d.telegram(ctx, s, p.now())
	case c.TokenFile == "" && s.slack.on():
		d.note("telegram", "off, because TELEGRAM_BOT_TOKEN is not set: clients can't write to the bot")
	}
	switch {
	case s.slack.on():
		d.slack(ctx, s.slack)
		d.desk(s)
	case c.SlackTokenFile == "" && !s.telegram.token.empty():
		d.note("slack", "off, because SLACK_BOT_TOKEN is not set: alarms are in the log of serve, and staff use the commands of this program")
	}
	if d.wrong > 0 {
		return fmt.Errorf("the doctor found something wrong: %d", d.wrong)
	}
	return nil
}

func (d *diagnosis) configuration(s serveSettings, t trouble) {
	for _, line := range t.lines {
		name, what, _ := strings.Cut(line, ": ")
		d.bad(name, "%s", what)
	}
	if len(t.lines) == 0 {
		d.ok("configuration", "booking %s, rule set %s, scan %s", s.office.Booking, s.rules.Version, s.cron)
	}
}

// timeZones checks that every site's zone can be computed with.
func (d *diagnosis) timeZones() {
	for _, site := range scheduling.BuiltinSites().All() {
		if _, err := time.LoadLocation(site.Zone); err != nil {
			d.bad("time zone data", "%s is not known; install the system's time zone data (tzdata)", site.Zone)
			return
		}
	}
	d.ok("time zone data", "version %s", scheduling.TimeZoneVersion())
}

// files checks that nobody else can read what is secret. A key file that others
// can read was refused with the configuration.
func (d *diagnosis) files(f serveFlags) {
	for _, file := range []struct{ name, path string }{
		{"TELEGRAM_BOT_TOKEN_FILE", f.TokenFile},
		{"TELEGRAM_WEBHOOK_SECRET_FILE", f.SecretFile},
		{"SLACK_BOT_TOKEN_FILE", f.SlackTokenFile},
		{"SLACK_APP_TOKEN_FILE", f.AppTokenFile},
		{"SLACK_SIGNING_SECRET_FILE", f.SigningFile},
		{"DATABASE_URL_FILE", f.URLFile},
	} {
		if file.path != "" {
			d.private(file.name, file.path)
		}
	}
}

// private complains about a file that others can read.
func (d *diagnosis) private(of, path string) {
	info, err := os.Stat(path)
	if err != nil {
		return // whoever reads it tells
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && filepath.Separator == '/' {
		d.bad(of, "others can read %s (mode %04o); run chmod 600 on it", path, mode)
		return
	}
	d.ok(of, "only its owner can read it")
}

// leastSpace is how much a disk must have left: a busy week's growth.
const leastSpace = 200 << 20

func (d *diagnosis) disk(folder string) {
	free, err := freeSpace(folder)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
	case err != nil:
		d.bad("disk", "the folder of the database can't be looked at: %v", err)
	case free < leastSpace:
		d.bad("disk", "only %d MB are free; make room, a full disk stops the bot", free>>20)
	default:
		d.ok("disk", "%d MB are free", free>>20)
	}
}

func (d *diagnosis) database(ctx context.Context, s databaseSettings, now func() time.Time) {
	if path := sqlitePath(s.url); path != "" {
		d.disk(filepath.Dir(path))
	}
	if path := s.missing(); path != "" {
		d.note("database", "there is none at %s yet; serve or import makes it", path)
		return
	}
	db, err := s.open(ctx, now)
	if err != nil {
		d.bad("database", "%v", err)
		return
	}
	defer db.Close()
	d.opened(ctx, db)
	if path := sqlitePath(s.url); path != "" {
		d.private("database file", path)
	}
}

func (d *diagnosis) opened(ctx context.Context, db *store.Store) {
	v, err := db.Versions(ctx)
	if err == nil {
		err = db.Damage(ctx)
	}
	if err != nil {
		d.bad("database", "%v; put a backup back", err)
		return
	}
	sealed := "personal data is sealed, and the key fits"
	if !db.Sealed() {
		sealed = "personal data is NOT sealed"
	}
	d.ok("database", "%s, schema %d, %s", v.Engine, v.Schema, sealed)
	err = db.View(ctx, func(tx *store.Tx) error {
		d.clock(tx)
		d.waiting(tx)
		return nil
	})
	if err != nil {
		d.bad("database", "%v", err)
	}
}

// drift is what two machines' clocks may differ by, apart what the clock of this one
// and that of a database server may: those of several serve would be as far apart.
const (
	drift = time.Minute
	apart = 10 * time.Second
)

// clock compares the clock with what was written by it, and with the database's.
func (d *diagnosis) clock(tx *store.Tx) {
	now, newest, server := tx.Now(), tx.Newest(), tx.ServerTime()
	if by := server.Sub(now).Round(time.Second); !server.IsZero() && by.Abs() > apart {
		d.bad("clock", "it differs by %v from that of the database's machine; set the wrong one, and let NTP keep both", by.Abs())
		return
	}
	if newest.Sub(now) > drift {
		d.bad("clock", "it shows %s, but something was written at %s; set it, and let NTP keep it",
			now.UTC().Format(time.RFC3339), newest.UTC().Format(time.RFC3339))
		return
	}
	d.ok("clock", "%s", now.UTC().Format(time.RFC3339))
}

// waiting tells what waits for somebody, and who is at work.
func (d *diagnosis) waiting(tx *store.Tx) {
	load, serving := tx.Load(), 0
	for _, i := range tx.Instances() {
		if i.Kind == "serve" && i.AliveUntil.After(tx.Now()) {
			serving++
		}
	}
	line := fmt.Sprintf("%d serve running, %d messages due, %d requests open, %d alarms open", serving, load.Letters, load.Requests, load.Alarms)
	if late := tx.Now().Sub(load.Since); load.Letters > 0 && late > 10*time.Minute {
		d.note("work", "%s; the oldest message has waited %s: start serve, or see its log", line, late.Round(time.Minute))
		return
	}
	d.ok("work", "%s", line)
}

// telegram asks Telegram who the bot is and how its updates are delivered.
func (d *diagnosis) telegram(ctx context.Context, s serveSettings, now time.Time) {
	platform, err := s.telegram.platform(s.rate, s.office.Name, nil)
	if err != nil {
		return // told with the configuration
	}
	status, err := platform.Check(ctx)
	if err != nil {
		d.bad("telegram", "%v", err)
		return
	}
	d.ok("telegram", "this is @%s, %d updates wait", status.Username, status.Waiting)
	d.webhook(s, status)
	d.deliveries(status, now)
	if status.JoinsGroups {
		d.note("telegram", "the bot can be added to groups; switch that off with /setjoingroups at @BotFather")
	}
	if status.ReadsGroups {
		d.note("telegram", "the bot reads all that is said in groups; switch that off with /setprivacy at @BotFather")
	}
}

func (d *diagnosis) webhook(s serveSettings, status telegram.Status) {
	switch {
	case s.telegram.webhook == "" && status.Webhook != "":
		d.note("webhook", "one is left over from earlier; serve removes it when it starts. If another program uses it, that one must have another token")
	case s.telegram.webhook != "" && status.Webhook == "":
		d.note("webhook", "it is not set yet; serve sets it when it starts")
	case s.telegram.webhook != "" && !strings.HasPrefix(status.Webhook, strings.TrimRight(s.telegram.webhook, "/")):
		d.note("webhook", "it leads to another address; serve changes it when it starts. If another program uses it, that one must have another token")
	}
}

// lately is how long a failure to deliver counts as new.
const lately = time.Hour

// deliveries tells of the last time that Telegram could not deliver. It goes on telling
// of that for good: an old failure after which everything arrived is over.
func (d *diagnosis) deliveries(s telegram.Status, now time.Time) {
	at := s.LastErrorTime.Format(time.RFC3339)
	switch {
	case s.LastError == "":
	case s.Waiting > 0, now.Sub(s.LastErrorTime) < lately:
		d.bad("webhook", "Telegram could not deliver at %s: %s; see whether TELEGRAM_WEBHOOK_URL leads here from outside", at, s.LastError)
	default:
		d.note("webhook", "Telegram could not deliver at %s: %s; nothing waits now", at, s.LastError)
	}
}
