package bot

import (
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

const (
	// codeLife is how long an answer with a link code may wait to be sent: whoever
	// asked for it asks again.
	codeLife = 10 * time.Minute
	qrPixels = 512 // sharp on paper at five centimetres
)

// invite issues a code for a case and shows it in this chat alone.
func (u *turn) invite(caseID string) {
	c := u.mine(caseID)
	if u.t.Err() != nil {
		return
	}
	code := u.b.invite(u.t, c, u.actor(), u.chat.ID, InvitationLife)
	issued := conversation.Issued{Client: u.b.client(u.t, c), Code: code, Until: u.t.Now().Add(InvitationLife), Chats: len(u.t.CaseLinks(c.ID).Chats)}
	if u.b.link != nil {
		issued.Link = u.b.link(code)
		issued.QR, _ = qrcode.Encode(issued.Link, qrcode.Medium, qrPixels) // without it the link is enough
	}
	u.put(u.chat, store.Letter{Kind: string(Message), Priority: answer, SendBy: u.t.Now().Add(codeLife),
		Reply: conversation.Invited(language(u.chat), issued, u.b.office)})
}

// unlinkAll ends the tie of every chat to a case, because staff say so, and tells
// them.
func (u *turn) unlinkAll(caseID string) {
	u.mine(caseID)
	u.showCase(caseID)
	for _, c := range u.t.UnlinkCase(caseID) {
		u.t.Audit(store.AuditEntry{Actor: u.actor(), ChatID: c.ID, CaseID: caseID, Action: "unlinked",
			Detail: map[string]any{"why": "staff"}, RulesVersion: u.b.rules.Version})
		u.put(c, store.Letter{Kind: string(Message), Priority: outcome, Reply: conversation.Unlinked(language(c), u.b.office)})
	}
}
