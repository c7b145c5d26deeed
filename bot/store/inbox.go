package store

import "time"

const (
	insertEvent = `INSERT INTO inbox (platform, event_id, body_key, received_at, outcome) VALUES ($1, $2, $3, $4, 'done')
		ON CONFLICT (platform, event_id) DO NOTHING`
	upsertQuarantine = `INSERT INTO inbox (platform, event_id, body_key, received_at, outcome, fault, body_sealed)
		VALUES ($1, $2, $3, $4, 'quarantined', $5, $6)
		ON CONFLICT (platform, event_id) DO UPDATE SET outcome = 'quarantined', fault = excluded.fault, body_sealed = excluded.body_sealed`
	selectQuarantined = `SELECT platform, event_id, received_at, fault, body_sealed FROM inbox
		WHERE outcome = 'quarantined' ORDER BY received_at DESC LIMIT $1`
	deleteEvent = `DELETE FROM inbox WHERE platform = $1 AND event_id = $2`
	sweepInbox  = `DELETE FROM inbox WHERE (platform, event_id) IN
		(SELECT platform, event_id FROM inbox WHERE received_at < $1 ORDER BY received_at LIMIT $2)`
)

// Receive records an event and tells whether it came for the first time. Of its
// body only a keyed hash is kept.
func (t *Tx) Receive(platform, eventID string, body []byte) (fresh bool) {
	return t.exec("take in an event", insertEvent, platform, eventID, t.bodyKey(body), t.now.UnixMilli()) == 1
}

// Unreceive forgets an event that has changed nothing: should it come again, it is
// answered as it was the first time.
func (t *Tx) Unreceive(platform, eventID string) {
	t.exec("forget an event", deleteEvent, platform, eventID)
}

// Quarantine records an event that could not be handled, with its body, for
// staff to look at. The fault holds no personal data.
func (t *Tx) Quarantine(platform, eventID, fault string, body []byte) {
	sealed := t.s.sealer.seal("inbox", "body", eventRow(platform, eventID), body)
	t.exec("quarantine an event", upsertQuarantine, platform, eventID, t.bodyKey(body), t.now.UnixMilli(), fault, sealed)
}

// SweepInbox forgets events from before an instant, at most limit, and answers
// how many. A platform that sends one of them again is taken at its word.
func (t *Tx) SweepInbox(before time.Time, limit int) int {
	return t.exec("sweep the inbox", sweepInbox, before.UnixMilli(), limit)
}

// A Quarantined event could not be handled.
type Quarantined struct {
	Platform, EventID string
	ReceivedAt        time.Time
	Fault             string
	Body              []byte
}

// Quarantined are the last events that could not be handled, the newest first.
func (t *Tx) Quarantined(limit int) []Quarantined {
	var out []Quarantined
	t.each("read the quarantine", selectQuarantined, []any{limit}, func(scan func(...any)) {
		var q Quarantined
		scan(&q.Platform, &q.EventID, at(&q.ReceivedAt), &q.Fault, &q.Body)
		q.Body = []byte(t.openText("inbox", "body", eventRow(q.Platform, q.EventID), q.Body))
		out = append(out, q)
	})
	return out
}

func (t *Tx) bodyKey(body []byte) []byte { return t.s.sealer.look("inbox", "body", string(body)) }

func eventRow(platform, eventID string) string { return platform + " " + eventID }
