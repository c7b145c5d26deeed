package main

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"reschedulebot/conversation"
)

// TestDiskFull takes the room to write from the running program in the midst of
// dialogues, and gives it back. Nothing that was confirmed is lost, and nothing
// is confirmed that can't be written.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := newSiege(t, conversation.Instant, 3)
	ana, ben, eve := s.people[0], s.people[1], s.people[2]
	address := freeAddress(t)
	s.more = []string{"LISTEN=" + address}
	ready := func() string { _, body := get(t, "http://"+address+"/readyz"); return strings.TrimSpace(body) }
	s.begin()
	for _, l := range []line{
		{"/reschedule", "Why do you need another date?"},
		{"2", "Where would you like to go?"},
		{"1", "All times are local there"},
		{"1", "Please check"},
		{"yes", "Valid now"},
		{"/reschedule", "Why do you need another date?"},
	} {
		s.says(ana, l.say, l.hear)
	}
	s.says(ben, "/reschedule", "Why do you need another date?")

	s.room(1)
	s.tells(ana, "2")
	s.tells(ana, "1")
	s.tells(ben, "3")
	s.tells(eve, "/help")
	s.polled(3)
	if n := s.server.Pending(); n != 4 {
		t.Errorf("%d updates wait for their confirmation, want 4", n)
	}
	if got := ready(); got != "the database can't be written" {
		t.Errorf("with a full disk /readyz says %q", got)
	}
	s.room(unix.RLIM_INFINITY)
	s.hears(ana, "Where would you like to go?")
	s.hears(ana, "All times are local there")
	s.hears(ben, "Where would you like to go?")
	s.hears(eve, "I can help you")
	s.says(ana, "1", "Please check")
	s.says(ana, "yes", "Valid now")
	if got := ready(); got != "ready" {
		t.Errorf("with room again /readyz says %q", got)
	}
	s.end()
}

// room is how large a file the program may write from now on, in bytes.
func (s *siege) room(bytes uint64) {
	s.t.Helper()
	var l unix.Rlimit
	pid := s.program.cmd.Process.Pid
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, nil, &l); err != nil {
		s.t.Fatal(err)
	}
	l.Cur = min(bytes, l.Max)
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, &l, nil); err != nil {
		s.t.Fatal(err)
	}
}
