package store

import (
	"time"

	"reschedulebot/scheduling"
)

// Seats are taken while fewer than the site's are. The capacity in the table is
// the site's when the seat was taken, or what facts have raised it to.
const (
	selectTaken = `SELECT starts_at, taken FROM slots WHERE site = $1 AND starts_at >= $2 AND starts_at < $3 AND taken > 0`
	takeSeat    = `INSERT INTO slots (site, starts_at, capacity, taken) VALUES ($1, $2, $3, 1)
		ON CONFLICT (site, starts_at) DO UPDATE SET taken = slots.taken + 1, capacity = excluded.capacity
		WHERE slots.taken < excluded.capacity`
	recordSeat = `INSERT INTO slots (site, starts_at, capacity, taken) VALUES ($1, $2, $3, 1)
		ON CONFLICT (site, starts_at) DO UPDATE SET taken = slots.taken + 1,
			capacity = CASE WHEN slots.taken < slots.capacity THEN slots.capacity ELSE slots.taken + 1 END`
	freeSeat = `UPDATE slots SET taken = taken - 1 WHERE site = $1 AND starts_at = $2 AND taken > 0`
)

// Taken is a scheduling.Taken: how many seats are taken at a site per start in
// [from, to), by Unix seconds. A start that is not in it has none taken.
func (t *Tx) Taken(site string, from, to time.Time) map[int64]int {
	taken := map[int64]int{}
	t.each("count seats", selectTaken, []any{site, from.UnixMilli(), to.UnixMilli()}, func(scan func(...any)) {
		var start int64
		var n int
		scan(&start, &n)
		taken[start/1000] = n
	})
	return taken
}

// TakeSeat takes one of the site's seats. False: all are taken.
func (t *Tx) TakeSeat(site scheduling.Site, start time.Time) bool {
	return site.Seats > 0 && t.exec("take a seat", takeSeat, site.Code, start.UnixMilli(), site.Seats) == 1
}

// RecordSeat records that a seat is taken, whether there was one left or not:
// USCIS has given it.
func (t *Tx) RecordSeat(site scheduling.Site, start time.Time) {
	t.exec("record a seat", recordSeat, site.Code, start.UnixMilli(), max(site.Seats, 1))
}

// FreeSeat gives a seat back. Where none is taken nothing happens.
func (t *Tx) FreeSeat(site string, start time.Time) {
	t.exec("free a seat", freeSeat, site, start.UnixMilli())
}
