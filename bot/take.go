package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// Take takes in one event: whatever it causes is written in one transaction, at
// most once for ever. nil means that this is durable and the platform may be
// told so; on an error the event must come again. An event that can't be handled
// is set aside for staff to look at, its person gets an apology, and nil is
// returned: it must not come again and stop others.
func (b *Bot) Take(ctx context.Context, in Incoming) error {
	if in.Event.Kind == conversation.Asleep && in.Chat == "" {
		return b.repeatQuestions(ctx, in.Platform)
	}
	if in.Quarantine != "" {
		return b.setAside(ctx, in, errors.New(in.Quarantine))
	}
	if in.Act != nil && in.Act.Name == sites {
		return b.suggest(ctx, in)
	}
	turn := turn{b: b, in: in}
	err := b.store.Update(ctx, func(t *store.Tx) error {
		turn.begin(t)
		if !turn.floods() && !turn.enough() && t.Receive(in.Platform, in.EventID, in.Raw) {
			turn.play()
			if turn.answer.Problems != nil { // a form that stays open: nothing was done
				t.Unreceive(in.Platform, in.EventID)
			}
		}
		return nil
	})
	b.stuck.Store(err != nil && comeAgain(context.Background(), err))
	switch {
	case err == nil:
		turn.end()
		return nil
	case comeAgain(ctx, err):
		return fmt.Errorf("take in an event: %w", err)
	}
	return b.setAside(ctx, in, err)
}

// setAside quarantines an event. The person is told that nothing was changed,
// and staff that something is to be looked at. Where even the person's chat can't
// be read, only staff are told: the event must not come again and stop others.
func (b *Bot) setAside(ctx context.Context, in Incoming, why error) error {
	turn := turn{b: b, in: in}
	err := b.quarantine(ctx, &turn, why, in.Chat != "")
	if err != nil && in.Chat != "" && !comeAgain(ctx, err) {
		err = b.quarantine(ctx, &turn, why, false)
	}
	if err != nil {
		return fmt.Errorf("set an event aside: %w", err)
	}
	line := b.log.With("platform", in.Platform, "event", in.EventID, "error", why.Error())
	if panicked, ok := errors.AsType[*store.Panic](why); ok {
		line = line.With("stack", string(panicked.Stack))
	}
	line.Error("an event could not be handled and was set aside")
	turn.end()
	return nil
}

func (b *Bot) quarantine(ctx context.Context, turn *turn, why error, answer bool) error {
	in := turn.in
	return b.store.Update(ctx, func(t *store.Tx) error {
		turn.begin(t)
		if in.Quarantine != "" && !t.Receive(in.Platform, in.EventID, in.Raw) {
			return nil
		}
		t.Quarantine(in.Platform, in.EventID, why.Error(), in.Raw)
		chat := ""
		if answer {
			turn.enter()
			turn.say(conversation.Say{Reply: conversation.Sorry(language(turn.chat), b.office)})
			chat = turn.chat.ID
		}
		turn.raise(AlarmQuarantine, "", chat)
		return nil
	})
}

// comeAgain tells whether the same work may succeed later.
func comeAgain(ctx context.Context, err error) bool {
	return ctx.Err() != nil || store.IsFull(err) || store.IsBusy(err) || errors.Is(err, store.ErrClosed)
}

// AlarmQuarantine tells staff that an event could not be handled.
const AlarmQuarantine = "quarantine"

// A turn is one event on its way through a transaction.
type turn struct {
	b    *Bot
	in   Incoming
	t    *store.Tx
	chat *store.Chat

	ticks     []store.Letter // said after everything else
	letters   []store.Letter
	left      bool // its letters are left for anybody to claim
	flooded   bool // the chat was told that not all was read
	seen      *facts
	strange   bool // the chat is a stranger's
	uncounted bool // it is answered though strangers are answered no more
	alarms    []string
	answer    Answer
}

// begin starts anew: a transaction may be run more than once.
func (u *turn) begin(t *store.Tx) { *u = turn{b: u.b, in: u.in, t: t} }

func (u *turn) enter() { u.chat = u.t.Chat(u.in.Platform, u.in.Chat) }

// play writes what an event causes.
func (u *turn) play() {
	if u.in.Alarm != "" {
		u.raise(u.in.Alarm, "", "")
		return
	}
	if u.chat == nil {
		u.enter()
	}
	if u.t.Err() != nil {
		return
	}
	if u.in.Reachable != nil {
		u.reachable(*u.in.Reachable)
		return
	}
	switch {
	case u.in.Act != nil:
		u.act()
	case u.in.Thread != "":
		u.inThread()
	case !u.talking():
		u.converse(u.in.Event)
	}
}

