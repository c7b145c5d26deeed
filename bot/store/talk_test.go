package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
)

// voice is who may speak in a chat.
func (b *book) voice(chatID string) (voice string) {
	b.Helper()
	b.see(func(t *store.Tx) { voice = t.ChatByID(chatID).Voice })
	return voice
}

func TestTalkFromBeginningToEnd(t *testing.T) {
	onBoth(t, func(b *book) {
		c, _ := b.client(101, "XCH", "2026-12-11 10:00")
		client, ana, bo := b.linked("4711", c.ID), b.chat("U1"), b.chat("U2")
		var talk store.Talk
		b.do(func(t *store.Tx) {
			var fresh bool
			talk, fresh = t.OpenTalk(client.ID, c.ID)
			equal(b, "fresh", fresh, true)
			equal(b, "a new one", talk, store.Talk{ID: talk.ID, ChatID: client.ID, CaseID: c.ID, OpenedAt: opened})
		})
		equal(b, "voice while nobody has it", b.voice(client.ID), store.BotVoice)
		b.clock.forward(time.Minute)
		b.do(func(t *store.Tx) {
			again, fresh := t.OpenTalk(client.ID, "")
			equal(b, "asked for again", [2]any{again, fresh}, [2]any{talk, false})
			equal(b, "claimed", t.ClaimTalk(talk.ID, ana.ID, "Ana"), true)
		})
		talk.OwnerChat, talk.Owner, talk.ClaimedAt = ana.ID, "Ana", opened.Add(time.Minute)
		equal(b, "voice", b.voice(client.ID), talk.ID)
		equal(b, "voice elsewhere", b.voice(ana.ID), store.BotVoice)
		b.clock.forward(time.Minute)
		b.do(func(t *store.Tx) {
			got, ok := t.TalkOf(client.ID)
			equal(b, "of the client", [2]any{got, ok}, [2]any{talk, true})
			_, ok = t.TalkOf(ana.ID)
			equal(b, "of the staff's own chat", ok, false)
			equal(b, "taken over", t.ClaimTalk(talk.ID, bo.ID, "Bo"), true)
		})
		talk.OwnerChat, talk.Owner, talk.ClaimedAt = bo.ID, "Bo", opened.Add(2*time.Minute)
		equal(b, "voice after it was taken over", b.voice(client.ID), talk.ID)
		b.clock.forward(time.Minute)
		b.do(func(t *store.Tx) {
			equal(b, "ended", t.CloseTalk(talk.ID, "Bo"), true)
			equal(b, "ended again", t.CloseTalk(talk.ID, "Ana"), false)
			equal(b, "claimed when it was over", t.ClaimTalk(talk.ID, ana.ID, "Ana"), false)
			equal(b, "did something to one that is none", t.ClaimTalk("none", ana.ID, "Ana") || t.CloseTalk("none", "Ana"), false)
			_, ok := t.TalkOf(client.ID)
			equal(b, "open", ok, false)
		})
		talk.ClosedAt, talk.ClosedBy = opened.Add(3*time.Minute), "Bo"
		equal(b, "voice at the end", b.voice(client.ID), store.BotVoice)
		b.reopen()
		b.do(func(t *store.Tx) {
			got, ok := t.TalkByID(talk.ID)
			equal(b, "afterwards", [2]any{got, ok}, [2]any{talk, true})
			next, fresh := t.OpenTalk(client.ID, "")
			equal(b, "another", [2]any{fresh, next.ID == talk.ID}, [2]any{true, false})
		})
	})
}

// One that ends while nobody has claimed it leaves the bot its voice.
func TestTalkThatNobodyClaimed(t *testing.T) {
	onBoth(t, func(b *book) {
		client := b.chat("4711")
		b.do(func(t *store.Tx) {
			talk, _ := t.OpenTalk(client.ID, "")
			equal(b, "ended", t.CloseTalk(talk.ID, ""), true)
		})
		equal(b, "voice", b.voice(client.ID), store.BotVoice)
	})
}

func TestOpenTalksTheOldestFirst(t *testing.T) {
	onBoth(t, func(b *book) {
		open := func(address string) (talk store.Talk) {
			b.do(func(t *store.Tx) { talk, _ = t.OpenTalk(t.Chat("telegram", address).ID, "") })
			b.clock.forward(time.Second)
			return talk
		}
		first, over, last := open("3"), open("1"), open("2")
		b.do(func(t *store.Tx) { t.CloseTalk(over.ID, "") })
		b.see(func(t *store.Tx) {
			got := t.OpenTalks()
			if !slices.Equal(got, []store.Talk{first, last}) {
				b.Errorf("got %v, want the two that are open, the oldest first", got)
			}
		})
	})
}

