package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// sqlitePath is the file behind a database address, or "" where there is none.
func sqlitePath(url string) string {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok || path == ":memory:" {
		return ""
	}
	return path
}

// lockDatabase makes sure that no other serve, and no chat whose clock runs
// ahead, works on this SQLite database: two would poll the same chats and bury
// each other's work. The lock is a file beside the database. unlock gives it back.
// PostgreSQL needs none: there, several machines may serve.
func lockDatabase(url string) (unlock func(), err error) {
	path := sqlitePath(url)
	if path == "" {
		return func() {}, nil
	}
	path = behindLinks(path) + ".lock"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the lock beside the database: %w", err)
	}
	mine, err := lock(f)
	switch {
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("the lock beside the database: %w", err)
	case !mine:
		f.Close()
		return nil, fmt.Errorf("this database is in use by another serve or chat (it holds %s); stop that first", path)
	}
	return func() { f.Close() }, nil
}

// behindLinks is a file by its own name, however it is called, whether it is there or
// still to be made.
func behindLinks(path string) string {
	if file, err := filepath.EvalSymlinks(path); err == nil {
		return file
	}
	to, err := os.Readlink(path)
	switch {
	case err != nil: // no link
		return path
	case filepath.IsAbs(to):
		return to
	}
	return filepath.Join(filepath.Dir(path), to)
}
