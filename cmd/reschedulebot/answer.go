package main

import (
	"fmt"
	"io"
)

// An answer is what goes to standard output. It remembers that something could not be
// written: a command whose answer was lost has not succeeded, though it may have done
// its work.
type answer struct {
	io.Writer
	err error
}

// Write implements io.Writer.
func (a *answer) Write(b []byte) (int, error) {
	n, err := a.Writer.Write(b)
	if err != nil && a.err == nil {
		a.err = err
	}
	return n, err
}

// Fd is that of the file behind it, so that a terminal is known for one.
func (a *answer) Fd() uintptr {
	if f, ok := a.Writer.(interface{ Fd() uintptr }); ok {
		return f.Fd()
	}
	return ^uintptr(0)
}

// lost is the error of an answer that was lost.
func (a *answer) lost() error {
	if a.err == nil {
		return nil
	}
	return fmt.Errorf("the answer could not be written: %w", a.err)
}
