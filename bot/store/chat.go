package store

import (
	"encoding/json"
	"time"

	"reschedulebot/conversation"
)

// A Chat is one chat of one person, or of a member of staff, on one platform.
// Within one Tx there is one *Chat per chat, whichever method answered it.
type Chat struct {
	ID            string
	Platform      string
	Address       string // the platform's, personal
	State         conversation.State
	Broken        bool // the state could not be read: State is zero
	Version       int64
	Language      string // for reminders
	Reminders     bool
	Waiting       bool      // a question with buttons is open
	UnreachableAt time.Time // the platform said: blocked or gone
	TouchedAt     time.Time // when the person last did something
	Voice         string    // who may speak: BotVoice or the id of a talk; only talks change it

	nextSeq int64
	head    int64 // the first that waits, 0 none, unknown; as it was when the chat was read
}

// unknown is the head of a chat that was read without looking at its line.
const unknown = -1

// Line tells where the first letter stands that waits for a chat, 0 where none does,
// and where the next will stand. It is for a chat that was found with Chat.
func (c *Chat) Line() (first, next int64) { return c.head, c.nextSeq }

// String names a chat without saying whose it is.
func (c Chat) String() string { return "chat " + c.ID }

// GoString is String.
func (c Chat) GoString() string { return c.String() }

// A chatEntry is a chat of this transaction and what is still to be written.
type chatEntry struct {
	*Chat
	storedSeq int64 // next_seq as it is in the table
	save      bool
	forgotten bool
}

const (
	chatColumns = `id, platform, address_sealed, state_sealed, version, language, reminders, waiting, unreachable_at, touched_at, next_seq, voice`

	// Whoever is found by their address is about to be answered: what waits for them is
	// looked up on the way.
	selectChat = `SELECT ` + chatColumns + `, COALESCE((SELECT o.seq FROM outbox o WHERE o.chat_id = chats.id AND o.state = 'waiting' ORDER BY o.seq LIMIT 1), 0)
		FROM chats WHERE platform = $1 AND address_key = $2`
	selectChatByID = `SELECT ` + chatColumns + `, -1 FROM chats WHERE id = $1`
	insertChat     = `INSERT INTO chats (id, platform, address_key, address_sealed, touched_at) VALUES ($1, $2, $3, $4, $5)`
	updateChat     = `UPDATE chats SET state_sealed = $3, version = version + 1, language = $4, reminders = $5, waiting = $6,
		unreachable_at = $7, touched_at = $8, next_seq = $9, forgotten = $10 WHERE id = $1 AND version = $2`
	updateNextSeq = `UPDATE chats SET next_seq = $2 WHERE id = $1`
	updateVoice   = `UPDATE chats SET voice = $2 WHERE id = $1`
	// Only staff and those who are linked, or have asked for something, are referred to.
	selectUnknown = `SELECT 1 FROM chats c WHERE c.id = $1
		AND NOT EXISTS (SELECT 1 FROM links k WHERE k.chat_id = c.id)
		AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.chat_id = c.id)
		AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.held_by = c.id)
		AND NOT EXISTS (SELECT 1 FROM talks k WHERE k.chat_id = c.id)
		AND NOT EXISTS (SELECT 1 FROM talks k WHERE k.owner_chat = c.id)
		AND NOT EXISTS (SELECT 1 FROM alarms a WHERE a.owner_chat = c.id)
		AND NOT EXISTS (SELECT 1 FROM cards x WHERE x.chat_id = c.id)
		AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.chat_id = c.id AND o.state = 'waiting' AND (o.priority < 3 OR o.owner IS NOT NULL))`
	deleteLine    = `DELETE FROM outbox WHERE chat_id = $1`
	deleteTries   = `DELETE FROM tries WHERE chat_id = $1`
	deleteChat    = `DELETE FROM chats WHERE id = $1`
	selectWaiting = `SELECT id FROM chats WHERE waiting = TRUE AND id > $1 ORDER BY id LIMIT $2`
	selectIdle    = `SELECT ` + chatColumns + `, -1 FROM chats WHERE forgotten = FALSE AND touched_at < $1 ORDER BY touched_at LIMIT $2`
	selectOther   = `SELECT 1 FROM chats WHERE platform <> $1 LIMIT 1`
)

// Chat finds a chat by its address, or makes it.
func (t *Tx) Chat(platform, address string) *Chat {
	key := t.s.sealer.look("chats", "address:"+platform, address)
	if found := t.readChats(selectChat, platform, key); len(found) == 1 {
		return found[0]
	}
	c := &Chat{ID: t.newID(), Platform: platform, Address: address, Reminders: true, TouchedAt: t.now, Voice: BotVoice, nextSeq: 1}
	t.exec("make a chat", insertChat, c.ID, platform, key, t.sealText("chats", "address", c.ID, address), t.now.UnixMilli())
	t.keep(c)
	return c
}