// converse steps the conversation and writes what it wants.
func (u *turn) converse(e conversation.Event) {
	if u.chat.Broken {
		u.b.log.Warn("the state of a chat could not be read; its conversation begins anew", "chat", u.chat.ID)
	}
	u.strange = u.isStranger()
	if u.strange && u.in.EventID != "" && e.Kind != conversation.Flooded && !u.uncounted {
		u.t.Try(u.chat.ID, asked, askedIn)
	}
	state, effects := conversation.Step(u.chat.State, e, u.known())
	if u.t.Err() != nil {
		return
	}
	u.chat.State = state
	u.chat.State.Staff = u.known().staff()
	u.chat.Waiting = state.Step != conversation.Idle
	u.chat.Language = language(u.chat)
	if e.Kind != conversation.Asleep && e.Kind != conversation.Returned { // else nobody wrote
		u.chat.TouchedAt = u.t.Now()
		u.heard()
	}
	for _, e := range effects {
		u.apply(e)
	}
	if e.Kind == conversation.Edited && len(effects) == 0 {
		u.t.Unreceive(u.in.Platform, u.in.EventID) // it may come again: it is nothing then either
	}
	u.overheard(e)
	for _, l := range u.ticks {
		u.put(u.chat, l)
	}
	u.t.SaveChat(u.chat)
}

// language is the one a chat is written to in: the person's choice, or what the
// platform says of them.
func language(c *store.Chat) string {
	switch {
	case c.State.Language != "":
		return c.State.Language
	case c.State.Hint != "":
		return c.State.Hint
	case c.Language != "":
		return c.Language
	}
	return "en"
}

// reachable notes that the person blocked the bot, or let it in again.
func (u *turn) reachable(yes bool) {
	u.heard()
	if !yes {
		u.chat.UnreachableAt = u.t.Now()
		u.t.DropReminders(u.chat.ID)
		u.unreached(u.chat)
	}
	u.t.SaveChat(u.chat)
	if u.isStranger() { // nobody minds should it come again
		u.t.Unreceive(u.in.Platform, u.in.EventID)
	}
}

// heard notes that the person can be written to.
func (u *turn) heard() {
	if !u.chat.UnreachableAt.IsZero() {
		u.chat.UnreachableAt = time.Time{}
		u.showCasesOf(u.chat.ID)
	}
}

// end is what happens once the turn is durable.
func (u *turn) end() {
	if u.in.Answer != nil {
		*u.in.Answer = u.answer
	}
	u.b.post.hand(u.letters)
	if u.flooded {
		u.b.log.Warn("a chat writes more than it can be answered; until the answers have left nothing more is read there", "chat", u.chat.ID)
	}
	for _, kind := range u.alarms {
		u.b.log.Warn("staff are to look at something", "alarm", kind)
	}
}

// put adds a letter to what is said to a chat.
func (u *turn) put(c *store.Chat, l store.Letter) {
	owner := ""
	if u.strange && c == u.chat {
		l.Priority = store.Stranger
	} else if !u.left {
		owner = u.b.post.owner(c.Platform)
	}
	if l, ok := u.t.Put(c, l, owner); ok && !u.left {
		u.letters = append(u.letters, l)
	}
}

// repeatQuestions shows the open question again in every chat of a platform that
// waits for an answer: while nobody listened, a press may have been lost. Where a page
// of them fails, they are taken one by one: one that can't be read must not keep the
// others from being asked, nor have them asked again and again.
func (b *Bot) repeatQuestions(ctx context.Context, platform string) error {
	for after := ""; ; {
		var ids []string
		err := b.store.View(ctx, func(t *store.Tx) error { ids = t.WaitingIDs(after, page); return nil })
		if err != nil || len(ids) == 0 {
			return err
		}
		if err = b.askAnew(ctx, platform, ids); err != nil && !comeAgain(ctx, err) {
			err = b.askEachAnew(ctx, platform, ids)
		}
		if err != nil {
			return fmt.Errorf("repeat open questions: %w", err)
		}
		after = ids[len(ids)-1]
	}
}

// askEachAnew is askAnew for one chat after the other. One that can't be asked is left
// out.
func (b *Bot) askEachAnew(ctx context.Context, platform string, chats []string) error {
	for _, id := range chats {
		err := b.askAnew(ctx, platform, []string{id})
		if err != nil && comeAgain(ctx, err) {
			return err
		}
		if err != nil {
			b.log.Error("an open question could not be repeated", "chat", id, "error", err)
		}
	}
	return nil
}

// askAnew repeats the open questions of some chats, those of one platform only.
func (b *Bot) askAnew(ctx context.Context, platform string, chats []string) error {
	var turns []turn
	err := b.store.Update(ctx, func(t *store.Tx) error {
		turns = nil
		for _, id := range chats {
			chat := t.ChatByID(id)
			if !chat.Waiting || chat.Platform != platform || !chat.UnreachableAt.IsZero() {
				continue
			}
			u := turn{b: b, t: t, in: Incoming{Platform: platform, Chat: chat.Address, Event: conversation.Event{Kind: conversation.Asleep}}}
			u.play()
			turns = append(turns, u)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range turns {
		turns[i].end()
	}
	return nil
}
