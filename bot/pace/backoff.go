package pace

import (
	"math/rand/v2"
	"time"
)

const (
	shortest = 250 * time.Millisecond
	longest  = 30 * time.Second
)

// Backoff is how long to wait after the n-th failure in a row: twice as long
// each time, and a little different for everybody.
func Backoff(n int) time.Duration {
	d := longest
	if n < 8 {
		d = min(longest, shortest<<max(0, n-1))
	}
	return d/2 + rand.N(d/2)
}
