package store

import (
	"encoding/json"
	"fmt"
	"time"
)

// A letter can be claimed when it is due, nobody has it, and it is the first that
// waits for its chat. It is stale when it comes too late, is said by who no longer
// speaks there, or reminds of an appointment that is no longer in force. A reminder of
// one that is in force and comes too late is late: somebody has to know.
const (
	claimable = ` FROM outbox o JOIN chats c ON c.id = o.chat_id
		WHERE o.state = 'waiting' AND o.owner IS NULL AND o.due_at <= $1
		AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.chat_id = o.chat_id AND p.state = 'waiting' AND p.seq < o.seq)`
	letterColumns = `SELECT o.id, o.unique_key, o.chat_id, o.seq, o.kind, o.priority, o.body_sealed, o.refers_to,
		o.appointment_id, o.version, o.due_at, o.send_by, o.fence, o.attempts, o.maybe_sent, o.created_at,
		o.card_id, o.voice, c.platform, c.address_sealed, c.language,
		CASE WHEN o.voice <> '' AND o.voice <> c.voice THEN 1
			WHEN o.appointment_id IS NULL THEN CASE WHEN o.send_by < $1 THEN 1 ELSE 0 END
			WHEN EXISTS (SELECT 1 FROM appointments a WHERE a.id = o.appointment_id AND a.version = o.version AND a.status = 'scheduled')
				THEN CASE WHEN o.send_by < $1 THEN 2 ELSE 0 END
			ELSE 1 END`
	selectHeads  = letterColumns + claimable + ` AND o.priority = $2 ORDER BY o.due_at, o.id LIMIT $3`
	selectHead   = letterColumns + claimable + ` AND o.chat_id = $2 ORDER BY o.seq LIMIT 1`
	claimLetter  = `UPDATE outbox SET owner = $2, fence = fence + 1 WHERE id = $1 AND owner IS NULL AND state = 'waiting' AND fence = $3`
	forgetLetter = `DELETE FROM outbox WHERE id = $1 AND owner IS NULL AND state = 'waiting'`
	dropLetter   = `UPDATE outbox SET state = $3, closed_at = $2, fault = $4 WHERE id = $1 AND owner IS NULL AND state = 'waiting'`
	selectNext   = `SELECT 1 FROM outbox WHERE chat_id = $1 AND state = 'waiting' AND seq > $2 LIMIT 1`
	selectDue    = `SELECT o.due_at FROM outbox o WHERE o.state = 'waiting' AND o.owner IS NULL AND o.priority = $1
		AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.chat_id = o.chat_id AND p.state = 'waiting' AND p.seq < o.seq)
		ORDER BY o.due_at LIMIT 1`
)

const priorities = 4

// Claim makes due letters the owner's, at most limit, the highest priority and
// then the oldest first, and only the first in line of each chat. The letters of
// dead owners are free. Stale ones are closed here and not answered; a late reminder
// is answered, to be closed by the caller.
//
// The owner must have said with Beat that it is alive. On PostgreSQL
// Store.Claim does the same without running into other claimers.
func (t *Tx) Claim(owner string, limit int) []Letter { return t.claimAll(owner, limit, limit) }

// claimAll is Claim with at most so many that are to strangers.
func (t *Tx) claimAll(owner string, limit, strangers int) []Letter {
	t.freeDead(owner)
	var out []Letter
	for priority := range priorities {
		if priority == Stranger {
			limit = min(limit, len(out)+strangers)
		}
		for moved := true; moved && len(out) < limit && t.err == nil; {
			var mine []Letter
			mine, moved = t.claim(owner, selectHeads, t.now.UnixMilli(), priority, limit-len(out))
			out = append(out, mine...)
		}
	}
	return out
}

// ClaimNext is Claim for one chat: the letter after one that was just closed.
func (t *Tx) ClaimNext(owner, chatID string) (Letter, bool) {
	for t.err == nil {
		mine, closed := t.claim(owner, selectHead, t.now.UnixMilli(), chatID)
		if len(mine) == 1 {
			return mine[0], true
		}
		if !closed {
			break
		}
	}
	return Letter{}, false
}

// IsFollowed tells whether another letter waits behind one in its chat's line.
func (t *Tx) IsFollowed(l Letter) bool {
	var one int
	return t.row("look behind a letter", selectNext, []any{l.ChatID, l.Seq}, &one)
}

// claim makes what a query finds the owner's. It tells whether it had to close
// any, as stale or because it can't be read, so that others may have moved up.
func (t *Tx) claim(owner, query string, args ...any) (mine []Letter, closed bool) {
	type candidate struct {
		Letter
		outcome, fault string // "": it can be sent
	}
	var found []candidate
	t.each("look for letters", query+t.s.d.skip, args, func(scan func(...any)) {
		var isOld int
		var c candidate
		var err error
		if c.Letter, err = t.scanLetter(scan, &isOld); err != nil {
			c.outcome, c.fault = Failed, err.Error()
		} else if isOld == 1 {
			c.outcome = Stale
		}
		c.Late = isOld == 2
		found = append(found, c)
	})
	for _, c := range found {
		l := c.Letter
		if c.outcome != "" && l.Priority == Stranger {
			closed = t.exec("forget a letter", forgetLetter, l.ID) == 1 || closed
		} else if c.outcome != "" {
			closed = t.exec("close a letter", dropLetter, l.ID, t.now.UnixMilli(), c.outcome, c.fault) == 1 || closed
		} else if t.exec("claim a letter", claimLetter, l.ID, owner, l.Fence) == 1 {
			l.Owner = owner
			l.Fence++
			mine = append(mine, l)
		}
	}
	return mine, closed
}

// scanLetter reads a letter and its chat. An error is about what is sealed in
// them: one letter that can't be read must not hold up the others.
func (t *Tx) scanLetter(scan func(...any), more ...any) (Letter, error) {
	var l Letter
	var body, address []byte
	scan(append([]any{&l.ID, text(&l.Key), &l.ChatID, &l.Seq, &l.Kind, &l.Priority, &body, &l.RefersTo,
		text(&l.AppointmentID), number(&l.Version), at(&l.DueAt), at(&l.SendBy), &l.Fence, &l.Attempts, &l.MaybeSent, at(&l.CreatedAt),
		text(&l.CardID), &l.Voice, &l.Platform, &address, &l.Language}, more...)...)
	where, err := t.s.sealer.open("chats", "address", l.ChatID, address)
	if err != nil {
		return l, err
	}
	l.Address = string(where)
	opened, err := t.s.sealer.open("outbox", "body", l.ID, body)
	if err != nil {
		return l, err
	}
	var b letterBody
	if err := json.Unmarshal(opened, &b); err != nil && body != nil {
		return l, fmt.Errorf("its body is not JSON: %w", err)
	}
	l.Reply, l.Answer = b.Reply, b.Answer
	return l, nil
}

// NextDue is when the next letter can be claimed, in the past if one can be now;
// zero if there is none. A letter behind another of its chat does not count.
func (t *Tx) NextDue() time.Time {
	var next time.Time
	for priority := range priorities {
		var due time.Time
		if t.row("look for the next letter", selectDue, []any{priority}, at(&due)) && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	return next
}
