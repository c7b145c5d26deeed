package fakeslack_test

import (
	"sync"
	"time"
)

// alarms are a clock whose alarms ring by hand.
type alarms struct {
	mu   sync.Mutex
	set  *sync.Cond
	wait map[time.Duration][]chan time.Time
}

func newAlarms() *alarms {
	a := &alarms{wait: map[time.Duration][]chan time.Time{}}
	a.set = sync.NewCond(&a.mu)
	return a
}

func (a *alarms) after(d time.Duration) <-chan time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := make(chan time.Time, 1)
	a.wait[d] = append(a.wait[d], c)
	a.set.Broadcast()
	return c
}

// ring rings all alarms that were set for so many seconds, as soon as there is
// one.
func (a *alarms) ring(seconds int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := time.Duration(seconds) * time.Second
	for len(a.wait[d]) == 0 {
		a.set.Wait()
	}
	for _, c := range a.wait[d] {
		c <- time.Time{}
	}
	delete(a.wait, d)
}
