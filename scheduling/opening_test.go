package scheduling_test

import (
	"strings"
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

// locals lists the wall times of openings.
func locals(slots []Slot) string {
	var out []string
	for _, s := range slots {
		out = append(out, s.Local.String()[5:]) // without the year
	}
	return strings.Join(out, " ")
}

// full is a book in which all seats of these days are taken.
func full(t *testing.T, s Site, days ...string) Taken {
	taken := map[int64]int{}
	for _, d := range days {
		for _, w := range s.Starts(day(t, d), nil) {
			start, err := s.Instant(w)
			if err != nil {
				t.Fatal(err)
			}
			taken[start.Unix()] = s.Seats
		}
	}
	return func(code string, from, to time.Time) map[int64]int {
		part := map[int64]int{}
		for at, n := range taken {
			if code == s.Code && at >= from.Unix() && at < to.Unix() {
				part[at] = n
			}
		}
		return part
	}
}

// It is Monday, 29 June 2026, 09:00 in Chicago. Friday, 3 July, is a holiday.
func TestOpenings(t *testing.T) {
	for _, test := range []struct {
		name  string
		full  []string
		query Query
		want  string
	}{
		{"in time order: not today, everything within 12 hours is closed", nil,
			Query{Limit: 3}, "06-30T08:00 06-30T08:20 06-30T08:40"},
		{"one a day, over the holiday and the weekend", nil,
			Query{OnePerDay: true, Limit: 5}, "06-30T08:00 07-01T08:00 07-02T08:00 07-06T08:00 07-07T08:00"},
		{"one a day, near ten o'clock", nil,
			Query{OnePerDay: true, Near: wall(t, "2026-07-20 10:05"), Limit: 3}, "06-30T10:00 07-01T10:00 07-02T10:00"},
		{"one a day, near ten past ten: the earlier of two equally near", nil,
			Query{OnePerDay: true, Near: wall(t, "2026-07-20 10:10"), Limit: 1}, "06-30T10:00"},
		{"one a day, from a day on", nil,
			Query{OnePerDay: true, From: day(t, "2026-07-03"), Near: wall(t, "2026-06-30 15:00"), Limit: 2}, "07-06T15:00 07-07T15:00"},
		{"one a day, in the afternoon, near ten", nil,
			Query{OnePerDay: true, Part: Afternoon, Near: wall(t, "2026-06-30 10:00"), Limit: 2}, "06-30T12:00 07-01T12:00"},
		{"one a day, in the morning, near three", nil,
			Query{OnePerDay: true, Part: Morning, Near: wall(t, "2026-06-30 15:00"), Limit: 2}, "06-30T11:40 07-01T11:40"},
		{"a day", nil,
			Query{From: day(t, "2026-07-02"), To: day(t, "2026-07-02"), Part: Afternoon}, "07-02T12:00 07-02T12:20 07-02T12:40 07-02T13:00 07-02T13:20 07-02T13:40 07-02T14:00 07-02T14:20 07-02T14:40 07-02T15:00"},
		{"a holiday", nil,
			Query{From: day(t, "2026-07-03"), To: day(t, "2026-07-05")}, ""},
		{"the nearest five to a time", nil,
			Query{Near: wall(t, "2026-07-08 10:00"), Limit: 5}, "07-08T10:00 07-08T09:40 07-08T10:20 07-08T09:20 07-08T10:40"},
		{"the nearest but one", nil,
			Query{Near: wall(t, "2026-07-08 10:00"), Limit: 3, Except: wall(t, "2026-07-08 10:00")}, "07-08T09:40 07-08T10:20 07-08T09:20"},
		{"nearest to the evening: the same day's last come first", nil,
			Query{Near: wall(t, "2026-07-07 15:00"), Limit: 4}, "07-07T15:00 07-07T14:40 07-07T14:20 07-07T14:00"},
		{"nearest at midnight: both days", nil,
			Query{Near: wall(t, "2026-07-08 00:00"), Limit: 3}, "07-08T08:00 07-08T08:20 07-08T08:40"},
		{"the day is full: around it", []string{"2026-07-08"},
			Query{Near: wall(t, "2026-07-08 11:30"), Limit: 4}, "07-07T15:00 07-09T08:00 07-07T14:40 07-09T08:20"},
		{"three days are full", []string{"2026-07-07", "2026-07-08", "2026-07-09"},
			Query{Near: wall(t, "2026-07-08 11:30"), Limit: 4}, "07-06T15:00 07-10T08:00 07-06T14:40 07-10T08:20"},
		{"nearest to a holiday", nil,
			Query{Near: wall(t, "2026-07-03 10:00"), Limit: 3}, "07-02T15:00 07-02T14:40 07-02T14:20"},
		{"nearest to last year", nil,
			Query{Near: wall(t, "2025-07-03 10:00"), Limit: 2}, "06-30T08:00 06-30T08:20"},
		{"nearest to next year", nil,
			Query{Near: wall(t, "2027-07-03 10:00"), Limit: 2}, "08-28T15:00 08-28T14:40"},
		{"nearest within a period", nil,
			Query{From: day(t, "2026-07-09"), To: day(t, "2026-07-10"), Near: wall(t, "2026-07-08 10:00"), Limit: 2}, "07-09T08:00 07-09T08:20"},
		{"only afternoons, nearest", nil,
			Query{Near: wall(t, "2026-07-08 10:00"), Part: Afternoon, Limit: 3}, "07-08T12:00 07-08T12:20 07-08T12:40"},
		{"the last day of the horizon", nil,
			Query{From: day(t, "2026-08-28"), OnePerDay: true}, "08-28T08:00"},
		{"beyond the horizon", nil,
			Query{From: day(t, "2026-08-29")}, ""},
		{"a period that ends before it begins", nil,
			Query{From: day(t, "2026-07-09"), To: day(t, "2026-07-08")}, ""},
		{"long ago", nil,
			Query{To: day(t, "2026-06-01")}, ""},
		{"the first free after a full week", []string{"2026-06-30", "2026-07-01", "2026-07-02"},
			Query{Limit: 1}, "07-06T08:00"},
		{"less than none", nil,
			Query{Limit: -1}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := site(t, "XCB")
			got := BuiltinRules().Openings(s, test.query, instant(t, "2026-06-29T09:00:00-05:00"), full(t, s, test.full...))
			if locals(got) != test.want {
				t.Errorf("\n got %s\nwant %s", locals(got), test.want)
			}
		})
	}
}

