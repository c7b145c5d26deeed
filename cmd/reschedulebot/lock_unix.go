//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the file for this process; false: another one has it. It is free
// again when the file is closed, also by a crash.
func lock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
