package bot

import (
	"context"
	"errors"
	"maps"
	"slices"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// Imported is imported, for the tests.
func (b *Bot) Imported(ctx context.Context, chat *store.Chat, by, name string, data []byte) (conversation.Reply, error) {
	return b.imported(ctx, chat, by, name, data)
}

// ActNames are all that staff can do with cards, forms and pages.
func ActNames() []string { return slices.Sorted(maps.Keys(acts())) }

// FreeAdrift does what a process does about letters adrift at two of its beats.
func (b *Bot) FreeAdrift(ctx context.Context) error {
	a := adrift{freed: map[string]int{}}
	return errors.Join(a.look(ctx, b), a.look(ctx, b))
}

// Live says that the process is alive, as it does by itself while it runs.
func (b *Bot) Live(ctx context.Context) error { return b.beat(ctx) }
