package scheduling

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Lead is how many days of the civil calendar before an appointment its
// reminder comes.
type Lead struct{ Days int }

// String is 7d.
func (l Lead) String() string { return strconv.Itoa(l.Days) + "d" }

// mostLeadDays: nothing is booked further ahead.
const mostLeadDays = 60

// ParseLeads reads lead times such as "7d,3d,1d", from 1d to 60d, in any order.
// The result has the longest first.
func ParseLeads(s string) ([]Lead, error) {
	if strings.TrimSpace(s) == "" {
		return nil, errors.New("there is no lead time")
	}
	var leads []Lead
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		number, _ := strings.CutSuffix(part, "d")
		n, ok := digits(number, 1, 2)
		lead := Lead{n}
		switch {
		case !ok || number == part || n < 1 || n > mostLeadDays:
			return nil, fmt.Errorf("%.20q is no lead time from 1d to %dd", part, mostLeadDays)
		case slices.Contains(leads, lead):
			return nil, fmt.Errorf("%v is there twice", lead)
		}
		leads = append(leads, lead)
	}
	slices.SortFunc(leads, func(a, b Lead) int { return cmp.Compare(b.Days, a.Days) })
	return leads, nil
}

// ParseSendHours reads the span of the day in which reminders may be sent, such
// as "09:00-20:00". It can't reach over midnight.
func ParseSendHours(s string) (from, to Clock, err error) {
	from, to, err = parseSpan(s)
	if errors.Is(err, errClock) {
		err = errors.New("these are not hours of the day")
	}
	return from, to, err
}

// A Plan says when people are reminded.
type Plan struct {
	Leads    []Lead // longest first
	From, To Clock  // hours at the site in which reminders are sent
}

// Fingerprint is the same for equal plans and different for others: what was
// planned under another one has to be planned again.
func (p Plan) Fingerprint() string {
	var leads []string
	for _, l := range p.Leads {
		leads = append(leads, l.String())
	}
	return fmt.Sprintf("%s %v-%v", strings.Join(leads, ","), p.From, p.To)
}

// A Reminder is one planned message.
type Reminder struct {
	Lead   Lead
	DueAt  time.Time // in the site's zone
	SendBy time.Time // from then on it is stale: the next one is due, or the appointment begins
}

// Reminders are all that belong to an appointment, in the order of DueAt: the
// same time on the wall so many days of the calendar earlier (R34), brought into
// the sending hours of that day. Where a clock change skips that time it is the
// moment of the change.
func (p Plan) Reminders(a Appointment) []Reminder {
	loc := a.Site.Location()
	reminders := make([]Reminder, 0, len(p.Leads))
	for i, lead := range p.Leads {
		at := min(max(a.Local.clock(), p.From), p.To)
		reminders = append(reminders, Reminder{Lead: lead, DueAt: existing(at.on(a.Local.Date.AddDays(-lead.Days)), loc), SendBy: a.Start})
		if i > 0 {
			reminders[i-1].SendBy = reminders[i].DueAt
		}
	}
	return reminders
}

// punctual is how long after DueAt a reminder is not late yet. The sending hours
// were looked at when it was planned; the scan that finds it comes a little after.
const punctual = 5 * time.Minute

// Due says what to send at now and when to ask again. Reminders that were due at
// or before since are none of ours: this version of the appointment, or the link
// to the person, is newer than they.
//
// due is the latest reminder that is due, and skipped are the earlier ones it
// replaces, in order: of several that were missed one is sent. A late one waits
// for the sending hours, with due nil and next the time they begin, unless the
// appointment would begin first. next is when there is more to do, zero if never.
// An appointment that is not scheduled, or that has begun, has no reminders.
func (p Plan) Due(a Appointment, since, now time.Time) (due *Reminder, skipped []Reminder, next time.Time) {
	if a.Status != Scheduled || !now.Before(a.Start) {
		return nil, nil, time.Time{}
	}
	var reached []Reminder
	for _, r := range p.Reminders(a) {
		if !r.DueAt.After(since) {
			continue
		}
		if r.DueAt.After(now) {
			next = r.DueAt
			break
		}
		reached = append(reached, r)
	}
	if len(reached) == 0 {
		return nil, nil, next
	}
	last := len(reached) - 1
	if now.Sub(reached[last].DueAt) > punctual {
		if opens := p.opens(now.In(a.Site.Location())); opens.After(now) && opens.Before(a.Start) {
			return nil, nil, opens
		}
	}
	return &reached[last], reached[:last:last], next
}

// opens is t itself within the sending hours, else the moment they begin next.
// They are on the clock of t's location.
func (p Plan) opens(t time.Time) time.Time {
	w := WallOf(t)
	switch {
	case w.clock() < p.From:
		return existing(p.From.on(w.Date), t.Location())
	case w.clock() >= p.To:
		return existing(p.From.on(w.Date.AddDays(1)), t.Location())
	}
	return t
}
