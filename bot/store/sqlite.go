package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Both kinds of connection wait five seconds for another process. The writer
// makes every commit durable, holds the write lock from BEGIN on, and overwrites
// what is deleted.
const (
	sqliteBoth   = "_mutex=no&_busy_timeout=5000&_foreign_keys=1"
	sqliteWriter = "_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_secure_delete=1&" + sqliteBoth
	sqliteReader = "mode=ro&_query_only=1&" + sqliteBoth
)

// sqliteOldest is the first version without the defect that can lose commits
// when two connections reset a WAL at once.
const sqliteOldest = 3051003

// sqliteDSN escapes a path: ? # and % mean something in an address, and so do two
// slashes where it begins.
func sqliteDSN(path, options string) string {
	if path == ":memory:" {
		return path + "?" + options
	}
	scheme := "file:"
	if strings.HasPrefix(path, "//") {
		scheme = "file://"
	}
	return scheme + (&url.URL{Path: path}).EscapedPath() + "?" + options
}

// A sqliteConn is one connection used by one goroutine at a time. It keeps every
// statement it has prepared; database/sql would lock, convert and allocate for
// each use, which is a third of the cost of a short transaction.
type sqliteConn struct {
	c     *sqlite3.SQLiteConn
	ctx   context.Context // of the View that uses it; never cancelled for the writer
	stmts map[string]*sqliteStmt
	args  []driver.NamedValue
}

type sqliteStmt struct {
	*sqlite3.SQLiteStmt
	columns int
	busy    bool // its rows are being read
	once    bool // made because another one of the same text was busy
}

func openSQLite(dsn string) (*sqliteConn, error) {
	c, err := (&sqlite3.SQLiteDriver{}).Open(dsn)
	if err != nil {
		return nil, err
	}
	return &sqliteConn{c: c.(*sqlite3.SQLiteConn), ctx: context.Background(), stmts: map[string]*sqliteStmt{}}, nil
}

func (c *sqliteConn) close() error {
	for _, s := range c.stmts {
		s.Close()
	}
	return c.c.Close()
}

// inTransaction tells whether a transaction is open. Some errors, a full disk
// among them, end it.
func (c *sqliteConn) inTransaction() bool { return !c.c.AutoCommit() }

func (c *sqliteConn) stmt(query string) (*sqliteStmt, error) {
	s := c.stmts[query]
	if s != nil && !s.busy {
		return s, nil
	}
	prepared, err := c.c.Prepare(numbered(query))
	if err != nil {
		return nil, err
	}
	n := &sqliteStmt{SQLiteStmt: prepared.(*sqlite3.SQLiteStmt)}
	if s != nil {
		n.once = true
	} else {
		c.stmts[query] = n
	}
	return n, nil
}

// bind converts arguments to what the driver takes. The slice is used again by
// the next call.
func (c *sqliteConn) bind(args []any) ([]driver.NamedValue, error) {
	c.args = c.args[:0]
	for i, a := range args {
		switch v := a.(type) {
		case nil, int64, string, []byte, bool:
		case int:
			a = int64(v)
		default:
			return nil, fmt.Errorf("argument %d is a %T", i+1, a)
		}
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args, nil
}

func (c *sqliteConn) exec(query string, args []any) (int64, error) {
	s, err := c.stmt(query)
	if err != nil {
		return 0, err
	}
	named, err := c.bind(args)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(context.Background(), named)
	if s.once {
		defer s.Close()
	}
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c *sqliteConn) query(query string, args []any) (rows, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	named, err := c.bind(args)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(c.ctx, named)
	if err != nil {
		return nil, err
	}
	if s.columns == 0 {
		s.columns = len(r.Columns())
	}
	s.busy = true
	return &sqliteRows{conn: c, stmt: s, rows: r, values: make([]driver.Value, s.columns)}, nil
}

type sqliteRows struct {
	conn   *sqliteConn
	stmt   *sqliteStmt
	rows   driver.Rows
	values []driver.Value
	err    error
}

func (r *sqliteRows) Next() bool {
	if r.err != nil {
		return false
	}
	if err := r.rows.Next(r.values); err != nil {
		if !errors.Is(err, io.EOF) {
			r.err = err
		}
		return false
	}
	return true
}

func (r *sqliteRows) Err() error { return r.err }

func (r *sqliteRows) Close() error {
	if !r.stmt.busy {
		return nil
	}
	r.stmt.busy = false
	err := r.rows.Close()
	if r.stmt.once {
		err = errors.Join(err, r.stmt.Close())
	}
	return err
}

// Scan takes the few types that the tables are read into.
func (r *sqliteRows) Scan(dest ...any) error {
	if len(dest) != len(r.values) {
		return fmt.Errorf("%d columns for %d places", len(r.values), len(dest))
	}
	for i, v := range r.values {
		if err := scanValue(dest[i], v); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func scanValue(dest any, v driver.Value) error {
	ok := false
	switch d := dest.(type) {
	case *string:
		*d, ok = v.(string)
	case *[]byte:
		*d, ok = v.([]byte)
		ok = ok || v == nil
	case *int64:
		*d, ok = v.(int64)
	case *int:
		var n int64
		n, ok = v.(int64)
		*d = int(n)
	case *bool:
		if *d, ok = v.(bool); !ok {
			var n int64
			n, ok = v.(int64)
			*d = n != 0
		}
	case sql.Scanner:
		return d.Scan(v)
	}
	if !ok {
		return fmt.Errorf("a %T does not fit a %T", v, dest)
	}
	return nil
}

// checkSQLite refuses what would not be durable or not be consistent.
func checkSQLite(c *sqliteConn, memory bool) error {
	version, number, _ := sqlite3.Version()
	if number < sqliteOldest {
		return fmt.Errorf("SQLite %s can lose commits: this program needs 3.51.3 or later", version)
	}
	want := map[string]string{"synchronous": "2", "foreign_keys": "1", "journal_mode": "wal", "secure_delete": "1"}
	if memory {
		want["journal_mode"] = "memory"
	}
	for name, value := range want {
		var got any
		if err := c.pragma(name, &got); err != nil {
			return err
		}
		if s := strings.ToLower(fmt.Sprint(got)); s != value {
			return fmt.Errorf("SQLite runs with %s=%s instead of %s: is the file on a network drive?", name, s, value)
		}
	}
	return nil
}

func (c *sqliteConn) pragma(name string, got *any) error {
	r, err := c.query("PRAGMA "+name, nil)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", name, err)
	}
	defer r.Close()
	if r.Next() {
		*got = r.(*sqliteRows).values[0]
	}
	return r.Err()
}

// migrate brings the tables up to date through database/sql, which goose wants,
// on this very connection: one in memory is the database.
func (c *sqliteConn) migrate(ctx context.Context) error {
	db := sql.OpenDB(lent{c.c})
	db.SetMaxOpenConns(1)
	defer db.Close()
	return migrate(ctx, db, sqliteDialect)
}

// lent is a connection that database/sql may use but not close.
type lent struct{ *sqlite3.SQLiteConn }

func (l lent) Connect(context.Context) (driver.Conn, error) { return l, nil }
func (l lent) Driver() driver.Driver                        { return &sqlite3.SQLiteDriver{} }
func (l lent) Close() error                                 { return nil }
