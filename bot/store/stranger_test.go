package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
)

// What is said to strangers leaves last, so many at a time, and is gone then.
func TestStrangersLettersComeLast(t *testing.T) {
	onBoth(t, func(b *book) {
		b.beat("a")
		for i, priority := range []int{store.Stranger, store.Stranger, store.Stranger, store.Stranger, 2, 0} {
			b.put(b.chat(fmt.Sprint(i)), store.Letter{Priority: priority, Reply: reply(fmt.Sprint(i)), SendBy: opened.Add(time.Hour)})
			b.clock.forward(time.Second)
		}
		claim := func(limit, strangers int) string {
			mine, err := b.Claim(context.Background(), "a", limit, strangers)
			if err != nil {
				b.Fatal(err)
			}
			var out []string
			for _, l := range mine {
				out = append(out, said(l))
				b.do(func(t *store.Tx) { equal(b, "closed", t.CloseLetter(l, store.Sent, "1", ""), true) })
			}
			return strings.Join(out, " ")
		}
		equal(b, "none of strangers", claim(9, 0), "5 4")
		equal(b, "one", claim(9, 1), "0")
		three := b.chat("3")
		b.do(func(t *store.Tx) { t.Promote(three.ID) })
		equal(b, "one is none any more", claim(9, 1), "3 1")
		b.clock.forward(2 * time.Hour)
		equal(b, "too late", claim(9, 9), "")
		var left int
		if err := b.raw().QueryRow("SELECT COUNT(*) FROM outbox").Scan(&left); err != nil {
			b.Fatal(err)
		}
		equal(b, "letters that are left", left, 3) // 5, 4 and 3
	})
}

// A chat that nothing refers to is forgotten with all that was said to it.
func TestForget(t *testing.T) {
	onBoth(t, func(b *book) {
		on, _ := b.client(1, "XCH", "2026-12-11T10:00")
		known := b.linked("known", on.ID)
		asked, waits, sending, stranger, again := b.chat("asked"), b.chat("waits"), b.chat("sending"), b.chat("stranger"), b.chat("again")
		b.put(waits, store.Letter{Priority: 1})
		b.put(sending, store.Letter{Priority: store.Stranger})
		b.put(stranger, store.Letter{Key: "once"})
		b.beat("a")
		for _, l := range b.claim("a", 9) {
			if l.ChatID == stranger.ID {
				b.do(func(t *store.Tx) { t.CloseLetter(l, store.Sent, "1", "") })
			} else if l.ChatID == waits.ID {
				b.do(func(t *store.Tx) { t.Postpone(l, t.Now().Add(time.Hour), "", false) })
			}
		}
		b.put(stranger, store.Letter{Priority: store.Stranger})
		b.do(func(t *store.Tx) {
			t.Try(stranger.ID, "link", time.Hour)
			t.OpenTalk(asked.ID, "")
		})
		b.do(func(t *store.Tx) {
			for _, x := range []struct {
				c    *store.Chat
				want bool
			}{{known, false}, {asked, false}, {waits, false}, {sending, false}, {stranger, true}, {again, true}} {
				equal(b, x.c.Address, t.Forget(t.Chat("telegram", x.c.Address)), x.want)
			}
			if c := t.Chat("telegram", "again"); c.ID == again.ID {
				b.Error("a chat that was forgotten is there")
			}
		})
		for table, want := range map[string]int{"tries": 0, "outbox": 2, "chats": 5} {
			var left int
			if err := b.raw().QueryRow("SELECT COUNT(*) FROM " + table).Scan(&left); err != nil {
				b.Fatal(err)
			}
			equal(b, table, left, want)
		}
	})
}

// A chat found by its address knows what waits for it, also within the transaction.
func TestLine(t *testing.T) {
	onBoth(t, func(b *book) {
		line := func(t *store.Tx) [2]int64 {
			first, next := t.Chat("telegram", "4711").Line()
			return [2]int64{first, next}
		}
		b.do(func(t *store.Tx) {
			equal(b, "of a new chat", line(t), [2]int64{0, 1})
			t.Put(t.Chat("telegram", "4711"), store.Letter{Kind: "message"}, "")
			equal(b, "with one letter", line(t), [2]int64{1, 2})
		})
		b.put(b.chat("4711"), store.Letter{Kind: "message", Priority: 1})
		b.put(b.chat("4711"), store.Letter{Kind: "tick"})
		b.put(b.chat("4711"), store.Letter{Kind: "message", Voice: "a talk"})
		b.put(b.chat("4711"), store.Letter{Kind: "message", Priority: store.Stranger, CardID: "card"})
		b.beat("a")
		l := b.claim("a", 9)[0]
		b.do(func(t *store.Tx) {
			t.ChatByID(l.ChatID) // does not look at the line
			equal(b, "while one is sent", line(t), [2]int64{1, 6})
			equal(b, "answers", t.WaitingAnswers(l.ChatID, "message"), 2)
			equal(b, "under a card", t.WaitingUnder(l.ChatID, "card", "message"), 1)
			t.CloseLetter(l, store.Sent, "1", "")
		})
		b.do(func(t *store.Tx) {
			equal(b, "once it is sent", line(t), [2]int64{2, 6})
			equal(b, "answers", t.WaitingAnswers(l.ChatID, "message"), 1)
		})
	})
}
