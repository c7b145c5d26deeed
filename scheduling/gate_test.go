package scheduling_test

import (
	"slices"
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

// The vectors of the domain reference, section 6: when is the tool's last
// moment, and what is the answer at it and one nanosecond before.
func TestTwelveHours(t *testing.T) {
	for _, test := range []struct {
		name, site, local string
		start, until      string
		at                Class
	}{
		{"V1 Phoenix has no summer time", "XPQ", "2026-07-14 10:00", "2026-07-14T17:00:00Z", "2026-07-14T05:00:00Z", PhoneSoon},
		{"V2 Guam on a Monday: the phones are shut", "XHG", "2026-07-13 08:00", "2026-07-12T22:00:00Z", "2026-07-12T10:00:00Z", PhoneGap},
		{"V3 the day after the clocks go forward", "XNK", "2026-03-09 08:00", "2026-03-09T12:00:00Z", "2026-03-09T00:00:00Z", PhoneGap},
		{"V4 the day the clocks go forward: 13 hours on the wall", "XNK", "2026-03-08 13:00", "2026-03-08T17:00:00Z", "2026-03-08T05:00:00Z", PhoneGap},
		{"V5 the day the clocks go back: 12 hours on the wall", "XNK", "2026-11-01 13:00", "2026-11-01T18:00:00Z", "2026-11-01T06:00:00Z", PhoneGap},
		{"V6 El Paso is on Mountain time", "XEA", "2026-07-14 09:00", "2026-07-14T15:00:00Z", "2026-07-14T03:00:00Z", PhoneSoon},
		{"V10 after Independence Day, observed on Friday", "XNK", "2026-07-06 08:00", "2026-07-06T12:00:00Z", "2026-07-06T00:00:00Z", PhoneGap},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := booked(t, test.site, test.local)
			if want := instant(t, test.start); !a.Start.Equal(want) {
				t.Fatalf("starts at %v, want %v", a.Start.UTC(), want)
			}
			until := instant(t, test.until)
			before := BuiltinRules().Gate(applicant(a, until.Add(-1)))
			if before.Class != ToolOK || !before.OnlineUntil.Equal(until) {
				t.Errorf("a nanosecond before: %v until %v, want %v until %v", before.Class, before.OnlineUntil.UTC(), ToolOK, until)
			}
			if got := BuiltinRules().Gate(applicant(a, until)).Class; got != test.at {
				t.Errorf("with exactly 12 hours left: %v, want %v", got, test.at)
			}
		})
	}
}

// V5 once more, by the wall: the first 01:00 of that night is 13 hours before.
func TestTheHourThatRepeats(t *testing.T) {
	a := booked(t, "XNK", "2026-11-01 13:00")
	first := instant(t, "2026-11-01T01:00:00-04:00")
	if v := BuiltinRules().Gate(applicant(a, first)); v.Class != ToolOK || v.Left != 13*time.Hour {
		t.Errorf("at the first 01:00: %v with %v left, want %v with 13h", v.Class, v.Left, ToolOK)
	}
	if got := BuiltinRules().Gate(applicant(a, first.Add(time.Hour))).Class; got != PhoneGap {
		t.Errorf("at the second 01:00: %v, want %v", got, PhoneGap)
	}
}

