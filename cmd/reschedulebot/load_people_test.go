package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

// A line is what somebody types and what the answer must contain.
type line struct{ say, hear string }

// rounds are what people say, over and over: they look, begin, go back, change
// their minds, and now and then move their appointment.
func rounds() [][]line {
	begin := []line{
		{"/appointments", "What is on file for you"},
		{"/reschedule", "Why do you need another date?"},
		{"2", "Where would you like to go?"},
		{"1", "All times are local there"},
		{"1", "Please check"},
	}
	return [][]line{
		slices.Concat(begin, []line{{"/back", "All times are local there"}, {"2", "Please check"}, {"/cancel", "nothing was changed"}}),
		slices.Concat(begin, []line{{"3", "nothing was changed"}, {"/help", "I can help you move"}}),
		slices.Concat(begin, []line{{"2", "All times are local there"}, {"3", "Please check"}, {"yes", "Valid now"}}),
	}
}

// A talker is somebody who says a line, waits for the answer, and says the next.
type talker struct {
	*faketelegram.Person
	round, next int
	took        []time.Duration // from each line to its answer
}

// talk says a number of lines. answer, if not "", is what every answer is.
func (p *talker) talk(ctx context.Context, lines int, answer string) error {
	all := rounds()
	for range lines {
		l := all[p.round%len(all)][p.next]
		if answer != "" {
			l.hear = answer
		}
		if p.next++; p.next == len(all[p.round%len(all)]) {
			p.round, p.next = p.round+1, 0
		}
		if err := p.turn(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

func (p *talker) turn(ctx context.Context, l line) error {
	began := time.Now()
	p.Say(l.say)
	for {
		m, err := p.Next(ctx)
		if err != nil {
			return fmt.Errorf("after %q: %w", l.say, err)
		}
		if m.File != nil { // of the turn before
			continue
		}
		if !strings.Contains(m.Text, l.hear) {
			return fmt.Errorf("after %q: %q, want %q in it", l.say, m.Text, l.hear)
		}
		p.took = append(p.took, time.Since(began))
		return nil
	}
}

// A crowd talks to one bot.
type crowd struct {
	t       testing.TB
	server  *faketelegram.Server
	url     string
	talkers []*talker
	spent   time.Duration // while talking
}

func newCrowd(t testing.TB, n int) *crowd {
	c := &crowd{t: t, server: faketelegram.New(faketelegram.Options{Brief: true})}
	url, stop := c.server.Start()
	t.Cleanup(stop)
	c.url = url
	for i := range n {
		// The first letter of a round differs, so that not everybody says the same at once.
		c.talkers = append(c.talkers, &talker{Person: c.server.Person("Ana", "en"), round: i})
	}
	return c
}

func (c *crowd) people() []*faketelegram.Person {
	people := make([]*faketelegram.Person, len(c.talkers))
	for i, p := range c.talkers {
		people[i] = p.Person
	}
	return people
}

// talk lets everybody say a number of lines, all at the same time, and returns
// how long the answers took.
func (c *crowd) talk(lines int, answer string) []time.Duration {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var talking sync.WaitGroup
	errs := make([]error, len(c.talkers))
	began := time.Now()
	for i, p := range c.talkers {
		p.took = p.took[:0]
		talking.Go(func() { errs[i] = p.talk(ctx, lines, answer) })
	}
	talking.Wait()
	c.spent += time.Since(began)
	var took []time.Duration
	for i, p := range c.talkers {
		if errs[i] != nil {
			c.t.Fatalf("person %d: %v", i, errs[i])
		}
		took = append(took, p.took...)
	}
	return took
}

// quantile is the time that a part of the answers took at most.
func quantile(took []time.Duration, q float64) time.Duration {
	slices.Sort(took)
	return took[min(len(took)-1, int(q*float64(len(took))))]
}
