package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
)

func TestCardIsMadeOnce(t *testing.T) {
	onBoth(t, func(b *book) {
		channel, person := b.chat("C1"), b.chat("U1")
		var card store.Card
		b.do(func(t *store.Tx) {
			card = t.Card(store.RequestCard, "r1", channel)
			want := store.Card{ID: card.ID, Kind: "request", Subject: "r1", ChatID: channel.ID}
			equal(b, "a new one", card, want)
			equal(b, "again in the same transaction", t.Card(store.RequestCard, "r1", channel), want)
		})
		b.reopen()
		b.do(func(t *store.Tx) {
			equal(b, "again", t.Card(store.RequestCard, "r1", channel), card)
			for _, other := range []store.Card{t.Card(store.AlarmCard, "r1", channel), t.Card(store.RequestCard, "r2", channel), t.Card(store.RequestCard, "r1", person)} {
				equal(b, "one card for two things", other.ID == card.ID, false)
			}
			got, ok := t.CardByID(card.ID)
			equal(b, "by id", [2]any{got, ok}, [2]any{card, true})
			_, ok = t.CardByID("none")
			equal(b, "found one that is none", ok, false)
		})
	})
}

func TestFindingCards(t *testing.T) {
	onBoth(t, func(b *book) {
		old, channel := b.chat("C1"), b.chat("C2")
		var first, second, alarm store.Card
		b.do(func(t *store.Tx) { first = t.Card(store.RequestCard, "r1", old) })
		b.clock.forward(time.Second)
		b.do(func(t *store.Tx) {
			second = t.Card(store.RequestCard, "r1", channel)
			alarm = t.Card(store.AlarmCard, "a1", channel)
			t.Card(store.RequestCard, "r0", channel)
			t.Drawn(second.ID, 0, "11.22")
			t.Drawn(first.ID, 0, "33.44")
		})
		b.see(func(t *store.Tx) {
			got, ok := t.FindCard(store.RequestCard, "r1")
			equal(b, "the newest", [2]any{got.ID, ok}, [2]any{second.ID, true})
			for _, none := range [][2]string{{store.AlarmCard, "r1"}, {store.RequestCard, "r2"}, {"", ""}} {
				_, ok := t.FindCard(none[0], none[1])
				equal(b, fmt.Sprint("found ", none), ok, false)
			}
			var subjects []string
			for _, c := range t.CardsOf(store.RequestCard) {
				subjects = append(subjects, c.Subject)
			}
			equal(b, "all of a kind", strings.Join(subjects, " "), "r0 r1 r1")
			equal(b, "all of another", t.CardsOf(store.AlarmCard)[0], alarm)
			equal(b, "all of one that has none", len(t.CardsOf(store.TalkCard)), 0)
		})
		b.see(func(t *store.Tx) {
			for _, c := range []struct {
				chat, remote string
				want         string
			}{
				{channel.ID, "11.22", second.ID},
				{old.ID, "33.44", first.ID},
				{old.ID, "11.22", ""},
				{channel.ID, "33.44", ""},
				{channel.ID, "", ""}, // many cards have no message yet
				{"", "11.22", ""},
			} {
				got, ok := t.CardAt(c.chat, c.remote)
				equal(b, "at "+c.remote, [2]any{got.ID, ok}, [2]any{c.want, c.want != ""})
			}
		})
	})
}

// A card is drawn as often as needed and no more.
func TestCardIsDrawn(t *testing.T) {
	onBoth(t, func(b *book) {
		var id string
		b.do(func(t *store.Tx) { id = t.Card(store.HomeCard, "U1", t.Chat("slack", "U1")).ID })
		redraw := func(want bool) {
			b.Helper()
			b.do(func(t *store.Tx) { equal(b, "puts a letter", t.Redraw(id), want) })
		}
		drawn := func(wanted int64, remote string, want bool) {
			b.Helper()
			b.do(func(t *store.Tx) { equal(b, "puts another", t.Drawn(id, wanted, remote), want) })
		}
		is := func(wanted, shown int64, remote string) {
			b.Helper()
			b.see(func(t *store.Tx) {
				c, _ := t.CardByID(id)
				equal(b, "card", [3]any{c.Wanted, c.Shown, c.RemoteID}, [3]any{wanted, shown, remote})
			})
		}
		redraw(true)
		redraw(false)
		is(2, 0, "")
		drawn(2, "m1", false)
		is(2, 2, "m1")
		redraw(true)
		redraw(false)
		redraw(false)
		drawn(3, "m1", true) // it was read before the last two changes
		is(5, 3, "m1")
		redraw(false) // the other letter is on its way
		drawn(6, "", false)
		is(6, 6, "m1") // the platform named no message: it is still that one
		drawn(4, "m1", false)
		is(6, 6, "m1") // what is shown never goes back
		redraw(true)
		drawn(7, "m2", false)
		is(7, 7, "m2")
		b.do(func(t *store.Tx) {
			equal(b, "drew one that is none", t.Redraw("none") || t.Drawn("none", 1, "m"), false)
		})
		is(7, 7, "m2")
	})
}

