package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

// databaseFlags say where the book is and what seals the personal data in it.
type databaseFlags struct {
	URL       secret `name:"database-url" var:"DATABASE_URL" placeholder:"URL" group:"Database" help:"sqlite:PATH or postgres://…, default sqlite:reschedulebot.db."`
	URLFile   string `name:"database-url-file" var:"DATABASE_URL_FILE" placeholder:"FILE" group:"Database" help:"File that holds it, where it has a password."`
	KeyFile   string `name:"data-key-file" var:"DATA_KEY_FILE" placeholder:"FILE" group:"Database" help:"Key file that seals personal data."`
	Plaintext bool   `name:"insecure-plaintext" var:"INSECURE_PLAINTEXT" group:"Database" help:"Do without a key, for trials."`
}

// databaseSettings are checked flags.
type databaseSettings struct {
	url       string
	keys      *store.Keys
	plaintext bool // no key, and that was asked for
	fault     func(error)
}

// defaultDatabase is used where nothing is said, by neither flag nor file.
const defaultDatabase = "sqlite:reschedulebot.db"

// makeKey is how an operator gets a key file. It does not overwrite one: what that
// has sealed would be lost.
const makeKey = `make one with: (umask 077; set -C; echo "1 $(openssl rand -hex 32)" > data.key)`

func (f databaseFlags) check(t *trouble) databaseSettings {
	s := databaseSettings{plaintext: f.Plaintext}
	if f.URLFile == "" && f.URL.empty() {
		f.URL = newSecret(defaultDatabase)
	}
	s.url = f.URL.orFile("DATABASE_URL", f.URLFile, t).reveal()
	if s.url != "" || f.URLFile == "" { // else orFile has told
		if err := store.CheckAddress(s.url); err != nil {
			t.add("DATABASE_URL", "%v", err)
		}
	}
	if f.KeyFile == "" {
		return s
	}
	if f.Plaintext {
		t.add("INSECURE_PLAINTEXT", "is set together with DATA_KEY_FILE; keep one of them")
	}
	var err error
	s.keys, err = store.ReadKeys(f.KeyFile)
	switch {
	case errors.Is(err, os.ErrNotExist):
		t.add("DATA_KEY_FILE", "%v; put it back there, or for a new database %s", err, makeKey)
	case err != nil:
		t.add("DATA_KEY_FILE", "%v", err)
	}
	return s
}

// checkSealed is check for a command that keeps clients' data for good.
func (f databaseFlags) checkSealed(t *trouble) databaseSettings {
	if f.KeyFile == "" && !f.Plaintext {
		t.add("DATA_KEY_FILE", "is not set, so names and numbers would be stored readable; %s; or set INSECURE_PLAINTEXT=1 for a trial", makeKey)
	}
	return f.check(t)
}

// open opens the database, and makes its tables where they are missing.
func (s databaseSettings) open(ctx context.Context, now func() time.Time) (*store.Store, error) {
	db, err := store.Open(ctx, s.url, store.Options{Now: now, Keys: s.keys, Sites: scheduling.BuiltinSites(), Fault: s.fault})
	if err != nil {
		return nil, fmt.Errorf("the database: %w", err)
	}
	return db, nil
}

// An opener is one of the ways to open a database.
type opener func(ctx context.Context, now func() time.Time) (*store.Store, error)

// openExisting is open for a command that has nothing to do in a new database,
// and should not leave one behind where a path was mistyped.
func (s databaseSettings) openExisting(ctx context.Context, now func() time.Time) (*store.Store, error) {
	if path := s.missing(); path != "" {
		return nil, fmt.Errorf("there is no database at %s; import appointments first, or set DATABASE_URL to where it is", path)
	}
	return s.open(ctx, now)
}

// openOrEmpty is open for a command that changes nothing: where there is no
// database yet, it gets an empty one in memory.
func (s databaseSettings) openOrEmpty(ctx context.Context, now func() time.Time) (*store.Store, error) {
	if s.missing() != "" {
		s.url = "sqlite::memory:"
	}
	return s.open(ctx, now)
}

// missing is the path of the database file if there is none, else "". A server is
// taken to be there.
func (s databaseSettings) missing() string {
	path := sqlitePath(s.url)
	if path == "" {
		return ""
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return path
	}
	return ""
}
