package console

import (
	"context"
	"fmt"
	"strings"
	"time"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// Engine is what the simulation asks of the bot.
type Engine struct {
	Take func(context.Context, bot.Incoming) error
	// Work does everything that is due, and returns when it is done.
	Work func(context.Context) error
	// Next is when something will be due; zero: never.
	Next func(context.Context) (time.Time, error)
	// Invite issues the code of a link to a case, as staff would. Its error is a
	// sentence for the screen.
	Invite func(ctx context.Context, receipt string) (code string, err error)
}

// patience is how long the answer to a message may be held back on purpose. The
// simulation moves its clock on instead of waiting.
const patience = 10 * time.Second

// Simulator plays the bot on a platform by a simulated clock.
type Simulator struct {
	platform *Platform
	clock    *Clock
	engine   Engine
}

// NewSimulator makes a simulation; the platform must tell the time by the clock.
func NewSimulator(p *Platform, c *Clock, e Engine) *Simulator {
	s := &Simulator{p, c, e}
	p.steer = s.steer
	return s
}

// Run prints the introduction and goes through the input to its end.
func (s *Simulator) Run(ctx context.Context, introduction ...string) error {
	for _, line := range introduction {
		s.platform.aside("%s", line)
	}
	return s.platform.Receive(ctx, s.take)
}

// take does what fell due while nobody typed, takes the event in, and prints
// the answer.
func (s *Simulator) take(ctx context.Context, in bot.Incoming) error {
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	if err := s.engine.Take(ctx, in); err != nil {
		return err
	}
	return s.answer(ctx)
}

func (s *Simulator) catchUp(ctx context.Context) error {
	s.platform.date(true)
	defer s.platform.date(false)
	return s.engine.Work(ctx)
}

// answer prints everything that is due, and what is held back for a few seconds.
func (s *Simulator) answer(ctx context.Context) error {
	for until := s.clock.Now().Add(patience); ; {
		if err := s.engine.Work(ctx); err != nil {
			return err
		}
		next, err := s.engine.Next(ctx)
		if err != nil || next.IsZero() || next.After(until) || !next.After(s.clock.Now()) {
			return err
		}
		s.clock.MoveTo(next)
	}
}

// forward moves the clock and stops wherever something is due on the way, so
// that everything is sent at its own time.
func (s *Simulator) forward(ctx context.Context, d time.Duration) error {
	s.platform.date(true)
	defer s.platform.date(false)
	for until := s.clock.Now().Add(d); ; {
		if err := s.engine.Work(ctx); err != nil {
			return err
		}
		next, err := s.engine.Next(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(until) {
			s.clock.MoveTo(until)
			return s.engine.Work(ctx)
		}
		// What is still due after the work was done is looked at again a minute later.
		if now := s.clock.Now(); !next.After(now) {
			next = now.Add(time.Minute)
		}
		s.clock.MoveTo(next)
	}
}

// steer carries out a line that begins with a colon.
func (s *Simulator) steer(ctx context.Context, line string) error {
	name, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(name) {
	case ":now":
		s.tellTime()
	case ":forward":
		return s.steerForward(ctx, rest)
	case ":as":
		s.steerAs(rest)
	case ":case":
		return s.steerCase(ctx, rest)
	case ":help":
		s.platform.aside("%s", help)
	default:
		s.platform.aside("There is no %s here. Type :help for what there is.", name)
	}
	return nil
}

const help = `:now                 what time it is in the simulation
:forward 36h         moves the clock (also 2d, 90m); what falls due on the way is shown
:as staff            you speak as a member of staff; :as applicant changes back
:case IOE0000000101  links the applicant's chat to a case, by a link as the office gives it
:help                this list
Everything else is said to the bot. /help shows what it understands.`

func (s *Simulator) tellTime() { s.platform.aside("It is %s.", stamp(s.clock.Now())) }

func (s *Simulator) steerForward(ctx context.Context, far string) error {
	d, err := parseSpan(far)
	if err != nil {
		s.platform.aside(":forward: %v.", err)
		return nil
	}
	if err := s.forward(ctx, d); err != nil {
		return fmt.Errorf(":forward: %w", err)
	}
	s.tellTime()
	return nil
}

func (s *Simulator) steerAs(who string) {
	switch who = strings.ToLower(who); who {
	case Applicant, Staff:
		s.platform.speaker = who
		s.platform.aside("You speak as %s now.", who)
	default:
		s.platform.aside(":as: say who speaks: :as staff or :as applicant.")
	}
}

// steerCase opens the applicant's chat by a fresh link, the way they get there;
// whoever speaks goes on speaking.
func (s *Simulator) steerCase(ctx context.Context, receipt string) error {
	if receipt == "" {
		s.platform.aside(":case: say which one: :case IOE0000000101.")
		return nil
	}
	code, err := s.engine.Invite(ctx, receipt)
	if err != nil {
		s.platform.aside(":case: %v", err)
		return nil
	}
	in := s.platform.incoming(conversation.Event{Kind: conversation.Started, Text: code, Language: s.platform.language})
	in.Chat = Applicant
	return s.take(ctx, in)
}
