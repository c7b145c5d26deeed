package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be the program, for tests that need a process
// of their own.
func TestMain(m *testing.M) {
	if as := os.Getenv("RESCHEDULEBOT_TEST_AS_PROGRAM"); as != "" {
		asProgram(as)
	}
	os.Exit(m.Run())
}

// noon is the time in tests that do not set another: a Tuesday, 9 in New York.
func noon() time.Time { return time.Date(2026, 12, 1, 14, 0, 0, 0, time.UTC) }

// A result is what a run of the program left behind.
type result struct {
	code           int
	stdout, stderr string
}

// program runs the real program in this process.
func program(t *testing.T, env []string, stdin string, args ...string) result {
	t.Helper()
	return programAt(t, noon, env, stdin, args...)
}

func programAt(t *testing.T, now func() time.Time, env []string, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr strings.Builder
	code := run(context.WithoutCancel(t.Context()), args, env, strings.NewReader(stdin), &stdout, &stderr, now)
	return result{code, stdout.String(), stderr.String()}
}

// mustRun is program where anything but success ends the test.
func mustRun(t *testing.T, env []string, stdin string, args ...string) string {
	t.Helper()
	r := program(t, env, stdin, args...)
	if r.code != 0 {
		t.Fatalf("reschedulebot %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.stdout, r.stderr)
	}
	return r.stdout
}
