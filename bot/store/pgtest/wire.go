package pgtest

import (
	"bytes"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
)

// A Wire leads to a database, and breaks when it is told to.
type Wire struct {
	Address string // in place of the one that it leads to

	mu    sync.Mutex
	words []byte // what breaks it, nil: nothing
}

// NewWire lays one to an address of New. It is there until t ends.
func NewWire(t testing.TB, address string) *Wire {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	const name = ".s.PGSQL.5432"
	q := u.Query()
	server, dir := filepath.Join(q.Get("host"), name), t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	w := &Wire{Address: u.String()}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { w.relay(client, server) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		running.Wait()
	})
	return w
}

// Commit is how a transaction is committed. "begin … read committed" is another thing.
const Commit = "commit\x00"

// LoseAnswer breaks the connection on which something with these words is asked
// next: PostgreSQL does it, and nobody hears that it did.
func (w *Wire) LoseAnswer(words string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.words = []byte(words)
}

// breaks tells whether the answer to a message is to be lost.
func (w *Wire) breaks(message []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.words == nil || !bytes.Contains(message, w.words) {
		return false
	}
	w.words = nil
	return true
}

// relay carries one connection until either side ends it.
func (w *Wire) relay(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("unix", address)
	if err != nil {
		return
	}
	defer server.Close()
	var lost sync.Mutex // held once what comes back is lost
	var back sync.WaitGroup
	defer back.Wait()
	back.Go(func() {
		defer client.Close()
		b := make([]byte, 1<<16)
		for {
			n, err := server.Read(b)
			if !lost.TryLock() {
				return
			}
			_, failed := client.Write(b[:n])
			lost.Unlock()
			if err != nil || failed != nil {
				return
			}
		}
	})
	b := make([]byte, 1<<16)
	for {
		n, err := client.Read(b)
		if w.breaks(b[:n]) {
			lost.Lock()
		}
		if _, failed := server.Write(b[:n]); err != nil || failed != nil {
			return
		}
	}
}
