package store

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"reschedulebot/conversation"
)

// A Letter is one thing to be said to a chat, or done to an earlier message.
type Letter struct {
	ID     string
	Key    string // what may exist only once for ever, "" for none
	ChatID string
	Seq    int64 // its place in what is said to the chat

	Kind     string // bot.OutgoingKind
	Priority int    // 0 answers, 1 outcomes, 2 reminders, Stranger
	Reply    conversation.Reply
	Answer   string // tick: the answer that was given; fetch: the name of the file
	RefersTo string // tick, delete: the platform's id of that message; fetch: of the file

	// AppointmentID and Version are those of a reminder: it is stale once that
	// version of that appointment is no longer in force.
	AppointmentID string
	Version       int
	CardID        string    // the card that it draws, or under which it stands
	Voice         string    // who says it: it is stale once the chat's Voice is another; "": anybody
	DueAt         time.Time // zero: now
	SendBy        time.Time // useless after this; zero: never

	Owner     string // the instance that is sending it
	Fence     int64  // counts claims: only the last claimer may close it
	Attempts  int
	MaybeSent bool // an earlier attempt may have arrived
	Late      bool // a reminder that it is too late to send, of an appointment in force
	CreatedAt time.Time

	Platform, Address, Language string // of the chat
}

// String names a letter without saying what is in it or for whom.
func (l Letter) String() string { return fmt.Sprintf("letter %s to chat %s", l.ID, l.ChatID) }

// GoString is String.
func (l Letter) GoString() string { return l.String() }

// LogValue is String.
func (l Letter) LogValue() slog.Value { return slog.StringValue(l.String()) }

// Stranger is the last priority: an answer to a chat that is linked to nothing. Once it
// is closed nothing is kept of it.
const Stranger = 3

// Outcomes of a letter.
const (
	Sent   = "sent"
	Failed = "failed"
	Stale  = "stale" // it would not have helped any more
)

const (
	insertLetter = `INSERT INTO outbox (id, unique_key, chat_id, seq, kind, priority, body_sealed, refers_to, appointment_id, version,
			due_at, send_by, state, owner, fence, created_at, card_id, voice)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', $13, $14, $15, $16, $17)
		ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING`
	selectOwned = `SELECT id, chat_id, fence FROM outbox WHERE state = 'waiting' AND owner = $1 ORDER BY chat_id, seq`
	selectLine  = `SELECT seq FROM outbox WHERE chat_id = $1 AND state = 'waiting' ORDER BY seq LIMIT 1`
	closeLetter = `UPDATE outbox SET state = $4, closed_at = $5, remote_id = $6, fault = $7, attempts = attempts + 1
		WHERE id = $1 AND fence = $2 AND owner = $3 AND state = 'waiting'`
	deleteLetter   = `DELETE FROM outbox WHERE id = $1 AND fence = $2 AND owner = $3 AND state = 'waiting'`
	postponeLetter = `UPDATE outbox SET owner = NULL, due_at = $4, fault = $5, attempts = attempts + 1, maybe_sent = $6
		WHERE id = $1 AND fence = $2 AND owner = $3 AND state = 'waiting'`
	countAnswers  = `SELECT COUNT(*) FROM outbox WHERE chat_id = $1 AND state = 'waiting' AND kind = $2 AND priority IN (0, 3) AND voice = ''`
	promoteLine   = `UPDATE outbox SET priority = 0 WHERE chat_id = $1 AND state = 'waiting' AND priority = 3`
	countUnder    = `SELECT COUNT(*) FROM outbox WHERE chat_id = $1 AND state = 'waiting' AND kind = $3 AND card_id = $2`
	countVoice    = `SELECT COUNT(*) FROM outbox WHERE chat_id = $1 AND voice = $2 AND state = 'waiting'`
	dropReminders = `UPDATE outbox SET state = 'stale', closed_at = $2 WHERE chat_id = $1 AND state = 'waiting' AND appointment_id IS NOT NULL`
	dropAll       = `UPDATE outbox SET state = 'stale', closed_at = $1 WHERE state = 'waiting'`
	deleteLetters = `DELETE FROM outbox WHERE unique_key IS NULL AND id IN (SELECT id FROM outbox
		WHERE body_sealed IS NOT NULL AND closed_at IS NOT NULL AND closed_at < $1 ORDER BY closed_at LIMIT $2)`
	wipeLetters = `UPDATE outbox SET body_sealed = NULL, fault = '', remote_id = '' WHERE id IN (SELECT id FROM outbox
		WHERE body_sealed IS NOT NULL AND closed_at IS NOT NULL AND closed_at < $1 ORDER BY closed_at LIMIT $2)`
)

// letterBody is what is sealed of a letter.
type letterBody struct {
	Reply  conversation.Reply `json:"reply,omitzero"`
	Answer string             `json:"answer,omitempty"`
}