// Every opening passes CheckSlot, and everything that passes is an opening.
func TestOpeningsAgreeWithCheckSlot(t *testing.T) {
	r, a := BuiltinRules(), booked(t, "XCB", "2026-06-10 10:00")
	for _, s := range []Site{site(t, "XNK"), site(t, "XHG"), site(t, "XPQ")} {
		hours, err := ParseHours("Sun-Sat 00:00-24:00")
		if err != nil {
			t.Fatal(err)
		}
		s.Hours = hours
		for _, now := range []string{"2026-03-06T18:20:00Z", "2026-10-30T03:00:00.5Z"} {
			now := instant(t, now)
			offered := map[Wall]bool{}
			for _, slot := range r.Openings(s, Query{}, now, nil) {
				offered[slot.Local] = true
				if p := r.CheckSlot(a, s, slot.Local, now); p != SlotFine {
					t.Errorf("%s offers %v, which is %s", s.Code, slot.Local, p)
				}
				if start, err := s.Instant(slot.Local); err != nil || !start.Equal(slot.Start) || slot.Free != 4 || slot.Site != s.Code {
					t.Errorf("%+v: starts at %v, %v", slot, start, err)
				}
			}
			today := DateOf(now.In(s.Location()))
			for n := -2; n < 70; n++ {
				for minute := range 24 * 3 {
					w := Wall{Date: today.AddDays(n), Hour: minute / 3, Minute: minute % 3 * 20}
					if fine := r.CheckSlot(a, s, w, now) == SlotFine; fine != offered[w] {
						t.Fatalf("%s %v: fine %v, offered %v", s.Code, w, fine, offered[w])
					}
				}
			}
		}
	}
}

