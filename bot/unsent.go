package bot

import (
	"errors"
	"time"

	"reschedulebot/bot/store"
)

// back gives a letter back for anybody to claim.
func (p *post) back(l store.Letter, wait time.Duration, why string, maybeSent bool) func(*store.Tx) {
	return func(t *store.Tx) { t.Postpone(l, t.Now().Add(wait), why, maybeSent) }
}

// failed decides what a failure means for a letter, its chat and its platform.
func (p *post) failed(l store.Letter, err error) func(*store.Tx) {
	var e *SendError
	if !errors.As(err, &e) {
		e = &SendError{Class: Ambiguous, Err: err}
	}
	why := e.Error()
	tidy := OutgoingKind(l.Kind) != Message
	if tidy && l.Attempts+1 >= tickTries && e.Class != Fatal && e.Class != Wait {
		return func(t *store.Tx) { t.CloseLetter(l, store.Failed, "", why) }
	}
	switch e.Class {
	case Wait:
		if e.Everyone {
			p.hold(l.Platform, e.After)
		}
		return p.back(l, e.After, why, false)
	case Again:
		return p.back(l, backoff(l.Attempts), why, false)
	case Ambiguous:
		return p.back(l, backoff(l.Attempts), why, true)
	case Fatal:
		p.stop(e.Err)
		return p.back(l, longWait, why, false)
	case Gone:
		p.b.log.Warn("a chat can't be written to any more", "chat", l.ChatID, "error", why)
		return func(t *store.Tx) {
			t.CloseLetter(l, store.Failed, "", why)
			c := t.ChatByID(l.ChatID)
			c.UnreachableAt = t.Now()
			t.SaveChat(c)
			t.DropReminders(l.ChatID)
			p.b.unreached(t, c, func(kind, caseID, chatID string) { t.Raise(kind, caseID, chatID, "") })
		}
	}
	p.b.log.Error("a message can't be sent", "letter", l.ID, "chat", l.ChatID, "error", why)
	return func(t *store.Tx) {
		t.CloseLetter(l, store.Failed, "", why)
		t.Raise(AlarmUnsent, "", l.ChatID, "")
	}
}

// What staff hear of delivery.
const (
	AlarmUnreachable = "unreachable" // a client's chat can't be written to: call them
	AlarmUnsent      = "unsent"      // one message was refused for good
)

// unreached tells staff which cases nobody can be told about any more.
func (b *Bot) unreached(t *store.Tx, c *store.Chat, raise func(kind, caseID, chatID string)) {
	for _, x := range t.CasesOf(c.ID) {
		raise(AlarmUnreachable, x.ID, c.ID)
	}
}

// backoff is how long to wait after a number of failed attempts.
func backoff(attempts int) time.Duration {
	if attempts > 8 {
		return longWait
	}
	return min(firstWait<<attempts, longWait)
}
