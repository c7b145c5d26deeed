package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

const (
	groupLimit = 256                    // Updates in one commit
	laterLimit = 1024                   // of Later in one commit
	laterWait  = 20 * time.Millisecond  // longer than a crowd takes from one commit to the next: it rides along
	lockWait   = 5 * time.Second        // for other processes that write
	lockLook   = time.Millisecond       // how often
	laterAgain = 100 * time.Millisecond // after a commit that failed
	gathering  = 8                      // how often others may speak before a commit begins
)

// A writer owns SQLite's one write connection. It takes whatever is waiting,
// runs the functions one after the other, commits once and answers all. It never
// waits for more: alone, a transaction has no extra delay, and under load the
// cost of making it durable is shared.
//
// It hopes that no function fails. If one does, everything is undone and all are
// run once more, each under its own savepoint, so that only the one that fails
// is undone. Savepoints for all, always, would cost a third of the work.
type writer struct {
	s       *Store
	c       *sqliteConn
	readers *readers      // nil: the write connection reads too
	wake    chan struct{} // holds a token when there may be something to do
	stopped chan struct{}

	mu       sync.Mutex
	jobs     []*job      // of Update
	laters   []*job      // of Later
	ripe     bool        // laters have waited long enough
	ripening *time.Timer // until they have
	closed   bool

	group []*job // in the transaction that is open
	lost  error  // why laters were given up at the end
}

type job struct {
	ctx  context.Context // nil: of Later, nobody waits
	f    func(*Tx) error
	view bool
	err  error
	done chan error
}

// start begins to write. A function that ends its goroutine (a test that fails)
// ends this one too; the next one goes on.
func (w *writer) start() {
	go func() {
		ended := false
		defer func() {
			if !ended {
				w.refuse(errors.New("the function ended its goroutine"))
				w.start()
			}
		}()
		for {
			if closed := w.take(); len(w.group) > 0 {
				w.commit()
			} else if closed {
				ended = true
				close(w.stopped)
				return
			} else {
				<-w.wake
				w.gather()
			}
		}
	}()
}

func (w *writer) update(ctx context.Context, f func(*Tx) error) error {
	return w.wait(&job{ctx: ctx, f: f, done: make(chan error, 1)})
}

func (w *writer) claim(ctx context.Context, f func(*Tx) error) error { return w.update(ctx, f) }

func (w *writer) view(ctx context.Context, f func(*Tx) error) error {
	if w.readers != nil {
		return w.readers.view(ctx, w.s, f)
	}
	return w.wait(&job{ctx: ctx, f: f, view: true, done: make(chan error, 1)})
}

func (w *writer) wait(j *job) error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return ErrClosed
	}
	w.jobs = append(w.jobs, j)
	w.mu.Unlock()
	w.signal()
	return <-j.done
}

func (w *writer) later(f func(*Tx) error) {
	if !w.keepForLater(f) {
		w.s.o.Fault(ErrClosed)
	}
}

func (w *writer) keepForLater(f func(*Tx) error) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.laters = append(w.laters, &job{f: f})
	switch len(w.laters) {
	case 1:
		w.ripening = time.AfterFunc(laterWait, w.ripen)
	case laterLimit:
		w.ripe = true
		w.signal()
	}
	return true
}

// gather lets those speak who were woken together with whoever came first, the
// people of one batch: otherwise that one would be alone in a commit, and they
// would wait for it. It lets go of the processor and never waits.
func (w *writer) gather() {
	for range gathering {
		n := w.waiting()
		runtime.Gosched()
		if w.waiting() == n {
			return
		}
	}
}

func (w *writer) waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.jobs)
}

func (w *writer) ripen() {
	w.mu.Lock()
	w.ripe = true
	w.mu.Unlock()
	w.signal()
}

func (w *writer) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// take fills the group with what waits, laters first because they are older.
func (w *writer) take() (closed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.group = w.group[:0]
	if len(w.jobs) > 0 || w.ripe || w.closed {
		n, m := min(len(w.laters), laterLimit), min(len(w.jobs), groupLimit)
		w.group = append(append(w.group, w.laters[:n]...), w.jobs[:m]...)
		w.laters = slices.Delete(w.laters, 0, n)
		w.jobs = slices.Delete(w.jobs, 0, m)
		w.ripe = len(w.laters) > 0
		if !w.ripe && w.ripening != nil {
			w.ripening.Stop() // those it was for ride along now
		}
	}
	return w.closed
}

