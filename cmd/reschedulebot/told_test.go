package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

// told is the exit code of a process that is told to end.
func (o *office) told(c *child) int {
	o.t.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		o.t.Fatal(err)
	}
	return o.ends(c)
}

// TestImportThatIsToldToEnd leaves nothing behind beside the file, and can be done again.
func TestImportThatIsToldToEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	rows := strings.Builder{}
	rows.WriteString("receipt_number,asc_code,appointment_date,appointment_time\n")
	for n := range 30_000 {
		fmt.Fprintf(&rows, "IOE%010d,XCB,2026-12-%02d,10:20\n", n, 2+n%20)
	}
	path := o.write("many.csv", rows.String())
	c := startChild(t, "program", o.env, "import", path)
	litter := func() []string {
		found, _ := filepath.Glob(filepath.Join(o.dir, ".import-*"))
		return found
	}
	for len(litter()) == 0 {
		select {
		case <-tick():
		case <-o.ctx.Done():
			t.Fatalf("the import did not begin:\n%s", c.wrote)
		}
	}
	if code := o.told(c); code != 1 || !strings.Contains(c.wrote.String(), "import the file again") {
		t.Errorf("exit %d: %s", code, c.wrote)
	}
	if left := litter(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.WriteFile(path, []byte(strings.Join(strings.SplitAfter(rows.String(), "\n")[:9], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	o.must("import", path)
}

// TestRemindThatIsToldToEnd ends what it has begun: nobody is left to wonder whether
// the message arrived.
func TestRemindThatIsToldToEnd(t *testing.T) {
	t.Parallel()
	o, ana := dueReminder(t)
	o.telegram.Fail(faketelegram.Fault{Method: "sendMessage", Do: faketelegram.Hang})
	sent := o.telegram.Count("sendMessage")
	ctx, stop := context.WithCancel(o.ctx)
	var stderr strings.Builder
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"remind"}, o.env, strings.NewReader(""), io.Discard, &stderr, o.clock.now)
	}()
	if err := o.telegram.WaitCalls(o.ctx, "sendMessage", sent+1); err != nil {
		t.Fatal(err)
	}
	stop() // as a signal does
	o.telegram.Heal()
	// It ends well where nothing was left to look for, else it says that something may be.
	if code := <-ended; code > 1 || (code == 1) != strings.Contains(stderr.String(), "the next run goes on") {
		t.Errorf("exit %d: %s", code, &stderr)
	}
	o.hearsOf(ana, "Reminder: your")
	o.clock.set(time.Date(2026, 12, 4, 16, 35, 0, 0, time.UTC))
	o.must("remind")
	if n := strings.Count(fmt.Sprint(ana.Messages()), "Reminder: your"); n != 1 {
		t.Errorf("%d reminders, want 1", n)
	}
}
