package pgtest

import (
	"bytes"
	"context"
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
	mute  bool   // it does not break, but nothing comes back
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
	ctx, end := context.WithCancel(context.Background())
	running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			context.AfterFunc(ctx, func() { client.Close() })
			running.Go(func() { w.relay(client, server) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		end()
		running.Wait()
	})
	return w
}

// Commit is how a transaction is committed. "begin … read committed" is another thing.
const Commit = "commit\x00"

// LoseAnswer breaks the connection on which something with these words is asked
// next: PostgreSQL does it, and nobody hears that it did.
func (w *Wire) LoseAnswer(words string) { w.lose(words, false) }

// Mute is LoseAnswer where the connection stays, as when a machine vanishes: nobody
// hears anything at all.
func (w *Wire) Mute(words string) { w.lose(words, true) }

func (w *Wire) lose(words string, mute bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.words, w.mute = []byte(words), mute
}

// breaks tells whether the answer to a message is to be lost, and whether the
// connection stays.
func (w *Wire) breaks(message []byte) (breaks, mute bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.words == nil || !bytes.Contains(message, w.words) {
		return false, false
	}
	w.words = nil
	return true, w.mute
}

// relay carries one connection until either side ends it.
func (w *Wire) relay(client net.Conn, address string) {
	var back sync.WaitGroup
	defer back.Wait()
	defer client.Close()
	server, err := net.Dial("unix", address)
	if err != nil {
		return
	}
	defer server.Close() // ends what waits for its answers
	var lost sync.Mutex  // held once what comes back is lost
	mute := false        // guarded by lost
	back.Go(func() {
		b := make([]byte, 1<<16)
		for {
			n, err := server.Read(b)
			if !lost.TryLock() {
				if !mute { // it was set before lost was taken for good
					client.Close()
				}
				return
			}
			_, failed := client.Write(b[:n])
			lost.Unlock()
			if err != nil || failed != nil {
				client.Close()
				return
			}
		}
	})
	b := make([]byte, 1<<16)
	for {
		n, err := client.Read(b)
		if breaks, silent := w.breaks(b[:n]); breaks {
			lost.Lock()
			mute = silent
		}
		if _, failed := server.Write(b[:n]); err != nil || failed != nil {
			return
		}
	}
}
