package bot

import (
	"context"
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
