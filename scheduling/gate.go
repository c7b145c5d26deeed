package scheduling

import (
	"slices"
	"time"
)

type Class string

const (
	ToolOK       Class = "TOOL_OK"
	ToolLast     Class = "TOOL_LAST"
	PhoneLimit   Class = "PHONE_LIMIT"
	PhoneForm    Class = "PHONE_FORM"
	PhoneSoon    Class = "PHONE_SOON"
	PhoneGap     Class = "PHONE_GAP"
	PhoneLate    Class = "PHONE_LATE"
	NoSlots      Class = "NO_SLOTS"
	MovedByUSCIS Class = "USCIS_MOVED"
	NotActive    Class = "NOT_ACTIVE"
	NotFound     Class = "NOT_FOUND"
	NotAllowed   Class = "NOT_ALLOWED"

	USCISMoved_ = MovedByUSCIS
)

type Finding string

const (
	NoAppointment       Finding = "not_found"
	Inactive            Finding = "not_active"
	Passed              Finding = "passed"
	InsideWindow        Finding = "inside_window"
	LimitReached        Finding = "limit_reached"
	ExcludedForm        Finding = "excluded_form"
	RequesterNotAllowed Finding = "requester_not_allowed"
	NoReason            Finding = "no_reason"
	ClosedPhoneGap      Finding = "closed_phone_gap"
)

type Role string

const (
	Applicant      Role = "applicant"
	Paralegal      Role = "paralegal"
	Representative Role = "representative"
	Admin          Role = "admin"
)

type Requester struct {
	Role    Role
	Allowed bool
	G28     bool
}

type Attempt struct {
	Appointment *Appointment
	By          Requester
	Reason      Reason
	Now         time.Time
	Margin      time.Duration
}

type Verdict struct {
	Class        Class
	Findings     []Finding
	RulesVersion string
	ChangesLeft  int
	Left         time.Duration
	OnlineUntil  time.Time
	SelfUntil    time.Time
	PhoneUntil   time.Time
	Live         time.Duration
	Timely       bool
}

func (r Rules) Gate(a Attempt) Verdict { return Verdict{} }

func (v Verdict) Online() bool       { return v.Class == ToolOK || v.Class == ToolLast }
func (v Verdict) Has(f Finding) bool { return slices.Contains(v.Findings, f) }

type SlotProblem string

const (
	SlotFine           SlotProblem = ""
	SlotSameAsNow      SlotProblem = "same_as_now"
	SlotPast           SlotProblem = "past"
	SlotInsideWindow   SlotProblem = "inside_window"
	SlotNotAStart      SlotProblem = "not_a_start"
	SlotNoSuchTime     SlotProblem = "no_such_time"
	SlotBeyondHorizon  SlotProblem = "beyond_horizon"
	SlotSiteNotOffered SlotProblem = "site_not_offered"
)

func (r Rules) CheckSlot(a Appointment, s Site, w Wall, now time.Time) SlotProblem { return SlotFine }
func (r Rules) TooCloseToChange(start, now time.Time) bool                         { return false }
