package store_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
)

func TestAnEventIsTakenInOnce(t *testing.T) {
	onEach(t, func(b *book) {
		receive := func(platform, event string) (fresh bool) {
			b.do(func(t *store.Tx) { fresh = t.Receive(platform, event, []byte("body")) })
			return fresh
		}
		equal(b, "first", receive("telegram", "1"), true)
		equal(b, "again", receive("telegram", "1"), false)
		equal(b, "another", receive("telegram", "2"), true)
		equal(b, "the same number elsewhere", receive("slack", "1"), true)
		b.reopen()
		equal(b, "after a restart", receive("telegram", "1"), false)
		b.do(func(t *store.Tx) {
			equal(b, "within a transaction", t.Receive("telegram", "3", nil), true)
			equal(b, "twice in it", t.Receive("telegram", "3", nil), false)
		})
	})
}

func TestQuarantineKeepsTheBody(t *testing.T) {
	onEach(t, func(b *book) {
		body := "canary \x00\xff"
		b.do(func(t *store.Tx) { t.Quarantine("telegram", "1", "panic", []byte(body)) })
		b.clock.forward(time.Second)
		b.do(func(t *store.Tx) {
			equal(b, "fresh", t.Receive("telegram", "1", nil), false)
			t.Receive("telegram", "2", nil)
			t.Quarantine("telegram", "2", "again", nil)
		})
		b.see(func(t *store.Tx) {
			got := t.Quarantined(9)
			if len(got) != 2 || got[0].EventID != "2" || got[1].EventID != "1" {
				b.Fatalf("got %d, want two, the newest first", len(got))
			}
			equal(b, "body", string(got[1].Body), body)
			equal(b, "fault", got[1].Fault, "panic")
			equal(b, "limited", len(t.Quarantined(1)), 1)
		})
	})
}

func TestSweepInbox(t *testing.T) {
	onBoth(t, func(b *book) {
		for _, event := range []string{"1", "2", "3"} {
			b.do(func(t *store.Tx) { t.Receive("telegram", event, nil) })
			b.clock.forward(time.Hour)
		}
		b.do(func(t *store.Tx) {
			equal(b, "limited", t.SweepInbox(opened.Add(90*time.Minute), 1), 1)
			equal(b, "the rest", t.SweepInbox(opened.Add(90*time.Minute), 9), 1)
			equal(b, "nothing left", t.SweepInbox(opened.Add(90*time.Minute), 9), 0)
			equal(b, "the third is kept", t.Receive("telegram", "3", nil), false)
		})
	})
}

func TestLongAndManyRows(t *testing.T) {
	onBoth(t, func(b *book) {
		long := strings.Repeat("ñ", 200_000)
		b.do(func(t *store.Tx) { t.Quarantine("telegram", "1", "long", []byte(long)) })
		b.see(func(t *store.Tx) { equal(b, "body", len(t.Quarantined(1)[0].Body), len(long)) })
	})
}