// Section 1.4, and V7 to V9. The appointment is on Wednesday, 10 June 2026, at
// 10:00 in Chicago; 12 hours before is Tuesday 22:00.
func TestGate(t *testing.T) {
	const (
		early  = "2026-06-01T09:00:00-05:00"
		online = "2026-06-09T21:59:59-05:00"
		soon   = "2026-06-09T22:00:00-05:00"
		start  = "2026-06-10T10:00:00-05:00"
	)
	type change func(*Attempt)
	count := func(n int) change { return func(a *Attempt) { a.Appointment.Count = n } }
	form := func(f string) change { return func(a *Attempt) { a.Appointment.Form = f } }
	status := func(s Status) change { return func(a *Attempt) { a.Appointment.Status = s } }
	by := func(r Role, allowed, g28 bool) change {
		return func(a *Attempt) { a.By = Requester{Role: r, Allowed: allowed, G28: g28} }
	}
	all := func(changes ...change) change {
		return func(a *Attempt) {
			for _, c := range changes {
				c(a)
			}
		}
	}
	for _, test := range []struct {
		name     string
		now      string
		change   change
		class    Class
		findings []Finding
	}{
		{"never moved", early, count(0), ToolOK, nil},
		{"moved once: the last time", early, count(1), ToolLast, nil},
		{"a second before the window", online, count(0), ToolOK, nil},
		{"V8 exactly 12 hours", soon, count(0), PhoneSoon, []Finding{InsideWindow}},
		{"V9 a nanosecond more", "2026-06-09T21:59:59.999999999-05:00", count(0), ToolOK, nil},
		{"a nanosecond before the start", "2026-06-10T09:59:59.999999999-05:00", count(0), PhoneSoon, []Finding{InsideWindow}},
		{"V7 exactly at the start", start, count(0), PhoneLate, []Finding{Passed, InsideWindow}},
		{"a month later", "2026-07-10T10:00:00-05:00", count(0), PhoneLate, []Finding{Passed, InsideWindow}},
		{"moved twice", early, count(2), PhoneLimit, []Finding{LimitReached}},
		{"moved seven times, says the record", early, count(7), PhoneLimit, []Finding{LimitReached}},
		{"adoption, without hyphen", early, form("I600"), PhoneForm, []Finding{ExcludedForm}},
		{"adoption, as people write it", early, form("i 800a"), PhoneForm, []Finding{ExcludedForm}},
		{"a waiver is no adoption", early, form("I-601A"), ToolOK, nil},
		{"a trafficking declaration is no adoption", early, form("I-8001"), ToolOK, nil},
		{"moved twice, and adoption: the limit comes first", early, all(count(2), form("I-600A")), PhoneLimit, []Finding{LimitReached, ExcludedForm}},
		{"moved twice, and soon: soon comes first", soon, count(2), PhoneSoon, []Finding{InsideWindow, LimitReached}},
		{"passed comes before everything a person could have done", start, all(count(2), form("I-600"), by(Applicant, false, false)), PhoneLate,
			[]Finding{Passed, InsideWindow, LimitReached, ExcludedForm, RequesterNotAllowed}},
		{"cancelled", early, status(Cancelled), NotActive, []Finding{Inactive}},
		{"completed", start, status(Completed), NotActive, []Finding{Inactive}},
		{"superseded", early, status(Superseded), NotActive, []Finding{Inactive}},
		{"a status nobody knows", early, status("pending"), NotActive, []Finding{Inactive}},
		{"superseded, and moved twice", early, all(status(Superseded), count(2)), NotActive, []Finding{Inactive, LimitReached}},
		{"closed by USCIS", early, status(USCISMoved), MovedByUSCIS, []Finding{Inactive}},
		{"missed is late, whatever the clock says", early, status(Missed), PhoneLate, []Finding{Passed}},
		{"somebody else", early, by(Applicant, false, false), NotAllowed, []Finding{RequesterNotAllowed}},
		{"an applicant needs no G-28", early, by(Applicant, true, false), ToolOK, nil},
		{"a representative needs one", early, by(Representative, true, false), NotAllowed, []Finding{RequesterNotAllowed}},
		{"a representative with G-28", early, by(Representative, true, true), ToolOK, nil},
		{"a paralegal without", early, by(Paralegal, true, false), NotAllowed, []Finding{RequesterNotAllowed}},
		{"an admin without", early, by(Admin, true, false), NotAllowed, []Finding{RequesterNotAllowed}},
		{"a G-28 alone is no permission", early, by(Representative, false, true), NotAllowed, []Finding{RequesterNotAllowed}},
		{"nobody in particular", early, by("", true, false), NotAllowed, []Finding{RequesterNotAllowed}},
		{"no reason yet: only recorded", early, func(a *Attempt) { a.Reason = "" }, ToolOK, []Finding{NoReason}},
		{"no such appointment", early, func(a *Attempt) { a.Appointment = nil }, NotFound, []Finding{NoAppointment}},
		{"no such appointment, no right to ask, no reason", early, func(a *Attempt) { *a = Attempt{} }, NotFound,
			[]Finding{NoAppointment, RequesterNotAllowed, NoReason}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := booked(t, "XCB", "2026-06-10 10:00")
			attempt := applicant(a, instant(t, test.now))
			test.change(&attempt)
			v := BuiltinRules().Gate(attempt)
			if v.Class != test.class {
				t.Errorf("class %v, want %v", v.Class, test.class)
			}
			if !slices.Equal(v.Findings, test.findings) {
				t.Errorf("findings %v, want %v", v.Findings, test.findings)
			}
			if want := test.class == ToolOK || test.class == ToolLast; v.Online() != want {
				t.Errorf("online %v, want %v", v.Online(), want)
			}
			if v.RulesVersion != BuiltinRules().Version || v.RulesVersion == "" {
				t.Errorf("the verdict names rules %q", v.RulesVersion)
			}
			if v.ChangesLeft < 0 {
				t.Errorf("%d changes left", v.ChangesLeft)
			}
		})
	}
}

