package conversation_test

import (
	"slices"
	"strings"

	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

// What staff may look at, and what they do to the links of a case.

func (f facts) staff() bool { return f.who.role != scheduling.Applicant }

// client is a case as staff see it.
func (b *book) client(f *file) conversation.Client {
	c := conversation.Client{Name: f.first, Receipt: f.Receipt}
	if f.last != "" {
		c.Name += " " + string([]rune(f.last)[:1]) + "."
	}
	chats := b.linked(f.ID)
	c.Linked = len(chats) > 0
	c.Unreachable = c.Linked && !slices.ContainsFunc(chats, func(c *chat) bool { return !c.blocked })
	return c
}

func (f facts) Look(w conversation.Wanted, limit int) (found []conversation.Found, more bool) {
	if !f.staff() {
		return nil, false
	}
	for _, file := range slices.Backward(f.files) {
		if !w.Matches(conversation.Named{First: file.first, Last: file.last, Matter: file.matter, Receipt: file.Receipt}) {
			continue
		}
		if len(found) == limit {
			return found, true
		}
		found = append(found, conversation.Found{Case: file.Case, Client: f.client(file)})
	}
	return found, false
}

func (f facts) Coming(days, limit int) (rows []conversation.AppointmentOnDesk, more int) {
	if !f.staff() {
		return nil, 0
	}
	for _, file := range f.files {
		a := file.Appointment
		if a == nil || a.Status != scheduling.Scheduled {
			continue
		}
		today := scheduling.DateOf(f.now.In(a.Site.Location()))
		if a.Local.Date.Compare(today) >= 0 && a.Local.Date.Compare(today.AddDays(days)) < 0 {
			row := conversation.AppointmentOnDesk{Appointment: *a, Client: f.client(file)}
			if file.Request != nil {
				row.Request = file.Request.Name
			}
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b conversation.AppointmentOnDesk) int { return a.Appointment.Start.Compare(b.Appointment.Start) })
	return rows[:min(limit, len(rows))], max(0, len(rows)-limit)
}

func (f facts) Waiting(limit int) (rows []conversation.RequestOnDesk, more int) {
	if !f.staff() {
		return nil, 0
	}
	for _, file := range f.files {
		if r := file.Request; r != nil {
			rows = append(rows, conversation.RequestOnDesk{Request: *r, Client: f.client(file), Now: file.Appointment, Verdict: f.gate(file),
				LapsesAt: r.From.Start.Add(-f.rules.Window)})
		}
	}
	slices.SortFunc(rows, func(a, b conversation.RequestOnDesk) int {
		if by := a.LapsesAt.Compare(b.LapsesAt); by != 0 {
			return by
		}
		return strings.Compare(a.ID, b.ID)
	})
	return rows[:min(limit, len(rows))], max(0, len(rows)-limit)
}

func (f facts) Requested(name string) (conversation.RequestOnDesk, bool) {
	if !f.staff() {
		return conversation.RequestOnDesk{}, false
	}
	for _, file := range f.files {
		if file.Request != nil && strings.EqualFold(file.Request.Name, name) {
			return conversation.RequestOnDesk{Request: *file.Request}, true
		}
	}
	for _, r := range f.decided {
		if strings.EqualFold(r.Name, name) {
			return r, true
		}
	}
	return conversation.RequestOnDesk{}, false
}

// close ends the open request of a case.
func (b *book) close(f *file, o conversation.Outcome, by string) conversation.Request {
	r := *f.Request
	f.Request = nil
	b.decided = append(b.decided, conversation.RequestOnDesk{Request: r, Outcome: o, DecidedBy: by, DecidedAt: b.now})
	return r
}

func (f facts) Together(caseID string) []conversation.Case {
	if !f.staff() {
		return nil
	}
	var out []conversation.Case
	seen := map[string]bool{}
	for _, c := range f.linked(caseID) {
		of := f
		of.who = c
		for _, file := range of.Cases() {
			if !seen[file.ID] {
				seen[file.ID] = true
				out = append(out, file)
			}
		}
	}
	return out
}

func (f facts) Links(caseID string) (l conversation.CaseLinks) {
	if !f.staff() {
		return l
	}
	for _, c := range f.linked(caseID) {
		l.Chats = append(l.Chats, conversation.ChatLink{Platform: "telegram", Since: c.links[caseID], Reachable: !c.blocked})
	}
	for _, c := range f.codes {
		if c.caseID == caseID && !c.revoked && c.usedBy == nil && f.now.Before(c.expires) {
			l.Codes = append(l.Codes, conversation.UnusedCode{Until: c.expires, By: c.by})
		}
	}
	return l
}

// issued makes a code for a case, as staff want it, and shows it.
func (b *book) issued(caseID string, by *chat) conversation.Reply {
	f, c := b.file(caseID), b.invite(caseID)
	c.by = by.staffName
	return conversation.Invited(by.language, conversation.Issued{Client: b.client(f), Code: c.text, Link: transcript.Link(c.text),
		Until: c.expires, Chats: len(b.linked(caseID)), QR: []byte("a picture")}, b.facts(by).Office())
}

// unlinkAll ends every chat's tie to a case, and tells them.
func (b *book) unlinkAll(caseID string) (letters []letter) {
	for _, c := range b.linked(caseID) {
		delete(c.links, caseID)
		letters = append(letters, letter{c, conversation.Unlinked(c.language, b.facts(c).Office())})
	}
	for _, c := range b.codes {
		if c.caseID == caseID {
			c.revoked = true
		}
	}
	return letters
}
