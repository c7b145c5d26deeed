package store_test

import (
	"testing"
	"time"

	"reschedulebot/bot/store"
)

func TestHoldingARequest(t *testing.T) {
	onBoth(t, func(b *book) {
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		ana, bo := b.chat("U1"), b.chat("U2")
		var r store.RequestRecord
		b.do(func(t *store.Tx) {
			w := wish(b, a, "")
			w.HeldBy, w.Holder, w.HeldAt = ana.ID, "Ana", opened
			r = t.PutRequest(w)
		})
		held := func(chatID, name string, at time.Time) {
			b.Helper()
			b.see(func(t *store.Tx) {
				got, _ := t.RequestByName("R1")
				equal(b, "held", [3]any{got.HeldBy, got.Holder, got.HeldAt}, [3]any{chatID, name, at})
			})
		}
		equal(b, "a new one is held by", r.HeldBy+r.Holder, "")
		held("", "", time.Time{})
		b.do(func(t *store.Tx) { equal(b, "held", t.Hold(r.ID, ana.ID, "Ana"), true) })
		held(ana.ID, "Ana", opened)
		b.clock.forward(time.Minute)
		b.do(func(t *store.Tx) { equal(b, "taken over", t.Hold(r.ID, bo.ID, "Bo"), true) })
		held(bo.ID, "Bo", opened.Add(time.Minute))
		b.clock.forward(time.Minute)
		b.do(func(t *store.Tx) {
			equal(b, "open", t.OpenRequestCount(), 1)
			t.CloseRequest(r.ID, store.Confirmed, "Ana", "")
			equal(b, "open after it was decided", t.OpenRequestCount(), 0)
			equal(b, "held after it was decided", t.Hold(r.ID, ana.ID, "Ana"), false)
			equal(b, "held one that is none", t.Hold("none", ana.ID, "Ana"), false)
		})
		held(bo.ID, "Bo", opened.Add(time.Minute))
	})
}

func TestRequestsAreCalledToMind(t *testing.T) {
	onBoth(t, func(b *book) {
		var put []store.RequestRecord
		for n, urge := range []time.Time{opened.Add(2 * time.Hour), opened.Add(time.Hour), {}, opened.Add(time.Hour)} {
			_, a := b.client(101+n, "XCH", "2026-12-11 10:00")
			b.do(func(t *store.Tx) {
				r := wish(b, a, "")
				r.UrgeAt = urge
				put = append(put, t.PutRequest(r))
			})
		}
		b.see(func(t *store.Tx) {
			equal(b, "too early", len(t.RequestsToUrge(9)), 0)
			equal(b, "next", t.NextUrge(), opened.Add(time.Hour))
			got, _ := t.RequestByName("R1")
			equal(b, "as it was put", got.UrgeAt, opened.Add(2*time.Hour))
		})
		b.clock.forward(2*time.Hour - time.Millisecond)
		b.do(func(t *store.Tx) {
			due := t.RequestsToUrge(9)
			if len(due) != 2 || due[0].Name != "R2" || due[1].Name != "R4" {
				b.Fatalf("got %v, want the two that are due", due)
			}
			equal(b, "limited", len(t.RequestsToUrge(1)), 1)
			t.SetUrge(put[1].ID, opened.Add(5*time.Hour))
			t.CloseRequest(put[3].ID, store.Confirmed, "Ana", "")
			equal(b, "after one was set and one decided", len(t.RequestsToUrge(9)), 0)
			equal(b, "next of the rest", t.NextUrge(), opened.Add(2*time.Hour))
		})
		b.clock.forward(time.Millisecond)
		b.do(func(t *store.Tx) {
			equal(b, "at the very moment", t.RequestsToUrge(9)[0].Name, "R1")
			t.SetUrge(put[0].ID, time.Time{})
			equal(b, "never again", len(t.RequestsToUrge(9)), 0)
			t.SetUrge(put[1].ID, time.Time{})
			equal(b, "none is left", t.NextUrge().IsZero(), true)
			t.SetUrge(put[3].ID, t.Now())
			equal(b, "of a decided one", len(t.RequestsToUrge(9)), 0)
		})
	})
}
