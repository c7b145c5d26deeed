package store

import "time"

const (
	holdRequest    = `UPDATE requests SET held_by = $2, holder = $3, held_at = $4 WHERE id = $1 AND status = 'requested'`
	urgeRequest    = `UPDATE requests SET urge_at = $2 WHERE id = $1 AND status = 'requested'`
	selectToUrge   = requestColumns + fromRequests + ` WHERE r.status = 'requested' AND r.urge_at <= $1 ORDER BY r.urge_at, r.number LIMIT $2`
	selectNextUrge = `SELECT urge_at FROM requests WHERE status = 'requested' AND urge_at IS NOT NULL ORDER BY urge_at LIMIT 1`
)

// Hold says who takes care of an open request from now on, also when somebody
// else did so far. False: it is no longer open.
func (t *Tx) Hold(id, chatID, name string) bool {
	return t.exec("hold a request", holdRequest, id, null(chatID), name, t.now.UnixMilli()) == 1
}

// SetUrge says when an open request is called to mind next; zero: never.
func (t *Tx) SetUrge(id string, at time.Time) {
	t.exec("call a request to mind", urgeRequest, id, millis(at))
}

// RequestsToUrge are open requests that are to be called to mind now, the longest
// waiting first.
func (t *Tx) RequestsToUrge(limit int) []RequestRecord {
	return t.listRequests(selectToUrge, t.now.UnixMilli(), limit)
}

// NextUrge is when RequestsToUrge will next have one; zero: never.
func (t *Tx) NextUrge() time.Time {
	var next time.Time
	t.row("look for the next request to call to mind", selectNextUrge, nil, at(&next))
	return next
}

// OpenRequestCount is how many requests nobody has decided.
func (t *Tx) OpenRequestCount() int {
	var n int
	t.row("count requests", countRequests, nil, &n)
	return n
}
