package telegram_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/bottest"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
)

func TestConformance(t *testing.T) {
	t.Run("polling", func(t *testing.T) {
		bottest.Conformance(t, func(t *testing.T) bottest.Rig {
			return people(wired(t, faketelegram.Options{}, telegram.Config{}))
		})
	})
	t.Run("webhook", func(t *testing.T) {
		bottest.Conformance(t, func(t *testing.T) bottest.Rig {
			var p *telegram.Platform
			mux := http.NewServeMux()
			mux.HandleFunc(telegram.WebhookPath, func(w http.ResponseWriter, r *http.Request) { p.Handler().ServeHTTP(w, r) })
			r := wired(t, faketelegram.Options{Webhook: faketelegram.Direct(mux), Retry: func(int) time.Duration { return time.Millisecond }},
				telegram.Config{WebhookURL: "https://bot.example.com", WebhookSecret: "s3cret"})
			p = r.p
			return people(r)
		})
	})
}

// people are three on Telegram.
func people(r *rig) bottest.Rig {
	all := []*faketelegram.Person{r.srv.Person("Ana", "es"), r.srv.Person("Ben", "en"), r.srv.Person("Chi", "")}
	fail := func(f faketelegram.Fault) func() {
		f.Times, f.Method = 1, "sendMessage"
		return func() { r.srv.Fail(f) }
	}
	return bottest.Rig{
		Platform: r.p,
		People:   len(all),
		Address:  func(p int) string { return address(all[p]) },
		Say:      func(p int, text string) { all[p].Say(text) },
		Next: func(ctx context.Context, p int) (string, []string, error) {
			m, err := all[p].Next(ctx)
			return m.Text, m.Labels(), err
		},
		Break: map[bot.Class]func(){
			bot.Wait:      fail(faketelegram.Fault{Do: faketelegram.TooMany, RetryAfter: 3}),
			bot.Again:     fail(faketelegram.Fault{Do: faketelegram.Refuse, Code: 409, Description: "Conflict: for a while"}),
			bot.Never:     fail(faketelegram.Fault{Do: faketelegram.Refuse, Code: 400, Description: "Bad Request: message is too long"}),
			bot.Gone:      func() { all[0].Block() },
			bot.Ambiguous: fail(faketelegram.Fault{Do: faketelegram.AfterDone}),
			bot.Fatal:     func() { r.srv.Revoke() },
		},
	}
}
