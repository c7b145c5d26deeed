package store

import "time"

// BotVoice is the Voice of a chat in which the bot speaks. While a person of the
// staff does, it is the id of their talk.
const BotVoice = "bot"

// A Talk is a client who wants to talk to a person, or does, or did. A chat has
// at most one that is open.
type Talk struct {
	ID        string
	ChatID    string // the client's
	CaseID    string // "" where it is about none
	OwnerChat string // of who talks, "" nobody yet
	Owner     string // and their name
	ClosedBy  string

	OpenedAt  time.Time
	ClaimedAt time.Time // by its present owner
	ClosedAt  time.Time // zero: open
}

const (
	talkColumns = `id, chat_id, case_id, owner_chat, owner, closed_by, opened_at, claimed_at, closed_at`

	insertTalk = `INSERT INTO talks (id, chat_id, case_id, opened_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (chat_id) WHERE closed_at IS NULL DO NOTHING RETURNING ` + talkColumns
	claimTalk = `UPDATE talks SET owner_chat = $2, owner = $3, claimed_at = $4 WHERE id = $1 AND closed_at IS NULL RETURNING chat_id`
	closeTalk = `UPDATE talks SET closed_at = $2, closed_by = $3 WHERE id = $1 AND closed_at IS NULL RETURNING chat_id`

	selectTalk       = `SELECT ` + talkColumns + ` FROM talks WHERE id = $1`
	selectTalkOf     = `SELECT ` + talkColumns + ` FROM talks WHERE chat_id = $1 AND closed_at IS NULL`
	selectTalksAbout = `SELECT id FROM talks WHERE closed_at IS NULL AND chat_id IN (SELECT chat_id FROM links WHERE case_id = $1) ORDER BY opened_at, id`
	selectOpenTalks  = `SELECT ` + talkColumns + ` FROM talks WHERE closed_at IS NULL ORDER BY opened_at, id`
)

// OpenTalk opens a talk in a client's chat; caseID may be "". Where one is open
// already that one is answered, and fresh is false.
func (t *Tx) OpenTalk(chatID, caseID string) (talk Talk, fresh bool) {
	args := []any{t.newID(), chatID, null(caseID), t.now.UnixMilli()}
	if t.changeRow("open a talk", insertTalk, args, talkFields(&talk)...) {
		return talk, true
	}
	talk, _ = t.TalkOf(chatID)
	return talk, false
}

// TalkByID finds a talk, open or not.
func (t *Tx) TalkByID(id string) (Talk, bool) { return one(t.readTalks(selectTalk, id)) }

// TalkOf is the open talk of a client's chat.
func (t *Tx) TalkOf(chatID string) (Talk, bool) { return one(t.readTalks(selectTalkOf, chatID)) }

// OpenTalks are all open ones, the oldest first.
func (t *Tx) OpenTalks() []Talk { return t.readTalks(selectOpenTalks) }

// TalksAbout are the ids of the open talks with chats that are linked to a case, the
// oldest first.
func (t *Tx) TalksAbout(caseID string) []string {
	return t.readIDs("look for the talks of a case", selectTalksAbout, caseID)
}

// ClaimTalk makes somebody the owner of an open talk, also when somebody else was
// so far, and gives them the voice in the client's chat. False: it has ended.
func (t *Tx) ClaimTalk(id, ownerChat, name string) bool {
	var chatID string
	if !t.changeRow("claim a talk", claimTalk, []any{id, null(ownerChat), name, t.now.UnixMilli()}, &chatID) {
		return false
	}
	t.setVoice(chatID, id)
	return t.err == nil
}

// CloseTalk ends an open talk and gives the bot its voice back. False: it has
// ended before.
func (t *Tx) CloseTalk(id, by string) bool {
	var chatID string
	if !t.changeRow("close a talk", closeTalk, []any{id, t.now.UnixMilli(), by}, &chatID) {
		return false
	}
	t.setVoice(chatID, BotVoice)
	return t.err == nil
}

func (t *Tx) readTalks(query string, args ...any) []Talk {
	var out []Talk
	t.each("read talks", query, args, func(scan func(...any)) {
		var talk Talk
		scan(talkFields(&talk)...)
		out = append(out, talk)
	})
	return out
}

// talkFields are where talkColumns are read to.
func talkFields(k *Talk) []any {
	return []any{&k.ID, &k.ChatID, text(&k.CaseID), text(&k.OwnerChat), &k.Owner, &k.ClosedBy, at(&k.OpenedAt), at(&k.ClaimedAt), at(&k.ClosedAt)}
}
