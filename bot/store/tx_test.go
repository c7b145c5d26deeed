package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"reschedulebot/bot/store"
)

var errOops = errors.New("oops")

// has tells whether an event was taken in, by taking it in once more and undoing.
func (b *book) has(event string) bool {
	b.Helper()
	fresh := false
	err := b.Update(context.Background(), func(t *store.Tx) error {
		fresh = t.Receive("test", event, nil)
		return errOops
	})
	if !errors.Is(err, errOops) {
		b.Fatal(err)
	}
	return !fresh
}

func TestUpdateWritesAllOrNothing(t *testing.T) {
	onBoth(t, func(b *book) {
		b.do(func(t *store.Tx) { t.Receive("test", "good", nil) })
		b.refused(errOops, func(t *store.Tx) { t.Receive("test", "failed", nil); t.Fail(errOops) })
		b.refused(store.ErrText, func(t *store.Tx) { t.Receive("test", "text", nil); t.Receive("test", "a\x00b", nil) })
		err := b.Update(context.Background(), func(t *store.Tx) error { t.Receive("test", "returned", nil); return errOops })
		if err != errOops {
			b.Errorf("got %v, want the function's own error", err)
		}
		for event, want := range map[string]bool{"good": true, "failed": false, "text": false, "returned": false} {
			equal(b, event, b.has(event), want)
		}
	})
}

func TestFirstErrorIsKept(t *testing.T) {
	onBoth(t, func(b *book) {
		err := b.Update(context.Background(), func(t *store.Tx) error {
			t.Fail(errOops)
			t.Fail(errors.New("another"))
			if t.Receive("test", "after", nil) || t.ChatByID("none").ID != "none" || len(t.OpenAlarms(1)) != 0 {
				b.Error("a call after the first error did something")
			}
			return errors.New("a consequence")
		})
		if err != errOops {
			b.Errorf("got %v, want the first error", err)
		}
		err = b.Update(context.Background(), func(t *store.Tx) error {
			t.Fail(errOops)
			panic("a consequence")
		})
		if err != errOops {
			b.Errorf("got %v, want the first error", err)
		}
	})
}

func TestPanicIsReturned(t *testing.T) {
	onBoth(t, func(b *book) {
		err := b.Update(context.Background(), func(t *store.Tx) error {
			t.Receive("test", "panicked", nil)
			panic("IOE0000000101")
		})
		p, ok := errors.AsType[*store.Panic](err)
		if !ok || p.Value != "IOE0000000101" || !strings.Contains(string(p.Stack), "tx_test.go") {
			b.Fatalf("got %v, want the panic with its stack", err)
		}
		if strings.Contains(err.Error(), "IOE") {
			b.Errorf("the text of a panic may be personal, but stands in %q", err)
		}
		equal(b, "written", b.has("panicked"), false)
	})
}

// A test that ends its goroutine inside a transaction must not end the store.
func TestGoexitInUpdate(t *testing.T) {
	b := newBook(t, address(t, "sqlite"), true)
	err := b.Update(context.Background(), func(t *store.Tx) error {
		t.Receive("test", "gone", nil)
		runtime.Goexit()
		return nil
	})
	if err == nil {
		t.Error("an Update that ended its goroutine succeeded")
	}
	equal(t, "written", b.has("gone"), false)
}

func TestTextsThatOneEngineWouldRefuse(t *testing.T) {
	onBoth(t, func(b *book) {
		for _, bad := range []string{"\x00", "a\x00b", "\xff", "a\xc3"} {
			b.refused(store.ErrText, func(t *store.Tx) { t.Raise("kind", "", "", bad) })
			b.refused(store.ErrText, func(t *store.Tx) { t.Receive("test", bad, nil) })
		}
		odd := "ñ 🙂 '\"\\ $1 ?1 -- %_ \u202e\n"
		b.do(func(t *store.Tx) { t.Raise("kind", "", "", odd) })
		b.see(func(t *store.Tx) { equal(b, "detail", t.OpenAlarms(9)[0].Detail, odd) })
	})
}

func TestViewReadsOneSnapshotAndWritesNothing(t *testing.T) {
	onBoth(t, func(b *book) {
		err := b.View(context.Background(), func(t *store.Tx) error { t.Raise("kind", "", "", ""); return nil })
		if !errors.Is(err, store.ErrReadOnly) {
			b.Errorf("got %v, want ErrReadOnly", err)
		}
		b.see(func(t *store.Tx) {
			equal(b, "alarms at first", len(t.OpenAlarms(9)), 0)
			b.do(func(t *store.Tx) { t.Raise("kind", "", "", "") })
			equal(b, "alarms in the same snapshot", len(t.OpenAlarms(9)), 0)
		})
		b.see(func(t *store.Tx) { equal(b, "alarms in the next", len(t.OpenAlarms(9)), 1) })
	})
}