// The chat that a transaction already has shows the voice as it is, and saving
// it changes nothing about that.
func TestVoiceIsTheTalksAffair(t *testing.T) {
	onBoth(t, func(b *book) {
		ana := b.chat("U1")
		var id, talkID string
		b.do(func(t *store.Tx) {
			c := t.Chat("telegram", "4711")
			id = c.ID
			equal(b, "of a new chat", c.Voice, store.BotVoice)
			talk, _ := t.OpenTalk(c.ID, "")
			talkID = talk.ID
			t.ClaimTalk(talk.ID, ana.ID, "Ana")
			equal(b, "in the same transaction", c.Voice, talk.ID)
			t.SaveChat(c)
		})
		equal(b, "afterwards", b.voice(id), talkID)
		b.do(func(t *store.Tx) {
			c := t.ChatByID(id)
			c.Voice = store.BotVoice
			t.SaveChat(c)
		})
		equal(b, "after somebody wrote into it", b.voice(id), talkID)
		b.do(func(t *store.Tx) {
			c := t.ChatByID(id)
			t.CloseTalk(talkID, "Ana")
			equal(b, "in the transaction that ends it", c.Voice, store.BotVoice)
			t.SaveChat(c)
		})
		equal(b, "at the end", b.voice(id), store.BotVoice)
	})
}

// Bot and person never speak at once: what one still had to say is not sent once
// the other speaks. What anybody may say is.
func TestLettersOfAnotherVoiceAreStale(t *testing.T) {
	onEach(t, func(b *book) {
		client, ana := b.chat("4711"), b.chat("U1")
		b.beat("a")
		var talk store.Talk
		b.do(func(t *store.Tx) { talk, _ = t.OpenTalk(client.ID, "") })
		said := func() string {
			b.Helper()
			var all []string
			for l := b.claim("a", 9); len(l) > 0; l = b.claim("a", 9) {
				all = append(all, said(l[0]))
				b.do(func(t *store.Tx) { t.CloseLetter(l[0], store.Sent, "", "") })
			}
			return strings.Join(all, " ")
		}
		put := func() {
			for _, l := range []struct{ words, voice string }{{"question", store.BotVoice}, {"outcome", ""}, {"person", talk.ID}, {"another", "other"}, {"reminder", ""}} {
				b.put(client, store.Letter{Voice: l.voice, Reply: reply(l.words)})
			}
		}
		put()
		equal(b, "while the bot speaks", said(), "question outcome reminder")
		put()
		b.do(func(t *store.Tx) { t.ClaimTalk(talk.ID, ana.ID, "Ana") })
		equal(b, "while Ana speaks", said(), "outcome person reminder")
		put()
		b.do(func(t *store.Tx) { t.CloseTalk(talk.ID, "Ana") })
		equal(b, "when it is the bot's again", said(), "question outcome reminder")
		b.see(func(t *store.Tx) { equal(b, "nothing waits", t.NextDue().IsZero(), true) })
	})
}

// A letter that was tried before is looked at again, and one that is put for who
// sends it at once is not when it is of another voice.
func TestVoiceIsLookedAtEachTime(t *testing.T) {
	onBoth(t, func(b *book) {
		client, ana := b.chat("4711"), b.chat("U1")
		b.beat("a")
		b.put(client, store.Letter{Voice: store.BotVoice, Reply: reply("question")})
		l := b.claim("a", 9)[0]
		equal(b, "voice", l.Voice, store.BotVoice)
		b.do(func(t *store.Tx) {
			talk, _ := t.OpenTalk(client.ID, "")
			t.ClaimTalk(talk.ID, ana.ID, "Ana")
			t.Postpone(l, t.Now(), "network", false)
		})
		equal(b, "tried again", len(b.claim("a", 9)), 0)
		b.do(func(t *store.Tx) {
			c := t.ChatByID(client.ID)
			bot, _ := t.Put(c, store.Letter{Voice: store.BotVoice}, "a")
			equal(b, "the bot's", bot.Owner, "")
			_, ok := t.ClaimNext("a", client.ID)
			equal(b, "sent", ok, false)
		})
		b.do(func(t *store.Tx) {
			c := t.ChatByID(client.ID)
			person, _ := t.Put(c, store.Letter{Voice: c.Voice}, "a")
			equal(b, "the person's", person.Owner, "a")
		})
	})
}