// The nearest are the nearest: checked against sorting everything there is.
func TestNearestOfAll(t *testing.T) {
	r, s, now := BuiltinRules(), site(t, "XCB"), instant(t, "2026-06-29T09:00:00-05:00")
	taken := full(t, s, "2026-07-08", "2026-07-13", "2026-07-14", "2026-07-15")
	minutes := func(a, b Wall) int {
		utc := func(w Wall) time.Time {
			return time.Date(w.Date.Year, w.Date.Month, w.Date.Day, w.Hour, w.Minute, 0, 0, time.UTC)
		}
		return int(utc(a).Sub(utc(b)).Abs() / time.Minute)
	}
	for d := day(t, "2026-06-25"); d.Compare(day(t, "2026-09-05")) < 0; d = d.AddDays(1) {
		for _, hour := range []int{0, 7, 10, 12, 23} {
			near := Wall{Date: d, Hour: hour, Minute: 7}
			all := r.Openings(s, Query{Near: near}, now, taken)
			if len(all) < 500 {
				t.Fatalf("only %d openings", len(all))
			}
			for i := range all[1:] {
				if minutes(all[i].Local, near) > minutes(all[i+1].Local, near) {
					t.Fatalf("near %v: %v comes before %v", near, all[i].Local, all[i+1].Local)
				}
			}
			for _, n := range []int{1, 5, 30} {
				some := r.Openings(s, Query{Near: near, Limit: n}, now, taken)
				if locals(some) != locals(all[:n]) {
					t.Fatalf("the nearest %d to %v are\n%s, but of all they are\n%s", n, near, locals(some), locals(all[:n]))
				}
			}
		}
	}
}

// A day without a free seat is not offered, wherever in the weeks of the book it is.
func TestFullDays(t *testing.T) {
	r, s, now := BuiltinRules(), site(t, "XCB"), instant(t, "2026-06-29T09:00:00-05:00")
	all := r.Openings(s, Query{}, now, nil)
	for d := day(t, "2026-06-30"); d.Compare(day(t, "2026-08-28")) <= 0; d = d.AddDays(1) {
		want := 0
		for _, slot := range all {
			if slot.Local.Date != d {
				want++
			}
		}
		got := r.Openings(s, Query{}, now, full(t, s, d.String()))
		if len(got) != want {
			t.Errorf("with %v full, %d starts are offered, want %d", d, len(got), want)
		}
	}
}

func TestSeats(t *testing.T) {
	s := site(t, "XCB")
	start, err := s.Instant(wall(t, "2026-07-08 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	for taken, free := range map[int]int{0: 4, 1: 3, 3: 1, 4: 0, 9: 0} {
		book := func(string, time.Time, time.Time) map[int64]int { return map[int64]int{start.Unix(): taken} }
		slots := BuiltinRules().Openings(s, Query{From: day(t, "2026-07-08"), To: day(t, "2026-07-08")}, instant(t, "2026-06-29T09:00:00-05:00"), book)
		got := 0
		for _, slot := range slots {
			if slot.Start.Equal(start) {
				got = slot.Free
			}
		}
		if got != free || len(slots) != 22-map[bool]int{true: 1}[free == 0] {
			t.Errorf("with %d taken, %d are free of %d openings", taken, got, len(slots))
		}
	}
	remote := s
	remote.Kind = "remote"
	if got := BuiltinRules().Openings(remote, Query{}, instant(t, "2026-06-29T09:00:00-05:00"), nil); got != nil {
		t.Errorf("a site that is not offered has %d openings", len(got))
	}
}

// What is asked of the book does not grow: a week at a time, each week once, and
// none that is not needed.
func TestTheBookIsAskedByWeeks(t *testing.T) {
	s, now := site(t, "XHG"), instant(t, "2026-06-29T09:00:00-05:00")
	for _, test := range []struct {
		name  string
		query Query
		most  int
	}{
		{"the nearest five", Query{Near: wall(t, "2026-07-22 10:00"), Limit: 5}, 2},
		{"five days", Query{OnePerDay: true, Limit: 5}, 2},
		{"everything", Query{}, 9},
	} {
		asked := map[int64]bool{}
		BuiltinRules().Openings(s, test.query, now, func(code string, from, to time.Time) map[int64]int {
			if code != "XHG" || asked[from.Unix()] || to.Sub(from) < 6*24*time.Hour || to.Sub(from) > 8*24*time.Hour {
				t.Errorf("%s: asked about %s from %v to %v", test.name, code, from, to)
			}
			asked[from.Unix()] = true
			return nil
		})
		if len(asked) == 0 || len(asked) > test.most {
			t.Errorf("%s: asked %d times, want 1 to %d", test.name, len(asked), test.most)
		}
	}
}
