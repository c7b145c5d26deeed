package store_test

import (
	"maps"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

func TestSeats(t *testing.T) {
	onBoth(t, func(b *book) {
		s := scheduling.Site{Code: "XCH", Seats: 2}
		nine, ten := opened, opened.Add(time.Hour)
		taken := func() map[int64]int {
			var m map[int64]int
			b.see(func(t *store.Tx) { m = t.Taken("XCH", nine, ten.Add(time.Second)) })
			return m
		}
		expect := func(what string, atNine, atTen int) {
			b.Helper()
			want := map[int64]int{}
			if atNine > 0 {
				want[nine.Unix()] = atNine
			}
			if atTen > 0 {
				want[ten.Unix()] = atTen
			}
			if got := taken(); !maps.Equal(got, want) {
				b.Errorf("%s: got %v, want %v", what, got, want)
			}
		}
		take := func(s scheduling.Site, start time.Time) (ok bool) {
			b.do(func(t *store.Tx) { ok = t.TakeSeat(s, start) })
			return ok
		}
		expect("at first", 0, 0)
		equal(b, "first seat", take(s, nine), true)
		equal(b, "second seat", take(s, nine), true)
		equal(b, "third seat", take(s, nine), false)
		equal(b, "another start", take(s, ten), true)
		equal(b, "another site", take(scheduling.Site{Code: "XCI", Seats: 1}, nine), true)
		expect("two of two", 2, 1)
		b.do(func(t *store.Tx) { t.RecordSeat(s, nine) })
		expect("a fact beyond the seats", 3, 1)
		b.do(func(t *store.Tx) { t.FreeSeat("XCH", nine) })
		equal(b, "after one of three was freed", take(s, nine), false)
		b.do(func(t *store.Tx) { t.FreeSeat("XCH", nine); t.FreeSeat("XCH", ten); t.FreeSeat("XCH", ten) })
		expect("freed", 1, 0)
		equal(b, "a freed seat", take(s, nine), true)
		equal(b, "a site with more seats now", take(scheduling.Site{Code: "XCH", Seats: 3}, nine), true)
		equal(b, "a site with fewer seats now", take(s, nine), false)
		equal(b, "a site without seats", take(scheduling.Site{Code: "XCZ"}, nine), false)
		expect("at last", 3, 0)
		b.see(func(t *store.Tx) {
			equal(b, "the end is not included", len(t.Taken("XCH", nine.Add(-time.Hour), nine)), 0)
			equal(b, "the beginning is", len(t.Taken("XCH", nine, nine.Add(time.Millisecond))), 1)
		})
	})
}

func TestTakenSeatIsGivenBackWithTheTransaction(t *testing.T) {
	onBoth(t, func(b *book) {
		s := scheduling.Site{Code: "XCH", Seats: 1}
		b.refused(errOops, func(t *store.Tx) { t.TakeSeat(s, opened); t.Fail(errOops) })
		b.do(func(t *store.Tx) { equal(b, "free again", t.TakeSeat(s, opened), true) })
	})
}
