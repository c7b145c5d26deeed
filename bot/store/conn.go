package store

import "database/sql"

// A conn is a transaction of either engine. Queries are written with $n.
type conn interface {
	exec(query string, args []any) (changed int64, err error)
	query(query string, args []any) (rows, error)
}

// rows are the results of a query; *sql.Rows is one.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

var _ rows = (*sql.Rows)(nil)
