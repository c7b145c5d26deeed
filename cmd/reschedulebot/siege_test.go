package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/conversation"
)

// A siege is a program that is killed again and again while people talk to it.
type siege struct {
	t       *testing.T
	ctx     context.Context
	seed    uint64
	rng     *rand.Rand
	booking conversation.Booking
	server  *faketelegram.Server
	door    *door
	book    bookFile
	people  []*client
	program *child
	life    int
	more    []string // what the program is told besides
	others  int      // what was said by others than people
}

func newSiege(t *testing.T, booking conversation.Booking, people int) *siege {
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(cancel)
	s := &siege{t: t, ctx: ctx, seed: seedOf(t), booking: booking, server: faketelegram.New(faketelegram.Options{}), book: newBookFile(t)}
	s.rng = rand.New(rand.NewPCG(s.seed, 0))
	s.door = newDoor(t, s.server)
	var persons []*faketelegram.Person
	for n := range people {
		p := s.server.Person("Ana", "en")
		persons = append(persons, p)
		s.people = append(s.people, &client{Person: p, rng: rand.New(rand.NewPCG(s.seed, uint64(n+1)))})
	}
	s.book.enter(t, persons...)
	return s
}

// seedOf is SEED, or another one each time. It is shown where the test fails.
func seedOf(t *testing.T) uint64 {
	seed, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("SEED=%d plays the same people and the same troubles, if not the same race", seed)
	return seed
}

// env is what the program and its sister commands are told.
func (s *siege) env() []string { return s.book.env(s.door.address(s.life), s.booking, s.more...) }

// begin gives the program a new life.
func (s *siege) begin() {
	s.life++
	s.program = startChild(s.t, "1", s.env(), "serve")
}

// wait waits until ok, and fails when the program ends by itself.
func (s *siege) wait(ok func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithCancelCause(s.ctx)
	defer cancel(nil)
	program := s.program
	go func() {
		select {
		case <-program.ended:
			cancel(errors.New("the program ended by itself"))
		case <-ctx.Done():
		}
	}()
	if err := s.server.WaitFor(ctx, ok); err != nil {
		s.t.Fatalf("life %d: %v\n%s", s.life, err, program.wrote)
	}
}

// trouble makes something else go wrong now and then: requests that take effect
// or not and are not answered, and updates that come again.
func (s *siege) trouble() {
	fail := func(method string, do faketelegram.FaultKind) {
		s.server.Fail(faketelegram.Fault{Method: method, Times: 1, Do: do})
	}
	switch s.rng.IntN(16) {
	case 0, 1:
		fail("sendMessage", faketelegram.AfterDone)
	case 2:
		fail("sendMessage", faketelegram.Garbage)
	case 3:
		fail("sendMessage", faketelegram.Internal)
	case 4:
		fail("sendMessage", faketelegram.Reset)
	case 5:
		fail("getUpdates", faketelegram.AfterDone)
	case 6, 7, 8:
		s.server.Redeliver(1 + s.rng.IntN(40))
	}
}

// strike kills the program: after a random number of calls, and then, half of the
// time, at a random moment of the milliseconds after.
func (s *siege) strike() {
	s.t.Helper()
	at := s.server.Count("") + 1 + s.rng.IntN(120)
	s.wait(func() bool { return s.server.Count("") >= at })
	if s.rng.IntN(2) == 0 {
		<-time.After(time.Duration(s.rng.IntN(4000)) * time.Microsecond)
	}
	s.program.kill()
}

