package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	postgresConns  = 16
	postgresTries  = 20
	postgresLaters = 2
)

// A postgres runs every Update as a serializable transaction, again and again
// while PostgreSQL finds it in conflict with another.
type postgres struct {
	s    *Store
	db   *sql.DB
	turn sync.Mutex // held while an Update runs

	patience time.Duration // with a transaction that writes

	mu      sync.Mutex
	wake    *sync.Cond
	laters  []func(*Tx) error
	lost    error           // why laters were given up at the end
	open    context.Context // ends when the store is closed
	shut    context.CancelFunc
	workers sync.WaitGroup
}

func openPostgres(ctx context.Context, s *Store, url string) (engine, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, unread(url, err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTime
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	if err = checkPostgres(ctx, db); err == nil {
		err = migrate(ctx, db, postgresDialect)
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open the database: %w", oneLine{err})
	}
	p := &postgres{s: s, db: db, patience: silence}
	p.wake = sync.NewCond(&p.mu)
	p.open, p.shut = context.WithCancel(context.Background())
	for range postgresLaters {
		p.workers.Go(p.work)
	}
	return p, nil
}

// checkPostgres refuses a server that answers before a commit is durable.
func checkPostgres(ctx context.Context, db *sql.DB) error {
	var value string
	if err := db.QueryRowContext(ctx, "SHOW synchronous_commit").Scan(&value); err != nil {
		return err
	}
	if value == "off" {
		return errors.New("PostgreSQL runs with synchronous_commit=off and may lose what was acknowledged: switch it on for this database")
	}
	return nil
}

// update runs one transaction of this process at a time. Beside each other they
// would be in conflict more often than not, because they put rows in the same
// places and add to the one record: 32 at once are slower than one after another
// by a factor of five. Other processes write seldom, so few are run again.
func (p *postgres) update(ctx context.Context, f func(*Tx) error) error {
	o := &sql.TxOptions{Isolation: sql.LevelSerializable}
	return p.again(ctx, func() error {
		p.turn.Lock()
		defer p.turn.Unlock()
		return p.once(ctx, o, false, f)
	})
}

// claim is an update in which each statement sees what is committed by then, so
// that claimers step over each other's rows and are not in conflict.
func (p *postgres) claim(ctx context.Context, f func(*Tx) error) error {
	o := &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	return p.again(ctx, func() error { return p.once(ctx, o, false, f) })
}

// again runs a transaction until it is not in conflict with another. A row that
// is there already may be such a conflict too: run again, it is seen.
func (p *postgres) again(ctx context.Context, once func() error) error {
	wait := 2 * time.Millisecond
	for try := 1; ; try++ {
		err := once()
		if !conflict(err) && (try > 1 || !duplicate(err)) || try == postgresTries {
			return err
		}
		pause(ctx, wait)
		wait = min(2*wait, 200*time.Millisecond)
	}
}

func (p *postgres) view(ctx context.Context, f func(*Tx) error) error {
	return p.once(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, true, f)
}

// silence is how long a transaction that writes may take; one that reads, an export,
// may take longReads times as long. A server that vanished without a word would else
// hold up everybody until TCP gives it up.
const (
	silence     = time.Minute
	longReads   = 5
	connectTime = 10 * time.Second
)

// errSilence is trouble that passes: another server answers the next one.
var errSilence = &lostError{errors.New("store: PostgreSQL does not answer")}

// once runs f in one transaction. The end of ctx does not stop a
// transaction that writes: what has begun is finished, or given up after a while.
func (p *postgres) once(ctx context.Context, o *sql.TxOptions, view bool, f func(*Tx) error) (err error) {
	c, err := p.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: connect: %w", err)
	}
	defer c.Close()
	life := p.patience
	if view {
		life *= longReads
	} else {
		ctx = context.WithoutCancel(ctx)
	}
	patient, cancel := context.WithTimeout(ctx, life)
	defer cancel()
	defer func() {
		switch {
		case err != nil && patient.Err() != nil && ctx.Err() == nil:
			err = errSilence
		case err != nil && isGone(c):
			err = &lostError{err}
		}
	}()
	tx, err := c.BeginTx(patient, o)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer tx.Rollback()
	t := p.s.begin(&postgresConn{patient, tx}, view)
	if err := t.run(f); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	return nil
}

// isGone tells whether a connection has ended: its server was restarted, or the
// network between them failed. The driver's own errors have many words for that.
func isGone(c *sql.Conn) bool {
	gone := true
	err := c.Raw(func(driver any) error {
		if d, ok := driver.(*stdlib.Conn); ok {
			gone = d.Conn().IsClosed()
		}
		return nil
	})
	return err != nil || gone
}

type postgresConn struct {
	ctx context.Context
	tx  *sql.Tx
}

func (c *postgresConn) exec(query string, args []any) (int64, error) {
	r, err := c.tx.ExecContext(c.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c *postgresConn) query(query string, args []any) (rows, error) {
	return c.tx.QueryContext(c.ctx, query, args...)
}

func (p *postgres) later(f func(*Tx) error) {
	p.mu.Lock()
	closed := p.open.Err() != nil // then nobody works any more
	if !closed {
		p.laters = append(p.laters, f)
	}
	p.mu.Unlock()
	if closed {
		p.s.o.Fault(ErrClosed)
		return
	}
	p.wake.Signal()
}

// work does what nobody waits for until the store is closed and all is done.
func (p *postgres) work() {
	for {
		f := p.next()
		if f == nil {
			return
		}
		err := p.update(context.Background(), f)
		for err != nil && (IsBusy(err) || IsFull(err)) && p.open.Err() == nil {
			p.s.o.Fault(err)
			pause(p.open, laterAgain)
			err = p.update(context.Background(), f)
		}
		if err != nil {
			p.s.o.Fault(err)
		}
		if IsBusy(err) || IsFull(err) {
			p.mu.Lock()
			p.lost = fmt.Errorf("something was not written: %w", err)
			p.mu.Unlock()
		}
	}
}

// next waits for work; nil: there will be none.
func (p *postgres) next() func(*Tx) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.laters) == 0 {
		if p.open.Err() != nil {
			return nil
		}
		p.wake.Wait()
	}
	f := p.laters[0]
	p.laters = slices.Delete(p.laters, 0, 1)
	return f
}

func (p *postgres) close() error {
	p.mu.Lock()
	p.shut()
	p.mu.Unlock()
	p.wake.Broadcast()
	p.workers.Wait()
	return errors.Join(p.lost, p.db.Close())
}