// commit runs the group in one transaction and answers each of it.
func (w *writer) commit() {
	if err := w.lock(); err != nil {
		w.refuse(fmt.Errorf("store: begin: %w", err))
		return
	}
	if !w.hopefully() {
		if err := w.carefully(); err != nil {
			w.refuse(err)
			return
		}
	}
	if _, err := w.c.exec("COMMIT", nil); err != nil {
		w.refuse(fmt.Errorf("store: commit: %w", err))
		return
	}
	for _, j := range w.group {
		if j.done != nil {
			j.done <- j.err
		} else if j.err != nil {
			w.s.o.Fault(j.err)
		}
	}
}

// hopefully runs the group and tells whether all went well.
func (w *writer) hopefully() bool {
	for _, j := range w.group {
		if j.ended() {
			continue
		}
		if j.err = w.s.begin(w.c, j.view).run(j.f); j.err != nil {
			return false
		}
	}
	return true
}

// carefully begins anew and runs each of the group under a savepoint.
func (w *writer) carefully() error {
	if w.c.inTransaction() {
		if _, err := w.c.exec("ROLLBACK", nil); err != nil {
			return fmt.Errorf("store: undo: %w", err)
		}
	}
	if err := w.lock(); err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	for _, j := range w.group {
		if j.ended() {
			continue
		}
		if err := w.run(j); err != nil {
			return err
		}
	}
	return nil
}

// ended tells whether nobody waits any more who once did.
func (j *job) ended() bool {
	j.err = nil
	if j.ctx != nil {
		j.err = j.ctx.Err()
	}
	return j.err != nil
}

// lock begins a transaction, waiting for other processes that write. SQLite's own
// waiting looks every tenth of a second in the end, and hardly ever hits one of
// the moments in which a busy writer lets go.
func (w *writer) lock() error {
	for began := time.Now(); ; {
		_, err := w.c.exec("BEGIN IMMEDIATE", nil)
		if err == nil || !IsBusy(err) || time.Since(began) > lockWait {
			return err
		}
		<-time.After(lockLook)
	}
}

// run runs one function under a savepoint. It returns an error when the
// transaction as a whole cannot go on.
func (w *writer) run(j *job) error {
	if _, err := w.c.exec("SAVEPOINT one", nil); err != nil {
		return fmt.Errorf("store: set a savepoint: %w", err)
	}
	if j.err = w.s.begin(w.c, j.view).run(j.f); j.err != nil {
		if !w.c.inTransaction() {
			return j.err // the error has ended it: the disk is full
		}
		if _, err := w.c.exec("ROLLBACK TO one", nil); err != nil {
			return fmt.Errorf("store: undo to a savepoint: %w", err)
		}
	}
	if _, err := w.c.exec("RELEASE one", nil); err != nil {
		return fmt.Errorf("store: release a savepoint: %w", err)
	}
	return nil
}

// refuse undoes the whole group: who waits is told why, laters are kept for
// another time.
func (w *writer) refuse(why error) {
	if w.c.inTransaction() {
		w.c.exec("ROLLBACK", nil)
	}
	var keep []*job
	for _, j := range w.group {
		if j.done != nil {
			j.done <- why
		} else {
			keep = append(keep, j)
		}
	}
	w.group = w.group[:0]
	if len(keep) == 0 {
		return
	}
	w.s.o.Fault(why)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		w.lost = errors.Join(w.lost, fmt.Errorf("%d things were not written: %w", len(keep), why))
		return
	}
	w.laters = append(keep, w.laters...)
	w.ripe = false
	time.AfterFunc(laterAgain, w.ripen)
}

// close finishes what was begun and leaves one tidy file behind.
func (w *writer) close() error {
	w.mu.Lock()
	closing := !w.closed
	w.closed = true
	w.mu.Unlock()
	w.signal()
	<-w.stopped
	if !closing {
		return nil
	}
	if w.readers != nil {
		w.readers.close()
	}
	// No PRAGMA optimize: the queues are empty now, and statistics that say so
	// would have them read from end to end when they are not.
	if r, err := w.c.query("PRAGMA wal_checkpoint(TRUNCATE)", nil); err == nil {
		r.Close()
	}
	return errors.Join(w.lost, w.c.close())
}
