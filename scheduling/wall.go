package scheduling

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Wall is what a calendar and a clock on the wall show, to the minute, in no
// zone (R27). The zero value means "no time". Walls are comparable with ==.
type Wall struct {
	Date         Date
	Hour, Minute int
}

// WallOf is what the wall shows at t in t's own location; seconds are dropped.
func WallOf(t time.Time) Wall {
	return Wall{DateOf(t), t.Hour(), t.Minute()}
}

// ParseWall reads a date and a clock time with a space or a T between them:
// "2026-12-03 10:20", "2026-12-03T10:20", "12/03/2026 10:20 AM".
func ParseWall(s string) (Wall, error) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, " Tt")
	if i < 0 {
		return Wall{}, errors.New("this is not a date and a time; write 2026-12-03 10:20")
	}
	d, err := ParseDate(s[:i])
	if err != nil {
		return Wall{}, err
	}
	hour, minute, err := ParseClock(s[i+1:])
	if err != nil {
		return Wall{}, err
	}
	return Wall{d, hour, minute}, nil
}

// String is 2026-12-03T10:20, and "" for the zero value.
func (w Wall) String() string {
	if w.IsZero() {
		return ""
	}
	return fmt.Sprintf("%vT%02d:%02d", w.Date, w.Hour, w.Minute)
}

// IsZero reports whether w is no time at all.
func (w Wall) IsZero() bool { return w == Wall{} }

// Compare is -1 if w is before v on the same wall, 0 if they are equal, +1 if w
// is after v.
func (w Wall) Compare(v Wall) int {
	return cmp.Or(w.Date.Compare(v.Date), cmp.Compare(w.clock(), v.clock()))
}

func (w Wall) clock() Clock { return ClockAt(w.Hour, w.Minute) }

// minutes counts on the wall from a fixed day, so that walls can be subtracted.
func (w Wall) minutes() int {
	return int(w.Date.noon().Unix()/60) + int(w.clock())
}

// MarshalText writes what String gives.
func (w Wall) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what MarshalText wrote, and whatever ParseWall reads.
func (w *Wall) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*w = Wall{}
		return nil
	}
	wall, err := ParseWall(string(text))
	if err == nil {
		*w = wall
	}
	return err
}
