package bot

import (
	"errors"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// longHold is a wait that the operator is to know of: something may have to be put
// right.
const longHold = time.Minute

// back gives a letter back for anybody to claim.
func (p *post) back(l store.Letter, wait time.Duration, why string, maybeSent bool) func(*store.Tx) {
	return func(t *store.Tx) { t.Postpone(l, t.Now().Add(wait), why, maybeSent) }
}

// asSendError is what a platform said of a failure. What it did not say may have
// arrived.
func asSendError(err error) *SendError {
	var e *SendError
	if !errors.As(err, &e) {
		e = &SendError{Class: Ambiguous, Err: err}
	}
	return e
}

// failed decides what a failure means for a letter, its chat and its platform.
func (p *post) failed(l store.Letter, card store.Card, err error) func(*store.Tx) {
	e := asSendError(err)
	why := e.Error()
	tidy := OutgoingKind(l.Kind) == Tick || OutgoingKind(l.Kind) == Delete
	if tidy && l.Attempts+1 >= tickTries && e.Class != Fatal && e.Class != Wait {
		return func(t *store.Tx) { t.CloseLetter(l, store.Failed, "", why) }
	}
	switch e.Class {
	case Wait:
		if e.Everyone {
			p.hold(l.Platform, e.After)
		}
		if e.After >= longHold {
			p.b.log.Warn("a message has to wait", "platform", l.Platform, "for", e.After, "error", why)
		}
		return p.back(l, e.After, why, false)
	case Again:
		return p.back(l, backoff(l.Attempts), why, false)
	case Ambiguous:
		return p.back(l, backoff(l.Attempts), why, true)
	case Fatal:
		p.lose(l.Platform, e.Err)
		return p.back(l, longWait, why, false)
	case Gone:
		if l.Platform == p.b.desk.Platform && l.Address == p.b.desk.Chat { // somebody can put that right
			p.b.log.Error("the channel of staff can't be written to", "error", why)
			return p.back(l, longWait, why, false)
		}
		p.b.log.Warn("a chat can't be written to any more", "chat", l.ChatID, "error", why)
		undrawn := p.undrawn(l, card, store.Failed, why)
		return func(t *store.Tx) {
			undrawn(t)
			c := t.ChatByID(l.ChatID)
			c.UnreachableAt = t.Now()
			t.SaveChat(c)
			t.DropReminders(l.ChatID)
			u := turn{b: p.b, t: t, left: true}
			u.unreached(c)
			u.lost(l)
		}
	}
	p.b.log.Error("a message can't be sent", "letter", l.ID, "chat", l.ChatID, "error", why)
	if l.CardID != "" { // an alarm about a card would be a card again
		return p.undrawn(l, card, store.Failed, why)
	}
	return p.undelivered(l, why)
}

// undelivered closes a letter that never arrives, and has staff call the client
// instead.
func (p *post) undelivered(l store.Letter, why string) func(*store.Tx) {
	return func(t *store.Tx) {
		if !t.CloseLetter(l, store.Failed, "", why) || l.Priority == store.Stranger {
			return
		}
		u := turn{b: p.b, t: t, left: true}
		u.lost(l)
		if a, ok := t.Appointment(l.AppointmentID); ok && l.AppointmentID != "" {
			u.raise(AlarmMissed, a.CaseID, l.ChatID)
			return
		}
		caseID := ""
		if cases := t.CasesOf(l.ChatID); len(cases) == 1 {
			caseID = cases[0].ID
		}
		u.raise(AlarmUnsent, caseID, l.ChatID)
	}
}

// lost tells whoever wrote a letter below the card of a talk that the client does not
// read it.
func (u *turn) lost(l store.Letter) {
	if l.Voice == "" || l.Voice == store.BotVoice {
		return
	}
	if talk, ok := u.t.TalkByID(l.Voice); ok {
		by := u.b.holder(u.t, talk.OwnerChat, talk.Owner, talk.ClaimedAt)
		n := conversation.News{What: conversation.NewsLost}
		if by.Person != "" {
			n.Mention = append(n.Mention, by)
		}
		u.note(store.TalkCard, talk.ID, conversation.TalkNews(deskLanguage, u.b.talkOnDesk(u.t, talk), n, &facts{b: u.b, t: u.t}))
	}
}

// What staff hear of delivery.
const (
	AlarmUnreachable = "unreachable"     // a client's chat can't be written to: call them
	AlarmUnsent      = "unsent"          // one message was refused for good
	AlarmMissed      = "reminder_missed" // a reminder did not arrive in time: call the client
)

// unreached tells staff which cases nobody can be told about any more.
func (u *turn) unreached(c *store.Chat) {
	for _, x := range u.t.CasesOf(c.ID) {
		u.raise(AlarmUnreachable, x.ID, c.ID)
	}
	u.showCasesOf(c.ID)
}

// backoff is how long to wait after a number of failed attempts.
func backoff(attempts int) time.Duration {
	if attempts > 8 {
		return longWait
	}
	return min(firstWait<<attempts, longWait)
}
