package store

import "time"

const (
	insertAlarm      = `INSERT INTO alarms (id, kind, case_id, chat_id, detail, raised_at) VALUES ($1, $2, $3, $4, $5, $6)`
	acknowledgeAlarm = `UPDATE alarms SET acknowledged_at = $2, acknowledged_by = $3 WHERE id = $1 AND acknowledged_at IS NULL`
	selectAlarms     = `SELECT id, kind, case_id, chat_id, detail, raised_at FROM alarms
		WHERE acknowledged_at IS NULL ORDER BY raised_at, id LIMIT $1`
)

// An Alarm is something that a member of staff must look at.
type Alarm struct {
	ID, Kind       string
	CaseID, ChatID string // "" where it is about none
	Detail         string // without personal data
	RaisedAt       time.Time
}

// Raise raises an alarm; caseID and chatID may be "".
func (t *Tx) Raise(kind, caseID, chatID, detail string) {
	t.exec("raise an alarm", insertAlarm, t.newID(), kind, null(caseID), null(chatID), detail, t.now.UnixMilli())
}

// OpenAlarms are those nobody has acknowledged, the oldest first.
func (t *Tx) OpenAlarms(limit int) []Alarm {
	var out []Alarm
	t.each("read the alarms", selectAlarms, []any{limit}, func(scan func(...any)) {
		var a Alarm
		scan(&a.ID, &a.Kind, text(&a.CaseID), text(&a.ChatID), &a.Detail, at(&a.RaisedAt))
		out = append(out, a)
	})
	return out
}

// Acknowledge ends an alarm. False: somebody has already.
func (t *Tx) Acknowledge(id, by string) bool {
	return t.exec("acknowledge an alarm", acknowledgeAlarm, id, t.now.UnixMilli(), by) == 1
}