func TestContextThatHasEnded(t *testing.T) {
	onBoth(t, func(b *book) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		ran := false
		f := func(*store.Tx) error { ran = true; return nil }
		if err := b.Update(ctx, f); !errors.Is(err, context.Canceled) {
			b.Errorf("Update: got %v, want the context's error", err)
		}
		if err := b.View(ctx, f); !errors.Is(err, context.Canceled) {
			b.Errorf("View: got %v, want the context's error", err)
		}
		if ran {
			b.Error("the function ran all the same")
		}
	})
}

// What has begun is finished: the end of the context in the middle changes nothing.
func TestContextThatEndsInTheMiddle(t *testing.T) {
	onBoth(t, func(b *book) {
		ctx, cancel := context.WithCancel(context.Background())
		err := b.Update(ctx, func(t *store.Tx) error {
			t.Receive("test", "one", nil)
			cancel()
			t.Receive("test", "two", nil)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		equal(b, "one", b.has("one"), true)
		equal(b, "two", b.has("two"), true)
	})
}

// Of functions that share a commit, one that fails undoes only itself.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, address(t, "sqlite"), true)
		hold := make(chan struct{})
		begun := make(chan struct{})
		var wait sync.WaitGroup
		wait.Go(func() {
			b.do(func(t *store.Tx) { close(begun); <-hold })
		})
		<-begun
		cancelled, cancel := context.WithCancel(context.Background())
		after := map[string]func() error{
			"good":      func() error { return nil },
			"fails":     func() error { return errOops },
			"panics":    func() error { panic("x") },
			"goodtoo":   func() error { return nil },
			"cancelled": func() error { return nil },
		}
		got := map[string]error{}
		var mu sync.Mutex
		for name, end := range after {
			ctx := context.Background()
			if name == "cancelled" {
				ctx = cancelled
			}
			wait.Go(func() {
				err := b.Update(ctx, func(t *store.Tx) error { t.Receive("test", name, nil); return end() })
				mu.Lock()
				defer mu.Unlock()
				got[name] = err
			})
		}
		synctest.Wait() // all are waiting, and will be in one commit
		cancel()
		close(hold)
		wait.Wait()
		for name := range after {
			good := strings.HasPrefix(name, "good")
			if (got[name] == nil) != good {
				t.Errorf("%s: got error %v", name, got[name])
			}
			equal(t, name+" was written", b.has(name), good)
		}
		if !errors.Is(got["cancelled"], context.Canceled) {
			t.Errorf("cancelled: got %v, want the context's error", got["cancelled"])
		}
		b.Close()
	})
}

// Later is written within 20 ms even if nothing else is, and earlier with others.
func TestLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, address(t, "sqlite"), true)
		began := time.Now()
		written := make(chan time.Duration, 2)
		later := func(event string) {
			b.Later(func(t *store.Tx) { t.Receive("test", event, nil); written <- time.Since(began) })
		}
		later("alone")
		equal(t, "alone", <-written, 20*time.Millisecond)
		began = time.Now()
		later("along")
		b.do(func(t *store.Tx) {})
		equal(t, "along", <-written, 0)
		b.Later(func(t *store.Tx) { t.Fail(errOops) })
		b.do(func(t *store.Tx) {})
		if seen := b.faults.all(); len(seen) != 1 || !errors.Is(seen[0], errOops) {
			t.Errorf("got faults %v, want the one of Later", seen)
		}
		b.Close()
	})
}

func TestCloseFinishesLater(t *testing.T) {
	onBoth(t, func(b *book) {
		const n = 3000
		for i := range n {
			b.Later(func(t *store.Tx) { t.Raise("kind", fmt.Sprint(i), "", strings.Repeat("x", i%7)) })
		}
		b.reopen()
		b.see(func(t *store.Tx) { equal(b, "alarms", len(t.OpenAlarms(n+1)), n) })
		if seen := b.faults.all(); len(seen) > 0 {
			b.Errorf("faults: %v", seen)
		}
	})
}

func TestManyUpdatesAtOnce(t *testing.T) {
	onBoth(t, func(b *book) {
		const n = 600
		var wait sync.WaitGroup
		for i := range n {
			wait.Go(func() { b.do(func(t *store.Tx) { t.Raise("kind", fmt.Sprint(i), "", "") }) })
		}
		wait.Wait()
		b.see(func(t *store.Tx) { equal(b, "alarms", len(t.OpenAlarms(n+1)), n) })
	})
}
