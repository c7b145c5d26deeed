package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// A full is a disk, or whatever else output is sent to, on which there is no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// TestLostAnswer: no command ends well whose answer did not arrive; a link that was
// issued and shown to nobody least of all.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sample := filepath.Join(o.dir, "sample.csv")
	o.must("import", sample)
	for _, args := range []string{"version", "slots --site XAA", "slack-manifest", "export sites", "export audit --json", "invite IOE0000000101",
		"invite IOE0000000101 --revoke", "import " + sample, "doctor", "chat"} {
		var stderr strings.Builder
		code := run(context.WithoutCancel(t.Context()), strings.Fields(args), o.env, strings.NewReader("hello\n"), full{}, &stderr, o.clock.now)
		if code != 1 || !strings.Contains(stderr.String(), "no room") {
			t.Errorf("%s: exit %d, %s", args, code, &stderr)
		}
	}
}
