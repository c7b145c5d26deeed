package store

import (
	"fmt"
	"time"

	"reschedulebot/scheduling"
)

const (
	appointmentColumns = `SELECT a.id, a.case_id, a.chain, a.site, a.wall, a.zone, a.starts_at, a.status, a.moves, a.version,
		c.receipt_sealed, c.form`
	fromAppointments = ` FROM appointments a JOIN cases c ON c.id = a.case_id`
	// newestFirst orders the appointments of a case: the one in force, then the
	// others from the newest on.
	newestFirst = ` ORDER BY CASE WHEN a.status = 'scheduled' THEN 0 ELSE 1 END, a.created_at DESC, a.id DESC LIMIT 1`

	selectAppointment = appointmentColumns + fromAppointments + ` WHERE a.id = $1`
	selectLatest      = appointmentColumns + fromAppointments + ` WHERE a.case_id = $1` + newestFirst
	selectUpcoming    = `SELECT a.id, a.case_id, a.chain, a.site, a.wall, a.zone, a.starts_at, a.status, a.moves, a.version, NULL, ''
		FROM appointments a WHERE a.id > $1 AND a.status = 'scheduled' AND a.starts_at > $2 ORDER BY a.id LIMIT $3`
	selectHeld  = appointmentColumns + fromAppointments + ` WHERE a.case_id = $1 AND a.site = $2 AND a.wall = $3` + newestFirst
	selectGiven = appointmentColumns + fromAppointments + ` WHERE a.case_id = $1 AND a.created_at <= $2
			AND a.created_at >= (SELECT f.created_at FROM appointments f WHERE f.id = $3)
		ORDER BY CASE WHEN a.id = $3 THEN 1 ELSE 0 END, a.created_at DESC, a.id DESC LIMIT 1`
	insertAppointment = `INSERT INTO appointments (id, case_id, chain, site, wall, zone, starts_at, status, moves, version, notice_date,
			remind_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`
	updateAppointment = `UPDATE appointments SET site = $3, wall = $4, zone = $5, starts_at = $6, status = $7, moves = $8,
			notice_date = COALESCE(NULLIF($9, ''), notice_date), remind_at = $10, updated_at = $11, version = version + 1
		WHERE id = $1 AND version = $2`
	supersedeAppointment = `UPDATE appointments SET status = 'superseded', remind_at = NULL, updated_at = $3, version = version + 1
		WHERE id = $1 AND version = $2 AND status = 'scheduled'`
	selectRecords = appointmentColumns + `, a.notice_date, EXISTS (SELECT 1 FROM links l WHERE l.case_id = a.case_id),
		` + caseFields + fromAppointments + ` WHERE a.id > $1 ORDER BY a.id LIMIT $2`
)

// page is how many rows are read at once where all are wanted.
const page = 500

// Appointment finds one by its id. Its receipt number and form are those of the
// case; its site is the one of today's list, in the zone it was booked in.
func (t *Tx) Appointment(id string) (scheduling.Appointment, bool) {
	return one(t.readAppointments(selectAppointment, id))
}

// Latest is the appointment of a case that is in force, or else its newest one.
func (t *Tx) Latest(caseID string) (scheduling.Appointment, bool) {
	return one(t.readAppointments(selectLatest, caseID))
}

// Upcoming are the scheduled appointments that are still to come, in order of
// their ids, those after an id only. They come without receipt number and form.
func (t *Tx) Upcoming(after string, limit int) []scheduling.Appointment {
	return t.readAppointments(selectUpcoming, after, t.now.UnixMilli(), limit)
}

// Given is what a confirmed request led to: USCIS may have given another time than
// r.To. A correction since then counts.
func (t *Tx) Given(r RequestRecord) (scheduling.Appointment, bool) {
	return one(t.readAppointments(selectGiven, r.CaseID, r.DecidedAt.UnixMilli(), r.From.ID))
}

// Held is the appointment that a case has, or once had, at a site and wall time:
// the one in force, or else the newest.
func (t *Tx) Held(caseID, site string, wall scheduling.Wall) (scheduling.Appointment, bool) {
	return one(t.readAppointments(selectHeld, caseID, site, wall.String()))
}

// PutAppointment writes a new one and answers it with ID, Chain (its own ID if
// empty), Start and Version filled in. A case has at most one that is scheduled.
// The scan for reminders looks at it from remindAt on; zero: never.
func (t *Tx) PutAppointment(a scheduling.Appointment, noticeDate string, remindAt time.Time) scheduling.Appointment {
	a.ID, a.Version = t.newID(), 1
	if a.Chain == "" {
		a.Chain = a.ID
	}
	return t.insertAppointment(a, noticeDate, remindAt)
}

