//go:build !linux

package main

import "syscall"

// diesWithUs would have a child killed when the tests are; only Linux can.
func diesWithUs() *syscall.SysProcAttr { return nil }
