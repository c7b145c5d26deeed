package faketelegram

import (
	"encoding/json"
	"slices"
	"time"

	"reschedulebot/bot/bottest/bell"
)

// How long an update waits for the bot.
const (
	messageLife = 24 * time.Hour
	queryLife   = 150 * time.Second
)

// latest is how many updates can be brought again.
const latest = 100

// An item is an update on its way.
type item struct {
	id    int
	lane  string // a webhook gets the updates of one lane one after the other
	raw   json.RawMessage
	dies  time.Time
	given bool // to a poll
	again bool // it was confirmed once and comes again
}

// queue holds updates until the bot confirms them. The server's lock guards it.
type queue struct {
	items   []*item
	next    int // update id
	allowed []string
	arrived bell.Bell
	latest  []*item // that were given out, for Redeliver
	twice   bool

	poll       *poll // that is waiting
	lastOffset int
	lastBegan  time.Time
	lastEnded  time.Time

	webhook string
	secret  string
}

func newQueue(twice bool) queue {
	return queue{next: 100001, allowed: defaultKinds(), twice: twice, lastOffset: -1}
}

func defaultKinds() []string {
	return []string{"message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
		"callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_join_request",
		"business_connection", "business_message", "edited_business_message", "deleted_business_messages", "guest_message",
		"purchased_paid_media", "chat_boost", "removed_chat_boost", "managed_bot", "subscription", "stopped_message_generation"}
}

// add queues an update of a kind the bot wants.
func (q *queue) add(kind, lane string, dies time.Time, fill func(*wireUpdate)) {
	if !slices.Contains(q.allowed, kind) {
		return
	}
	u := wireUpdate{ID: q.next}
	q.next++
	fill(&u)
	q.push(item{id: u.ID, lane: lane, raw: toJSON(u), dies: dies})
}

func (q *queue) push(i item) {
	q.items = append(q.items, &i)
	if q.twice {
		twin := i
		q.items = append(q.items, &twin)
	}
	q.wake()
}

func (q *queue) wake() { q.arrived.Ring() }

// expire drops what waited too long.
func (q *queue) expire(now time.Time) {
	q.items = slices.DeleteFunc(q.items, func(i *item) bool { return !i.dies.After(now) })
}

// confirm forgets the updates before an offset. Ids may have begun anew, so it
// looks for a place in the queue and not for smaller numbers; an offset that
// belongs to no update of the queue, or to one far above it, confirms nothing.
// What comes again is not confirmed before it came.
func (q *queue) confirm(offset int) {
	n := 0
	if offset < 0 {
		n = max(0, len(q.items)+offset)
	}
	for i := len(q.items) - 1; i >= 0 && offset > 0 && n == 0; i-- {
		switch q.items[i].id {
		case offset - 1:
			n = i + 1
		case offset:
			n = i
			if n == 0 {
				return
			}
		}
	}
	at := -1
	q.items = slices.DeleteFunc(q.items, func(i *item) bool {
		at++
		before := at < n || n == 0 && offset > 0 && offset <= q.next && i.id < offset
		return before && (i.given || !i.again)
	})
}

// head is what the bot gets next.
func (q *queue) head(limit int, given bool) []json.RawMessage {
	n := min(limit, len(q.items))
	raws := make([]json.RawMessage, n)
	for i, x := range q.items[:n] {
		raws[i] = x.raw
		if given {
			q.give(x)
		}
	}
	return raws
}

// give notes that an update went to the bot.
func (q *queue) give(x *item) {
	if x.given {
		return
	}
	x.given = true
	if q.latest = append(q.latest, x); len(q.latest) > 2*latest {
		q.latest = slices.Clone(q.latest[latest:])
	}
}

// allow remembers which kinds the bot wants. null and "" keep what was.
func (q *queue) allow(list string) {
	var kinds []string
	if list == "" || list == "null" || json.Unmarshal([]byte(list), &kinds) != nil {
		return
	}
	if len(kinds) == 0 {
		kinds = defaultKinds()
	}
	q.allowed = kinds
}

// Raw queues any JSON as an update; a %d in it becomes the next id.
func (s *Server) Raw(update string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.queue.next
	s.queue.next++
	raw := []byte(replaceID(update, id))
	if own := updateID(raw); own != 0 {
		id = own
		s.queue.next = id + 1
	}
	s.queue.push(item{id: id, lane: "raw", raw: raw, dies: s.now().Add(messageLife)})
	s.ring()
}

// NextUpdateID sets the id of the next update: after a quiet week it may be any.
func (s *Server) NextUpdateID(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.next = id
}

// Pending says how many updates are not confirmed yet.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.expire(s.now())
	return len(s.queue.items)
}

// Redeliver brings the last n updates again that went to the bot, a hundred at
// most, in their order and under their old ids, as if their confirmation had
// been lost. Those that still wait for it are not doubled.
func (s *Server) Redeliver(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &s.queue
	last := q.latest[max(0, len(q.latest)-min(n, latest)):]
	for _, x := range slices.Clone(last) {
		if !slices.Contains(q.items, x) {
			q.items = append(q.items, &item{id: x.id, lane: x.lane, raw: x.raw, dies: s.now().Add(messageLife), again: true})
		}
	}
	q.wake()
	s.ring()
}
