package bot_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

const million = 1_000_000

// bigBook is a database with a million appointments to come, of which none is due
// for a reminder.
func bigBook(b *testing.B) *store.Store {
	b.Helper()
	if testing.Short() {
		b.Skip("a million appointments take a while to make")
	}
	url := "sqlite:" + filepath.Join(b.TempDir(), "big.db")
	s, err := store.Open(context.Background(), url, store.Options{Sites: scheduling.BuiltinSites()})
	if err != nil {
		b.Fatal(err)
	}
	s.Close()
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(url, "sqlite:")+"?_synchronous=OFF")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	day := time.Now().AddDate(0, 0, 30).UnixMilli()
	for _, statement := range []string{
		`INSERT INTO cases (id, receipt_key, receipt_sealed, created_at, updated_at)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d)
			SELECT printf('c%%025d', i), CAST(printf('%%016d', i) AS BLOB), CAST(x'00' || printf('IOE%%010d', i) AS BLOB), 0, 0 FROM n`,
		`INSERT INTO appointments (id, case_id, chain, site, wall, zone, starts_at, status, moves, version, remind_at, created_at, updated_at)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d)
			SELECT printf('a%%025d', i), printf('c%%025d', i), printf('a%%025d', i), 'XCB', '2030-01-01T10:00', 'America/Chicago',
				%[2]d + i %% 86400 * 1000, 'scheduled', 0, 1, %[2]d + i %% 864000 * 1000, 0, 0 FROM n`,
		`INSERT INTO slots (site, starts_at, capacity, taken)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d / 4)
			SELECT CASE WHEN i %% 100 = 0 THEN 'XCB' ELSE printf('X%%02d', i %% 100) END, %[2]d + i / 100 * 1200000, 4, 4 FROM n`,
	} {
		if _, err := db.Exec(fmt.Sprintf(statement, million, day)); err != nil {
			b.Fatal(err)
		}
	}
	s, err = store.Open(context.Background(), url, store.Options{Sites: scheduling.BuiltinSites()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// BenchmarkBigBook is what looking costs in a large book: all of it must stay the
// same however many appointments there are.
func BenchmarkBigBook(b *testing.B) {
	db := bigBook(b)
	office := bot.New(bot.Config{Store: db, Rules: scheduling.BuiltinRules(), Plan: testPlan(b), Kind: "serve",
		Office: conversation.Office{Name: "Lee & Park LLP", Phone: "312-555-0100", Booking: conversation.Instant}})
	rules := scheduling.BuiltinRules()
	site, _ := scheduling.BuiltinSites().Find("XCB")
	near := scheduling.WallOf(time.Now().AddDate(0, 0, 30))
	view := func(b *testing.B, f func(t *store.Tx)) {
		b.ReportAllocs()
		for b.Loop() {
			if err := db.View(context.Background(), func(t *store.Tx) error { f(t); return nil }); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("gate and the five nearest openings", func(b *testing.B) {
		view(b, func(t *store.Tx) {
			a, ok := t.Appointment("a" + strings.Repeat("0", 24) + "7")
			if !ok || !rules.Gate(scheduling.Attempt{Appointment: &a, By: scheduling.Requester{Role: scheduling.Applicant, Allowed: true}, Now: t.Now()}).Online() {
				b.Fatal("the book is not as it should be")
			}
			if slots := rules.Openings(site, scheduling.Query{Near: near, Limit: 5}, t.Now(), t.Taken); len(slots) != 5 {
				b.Fatalf("%d openings", len(slots))
			}
		})
	})
	b.Run("the scan for reminders, none due", func(b *testing.B) {
		for b.Loop() {
			if err := office.Scan(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("when something will be due", func(b *testing.B) {
		for b.Loop() {
			if next, err := office.Next(context.Background()); err != nil || next.IsZero() {
				b.Fatal("the book is empty", err)
			}
		}
	})
}
