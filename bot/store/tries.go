package store

import "time"

const (
	selectTries = `SELECT count FROM tries WHERE chat_id = $1 AND kind = $2 AND since > $3`
	upsertTry   = `INSERT INTO tries (chat_id, kind, since, count) VALUES ($1, $2, $3, 1)
		ON CONFLICT (chat_id, kind) DO UPDATE SET
			count = CASE WHEN tries.since > $4 THEN tries.count + 1 ELSE 1 END,
			since = CASE WHEN tries.since > $4 THEN tries.since ELSE excluded.since END`
)

// Tries counts what a chat has tried within a window, which begins with the first
// try.
func (t *Tx) Tries(chatID, kind string, window time.Duration) int {
	var n int
	t.row("count tries", selectTries, []any{chatID, kind, t.now.Add(-window).UnixMilli()}, &n)
	return n
}

// Try counts one.
func (t *Tx) Try(chatID, kind string, window time.Duration) {
	t.exec("count a try", upsertTry, chatID, kind, t.now.UnixMilli(), t.now.Add(-window).UnixMilli())
}
