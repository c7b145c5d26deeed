package telegram

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot/pace"
)

const (
	secretHeader  = "X-Telegram-Bot-Api-Secret-Token"
	maxUpdate     = 1 << 20 // bytes
	maxDeliveries = "40"    // at the same time
	watchEvery    = time.Minute
)

// hook is the way from Handler to Receive: open while Receive runs.
type hook struct {
	open  sync.RWMutex // held for reading during each take
	ctx   context.Context
	take  take
	lanes lanes
}

func (h *hook) set(ctx context.Context, take take) {
	h.open.Lock()
	defer h.open.Unlock()
	h.ctx, h.take = ctx, take
}

func (h *hook) shut() {
	h.open.Lock()
	defer h.open.Unlock()
	h.take = nil
}

func (p *Platform) receiveHook(ctx context.Context, take take, beside *sync.WaitGroup) error {
	p.hook.set(ctx, take)
	defer p.hook.shut() // waits for what is being taken
	err := p.prepare(ctx, "setWebhook", p.hookParams())
	if err != nil || ctx.Err() != nil {
		return err
	}
	beside.Go(func() { p.describe(ctx) })
	return p.watchHook(ctx, take)
}

func (p *Platform) hookParams() tgbotapi.Params {
	return tgbotapi.Params{
		"url":             p.config.WebhookURL,
		"secret_token":    p.config.WebhookSecret,
		"allowed_updates": allowedUpdates,
		"max_connections": maxDeliveries,
	}
}

// watchHook looks whether Telegram still brings the updates here, until ctx ends.
// Nothing else would tell that it does not: there is silence either way.
func (p *Platform) watchHook(ctx context.Context, take take) error {
	for pace.Pause(ctx, watchEvery) == nil {
		info, err := get[tgbotapi.WebhookInfo](ctx, p.api, "getWebhookInfo", nil)
		switch {
		case ctx.Err() != nil:
			return nil
		case fatal(err) != nil:
			return fatal(err)
		case err != nil:
			p.hears.Store(false)
			p.log.Warn("Telegram does not say whether updates come here", "error", err)
		case !sameAddress(info.URL, p.config.WebhookURL):
			p.hears.Store(false)
			p.log.Error("somebody else has taken this bot's updates: stop the other program, or get a new token from @BotFather; the webhook is set again")
			p.alarm(ctx, take)
			if _, err := p.api.call(ctx, callTime, "setWebhook", p.hookParams()); err != nil && ctx.Err() == nil {
				p.log.Error("the webhook could not be set again", "error", err)
			}
		default:
			failed := time.Since(time.Unix(int64(info.LastErrorDate), 0)) < 2*watchEvery && info.PendingUpdateCount > 0
			if failed {
				p.log.Error("Telegram can't deliver to the webhook: see whether TELEGRAM_WEBHOOK_URL leads here from outside",
					"error", info.LastErrorMessage, "waiting", info.PendingUpdateCount)
			}
			p.hears.Store(!failed)
		}
	}
	return nil
}

// sameAddress tells whether two addresses are one, however they are written.
func sameAddress(a, b string) bool {
	x, err := url.Parse(a)
	y, bad := url.Parse(b)
	if err != nil || bad != nil {
		return a == b
	}
	port := func(u *url.URL) string { return cmp.Or(u.Port(), "443") }
	return strings.EqualFold(x.Hostname(), y.Hostname()) && port(x) == port(y) && x.Path == y.Path
}

// Handler serves the webhook. 200 says that the update is safe, or that it was
// quarantined; 4xx that the request is not Telegram's and wrote nothing; 503 that
// Telegram should bring the update again.
func (p *Platform) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := p.delivery(w, r)
		if status != http.StatusOK {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		}
		switch status {
		case http.StatusMethodNotAllowed:
			w.Header().Set("Allow", http.MethodPost)
		case http.StatusServiceUnavailable:
			w.Header().Set("Retry-After", "1")
		}
		w.WriteHeader(status)
	})
}

func (p *Platform) delivery(w http.ResponseWriter, r *http.Request) int {
	if !sameSecret(r.Header.Get(secretHeader), p.config.WebhookSecret) {
		return http.StatusUnauthorized
	}
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	if err != nil || !looksLikeUpdate(body) {
		return http.StatusBadRequest
	}
	return p.delivered(body)
}

// sameSecret compares in a time that depends on neither value; no secret
// configured matches nothing.
func sameSecret(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && want != ""
}

// looksLikeUpdate tells an update with an odd content from something that is no
// update at all.
func looksLikeUpdate(body []byte) bool {
	var u struct {
		ID int `json:"update_id"`
	}
	return json.Unmarshal(body, &u) == nil && u.ID != 0
}

// delivered takes an update, after those of the same person that came before it.
// What is being taken is finished even if Telegram hangs up.
func (p *Platform) delivered(body []byte) int {
	p.hook.open.RLock()
	defer p.hook.open.RUnlock()
	if p.hook.take == nil {
		return http.StatusServiceUnavailable
	}
	ctx := p.hook.ctx
	u := readUpdate(body, p.username())
	if u.press != "" {
		p.answers.answer(ctx, u.press)
	}
	if !u.takes {
		return http.StatusOK
	}
	leave := p.hook.lanes.enter(u.lane())
	defer leave()
	if err := p.hook.take(ctx, u.in); err != nil {
		p.log.Warn("an update could not be taken; Telegram brings it again", "error", err)
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// lanes lets in one event of a person at a time, in the order they came. The
// zero lanes is ready.
type lanes struct {
	mu   sync.Mutex
	busy map[string]*lane
}

type lane struct {
	turn  chan struct{} // holds a token while an event is inside
	users int           // in it or waiting for it
}

// enter waits for the lane and returns how to leave it.
func (l *lanes) enter(who string) (leave func()) {
	l.mu.Lock()
	if l.busy == nil {
		l.busy = map[string]*lane{}
	}
	x := l.busy[who]
	if x == nil {
		x = &lane{turn: make(chan struct{}, 1)}
		l.busy[who] = x
	}
	x.users++
	l.mu.Unlock()

	x.turn <- struct{}{}
	return func() {
		<-x.turn
		l.mu.Lock()
		defer l.mu.Unlock()
		if x.users--; x.users == 0 {
			delete(l.busy, who)
		}
	}
}
