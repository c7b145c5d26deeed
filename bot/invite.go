package bot

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

// InvitationLife is how long a link code can be used when nothing else is said.
const InvitationLife = 24 * time.Hour

// Invite issues a one-time code that links a chat to the case of a receipt number,
// usable for life from now on. It replaces an earlier code of the case. by is
// who issues it, for the record. An error that is a Refusal is for staff.
//
// The code has 128 random bits, so it can't be guessed, and fits a Telegram link:
// https://t.me/<bot>?start=<code>.
func (b *Bot) Invite(ctx context.Context, r scheduling.Receipt, by string, life time.Duration) (code string, err error) {
	err = b.onCase(ctx, r, func(t *store.Tx, c store.CaseRecord) { code = b.invite(t, c, by, "", life) })
	if err != nil {
		return "", err
	}
	return code, nil
}

// invite makes a code and puts it into the record. chatID is the chat in which it
// was asked for, "" none.
func (b *Bot) invite(t *store.Tx, c store.CaseRecord, by, chatID string, life time.Duration) (code string) {
	var bits [16]byte
	rand.Read(bits[:])
	code = "L" + base64.RawURLEncoding.EncodeToString(bits[:])
	t.Invite(c.ID, by, code, t.Now().Add(life))
	t.Audit(store.AuditEntry{Actor: by, ChatID: chatID, CaseID: c.ID, Action: "invited", Detail: map[string]any{"hours": life.Hours()}, RulesVersion: b.rules.Version})
	return code
}

// Revoke makes the codes of a case that nobody has used yet useless, and answers
// how many there were.
func (b *Bot) Revoke(ctx context.Context, r scheduling.Receipt, by string) (n int, err error) {
	err = b.onCase(ctx, r, func(t *store.Tx, c store.CaseRecord) { n = b.revoke(t, c, by, "") })
	return n, err
}

func (b *Bot) revoke(t *store.Tx, c store.CaseRecord, by, chatID string) int {
	n := t.RevokeInvitations(c.ID)
	t.Audit(store.AuditEntry{Actor: by, ChatID: chatID, CaseID: c.ID, Action: "invitations revoked", Detail: map[string]any{"codes": n}, RulesVersion: b.rules.Version})
	return n
}

func (b *Bot) onCase(ctx context.Context, r scheduling.Receipt, do func(*store.Tx, store.CaseRecord)) error {
	err := b.store.Update(ctx, func(t *store.Tx) error {
		c, ok := t.CaseByReceipt(store.System(), r)
		if !ok && t.Err() == nil {
			return refusal("there is no case with receipt number %v", r)
		}
		do(t, c)
		return nil
	})
	if r := Refusal(""); errors.As(err, &r) {
		return r
	}
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return nil
}
