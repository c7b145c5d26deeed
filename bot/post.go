package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"reschedulebot/bot/store"
)

// Limits of delivery.
const (
	atOnce    = 128              // letters on their way at the same time
	strangers = 16               // of them, so many that nobody else waits long behind those
	sendTime  = 30 * time.Second // the longest that one Send may take, files included
	lookEvery = time.Second      // other processes put letters into the outbox too
	firstWait = time.Second      // before a letter is tried again, doubled each time
	longWait  = 5 * time.Minute
	resting   = 20 * time.Millisecond
	tickTries = 3 // a keyboard is only tidied away
)

// post delivers what waits in the outbox. A chat's letters leave one after the
// other; different chats' leave at the same time.
type post struct {
	b       *Bot
	slots   chan struct{}
	ways    chan func()   // to couriers that rest
	more    chan struct{} // holds a token when there may be something to claim
	stopped chan struct{} // closed when Run is to end

	mu       sync.Mutex
	busy     int                  // letters that are to be sent or being sent
	crowded  bool                 // there is more to claim than there was room for
	queue    bool                 // strangers wait for room
	lines    map[string]*line     // the chats that are being written to
	holds    map[string]time.Time // platforms that refuse everybody until then
	until    time.Time            // this process counts as alive until then
	promptly bool                 // what became of a letter is recorded at once, not a little later
	lost     map[string]error     // platforms that let this process in no more, and why
	hush     map[string]func()    // ends the listening on a platform
	ended    bool                 // stopped is closed
	going    sync.WaitGroup
}

func newPost(b *Bot) *post {
	return &post{b: b, slots: make(chan struct{}, atOnce), ways: make(chan func()), more: make(chan struct{}, 1), lines: map[string]*line{},
		holds: map[string]time.Time{}, lost: map[string]error{}, hush: map[string]func(){}, stopped: make(chan struct{})}
}

// beaten notes that this process has just said that it is alive.
func (p *post) beaten() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = time.Now().Add(alive)
}

// hand sends the letters of a transaction that is durable. Those that it could
// not claim because others wait before them are sent after those.
func (p *post) hand(letters []store.Letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range letters {
		busy := p.lines[l.ChatID]
		switch {
		case l.Owner != "":
			p.start(l, false)
		case busy != nil:
			busy.more = true
		default:
			p.wake()
		}
	}
}

func (p *post) wake() {
	select {
	case p.more <- struct{}{}:
	default:
	}
}

// start sends a claimed letter, and then what stands behind it; more tells that
// something may. p.mu is held.
func (p *post) start(l store.Letter, more bool) {
	mine := &line{more}
	if before := p.lines[l.ChatID]; before != nil { // whoever sent before is about to leave
		mine.more = more || before.more
	}
	p.lines[l.ChatID] = mine
	p.busy++
	way := func() {
		defer p.leaves()
		for next := &l; next != nil; {
			// Who writes much has no slot for themselves: behind each letter they wait
			// with all others.
			p.slots <- struct{}{}
			next = p.deliver(mine, *next)
			<-p.slots
		}
	}
	select {
	case p.ways <- way:
	default:
		p.going.Go(func() { p.courier(way) })
	}
}

// courier goes a way, and then others. Under load there is always one more, and a
// new goroutine for each would grow its stack each time: a thirtieth of the time.
// Where nothing is on its way any more, nobody rests.
func (p *post) courier(way func()) {
	rest := time.NewTimer(resting)
	defer rest.Stop()
	for {
		way()
		if p.idle() {
			return
		}
		rest.Reset(resting)
		select {
		case way = <-p.ways:
		case <-rest.C:
			return
		}
	}
}

func (p *post) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.busy == 0
}

// leaves notes that a chat is not written to any more, and has more claimed if there
// was no room for all.
func (p *post) leaves() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy--
	if p.crowded && p.busy < atOnce || p.queue && p.busy <= strangers/2 {
		p.crowded, p.queue = false, false
		p.wake()
	}
}

// deliver sends one letter, records what became of it, and answers the next one
// of the chat if this process is to send that too.
func (p *post) deliver(mine *line, l store.Letter) (next *store.Letter) {
	record := p.send(l)
	if !p.goesOn(mine, l.ChatID) {
		p.b.store.Later(record)
		return nil
	}
	followed := false
	err := p.b.store.Update(context.Background(), func(t *store.Tx) error {
		next, followed = nil, false
		record(t)
		if l, ok := t.ClaimNext(p.b.id, l.ChatID); ok {
			next, followed = &l, t.IsFollowed(l)
		}
		return nil
	})
	if err != nil { // the database is in trouble: the letter is closed later, and the line looked at again
		next = nil
		p.b.log.Error("what became of a message could not be recorded yet", "error", err)
		p.b.store.Later(record)
	}
	if next == nil && !p.leave(mine, l.ChatID) {
		p.wake()
	}
	if followed { // what stands there was handed before its turn
		p.goOn(mine)
	}
	return next
}

