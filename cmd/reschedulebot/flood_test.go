package main

import (
	"strings"
	"testing"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/conversation"
)

// TestFloodedProgram: a client writes a thousand messages and waits for no answer, a
// stranger does the same, and five hundred strangers write once, all of it before the
// program is started. It is killed and started again in the midst of it. Another
// client is answered meanwhile, before most of the strangers are; those are in the end
// too. What is read, written down and kept in memory is bounded.
func TestFloodedProgram(t *testing.T) {
	t.Parallel()
	const each, crowd = 1000, 500
	s := newSiege(t, conversation.Instant, 2)
	s.more = []string{"TELEGRAM_RATE=50"} // at which the strangers take a while
	flooder, ana := s.people[0], s.people[1]
	eve := s.server.Person("Eve", "es")
	var strangers []*faketelegram.Person
	for range each {
		flooder.Say("/appointments")
		eve.Say("hola")
	}
	for range crowd {
		p := s.server.Person("Max", "en")
		p.Say("hello")
		strangers = append(strangers, p)
	}
	s.begin()
	answered := func() (n int) {
		for _, p := range strangers {
			if len(p.Messages()) > 0 {
				n++
			}
		}
		return n
	}
	s.says(ana, "/reschedule", "Why do you need another date?")
	s.says(ana, "2", "Where would you like to go?")
	s.says(ana, "1", "All times are local there")
	s.wait(func() bool { return s.server.Pending() == 0 })
	_, before := s.program.memory()
	s.program.kill()
	s.begin()
	s.says(ana, "1", "Please check")
	s.says(ana, "yes", "Valid now")
	if n := answered(); n > crowd/2 {
		t.Errorf("%d strangers were answered before a client who wrote after them", n)
	}
	s.drained()
	if n := answered(); n != crowd {
		t.Errorf("%d of %d strangers were answered", n, crowd)
	}
	flooder.Say("/verify")
	s.wait(func() bool {
		return strings.Contains(flooder.Messages()[len(flooder.Messages())-1].Text, "runs this chat")
	})
	_, after := s.program.memory()
	if before > 256 || after > 256 {
		t.Errorf("the program took %.0f and %.0f MB", before, after)
	}
	s.drained()
	s.program.stop()

	said := func(p *faketelegram.Person, words string) (n int) {
		for _, m := range p.Messages() {
			if strings.Contains(m.Text, words) {
				n++
			}
		}
		return n
	}
	read, told := said(flooder.Person, "What is on file"), said(flooder.Person, "More messages came than I could answer")
	if told == 0 || told > 1+read/20 || read > each/4 {
		t.Errorf("the client who waits for no answer got %d, and was told %d times that not all is read", read, told)
	}
	if n, told := said(eve, "solo para clientes"), said(eve, "más mensajes de los que pude"); told == 0 || n > 100+10 {
		t.Errorf("the stranger got %d answers, and was told %d times that not all is read", n, told)
	}
	if n := int(s.book.number(t, "SELECT COUNT(*) FROM inbox")); n > read+100+crowd+10 {
		t.Errorf("%d events are written down", n)
	}
	if n := int(s.book.number(t, "SELECT COUNT(*) FROM outbox")); n > read+told+10 {
		t.Errorf("%d letters are kept", n)
	}
	if n := s.book.number(t, "SELECT moves FROM appointments WHERE status = 'scheduled' ORDER BY moves DESC LIMIT 1"); n != 1 {
		t.Errorf("the client's appointment was moved %d times", n)
	}
}
