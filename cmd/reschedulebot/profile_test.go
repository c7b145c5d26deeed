package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"time"
)

// profiled is the program with a profile of its processor time, written to the
// file that PROFILE names, and of its memory beside it. The program itself has no
// such door.
func profiled() {
	collectSeldom()
	f, err := os.Create(os.Getenv("PROFILE"))
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr, time.Now)
	pprof.StopCPUProfile()
	f.Close()
	if m, err := os.Create(os.Getenv("PROFILE") + ".mem"); err == nil {
		_ = pprof.WriteHeapProfile(m)
		m.Close()
	}
	os.Exit(code)
}
