package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A bookFile is a database on disk with what the program needs to run on it.
type bookFile struct {
	path, key, rules string
}

// newBookFile makes an empty sealed database. Its rule set lets people move an
// appointment 99 times within a year, so that they can go on for long.
func newBookFile(t testing.TB) bookFile {
	t.Helper()
	dir := t.TempDir()
	b := bookFile{filepath.Join(dir, "book.db"), newKey(t, dir), filepath.Join(dir, "rules.json")}
	if err := os.WriteFile(b.rules, []byte(`{"version": "test-99", "max_changes": 99, "horizon_days": 366}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

// env is the environment that has serve work on the book and talk to a Bot API
// server.
func (b bookFile) env(api string, booking conversation.Booking, more ...string) []string {
	return append([]string{
		"DATABASE_URL=sqlite:" + b.path, "DATA_KEY_FILE=" + b.key, "RULES_FILE=" + b.rules,
		"BOOKING=" + string(booking), "FIRM_NAME=Sample Law Office", "FIRM_PHONE=+1 555 010 0199",
		"TELEGRAM_BOT_TOKEN=" + faketelegram.Token, "TELEGRAM_API_URL=" + api, "TELEGRAM_RATE=0",
	}, more...)
}

// open opens the book in this process.
func (b bookFile) open(t testing.TB) *store.Store {
	t.Helper()
	keys, err := store.ReadKeys(b.key)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(context.Background(), "sqlite:"+b.path, store.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// receiptOf is the receipt number of the n-th person, counted from 0.
func receiptOf(n int) scheduling.Receipt {
	return scheduling.MustReceipt(fmt.Sprintf("IOE%010d", 1001+n))
}

// enter puts a case with an appointment on file for each person, and links their
// chat to it. The appointments begin in ten days or later, and are spread over
// the sites.
func (b bookFile) enter(t testing.TB, people ...*faketelegram.Person) {
	t.Helper()
	db := b.open(t)
	defer db.Close()
	desk := bot.New(bot.Config{Store: db, Rules: scheduling.BuiltinRules(), Kind: "test"})
	var file ledger.File
	for n := range people {
		file.Rows = append(file.Rows, ledger.Row{Line: n + 2, Entry: entryOf(t, n)})
	}
	results, err := desk.Import(context.Background(), file, "test", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	err = db.Update(context.Background(), func(tx *store.Tx) error {
		for n, p := range people {
			c, _ := tx.CaseByReceipt(store.System(), receiptOf(n))
			tx.LinkChat(tx.Chat("telegram", fmt.Sprint(p.ID)).ID, c.ID, "test")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// entryOf is the n-th person's appointment.
func entryOf(t testing.TB, n int) ledger.Entry {
	t.Helper()
	var offered []scheduling.Site
	for _, s := range scheduling.BuiltinSites().All() {
		if s.Offered() {
			offered = append(offered, s)
		}
	}
	site, now := offered[n%len(offered)], time.Now()
	day := scheduling.DateOf(now.In(site.Location())).AddDays(10)
	starts := scheduling.BuiltinRules().Openings(site, scheduling.Query{From: day}, now, nil)
	if len(starts) == 0 {
		t.Fatalf("%s has no opening", site.Code)
	}
	start := starts[n/len(offered)%len(starts)]
	return ledger.Entry{
		Receipt: receiptOf(n), Site: site, Local: start.Local, Start: start.Start,
		Form: "I-485", FirstName: "Ana", Status: scheduling.Scheduled, Given: ledger.FormColumn | ledger.FirstNameColumn,
	}
}
