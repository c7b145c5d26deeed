package store

import (
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"reschedulebot/scheduling"
)

const (
	// $2 is a site, "" for all.
	selectZoned = `SELECT id, case_id, site, wall, zone, starts_at FROM appointments
		WHERE id > $1 AND status = 'scheduled' AND ($2 = '' OR site = $2) ORDER BY id LIMIT $3`
	updateZoned    = `UPDATE appointments SET zone = $2, starts_at = $3, remind_at = $4 WHERE id = $1`
	selectLapsing  = `SELECT id, lapses_at FROM requests WHERE appointment_id = $1 AND status = 'requested' AND lapses_at IS NOT NULL`
	updateLapsing  = `UPDATE requests SET from_starts_at = $2, lapses_at = $3 WHERE id = $1`
	selectWanted   = `SELECT id, to_site, to_wall, to_starts_at, holds_seat FROM requests WHERE status = 'requested' AND ($1 = '' OR to_site = $1)`
	updateWanted   = `UPDATE requests SET to_starts_at = $2 WHERE id = $1`
	alarmNoInstant = "no_such_time" // a wall time that clocks no longer show
)

// A zoned is an appointment as far as its instant is concerned.
type zoned struct {
	id, caseID, site, wall, zone string
	start                        time.Time
}

// rezone computes the instants again when the time zone data, or the zone of a
// built-in site, is no longer what they were computed with (R27). Wall times stay
// as they are. It works in pages and may be interrupted: it begins again.
func (s *Store) rezone(ctx context.Context) error {
	version := zonesVersion(s.o.Sites)
	var stored string
	err := s.View(ctx, func(t *Tx) error {
		stored = t.meta(metaZones)
		return nil
	})
	if err != nil || stored == version {
		return err
	}
	for after := ""; stored != ""; {
		more := ""
		err := s.Update(ctx, func(t *Tx) error {
			more = t.rezonePage(after, "")
			return nil
		})
		if err != nil {
			return fmt.Errorf("compute instants again after a change of time zone data: %w", err)
		}
		if after = more; more == "" {
			break
		}
	}
	return s.Update(ctx, func(t *Tx) error {
		if stored != "" {
			t.rezoneWanted("")
		}
		t.setMeta(metaZones, version)
		return nil
	})
}

// zonesVersion names what instants are computed with.
func zonesVersion(sites scheduling.Sites) string {
	h := crc32.NewIEEE()
	for _, s := range sites.All() {
		io.WriteString(h, s.Code+" "+s.Zone+"\n")
	}
	return fmt.Sprintf("%s/%08x", scheduling.TimeZoneVersion(), h.Sum32())
}

// rezoneSite computes the instants of one site again.
func (t *Tx) rezoneSite(code string) {
	for after := t.rezonePage("", code); after != ""; {
		after = t.rezonePage(after, code)
	}
	t.rezoneWanted(code)
}

// rezonePage goes through some appointments after an id and answers the last one;
// "" when these were all.
func (t *Tx) rezonePage(after, site string) string {
	var rows []zoned
	t.each("read the instants", selectZoned, []any{after, site, page}, func(scan func(...any)) {
		var z zoned
		scan(&z.id, &z.caseID, &z.site, &z.wall, &z.zone, at(&z.start))
		rows = append(rows, z)
	})
	for _, z := range rows {
		t.rezoneOne(z)
	}
	if len(rows) < page || t.err != nil {
		return ""
	}
	return rows[len(rows)-1].id
}

func (t *Tx) rezoneOne(z zoned) {
	site := siteIn(t.Sites(), z.site, "")
	if site.Zone == "" {
		site.Zone = z.zone
	}
	start, err := site.Instant(t.wall(z.wall))
	if err != nil {
		t.Raise(alarmNoInstant, z.caseID, "", "the wall time of an appointment is now skipped by a clock change")
		return
	}
	if start.Equal(z.start) && site.Zone == z.zone {
		return
	}
	t.exec("write an instant", updateZoned, z.id, site.Zone, start.UnixMilli(), t.now.UnixMilli())
	t.Audit(AuditEntry{Actor: System().Name, CaseID: z.caseID, Action: "rezoned", Detail: rezoned{
		z.id, z.wall, z.zone, site.Zone, z.start, start.UTC(), scheduling.TimeZoneVersion()}})
	if !start.Equal(z.start) {
		t.FreeSeat(z.site, z.start)
		t.RecordSeat(site, start)
		t.shiftLapse(z.id, start, start.Sub(z.start))
	}
}

// rezoned is what the record says about an instant that was computed again.
type rezoned struct {
	Appointment  string    `json:"appointment"`
	Wall         string    `json:"wall"`
	OldZone      string    `json:"old_zone"`
	Zone         string    `json:"zone"`
	OldStart     time.Time `json:"old_start"`
	Start        time.Time `json:"start"`
	TimeZoneData string    `json:"time_zone_data"`
}

// shiftLapse moves the end of an open request along with its appointment.
func (t *Tx) shiftLapse(appointmentID string, start time.Time, by time.Duration) {
	var id string
	var lapses time.Time
	if t.row("read when a request lapses", selectLapsing, []any{appointmentID}, &id, at(&lapses)) {
		t.exec("write when a request lapses", updateLapsing, id, start.UnixMilli(), lapses.Add(by).UnixMilli())
	}
}

// rezoneWanted computes the instants again that open requests ask for.
func (t *Tx) rezoneWanted(code string) {
	type wanted struct {
		id, site, wall string
		start          time.Time
		holds          bool
	}
	var rows []wanted
	t.each("read the instants", selectWanted, []any{code}, func(scan func(...any)) {
		var w wanted
		scan(&w.id, &w.site, &w.wall, at(&w.start), &w.holds)
		rows = append(rows, w)
	})
	for _, w := range rows {
		site, ok := t.Sites().Find(w.site)
		start, err := site.Instant(t.wall(w.wall))
		if !ok || err != nil || start.Equal(w.start) {
			continue
		}
		t.exec("write an instant", updateWanted, w.id, start.UnixMilli())
		if w.holds {
			t.FreeSeat(w.site, w.start)
			t.RecordSeat(site, start)
		}
	}
}
