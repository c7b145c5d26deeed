// Package transcript plays dialogues written in plain text. Tests import it;
// the program does not.
//
//	# A comment: the story in a line or two.
//	now: 2026-12-01 09:00 America/Chicago      a lower-case name sets the scene
//	Ana: /reschedule                           a capital name is somebody who speaks
//	Bot: Which appointment?                    what the bot answers, written by -update
//	     [First] [Second]
//	Bot to Ben: …                              what somebody else hears because of it
//	* move IOE0000000101 …                     what it does (bare Step only)
//	= IOE0000000101 scheduled …                what is on file
//
// # The scene
//
// The first line of the scene is now. Every other key may stand anywhere; what
// it changes holds from there on.
//
//	now: 2026-12-01 09:00 America/Chicago   the clock stands here (ParseNow). Only once; time
//	                                        passes only by "forward".
//	booking: desk                           who moves appointments: instant (the default) or desk.
//	                                        The desk margin is 4 h. Before the first speaker.
//	language: es                            the platform's hint for everybody (default: none)
//	staff: Lee representative               Lee is staff (ParseStaff); all other speakers are applicants.
//	                                        Before anything happens. The built program hears staff in
//	                                        Slack, applicants on Telegram.
//	case: IOE0000000101 I-485 XCB 2026-12-11 10:00 count=1 linked=Ana,Ben
//	                                        what is on file (ParseCase). Linked to Ana unless it says
//	                                        linked=…; linked=no for nobody. Those linked have used the
//	                                        bot before: Banner and Touched of their state are now. Again
//	                                        for the same receipt: it is imported anew. If its
//	                                        appointment differs, those linked are told (Changed).
//	full: XCB 2026-12-11 10:00              others take all seats left: of that start, of the whole day
//	                                        (no time), of the site within the horizon (no date) (ParseFull)
//	invite: IOE0000000101                   staff issue a link code; older ones of the case are revoked
//	revoke: IOE0000000101                   staff revoke its codes
//	decide: R1 confirm --at "2026-12-03 10:20" --site XAA
//	decide: R1 refuse "no time was free"    staff record an outcome by the command line (ParseDecide)
//	forward: 26h                            time passes (ParseSpan: Go's durations, or 3d). The clock
//	                                        stops at each moment at which something is due, so that
//	                                        reminders and lapsed requests are written at their time.
//	                                        Leads 7d,3d,1d; hours 09:00-20:00.
//	asleep: 10m                             the program is down that long, and on coming back repeats
//	                                        open questions (in the order in which people first spoke)
//	blocks: Ben                             the platform says that Ben can't be written to any more;
//	                                        nothing arrives there
//	restart:                                the program is stopped and started; the clock stands still
//	book:                                   writes down what is on file, as "=" lines (OnFile): the
//	                                        cases of the case lines, then those from a shared file
//	levels: 12                              at which levels the file is played (default 123)
//
// Nothing else is known of the office than Office and Phone below.
//
// # Speaking
//
// Somebody speaks words, presses "[a button]", or does "<something>":
//
//	[Yes, move it]        presses the newest button with that label
//	<old Yes, move it>    presses it in the message before the newest one that has it
//	<photo>               sends a photo
//	<edit words>          changes an earlier message to these words
//	<group words>         writes in a group
//	<link RECEIPT>        opens the newest link issued for that case, used or not; one is issued
//	                      if there is none
//	<open CODE>           opens a link with a made-up code; with the word CODE, the one shown last
//	<file NAME SIZE words> shares a file of so many bytes, with those words. Whatever its name,
//	                      the same three rows are in it, and then blank lines up to SIZE (Shared):
//	                      IOE0000000101 at XCB on 2026-12-15 10:20, IOE0000000131 at XCB on
//	                      2026-12-16 10:00, and IOE0000000132 on February 30, an error.
//	<flood words>         writes these words again and again, and waits for no answer. What is put
//	                      down is the last answer, which says that not all was read
//	<long 4096>           types a text of that many characters
//
// A link code in what the bot says is written CODE.
//
// In words \n is a new line, \t a tab and \u202e the character of that number.
package transcript

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A Stage is where a dialogue is played: bare Step, the bot on a database, or
// the built program. Both methods return what was said and done because of the
// line, as output lines made by Lines and Done.
type Stage interface {
	Scene(key, value string) ([]string, error)
	Say(who, words string) ([]string, error)
}

// A Mode says how a file is played.
type Mode struct {
	Level  int  // 1 bare Step, 2 with a database, 3 the built program; a file may name its levels
	Update bool // rewrite the bot's lines (level 1, or the lowest level of the file)
}

