package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"reschedulebot/bot/store"
)

// An office is several processes on one database.
type office struct {
	*book
	stores []*book
}

func newOffice(b *book) *office {
	return &office{b, []*book{b, newBook(b.T, b.url, true)}}
}

// atOnce runs what several people do at the same instant, each in an Update of
// its own and in turn in another process, and answers who was told that it went
// well.
func (b *office) atOnce(people ...func(t *store.Tx) bool) []bool {
	b.Helper()
	told := make([]bool, len(people))
	var wait sync.WaitGroup
	for i, does := range people {
		wait.Go(func() {
			var ok bool
			err := b.stores[i%len(b.stores)].persist(func(t *store.Tx) error { ok = does(t); return nil })
			if err != nil {
				b.Error(err)
			}
			told[i] = ok
		})
	}
	wait.Wait()
	return told
}

func count(told []bool) (n int) {
	for _, ok := range told {
		if ok {
			n++
		}
	}
	return n
}

func rounds() int {
	if testing.Short() {
		return 10
	}
	return 100
}

// Two take a talk over while a third ends it: it has ended, whoever was first,
// and the bot has its voice back.
func TestTalkIsClaimedAndEndedAtOnce(t *testing.T) {
	onBoth(t, func(one *book) {
		b := newOffice(one)
		client, ana, bo := b.chat("4711"), b.chat("U1"), b.chat("U2")
		for range rounds() {
			var first store.Talk
			told := b.atOnce(
				func(t *store.Tx) (fresh bool) { _, fresh = t.OpenTalk(client.ID, ""); return fresh },
				func(t *store.Tx) (fresh bool) { _, fresh = t.OpenTalk(client.ID, ""); return fresh },
			)
			equal(b, "opened", count(told), 1)
			b.see(func(t *store.Tx) { first, _ = t.TalkOf(client.ID) })
			told = b.atOnce(
				func(t *store.Tx) bool { return t.ClaimTalk(first.ID, ana.ID, "Ana") },
				func(t *store.Tx) bool { return t.ClaimTalk(first.ID, bo.ID, "Bo") },
			)
			equal(b, "claimed", count(told), 2)
			equal(b, "voice", b.voice(client.ID), first.ID)
			told = b.atOnce(
				func(t *store.Tx) bool { t.ClaimTalk(first.ID, ana.ID, "Ana"); return false },
				func(t *store.Tx) bool { return t.CloseTalk(first.ID, "Bo") },
				func(t *store.Tx) bool { t.SaveChat(t.ChatByID(client.ID)); return false },
				func(t *store.Tx) bool { return t.CloseTalk(first.ID, "") },
			)
			equal(b, "ended", count(told), 1)
			equal(b, "voice at the end", b.voice(client.ID), store.BotVoice)
		}
	})
}

// One alarm is raised by several at once: it is one, and counts all of them.
func TestAlarmIsRaisedTakenAndAcknowledgedAtOnce(t *testing.T) {
	onBoth(t, func(one *book) {
		b := newOffice(one)
		me := b.chat("U1")
		for range rounds() {
			raise := func(t *store.Tx) bool { _, fresh := t.Raise("unsent", "case", me.ID, ""); return fresh }
			equal(b, "fresh", count(b.atOnce(raise, raise, raise, raise)), 1)
			var a store.Alarm
			b.see(func(t *store.Tx) { a = t.OpenAlarms(2)[0] })
			equal(b, "times", a.Times, 4)
			told := b.atOnce(
				func(t *store.Tx) bool { return t.Acknowledge(a.ID, "Ana") },
				func(t *store.Tx) bool { t.TakeAlarm(a.ID, me.ID, "Bo"); return false },
				func(t *store.Tx) bool { return t.Acknowledge(a.ID, "Bo") },
			)
			equal(b, "acknowledged", count(told), 1)
			b.see(func(t *store.Tx) {
				got, _ := t.AlarmByID(a.ID)
				equal(b, "by whom", got.AcknowledgedBy, map[bool]string{true: "Ana", false: "Bo"}[told[0]])
				equal(b, "open", len(t.OpenAlarms(9)), 0)
			})
		}
	})
}

// One takes a request on while another decides it: who decided stands, and who
// was told that they hold it does.
func TestRequestIsHeldAndDecidedAtOnce(t *testing.T) {
	onBoth(t, func(one *book) {
		b := newOffice(one)
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		ana := b.chat("U1")
		for range rounds() {
			var r store.RequestRecord
			b.do(func(t *store.Tx) { r = t.PutRequest(wish(b, a, "")) })
			told := b.atOnce(
				func(t *store.Tx) bool { return t.Hold(r.ID, ana.ID, "Ana") },
				func(t *store.Tx) bool { return t.CloseRequest(r.ID, store.Refused, "Bo", "no seats") },
				func(t *store.Tx) bool { t.SetUrge(r.ID, opened); return false },
			)
			b.see(func(t *store.Tx) {
				got, _ := t.RequestByName(r.ID)
				equal(b, "decided", [3]any{told[1], got.Status, got.DecidedBy}, [3]any{true, store.Refused, "Bo"})
				equal(b, "held", got.Holder, map[bool]string{true: "Ana", false: ""}[told[0]])
				equal(b, "to call to mind", len(t.RequestsToUrge(9)), 0)
			})
		}
	})
}

