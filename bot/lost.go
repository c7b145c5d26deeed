package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"reschedulebot/bot/store"
)

// A platform that will never let this process in again, because its token was
// revoked, is given up alone: clients on another one are still answered and
// reminded. What is to be said there waits for a process that it lets in. One that
// does not let it in to begin with is a mistake in the configuration, which is seen
// best where nothing runs at all.

// NotLetIn is the error of a Receive that never came to receive anything, because
// the platform refuses this process as such.
type NotLetIn struct{ Err error }

func (e NotLetIn) Error() string { return e.Err.Error() }

// Unwrap implements what errors.Is and errors.As ask for.
func (e NotLetIn) Unwrap() error { return e.Err }

// AlarmLost tells staff that the clients' chat service lets the bot in no more.
const AlarmLost = "platform_lost"

// lose gives up a platform. When none is left, or it never let this process in, Run
// ends.
func (p *post) lose(platform string, why error) {
	if !p.giveUp(platform, why) {
		return
	}
	p.b.log.Error("a chat service is given up until the next start; the others go on", "platform", platform, "error", why)
	if platform == p.b.desk.Platform {
		return // staff would not see it
	}
	turn := turn{b: p.b}
	err := p.b.store.Update(context.Background(), func(t *store.Tx) error {
		turn.begin(t)
		turn.raise(AlarmLost, "", "")
		return nil
	})
	if err != nil {
		p.b.log.Error("staff could not be told", "error", err)
		return
	}
	turn.end()
}

// giveUp notes that a platform is lost. True: that is new, and others are left.
func (p *post) giveUp(platform string, why error) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lost[platform] != nil {
		return false
	}
	p.lost[platform] = fmt.Errorf("%s: %w", platform, why)
	if hush := p.hush[platform]; hush != nil {
		hush()
	}
	_, never := errors.AsType[NotLetIn](why)
	if !p.ended && (never || len(p.lost) == len(p.b.platforms)) {
		p.ended = true
		close(p.stopped)
	}
	return !p.ended
}

func (p *post) isLost(platform string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost[platform] != nil
}

// failure is why platforms were lost, nil if none was.
func (p *post) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []error
	for _, why := range p.lost {
		all = append(all, why)
	}
	slices.SortFunc(all, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(all...)
}

// listen receives on a platform until ctx ends or it is lost.
func (p *post) listen(ctx context.Context, on Platform) {
	ctx, hush := context.WithCancel(ctx)
	defer hush()
	p.mu.Lock()
	p.hush[on.Name()] = hush
	if p.lost[on.Name()] != nil {
		hush()
	}
	p.mu.Unlock()
	if err := on.Receive(ctx, p.b.Take); err != nil {
		p.lose(on.Name(), err)
	}
}
