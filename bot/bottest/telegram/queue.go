package faketelegram

import (
	"encoding/json"
	"slices"
	"time"
)

// How long an update waits for the bot.
const (
	messageLife = 24 * time.Hour
	queryLife   = 150 * time.Second
)

// An item is an update on its way.
type item struct {
	id   int
	kind string // message, callback_query, …
	raw  json.RawMessage
	dies time.Time
}

// queue holds updates until the bot confirms them. The server's lock guards it.
type queue struct {
	items   []item
	next    int // update id
	allowed []string
	arrived bell
	poll    *poll // that is waiting
	webhook string
	secret  string
}

// A poll is a getUpdates call that waits.
type poll struct{ gone chan struct{} }

func newQueue() queue { return queue{next: 100001, allowed: defaultKinds()} }

func defaultKinds() []string {
	return []string{"message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
		"callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_join_request",
		"business_connection", "business_message", "edited_business_message", "deleted_business_messages", "guest_message",
		"purchased_paid_media", "chat_boost", "removed_chat_boost", "managed_bot", "subscription", "stopped_message_generation"}
}

// add queues an update of a kind the bot wants.
func (q *queue) add(kind string, dies time.Time, make func(id int) any) {
	if !slices.Contains(q.allowed, kind) {
		return
	}
	id := q.next
	q.next++
	q.items = append(q.items, item{id: id, kind: kind, raw: toJSON(make(id)), dies: dies})
	q.wake()
}

func (q *queue) wake() { q.arrived.ring() }

// expire drops what waited too long.
func (q *queue) expire(now time.Time) {
	q.items = slices.DeleteFunc(q.items, func(i item) bool { return !i.dies.After(now) })
}

// confirm forgets the updates before an offset. Ids may have begun anew, so it
// looks for a place in the queue and not for smaller numbers; an offset that
// belongs to no update of the queue, or to one far above it, confirms nothing.
func (q *queue) confirm(offset int) {
	if offset < 0 {
		q.items = slices.Delete(q.items, 0, max(0, len(q.items)+offset))
		return
	}
	for i := len(q.items) - 1; i >= 0; i-- {
		if q.items[i].id == offset-1 {
			q.items = slices.Delete(q.items, 0, i+1)
			return
		}
		if q.items[i].id == offset {
			q.items = slices.Delete(q.items, 0, i)
			return
		}
	}
	if offset <= q.next {
		q.items = slices.DeleteFunc(q.items, func(i item) bool { return i.id < offset })
	}
}

// head is what the bot gets next.
func (q *queue) head(limit int) []json.RawMessage {
	n := min(limit, len(q.items))
	raws := make([]json.RawMessage, n)
	for i := range n {
		raws[i] = q.items[i].raw
	}
	return raws
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

// Raw queues an update as it is, valid or not; %d in it becomes the next id.
func (s *Server) Raw(update string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.queue.next
	s.queue.next++
	raw := []byte(replaceID(update, id))
	var own struct {
		ID int `json:"update_id"`
	}
	if json.Unmarshal(raw, &own) == nil && own.ID != 0 {
		id = own.ID
		s.queue.next = id + 1
	}
	s.queue.items = append(s.queue.items, item{id: id, raw: raw, dies: s.now().Add(messageLife)})
	s.queue.wake()
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

// Redeliver brings the last n updates again, under their old ids, as if their
// confirmation had been lost. They must still be unconfirmed or among the last
// hundred that were.
func (s *Server) Redeliver(updates ...json.RawMessage) {
	for _, u := range updates {
		s.mu.Lock()
		s.queue.items = append(s.queue.items, item{id: updateID(u), raw: u, dies: s.now().Add(messageLife)})
		s.queue.wake()
		s.mu.Unlock()
	}
}