// One card is made by several at once, and the first change puts one letter.
func TestCardIsMadeAndChangedAtOnce(t *testing.T) {
	onBoth(t, func(one *book) {
		b := newOffice(one)
		c := b.chat("C1")
		for i := range rounds() {
			change := func(t *store.Tx) bool { return t.Redraw(t.Card(store.RequestCard, fmt.Sprint(i), c).ID) }
			equal(b, "letters", count(b.atOnce(change, change, change, change)), 1)
			b.see(func(t *store.Tx) {
				card, _ := t.FindCard(store.RequestCard, fmt.Sprint(i))
				equal(b, "changes", card.Wanted, 4)
			})
		}
		b.see(func(t *store.Tx) { equal(b, "cards", len(t.CardsOf(store.RequestCard)), rounds()) })
	})
}

// Many change what a card shows while others draw it, some of whom die between
// sending and saying so. In the end it shows the last change, and never was more
// than one letter that draws it on its way.
func TestCardShowsTheLastChange(t *testing.T) {
	onBoth(t, func(b *book) {
		const changers, each, drawers = 4, 40, 3
		second := newBook(b.T, b.url, true)
		var id string
		b.do(func(t *store.Tx) { id = t.Card(store.HomeCard, "U1", t.Chat("slack", "C1")).ID })
		desk := &screen{book: b, card: id}
		var changing atomic.Int64
		changing.Store(changers)
		var wait sync.WaitGroup
		for n := range changers {
			process := []*book{b, second}[n%2]
			wait.Go(func() {
				defer changing.Add(-1)
				for i := range each {
					put := false
					process.do(func(t *store.Tx) {
						t.SetFilter(id, fmt.Sprint(n, ":", i)) // what the card shows
						if put = t.Redraw(id); put {
							desk.put(t)
						}
					})
					desk.count(put)
				}
			})
		}
		for n := range drawers {
			wait.Go(func() {
				for i, life := 0, 0; ; i++ {
					over := changing.Load() == 0
					me := fmt.Sprint("drawer ", n, " life ", life)
					if i%5 == 4 {
						life++
					}
					b.beat(me)
					if !desk.draw(me, i%5 == 4) && over {
						b.see(func(t *store.Tx) { over = t.NextDue().IsZero() })
						if over {
							return
						}
					}
				}
			})
		}
		wait.Wait()
		for b.beat("last"); desk.draw("last", false); {
		}
		b.see(func(t *store.Tx) {
			card, _ := t.CardByID(id)
			equal(b, "shown", desk.shows, card.Filter)
			equal(b, "changes", card.Wanted, changers*each)
			equal(b, "drawn", card.Shown, card.Wanted)
			equal(b, "nothing waits", t.NextDue().IsZero(), true)
		})
		if n := desk.letters.Load(); n < 1 || n > changers*each {
			b.Errorf("%d letters for %d changes", n, changers*each)
		}
	})
}

// A screen is where a card is shown.
type screen struct {
	*book
	card    string
	letters atomic.Int64

	mu     sync.Mutex
	shows  string
	wanted int64 // the newest drawing that arrived
}

// put puts the letter that draws the card.
func (s *screen) put(t *store.Tx) {
	c, _ := t.CardByID(s.card)
	t.Put(t.ChatByID(c.ChatID), store.Letter{Kind: "draw", CardID: s.card}, "")
}

// count counts a letter that was put. A transaction may run more than once, so that is
// done when it is durable.
func (s *screen) count(put bool) {
	if put {
		s.letters.Add(1)
	}
}

// draw sends what waits, if anything does; who dies says nothing about it.
func (s *screen) draw(me string, dies bool) bool {
	s.Helper()
	letters := s.claim(me, 9)
	if len(letters) == 0 {
		return false
	}
	equal(s, "letters on their way", len(letters), 1)
	l := letters[0]
	var card store.Card
	s.see(func(t *store.Tx) { card, _ = t.CardByID(l.CardID) })
	s.mu.Lock()
	if card.Wanted >= s.wanted {
		s.shows, s.wanted = card.Filter, card.Wanted
	}
	s.mu.Unlock()
	if dies {
		s.do(func(t *store.Tx) { t.Bye(me) })
		return true
	}
	followed, mine, put := false, false, false
	s.do(func(t *store.Tx) {
		followed, mine = t.IsFollowed(l), t.CloseLetter(l, store.Sent, "m", "")
		if put = t.Drawn(l.CardID, card.Wanted, "m"); put {
			s.put(t)
		}
	})
	s.count(put)
	equal(s, "another is behind it", followed, false)
	equal(s, "it was the claimer's", mine, true)
	return true
}