// decide lets staff decide about an open request, with a process of its own that
// may be killed too.
func (s *siege) decide() {
	s.t.Helper()
	open := s.book.numbers(s.t, "SELECT number FROM requests WHERE status = 'requested'")
	if len(open) == 0 {
		return
	}
	outcome := [][]string{{"--confirm"}, {"--refuse", "Nothing was free."}}[s.rng.IntN(2)]
	staff := startChild(s.t, "1", s.env(), append([]string{"decide", fmt.Sprint("R", open[s.rng.IntN(len(open))]), "--by", "Lee Park"}, outcome...)...)
	if s.rng.IntN(4) == 0 {
		select {
		case <-time.After(time.Duration(s.rng.IntN(60)) * time.Millisecond):
			staff.kill()
			return
		case <-staff.ended:
		}
	}
	<-staff.ended
	if staff.err != nil && !strings.Contains(staff.wrote.String(), " already, by ") { // somebody was first
		s.t.Errorf("decide: %v\n%s", staff.err, staff.wrote)
	}
}

// rage lets people talk while the program is killed a number of times, and ends
// when everybody has been answered and nothing waits.
func (s *siege) rage(kills int) {
	s.t.Helper()
	ctx, quit := context.WithCancel(s.ctx)
	defer quit()
	over := make(chan struct{})
	var talking sync.WaitGroup
	errs := make([]error, len(s.people))
	for i, p := range s.people {
		talking.Go(func() { errs[i] = p.talk(ctx, over) })
	}
	for range kills {
		s.begin()
		s.trouble()
		if s.booking == conversation.Desk && s.rng.IntN(2) == 0 {
			s.decide()
		}
		s.strike()
	}
	s.server.Heal()
	s.begin()
	close(over)
	talking.Wait()
	for i, err := range errs {
		if err != nil {
			s.t.Fatalf("person %d: %v\n%s", i, err, s.program.wrote)
		}
	}
	s.drained()
	s.program.stop()
}

// drained waits until everything said is confirmed and nothing waits to be sent.
func (s *siege) drained() {
	s.t.Helper()
	s.wait(func() bool { return s.server.Pending() == 0 })
	for s.book.number(s.t, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'") > 0 {
		select {
		case <-tick():
		case <-s.ctx.Done():
			s.t.Fatalf("messages still wait to be sent\n%s", s.program.wrote)
		}
	}
}

// tick is a moment between two looks at something that can't tell of itself.
func tick() <-chan time.Time { return time.After(10 * time.Millisecond) }

// A client talks without ever giving up, and not always sensibly. What they do
// depends on the last message they have seen.
type client struct {
	*faketelegram.Person
	rng    *rand.Rand
	last   faketelegram.Message
	events int // said or pressed
}

// talk goes on until over is closed; whatever was said has been answered then.
func (p *client) talk(ctx context.Context, over <-chan struct{}) error {
	for {
		select {
		case <-over:
			p.events++
			p.Say("/appointments") // everything still works
			return p.hear(ctx)
		default:
		}
		p.act()
		p.events++
		if err := p.hear(ctx); err != nil {
			return err
		}
	}
}

// hear waits for the next message. Where an earlier one came twice, that may be
// one of another question.
func (p *client) hear(ctx context.Context) error {
	for {
		m, err := p.Next(ctx)
		if err != nil {
			return fmt.Errorf("after %d things said: %w", p.events, err)
		}
		if m.File == nil {
			p.last = m
			return nil
		}
	}
}

func (p *client) act() {
	labels := p.last.Labels()
	if len(labels) == 0 || strings.HasPrefix(labels[0], "✓") {
		p.Say([]string{"/reschedule", "/reschedule", "/reschedule", "/reschedule", "/appointments", "/help"}[p.rng.IntN(6)])
		return
	}
	n := p.rng.IntN(min(3, len(labels)))
	switch p.rng.IntN(24) {
	case 0:
		p.Say("/back")
		return
	case 1:
		p.Say("/cancel")
		return
	case 2:
		p.Say("/help")
		return
	case 3:
		n = p.rng.IntN(len(labels))
	}
	if strings.Contains(labels[0], "Yes, ") && p.rng.IntN(4) > 0 {
		n = 0
	}
	if p.rng.IntN(2) == 0 {
		if _, err := p.Press(labels[n]); err == nil {
			return
		}
	}
	p.Say(strconv.Itoa(n + 1))
}
