package store_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

func TestLinkingAChat(t *testing.T) {
	onBoth(t, func(b *book) {
		one, _ := b.client(101, "XCH", "2026-12-11 10:00")
		two, _ := b.client(102, "XCH", "2026-12-11 10:00")
		c, other := b.chat("4711"), b.chat("4712")
		b.do(func(t *store.Tx) {
			equal(b, "linked before", t.IsLinked(one.ID), false)
			equal(b, "fresh", t.LinkChat(c.ID, one.ID, "1"), true)
			equal(b, "again", t.LinkChat(c.ID, one.ID, "2"), false)
			equal(b, "another case", t.LinkChat(c.ID, two.ID, "2"), true)
			equal(b, "another chat", t.LinkChat(other.ID, one.ID, "2"), true)
			equal(b, "linked", t.IsLinked(one.ID), true)
			equal(b, "chats of the first", len(t.LinkedChats(one.ID)), 2)
			equal(b, "chats of the second", t.LinkedChats(two.ID)[0].Address, "4711")
		})
		b.do(func(t *store.Tx) {
			equal(b, "unlinked", len(t.UnlinkChat(c.ID)), 2)
			equal(b, "unlinked again", len(t.UnlinkChat(c.ID)), 0)
			equal(b, "chats of the first afterwards", len(t.LinkedChats(one.ID)), 1)
			equal(b, "the second is linked", t.IsLinked(two.ID), false)
			equal(b, "cases of the chat", len(t.CasesOf(c.ID)), 0)
		})
	})
}

// What a person sees first is what happens first.
func TestCasesOfAChat(t *testing.T) {
	onEach(t, func(b *book) {
		late, moved := b.client(101, "XCH", "2026-12-11 10:00")
		soon, soonAt := b.client(102, "XHG", "2026-12-14 08:00")
		done, doneAt := b.client(103, "XCH", "2026-11-02 10:00")
		hidden, _ := b.client(105, "XCH", "2026-12-02 10:00")
		c := b.linked("4711", late.ID)
		var none store.CaseRecord
		var now scheduling.Appointment
		b.clock.forward(time.Second)
		b.do(func(t *store.Tx) {
			none = t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: receipt(104), Form: "N-400", Household: "H", G28: true}})
			doneAt.Status = scheduling.Completed
			doneAt = t.ChangeAppointment(doneAt, "", time.Time{})
			for _, id := range []string{soon.ID, done.ID, none.ID} {
				t.LinkChat(c.ID, id, "1")
			}
			now = t.Supersede(moved, scheduling.Appointment{Site: moved.Site, Local: wall(b, "2026-12-21 10:00"), Count: 1}, time.Time{})
			t.PutRequest(wish(b, soonAt, c.ID))
			t.LinkChat(t.Chat("telegram", "other").ID, hidden.ID, "1")
		})
		b.see(func(t *store.Tx) {
			got := t.CasesOf(c.ID)
			if len(got) != 4 {
				b.Fatalf("got %d cases", len(got))
			}
			var order []string
			for _, c := range got {
				order = append(order, c.Receipt.Last4())
			}
			equal(b, "order", strings.Join(order, " "), "0102 0101 0103 0104")
			equal(b, "soonest", *got[0].Appointment, soonAt)
			equal(b, "the one in force", *got[1].Appointment, now)
			equal(b, "count and version", [2]int{got[1].Appointment.Count, got[1].Appointment.Version}, [2]int{1, 2})
			equal(b, "the last one", *got[2].Appointment, doneAt)
			equal(b, "one without", got[3].Appointment == nil && got[3].Form == "N-400" && got[3].Household == "H" && got[3].G28, true)
			if r := got[0].Request; r == nil || r.Name != "R1" || r.Words != "mi hermana se casa" || r.From.Local != soonAt.Local {
				b.Errorf("got request %+v", r)
			}
			equal(b, "no other request", got[1].Request == nil && got[2].Request == nil && got[3].Request == nil, true)
			equal(b, "cases of nobody", len(t.CasesOf("none")), 0)
		})
	})
}

func TestInvitations(t *testing.T) {
	onEach(t, func(b *book) {
		c, _ := b.client(101, "XCH", "2026-12-11 10:00")
		me, other := b.chat("4711"), b.chat("4712")
		ask := func(code string, who *store.Chat) (id string) {
			b.see(func(t *store.Tx) {
				got, ok := t.Invitation(code, who.ID)
				if ok != (got != "") {
					b.Errorf("answered %q and %v", got, ok)
				}
				id = got
			})
			return id
		}
		use := func(code string, who *store.Chat) (ok bool) {
			b.do(func(t *store.Tx) { ok = t.UseInvitation(code, who.ID) })
			return ok
		}
		invite := func(code string, life time.Duration) {
			b.do(func(t *store.Tx) { t.Invite(c.ID, "P. Aralegal", code, t.Now().Add(life)) })
		}
		invite("canary-one", time.Hour)
		equal(b, "unknown", ask("canary-two", me), "")
		equal(b, "empty", ask("", me), "")
		equal(b, "good", ask("canary-one", me), c.ID)
		invite("canary-two", time.Hour)
		equal(b, "revoked by a new one", ask("canary-one", me), "")
		equal(b, "revoked is not used", use("canary-one", me), false)
		equal(b, "used", use("canary-two", me), true)
		equal(b, "used again by the same", use("canary-two", me), true)
		equal(b, "used again by another", use("canary-two", other), false)
		equal(b, "good for who used it", ask("canary-two", me), c.ID)
		equal(b, "not for another", ask("canary-two", other), "")
		invite("canary-three", time.Minute)
		equal(b, "a new one does not revoke a used one", ask("canary-two", me), c.ID)
		b.clock.forward(time.Minute)
		equal(b, "expired", ask("canary-three", other), "")
		equal(b, "expired is not used", use("canary-three", other), false)
		invite("canary-four", time.Hour)
		b.do(func(t *store.Tx) {
			equal(b, "revoked", t.RevokeInvitations(c.ID), 1)
			equal(b, "revoked again", t.RevokeInvitations(c.ID), 0)
			t.RevokeUsed(me.ID)
		})
		equal(b, "revoked by hand", ask("canary-four", other), "")
		equal(b, "used and revoked", ask("canary-two", me), "")
	})
}

func TestTries(t *testing.T) {
	onBoth(t, func(b *book) {
		c, other := b.chat("4711"), b.chat("4712")
		const window = time.Hour
		tries := func() (n int) {
			b.see(func(t *store.Tx) { n = t.Tries(c.ID, "link", window) })
			return n
		}
		try := func() { b.do(func(t *store.Tx) { t.Try(c.ID, "link", window) }) }
		equal(b, "at first", tries(), 0)
		try()
		b.clock.forward(30 * time.Minute)
		try()
		equal(b, "two", tries(), 2)
		b.do(func(t *store.Tx) {
			t.Try(c.ID, "other", window)
			t.Try(other.ID, "link", window)
		})
		equal(b, "still two", tries(), 2)
		b.clock.forward(30*time.Minute - time.Millisecond)
		equal(b, "just within the window", tries(), 2)
		b.clock.forward(time.Millisecond)
		equal(b, "after it", tries(), 0)
		try()
		equal(b, "a new window", tries(), 1)
	})
}
