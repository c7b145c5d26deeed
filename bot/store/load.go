package store

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const (
	countWaiting  = `SELECT COUNT(*), MIN(due_at) FROM outbox WHERE state = 'waiting' AND due_at <= $1`
	countRequests = `SELECT COUNT(*) FROM requests WHERE status = 'requested'`
	countAlarms   = `SELECT COUNT(*) FROM alarms WHERE acknowledged_at IS NULL`
	selectNewest  = `SELECT MAX(at) FROM (SELECT MAX(at) AS at FROM audit UNION ALL SELECT MAX(received_at) AS at FROM inbox) AS newest`
)

// A Load is how much is waiting.
type Load struct {
	Letters  int       // that are due and not sent
	Since    time.Time // when the oldest of them fell due; zero: there are none
	Requests int       // that nobody has decided
	Alarms   int       // that nobody has acknowledged
}

// Load counts what is waiting.
func (t *Tx) Load() Load {
	var l Load
	t.row("count letters", countWaiting, []any{t.now.UnixMilli()}, &l.Letters, at(&l.Since))
	t.row("count requests", countRequests, nil, &l.Requests)
	t.row("count alarms", countAlarms, nil, &l.Alarms)
	return l
}

// Newest is when the newest thing in this database was written; zero: nothing
// ever was. A clock that shows less is wrong.
func (t *Tx) Newest() (newest time.Time) {
	t.row("look for the newest row", selectNewest, nil, at(&newest))
	return newest
}

// Damage is what SQLite's own check finds wrong with the file, nil where nothing
// is. It reads the whole file. A PostgreSQL server looks after itself.
func (s *Store) Damage(ctx context.Context) error {
	if s.d.name != "sqlite" {
		return nil
	}
	var found []string
	err := s.View(ctx, func(t *Tx) error {
		t.each("check the file", "PRAGMA quick_check(5)", nil, func(scan func(...any)) {
			var line string
			scan(&line)
			found = append(found, line)
		})
		return nil
	})
	if err != nil || len(found) == 1 && found[0] == "ok" {
		return err
	}
	return fmt.Errorf("the file is damaged: %s", strings.Join(found, "; "))
}
