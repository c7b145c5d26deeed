package conversation_test

import (
	"fmt"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

// forward lets time pass, from one moment at which something is due to the next.
func (s *stage) forward(value string) ([]string, error) {
	d, err := transcript.ParseSpan(value)
	if err != nil {
		return nil, err
	}
	end := s.now.Add(d)
	var out []string
	for {
		out = append(out, s.work()...)
		next := s.nextDue()
		if next.IsZero() || next.After(end) {
			break
		}
		if !next.After(s.now) {
			return out, fmt.Errorf("something stays due at %s", next)
		}
		s.now = next
	}
	s.now = end
	return append(out, s.work()...), nil
}

// nextDue is the next moment at which a request lapses or a reminder is due.
func (s *stage) nextDue() time.Time {
	var soonest time.Time
	at := func(t time.Time) {
		if t.After(s.now) && (soonest.IsZero() || t.Before(soonest)) {
			soonest = t
		}
	}
	for _, f := range s.files {
		if f.Request != nil {
			at(s.gate(f).OnlineUntil)
		}
		for _, c := range s.linked(f.ID) {
			if f.Appointment != nil && f.Appointment.Status == scheduling.Scheduled && c.reminders {
				_, _, next := s.plan.Due(*f.Appointment, s.since(f, c), s.now)
				at(next)
			}
		}
	}
	return soonest
}

// since is the moment up to which reminders are none of this chat's.
func (s *stage) since(f *file, c *chat) time.Time {
	if link := c.links[f.ID]; link.After(f.since) {
		return link
	}
	return f.since
}

// work does what is due now.
func (s *stage) work() []string {
	var letters []letter
	for _, f := range s.files {
		if f.Request != nil && !s.now.Before(s.gate(f).OnlineUntil) {
			lapsed, _ := s.decide(conversation.Decision{RequestID: f.Request.ID, Outcome: conversation.Lapsed})
			letters = append(letters, lapsed...)
		}
	}
	for _, f := range s.files {
		for _, c := range s.linked(f.ID) {
			letters = append(letters, s.reminders(f, c)...)
		}
	}
	return s.deliver(nil, letters)
}

func (s *stage) reminders(f *file, c *chat) []letter {
	if f.Appointment == nil || f.Appointment.Status != scheduling.Scheduled || !c.reminders {
		return nil
	}
	due, _, _ := s.plan.Due(*f.Appointment, s.since(f, c), s.now)
	if due == nil {
		return nil
	}
	key := f.Appointment.ID + " " + due.Lead.String()
	if c.told[key] {
		return nil
	}
	c.told[key] = true
	return []letter{{c, conversation.Reminder(c.language,
		conversation.Reminding{Appointment: *f.Appointment, Verdict: s.gate(f), Request: f.Request, Case: f.Case}, s.facts(c))}}
}
