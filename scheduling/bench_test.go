package scheduling_test

import (
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

// The gate for an appointment three weeks ahead, sent to the phone: everything is
// evaluated.
func BenchmarkGate(b *testing.B) {
	r, a := BuiltinRules(), booked(b, "XCB", "2026-07-20 10:00")
	a.Count = 2
	attempt := applicant(a, instant(b, "2026-06-29T09:00:00-05:00"))
	b.ReportAllocs()
	for b.Loop() {
		if r.Gate(attempt).Class != PhoneLimit {
			b.Fatal("not PHONE_LIMIT")
		}
	}
}

// busyBook answers from a map in which the first half of every day is full.
func busyBook(b *testing.B, s Site) Taken {
	weeks := map[int64]map[int64]int{}
	from := day(b, "2026-06-29")
	for n := range 9 {
		first, err := s.Instant(Wall{Date: from.AddDays(7 * n)})
		if err != nil {
			b.Fatal(err)
		}
		taken := map[int64]int{}
		for d := range 7 {
			starts := s.Starts(from.AddDays(7*n+d), nil)
			for _, w := range starts[:len(starts)/2] {
				at, err := s.Instant(w)
				if err != nil {
					b.Fatal(err)
				}
				taken[at.Unix()] = s.Seats
			}
		}
		weeks[first.Unix()] = taken
	}
	return func(_ string, from, _ time.Time) map[int64]int { return weeks[from.Unix()] }
}

func BenchmarkOpenings(b *testing.B) {
	r, s, now := BuiltinRules(), site(b, "XCB"), instant(b, "2026-06-29T09:00:00-05:00")
	taken := busyBook(b, s)
	for _, test := range []struct {
		name  string
		query Query
		want  int
	}{
		{"nearest five", Query{Near: wall(b, "2026-07-20 10:00"), Limit: 5}, 5},
		{"five days", Query{Near: wall(b, "2026-07-20 10:00"), OnePerDay: true, Limit: 5}, 5},
		{"sixty days", Query{OnePerDay: true}, 43},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n := len(r.Openings(s, test.query, now, taken)); n != test.want {
					b.Fatalf("%d openings", n)
				}
			}
		})
	}
}

func BenchmarkReadIdentifier(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if ReadIdentifier("my number is ioe 0000-000-101 thanks").Kind != ReceiptExact {
			b.Fatal("not found")
		}
	}
}
