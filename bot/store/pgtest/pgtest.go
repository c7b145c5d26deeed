// Package pgtest gives tests an empty place in PostgreSQL each: a schema, because a
// database takes a hundred times as long to make. It starts one throw-away server
// per test binary, which listens on a Unix socket in a
// temporary directory only, and stops it at the end:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// Where PostgreSQL is not installed such tests are skipped, and the test binary
// says so. With REQUIRE_PG=1 they fail instead. PG_BIN is the directory of initdb
// and postgres where they are not found otherwise.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// A lazy is the server, once a test has asked for it.
type lazy struct {
	mu      sync.Mutex
	tried   bool
	server  *server
	err     error
	skipped int
}

var shared = sync.OnceValue(func() *lazy { return &lazy{} })

func (l *lazy) get() (*server, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.tried {
		l.tried = true
		l.server, l.err = start()
	}
	return l.server, l.err
}

// Main runs the tests and then stops the server. Its answer is for os.Exit.
func Main(m *testing.M) int {
	l := shared()
	defer func() {
		if l.server != nil {
			l.server.stop()
		}
	}()
	code := m.Run()
	if l.skipped > 0 {
		fmt.Fprintf(os.Stderr, "%d tests were SKIPPED: %v\n", l.skipped, l.err)
	}
	return code
}

// New makes an empty schema for t and answers an address in which it is the one
// that is used; it begins with postgres://. The schema is dropped when t ends.
func New(t testing.TB) string {
	t.Helper()
	l := shared()
	s, err := l.get()
	if errors.Is(err, errMissing) && os.Getenv("REQUIRE_PG") != "1" {
		l.mu.Lock()
		l.skipped++
		l.mu.Unlock()
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var random [6]byte
	rand.Read(random[:])
	name := "t_" + hex.EncodeToString(random[:])
	if err := s.administer("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.administer("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
	})
	return s.address(name)
}

func (s *server) administer(statement string) error {
	db, err := sql.Open("pgx", s.address("public"))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	_, err = db.ExecContext(ctx, statement)
	return err
}
