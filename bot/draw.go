package bot

import (
	"context"
	"errors"
	"strings"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// A Place is a chat: its platform, and its address there.
type Place struct{ Platform, Chat string }

// What staff see is drawn from the database when it is sent. What is written down
// is only that something is to be drawn anew: at most one letter for each card, so
// that many changes at once are one drawing, and none is lost.

// homeOf is the address of somebody's home page. It is a chat of its own, so that
// a page that can't be shown never holds up what is said to them.
func homeOf(person string) string { return person + homeMark }

const homeMark = "/home"

// personOf is whose address it is.
func personOf(address string) string { return strings.TrimSuffix(address, homeMark) }

// card finds the card of something. Where there is a channel for cards, it is made
// if there is none yet.
func (u *turn) card(kind, subject string) (store.Card, bool) {
	if at := u.b.desk; at.Chat != "" {
		return u.t.Card(kind, subject, u.t.Chat(at.Platform, at.Chat)), u.t.Err() == nil
	}
	return u.t.FindCard(kind, subject)
}

// standsAt notes where a card stands one of whose buttons was pressed. That may not be
// known yet: the platform's answer to its posting was lost.
func (u *turn) standsAt(kind, subject string) {
	if u.in.Message == "" || u.b.desk.Chat == "" {
		return
	}
	if c, ok := u.card(kind, subject); ok && c.RemoteID == "" && c.Wanted > 0 {
		u.t.Drawn(c.ID, c.Shown, u.in.Message)
	}
}

// show has the card of something drawn as it is now, and everybody's home page.
func (u *turn) show(kind, subject string) {
	if c, ok := u.card(kind, subject); ok {
		u.redraw(c)
	}
	u.showHomes()
}

// showMissing draws the cards of what is open and has none: those from before there
// was a channel, or from another one, or that a process without a channel wrote.
func (u *turn) showMissing() (more bool) {
	if u.b.desk.Chat == "" {
		return false
	}
	channel := u.t.Chat(u.b.desk.Platform, u.b.desk.Chat)
	for _, kind := range []string{store.RequestCard, store.AlarmCard, store.TalkCard} {
		missing := u.t.WithoutCard(kind, channel, page)
		for _, subject := range missing {
			u.redraw(u.t.Card(kind, subject, channel))
		}
		more = more || len(missing) == page
	}
	return more
}

// showHomes has the pages drawn anew that somebody may be looking at. All others
// are drawn when they are opened.
func (u *turn) showHomes() {
	for _, c := range u.t.CardsOf(store.HomeCard) {
		chat := u.t.ChatByID(c.ChatID)
		if u.t.Err() == nil && u.t.Now().Sub(chat.TouchedAt) < homeLife {
			u.redraw(c)
		}
	}
}

func (u *turn) redraw(c store.Card) {
	if u.t.Err() != nil || !u.t.Redraw(c.ID) {
		return
	}
	u.putDrawing(c)
}

// putDrawing is for a card that no drawing waits for.
func (u *turn) putDrawing(c store.Card) {
	kind := Draw
	if c.Kind == store.HomeCard {
		kind = Home
	}
	u.put(u.t.ChatByID(c.ChatID), store.Letter{Kind: string(kind), Priority: outcome, CardID: c.ID})
}

// note adds a line to the record under a card.
func (u *turn) note(kind, subject string, line conversation.Text) {
	u.noteOnce("", kind, subject, line)
}

// noteOnce is note for a line that may stand there once for ever, by its key.
func (u *turn) noteOnce(key, kind, subject string, line conversation.Text) {
	if c, ok := u.card(kind, subject); ok {
		u.put(u.t.ChatByID(c.ChatID), store.Letter{
			Kind: string(Message), Priority: outcome, Key: key, CardID: c.ID, Reply: conversation.Reply{Text: line, Private: true},
		})
	}
}

// sent records that a message was sent. A card that has changed since it was drawn
// is drawn again.
func (p *post) sent(l store.Letter, card store.Card, remote string) func(*store.Tx) {
	return func(t *store.Tx) {
		if t.CloseLetter(l, store.Sent, remote, "") && draws(l) {
			p.drawn(t, card, remote)
		}
	}
}

// draws tells whether a letter is a card or a page.
func draws(l store.Letter) bool {
	return OutgoingKind(l.Kind) == Draw || OutgoingKind(l.Kind) == Home
}

func (p *post) drawn(t *store.Tx, card store.Card, remote string) {
	if t.Drawn(card.ID, card.Wanted, remote) {
		(&turn{b: p.b, t: t, left: true}).putDrawing(card)
	}
}

// incomplete decides what becomes of a letter that can't be completed. One that
// can't be read must not hold up what stands behind it.
func (p *post) incomplete(ctx context.Context, l store.Letter, card store.Card, err error) func(*store.Tx) {
	outcome := store.Failed
	switch {
	case errors.Is(err, errNothing):
		outcome = store.Stale
	case comeAgain(ctx, err):
		return p.back(l, backoff(l.Attempts), err.Error(), l.MaybeSent)
	default:
		p.b.log.Error("a card can't be drawn", "card", l.CardID, "error", err)
	}
	return p.undrawn(l, card, outcome, err.Error())
}

// undrawn closes a letter that will not be sent. Its card is drawn when it changes
// again.
func (p *post) undrawn(l store.Letter, card store.Card, outcome, why string) func(*store.Tx) {
	return func(t *store.Tx) {
		if t.CloseLetter(l, outcome, "", why) && draws(l) && card.ID != "" {
			p.drawn(t, card, "")
		}
	}
}

// errNothing says that there is nothing to draw any more, or that it is shown as
// it is already.
var errNothing = errors.New("nothing is to be drawn")

// complete adds to a message what is read when it is sent: the card as it is now,
// or the card under which it stands. It answers that card.
func (b *Bot) complete(ctx context.Context, l store.Letter, m *Outgoing) (card store.Card, err error) {
	if l.CardID == "" {
		return card, nil
	}
	err = b.store.View(ctx, func(t *store.Tx) error {
		var ok bool
		if card, ok = t.CardByID(l.CardID); !ok {
			return errNothing
		}
		if m.Kind == Message {
			m.Thread = card.RemoteID // "": that one can't be drawn, and what is said is said all the same
			return nil
		}
		if card.Shown >= card.Wanted && card.RemoteID != "" {
			return errNothing
		}
		m.ID, m.RefersTo = card.ID, card.RemoteID
		return b.sketch(t, card, m)
	})
	return card, err
}

// sketch draws a card or a page.
func (b *Bot) sketch(t *store.Tx, card store.Card, m *Outgoing) error {
	f, ok := &facts{b: b, t: t}, false
	switch card.Kind {
	case store.RequestCard:
		var r store.RequestRecord
		if r, ok = t.RequestByName(card.Subject); ok {
			m.Card = conversation.RequestCard(deskLanguage, b.requestOnDesk(t, r), f)
		}
	case store.AlarmCard:
		var a store.Alarm
		if a, ok = t.AlarmByID(card.Subject); ok {
			m.Card = conversation.AlarmCard(deskLanguage, b.alarmOnDesk(t, a), f)
		}
	case store.TalkCard:
		var talk store.Talk
		if talk, ok = t.TalkByID(card.Subject); ok {
			m.Card = conversation.TalkCard(deskLanguage, b.talkOnDesk(t, talk), f)
		}
	case store.HomeCard:
		ok = true
		m.Chat = personOf(m.Chat)
		m.Page = conversation.HomePage(m.Language, b.agenda(t, pageComing), card.Filter, m.Chat, f)
	}
	if !ok && t.Err() == nil {
		return errNothing
	}
	return t.Err()
}

// deskLanguage is the one of the channel, which all of the office read.
const deskLanguage = "en"
