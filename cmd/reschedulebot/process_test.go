package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestProcess runs the program as a process of its own: it serves, answers, is
// told to end by a signal, drains and exits 0.
func TestProcess(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := startChild(t, "program", append(o.env, "LOG_FORMAT=text"), "serve")
	if err := o.telegram.WaitCalls(o.ctx, "getUpdates", 1); err != nil {
		t.Fatalf("%v\n%s", err, c.wrote)
	}
	max := o.telegram.Person("Max", "")
	max.Say("hello")
	o.hearsOf(max, "only for clients")

	other := startChild(t, "program", o.env, "serve")
	if code := o.ends(other); code != 1 || !strings.Contains(other.wrote.String(), "stop that first") {
		t.Errorf("a second serve: exit %d: %s", code, other.wrote)
	}
	c.stop()
	if log := c.wrote.String(); !strings.Contains(log, "reschedulebot has ended in order") {
		t.Errorf("the log:\n%s", log)
	}
	usage := startChild(t, "program", nil, "chat", "--now", "yesterday")
	if code := o.ends(usage); code != 2 {
		t.Errorf("a usage error: exit %d: %s", code, usage.wrote)
	}
	talk := startChild(t, "program", nil, "chat", "--db", filepath.Join(o.dir, "talk.db")) // its input is empty
	if code := o.ends(talk); code != 0 {
		t.Errorf("a chat without input: exit %d: %s", code, talk.wrote)
	}
}

// ends is the exit code of a process that ends by itself.
func (o *office) ends(c *child) int {
	o.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(patience):
		c.kill()
		o.t.Fatalf("it did not end:\n%s", c.wrote)
	}
	return c.cmd.ProcessState.ExitCode()
}
