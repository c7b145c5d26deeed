package store

import (
	"strings"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A CaseAppointment is an appointment in force and the case that it is of, with
// what a list tells of the case.
type CaseAppointment struct {
	Case        CaseRecord
	Appointment scheduling.Appointment
	Linked      bool   // a chat is linked to the case
	Reachable   bool   // one of its chats can be written to
	Asking      string // the name of the open request, "" there is none
}

// A CaseRequest is an open request and the case that it is of, with what a list
// tells of both.
type CaseRequest struct {
	RequestRecord
	Case      CaseRecord
	Linked    bool
	Reachable bool
	Card      string // the platform's id of its card, "" none stands
}

const (
	linkState = `EXISTS (SELECT 1 FROM links k WHERE k.case_id = a.case_id), EXISTS (` + reached + `)`
	asking    = `COALESCE((SELECT q.number FROM requests q WHERE q.case_id = a.case_id AND q.status = 'requested'), 0)`

	caseAppointments = appointmentColumns + `, ` + linkState + `, ` + asking + `, ` + caseFields + fromAppointments
	// inForce are those that start in [$1, $2).
	inForce = ` WHERE a.status = 'scheduled' AND a.starts_at >= $1 AND a.starts_at < $2`

	selectComing  = caseAppointments + inForce + ` ORDER BY a.starts_at, a.id LIMIT $3`
	countComing   = `SELECT count(*) FROM appointments a` + inForce
	selectOneCase = caseAppointments + ` WHERE a.id = $1`
	selectDays    = `SELECT a.id, a.wall, a.zone FROM appointments a` + inForce + ` ORDER BY a.starts_at, a.id`

	// reached are the chats of a case that can be written to.
	reached = `SELECT 1 FROM links k JOIN chats h ON h.id = k.chat_id WHERE k.case_id = a.case_id AND h.unreachable_at IS NULL`
	// Those who can't be written to are few: from them it goes to their cases.
	unreachable = ` WHERE a.status = 'scheduled' AND a.starts_at > $1
		AND a.case_id IN (SELECT l.case_id FROM chats g JOIN links l ON l.chat_id = g.id WHERE g.unreachable_at IS NOT NULL)
		AND NOT EXISTS (` + reached + `)`
	selectUnreachable = appointmentColumns + `, TRUE, FALSE, ` + asking + `, ` + caseFields + fromAppointments + unreachable + ` ORDER BY a.starts_at, a.id LIMIT $2`
	countUnreachable  = `SELECT COUNT(*) FROM appointments a` + unreachable
	selectLinkState   = `SELECT COUNT(*), COUNT(*) - COUNT(h.unreachable_at) FROM links k JOIN chats h ON h.id = k.chat_id WHERE k.case_id = $1`

	// selectNames reads what a case is found by, and nothing else: each column
	// costs a decryption.
	selectNames = `SELECT c.id, c.receipt_sealed, c.first_name_sealed, c.last_name_sealed, c.matter FROM cases c
		WHERE c.id < $1 ORDER BY c.id DESC LIMIT $2`

	selectCaseRequests = requestColumns + `, ` + linkState + `,
		COALESCE((SELECT d.remote_id FROM cards d WHERE d.kind = 'request' AND d.subject = r.id ORDER BY d.id DESC LIMIT 1), ''), ` + caseFields + fromRequests + `
		WHERE r.status = 'requested' ORDER BY r.number`
	selectMostUrgent = requestColumns + fromRequests + ` WHERE r.status = 'requested' AND r.lapses_at IS NOT NULL ORDER BY r.lapses_at, r.number LIMIT $1`
)

// Coming are the appointments in force that start in [from, to), the soonest
// first, at most limit; more is how many there are beyond those.
func (t *Tx) Coming(from, to time.Time, limit int) (rows []CaseAppointment, more int) {
	before := t.unread
	rows = t.readCaseAppointments(selectComing, from.UnixMilli(), to.UnixMilli(), limit)
	read := len(rows) + t.unread - before
	if read < limit {
		return rows, 0
	}
	var all int
	t.row("count what is coming", countComing, []any{from.UnixMilli(), to.UnixMilli()}, &all)
	return rows, max(0, all-read)
}

// ComingDays is Coming for whole days of each site's own calendar, beginning with
// today there. What began earlier today is among them.
func (t *Tx) ComingDays(days, limit int) (rows []CaseAppointment, more int) {
	const slack = 26 * time.Hour // no day is longer, at any site
	today := map[string]scheduling.Date{}
	var found []string
	args := []any{t.now.Add(-slack).UnixMilli(), t.now.Add(time.Duration(days)*24*time.Hour + slack).UnixMilli()}
	t.each("read what is coming", selectDays, args, func(scan func(...any)) {
		var id, wall, zone string
		scan(&id, &wall, &zone)
		first, known := today[zone]
		if !known {
			first = scheduling.DateOf(t.now.In(scheduling.Site{Zone: zone}.Location()))
			today[zone] = first
		}
		if day := t.wall(wall).Date; day.Compare(first) >= 0 && day.Compare(first.AddDays(days)) < 0 {
			found = append(found, id)
		}
	})
	for _, id := range found[:min(limit, len(found))] {
		rows = append(rows, t.readCaseAppointments(selectOneCase, id)...)
	}
	return rows, len(found) - len(rows)
}

// Unreachable are the appointments in force after now whose case is linked to at
// least one chat, none of which can be written to; the soonest first, at most limit.
// more is how many there are beyond those.
func (t *Tx) Unreachable(now time.Time, limit int) (rows []CaseAppointment, more int) {
	before := t.unread
	rows = t.readCaseAppointments(selectUnreachable, now.UnixMilli(), limit)
	read := len(rows) + t.unread - before
	if read < limit {
		return rows, 0
	}
	var all int
	t.row("count who can't be written to", countUnreachable, []any{now.UnixMilli()}, &all)
	return rows, max(0, all-read)
}

// LinkState tells whether any chat is linked to a case, and whether any of those
// can be written to.
func (t *Tx) LinkState(caseID string) (linked, reachable bool) {
	var chats, good int
	t.row("look at the chats of a case", selectLinkState, []any{caseID}, &chats, &good)
	return chats > 0, good > 0
}

// MostUrgent are the open requests whose online cut-off comes first, at most
// limit; more is how many open ones there are beyond those.
func (t *Tx) MostUrgent(limit int) (rows []RequestRecord, more int) {
	before := t.unread
	rows = t.listRequests(selectMostUrgent, limit)
	if len(rows) < limit && t.unread == before {
		return rows, 0
	}
	return rows, max(0, t.OpenRequestCount()-len(rows))
}

// SearchCases answers the cases that match, those that were put on file last
// first, at most limit; more tells that there is at least one beyond those. It
// opens the names and the number of one case at a time and keeps none.
func (t *Tx) SearchCases(who Principal, match func(conversation.Named) bool, limit int) (found []CaseRecord, more bool) {
	if !who.everything() {
		return nil, false
	}
	last := strings.Repeat("z", 27) // after every id, in any collation
	for t.err == nil && len(found) <= limit {
		var ids []string
		n := 0
		t.each("search the cases", selectNames, []any{last, page}, func(scan func(...any)) {
			var c conversation.Named
			var receipt, first, family []byte
			scan(&last, &receipt, &first, &family, &c.Matter)
			n++
			ok := t.listed(func() {
				c.Receipt = t.openReceipt(last, receipt)
				c.First, c.Last = t.openText("cases", "first_name", last, first), t.openText("cases", "last_name", last, family)
			})
			if ok && match(c) {
				ids = append(ids, last)
			}
		})
		for _, id := range ids {
			var c CaseRecord
			there := false
			if t.listed(func() { c, there = t.CaseByID(who, id) }) && there && len(found) <= limit {
				found = append(found, c)
			}
		}
		if n < page {
			break
		}
	}
	if len(found) > limit {
		return found[:limit], true
	}
	return found, false
}

func (t *Tx) readCaseAppointments(query string, args ...any) []CaseAppointment {
	sites := t.Sites()
	var out []CaseAppointment
	t.each("read appointments and their cases", query, args, func(scan func(...any)) {
		var r CaseAppointment
		var asking int64
		ok := t.listed(func() {
			r.Case = t.scanCase(func(dest ...any) {
				r.Appointment = t.scanAppointment(sites, scan, append([]any{&r.Linked, &r.Reachable, &asking}, dest...)...)
			})
		})
		if !ok {
			return
		}
		if asking != 0 {
			r.Asking = requestName(asking)
		}
		out = append(out, r)
	})
	return out
}

// CaseRequests are OpenRequests with their cases.
func (t *Tx) CaseRequests() []CaseRequest {
	sites := t.Sites()
	var out []CaseRequest
	t.each("read requests and their cases", selectCaseRequests, nil, func(scan func(...any)) {
		var r CaseRequest
		ok := t.listed(func() {
			r.Case = t.scanCase(func(dest ...any) {
				r.RequestRecord = t.scanRequest(sites, scan, append([]any{&r.Linked, &r.Reachable, &r.Card}, dest...)...)
			})
		})
		if ok {
			out = append(out, r)
		}
	})
	return out
}
