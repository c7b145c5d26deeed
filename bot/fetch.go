package bot

import (
	"context"
	"errors"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// A fetcher is a platform with whom shared files stay until they are fetched. Its
// errors are like those of Send.
type fetcher interface {
	Fetch(ctx context.Context, file string) ([]byte, error)
}

// A knower is a platform whose people have to be asked about from time to time, or
// Config.Staff can't tell who they are. Its errors are like those of Send.
type knower interface {
	Know(ctx context.Context, person string) error
}

// importTime is the longest that one import may take. What it has put into the book
// by then stays, and the next attempt goes on from there.
const importTime = 5 * time.Minute

// fetch imports a file that a member of staff has shared, and answers them. It may
// be done again when the process dies meanwhile: rows that are in the book already
// are unchanged then.
func (p *post) fetch(ctx context.Context, l store.Letter, platform Platform) func(*store.Tx) {
	if asks, ok := platform.(knower); ok {
		if err := asks.Know(ctx, l.Address); err != nil {
			return p.unfetched(l, err)
		}
	}
	by, ok := p.b.staff(l.Platform, l.Address)
	from, fetches := platform.(fetcher)
	if !ok || !fetches {
		return func(t *store.Tx) { t.CloseLetter(l, store.Stale, "", "its sender is no longer of the office") }
	}
	data, err := from.Fetch(ctx, l.RefersTo)
	if err != nil {
		return p.unfetched(l, err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), importTime)
	defer cancel()
	reply, err := p.b.importedBy(ctx, l, by.Name, data)
	no := Refusal("")
	switch {
	case err == nil:
		return p.answered(l, reply)
	case errors.As(err, &no):
		return func(t *store.Tx) { t.CloseLetter(l, store.Stale, "", string(no)) }
	case !comeAgain(ctx, err) && l.Attempts+1 >= fetchTries:
		p.b.log.Error("a shared file can't be imported", "error", err)
		return p.answered(l, conversation.ImportFailed(l.Language))
	}
	p.b.log.Error("a shared file could not be imported yet", "error", err)
	return p.back(l, backoff(l.Attempts), "the import failed", false)
}

// importedBy imports what was fetched for a letter.
func (b *Bot) importedBy(ctx context.Context, l store.Letter, by string, data []byte) (conversation.Reply, error) {
	var chat *store.Chat
	if err := b.store.View(ctx, func(t *store.Tx) error { chat = t.ChatByID(l.ChatID); return t.Err() }); err != nil {
		return conversation.Reply{}, err
	}
	return b.imported(ctx, chat, by, l.Answer, data)
}

// answered closes a letter and puts what it led to behind it.
func (p *post) answered(l store.Letter, reply conversation.Reply) func(*store.Tx) {
	return func(t *store.Tx) {
		if !t.CloseLetter(l, store.Sent, "", "") {
			return
		}
		u := turn{b: p.b, t: t, left: true}
		u.put(t.ChatByID(l.ChatID), store.Letter{Kind: string(Message), Priority: answer, Reply: reply, SendBy: t.Now().Add(answerLife)})
	}
}

// fetchTries is how often it is tried to fetch a file before its sender is asked to
// share it again: for two minutes.
const fetchTries = 8

func (p *post) unfetched(l store.Letter, err error) func(*store.Tx) {
	e := asSendError(err)
	switch {
	case e.Class == Fatal:
		return p.failed(l, store.Card{}, e)
	case e.Class == Wait:
		return p.back(l, e.After, e.Error(), false)
	case e.Class == Never, e.Class == Gone, l.Attempts+1 >= fetchTries:
		p.b.log.Error("a shared file can't be fetched", "error", e)
		return p.answered(l, conversation.FetchFailed(l.Language))
	}
	return p.back(l, backoff(l.Attempts), e.Error(), false)
}
