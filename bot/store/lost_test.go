package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/bot/store/pgtest"
)

// PostgreSQL goes away while it is asked for something, as when it is restarted or
// another machine takes over. Whoever asked learns that it is to be tried again,
// whatever has become of it.
func TestLostAnswers(t *testing.T) {
	for _, test := range []struct {
		asked   string
		written int // by an Update that is not tried again
		runs    int // of something of Later, which is
	}{{"begin", 0, 1}, {"INSERT INTO alarms", 0, 2}, {pgtest.Commit, 1, 2}} {
		t.Run(fmt.Sprintf("%q", test.asked), func(t *testing.T) {
			wire := pgtest.NewWire(t, pgtest.New(t))
			b := newBook(t, wire.Address, true)
			raise := func(t *store.Tx) error { t.Raise("update", "", "", ""); return nil }
			wire.LoseAnswer(test.asked)
			if err := b.Update(context.Background(), raise); !store.IsBusy(err) {
				t.Errorf("got error %v, want one that says to try again", err)
			}
			b.see(func(t *store.Tx) { equal(b, "alarms", len(t.OpenAlarms(9)), test.written) })

			wire.LoseAnswer(test.asked)
			ran := make(chan struct{}, test.runs)
			b.Later(func(t *store.Tx) { t.Raise("later", "", "", ""); ran <- struct{}{} })
			for n := range test.runs {
				select {
				case <-ran:
				case <-time.After(20 * time.Second):
					t.Fatalf("something of Later ran %d times and was given up", n)
				}
			}
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			b.open()
			b.see(func(t *store.Tx) { equal(b, "alarms", len(t.OpenAlarms(9)), test.written+1) })
		})
	}
}

// A server whose machine vanishes says nothing at all, not even that. It holds nobody
// up for long: another one, or the same, is asked next.
func TestServerThatVanishes(t *testing.T) {
	for _, asked := range []string{"begin", "INSERT INTO alarms", pgtest.Commit} {
		t.Run(fmt.Sprintf("%q", asked), func(t *testing.T) {
			wire := pgtest.NewWire(t, pgtest.New(t))
			b := newBook(t, wire.Address, true)
			store.SetPatience(b.Store, 100*time.Millisecond)
			raise := func(t *store.Tx) error { t.Raise("update", "", "", ""); return nil }
			wire.Mute(asked)
			if err := b.Update(context.Background(), raise); !store.IsBusy(err) {
				t.Errorf("got error %v, want one that says to try again", err)
			}
			store.SetPatience(b.Store, time.Minute)
			b.do(func(t *store.Tx) { t.Raise("another", "", "", "") })
		})
	}
}

// A server that only reads is one that another has taken over from, or is about to
// take over: what can't be written there can be later.
func TestServerThatOnlyReads(t *testing.T) {
	b := newBook(t, address(t, "postgres"), true)
	b.url += "&default_transaction_read_only=on"
	b.reopen()
	err := b.Update(context.Background(), func(t *store.Tx) error { t.Raise("x", "", "", ""); return nil })
	if err == nil || !store.IsBusy(err) {
		t.Errorf("got error %v, want one that says to try again", err)
	}
}
