package store

import "reschedulebot/conversation"

const (
	selectCaseChats = `SELECT h.platform, k.linked_at, h.unreachable_at IS NULL FROM links k JOIN chats h ON h.id = k.chat_id
		WHERE k.case_id = $1 ORDER BY k.linked_at, k.chat_id`
	selectCaseCodes = `SELECT issued_by, expires_at FROM invitations
		WHERE case_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 ORDER BY expires_at`
	deleteCaseLinks   = `DELETE FROM links WHERE case_id = $1`
	revokeCaseCodes   = `UPDATE invitations SET revoked_at = $2 WHERE case_id = $1 AND revoked_at IS NULL`
	dropCaseReminders = `UPDATE outbox SET state = 'stale', closed_at = $3 WHERE chat_id = $1 AND state = 'waiting'
		AND appointment_id IN (SELECT id FROM appointments WHERE case_id = $2)`
)

// CaseLinks are the chats that may act on a case and its codes that can still be
// used. Nothing in it says who is behind a chat.
func (t *Tx) CaseLinks(caseID string) conversation.CaseLinks {
	var l conversation.CaseLinks
	t.each("read the chats of a case", selectCaseChats, []any{caseID}, func(scan func(...any)) {
		var c conversation.ChatLink
		scan(&c.Platform, at(&c.Since), &c.Reachable)
		l.Chats = append(l.Chats, c)
	})
	t.each("read the codes of a case", selectCaseCodes, []any{caseID, t.now.UnixMilli()}, func(scan func(...any)) {
		var c conversation.UnusedCode
		scan(&c.By, at(&c.Until))
		l.Codes = append(l.Codes, c)
	})
	return l
}

// UnlinkCase ends the tie of every chat to a case and answers those chats, in
// order of their ids. Its codes lead nowhere any more, used or not, and reminders
// of it that wait are dropped. The chats' other cases stay theirs.
func (t *Tx) UnlinkCase(caseID string) []*Chat {
	chats := t.LinkedChats(caseID)
	t.exec("unlink a case", deleteCaseLinks, caseID)
	t.exec("revoke the codes of a case", revokeCaseCodes, caseID, t.now.UnixMilli())
	for _, c := range chats {
		t.exec("drop reminders of a case", dropCaseReminders, c.ID, caseID, t.now.UnixMilli())
	}
	return chats
}
