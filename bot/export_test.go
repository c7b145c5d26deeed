package bot

import (
	"context"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// Imported is imported, for the tests.
func (b *Bot) Imported(ctx context.Context, chat *store.Chat, by, name string, data []byte) (conversation.Reply, error) {
	return b.imported(ctx, chat, by, name, data)
}