// ChatsElsewhere tells whether there are chats on any other platform.
func (t *Tx) ChatsElsewhere(than string) bool {
	var one int
	return t.row("look for chats", selectOther, []any{than}, &one)
}

// ChatByID answers a chat that must exist.
func (t *Tx) ChatByID(id string) *Chat {
	if e := t.chats[id]; e != nil {
		return e.Chat
	}
	if found := t.readChats(selectChatByID, id); len(found) == 1 {
		return found[0]
	}
	t.fail("find a chat", ErrNotFound)
	return &Chat{ID: id}
}

// SaveChat writes the state and the other fields when the transaction ends. The
// chat must come from this transaction; a chat that has changed since fails with
// ErrChanged.
func (t *Tx) SaveChat(c *Chat) { t.save(c, false) }

// WaitingIDs are the ids of chats with a question open, in their order, those after an
// id only. They can be had even where a chat can't be read.
func (t *Tx) WaitingIDs(after string, limit int) []string {
	return t.readIDs("look for open questions", selectWaiting, after, limit)
}

// IdleChats are chats whose person has done nothing since an instant and whose
// state is still to be forgotten (R46).
func (t *Tx) IdleChats(before time.Time, limit int) []*Chat {
	return t.readChats(selectIdle, before.UnixMilli(), limit)
}

// WipeState replaces the state by what is kept of it for good.
func (t *Tx) WipeState(c *Chat, keep conversation.State) {
	c.State, c.Waiting = keep, false
	t.save(c, true)
}

// Forget deletes a chat that nothing refers to: it is linked to nothing, and nothing
// of it is on record. What was said to it goes with it. False: it stays.
func (t *Tx) Forget(c *Chat) bool {
	var one int
	if !t.row("look at what refers to a chat", selectUnknown, []any{c.ID}, &one) {
		return false
	}
	t.exec("forget a chat's letters", deleteLine, c.ID)
	t.exec("forget a chat's tries", deleteTries, c.ID)
	delete(t.chats, c.ID)
	return t.exec("forget a chat", deleteChat, c.ID) == 1
}

func (t *Tx) save(c *Chat, forgotten bool) {
	if t.err != nil {
		return
	}
	e := t.chats[c.ID]
	if e == nil || e.Chat != c {
		t.fail("save a chat", ErrChanged)
		return
	}
	e.save, e.forgotten = true, forgotten
}

// saveChats writes what the transaction changed in chats, one statement each.
func (t *Tx) saveChats() {
	for _, e := range t.chats {
		switch {
		case t.err != nil:
			return
		case e.save:
			t.saveChat(e)
		case e.nextSeq != e.storedSeq:
			t.exec("count letters", updateNextSeq, e.ID, e.nextSeq)
		}
	}
}

func (t *Tx) saveChat(e *chatEntry) {
	state, err := json.Marshal(e.State)
	if err != nil {
		t.fail("write a state", err)
		return
	}
	sealed := t.s.sealer.seal("chats", "state", e.ID, state)
	if t.exec("save a chat", updateChat, e.ID, e.Version, sealed, e.Language, e.Reminders, e.Waiting,
		millis(e.UnreachableAt), e.TouchedAt.UnixMilli(), e.nextSeq, e.forgotten) != 1 {
		t.fail("save a chat", ErrChanged)
		return
	}
	e.Version++
}

// setVoice says who may speak in a chat.
func (t *Tx) setVoice(id, voice string) {
	t.exec("give a voice", updateVoice, id, voice)
	if e := t.chats[id]; e != nil {
		e.Voice = voice
	}
}

// keep remembers a chat for the rest of the transaction.
func (t *Tx) keep(c *Chat) *Chat {
	if t.chats == nil {
		t.chats = map[string]*chatEntry{}
	}
	if e := t.chats[c.ID]; e != nil {
		if e.head == unknown {
			e.head = c.head
		}
		return e.Chat
	}
	t.chats[c.ID] = &chatEntry{Chat: c, storedSeq: c.nextSeq}
	return c
}

func (t *Tx) readChats(query string, args ...any) []*Chat {
	var out []*Chat
	t.each("read chats", query, args, func(scan func(...any)) {
		var c Chat
		var address, state []byte
		scan(&c.ID, &c.Platform, &address, &state, &c.Version, &c.Language, &c.Reminders, &c.Waiting,
			at(&c.UnreachableAt), at(&c.TouchedAt), &c.nextSeq, &c.Voice, &c.head)
		c.Address = t.openText("chats", "address", c.ID, address)
		c.readState(t, state)
		out = append(out, t.keep(&c))
	})
	return out
}

// readState never fails: a state that cannot be read is a broken one, and the
// person begins again.
func (c *Chat) readState(t *Tx, sealed []byte) {
	if sealed == nil {
		return
	}
	state, err := t.s.sealer.open("chats", "state", c.ID, sealed)
	if err == nil {
		err = json.Unmarshal(state, &c.State)
	}
	if err != nil {
		c.State, c.Broken = conversation.State{}, true
	}
}
