package store

import "time"

const (
	upsertInstance = `INSERT INTO instances (id, kind, started_at, alive_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until`
	selectDead = `SELECT id FROM instances WHERE alive_until <= $1 AND id <> $2`
	deleteDead = `DELETE FROM instances WHERE alive_until <= $1 AND id <> $2`
	deleteOne  = `DELETE FROM instances WHERE id = $1`
	deleteKind = `DELETE FROM instances WHERE kind = $1 AND id <> $2`
	// Whoever held a letter may have sent it and not lived to write that down.
	freeOrphan = `UPDATE outbox SET owner = NULL, maybe_sent = TRUE WHERE state = 'waiting' AND owner IS NOT NULL
		AND owner <> $2 AND owner NOT IN (SELECT id FROM instances WHERE alive_until > $1)`
	selectInstances = `SELECT id, kind, started_at, alive_until FROM instances ORDER BY started_at`
)

// An Instance is a running process. A letter belongs to one while it is being
// sent, and is free again when that one is no longer alive; it is MaybeSent then.
type Instance struct {
	ID, Kind              string
	StartedAt, AliveUntil time.Time
}

// Beat says that a process is alive until an instant.
func (t *Tx) Beat(id, kind string, until time.Time) {
	t.exec("say that this process is alive", upsertInstance, id, kind, t.now.UnixMilli(), until.UnixMilli())
}

// Bye says that a process has ended in order: its letters are free at once.
func (t *Tx) Bye(id string) {
	t.exec("say goodbye", deleteOne, id)
	t.freeOrphans("")
}

// BuryKind declares every process of a kind but one dead: SQLite has one serve
// per database, so a new one knows that the old one is gone.
func (t *Tx) BuryKind(kind, exceptID string) {
	t.exec("bury processes", deleteKind, kind, exceptID)
	t.freeOrphans(exceptID)
}

// Instances are the processes that have not said goodbye, the oldest first.
func (t *Tx) Instances() []Instance {
	var out []Instance
	t.each("read the processes", selectInstances, nil, func(scan func(...any)) {
		var i Instance
		scan(&i.ID, &i.Kind, at(&i.StartedAt), at(&i.AliveUntil))
		out = append(out, i)
	})
	return out
}

// freeDead frees the letters of processes that stopped saying they are alive. The
// one that asks is alive, whatever its last word was: a clock may have leapt.
func (t *Tx) freeDead(asks string) {
	var id string
	if t.row("look for dead processes", selectDead, []any{t.now.UnixMilli(), asks}, &id) {
		t.exec("bury processes", deleteDead, t.now.UnixMilli(), asks)
		t.freeOrphans(asks)
	}
}

// freeOrphans frees the letters of everybody who is not alive, but one.
func (t *Tx) freeOrphans(but string) { t.exec("free letters", freeOrphan, t.now.UnixMilli(), but) }

// ServerTime is what the clock of the database's own machine shows, whatever Now is;
// zero where that is this machine.
func (t *Tx) ServerTime() time.Time {
	var at time.Time
	if t.s.d.clock != "" {
		t.row("ask what time it is", t.s.d.clock, nil, instant{&at})
	}
	return at
}
