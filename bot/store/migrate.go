package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/pressly/goose/v3"
)

// migrationLock is the number under which PostgreSQL keeps starters in line.
const migrationLock = 7283641

// migrate brings the tables up to date. Several processes may start at once:
// PostgreSQL makes them wait in line; on SQLite the one that comes second fails
// as a whole, and finds everything done when it tries again.
func migrate(ctx context.Context, db *sql.DB, d dialect) error {
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	tries := 10
	if d.name == postgresDialect.name {
		options = append(options, goose.WithSessionLocker(advisoryLock{}))
		tries = 1
	}
	p, err := goose.NewProvider(d.goose, db, migrations{d.words}, options...)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	for ; ; tries-- {
		if _, err = p.Up(ctx); err == nil || tries == 1 || ctx.Err() != nil {
			break
		}
		pause(ctx, 20*time.Millisecond)
	}
	if err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	is, known, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("ask for the tables' version: %w", err)
	}
	if is > known {
		return fmt.Errorf("the database was made by a newer version of this program (its tables are %d, known is %d): install that version", is, known)
	}
	return nil
}

type advisoryLock struct{}

func (advisoryLock) SessionLock(ctx context.Context, c *sql.Conn) error {
	_, err := c.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock)
	return err
}

func (advisoryLock) SessionUnlock(ctx context.Context, c *sql.Conn) error {
	_, err := c.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", migrationLock)
	return err
}

// pause waits between half of d and all of it.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d/2 + rand.N(d/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
