package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"reschedulebot/bot/store"
)

// children are what a test binary can be instead of tests.
func children() map[string]func() error {
	return map[string]func() error{
		"open": childOpen,
		"full": childFull,
		"lock": childLock,
	}
}

// childCommand runs this test binary as one of the children.
func childCommand(name string, env ...string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(append(os.Environ(), childVar+"="+name), env...)
	return c
}

// childOpen opens a database once it is told to, and closes it.
func childOpen() error {
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
		return err
	}
	k, err := store.ParseKeys([]byte(keyText))
	if err != nil {
		return err
	}
	s, err := store.Open(context.Background(), os.Getenv("DATABASE"), store.Options{Keys: k})
	if err != nil {
		return err
	}
	return s.Close()
}

// Several processes may meet a new database at once, for example serve and remind
// after an installation.
func TestSeveralProcessesMakeTheTables(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			url := address(t, engine)
			var running []*exec.Cmd
			var starts []func()
			for range 5 {
				c := childCommand("open", "DATABASE="+url)
				c.Stderr = &bytes.Buffer{}
				in, err := c.StdinPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				running, starts = append(running, c), append(starts, func() { in.Write([]byte("x")) })
			}
			for _, start := range starts {
				start()
			}
			for _, c := range running {
				if err := c.Wait(); err != nil {
					t.Errorf("%v: %s", err, c.Stderr)
				}
			}
			b := newBook(t, url, true)
			b.client(101, "XCH", "2026-12-11 10:00")
		})
	}
}

func TestAddressThatIsNone(t *testing.T) {
	for _, url := range []string{"", "sqlite:", "mysql://x", "book.db", "postgres//x"} {
		if _, err := store.Open(context.Background(), url, store.Options{}); err == nil || !strings.Contains(err.Error(), "sqlite:") {
			t.Errorf("%q: got %v, want a sentence with an example", url, err)
		}
	}
	// The rest of a password that was not escaped is neither host nor port.
	for _, url := range []string{"postgres://user:hush@[::1/x", "postgres://user:a@hush@127.0.0.1:1/x", "postgres://user:12/hush@127.0.0.1:1/x",
		"postgres://user:12#hush@127.0.0.1:1/x", "postgres://user:12?hush@127.0.0.1:1/x", "postgres://user:hush%@127.0.0.1:1/x", "postgres://user:hush@127.0.0.1:port/x"} {
		_, err := store.Open(context.Background(), url, store.Options{})
		if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "%40") {
			t.Errorf("%s: got %v, want how a password is written, without this one", url, err)
		}
	}
	for _, url := range []string{"sqlite:a@b@c#d.db", "postgres://user:a%40b@127.0.0.1:1/x", "postgresql:///x?user=a&password=b@c", "postgres://127.0.0.1:1/x?password=b@c", "postgres://"} {
		if err := store.CheckAddress(url); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
	// What it names may be missing where the address itself is as it should be.
	for _, settings := range []string{"sslmode=verify-full&sslrootcert=no-such-file.pem", "service=office&servicefile=no-such-file"} {
		err := store.CheckAddress("postgres://user:hush@127.0.0.1:1/x?" + settings)
		if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "names a file or a service") {
			t.Errorf("%s: %v", settings, err)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	onBoth(t, func(b *book) {
		b.Close()
		b.tamper("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)")
		_, err := store.Open(context.Background(), b.url, b.options())
		if err == nil || !strings.Contains(err.Error(), "newer version") {
			b.Errorf("got %v, want to be told about the newer version", err)
		}
	})
}

func TestVersions(t *testing.T) {
	onBoth(t, func(b *book) {
		v, err := b.Versions(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		if want := map[string]string{"sqlite": "SQLite 3.", "postgres": "PostgreSQL "}[b.Engine()]; !strings.HasPrefix(v.Engine, want) || v.Schema < 1 {
			b.Errorf("got %+v, want an engine that begins with %q and a schema", v, want)
		}
	})
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	b := newBook(t, address(t, "sqlite"), true)
	b.client(101, "XCH", "2026-12-11 10:00")
	found, err := filepath.Glob(strings.TrimPrefix(b.url, "sqlite:") + "*")
	if err != nil || len(found) < 2 {
		t.Fatalf("found %v, %v, want the file and its log", found, err)
	}
	for _, path := range found {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, filepath.Base(path), info.Mode().Perm(), os.FileMode(0o600))
	}
}

func TestPathsWithSpecialCharacters(t *testing.T) {
	for _, name := range []string{"a b.db", "what?.db", "50%.db", "%41.db", "a#b.db", "a&mode=memory.db", "ñ.db", "a+b.db"} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(name, "?") {
				t.Skip("no such names there")
			}
			path := filepath.Join(t.TempDir(), name)
			b := newBook(t, "sqlite:"+path, true)
			c, _ := b.client(101, "XCH", "2026-12-11 10:00")
			b.see(func(t *store.Tx) {
				if _, ok := t.CaseByID(store.System(), c.ID); !ok {
					b.Error("the reader is in another database than the writer")
				}
			})
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Errorf("the file is not where it was asked for: %v", err)
			}
		})
	}
}

