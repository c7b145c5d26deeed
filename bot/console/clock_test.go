package console

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	real := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	start := time.Date(2026, 12, 1, 9, 0, 0, 0, time.FixedZone("", -5*3600))
	c := NewClock(start, func() time.Time { return real })
	steps := []struct {
		name string
		do   func()
		want string
	}{
		{"starts where it is told", func() {}, "2026-12-01T09:00:00-05:00"},
		{"runs on", func() { real = real.Add(time.Minute) }, "2026-12-01T09:01:00-05:00"},
		{"is moved ahead", func() { c.MoveTo(start.Add(time.Hour).UTC()) }, "2026-12-01T10:00:00-05:00"},
		{"never goes back", func() { c.MoveTo(start) }, "2026-12-01T10:00:00-05:00"},
		{"runs on from there", func() { real = real.Add(time.Second) }, "2026-12-01T10:00:01-05:00"},
	}
	for _, step := range steps {
		step.do()
		if got := c.Now().Format(time.RFC3339); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
}

func TestParseSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"36h": 36 * time.Hour, "2d": 48 * time.Hour, "90m": 90 * time.Minute, "30s": 30 * time.Second,
		"1d12h": 36 * time.Hour, "1d 12h": 36 * time.Hour, "400d": furthest,
		"": 0, "0h": 0, "soon": 0, "-2h": 0, "36": 0, "h": 0, "401d": 0, "99999d99999h999999m": 0, "2h1d": 0,
	} {
		got, err := parseSpan(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("parseSpan(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}
