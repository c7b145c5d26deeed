// Command reschedulebot helps people move USCIS biometrics appointments by
// chat, and their legal team to keep the book. README.md shows its use; this
// package reads flags, environment and clock, puts the parts together and runs
// one command.
package main

import (
	"context"
	"io"
	"os"
	"runtime/debug"
	"time"
)

func main() {
	collectSeldom()
	os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr, time.Now))
}

// collectSeldom has Go look for garbage half as often. Little is alive at any
// time, about 2 MB, so under load it would do so fifty times a second; now that
// is an eighth of the processor's time less for 4 MB more. GOGC still has its say.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}

// A process is what a command gets from the outside world.
type process struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    func() time.Time
	env    []string
}

// run is the whole program. It answers the exit code: 0 done, 1 failed, 2 the
// command line or the configuration is wrong.
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer, now func() time.Time) int {
	out := &answer{Writer: stdout}
	p := &process{stdin: stdin, stdout: out, stderr: stderr, now: now, env: env}
	command, helped, err := parse(args, env, stdout)
	if helped {
		return 0
	}
	if err == nil {
		err = command(ctx, p)
	}
	if err == nil {
		err = out.lost()
	}
	return report(stderr, err)
}
