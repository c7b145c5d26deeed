package telegram

import (
	"context"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	answerTime     = 5 * time.Second
	answersAtATime = 128
)

// answers tells Telegram that presses arrived, so that the button stops
// spinning. That happens at once and whatever becomes of the press: its own
// consequences are messages. Nobody waits for an answer or reads its result;
// after about 15 seconds Telegram refuses it, and that is all right too.
type answers struct {
	api     *api
	slots   chan struct{}
	running sync.WaitGroup
}

func newAnswers(a *api) *answers {
	return &answers{api: a, slots: make(chan struct{}, answersAtATime)}
}

// answer starts one answer. It waits only when very many are still under way.
// An answer that was started outlives ctx.
func (a *answers) answer(ctx context.Context, id string) {
	select {
	case a.slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	a.running.Go(func() {
		defer func() { <-a.slots }()
		_, _ = a.api.call(context.WithoutCancel(ctx), answerTime, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": id})
	})
}

// wait returns when every answer that was started has ended.
func (a *answers) wait() { a.running.Wait() }
