package bot

import (
	"context"
	"fmt"

	"reschedulebot/bot/store"
)

// mostFreed is how often this process frees the same letter. One that is adrift
// every time can't be recorded as sent, and would come for ever.
const mostFreed = 3

// adrift are letters that belong to this process and that it does not send, because
// PostgreSQL's answer to the commit that gave them to it was lost. Nobody else sends
// them, nor what stands behind them, while this process lives.
type adrift struct {
	seen  map[string]bool // at the last look
	freed map[string]int
}

// look frees what is adrift and was at the last look too: what has just been
// committed may be handed at any moment. It is asked by one goroutine.
func (a *adrift) look(ctx context.Context, b *Bot) error {
	before := a.seen
	a.seen = nil
	var mine []store.Letter
	if err := b.store.View(ctx, func(t *store.Tx) error { mine = t.OwnedBy(b.id); return nil }); err != nil {
		return fmt.Errorf("look for messages that nobody sends: %w", err)
	}
	a.seen = map[string]bool{}
	var free []store.Letter
	for _, l := range b.post.unsent(mine) {
		if a.seen[l.ID] = true; before[l.ID] && a.freed[l.ID] < mostFreed {
			free = append(free, l)
		}
	}
	if len(free) == 0 {
		return nil
	}
	err := b.store.Update(ctx, func(t *store.Tx) error {
		for _, l := range free {
			t.Postpone(l, t.Now(), "nobody was sending it", true)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("free messages that nobody sends: %w", err)
	}
	for _, l := range free {
		a.freed[l.ID]++
	}
	b.log.Warn("messages were left lying when the database failed; they are sent now", "messages", len(free))
	b.post.wake()
	return nil
}

// unsent are those of some letters in whose chats nothing is being sent.
func (p *post) unsent(letters []store.Letter) []store.Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []store.Letter
	for _, l := range letters {
		if p.lines[l.ChatID] == nil {
			out = append(out, l)
		}
	}
	return out
}
