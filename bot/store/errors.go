package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
)

var (
	// ErrChanged says that a row is no longer what the caller read: somebody else
	// was there first. The caller reads again.
	ErrChanged = errors.New("it has changed in the meantime")
	// ErrNotFound says that a row that must exist does not.
	ErrNotFound = errors.New("there is no such row")
	// ErrReadOnly says that a View tried to write.
	ErrReadOnly = errors.New("a View cannot write")
	// ErrText says that a text holds a NUL byte or is not UTF-8.
	ErrText = errors.New("a text holds NUL or is not UTF-8")
	// ErrClosed says that the store has been closed.
	ErrClosed = errors.New("the store is closed")
)

// A Panic is what Update returns when its function panicked. The transaction was
// rolled back.
type Panic struct {
	Value any
	Stack []byte
}

// Error names the value's type only: the value may hold anything.
func (p *Panic) Error() string {
	if err, ok := p.Value.(error); ok && strings.HasPrefix(err.Error(), "runtime error:") {
		return "panic: " + err.Error()
	}
	return fmt.Sprintf("panic with a %T", p.Value)
}

// IsFull tells whether an error means that the disk, or what this user may have
// of it, is full. Nothing was written; the same work may succeed later.
func IsFull(err error) bool {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return e.Code == sqlite3.ErrFull || slices.Contains([]syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}, e.SystemErrno)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "53100"
	}
	return false
}

// A lostError is that of a transaction whose connection to PostgreSQL ended. If it
// ended at the commit, nobody knows whether that took place.
type lostError struct{ error }

func (e *lostError) Unwrap() error { return e.error }

// IsBusy tells whether an error means that the database could not be had for
// now: locked by another process, too many conflicts, not reachable, or about to
// be replaced by another server. The same work may succeed later. Nothing was
// written, unless PostgreSQL's answer to a commit was lost: whoever tries again
// sees whether it was.
func IsBusy(err error) bool {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "40001", "40P01", "55P03", "53200", "53300", "53400", "57P01", "57P02", "57P03",
			"25006": // this server only reads: it was, or is going to be, another one's standby
			return true
		}
		if strings.HasPrefix(e.Code, "08") {
			return true
		}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if _, ok := errors.AsType[*lostError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok
}

// conflict tells whether PostgreSQL asks for the transaction to be run again.
func conflict(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

// duplicate tells whether a row was there already. PostgreSQL may say so when
// another transaction was first with it; run again, f sees that row.
func duplicate(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505"
}

// oneLine tells an error in one line, with each of its reasons once: pgx gives a
// line to every address and every way in which it tried to connect.
type oneLine struct{ err error }

func (e oneLine) Unwrap() error { return e.err }

func (e oneLine) Error() string {
	var lines []string
	for line := range strings.Lines(e.err.Error()) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	text := strings.Join(lines, "; ")
	return strings.Replace(text, ":; ", ": ", 1)
}
