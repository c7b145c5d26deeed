package scheduling_test

import (
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

// site finds a built-in site.
func site(t testing.TB, code string) Site {
	t.Helper()
	s, ok := BuiltinSites().Find(code)
	if !ok {
		t.Fatalf("there is no site %s", code)
	}
	return s
}

func wall(t testing.TB, s string) Wall {
	t.Helper()
	w, err := ParseWall(s)
	if err != nil {
		t.Fatalf("ParseWall(%q): %v", s, err)
	}
	return w
}

func day(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatalf("ParseDate(%q): %v", s, err)
	}
	return d
}

// instant reads 2026-07-14T05:00:00Z, with any fraction of a second and offset.
func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// booked is a scheduled appointment, never moved, for I-485.
func booked(t testing.TB, code, local string) Appointment {
	t.Helper()
	a := Appointment{
		ID: "a1", CaseID: "c1", Chain: "k1", Receipt: MustReceipt("IOE0000000101"), Form: "I-485",
		Site: site(t, code), Local: wall(t, local), Status: Scheduled, Version: 1,
	}
	start, err := a.Site.Instant(a.Local)
	if err != nil {
		t.Fatalf("%s at %s: %v", local, code, err)
	}
	a.Start = start
	return a
}

// applicant asks about their own appointment, with a reason.
func applicant(a Appointment, now time.Time) Attempt {
	return Attempt{Appointment: &a, By: Requester{Role: Applicant, Allowed: true}, Reason: PlannedTravel, Now: now}
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// mustReject fails if a reader accepted what it should not, or said so without a
// sentence.
func mustReject(t *testing.T, input string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%q was accepted", input)
	} else if len(err.Error()) < 15 {
		t.Errorf("%q: the error %q is no sentence", input, err)
	}
}
