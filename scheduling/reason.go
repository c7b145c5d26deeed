package scheduling

// A Reason is why a person cannot come on the set date: one of the published
// examples of good cause, or another. It is recorded, never weighed (R11).
type Reason string

// The reasons. The list that USCIS gives is open, hence Other.
const (
	IllnessMedical          Reason = "illness_medical"
	PlannedTravel           Reason = "planned_travel"
	LifeEvent               Reason = "life_event"
	NoTransport             Reason = "no_transport"
	NoLeaveWorkOrCaregiving Reason = "no_leave_work_or_caregiving"
	NoticeLateOrMissing     Reason = "notice_late_or_missing"
	Other                   Reason = "other"
)

// Reasons lists all reasons in the order in which they are shown. The slice is
// the caller's own.
func Reasons() []Reason {
	return []Reason{
		IllnessMedical, PlannedTravel, LifeEvent, NoTransport,
		NoLeaveWorkOrCaregiving, NoticeLateOrMissing, Other,
	}
}
