package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

func benchStore(b *testing.B, url string) *store.Store {
	b.Helper()
	s, err := store.Open(context.Background(), url, store.Options{Keys: keys(b, keyText)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// BenchmarkBareCommit is what the disk allows: one row in a transaction, durable.
// The other benchmarks of writing are to be compared with it.
func BenchmarkBareCommit(b *testing.B) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"); err != nil {
		b.Fatal(err)
	}
	insert, err := db.Prepare("INSERT INTO bare (words) VALUES (?)")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := insert.Exec("hello"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUpdate is a turn as a chat has most: an event is taken in, the cases
// are read, free seats counted, an answer put, the state saved.
func BenchmarkUpdate(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, inFlight := range []int{1, 32, 1000} {
			b.Run(fmt.Sprintf("%s/%d", engine, inFlight), func(b *testing.B) {
				s := benchStore(b, address(b, engine))
				people(b, s, inFlight)
				var event atomic.Int64
				var wait sync.WaitGroup
				b.ResetTimer()
				for person := range inFlight {
					wait.Go(func() {
						for n := event.Add(1); n <= int64(b.N); n = event.Add(1) {
							if err := s.Update(context.Background(), func(t *store.Tx) error { turn(t, n, person); return nil }); err != nil {
								b.Error(err)
							}
						}
					})
				}
				wait.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
			})
		}
	}
}

func people(b *testing.B, s *store.Store, n int) {
	b.Helper()
	err := s.Update(context.Background(), func(t *store.Tx) error {
		t.Beat("me", "serve", t.Now().Add(time.Hour))
		for i := range n {
			c := t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: receipt(i), Form: "I-485"}, FirstName: "Ana"})
			t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: site(b, "XCH"), Local: scheduling.WallOf(t.Now().AddDate(0, 0, 10)), Status: scheduling.Scheduled}, "", time.Time{})
			t.LinkChat(t.Chat("telegram", fmt.Sprint(i)).ID, c.ID, "1")
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func turn(t *store.Tx, event int64, person int) {
	if !t.Receive("telegram", fmt.Sprint(event), []byte("reschedule please")) {
		return
	}
	c := t.Chat("telegram", fmt.Sprint(person))
	cases := t.CasesOf(c.ID)
	t.Taken("XCH", t.Now(), t.Now().AddDate(0, 0, 7))
	c.State.Step, c.State.Draft.CaseID = conversation.AskReason, cases[0].ID
	l, _ := t.Put(c, store.Letter{Kind: "message", Reply: reply("Why can't you come?")}, "me")
	t.SaveChat(c)
	if l.Owner != "" {
		t.CloseLetter(l, store.Sent, "1", "")
	}
}

const million = 1_000_000

// bigBook is a database with a million appointments to come, of which none is due
// for a reminder.
func bigBook(b *testing.B) *store.Store {
	b.Helper()
	if testing.Short() {
		b.Skip("a million appointments take a while to make")
	}
	url := address(b, "sqlite")
	s, err := store.Open(context.Background(), url, store.Options{})
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
			SELECT printf('a%%025d', i), printf('c%%025d', i), printf('a%%025d', i), 'XCH', '2030-01-01T10:00', 'America/Chicago',
				%[2]d + i %% 86400 * 1000, 'scheduled', 0, 1, %[2]d + i %% 864000 * 1000, 0, 0 FROM n`,
		`INSERT INTO slots (site, starts_at, capacity, taken)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d / 4)
			SELECT printf('X%%02d', i %% 100), %[2]d + i / 100 * 1200000, 4, 4 FROM n`,
	} {
		if _, err := db.Exec(fmt.Sprintf(statement, million, day)); err != nil {
			b.Fatal(err)
		}
	}
	s, err = store.Open(context.Background(), url, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// BenchmarkBigBook is what a scan and a search for a place cost in a large book.
func BenchmarkBigBook(b *testing.B) {
	s := bigBook(b)
	view := func(b *testing.B, f func(t *store.Tx)) {
		err := s.View(context.Background(), func(t *store.Tx) error {
			for b.Loop() {
				f(t)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	from := time.Now().AddDate(0, 0, 35)
	b.Run("Taken", func(b *testing.B) {
		view(b, func(t *store.Tx) {
			if len(t.Taken("X07", from, from.AddDate(0, 0, 7))) == 0 {
				b.Fatal("the book is empty")
			}
		})
	})
	b.Run("DueForReminder", func(b *testing.B) {
		view(b, func(t *store.Tx) {
			if len(t.DueForReminder(100)) > 0 {
				b.Fatal("some are due")
			}
		})
	})
	b.Run("NextReminder", func(b *testing.B) {
		view(b, func(t *store.Tx) {
			if t.NextReminder().IsZero() {
				b.Fatal("the book is empty")
			}
		})
	})
	b.Run("Upcoming", func(b *testing.B) {
		view(b, func(t *store.Tx) {
			if len(t.Upcoming("a", 100)) != 100 {
				b.Fatal("the book is empty")
			}
		})
	})
}
