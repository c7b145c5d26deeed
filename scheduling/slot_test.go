package scheduling_test

import (
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

// It is Monday, 1 June 2026, 09:00 in Chicago; the appointment is there on
// Wednesday, 10 June, at 10:00.
func TestCheckSlot(t *testing.T) {
	fullWeek, err := ParseHours("Mon-Sun 00:00-24:00")
	if err != nil {
		t.Fatal(err)
	}
	allDay := func(s *Site) { s.Hours = fullWeek }
	for _, test := range []struct {
		name   string
		site   string
		change func(*Site)
		local  string
		want   SlotProblem
	}{
		{"a free grid time", "XCB", nil, "2026-06-11 10:20", SlotFine},
		{"earlier than now booked", "XCB", nil, "2026-06-03 08:00", SlotFine},
		{"the last start of the day", "XCB", nil, "2026-06-11 15:00", SlotFine},
		{"the last day", "XCB", nil, "2026-07-31 15:00", SlotFine},
		{"the same time elsewhere", "XCA", nil, "2026-06-10 10:00", SlotFine},
		{"the same time, the same place", "XCB", nil, "2026-06-10 10:00", SlotSameAsNow},
		{"yesterday", "XCB", nil, "2026-05-29 10:00", SlotPast},
		{"this very minute", "XCB", nil, "2026-06-01 09:00", SlotPast},
		{"this afternoon", "XCB", nil, "2026-06-01 15:00", SlotInsideWindow},
		{"in exactly 12 hours", "XCB", allDay, "2026-06-01 21:00", SlotInsideWindow},
		{"in 12 hours and 20 minutes", "XCB", allDay, "2026-06-01 21:20", SlotFine},
		{"after the last start", "XCB", nil, "2026-06-11 15:20", SlotNotAStart},
		{"before opening", "XCB", nil, "2026-06-11 07:40", SlotNotAStart},
		{"between two starts", "XCB", nil, "2026-06-11 10:10", SlotNotAStart},
		{"a Saturday", "XCB", nil, "2026-06-13 10:00", SlotNotAStart},
		{"a holiday", "XCB", nil, "2026-07-03 10:00", SlotNotAStart},
		{"a day after the horizon", "XCB", nil, "2026-08-03 08:00", SlotBeyondHorizon},
		{"years ahead, on a Sunday", "XCB", nil, "2031-06-01 03:00", SlotBeyondHorizon},
		{"a remote site", "XGB", nil, "2026-06-11 10:20", SlotSiteNotOffered},
	} {
		s := site(t, test.site)
		if test.change != nil {
			test.change(&s)
		}
		now := instant(t, "2026-06-01T09:00:00-05:00")
		if got := BuiltinRules().CheckSlot(booked(t, "XCB", "2026-06-10 10:00"), s, wall(t, test.local), now); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	s := site(t, "XCB")
	allDay(&s)
	now := instant(t, "2026-03-01T09:00:00-06:00")
	if got := BuiltinRules().CheckSlot(booked(t, "XCB", "2026-03-10 10:00"), s, wall(t, "2026-03-08 02:20"), now); got != SlotNoSuchTime {
		t.Errorf("a skipped time: %q", got)
	}
	if got := BuiltinRules().CheckSlot(booked(t, "XCB", "2026-03-10 10:00"), s, Wall{Date: Date{Year: 2026, Month: 2, Day: 30}}, now); got != SlotNoSuchTime {
		t.Errorf("30 February: %q", got)
	}
}

func TestTooCloseToChange(t *testing.T) {
	now := instant(t, "2026-06-01T09:00:00-05:00")
	for left, want := range map[time.Duration]bool{
		24 * time.Hour: false, 24*time.Hour - 1: true, 13 * time.Hour: true, 48 * time.Hour: false, -time.Hour: true,
	} {
		if got := BuiltinRules().TooCloseToChange(now.Add(left), now); got != want {
			t.Errorf("%v ahead: %v, want %v", left, got, want)
		}
	}
}
