package bot

import (
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// maxTries is how many link codes one chat may get wrong in a day.
const (
	maxTries  = 20
	triesIn   = 24 * time.Hour
	triedLink = "link"
)

// facts are what a dialogue sees, read in the transaction that will write its
// effects. What does not change within a turn is read once.
type facts struct {
	b    *Bot
	t    *store.Tx
	chat *store.Chat // nil: nobody in particular

	person    *conversation.Person
	cases     []conversation.Case
	casesRead bool
}

func (f *facts) Now() time.Time              { return f.t.Now() }
func (f *facts) Rules() scheduling.Rules     { return f.b.rules }
func (f *facts) Sites() scheduling.Sites     { return f.t.Sites() }
func (f *facts) Office() conversation.Office { return f.b.office }

func (f *facts) Person() conversation.Person {
	if f.person == nil {
		p := f.b.person(f.chat)
		f.person = &p
	}
	return *f.person
}

// person is who speaks in a chat.
func (b *Bot) person(c *store.Chat) conversation.Person {
	if c != nil {
		if p, ok := b.staff(c.Platform, c.Address); ok {
			return p
		}
		return conversation.Person{Role: scheduling.Applicant, Reminders: c.Reminders}
	}
	return conversation.Person{Role: scheduling.Applicant}
}

// principal is the same person as the store asks for.
func (f *facts) principal() store.Principal {
	p := f.Person()
	who := store.Principal{Role: p.Role, Name: p.Name}
	if f.chat != nil {
		who.ChatID = f.chat.ID
	}
	return who
}

func (f *facts) staff() bool { return f.Person().Role != scheduling.Applicant }

func (f *facts) Cases() []conversation.Case {
	if !f.casesRead && f.chat != nil && !f.staff() {
		f.cases = f.t.CasesOf(f.chat.ID)
	}
	f.casesRead = true
	return f.cases
}

func (f *facts) Find(r scheduling.Receipt) (conversation.Case, bool) {
	if !f.staff() {
		return conversation.Case{}, false
	}
	c, ok := f.t.CaseByReceipt(f.principal(), r)
	return whole(f.t, c, ok)
}

func (f *facts) Case(id string) (conversation.Case, bool) {
	if !f.staff() {
		return conversation.Case{}, false
	}
	c, ok := f.t.CaseByID(f.principal(), id)
	return whole(f.t, c, ok)
}

// whole adds to a case its appointment and its open request.
func whole(t *store.Tx, c store.CaseRecord, ok bool) (conversation.Case, bool) {
	if !ok {
		return conversation.Case{}, false
	}
	if a, ok := t.Latest(c.ID); ok {
		c.Appointment = &a
	}
	if r, ok := t.OpenRequest(c.ID); ok {
		c.Request = &r.Request
	}
	return c.Case, true
}

func (f *facts) Openings(s scheduling.Site, q scheduling.Query) []scheduling.Slot {
	return f.b.rules.Openings(s, q, f.t.Now(), f.t.Taken)
}

func (f *facts) Seats(s scheduling.Site, start time.Time) int {
	taken := f.t.Taken(s.Code, start, start.Add(time.Second))
	return max(0, s.Seats-taken[start.Unix()])
}

func (f *facts) Invitation(code string) (conversation.Case, bool) {
	if f.chat == nil || f.t.Tries(f.chat.ID, triedLink, triesIn) >= maxTries {
		return conversation.Case{}, false
	}
	id, ok := f.t.Invitation(code, f.chat.ID)
	if !ok {
		return conversation.Case{}, false
	}
	c, ok := f.t.CaseByID(store.System(), id)
	return whole(f.t, c, ok)
}

// gate asks the rules about an appointment as its applicant would.
func (f *facts) gate(a scheduling.Appointment) scheduling.Verdict {
	margin := time.Duration(0)
	if f.b.office.Booking == conversation.Desk {
		margin = f.b.office.Margin
	}
	return f.b.rules.Gate(scheduling.Attempt{
		Appointment: &a, By: scheduling.Requester{Role: scheduling.Applicant, Allowed: true},
		Now: f.t.Now(), Margin: margin,
	})
}
