package console

import (
	"sync"
	"time"
)

// Clock is the clock of a simulation: it starts where it is told, runs on with
// the real one, and can be moved ahead. It never goes back.
type Clock struct {
	real func() time.Time

	mu    sync.Mutex
	at    time.Time // what it showed …
	since time.Time // … when the real clock showed this
}

// NewClock starts a clock at start. Times it shows are in start's location.
func NewClock(start time.Time, real func() time.Time) *Clock {
	return &Clock{real: real, at: start, since: real()}
}

// Now is the simulated time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// MoveTo sets the clock to t, unless it is already later.
func (c *Clock) MoveTo(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); t.After(now) {
		c.at, c.since = t.In(now.Location()), c.real()
	}
}

func (c *Clock) now() time.Time {
	return c.at.Add(c.real().Sub(c.since))
}
