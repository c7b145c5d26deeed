package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// trouble collects everything that is wrong with a configuration, so that it is
// told all at once.
type trouble struct{ lines []string }

// add tells what is wrong with a variable and what to change.
func (t *trouble) add(name, format string, args ...any) {
	t.lines = append(t.lines, name+": "+fmt.Sprintf(format, args...))
}

// err is nil where nothing is wrong.
func (t *trouble) err() error {
	if len(t.lines) == 0 {
		return nil
	}
	return misuse(t.lines...)
}

// usageError is a command line or configuration that must be changed.
type usageError struct{ lines []string }

func misuse(lines ...string) error { return &usageError{lines} }

func (e *usageError) Error() string { return strings.Join(e.lines, "\n") }

// report prints an error for the operator and answers the exit code.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(stderr, "reschedulebot: %s\n", strings.TrimRight(line, "\n"))
	}
	if usage := (*usageError)(nil); errors.As(err, &usage) {
		return 2
	}
	return 1
}
