package store_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

func TestChatIsMadeOnceAndKept(t *testing.T) {
	onEach(t, func(b *book) {
		var first string
		state := conversation.State{Step: conversation.AskReason, Rev: 7, Language: "es", Touched: opened,
			Draft: conversation.Draft{CaseID: "x", Words: "mi hermana se casa", Days: []scheduling.Date{{Year: 2026, Month: 12, Day: 3}}}}
		b.do(func(t *store.Tx) {
			c := t.Chat("telegram", "4711")
			if c != t.Chat("telegram", "4711") || c != t.ChatByID(c.ID) {
				b.Error("one chat is two in the same transaction")
			}
			equal(b, "reminders", c.Reminders, true)
			c.State, c.Language, c.Waiting, c.Reminders, c.UnreachableAt = state, "es", true, false, opened.Add(time.Hour)
			t.SaveChat(c)
			first = c.ID
		})
		b.reopen()
		b.do(func(t *store.Tx) {
			c := t.Chat("telegram", "4711")
			equal(b, "id", c.ID, first)
			if !reflect.DeepEqual(c.State, state) {
				b.Errorf("got state %+v, want %+v", c.State, state)
			}
			equal(b, "fields", [4]any{c.Language, c.Waiting, c.Reminders, c.UnreachableAt.Equal(opened.Add(time.Hour))}, [4]any{"es", true, false, true})
			equal(b, "address", c.Address, "4711")
			equal(b, "version", c.Version, 1)
			for _, other := range []*store.Chat{t.Chat("slack", "4711"), t.Chat("telegram", "4712")} {
				if other.ID == first {
					b.Error("two chats are the same")
				}
			}
		})
	})
}

func TestChatThatChangedMeanwhileIsNotSaved(t *testing.T) {
	onBoth(t, func(b *book) {
		b.chat("4711")
		var stale *store.Chat
		b.do(func(t *store.Tx) { stale = t.Chat("telegram", "4711") })
		b.do(func(t *store.Tx) { t.SaveChat(t.Chat("telegram", "4711")) })
		b.refused(store.ErrChanged, func(t *store.Tx) { t.SaveChat(stale) })
		b.refused(store.ErrNotFound, func(t *store.Tx) { t.ChatByID("none") })
	})
}

// A state that cannot be read must not keep a person from being answered.
func TestBrokenState(t *testing.T) {
	onBoth(t, func(b *book) {
		b.do(func(t *store.Tx) {
			c := t.Chat("telegram", "4711")
			c.State.Step = conversation.Menu
			t.SaveChat(c)
		})
		b.tamper("UPDATE chats SET state_sealed = address_sealed")
		b.do(func(t *store.Tx) {
			c := t.Chat("telegram", "4711")
			if !c.Broken || c.State.Step != conversation.Idle {
				b.Errorf("got broken %v and state %+v, want a zero state that is broken", c.Broken, c.State)
			}
			t.SaveChat(c)
		})
		b.do(func(t *store.Tx) { equal(b, "broken after it was saved", t.Chat("telegram", "4711").Broken, false) })
	})
}

func TestIdleChatsAreForgottenOnce(t *testing.T) {
	onBoth(t, func(b *book) {
		keep := conversation.State{Language: "es"}
		for _, address := range []string{"1", "2", "3"} {
			b.do(func(t *store.Tx) {
				c := t.Chat("telegram", address)
				c.State.Draft.Words, c.Waiting = "secret", true
				t.SaveChat(c)
			})
			b.clock.forward(time.Hour)
		}
		b.do(func(t *store.Tx) {
			idle := t.IdleChats(opened.Add(90*time.Minute), 9)
			equal(b, "idle", len(idle), 2)
			equal(b, "the longest idle", idle[0].Address, "1")
			equal(b, "limited", len(t.IdleChats(opened.Add(90*time.Minute), 1)), 1)
			equal(b, "waiting", len(t.WaitingIDs("", 9)), 3)
			for _, c := range idle {
				t.WipeState(c, keep)
			}
		})
		b.do(func(t *store.Tx) {
			equal(b, "idle afterwards", len(t.IdleChats(opened.Add(90*time.Minute), 9)), 0)
			if c := t.Chat("telegram", "1"); !reflect.DeepEqual(c.State, keep) || c.Waiting {
				b.Errorf("got %+v, want only what is kept", c.State)
			}
			waiting := t.WaitingIDs("", 9)
			equal(b, "waiting afterwards", len(waiting), 1)
			equal(b, "waiting after that one", len(t.WaitingIDs(waiting[0], 9)), 0)
		})
	})
}

func TestChatPrintsWithoutItsAddress(t *testing.T) {
	b := newBook(t, "sqlite::memory:", true)
	c := b.chat("canary4711")
	for _, s := range printed(*c, c) {
		if strings.Contains(s, "canary") {
			t.Errorf("%s tells whose chat it is", s)
		}
	}
}