// R15: sent to the phone while nobody answers before the appointment. Monday,
// 8 June 2026, 08:00 in New York: the lines shut on Friday at 20:00.
func TestClosedPhoneGap(t *testing.T) {
	const open, shut = "2026-06-05T19:59:00-04:00", "2026-06-05T20:00:00-04:00"
	for _, test := range []struct {
		name  string
		now   string
		count int
		form  string
		class Class
		gap   bool
	}{
		{"the lines are open for one more minute", open, 2, "I-485", PhoneLimit, false},
		{"limit, shut until the start", shut, 2, "I-485", PhoneLimit, true},
		{"form, shut until the start", shut, 0, "I-600", PhoneForm, true},
		{"soon, shut until the start", "2026-06-07T20:00:00-04:00", 0, "I-485", PhoneGap, true},
		{"soon and limit, shut until the start", "2026-06-07T20:00:00-04:00", 2, "I-485", PhoneGap, true},
		{"online still works: no phone needed", shut, 0, "I-485", ToolOK, false},
		{"late: there is nothing left to call before", "2026-06-08T08:00:00-04:00", 0, "I-485", PhoneLate, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := booked(t, "XNK", "2026-06-08 08:00")
			a.Count, a.Form = test.count, test.form
			v := BuiltinRules().Gate(applicant(a, instant(t, test.now)))
			if v.Class != test.class || v.Has(ClosedPhoneGap) != test.gap {
				t.Errorf("%v with %v, want %v, gap %v", v.Class, v.Findings, test.class, test.gap)
			}
		})
	}
}

func TestLastWorkableMoments(t *testing.T) {
	// Wednesday 10:00 in Chicago is 11:00 in New York: the lines are open then.
	a := booked(t, "XCB", "2026-06-10 10:00")
	attempt := applicant(a, instant(t, "2026-06-09T12:00:00-05:00"))
	attempt.Margin = 4 * time.Hour
	v := BuiltinRules().Gate(attempt)
	for _, moment := range []struct {
		name      string
		got, want time.Time
	}{
		{"online until", v.OnlineUntil, instant(t, "2026-06-09T22:00:00-05:00")},
		{"at the desk until", v.SelfUntil, instant(t, "2026-06-09T18:00:00-05:00")},
		{"phone until", v.PhoneUntil, a.Start},
	} {
		if !moment.got.Equal(moment.want) {
			t.Errorf("%s %v, want %v", moment.name, moment.got, moment.want)
		}
	}
	// Tuesday 13:00 to 20:00 Eastern, Wednesday 08:00 to 11:00.
	if v.Live != 10*time.Hour || v.Left != 22*time.Hour || !v.Timely || v.ChangesLeft != 2 {
		t.Errorf("live %v, left %v, timely %v, changes %d; want 10h, 22h, true, 2", v.Live, v.Left, v.Timely, v.ChangesLeft)
	}

	attempt.Now = instant(t, "2026-06-09T21:00:00-05:00") // past the margin, before the window
	if v := BuiltinRules().Gate(attempt); v.Class != ToolOK {
		t.Errorf("within the margin: %v; the margin must not change the class", v.Class)
	}

	attempt.Now = a.Start
	if v := BuiltinRules().Gate(attempt); v.Timely || !v.PhoneUntil.IsZero() || v.Live != 0 || v.Left != 0 {
		t.Errorf("at the start: timely %v, phone until %v, live %v, left %v", v.Timely, v.PhoneUntil, v.Live, v.Left)
	}

	monday := booked(t, "XNK", "2026-06-08 08:00")
	v = BuiltinRules().Gate(applicant(monday, instant(t, "2026-06-04T12:00:00-04:00")))
	if want := instant(t, "2026-06-05T20:00:00-04:00"); !v.PhoneUntil.Equal(want) {
		t.Errorf("before a Monday 08:00 in New York somebody answers until %v, want Friday %v", v.PhoneUntil, want)
	}
	v = BuiltinRules().Gate(applicant(monday, instant(t, "2026-06-06T12:00:00-04:00")))
	if !v.PhoneUntil.IsZero() {
		t.Errorf("on Saturday nobody answers any more, but phone until is %v", v.PhoneUntil)
	}

	monday.Status = Missed
	v = BuiltinRules().Gate(applicant(monday, instant(t, "2026-06-06T12:00:00-04:00")))
	if v.Timely || !v.PhoneUntil.IsZero() || v.Live != 0 || v.Has(ClosedPhoneGap) {
		t.Errorf("missed, says the record: a call is no longer in time, but %+v", v)
	}

	monday.Status = Cancelled
	v = BuiltinRules().Gate(applicant(monday, instant(t, "2026-06-04T12:00:00-04:00")))
	if !v.OnlineUntil.IsZero() || !v.SelfUntil.IsZero() || !v.PhoneUntil.IsZero() || v.Timely {
		t.Errorf("a cancelled appointment has deadlines: %+v", v)
	}
}

// The gate must not depend on where an instant is written down.
func TestGateInAnyLocation(t *testing.T) {
	a := booked(t, "XHG", "2026-07-14 10:00")
	now := instant(t, "2026-07-13T20:00:00Z")
	want := BuiltinRules().Gate(applicant(a, now))
	for _, zone := range []string{"Asia/Tokyo", "Pacific/Kiritimati", "America/New_York", "Asia/Kathmandu"} {
		elsewhere := a
		elsewhere.Start = a.Start.In(location(t, zone))
		got := BuiltinRules().Gate(applicant(elsewhere, now.In(location(t, zone))))
		if got.Class != want.Class || got.Live != want.Live || got.Left != want.Left || !got.PhoneUntil.Equal(want.PhoneUntil) {
			t.Errorf("in %s: %+v, want %+v", zone, got, want)
		}
	}
}
