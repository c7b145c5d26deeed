package store

// A Card is a message that shows something of the database, in one chat. What it
// shows is read when it is sent.
//
// Wanted grows with every change, Shown is the Wanted that the message was drawn
// for. While Wanted is greater one letter that draws the card is on its way: who
// makes it greater puts that letter (Redraw), and whoever sends it puts another
// one if it has grown again in the meantime (Drawn).
type Card struct {
	ID            string
	Kind          string // RequestCard, AlarmCard, TalkCard or HomeCard
	Subject       string // the id of what it shows
	ChatID        string // where it stands
	RemoteID      string // the platform's id of the message; "": there is none
	Filter        string // home: which part is looked at
	Wanted, Shown int64
}

// Kinds of cards.
const (
	RequestCard = "request"
	AlarmCard   = "alarm"
	TalkCard    = "talk"
	HomeCard    = "home"
)

const (
	cardColumns = `SELECT id, kind, subject, chat_id, remote_id, filter, wanted, shown FROM cards`

	selectCard     = cardColumns + ` WHERE kind = $1 AND subject = $2 AND chat_id = $3`
	selectCardOf   = cardColumns + ` WHERE kind = $1 AND subject = $2 ORDER BY id DESC LIMIT 1`
	selectCardByID = cardColumns + ` WHERE id = $1`
	selectCardAt   = cardColumns + ` WHERE chat_id = $1 AND remote_id = $2 AND remote_id <> '' LIMIT 1`
	selectCardsOf  = cardColumns + ` WHERE kind = $1 ORDER BY kind, subject, chat_id`
	insertCard     = `INSERT INTO cards (id, kind, subject, chat_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, subject, chat_id) DO NOTHING`
	redrawCard = `UPDATE cards SET wanted = wanted + 1 WHERE id = $1 RETURNING wanted = shown + 1`
	drawnCard  = `UPDATE cards SET shown = CASE WHEN shown < $2 THEN $2 ELSE shown END,
			remote_id = CASE WHEN $3 = '' THEN remote_id ELSE $3 END
		WHERE id = $1 RETURNING wanted > shown`
	hasNoCard    = ` AND NOT EXISTS (SELECT 1 FROM cards c WHERE c.kind = $1 AND c.subject = x.id AND c.chat_id = $2 AND c.wanted > 0) LIMIT $3`
	filterCard   = `UPDATE cards SET filter = $2 WHERE id = $1`
	forgetWanted = `UPDATE cards SET shown = wanted WHERE shown < wanted`
)

// Card finds the card of a subject in a chat, or makes it. A new one shows
// nothing and wants nothing.
func (t *Tx) Card(kind, subject string, c *Chat) Card {
	if card, ok := one(t.readCards(selectCard, kind, subject, c.ID)); ok {
		return card
	}
	card := Card{ID: t.newID(), Kind: kind, Subject: subject, ChatID: c.ID}
	t.exec("make a card", insertCard, card.ID, kind, subject, c.ID)
	return card
}

// FindCard is the card of a subject, the newest if it has them in several chats.
func (t *Tx) FindCard(kind, subject string) (Card, bool) {
	return one(t.readCards(selectCardOf, kind, subject))
}

// CardByID finds a card by its id.
func (t *Tx) CardByID(id string) (Card, bool) { return one(t.readCards(selectCardByID, id)) }

// CardAt is the card that a message is. No card stands at "".
func (t *Tx) CardAt(chatID, remoteID string) (Card, bool) {
	return one(t.readCards(selectCardAt, chatID, remoteID))
}

// CardsOf are all cards of a kind, in order of their subjects.
func (t *Tx) CardsOf(kind string) []Card { return t.readCards(selectCardsOf, kind) }

// withoutCard are what is open, by the kind of its card.
func withoutCard() map[string]string {
	return map[string]string{
		RequestCard: `SELECT x.id FROM requests x WHERE x.status = 'requested'` + hasNoCard,
		AlarmCard:   `SELECT x.id FROM alarms x WHERE x.acknowledged_at IS NULL` + hasNoCard,
		TalkCard:    `SELECT x.id FROM talks x WHERE x.closed_at IS NULL` + hasNoCard,
	}
}

// WithoutCard are the open requests, alarms or talks of which no card was ever wanted
// in a chat, at most limit; kind is that of the card.
func (t *Tx) WithoutCard(kind string, c *Chat, limit int) (subjects []string) {
	return t.readIDs("look for what has no card", withoutCard()[kind], kind, c.ID, limit)
}

// Redraw says that what a card shows has changed. True: no letter that draws it
// is on its way, and the caller must put one in the same transaction.
func (t *Tx) Redraw(id string) (first bool) {
	t.changeRow("want a card drawn", redrawCard, []any{id}, &first)
	return first
}

// Drawn says that a card was drawn as it was when wanted of its changes were
// made, and as which message; "" leaves that as it was. It belongs into the
// transaction that closes the letter, also when the letter failed for good:
// otherwise no other would ever be put. True: more has changed since, and the
// caller must put another letter.
func (t *Tx) Drawn(id string, wanted int64, remoteID string) (more bool) {
	t.changeRow("note that a card was drawn", drawnCard, []any{id, wanted, remoteID}, &more)
	return more
}

// SetFilter keeps which part of a page is looked at.
func (t *Tx) SetFilter(id, filter string) { t.exec("filter a card", filterCard, id, filter) }

func (t *Tx) readCards(query string, args ...any) []Card {
	var out []Card
	t.each("read cards", query, args, func(scan func(...any)) {
		var c Card
		scan(&c.ID, &c.Kind, &c.Subject, &c.ChatID, &c.RemoteID, &c.Filter, &c.Wanted, &c.Shown)
		out = append(out, c)
	})
	return out
}
