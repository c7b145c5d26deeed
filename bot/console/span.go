package console

import (
	"errors"
	"regexp"
	"strconv"
	"time"
)

// furthest is how far one command moves the clock.
const furthest = 400 * 24 * time.Hour

// parseSpan reads "36h", "2d", "90m" or "1d 12h": elapsed time, a day being 24
// hours.
func parseSpan(s string) (time.Duration, error) {
	spans := regexp.MustCompile(`^\s*(?:(\d{1,5})d)?\s*(?:(\d{1,5})h)?\s*(?:(\d{1,6})m)?\s*(?:(\d{1,6})s)?\s*$`)
	found := spans.FindStringSubmatch(s)
	if found == nil {
		return 0, errors.New("say how far: 36h, 2d, 90m, 1d12h")
	}
	var d time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi("0" + found[i+1])
		d += time.Duration(n) * unit
	}
	switch {
	case d == 0:
		return 0, errors.New("say how far: 36h, 2d, 90m, 1d12h")
	case d > furthest:
		return 0, errors.New("one step goes 400 days at most")
	}
	return d, nil
}
