package scheduling

import (
	"slices"
	"time"
)

// A Class is the kind of answer a person gets (domain reference, section 1.4).
type Class string

// The classes. NoSlots is never the gate's answer: whoever looks for openings
// finds it out.
const (
	ToolOK       Class = "TOOL_OK"     // may be moved online
	ToolLast     Class = "TOOL_LAST"   // may be moved online, for the last time
	PhoneLimit   Class = "PHONE_LIMIT" // moved online too often: by phone, in time
	PhoneForm    Class = "PHONE_FORM"  // a form the tool does not take: by phone, in time
	PhoneSoon    Class = "PHONE_SOON"  // starts within the window: by phone, in time
	PhoneGap     Class = "PHONE_GAP"   // the same, but nobody answers before the start (R15)
	PhoneLate    Class = "PHONE_LATE"  // passed or missed: by phone, discretionary (R7)
	NoSlots      Class = "NO_SLOTS"    // nothing free to move to
	MovedByUSCIS Class = "USCIS_MOVED" // nothing to do, a new notice comes (R22)
	NotActive    Class = "NOT_ACTIVE"  // cancelled, completed or superseded
	NotFound     Class = "NOT_FOUND"   // no such appointment, or not this person's
	NotAllowed   Class = "NOT_ALLOWED" // this person may not move it (R8)
)

// A Finding is one thing that stands in the way of a change, or that has to be
// said about it.
type Finding string

// The findings, in the order of R1 (a) to (h); the last is R15's.
const (
	NoAppointment       Finding = "not_found"
	Inactive            Finding = "not_active"
	Passed              Finding = "passed"
	InsideWindow        Finding = "inside_window" // also of a passed one
	LimitReached        Finding = "limit_reached"
	ExcludedForm        Finding = "excluded_form"
	RequesterNotAllowed Finding = "requester_not_allowed"
	NoReason            Finding = "no_reason"
	ClosedPhoneGap      Finding = "closed_phone_gap" // sent to the phone, but nobody answers before the start
)

// A Role is in what capacity somebody acts.
type Role string

// The roles. All but Applicant are the firm's staff.
const (
	Applicant      Role = "applicant"
	Paralegal      Role = "paralegal"
	Representative Role = "representative" // attorney or accredited representative
	Admin          Role = "admin"
)

// A Requester is who wants to move an appointment.
type Requester struct {
	Role    Role
	Allowed bool // linked to the case, or staff
	G28     bool // Form G-28 is on file for the case; staff need it, applicants don't (R8)
}

// may reports whether the requester may have the appointment moved.
func (b Requester) may() bool { return b.Allowed && (b.Role == Applicant || b.G28) }

// An Attempt is the wish to move an appointment, at an instant.
type Attempt struct {
	Appointment *Appointment // nil: there is none, or it is somebody else's
	By          Requester
	Reason      Reason        // "" while it has not been asked for
	Now         time.Time     // in any location
	Margin      time.Duration // how long before the window the firm's own desk stops taking requests; 0: it has none
}

// A Verdict is what the rules say about an attempt.
type Verdict struct {
	Class        Class
	Findings     []Finding // all of them, in the order of R1
	RulesVersion string

	ChangesLeft int           // online changes left, never negative
	Left        time.Duration // from now to the start; negative once passed
	Timely      bool          // still before the start, so that a call is in time (R6)

	// The last workable moments. They are zero for an appointment that is not
	// active; the first two say when the tool closes, whether or not something else
	// stands in the way.
	OnlineUntil time.Time     // the tool works before this instant: the start less the window
	SelfUntil   time.Time     // the desk takes requests before this instant: OnlineUntil less the margin
	PhoneUntil  time.Time     // end of the last minute before the start in which somebody answers the phone; zero if none is left
	Live        time.Duration // how long somebody answers between now and the start
}

// Gate decides whether an appointment may be moved online (R1 to R9, R15). It
// evaluates everything, and the first reason against in the order of R1 gives
// the class.
//
// The deadline is elapsed time between instants (R3): with exactly the window
// left the tool refuses, with a nanosecond more it works. At the very start it
// is late (R5). A missed appointment counts as passed whatever the time; any
// other status but scheduled is not active.
//
// Two findings don't give a class by themselves. NoReason is only recorded: the
// gate is first asked before there is a reason, so who books has to look for the
// finding. ClosedPhoneGap is added to every class that sends a person to the
// phone before the start while nobody answers until then, and makes PHONE_GAP of
// PHONE_SOON. The margin moves SelfUntil and nothing else.
func (r Rules) Gate(a Attempt) Verdict {
	v := Verdict{Class: NotFound, RulesVersion: r.Version}
	if a.Appointment == nil {
		v.Findings = append(v.Findings, NoAppointment)
		return v.by(a)
	}
	it := *a.Appointment
	v.ChangesLeft = max(0, r.MaxChanges-it.Count)
	v.Left = it.Start.Sub(a.Now)
	active := it.Status == Scheduled || it.Status == Missed
	passed := v.Left <= 0 || it.Status == Missed
	v.Timely = active && !passed
	if active {
		v.OnlineUntil = it.Start.Add(-r.Window)
		v.SelfUntil = v.OnlineUntil.Add(-a.Margin)
	}
	if v.Timely {
		v.Live = r.CenterLive(a.Now, it.Start)
		v.PhoneUntil, _ = r.CenterLast(a.Now, it.Start)
	}
	for _, check := range [...]struct {
		holds   bool
		finding Finding
	}{
		{!active, Inactive},
		{active && passed, Passed},
		{active && v.Left <= r.Window, InsideWindow},
		{it.Count >= r.MaxChanges, LimitReached},
		{r.excluded(it.Form), ExcludedForm},
	} {
		if check.holds {
			v.Findings = append(v.Findings, check.finding)
		}
	}
	v = v.by(a)
	v.Class = r.class(it, v)
	if v.Timely && v.Live == 0 && v.phone() {
		v.Findings = append(v.Findings, ClosedPhoneGap)
		if v.Class == PhoneSoon {
			v.Class = PhoneGap
		}
	}
	return v
}

// by adds the findings about who asks and why.
func (v Verdict) by(a Attempt) Verdict {
	if !a.By.may() {
		v.Findings = append(v.Findings, RequesterNotAllowed)
	}
	if a.Reason == "" {
		v.Findings = append(v.Findings, NoReason)
	}
	return v
}

// class is that of the first finding; the findings are in the order of R1.
func (r Rules) class(a Appointment, v Verdict) Class {
	if len(v.Findings) > 0 {
		switch v.Findings[0] {
		case Inactive:
			if a.Status == USCISMoved {
				return MovedByUSCIS
			}
			return NotActive
		case Passed:
			return PhoneLate
		case InsideWindow:
			return PhoneSoon
		case LimitReached:
			return PhoneLimit
		case ExcludedForm:
			return PhoneForm
		case RequesterNotAllowed:
			return NotAllowed
		}
	}
	if v.ChangesLeft == 1 {
		return ToolLast
	}
	return ToolOK
}

// phone reports whether the class sends a person to the phone.
func (v Verdict) phone() bool {
	switch v.Class {
	case PhoneLimit, PhoneForm, PhoneSoon, PhoneGap, PhoneLate:
		return true
	}
	return false
}

// Online reports whether the class allows the tool.
func (v Verdict) Online() bool { return v.Class == ToolOK || v.Class == ToolLast }

// Has reports whether f is among the findings.
func (v Verdict) Has(f Finding) bool { return slices.Contains(v.Findings, f) }
