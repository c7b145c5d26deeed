package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"reschedulebot/bot/store"
)

// childFull writes until the disk is full, gets more room, and writes again. What
// was acknowledged must be there, and nothing else.
func childFull() error {
	ctx := context.Background()
	path := os.Getenv("DATABASE")
	s, err := store.Open(ctx, "sqlite:"+path, store.Options{})
	if err != nil {
		return err
	}
	tries := 0
	write := func() error {
		tries++
		return s.Update(ctx, func(t *store.Tx) error {
			t.Raise("kind", fmt.Sprint(tries), "", strings.Repeat("x", 3000))
			return nil
		})
	}
	if err := limitFiles(600_000); err != nil {
		return err
	}
	acknowledged := 0
	for ; acknowledged < 10_000; acknowledged++ {
		if err = write(); err != nil {
			break
		}
	}
	if acknowledged == 0 || !store.IsFull(err) {
		return fmt.Errorf("after %d writes: got %w, want a full disk", acknowledged, err)
	}
	for range 3 {
		if err := write(); !store.IsFull(err) {
			return fmt.Errorf("again: got %w, want a full disk", err)
		}
	}
	s.Later(func(t *store.Tx) { t.Raise("later", "", "", "") })
	if err := write(); !store.IsFull(err) {
		return fmt.Errorf("with something of Later: got %w, want a full disk", err)
	}
	if err := limitFiles(1 << 40); err != nil {
		return err
	}
	for range 50 {
		if err := write(); err != nil {
			return fmt.Errorf("with room again: %w", err)
		}
		acknowledged++
	}
	if err := s.Close(); err != nil {
		return err
	}
	return errors.Join(counted(path, "kind", acknowledged), counted(path, "later", 1))
}

func counted(path, kind string, want int) error {
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		return err
	}
	defer db.Close()
	var got int
	var health string
	if err := db.QueryRow("SELECT COUNT(*) FROM alarms WHERE kind = ?", kind).Scan(&got); err != nil {
		return err
	}
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&health); err != nil {
		return err
	}
	if got != want || health != "ok" {
		return fmt.Errorf("%d alarms %q, %d were acknowledged; the file is %s", got, kind, want, health)
	}
	return nil
}

func TestFullDisk(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files cannot be limited there")
	}
	c := childCommand("full", "DATABASE="+filepath.Join(t.TempDir(), "book.db"))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// childLock holds the write lock of a database until its input ends.
func childLock() error {
	db, err := sql.Open("sqlite3", "file:"+os.Getenv("DATABASE"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	fmt.Println("locked")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func TestLockedByAnotherProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("the store waits five seconds before it gives up")
	}
	b := newBook(t, address(t, "sqlite"), true)
	c := childCommand("lock", "DATABASE="+strings.TrimPrefix(b.url, "sqlite:"))
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	write := func() error {
		return b.Update(context.Background(), func(t *store.Tx) error { t.Raise("kind", "", "", ""); return nil })
	}
	if err := write(); !store.IsBusy(err) || store.IsFull(err) {
		t.Errorf("got %v, want to hear that the database is locked", err)
	}
	b.see(func(tx *store.Tx) { equal(t, "alarms", len(tx.OpenAlarms(9)), 0) }) // reading goes on
	in.Close()
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := write(); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	b.see(func(tx *store.Tx) { equal(t, "alarms", len(tx.OpenAlarms(9)), 1) })
}
