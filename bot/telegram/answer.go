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
	answersKnown   = 1024 // presses that are known to be answered, at least
)

// answers tells Telegram that presses arrived, so that the button stops
// spinning. That happens at once and whatever becomes of the press: its own
// consequences are messages. Nobody waits for an answer or reads its result;
// after about 15 seconds Telegram refuses it, and that is all right too.
type answers struct {
	api     *api
	slots   chan struct{}
	running sync.WaitGroup

	mu sync.Mutex
	// answered and before are the presses that were answered lately: one whose
	// take failed comes again, and its button spins no more.
	answered, before map[string]bool
}

func newAnswers(a *api) *answers {
	return &answers{api: a, slots: make(chan struct{}, answersAtATime), answered: map[string]bool{}}
}

// answer starts one answer, unless the press was answered lately. It waits only
// when very many are still under way. An answer that was started outlives ctx.
func (a *answers) answer(ctx context.Context, id string) {
	if !a.first(id) {
		return
	}
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

// first tells whether a press was not answered yet, and notes that it is.
func (a *answers) first(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.answered[id] || a.before[id] {
		return false
	}
	if len(a.answered) == answersKnown {
		a.answered, a.before = map[string]bool{}, a.answered
	}
	a.answered[id] = true
	return true
}

// wait returns when every answer that was started has ended.
func (a *answers) wait() { a.running.Wait() }
