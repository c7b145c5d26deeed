package main

import "syscall"

// diesWithUs has a child killed when the tests are.
func diesWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
