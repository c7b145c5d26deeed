package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"reschedulebot/scheduling"
)

// Options are what a store is told when it is opened.
type Options struct {
	Now   func() time.Time // the one clock; nil: time.Now
	Keys  *Keys            // nil: personal data is kept as it is
	Sites scheduling.Sites // imported ones replace or add; empty: scheduling.BuiltinSites
	Fault func(error)      // receives the errors of Later; nil: they are dropped
}

// A Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	o      Options
	d      dialect
	e      engine
	sealer sealer
	sites  atomic.Pointer[knownSites]
}

// An engine runs transactions.
type engine interface {
	update(ctx context.Context, f func(*Tx) error) error
	later(f func(*Tx) error)
	claim(ctx context.Context, f func(*Tx) error) error
	view(ctx context.Context, f func(*Tx) error) error
	close() error
}

// Open opens the database at "sqlite:PATH", "sqlite::memory:" or "postgres://…",
// makes it if it is not there and brings its tables up to date. It refuses a
// database that is not durable, was made by a newer program, or does not fit
// the keys, with a sentence that says what to do.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Fault == nil {
		o.Fault = func(error) {}
	}
	if len(o.Sites.All()) == 0 {
		o.Sites = scheduling.BuiltinSites()
	}
	s := &Store{o: o}
	err := CheckAddress(url)
	if err != nil {
		return nil, fmt.Errorf("the database address %w", err)
	}
	if isPostgres(url) {
		s.d = postgresDialect
		s.e, err = openPostgres(ctx, s, url)
	} else {
		s.d = sqliteDialect
		s.e, err = openWriter(ctx, s, strings.TrimPrefix(url, "sqlite:"))
	}
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		s.e.close()
		return nil, err
	}
	return s, nil
}

// prepare checks the keys and brings derived columns up to date.
func (s *Store) prepare(ctx context.Context) error {
	if err := s.Update(ctx, s.fitKeys); err != nil {
		return err
	}
	return s.rezone(ctx)
}

// Close finishes everything begun, the work of Later included, and closes the
// database.
func (s *Store) Close() error { return s.e.close() }

// Engine is "sqlite" or "postgres".
func (s *Store) Engine() string { return s.d.name }

// Sealed tells whether personal data is sealed.
func (s *Store) Sealed() bool { return s.sealer.keys != nil }

// Update runs f in a transaction and returns nil once what f wrote is durable. On
// any error nothing of f was written. f may run more than once, in another
// goroutine, and beside others' in one commit.
//
// A panic of f is returned as a *Panic. When ctx has ended before f begins,
// its error is returned; f is never left half done because of it.
func (s *Store) Update(ctx context.Context, f func(*Tx) error) error { return s.e.update(ctx, f) }

// Later is Update for work that nobody waits for: it rides along with the next
// commit, at the latest 20 ms later. While the database is full or busy it is
// kept and tried again; its own errors go to Options.Fault. What has not been
// committed when the process dies is lost.
func (s *Store) Later(f func(*Tx)) {
	s.e.later(func(t *Tx) error { f(t); return nil })
}

// View runs f on a snapshot that nobody changes. Writing is refused.
func (s *Store) View(ctx context.Context, f func(*Tx) error) error { return s.e.view(ctx, f) }

// Claim makes due letters the owner's, at most limit and of those to strangers at most
// as many as are given (see Tx.Claim). Claimers
// that work at the same time do not wait for each other and never get the same
// letter.
func (s *Store) Claim(ctx context.Context, owner string, limit, strangers int) ([]Letter, error) {
	var mine []Letter
	err := s.e.claim(ctx, func(t *Tx) error {
		mine = t.claimAll(owner, limit, strangers)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return mine, nil
}

func (s *Store) begin(c conn, view bool) *Tx {
	return &Tx{s: s, c: c, now: s.o.Now(), view: view}
}

// run runs f and answers why its work must not be committed, or nil. What went
// wrong first is the cause, whatever f made of the zero values it got after it.
func (t *Tx) run(f func(*Tx) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			t.Fail(&Panic{v, debug.Stack()})
			err = t.err
		}
	}()
	if err := f(t); err != nil {
		t.Fail(err)
		if errors.Is(err, t.err) {
			return err
		}
		return t.err
	}
	t.saveChats()
	return t.err
}

// Versions are what `version` and `doctor` show.
type Versions struct {
	Engine       string // "SQLite 3.54.1", "PostgreSQL 15.18"
	Schema       int    // the last migration
	TimeZoneData string
}

// Versions asks the database which version it is.
func (s *Store) Versions(ctx context.Context) (Versions, error) {
	v := Versions{TimeZoneData: scheduling.TimeZoneVersion()}
	err := s.View(ctx, func(t *Tx) error {
		t.row("ask for the schema's version", "SELECT CAST(MAX(version_id) AS INTEGER) FROM goose_db_version", nil, &v.Schema)
		t.row("ask for the engine's version", s.d.version, nil, &v.Engine)
		return nil
	})
	v.Engine = map[string]string{"sqlite": "SQLite ", "postgres": "PostgreSQL "}[s.d.name] + v.Engine
	return v, err
}
