package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
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