func TestFilterOfAPage(t *testing.T) {
	onBoth(t, func(b *book) {
		b.do(func(t *store.Tx) {
			home, other := t.Card(store.HomeCard, "U1", t.Chat("slack", "U1")), t.Card(store.HomeCard, "U2", t.Chat("slack", "U2"))
			t.SetFilter(home.ID, "mine")
			home.Filter = "mine"
			equal(b, "filtered", t.Card(store.HomeCard, "U1", t.Chat("slack", "U1")), home)
			equal(b, "another's", t.Card(store.HomeCard, "U2", t.Chat("slack", "U2")), other)
		})
	})
}

// Of a copy that was restored nothing is sent; what changes afterwards is.
func TestCardsOfARestoredCopy(t *testing.T) {
	onBoth(t, func(b *book) {
		c := b.chat("C1")
		var id string
		b.do(func(t *store.Tx) {
			id = t.Card(store.AlarmCard, "a", c).ID
			equal(b, "first", t.Redraw(id), true)
			t.Put(t.ChatByID(c.ID), store.Letter{Kind: "draw", CardID: id}, "")
		})
		b.do(func(t *store.Tx) { equal(b, "dropped", t.DropAll(), 1) })
		b.do(func(t *store.Tx) { equal(b, "the next change puts a letter", t.Redraw(id), true) })
	})
}

// What is open and has no card in a chat is found, whatever cards stand elsewhere.
func TestWithoutACard(t *testing.T) {
	onBoth(t, func(b *book) {
		channel, other, client := b.chat("C1"), b.chat("C2"), b.chat("1")
		var alarm, done store.Alarm
		var talk store.Talk
		b.do(func(t *store.Tx) {
			alarm, _ = t.Raise("kind", "", "", "")
			done, _ = t.Raise("another", "", "", "")
			t.Acknowledge(done.ID, "Ana")
			talk, _ = t.OpenTalk(client.ID, "")
			t.Redraw(t.Card(store.AlarmCard, alarm.ID, other).ID)
			t.Card(store.AlarmCard, alarm.ID, channel) // nobody has wanted it drawn yet
		})
		missing := func(in *store.Chat) (all string) {
			b.see(func(t *store.Tx) {
				for _, kind := range []string{store.RequestCard, store.AlarmCard, store.TalkCard} {
					all += strings.Join(t.WithoutCard(kind, in, 9), " ") + ";"
				}
			})
			return all
		}
		equal(b, "in the channel", missing(channel), ";"+alarm.ID+";"+talk.ID+";")
		equal(b, "in the other", missing(other), ";;"+talk.ID+";")
		b.do(func(t *store.Tx) { t.Redraw(t.Card(store.AlarmCard, alarm.ID, channel).ID) })
		equal(b, "once it is wanted", missing(channel), ";;"+talk.ID+";")
	})
}

// A letter that draws a card, or stands under it, knows which.
func TestLetterOfACard(t *testing.T) {
	onEach(t, func(b *book) {
		c := b.chat("C1")
		b.beat("a")
		put := b.put(c, store.Letter{Kind: "draw", CardID: "card"})
		got := b.claim("a", 9)
		equal(b, "claimed", len(got), 1)
		equal(b, "card", got[0].CardID, "card")
		equal(b, "voice", got[0].Voice, "")
		equal(b, "as it was put", put.CardID, "card")
		b.do(func(t *store.Tx) { t.CloseLetter(got[0], store.Sent, "", "") })
		b.put(c, store.Letter{})
		equal(b, "of no card", b.claim("a", 9)[0].CardID, "")
	})
}