// Put adds a letter at the end of a chat's line. False: its Key exists already,
// sent or not, and nothing was written.
//
// When owner is given, the letter is due and nothing else waits for the chat, it
// belongs to owner at once (Owner and Fence are set) and is sent without being
// claimed; any other, and one of another Voice than the chat's, is left to Claim.
func (t *Tx) Put(c *Chat, l Letter, owner string) (Letter, bool) {
	e := t.entry(c)
	if e == nil {
		return l, false
	}
	l.ID, l.ChatID, l.Seq, l.CreatedAt = t.newID(), e.ID, e.nextSeq, t.now
	l.Platform, l.Address, l.Language = e.Platform, e.Address, e.Language
	l.Owner, l.Fence, l.Attempts, l.MaybeSent = "", 0, 0, false
	if l.DueAt.IsZero() {
		l.DueAt = t.now
	}
	if owner != "" && !l.DueAt.After(t.now) && (l.Voice == "" || l.Voice == e.Voice) && !t.lineBusy(e) {
		l.Owner, l.Fence = owner, 1
	}
	body, err := json.Marshal(letterBody{l.Reply, l.Answer})
	if err != nil {
		t.fail("write a letter", err)
		return l, false
	}
	if t.exec("put a letter", insertLetter, l.ID, null(l.Key), l.ChatID, l.Seq, l.Kind, l.Priority,
		t.s.sealer.seal("outbox", "body", l.ID, body), l.RefersTo, null(l.AppointmentID), l.Version,
		l.DueAt.UnixMilli(), millis(l.SendBy), null(l.Owner), l.Fence, t.now.UnixMilli(), null(l.CardID), l.Voice) == 0 {
		return l, false
	}
	e.nextSeq++
	if e.head == 0 {
		e.head = l.Seq
	}
	return l, true
}

// entry is the chat as this transaction knows it, read again when c comes from
// another one.
func (t *Tx) entry(c *Chat) *chatEntry {
	if t.err != nil {
		return nil
	}
	if t.chats[c.ID] == nil {
		t.ChatByID(c.ID)
	}
	return t.chats[c.ID]
}

// lineBusy tells whether anything waits for a chat.
func (t *Tx) lineBusy(e *chatEntry) bool {
	if e.head == unknown {
		e.head = 0
		t.row("look at a chat's line", selectLine, []any{e.ID}, &e.head)
	}
	return e.head != 0
}

// CloseLetter records what became of a letter. False: the letter is no longer the
// caller's, somebody else has claimed or closed it.
func (t *Tx) CloseLetter(l Letter, outcome, remoteID, fault string) bool {
	if l.Priority == Stranger {
		return t.exec("forget a letter", deleteLetter, l.ID, l.Fence, l.Owner) == 1
	}
	return t.exec("close a letter", closeLetter, l.ID, l.Fence, l.Owner, outcome, t.now.UnixMilli(), remoteID, fault) == 1
}

// Postpone gives a letter back to be claimed again, by anybody, from an instant
// on. The rest of its chat's line waits behind it.
func (t *Tx) Postpone(l Letter, until time.Time, fault string, maybeSent bool) bool {
	return t.exec("postpone a letter", postponeLetter, l.ID, l.Fence, l.Owner, until.UnixMilli(), fault, maybeSent || l.MaybeSent) == 1
}

// OwnedBy are the letters that belong to a process: who they are for and what the
// process needs to give them back, not what is in them.
func (t *Tx) OwnedBy(owner string) []Letter {
	var out []Letter
	t.each("read what a process is to send", selectOwned, []any{owner}, func(scan func(...any)) {
		l := Letter{Owner: owner}
		scan(&l.ID, &l.ChatID, &l.Fence)
		out = append(out, l)
	})
	return out
}

// WaitingOf is how many letters of a voice wait for a chat, those that are being sent
// included.
func (t *Tx) WaitingOf(chatID, voice string) (n int) {
	t.row("count what waits", countVoice, []any{chatID, voice}, &n)
	return n
}

// Promote has what waits for a chat sent as to anybody who is linked to a case.
func (t *Tx) Promote(chatID string) { t.exec("promote a chat's line", promoteLine, chatID) }

// WaitingAnswers is how many answers of a kind wait for a chat, those that are being
// sent included. What a person of the office says to it is none.
func (t *Tx) WaitingAnswers(chatID, kind string) (n int) {
	t.row("count the answers that wait", countAnswers, []any{chatID, kind}, &n)
	return n
}

// WaitingUnder is how many letters of a kind wait to be said under a card in a chat.
func (t *Tx) WaitingUnder(chatID, cardID, kind string) (n int) {
	t.row("count what waits under a card", countUnder, []any{chatID, cardID, kind}, &n)
	return n
}

// DropReminders closes the reminders that wait for a chat.
func (t *Tx) DropReminders(chatID string) {
	t.exec("drop reminders", dropReminders, chatID, t.now.UnixMilli())
}

// DropAll closes everything that waits, for anybody: what a restored copy still
// had to say has been said, or is out of date. It answers how many.
//
// No card waits to be drawn afterwards: the next Redraw of each puts a letter.
func (t *Tx) DropAll() int {
	t.exec("drop what is to be drawn", forgetWanted)
	return t.exec("drop what waits", dropAll, t.now.UnixMilli())
}

// SweepOutbox forgets what was in letters closed before an instant, at most limit
// of them, and answers how many. Those with a Key leave a trace, so that they are
// never put again.
func (t *Tx) SweepOutbox(before time.Time, limit int) int {
	n := t.exec("sweep the outbox", deleteLetters, before.UnixMilli(), limit)
	if n < limit {
		n += t.exec("sweep the outbox", wipeLetters, before.UnixMilli(), limit-n)
	}
	return n
}
