package store

import "time"

// A code is kept as a keyed look-up only: nobody can read one from the database.
const (
	insertInvitation  = `INSERT INTO invitations (code_key, case_id, issued_by, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)`
	revokeInvitations = `UPDATE invitations SET revoked_at = $2 WHERE case_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2`
	revokeUsed        = `UPDATE invitations SET revoked_at = $2 WHERE used_by = $1 AND revoked_at IS NULL`
	// $2 is now, $3 the chat that asks.
	usable           = ` WHERE code_key = $1 AND revoked_at IS NULL AND (used_at IS NULL AND expires_at > $2 OR used_by = $3)`
	selectInvitation = `SELECT case_id FROM invitations` + usable
	useInvitation    = `UPDATE invitations SET used_at = COALESCE(used_at, $2), used_by = $3` + usable
)

// Invite makes a code good for linking one chat to a case. Earlier codes of the
// case that nobody has used are no longer good.
func (t *Tx) Invite(caseID, by, code string, expires time.Time) {
	t.RevokeInvitations(caseID)
	t.exec("invite", insertInvitation, t.codeKey(code), caseID, by, t.now.UnixMilli(), expires.UnixMilli())
}

// Invitation is the case that a code leads a chat to. False for a code that does
// not exist, has expired, was revoked, or was used by another chat.
func (t *Tx) Invitation(code, chatID string) (caseID string, ok bool) {
	ok = t.row("look for an invitation", selectInvitation, []any{t.codeKey(code), t.now.UnixMilli(), chatID}, &caseID)
	return caseID, ok
}

// UseInvitation uses a code up. False where Invitation answers false: another
// chat was first.
func (t *Tx) UseInvitation(code, chatID string) bool {
	return t.exec("use an invitation", useInvitation, t.codeKey(code), t.now.UnixMilli(), chatID) == 1
}

// RevokeInvitations makes the codes of a case no good, and answers how many still
// were.
func (t *Tx) RevokeInvitations(caseID string) int {
	return t.exec("revoke invitations", revokeInvitations, caseID, t.now.UnixMilli())
}

// RevokeUsed makes the codes that a chat has used no good for it either.
func (t *Tx) RevokeUsed(chatID string) {
	t.exec("revoke used invitations", revokeUsed, chatID, t.now.UnixMilli())
}

func (t *Tx) codeKey(code string) []byte { return t.s.sealer.look("invitations", "code", code) }
