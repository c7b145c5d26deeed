package store

import "time"

// An alarm that nobody has acknowledged is one of its kind, case and chat.
const (
	alarmColumns = `id, kind, case_id, chat_id, detail, raised_at, times, owner_chat, owner, owned_at,
		acknowledged_at, acknowledged_by, raised_again_at`

	raiseAlarm = `INSERT INTO alarms (id, kind, case_id, chat_id, detail, raised_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (kind, COALESCE(case_id, ''), COALESCE(chat_id, '')) WHERE acknowledged_at IS NULL
		DO UPDATE SET times = alarms.times + 1 RETURNING ` + alarmColumns
	takeAlarm        = `UPDATE alarms SET owner_chat = $2, owner = $3, owned_at = $4 WHERE id = $1 AND acknowledged_at IS NULL`
	acknowledgeAlarm = `UPDATE alarms SET acknowledged_at = $2, acknowledged_by = $3 WHERE id = $1 AND acknowledged_at IS NULL`
	raisedAgain      = `UPDATE alarms SET raised_again_at = $2 WHERE id = $1 AND raised_again_at IS NULL`

	selectAlarm  = `SELECT ` + alarmColumns + ` FROM alarms WHERE id = $1`
	selectAlarms = `SELECT ` + alarmColumns + ` FROM alarms WHERE acknowledged_at IS NULL ORDER BY raised_at, id LIMIT $1`
	// Those are called to mind that were raised once, also when somebody has them.
	selectRaiseAgain = `SELECT ` + alarmColumns + ` FROM alarms WHERE acknowledged_at IS NULL AND raised_again_at IS NULL
	 AND raised_at <= $1 ORDER BY raised_at, id LIMIT $2`
	// Those that are about no case tell of whose chat it is.
	selectAbout = `SELECT id FROM alarms WHERE acknowledged_at IS NULL
		AND (case_id = $1 OR case_id IS NULL AND chat_id IN (SELECT chat_id FROM links WHERE case_id = $1)) ORDER BY raised_at, id`
)

// An Alarm is something that a member of staff must look at.
type Alarm struct {
	ID, Kind       string
	CaseID, ChatID string // "" where it is about none
	Detail         string // without personal data
	RaisedAt       time.Time
	Times          int // how often it was raised until somebody acknowledged it

	OwnerChat string // the chat of who takes care of it, "" nobody
	Owner     string // and their name
	OwnedAt   time.Time

	AcknowledgedAt time.Time // zero: open
	AcknowledgedBy string
	RaisedAgainAt  time.Time // when it was called to mind, zero: not yet
}

// Raise raises an alarm; caseID and chatID may be "". While nobody has
// acknowledged the one of the same kind, case and chat, that one is counted up
// and answered, and fresh is false.
func (t *Tx) Raise(kind, caseID, chatID, detail string) (a Alarm, fresh bool) {
	args := []any{t.newID(), kind, null(caseID), null(chatID), detail, t.now.UnixMilli()}
	t.changeRow("raise an alarm", raiseAlarm, args, alarmFields(&a)...)
	return a, a.Times == 1
}

// OpenAlarms are those nobody has acknowledged, the oldest first.
func (t *Tx) OpenAlarms(limit int) []Alarm { return t.readAlarms(selectAlarms, limit) }

// OpenAlarmCount is how many alarms nobody has acknowledged.
func (t *Tx) OpenAlarmCount() (n int) {
	t.row("count the alarms", countAlarms, nil, &n)
	return n
}

// AlarmByID finds an alarm, acknowledged or not.
func (t *Tx) AlarmByID(id string) (Alarm, bool) { return one(t.readAlarms(selectAlarm, id)) }

// AlarmsAbout are the ids of the open alarms that are about a case, or about no case
// but a chat that is linked to it; the oldest first.
func (t *Tx) AlarmsAbout(caseID string) []string {
	return t.readIDs("look for the alarms of a case", selectAbout, caseID)
}

// TakeAlarm says who takes care of an open alarm from now on, also when somebody
// else did so far. False: it has been acknowledged.
func (t *Tx) TakeAlarm(id, chatID, name string) bool {
	return t.exec("take an alarm", takeAlarm, id, null(chatID), name, t.now.UnixMilli()) == 1
}

// Acknowledge ends an alarm. False: somebody has already.
func (t *Tx) Acknowledge(id, by string) bool {
	return t.exec("acknowledge an alarm", acknowledgeAlarm, id, t.now.UnixMilli(), by) == 1
}

// AlarmsToRaiseAgain are open alarms, taken care of or not, raised at or before an
// instant and not called to mind yet; the oldest first.
func (t *Tx) AlarmsToRaiseAgain(before time.Time, limit int) []Alarm {
	return t.readAlarms(selectRaiseAgain, before.UnixMilli(), limit)
}

// RaisedAgain says that an alarm was called to mind, which is done once.
func (t *Tx) RaisedAgain(id string) {
	t.exec("raise an alarm again", raisedAgain, id, t.now.UnixMilli())
}

func (t *Tx) readAlarms(query string, args ...any) []Alarm {
	var out []Alarm
	t.each("read the alarms", query, args, func(scan func(...any)) {
		var a Alarm
		scan(alarmFields(&a)...)
		out = append(out, a)
	})
	return out
}

// alarmFields are where alarmColumns are read to.
func alarmFields(a *Alarm) []any {
	return []any{&a.ID, &a.Kind, text(&a.CaseID), text(&a.ChatID), &a.Detail, at(&a.RaisedAt), &a.Times, text(&a.OwnerChat), &a.Owner,
		at(&a.OwnedAt), at(&a.AcknowledgedAt), &a.AcknowledgedBy, at(&a.RaisedAgainAt)}
}
