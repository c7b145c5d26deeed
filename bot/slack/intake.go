package slack

import (
	"context"
	"sync"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/pace"
)

const (
	// mostWaiting is how many deliveries may wait to be taken in. More are left
	// to Slack, which brings them again.
	mostWaiting = 1000
	retake      = time.Second // at most, after a take that failed
)

// take is the bot's: nil means that the event is safe.
type take func(context.Context, bot.Incoming) error

// intake has each person's deliveries handled in order, and different people's at
// the same time, while Receive runs. What comes before is kept: the zero intake
// waits for handle.
type intake struct {
	mu      sync.Mutex
	handle  func(*delivery) bool // nil: nothing is handled yet
	shut    bool
	lanes   map[string][]*errand // by user; the first of each is being handled
	waiting map[string]*errand   // by event
	running sync.WaitGroup
}

// An errand is a delivery on its way to being safe. A copy of it that comes
// meanwhile is the same errand.
type errand struct {
	d    delivery
	done chan struct{} // closed when it has ended
	safe bool          // it may be acknowledged, with d.ack; read both after done
}

// settled is the errand of a delivery that concerns nobody.
func settled(d delivery) *errand {
	e := &errand{d: d, done: make(chan struct{}), safe: true}
	close(e.done)
	return e
}

// open begins to handle what came and what comes.
func (i *intake) open(handle func(*delivery) bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.handle, i.shut = handle, false
	for user := range i.lanes {
		i.running.Go(func() { i.run(user) })
	}
}

// close ends the intake and waits for what is being handled.
func (i *intake) close() {
	i.mu.Lock()
	i.handle, i.shut = nil, true
	i.mu.Unlock()
	i.running.Wait()
}

// accept puts a delivery behind those of the same person. It answers nil when it
// has to come again later.
func (i *intake) accept(d delivery) *errand {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.shut {
		return nil
	}
	if e := i.waiting[d.in.EventID]; e != nil {
		return e
	}
	if len(i.waiting) >= mostWaiting {
		return nil
	}
	if i.waiting == nil {
		i.waiting, i.lanes = map[string]*errand{}, map[string][]*errand{}
	}
	e := &errand{d: d, done: make(chan struct{})}
	i.waiting[d.in.EventID] = e
	user := d.user()
	i.lanes[user] = append(i.lanes[user], e)
	if len(i.lanes[user]) == 1 && i.handle != nil {
		i.running.Go(func() { i.run(user) })
	}
	return e
}

// run handles a person's deliveries until there is none.
func (i *intake) run(user string) {
	for e, handle := i.first(user); e != nil; e = i.next(user) {
		e.safe = handle(&e.d)
	}
}

func (i *intake) first(user string) (*errand, func(*delivery) bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	handle := i.handle
	if handle == nil { // closed already
		handle = func(*delivery) bool { return false }
	}
	return i.lanes[user][0], handle
}

// next ends the first errand of a lane and answers the one behind it.
func (i *intake) next(user string) *errand {
	i.mu.Lock()
	defer i.mu.Unlock()
	done, rest := i.lanes[user][0], i.lanes[user][1:]
	delete(i.waiting, done.d.in.EventID)
	close(done.done)
	if len(rest) == 0 {
		delete(i.lanes, user)
		return nil
	}
	i.lanes[user] = rest
	return rest[0]
}

// bring reads what Slack brought and has it handled. It answers nil when Slack has
// to bring it again.
func (p *Platform) bring(kind string, payload []byte) *errand {
	d := readDelivery(kind, payload, p.config.StaffChannel)
	if !d.takes {
		return settled(d)
	}
	return p.intake.accept(d)
}

// handle takes a delivery in, again and again until that succeeds: nobody's later
// words may come before it, and Slack does not bring a press again. Only what a menu
// asks while somebody types is given up: they type on. False: ctx ended before.
func (p *Platform) handle(ctx context.Context, d *delivery, take take) bool {
	for try := 1; ; try++ {
		err := p.admit(ctx, d, take)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if try == 1 {
			p.log.Warn("an event could not be taken; it is tried again", "error", err)
		}
		if d.waits == suggestion {
			return true
		}
		if pace.Pause(ctx, min(pace.Backoff(try), retake)) != nil {
			return false
		}
	}
}

// admit hands a delivery to take if a member of staff did it. Whoever else did
// gets a sentence at most, and nothing is taken.
func (p *Platform) admit(ctx context.Context, d *delivery, take take) error {
	if d.in.Quarantine != "" {
		return take(ctx, d.in)
	}
	if d.shared || !p.ours(d.teams) {
		if d.shared && p.isRoom(d.at.channel) {
			p.room.doubt()
		}
		p.refuse(ctx, d, wordsIn("").onlyStaff, "")
		return nil
	}
	m, err := p.people.check(ctx, d.user())
	w := wordsIn(m.language)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		p.log.Warn("whose an event is can't be checked; it was refused", "error", err)
		p.refuse(ctx, d, w.later, m.language)
		return nil
	case m.standing == machine:
		return nil
	case m.standing != staff:
		p.refuse(ctx, d, w.onlyStaff, m.language)
		return nil
	case d.stranger:
		p.refuse(ctx, d, w.unknownWord(), m.language)
		return nil
	}
	if p.isRoom(d.at.channel) && !p.fit(ctx) {
		p.refuse(ctx, d, w.unfit, m.language)
		return nil
	}
	p.dms.set(d.user(), d.at.channel)
	in := d.in
	in.Event.Language, in.Event.Text = m.language, p.named(ctx, d, w)
	if in.Act != nil || in.Thread != "" {
		in.Answer = &bot.Answer{}
	}
	if err := take(ctx, in); err != nil {
		return err
	}
	p.answered(ctx, d, in.Answer, m.language)
	return nil
}

// ours tells whether every workspace that a delivery names is the firm's.
func (p *Platform) ours(teams []string) bool {
	for _, t := range teams {
		if t != p.config.Team {
			return false
		}
	}
	return len(teams) > 0
}
