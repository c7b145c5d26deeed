package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// shares has somebody of the office share a file to be imported, and looks at what
// they are told within the next ten minutes.
func (s *stage) shares(who string) string {
	s.t.Helper()
	told := s.say(who, "<file clients.csv 200 import>")
	for range 20 {
		s.clockTo(s.now.Add(30 * time.Second))
		s.deliver()
	}
	return told + "\n" + s.told(who)
}

// TestFetch shares a file: it is fetched once and imported; whoever shared it is told
// what became of it, whatever happens meanwhile.
func TestFetch(t *testing.T) {
	no := func(class bot.Class) error {
		return &bot.SendError{Class: class, After: time.Minute, Err: errors.New("no")}
	}
	for _, test := range []struct {
		name    string
		fetch   func(n int) error // of the n-th attempt
		leaves  bool              // who shared it is no longer of the office by then
		tells   string            // in the answer, "": nothing
		tries   int
		created bool
	}{
		{"works", func(int) error { return nil }, false, "created: 1\n", 1, true},
		{"Slack is down for a while", func(n int) error {
			if n < 6 {
				return no(bot.Again)
			}
			return nil
		}, false, "created: 1\n", 6, true},
		{"Slack asks to wait", func(n int) error {
			if n < 2 {
				return no(bot.Wait)
			}
			return nil
		}, false, "created: 1\n", 2, true},
		{"the file is gone", func(int) error { return no(bot.Never) }, false, conversation.FetchFailed("en").Text.Plain(), 1, false},
		{"Slack stays down", func(int) error { return no(bot.Again) }, false, conversation.FetchFailed("en").Text.Plain(), 8, false},
		{"an error of no class", func(int) error { return errors.New("?") }, false, conversation.FetchFailed("en").Text.Plain(), 8, false},
		{"who shared it has left", func(int) error { return nil }, true, "", 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *stage) {
				tries := 0
				s.office = &office{platform: s.platform}
				s.office.fetch = func(file string) ([]byte, error) {
					tries++
					if file != "F1" {
						t.Errorf("fetched %q", file)
					}
					return []byte("receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000201,XCB,2026-12-14,10:00\n"), test.fetch(tries)
				}
				if test.leaves {
					s.office.know = func(person string) error { s.speaker(person).staff = nil; return nil }
				}
				s.withDesk()
				told := s.shares("Pat")
				if test.tells == "" && strings.Count(told, "Bot") > 1 || !strings.Contains(told, strings.TrimSpace(test.tells)) || tries != test.tries {
					t.Errorf("after %d tries, want %d, Pat was told %q, want %q", tries, test.tries, told, test.tells)
				}
				if got := s.recorded("registered", "Pat"); (got == 1) != test.created || got > 1 {
					t.Errorf("registered %d times", got)
				}
				if heard := s.say("Pat", "today"); heard == "" {
					t.Error("the file holds up what is said afterwards")
				}
			})
		})
	}
}

// TestFetchAsksWhoItIs: who somebody is may be known for a moment only. A file that
// could not be fetched at once is not dropped because of that.
func TestFetchAsksWhoItIs(t *testing.T) {
	s := newStage(t, engines()[0])
	var pat *conversation.Person
	down := 3
	s.office = &office{platform: s.platform}
	s.office.fetch = func(string) ([]byte, error) {
		return []byte("receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000201,XCB,2026-12-14,10:00\n"), nil
	}
	s.office.know = func(person string) error {
		if down--; down >= 0 {
			return &bot.SendError{Class: bot.Again, Err: errors.New("no network")}
		}
		s.speaker(person).staff = pat
		return nil
	}
	s.withDesk()
	s.take("Pat", "import")
	s.deliver()
	pat = s.speaker("Pat").staff
	in := s.incoming("Pat", "")
	in.Event = conversation.Event{Kind: conversation.Media, Attached: &conversation.Attached{ID: "F1", Name: "a.csv", Size: 100}}
	if err := s.bot.Take(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	s.speaker("Pat").staff = nil // nobody has asked about Pat for a while
	for range 10 {
		s.clockTo(s.now.Add(30 * time.Second))
		s.deliver()
	}
	if told := s.told("Pat"); !strings.Contains(told, "created: 1") {
		t.Errorf("Pat was told %q", told)
	}
}

// TestHalfAFile: rows before one that the database can't take are on file. Whoever
// shared the file is not told that nothing was imported.
func TestHalfAFile(t *testing.T) {
	s := newStage(t, engines()[0])
	s.office = &office{platform: s.platform}
	rows := "receipt_number,asc_code,appointment_date,appointment_time\n"
	for i := range 150 {
		rows += fmt.Sprintf("IOE0000000%03d,XCB,2026-12-14,10:00\n", 201+i)
	}
	s.office.fetch = func(string) ([]byte, error) { return []byte(rows), nil }
	s.withDesk()
	s.scene("case", "IOE0000000330 I-765 XCB 2026-12-11 10:20")
	damage(t, s.url, `UPDATE cases SET receipt_sealed = x'010001ff' WHERE form = 'I-765'`)
	told := s.shares("Pat")
	if strings.Contains(told, "Nothing was imported") || !strings.Contains(told, "may be on file already") {
		t.Errorf("with %d rows on file Pat was told %q", s.recorded("registered", "Pat"), told)
	}
}
