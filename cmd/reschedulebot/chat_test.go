package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite what the program says in testdata/chat/*.txt")

// typing hands out one line at a time and writes it down where the answers go:
// a line is read only when the one before it has been answered.
type typing struct {
	lines []string
	paper io.Writer
}

func (t *typing) Read(p []byte) (int, error) {
	if len(t.lines) == 0 {
		return 0, io.EOF
	}
	line := t.lines[0] + "\n"
	t.lines = t.lines[1:]
	fmt.Fprintf(t.paper, "> %s", line)
	return copy(p, line), nil
}

// TestChat plays the sessions in testdata/chat. A file begins with comments, the
// arguments, and words that the answers must contain whatever else changes; then
// come the lines that are typed, after "> ", and what the program says.
func TestChat(t *testing.T) {
	files, err := filepath.Glob("testdata/chat/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sessions: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s := readSession(string(text))
			got := s.head + "\n" + s.play(t)
			for _, must := range s.musts {
				if !strings.Contains(strings.Join(strings.Fields(got[len(s.head):]), " "), must) {
					t.Errorf("nowhere does it say: %s", must)
				}
			}
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(text) {
				t.Errorf("%s\n%s", path, firstDifference(string(text), got))
			}
		})
	}
}

// A session is a file of testdata/chat.
type session struct {
	head  string // the lines that come before the first one that is typed or said
	args  []string
	musts []string
	typed []string
}

func readSession(text string) session {
	var s session
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "# "):
		case strings.HasPrefix(line, "args: "):
			s.args = strings.Fields(line[len("args: "):])
		case strings.HasPrefix(line, "must: "):
			s.musts = append(s.musts, line[len("must: "):])
		case strings.HasPrefix(line, "> "):
			s.typed = append(s.typed, line[2:])
			continue
		default:
			continue
		}
		if len(s.typed) == 0 {
			s.head += line + "\n"
		}
	}
	return s
}

func (s session) play(t *testing.T) string {
	t.Helper()
	var paper, stderr strings.Builder
	args := append([]string{"chat", "--now", "2026-12-01T09:00:00-05:00"}, s.args...)
	code := run(context.WithoutCancel(t.Context()), args, nil, &typing{s.typed, &paper}, &paper, &stderr, noon)
	if code != 0 || stderr.Len() > 0 {
		t.Fatalf("exit %d, stderr: %s", code, stderr.String())
	}
	return paper.String()
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			from := max(0, i-3)
			return fmt.Sprintf("line %d\nwant:\n%s\ngot:\n%s\n(go test ./cmd/reschedulebot -run TestChat -update rewrites it; read the diff as a stranger would)", i+1,
				strings.Join(w[min(from, len(w)):min(i+8, len(w))], "\n"), strings.Join(g[min(from, len(g)):min(i+8, len(g))], "\n"))
		}
	}
	return ""
}

// TestChatIsTheSameEveryTime: nothing random and nothing of the real clock shows.
func TestChatIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	input := "/start\n/reschedule IOE0000000101\n1\n1\n1\n1\n:now\n:forward 3d\n"
	args := []string{"chat", "--now", "2026-12-01T09:00:00-05:00"}
	first := mustRun(t, nil, input, args...)
	if again := mustRun(t, nil, input, args...); again != first {
		t.Errorf("two runs differ:\n%s", firstDifference(first, again))
	}
	for line := range strings.Lines(first) {
		if strings.TrimRight(line, " \n") != strings.TrimSuffix(line, "\n") {
			t.Errorf("space at the end of a line: %q", line)
		}
		if strings.ContainsRune(line, '\x1b') {
			t.Errorf("an escape sequence in a pipe: %q", line)
		}
	}
}

func TestChatKeepsItsDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "kept.db")
	args := []string{"chat", "--db", path, "--now", "2026-12-01T09:00:00-05:00"}
	first := mustRun(t, nil, "/reschedule IOE0000000101\n1\n1\n1\n1\n", args...)
	if !strings.Contains(first, "not sealed") {
		t.Errorf("nothing is said of the missing key:\n%s", first)
	}
	second := mustRun(t, nil, "/reschedule IOE0000000101\n", args...)
	if !strings.Contains(second, "Mon Dec 14, 2026, 10:00 AM") || !strings.Contains(second, "last online change") {
		t.Errorf("the move was not kept:\n%s", second)
	}
	if n := strings.Count(mustRun(t, nil, "", "export", "appointments", "--database-url", "sqlite:"+path), "\n"); n != 12 {
		t.Errorf("%d lines of appointments, want the header, ten and the moved one", n)
	}
}

// TestChatLeavesAnOfficeAlone: where clients write to a bot, a rehearsal would move
// their clock on, and have their requests lapse.
func TestChatLeavesAnOfficeAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	if r := o.command("chat", "--db", filepath.Join(o.dir, "book.db")); r.code != 0 {
		t.Errorf("a book in which nobody writes: exit %d, %s", r.code, r.stderr)
	}
	o.serve()
	o.client("Ana", "IOE0000000201")
	o.stop()
	if r := o.command("chat", "--db", filepath.Join(o.dir, "book.db")); r.code != 1 || r.stdout != "" || !strings.Contains(r.stderr, "give another file") {
		t.Errorf("a book in which clients write: exit %d, %s%s", r.code, r.stdout, r.stderr)
	}
}

func TestChatSealsItsDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key, path := newKey(t, dir), filepath.Join(dir, "sealed.db")
	out := mustRun(t, nil, "hello\n", "chat", "--db", path, "--data-key-file", key)
	if strings.Contains(out, "not sealed") {
		t.Errorf("a sealed database is said not to be:\n%s", out)
	}
	for _, name := range []string{path, path + "-wal"} {
		if b, err := os.ReadFile(name); err == nil && strings.Contains(string(b), "IOE0000000101") {
			t.Errorf("a receipt number is readable in %s", filepath.Base(name))
		}
	}
	if r := program(t, nil, "", "chat", "--db", path); r.code != 1 || !strings.Contains(r.stderr, "DATA_KEY_FILE") {
		t.Errorf("without the key: exit %d, %s", r.code, r.stderr)
	}
}

func TestChatSavesFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := mustRun(t, nil, "/reschedule IOE0000000101\n1\n1\n1\n1\n", "chat", "--files", dir, "--now", "2026-12-01T09:00:00-05:00")
	b, err := os.ReadFile(filepath.Join(dir, "appointment.ics"))
	if err != nil || !strings.Contains(string(b), "DTSTART:20261214T160000Z") {
		t.Errorf("%v: %s\n%s", err, b, out)
	}
	if strings.Contains(string(b), "IOE0000000101") {
		t.Errorf("the calendar file holds the receipt number:\n%s", b)
	}
}

// TestChatStopsWhenTold ends a chat while it waits for somebody to type.
func TestChatStopsWhenTold(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancelCause(context.Background())
	wait, typed := io.Pipe()
	defer typed.Close()
	var stderr strings.Builder
	out := &eavesdropper{want: "What would you like to do?", heard: make(chan struct{})}
	ended := make(chan int)
	go func() { ended <- run(ctx, []string{"chat"}, nil, wait, out, &stderr, time.Now) }()
	if _, err := io.WriteString(typed, "/start\n"); err != nil {
		t.Fatal(err)
	}
	<-out.heard
	stop(errors.New("told"))
	if code := <-ended; code != 0 || stderr.Len() > 0 {
		t.Errorf("exit %d: %s", code, stderr.String())
	}
}

// An eavesdropper closes heard once what is written contains want.
type eavesdropper struct {
	want  string
	text  strings.Builder
	heard chan struct{}
	done  bool
}

func (s *eavesdropper) Write(p []byte) (int, error) {
	s.text.Write(p)
	if !s.done && strings.Contains(s.text.String(), s.want) {
		s.done = true
		close(s.heard)
	}
	return len(p), nil
}

// newKey makes a key file.
func newKey(t testing.TB, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "data.key")
	if err := os.WriteFile(path, []byte("1 "+strings.Repeat("ab", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sorted is a text with its lines in order.
func sorted(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
