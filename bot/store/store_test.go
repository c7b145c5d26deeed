package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/bot/store/pgtest"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A test binary runs itself again as other processes; childVar says as which.
const childVar = "STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if child := children()[os.Getenv(childVar)]; child != nil {
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(pgtest.Main(m))
}

// opened is when the clock of a test begins.
var opened = time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)

// A clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// A book is an open store under test.
type book struct {
	*testing.T
	*store.Store
	url    string
	keys   *store.Keys
	clock  *clock
	faults *faults
}

// faults are the errors of Later.
type faults struct {
	mu   sync.Mutex
	seen []error
}

func (f *faults) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, err)
}

func (f *faults) all() []error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]error(nil), f.seen...)
}

const keyText = "1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"

func keys(t testing.TB, text string) *store.Keys {
	t.Helper()
	k, err := store.ParseKeys([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// onEach runs a test on both engines, with keys and without.
func onEach(t *testing.T, test func(b *book)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, sealed := range []bool{true, false} {
			name := engine + "/plain"
			if sealed {
				name = engine + "/sealed"
			}
			t.Run(name, func(t *testing.T) { test(newBook(t, address(t, engine), sealed)) })
		}
	}
}

// onBoth runs a test on both engines, with keys.
func onBoth(t *testing.T, test func(b *book)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { test(newBook(t, address(t, engine), true)) })
	}
}

// address is that of a new database.
func address(t testing.TB, engine string) string {
	if engine == "postgres" {
		return pgtest.New(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "book.db")
}

func newBook(t *testing.T, url string, sealed bool) *book {
	t.Helper()
	b := &book{T: t, url: url, clock: &clock{at: opened}, faults: &faults{}}
	if sealed {
		b.keys = keys(t, keyText)
	}
	b.open()
	return b
}

func (b *book) options() store.Options {
	return store.Options{Now: b.clock.now, Keys: b.keys, Fault: b.faults.add}
}

func (b *book) open() {
	b.Helper()
	s, err := store.Open(context.Background(), b.url, b.options())
	if err != nil {
		b.Fatal(err)
	}
	b.Store = s
	b.Cleanup(func() { s.Close() })
}

func (b *book) reopen() {
	b.Helper()
	if err := b.Close(); err != nil {
		b.Fatal(err)
	}
	b.open()
}

// do runs f in an Update that must succeed.
func (b *book) do(f func(t *store.Tx)) {
	b.Helper()
	if err := b.persist(func(t *store.Tx) error { f(t); return nil }); err != nil {
		b.Fatal(err)
	}
}

// persist is Update for whoever tries again when they are told to, as the program does:
// several processes at once may be in each other's way more often than one Update tries.
func (b *book) persist(f func(t *store.Tx) error) (err error) {
	for range 50 {
		if err = b.Update(context.Background(), f); !store.IsBusy(err) {
			break
		}
	}
	return err
}

// see runs f in a View that must succeed.
func (b *book) see(f func(t *store.Tx)) {
	b.Helper()
	if err := b.View(context.Background(), func(t *store.Tx) error { f(t); return nil }); err != nil {
		b.Fatal(err)
	}
}

// refused runs f in an Update that must fail with an error.
func (b *book) refused(want error, f func(t *store.Tx)) {
	b.Helper()
	err := b.Update(context.Background(), func(t *store.Tx) error { f(t); return nil })
	if !errors.Is(err, want) {
		b.Fatalf("got error %v, want %v", err, want)
	}
}

// raw is the database past the store.
func (b *book) raw() *sql.DB {
	b.Helper()
	driver, name := "pgx", b.url
	if path, ok := strings.CutPrefix(b.url, "sqlite:"); ok {
		driver, name = "sqlite3", "file:"+path+"?_busy_timeout=5000"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return db
}

// tamper changes the database past the store.
func (b *book) tamper(statement string) {
	b.Helper()
	db := b.raw()
	defer db.Close()
	r, err := db.Exec(statement)
	if err != nil {
		b.Fatal(err)
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		b.Fatalf("%s changed %d rows, %v", statement, n, err)
	}
}

// equal compares; got and want are printed.
func equal[T comparable](b testing.TB, what string, got, want T) {
	b.Helper()
	if got != want {
		b.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func receipt(n int) scheduling.Receipt {
	return scheduling.MustReceipt(fmt.Sprintf("IOE%010d", n))
}

func site(t testing.TB, code string) scheduling.Site {
	t.Helper()
	s, ok := scheduling.BuiltinSites().Find(code)
	if !ok {
		t.Fatalf("there is no site %s", code)
	}
	return s
}

func wall(t testing.TB, s string) scheduling.Wall {
	t.Helper()
	w, err := scheduling.ParseWall(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// client puts a case and its appointment on file.
func (b *book) client(n int, code, when string) (store.CaseRecord, scheduling.Appointment) {
	b.Helper()
	var c store.CaseRecord
	var a scheduling.Appointment
	b.do(func(t *store.Tx) {
		c = t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: receipt(n), Form: "I-485"}, FirstName: "Ana"})
		a = t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Receipt: c.Receipt, Form: c.Form, Site: site(b, code), Local: wall(b, when),
			Status: scheduling.Scheduled}, "", time.Time{})
	})
	return c, a
}

// chat makes a chat.
func (b *book) chat(address string) *store.Chat {
	b.Helper()
	var c *store.Chat
	b.do(func(t *store.Tx) { c = t.Chat("telegram", address) })
	return c
}

// linked makes a chat that may act on a case.
func (b *book) linked(address, caseID string) *store.Chat {
	b.Helper()
	c := b.chat(address)
	b.do(func(t *store.Tx) { t.LinkChat(c.ID, caseID, "1") })
	return c
}