// ChangeAppointment corrects an appointment where it stands: site, wall time,
// status, count and, unless empty, the date of the notice. It must be as it was
// read, else the transaction fails with ErrChanged.
func (t *Tx) ChangeAppointment(a scheduling.Appointment, noticeDate string, remindAt time.Time) scheduling.Appointment {
	a = t.derived(a)
	if a.Status != scheduling.Scheduled {
		remindAt = time.Time{}
	}
	if t.exec("change an appointment", updateAppointment, a.ID, a.Version, a.Site.Code, a.Local.String(), a.Site.Zone,
		a.Start.UnixMilli(), string(a.Status), a.Count, noticeDate, millis(remindAt), t.now.UnixMilli()) != 1 {
		t.fail("change an appointment", ErrChanged)
	}
	a.Version++
	return a
}

// Supersede puts next in force in the place of old (R12), which must still be as
// it was read and scheduled, else the transaction fails with ErrChanged. The new
// one is of the same chain.
func (t *Tx) Supersede(old, next scheduling.Appointment, remindAt time.Time) scheduling.Appointment {
	if t.exec("supersede an appointment", supersedeAppointment, old.ID, old.Version, t.now.UnixMilli()) != 1 {
		t.fail("supersede an appointment", ErrChanged)
	}
	next.ID, next.CaseID, next.Chain = t.newID(), old.CaseID, old.Chain
	next.Receipt, next.Form = old.Receipt, old.Form
	next.Version, next.Status = old.Version+1, scheduling.Scheduled
	return t.insertAppointment(next, "", remindAt)
}

// An AppointmentRecord is an appointment with all that an export tells of it.
type AppointmentRecord struct {
	scheduling.Appointment
	NoticeDate string
	Linked     bool // a chat is linked to the case
	Case       CaseRecord
}

// EachAppointment goes through all appointments, the oldest first.
func (t *Tx) EachAppointment(each func(AppointmentRecord)) {
	sites := t.Sites()
	pages(t, func(last AppointmentRecord) []AppointmentRecord {
		var out []AppointmentRecord
		t.each("read the appointments", selectRecords, []any{last.ID, page}, func(scan func(...any)) {
			var r AppointmentRecord
			r.Case = t.scanCase(func(dest ...any) {
				r.Appointment = t.scanAppointment(sites, scan, append([]any{&r.NoticeDate, &r.Linked}, dest...)...)
			})
			out = append(out, r)
		})
		return out
	}, each)
}

// pages calls each for all rows that read answers, a page at a time. Between
// pages nothing is open, so each may use the transaction.
func pages[Row any](t *Tx, read func(last Row) []Row, each func(Row)) {
	var last Row
	for t.err == nil {
		rows := read(last)
		for _, r := range rows {
			if t.err == nil {
				each(r)
			}
		}
		if len(rows) < page {
			return
		}
		last = rows[len(rows)-1]
	}
}

func (t *Tx) insertAppointment(a scheduling.Appointment, noticeDate string, remindAt time.Time) scheduling.Appointment {
	a = t.derived(a)
	t.exec("write an appointment", insertAppointment, a.ID, a.CaseID, a.Chain, a.Site.Code, a.Local.String(), a.Site.Zone,
		a.Start.UnixMilli(), string(a.Status), a.Count, a.Version, noticeDate, millis(remindAt), t.now.UnixMilli())
	return a
}

// derived fills in what follows from site and wall time: they are the truth, and
// Start is computed from them whatever the caller has put there (R27).
func (t *Tx) derived(a scheduling.Appointment) scheduling.Appointment {
	if a.Site.Zone == "" {
		site, ok := t.Sites().Find(a.Site.Code)
		if !ok {
			t.fail("write an appointment", fmt.Errorf("site %s is not known", a.Site.Code))
			return a
		}
		a.Site = site
	}
	start, err := a.Site.Instant(a.Local)
	if err != nil {
		t.fail("write an appointment", err)
	}
	a.Start = start.UTC()
	return a
}

func (t *Tx) readAppointments(query string, args ...any) []scheduling.Appointment {
	sites := t.Sites()
	var out []scheduling.Appointment
	t.each("read appointments", query, args, func(scan func(...any)) {
		out = append(out, t.scanAppointment(sites, scan))
	})
	return out
}

// scanAppointment reads appointmentColumns and more after them.
func (t *Tx) scanAppointment(sites scheduling.Sites, scan func(...any), more ...any) scheduling.Appointment {
	var a scheduling.Appointment
	var code, wall, zone string
	var receipt []byte
	scan(append([]any{&a.ID, &a.CaseID, &a.Chain, &code, &wall, &zone, at(&a.Start), (*string)(&a.Status), &a.Count, &a.Version,
		&receipt, &a.Form}, more...)...)
	a.Receipt = t.openReceipt(a.CaseID, receipt)
	a.Site, a.Local = siteIn(sites, code, zone), t.wall(wall)
	return a
}

// wall reads a stored wall time.
func (t *Tx) wall(s string) scheduling.Wall {
	if s == "" || t.err != nil {
		return scheduling.Wall{}
	}
	w, err := scheduling.ParseWall(s)
	if err != nil {
		t.fail("read an appointment", errNoWall)
	}
	return w
}

func one[Row any](rows []Row) (Row, bool) {
	if len(rows) == 0 {
		var none Row
		return none, false
	}
	return rows[0], true
}
