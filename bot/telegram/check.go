package telegram

import (
	"context"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Status is what Telegram says about the bot.
type Status struct {
	Username      string // for links: https://t.me/<Username>?start=<code>
	JoinsGroups   bool   // can be added to groups; better switched off at @BotFather
	ReadsGroups   bool   // sees all that is said there
	Webhook       string // where updates go; "" with long polling
	Waiting       int    // updates that nobody has taken yet
	LastError     string // of delivering to the webhook
	LastErrorTime time.Time
}

// Check asks Telegram who the bot is and how its updates are delivered. Its error
// is a sentence for the person who runs the program.
func (p *Platform) Check(ctx context.Context) (Status, error) {
	me, err := get[tgbotapi.User](ctx, p.api, "getMe", nil)
	if err != nil {
		return Status{}, checkError(err)
	}
	p.me.Store(&me)
	info, err := get[tgbotapi.WebhookInfo](ctx, p.api, "getWebhookInfo", nil)
	if err != nil {
		return Status{}, checkError(err)
	}
	s := Status{
		Username:    me.UserName,
		JoinsGroups: me.CanJoinGroups,
		ReadsGroups: me.CanReadAllGroupMessages,
		Webhook:     info.URL,
		Waiting:     info.PendingUpdateCount,
		LastError:   info.LastErrorMessage,
	}
	if info.LastErrorDate != 0 {
		s.LastErrorTime = time.Unix(int64(info.LastErrorDate), 0).UTC()
	}
	return s, nil
}

func checkError(err error) error {
	if sentence := fatal(err); sentence != nil {
		return sentence
	}
	return err
}
