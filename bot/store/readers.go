package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"time"

	"github.com/mattn/go-sqlite3"
)

// readers are SQLite's read-only connections, opened when they are first needed.
// Each View has one to itself and sees one snapshot.
type readers struct {
	dsn    string
	free   chan *sqliteConn // nil stands for one that is not open yet
	closed chan struct{}
}

func newReaders(dsn string) *readers {
	r := &readers{dsn: dsn, free: make(chan *sqliteConn, max(4, runtime.NumCPU())), closed: make(chan struct{})}
	for range cap(r.free) {
		r.free <- nil
	}
	return r
}

func (r *readers) view(ctx context.Context, s *Store, f func(*Tx) error) (err error) {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var c *sqliteConn
	select {
	case c = <-r.free:
	case <-r.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.free <- c }()
	if c == nil {
		if c, err = openSQLite(r.dsn); err != nil {
			return fmt.Errorf("store: open a reader: %w", err)
		}
	}
	if _, err := c.exec("BEGIN", nil); err != nil {
		return fmt.Errorf("store: begin to read: %w", err)
	}
	c.ctx = ctx
	defer func() {
		c.ctx = context.Background()
		if _, end := c.exec("ROLLBACK", nil); err == nil && end != nil {
			err = fmt.Errorf("store: end to read: %w", end)
		}
	}()
	return s.begin(c, true).run(f)
}

// close waits for each View to end.
func (r *readers) close() {
	close(r.closed)
	for range cap(r.free) {
		if c := <-r.free; c != nil {
			c.close()
		}
	}
}

// writerWait is how long the writer waits for a file that several processes make at once.
const writerWait = 5 * time.Second

// openWriter opens an SQLite database, makes the file for its owner only, and
// starts its writer.
func openWriter(ctx context.Context, s *Store, path string) (engine, error) {
	memory := path == ":memory:"
	if !memory {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, notOpened(err)
		}
		f.Close()
	}
	c, err := openSQLite(sqliteDSN(path, sqliteWriter))
	for patience := time.Now().Add(writerWait); err != nil && IsBusy(err) && time.Now().Before(patience) && ctx.Err() == nil; {
		pause(ctx, 20*time.Millisecond) // SQLite makes nobody wait who sets the journal of a new file
		c, err = openSQLite(sqliteDSN(path, sqliteWriter))
	}
	if err != nil {
		return nil, notOpened(fmt.Errorf("%s: %w", path, err))
	}
	if err := errors.Join(checkSQLite(c, memory), c.migrate(ctx)); err != nil {
		c.close()
		return nil, notOpened(fmt.Errorf("%s: %w", path, err))
	}
	if _, err := c.exec("PRAGMA busy_timeout=0", nil); err != nil { // from here on it waits by itself
		c.close()
		return nil, notOpened(fmt.Errorf("%s: %w", path, err))
	}
	w := &writer{s: s, c: c, wake: make(chan struct{}, 1), stopped: make(chan struct{})}
	if !memory {
		w.readers = newReaders(sqliteDSN(path, sqliteReader))
	}
	w.start()
	return w, nil
}

// notOpened says what keeps a user from a database that is there.
func notOpened(err error) error {
	e, ok := errors.AsType[sqlite3.Error](err)
	if errors.Is(err, fs.ErrPermission) || ok && (e.Code == sqlite3.ErrReadonly || e.Code == sqlite3.ErrPerm || e.Code == sqlite3.ErrCantOpen) {
		return fmt.Errorf("open the database: %w; whoever runs this must be able to write that file and the folder it is in", err)
	}
	return fmt.Errorf("open the database: %w", err)
}
