package store

import (
	"database/sql"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// A Tx is one transaction. It belongs to the function it was given to, and to
// one goroutine.
type Tx struct {
	s     *Store
	c     conn
	now   time.Time
	view  bool
	err   error
	ids   uint16                // made so far
	chats map[string]*chatEntry // every chat loaded so far: one *Chat per chat
	sites *knownSites           // once they were asked for
	audit *auditHead            // once the record was written to

	unread int // rows that lists have left out
}

// Err is the first error of this transaction, or nil.
func (t *Tx) Err() error { return t.err }

// Fail makes err the transaction's error unless it has one: nothing it did will
// be written.
func (t *Tx) Fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// Now is the instant at which the transaction began, the same throughout.
func (t *Tx) Now() time.Time { return t.now }

func (t *Tx) fail(doing string, err error) { t.Fail(fmt.Errorf("store: %s: %w", doing, err)) }

// exec runs a statement that changes rows and answers how many. The word doing
// says in an error what could not be done.
func (t *Tx) exec(doing, query string, args ...any) int {
	if !t.mayWrite(doing, args) {
		return 0
	}
	n, err := t.c.exec(query, args)
	if err != nil {
		t.fail(doing, err)
		return 0
	}
	return int(n)
}

// changeRow is exec for a statement with RETURNING that changes at most one row.
func (t *Tx) changeRow(doing, query string, args []any, dest ...any) bool {
	return t.mayWrite(doing, args) && t.row(doing, query, args, dest...)
}

// changeEach is exec for a statement with RETURNING.
func (t *Tx) changeEach(doing, query string, args []any, each func(scan func(dest ...any))) {
	if t.mayWrite(doing, args) {
		t.each(doing, query, args, each)
	}
}

// row reads at most one row and tells whether there was one.
func (t *Tx) row(doing, query string, args []any, dest ...any) (found bool) {
	if t.err != nil {
		return false
	}
	r, err := t.c.query(query, args)
	if err != nil {
		t.fail(doing, err)
		return false
	}
	defer r.Close()
	if found = r.Next(); found {
		err = r.Scan(dest...)
	} else {
		err = r.Err()
	}
	if err != nil {
		t.fail(doing, err)
		return false
	}
	return found
}

// each reads all rows. Its function must not use t: the rows are still open.
func (t *Tx) each(doing, query string, args []any, each func(scan func(dest ...any))) {
	if t.err != nil {
		return
	}
	r, err := t.c.query(query, args)
	if err != nil {
		t.fail(doing, err)
		return
	}
	defer r.Close()
	scan := func(dest ...any) {
		if err := r.Scan(dest...); err != nil {
			t.fail(doing, err)
		}
	}
	for t.err == nil && r.Next() {
		each(scan)
	}
	if err := r.Err(); err != nil {
		t.fail(doing, err)
	}
}

// readIDs is each for rows of an id.
func (t *Tx) readIDs(doing, query string, args ...any) (ids []string) {
	t.each(doing, query, args, func(scan func(...any)) {
		var id string
		scan(&id)
		ids = append(ids, id)
	})
	return ids
}

// mayWrite refuses to write in a View, and texts that PostgreSQL would refuse:
// both engines take the same.
func (t *Tx) mayWrite(doing string, args []any) bool {
	if t.err != nil {
		return false
	}
	if t.view {
		t.fail(doing, ErrReadOnly)
		return false
	}
	for _, a := range args {
		if s, ok := a.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			t.fail(doing, ErrText)
			return false
		}
	}
	return true
}

// millis is how an instant is stored; the zero time is NULL.
func millis(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UnixMilli()
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// null stores an empty text as NULL.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// An instant reads a column of milliseconds; NULL is the zero time.
type instant struct{ to *time.Time }

func at(to *time.Time) sql.Scanner { return instant{to} }

func (i instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*i.to = time.Time{}
	case int64:
		*i.to = fromMillis(v)
	default:
		return fmt.Errorf("a %T is not an instant", v)
	}
	return nil
}

// A nullable text reads as "" where it is NULL.
type nullText struct{ to *string }

func text(to *string) sql.Scanner { return nullText{to} }

func (n nullText) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*n.to = ""
	case string:
		*n.to = v
	default:
		return fmt.Errorf("a %T is not a text", v)
	}
	return nil
}

// A nullable number reads as 0 where it is NULL.
type nullInt struct{ to *int }

func number(to *int) sql.Scanner { return nullInt{to} }

func (n nullInt) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*n.to = 0
	case int64:
		*n.to = int(v)
	default:
		return fmt.Errorf("a %T is not a number", v)
	}
	return nil
}