// Play plays one file and reports the first difference.
func Play(t *testing.T, path string, stage Stage, m Mode) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	levels := "123"
	for _, line := range want {
		if v, ok := strings.CutPrefix(line, "levels: "); ok {
			levels = v
		}
	}
	if !strings.Contains(levels, fmt.Sprint(m.Level)) {
		t.Skipf("%s is played at levels %s", filepath.Base(path), levels)
	}
	got, err := perform(want, stage)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if m.Update && strings.HasPrefix(levels, fmt.Sprint(m.Level)) {
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if m.Level > 1 {
		want, got = withoutDone(want), withoutDone(got)
	}
	compare(t, path, want, got)
}

// perform speaks the lines of a file and puts down what comes back.
func perform(lines []string, stage Stage) ([]string, error) {
	var out []string
	for i, line := range lines {
		if isOutput(line) {
			continue
		}
		out = append(out, line)
		answer, err := act(line, stage)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", i+1, line, err)
		}
		out = append(out, answer...)
	}
	return out, nil
}

func act(line string, stage Stage) ([]string, error) {
	if strings.TrimSpace(line) == "" || line[0] == '#' {
		return nil, nil
	}
	name, rest, ok := strings.Cut(line, ":")
	if !ok {
		return nil, fmt.Errorf("neither a scene nor somebody speaking")
	}
	rest = strings.TrimSpace(rest)
	switch c := name[0]; {
	case name == "levels":
		return nil, nil
	case c >= 'a' && c <= 'z':
		return stage.Scene(name, rest)
	case c >= 'A' && c <= 'Z':
		return stage.Say(name, rest)
	}
	return nil, fmt.Errorf("neither a scene nor somebody speaking")
}

func isOutput(line string) bool {
	return strings.HasPrefix(line, "Bot:") || strings.HasPrefix(line, "Bot to ") ||
		strings.HasPrefix(line, " ") || strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "= ")
}

func withoutDone(lines []string) []string {
	var out []string
	for _, l := range lines {
		if !strings.HasPrefix(l, "* ") {
			out = append(out, l)
		}
	}
	return out
}

func compare(t *testing.T, path string, want, got []string) {
	t.Helper()
	for i := range max(len(want), len(got)) {
		w, g := at(want, i), at(got, i)
		if w != g {
			t.Fatalf("%s: after %q\n want: %s\n  got: %s\n(go test ./conversation -update rewrites the bot's lines; read the diff as a stranger would)",
				path, at(want, i-1), strings.Join(want[min(i, len(want)):min(i+12, len(want))], "\n       "), strings.Join(got[min(i, len(got)):min(i+12, len(got))], "\n       "))
		}
	}
}

func at(lines []string, i int) string {
	if i < 0 || i >= len(lines) {
		return "(end)"
	}
	return lines[i]
}

// codes are link codes as the bot makes them: different ones each time.
var codes = regexp.MustCompile(`(^|[^A-Za-z0-9_-])(L[A-Za-z0-9_-]{22})([^A-Za-z0-9_-]|$)`)

// Code is the link code in a line that the bot has said, "" if there is none.
func Code(said string) string {
	if m := codes.FindStringSubmatch(said); m != nil {
		return m[2]
	}
	return ""
}

// Link is what opens the chat of clients with a code, in every dialogue.
func Link(code string) string { return "https://t.me/reschedulebot?start=" + code }

// Lines writes a message: paragraphs (already marked up), then buttons, then a
// file. to is "" for the one who spoke.
func Lines(to string, paragraphs, buttons []string, file string) []string {
	head := "Bot:"
	if to != "" {
		head = "Bot to " + to + ":"
	}
	var out []string
	for _, p := range paragraphs {
		if strings.TrimSpace(p) == "" {
			continue
		}
		p = codes.ReplaceAllString(strings.ReplaceAll(p, "\n", `\n`), "${1}CODE${3}")
		if len(out) == 0 {
			out = append(out, head+" "+p)
		} else {
			out = append(out, "     "+p)
		}
	}
	for _, b := range buttons {
		out = append(out, "     ["+b+"]")
	}
	if file != "" {
		out = append(out, "     {"+file+"}")
	}
	return out
}

// Done writes what was done, for bare Step.
func Done(format string, args ...any) string { return "* " + fmt.Sprintf(format, args...) }

// Files lists the dialogues of a folder.
func Files(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogues in %s: %v", dir, err)
	}
	return files
}
