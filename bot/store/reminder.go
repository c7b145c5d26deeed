package store

import (
	"time"

	"reschedulebot/scheduling"
)

const (
	selectRemindable     = appointmentColumns + `, a.updated_at` + fromAppointments + ` WHERE a.remind_at <= $1 ORDER BY a.remind_at LIMIT $2`
	selectDueIDs         = `SELECT id FROM appointments WHERE remind_at <= $1 ORDER BY remind_at LIMIT $2`
	selectRemindableByID = appointmentColumns + `, a.updated_at` + fromAppointments + ` WHERE a.remind_at <= $1 AND a.id = $2`
	selectNextRemind     = `SELECT remind_at FROM appointments WHERE remind_at IS NOT NULL ORDER BY remind_at LIMIT 1`
	updateRemindAt       = `UPDATE appointments SET remind_at = $2 WHERE id = $1 AND status = 'scheduled'`
	advanceRemindAt      = `UPDATE appointments SET remind_at = $2 WHERE id = $1 AND status = 'scheduled' AND (remind_at IS NULL OR remind_at > $2)`
	updateRemindNull     = `UPDATE appointments SET remind_at = NULL WHERE id = $1`
)

// DueIDs are the ids of what DueForReminder would answer, which can be had even
// where one of them can't be read.
func (t *Tx) DueIDs(limit int) []string {
	var ids []string
	t.each("read what is to be reminded of", selectDueIDs, []any{t.now.UnixMilli(), limit}, func(scan func(...any)) {
		var id string
		scan(&id)
		ids = append(ids, id)
	})
	return ids
}

// Remindable is one of them, if it is due.
func (t *Tx) Remindable(id string) (Remindable, bool) {
	return one(t.readRemindable(selectRemindableByID, t.now.UnixMilli(), id))
}

// A Remindable is an appointment that the scan for reminders must look at, and
// since when it is on file as it is.
type Remindable struct {
	scheduling.Appointment
	Since time.Time
}

// DueForReminder are the appointments that the scan for reminders must look at
// now, the longest waiting first.
func (t *Tx) DueForReminder(limit int) []Remindable {
	return t.readRemindable(selectRemindable, t.now.UnixMilli(), limit)
}

func (t *Tx) readRemindable(query string, args ...any) []Remindable {
	sites := t.Sites()
	var out []Remindable
	t.each("read what is to be reminded of", query, args, func(scan func(...any)) {
		var r Remindable
		r.Appointment = t.scanAppointment(sites, scan, at(&r.Since))
		out = append(out, r)
	})
	return out
}

// NextReminder is when DueForReminder will next have something; zero: never.
func (t *Tx) NextReminder() time.Time {
	var next time.Time
	t.row("look for the next reminder", selectNextRemind, nil, at(&next))
	return next
}

// RemindAt says when the scan must look at an appointment again; zero: never.
// One that is no longer in force is not looked at.
func (t *Tx) RemindAt(id string, when time.Time) {
	if when.IsZero() {
		t.exec("end reminding", updateRemindNull, id)
		return
	}
	t.exec("set the next reminder", updateRemindAt, id, when.UnixMilli())
}

// RemindBy is RemindAt that only ever brings the moment forward.
func (t *Tx) RemindBy(id string, when time.Time) {
	t.exec("bring the next reminder forward", advanceRemindAt, id, when.UnixMilli())
}
