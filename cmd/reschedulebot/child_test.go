package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A child is a process of its own: this test binary, being the program or
// something else that a test needs.
type child struct {
	t     testing.TB
	cmd   *exec.Cmd
	wrote *output
	ended chan struct{} // closed once the process is gone
	err   error         // how it ended
}

// startChild starts the test binary as what asProgram knows by that name. The
// child sees no environment but env, and does not outlive the test.
func startChild(t testing.TB, as string, env []string, args ...string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return startFile(t, self, append([]string{"RESCHEDULEBOT_TEST_AS_PROGRAM=" + as}, env...), args...)
}

// startFile is startChild for a program of its own.
func startFile(t testing.TB, file string, env []string, args ...string) *child {
	t.Helper()
	c := &child{t: t, wrote: &output{}, ended: make(chan struct{})}
	c.cmd = exec.Command(file, args...)
	c.cmd.Env = append([]string{"TMPDIR=" + os.TempDir()}, env...)
	c.cmd.Stdout, c.cmd.Stderr = c.wrote, c.wrote
	c.cmd.SysProcAttr = diesWithUs()
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(c.kill)
	return c
}

// kill is kill -9. It returns when the process is gone.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.ended
}

// stop asks the process to end and expects that it does so in peace.
func (c *child) stop() {
	c.t.Helper()
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(30 * time.Second):
		c.kill()
		c.t.Fatalf("the program did not end when it was told to:\n%s", c.wrote)
	}
	if c.err != nil {
		c.t.Errorf("the program ended with %v:\n%s", c.err, c.wrote)
	}
}

// cpu is the time that the process has computed so far, in user and kernel
// mode; 0 where the system does not tell.
func (c *child) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ") // a name may hold anything
	fields := strings.Fields(rest)
	var ticks int
	for _, f := range fields[11:13] { // utime and stime, in hundredths of a second
		n, _ := strconv.Atoi(f)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// memory is what the process has in memory now and had at most, in MB; 0 where
// the system does not tell.
func (c *child) memory() (resident, peak float64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			continue
		}
		kB, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "VmRSS:":
			resident = kB / 1024
		case "VmHWM:":
			peak = kB / 1024
		}
	}
	return resident, peak
}

// output keeps what a process writes.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// asProgram makes this process what a test wants it to be. It does not return.
func asProgram(as string) {
	switch as {
	case "bare":
		bareBot()
	case "profiled":
		profiled()
	}
	main()
}
