package store

import (
	"cmp"
	"slices"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

const (
	insertLink = `INSERT INTO links (chat_id, case_id, linked_at, consent) VALUES ($1, $2, $3, $4)
		ON CONFLICT (chat_id, case_id) DO NOTHING`
	updateLink     = `UPDATE links SET consent = $3 WHERE chat_id = $1 AND case_id = $2`
	deleteLinks    = `DELETE FROM links WHERE chat_id = $1 RETURNING case_id`
	selectLinkedAt = `SELECT linked_at FROM links WHERE chat_id = $1 AND case_id = $2`
	selectLink     = `SELECT 1 FROM links WHERE case_id = $1 LIMIT 1`

	selectLinkedChats = `SELECT ` + chatColumns + `, -1 FROM chats WHERE id IN (SELECT chat_id FROM links WHERE case_id = $1) ORDER BY id`

	// One row for each case, with its appointment in force or else its newest, and
	// whether a request is open.
	selectCasesOf = `SELECT c.id, c.receipt_sealed, c.form, c.household, c.g28,
			a.id, a.chain, a.site, a.wall, a.zone, a.starts_at, a.status, a.moves, a.version,
			EXISTS (SELECT 1 FROM requests r WHERE r.case_id = k.case_id AND r.status = 'requested')
		FROM links k JOIN cases c ON c.id = k.case_id LEFT JOIN appointments a ON a.id = COALESCE(
			(SELECT f.id FROM appointments f WHERE f.case_id = k.case_id AND f.status = 'scheduled'),
			(SELECT n.id FROM appointments n WHERE n.case_id = k.case_id ORDER BY n.created_at DESC, n.id DESC LIMIT 1))
		WHERE k.chat_id = $1`
	selectRequestsOf = requestColumns + ` FROM links k JOIN requests r ON r.case_id = k.case_id AND r.status = 'requested'
		JOIN appointments a ON a.id = r.appointment_id JOIN cases c ON c.id = r.case_id WHERE k.chat_id = $1`
)

// LinkChat lets a chat act on a case. False: it could already, and only the
// version of the consent text was written.
func (t *Tx) LinkChat(chatID, caseID, consent string) (fresh bool) {
	if t.exec("link a chat", insertLink, chatID, caseID, t.now.UnixMilli(), consent) == 1 {
		return true
	}
	t.exec("link a chat", updateLink, chatID, caseID, consent)
	return false
}

// UnlinkChat ends all links of a chat and answers the cases they led to.
func (t *Tx) UnlinkChat(chatID string) []string {
	var cases []string
	t.changeEach("unlink a chat", deleteLinks, []any{chatID}, func(scan func(...any)) {
		var id string
		scan(&id)
		cases = append(cases, id)
	})
	slices.Sort(cases)
	return cases
}

// LinkedChats are the chats that may act on a case, in order of their ids.
func (t *Tx) LinkedChats(caseID string) []*Chat { return t.readChats(selectLinkedChats, caseID) }

// LinkedAt is since when a chat may act on a case; zero: it may not.
func (t *Tx) LinkedAt(chatID, caseID string) time.Time {
	var since time.Time
	t.row("look at a link", selectLinkedAt, []any{chatID, caseID}, at(&since))
	return since
}

// IsLinked tells whether any chat may act on a case.
func (t *Tx) IsLinked(caseID string) bool {
	var one int
	return t.row("look for a link", selectLink, []any{caseID}, &one)
}

// CasesOf are the cases that a chat may act on, each with its latest appointment
// and its open request: those with an appointment in force first, by its time,
// and those without any last.
func (t *Tx) CasesOf(chatID string) []conversation.Case {
	sites := t.Sites()
	var cases []conversation.Case
	anyOpen := false
	t.each("read a chat's cases", selectCasesOf, []any{chatID}, func(scan func(...any)) {
		var open bool
		cases = append(cases, t.scanLinkedCase(sites, scan, &open))
		anyOpen = anyOpen || open
	})
	slices.SortFunc(cases, soonestFirst)
	if !anyOpen {
		return cases
	}
	for _, r := range t.readRequests(selectRequestsOf, chatID) {
		i := slices.IndexFunc(cases, func(c conversation.Case) bool { return c.ID == r.CaseID })
		cases[i].Request = &r.Request
	}
	return cases
}

func (t *Tx) scanLinkedCase(sites scheduling.Sites, scan func(...any), more ...any) conversation.Case {
	var c conversation.Case
	var a scheduling.Appointment
	var receipt []byte
	var site, wall, zone, status string
	scan(append([]any{&c.ID, &receipt, &c.Form, &c.Household, &c.G28,
		text(&a.ID), text(&a.Chain), text(&site), text(&wall), text(&zone), at(&a.Start), text(&status), number(&a.Count), number(&a.Version)}, more...)...)
	c.Receipt = t.openReceipt(c.ID, receipt)
	if a.ID == "" {
		return c
	}
	a.CaseID, a.Receipt, a.Form, a.Status = c.ID, c.Receipt, c.Form, scheduling.Status(status)
	a.Site, a.Local = siteIn(sites, site, zone), t.wall(wall)
	c.Appointment = &a
	return c
}

// soonestFirst orders cases by what somebody wants to see first.
func soonestFirst(a, b conversation.Case) int {
	rank := func(c conversation.Case) int {
		switch {
		case c.Appointment == nil:
			return 2
		case c.Appointment.Status != scheduling.Scheduled:
			return 1
		}
		return 0
	}
	if by := cmp.Compare(rank(a), rank(b)); by != 0 {
		return by
	}
	if a.Appointment != nil {
		if by := a.Appointment.Start.Compare(b.Appointment.Start); by != 0 {
			return by
		}
	}
	return cmp.Compare(a.Receipt.Reveal(), b.Receipt.Reveal())
}
