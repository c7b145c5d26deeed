package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

func reply(words string) conversation.Reply {
	return conversation.Reply{Text: conversation.Text{{Spans: []conversation.Span{{Text: words}}}}, Rev: 3,
		Choices: []conversation.Choice{{Label: "Sí", Value: "yes"}}, File: &conversation.File{Name: "a.ics", Type: "text/calendar", Data: []byte{0, 1}}}
}

// said is the first span of a letter.
func said(l store.Letter) string {
	if len(l.Reply.Text) == 0 {
		return ""
	}
	return l.Reply.Text[0].Spans[0].Text
}

// beat says that owners are alive for an hour.
func (b *book) beat(owners ...string) {
	b.Helper()
	b.do(func(t *store.Tx) {
		for _, o := range owners {
			t.Beat(o, "serve", t.Now().Add(time.Hour))
		}
	})
}

// put puts a letter that nobody owns yet.
func (b *book) put(c *store.Chat, l store.Letter) store.Letter {
	b.Helper()
	b.do(func(t *store.Tx) {
		var ok bool
		if l, ok = t.Put(c, l, ""); !ok {
			b.Error("a letter was not put")
		}
	})
	return l
}

func (b *book) claim(owner string, limit int) []store.Letter {
	b.Helper()
	l, err := b.Claim(b.Context(), owner, limit, limit)
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func TestLetterIsClaimedAsItWasPut(t *testing.T) {
	onEach(t, func(b *book) {
		c := b.chat("4711")
		b.beat("a")
		put := b.put(c, store.Letter{Key: "k", Kind: "message", Priority: 1, Reply: reply("hola"), Answer: "Yes", RefersTo: "55", SendBy: opened.Add(time.Hour)})
		got := b.claim("a", 9)
		if len(got) != 1 {
			b.Fatalf("claimed %d letters", len(got))
		}
		l := got[0]
		want := put
		want.Owner, want.Fence, want.Address = "a", 1, "4711"
		if !reflect.DeepEqual(l, want) {
			b.Errorf("a letter is not claimed as it was put")
		}
		equal(b, "claimed twice", len(b.claim("a", 9)), 0)
	})
}

func TestKeyIsGoodOnceForEver(t *testing.T) {
	onEach(t, func(b *book) {
		c := b.chat("4711")
		b.beat("a")
		put := func(key string) (ok bool) {
			b.do(func(t *store.Tx) { _, ok = t.Put(c, store.Letter{Key: key}, "") })
			return ok
		}
		equal(b, "first", put("remind:1"), true)
		equal(b, "again", put("remind:1"), false)
		equal(b, "another", put("remind:2"), true)
		equal(b, "without a key", put(""), true)
		equal(b, "another without a key", put(""), true)
		for l := b.claim("a", 1); len(l) == 1; l = b.claim("a", 1) {
			b.do(func(t *store.Tx) { t.CloseLetter(l[0], store.Sent, "9", "") })
		}
		b.clock.forward(365 * 24 * time.Hour)
		b.do(func(t *store.Tx) { equal(b, "swept", t.SweepOutbox(t.Now(), 99), 4) })
		b.do(func(t *store.Tx) { equal(b, "swept again", t.SweepOutbox(t.Now(), 99), 0) })
		equal(b, "after a year", put("remind:1"), false)
	})
}

// What is said to one chat is said in order, and one chat waits for no other.
func TestOneChatsLettersStayInLine(t *testing.T) {
	onBoth(t, func(b *book) {
		one, two := b.chat("1"), b.chat("2")
		b.beat("a")
		for i := range 3 {
			b.put(one, store.Letter{Reply: reply(fmt.Sprint("one", i)), Priority: 2 - i})
		}
		b.put(two, store.Letter{Reply: reply("two"), Priority: 2})
		got := b.claim("a", 9)
		equal(b, "heads of line", len(got), 2)
		var mine store.Letter
		for _, l := range got {
			if l.ChatID == one.ID {
				mine = l
			}
		}
		equal(b, "first", said(mine), "one0")
		equal(b, "while it is being sent", len(b.claim("a", 9)), 0)
		b.do(func(t *store.Tx) {
			equal(b, "postponed", t.Postpone(mine, t.Now().Add(time.Minute), "network", true), true)
		})
		equal(b, "while it is postponed", len(b.claim("a", 9)), 0)
		b.see(func(t *store.Tx) { equal(b, "next", t.NextDue(), opened.Add(time.Minute)) })
		b.clock.forward(time.Minute)
		got = b.claim("a", 9)
		if len(got) != 1 || said(got[0]) != "one0" || !got[0].MaybeSent || got[0].Attempts != 1 || got[0].Fence != 2 {
			b.Fatalf("got %+v, want the first again, perhaps sent before", got)
		}
		b.do(func(t *store.Tx) {
			equal(b, "closed", t.CloseLetter(got[0], store.Failed, "", "gone"), true)
			l, ok := t.ClaimNext("a", one.ID)
			equal(b, "next in line", said(l), "one1")
			equal(b, "found", ok, true)
			_, ok = t.ClaimNext("a", one.ID)
			equal(b, "one more", ok, false)
		})
	})
}

func TestAnswersGoBeforeReminders(t *testing.T) {
	onBoth(t, func(b *book) {
		b.beat("a")
		for i, priority := range []int{2, 1, 0, 2, 0} {
			b.put(b.chat(fmt.Sprint(i)), store.Letter{Priority: priority, Reply: reply(fmt.Sprint(i))})
			b.clock.forward(time.Second)
		}
		var order []string
		for range 5 {
			for _, l := range b.claim("a", 1) {
				order = append(order, said(l))
			}
		}
		equal(b, "order", strings.Join(order, " "), "2 4 1 0 3")
	})
}

func TestLetterIsPutForWhoSendsItAtOnce(t *testing.T) {
	onBoth(t, func(b *book) {
		c := b.chat("4711")
		b.beat("a")
		var first, second, later, elsewhere store.Letter
		b.do(func(t *store.Tx) {
			first, _ = t.Put(c, store.Letter{Reply: reply("1")}, "a")
			second, _ = t.Put(c, store.Letter{Reply: reply("2")}, "a")
			later, _ = t.Put(t.Chat("telegram", "2"), store.Letter{DueAt: t.Now().Add(time.Second)}, "a")
			t.SaveChat(t.ChatByID(c.ID))
		})
		equal(b, "first", [2]any{first.Owner, first.Fence}, [2]any{"a", int64(1)})
		equal(b, "address", first.Address, "4711")
		equal(b, "second", [2]any{second.Owner, second.Fence}, [2]any{"", int64(0)})
		equal(b, "not due", later.Owner, "")
		equal(b, "order", second.Seq-first.Seq, 1)
		b.do(func(t *store.Tx) { elsewhere, _ = t.Put(t.ChatByID(c.ID), store.Letter{}, "a") })
		equal(b, "while others wait", elsewhere.Owner, "")
		equal(b, "order goes on", elsewhere.Seq-second.Seq, 1)
		equal(b, "claimed", len(b.claim("a", 9)), 0)
		b.do(func(t *store.Tx) {
			equal(b, "closed", t.CloseLetter(first, store.Sent, "77", ""), true)
			l, _ := t.ClaimNext("a", c.ID)
			equal(b, "next", l.ID, second.ID)
		})
	})
}

// A process that was away too long finds that its letter is somebody else's.
func TestOnlyTheLastClaimerClosesALetter(t *testing.T) {
	onBoth(t, func(b *book) {
		c := b.chat("4711")
		b.put(c, store.Letter{Reply: reply("x")})
		b.beat("a", "b")
		mine := b.claim("a", 1)[0]
		equal(b, "while a lives", len(b.claim("b", 1)), 0)
		b.clock.forward(30 * time.Minute)
		b.beat("b")
		b.clock.forward(31 * time.Minute) // a has said nothing for an hour
		theirs := b.claim("b", 1)
		equal(b, "freed", len(theirs), 1)
		b.do(func(t *store.Tx) {
			equal(b, "closed by the late one", t.CloseLetter(mine, store.Sent, "1", ""), false)
			equal(b, "postponed by the late one", t.Postpone(mine, t.Now(), "", false), false)
			forged := mine
			forged.Owner = "b"
			equal(b, "closed with an old fence", t.CloseLetter(forged, store.Sent, "1", ""), false)
			equal(b, "postponed with an old fence", t.Postpone(forged, t.Now(), "", false), false)
			equal(b, "closed by the holder", t.CloseLetter(theirs[0], store.Sent, "2", ""), true)
			equal(b, "closed twice", t.CloseLetter(theirs[0], store.Sent, "2", ""), false)
		})
	})
}

// The clock leaps ahead of what a process has last said of itself: what it asks for
// next must not take its own letters out of its hands.
func TestClockThatLeaps(t *testing.T) {
	onBoth(t, func(b *book) {
		b.put(b.chat("4711"), store.Letter{Reply: reply("x")})
		b.beat("a", "b") // both are dead by the leap, and one asks
		mine := b.claim("a", 1)[0]
		b.clock.forward(100 * 24 * time.Hour)
		equal(b, "claimed once more", len(b.claim("a", 1)), 0)
		b.do(func(t *store.Tx) { equal(b, "closed", t.CloseLetter(mine, store.Sent, "1", ""), true) })
	})
}

func TestProcessesThatEnd(t *testing.T) {
	onBoth(t, func(b *book) {
		for i := range 3 {
			b.put(b.chat(fmt.Sprint(i)), store.Letter{})
		}
		b.beat("old", "good")
		b.do(func(t *store.Tx) { t.Beat("scan", "remind", t.Now().Add(time.Hour)) })
		equal(b, "claimed", len(b.claim("old", 1))+len(b.claim("good", 1))+len(b.claim("scan", 1)), 3)
		equal(b, "left", len(b.claim("good", 9)), 0)
		b.do(func(t *store.Tx) { t.Bye("good") })
		b.beat("new")
		left := b.claim("new", 9)
		equal(b, "after a goodbye", len(left), 1)
		equal(b, "it may have been sent", left[0].MaybeSent, true)
		b.do(func(t *store.Tx) { t.BuryKind("serve", "new") })
		equal(b, "after the old one was buried", len(b.claim("new", 9)), 1)
		b.see(func(t *store.Tx) {
			alive := t.Instances()
			equal(b, "processes", len(alive), 2)
			equal(b, "the oldest", alive[0].ID, "scan")
		})
	})
}

func TestLettersThatWouldNotHelp(t *testing.T) {
	onBoth(t, func(b *book) {
		b.beat("a")
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		remind := func(address string, version int, sendBy time.Time) {
			b.put(b.chat(address), store.Letter{Priority: 2, AppointmentID: a.ID, Version: version, SendBy: sendBy, Reply: reply(address)})
		}
		remind("in force", 1, opened.Add(time.Hour))
		remind("old version", 0, opened.Add(time.Hour))
		remind("too late", 1, opened.Add(-time.Second))
		remind("just in time", 1, opened)
		b.put(b.chat("old version"), store.Letter{Reply: reply("behind it"), Priority: 2})
		var got []string
		for _, l := range b.claim("a", 9) {
			words := said(l)
			if l.Late {
				words += " (late)"
			}
			got = append(got, words)
			b.do(func(t *store.Tx) { t.CloseLetter(l, store.Sent, "", "") })
		}
		slices.Sort(got)
		equal(b, "claimed", strings.Join(got, ", "), "behind it, in force, just in time, too late (late)")
		remind("moved", 1, opened.Add(time.Hour))
		b.do(func(t *store.Tx) {
			t.Supersede(a, scheduling.Appointment{Site: a.Site, Local: wall(b, "2026-12-14 08:00")}, time.Time{})
		})
		equal(b, "of a moved appointment", len(b.claim("a", 9)), 0)
		b.see(func(t *store.Tx) { equal(b, "nothing waits", t.NextDue().IsZero(), true) })
	})
}

func TestDroppingReminders(t *testing.T) {
	onBoth(t, func(b *book) {
		b.beat("a")
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		c := b.chat("4711")
		b.put(c, store.Letter{Priority: 2, AppointmentID: a.ID, Version: 1})
		b.put(c, store.Letter{Reply: reply("kept")})
		b.do(func(t *store.Tx) { t.DropReminders(c.ID) })
		got := b.claim("a", 9)
		if len(got) != 1 || said(got[0]) != "kept" {
			b.Errorf("got %v, want only what is no reminder", got)
		}
		b.put(b.chat("2"), store.Letter{})
		b.do(func(t *store.Tx) { equal(b, "dropped", t.DropAll(), 2) })
		equal(b, "after all were dropped", len(b.claim("a", 9)), 0)
	})
}

func TestNextDueIsOfWhatCanBeClaimed(t *testing.T) {
	onBoth(t, func(b *book) {
		b.beat("a")
		c := b.chat("4711")
		b.put(c, store.Letter{DueAt: opened.Add(time.Hour), Priority: 2})
		b.put(c, store.Letter{DueAt: opened})
		b.put(b.chat("2"), store.Letter{DueAt: opened.Add(2 * time.Hour)})
		b.see(func(t *store.Tx) { equal(b, "next", t.NextDue(), opened.Add(time.Hour)) })
		equal(b, "claimed before", len(b.claim("a", 9)), 0)
	})
}