// send sends one letter and answers how to record what became of it.
func (p *post) send(l store.Letter) func(*store.Tx) {
	platform := p.b.platforms[l.Platform]
	switch {
	case l.Late:
		return p.undelivered(l, "it is too late for this reminder")
	case platform == nil:
		return p.back(l, lookEvery*10, "this process does not run "+l.Platform, false)
	case p.isLost(l.Platform):
		return p.back(l, longWait, l.Platform+" does not let this process in", false)
	case !p.mayStillSend():
		return p.back(l, firstWait, "this process was not sure to be alive", false)
	case p.held(l.Platform) > 0:
		return p.back(l, p.held(l.Platform), "the platform refuses everybody for now", false)
	}
	ctx, cancel := context.WithTimeout(context.Background(), sendTime)
	defer cancel()
	if OutgoingKind(l.Kind) == fetch {
		return p.fetch(ctx, l, platform)
	}
	m := Outgoing{
		Kind: OutgoingKind(l.Kind), Chat: l.Address, RefersTo: l.RefersTo, Reply: l.Reply, Answer: l.Answer,
		Language: l.Language, Again: l.MaybeSent, ID: l.ID,
	}
	card, err := p.b.complete(ctx, l, &m)
	if err != nil {
		return p.incomplete(ctx, l, card, err)
	}
	remote, err := platform.Send(ctx, m)
	if err == nil {
		return p.sent(l, card, remote)
	}
	return p.failed(l, card, err)
}

// mayStillSend tells whether no other process can have taken this one for dead
// before a letter that leaves now is through.
func (p *post) mayStillSend() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Now().Add(sendTime).Before(p.until)
}

// owner is who a letter belongs to as soon as it is put: this process, or nobody
// where it does not run the platform or has not said that it is alive.
func (p *post) owner(platform string) string {
	if p.b.platforms[platform] != nil && !p.isLost(platform) && p.mayStillSend() {
		return p.b.id
	}
	return ""
}

func (p *post) hold(platform string, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holds[platform] = time.Now().Add(wait)
}

// held is how long a platform still refuses everybody.
func (p *post) held(platform string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.holds[platform])
}

// wait returns when nothing is on its way and no courier is left.
func (p *post) wait() { p.going.Wait() }

// claim takes over what can be sent and starts sending it. It answers how many.
func (p *post) claim(ctx context.Context) (int, error) {
	free := p.room()
	if free <= 0 {
		return 0, nil
	}
	few := max(0, free-(atOnce-strangers))
	letters, err := p.b.store.Claim(ctx, p.b.id, free, few)
	if err != nil {
		return 0, fmt.Errorf("claim messages: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range letters {
		p.start(l, true) // whoever waits behind it was handed in vain
	}
	if len(letters) == free {
		p.crowded = true
	}
	if few > 0 && countStrangers(letters) == few {
		p.queue = true
	}
	return len(letters), nil
}

func countStrangers(letters []store.Letter) (n int) {
	for _, l := range letters {
		if l.Priority == store.Stranger {
			n++
		}
	}
	return n
}

// room is how many letters may be claimed now.
func (p *post) room() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.crowded = p.busy >= atOnce
	return atOnce - p.busy
}

// Deliver sends everything that is due, once, and returns when it is through. A
// message that could not be sent is left for later.
func (b *Bot) Deliver(ctx context.Context) error {
	p := b.post
	if !p.mayStillSend() {
		if err := b.begin(ctx); err != nil {
			return err
		}
	}
	p.mu.Lock()
	p.promptly = true
	p.mu.Unlock()
	for {
		n, err := p.claim(ctx)
		p.wait()
		if err != nil || n == 0 {
			return errors.Join(err, p.failure())
		}
	}
}

// run claims until ctx ends: when it is woken, when something falls due, and
// every second, because other processes put letters into the outbox too.
func (p *post) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	spoken := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.more:
		case <-timer.C:
		}
		_, err := p.claim(ctx)
		if err != nil && ctx.Err() == nil && !spoken {
			p.b.log.Error("messages can't be claimed for now", "error", err)
		}
		spoken = err != nil
		timer.Reset(p.pause(ctx))
	}
}

// pause is how long until it is worth looking again.
func (p *post) pause(ctx context.Context) time.Duration {
	wait := lookEvery
	_ = p.b.store.View(ctx, func(t *store.Tx) error {
		if next := t.NextDue(); !next.IsZero() && next.After(t.Now()) {
			wait = min(wait, next.Sub(t.Now()))
		}
		return nil
	})
	return wait
}