// TestSlashesInFront: three are usual in an address, two lead nowhere else.
func TestSlashesInFront(t *testing.T) {
	for _, more := range []string{"/", "//"} {
		path := filepath.ToSlash(filepath.Join(t.TempDir(), "book.db"))
		if !strings.HasPrefix(path, "/") {
			t.Skip("paths begin with a letter there")
		}
		newBook(t, "sqlite:"+more+path, true).client(101, "XCH", "2026-12-11 10:00")
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("the file is not where it was asked for: %v", err)
		}
	}
}

func TestRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	b := newBook(t, "sqlite:book.db", true)
	b.client(101, "XCH", "2026-12-11 10:00")
	b.see(func(t *store.Tx) {
		if _, ok := t.CaseByReceipt(store.System(), receipt(101)); !ok {
			b.Error("the reader is in another database than the writer")
		}
	})
}

func TestInMemory(t *testing.T) {
	b := newBook(t, "sqlite::memory:", true)
	c, _ := b.client(101, "XCH", "2026-12-11 10:00")
	b.see(func(t *store.Tx) {
		if _, ok := t.CaseByID(store.System(), c.ID); !ok {
			b.Error("a View sees nothing of what was written")
		}
	})
	other := newBook(t, "sqlite::memory:", true)
	other.see(func(t *store.Tx) {
		if _, ok := t.CaseByID(store.System(), c.ID); ok {
			b.Error("two databases in memory are the same")
		}
	})
	err := b.View(context.Background(), func(t *store.Tx) error { t.Raise("x", "", "", ""); return nil })
	if err == nil {
		t.Error("a View in memory wrote")
	}
}

func TestDirectoryThatIsNotThere(t *testing.T) {
	_, err := store.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "no", "book.db"), store.Options{})
	if err == nil {
		t.Fatal("a database in a directory that does not exist was opened")
	}
}

func TestClosedStore(t *testing.T) {
	onBoth(t, func(b *book) {
		if err := b.Close(); err != nil {
			b.Fatal(err)
		}
		if err := b.Close(); err != nil {
			b.Errorf("closing twice: %v", err)
		}
		nothing := func(*store.Tx) error { return nil }
		for what, do := range map[string]func(context.Context, func(*store.Tx) error) error{"Update": b.Update, "View": b.View} {
			if err := do(context.Background(), nothing); err == nil {
				b.Errorf("%s on a closed store succeeded", what)
			}
		}
		b.Later(func(*store.Tx) { b.Error("a closed store has worked") })
		if seen := b.faults.all(); len(seen) != 1 || !errors.Is(seen[0], store.ErrClosed) {
			b.Errorf("what came later was lost without a word: %v", seen)
		}
	})
}

// An operator reads one line that says why a server was not reached, and each
// reason once: the driver tries several ways.
func TestAServerThatIsNotThere(t *testing.T) {
	k, err := store.ParseKeys([]byte(keyText))
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), "postgres://somebody@127.0.0.1:1/book", store.Options{Keys: k})
	if err == nil {
		t.Fatal("a database was opened where nothing listens")
	}
	if told := err.Error(); strings.ContainsAny(told, "\n\t") || strings.Count(told, "connection refused") != 1 {
		t.Errorf("the error is %q, want one line that gives the reason once", told)
	}
}
