package faketelegram_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

// A hook is a webhook that keeps what it got. refuse says how it answers.
type hook struct {
	mu     sync.Mutex
	got    []string
	status func(n int, text string) int
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var u struct {
		Message struct{ Text string }
	}
	_ = json.NewDecoder(r.Body).Decode(&u)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.got = append(h.got, r.Header.Get("X-Telegram-Bot-Api-Secret-Token")+" "+u.Message.Text)
	w.WriteHeader(h.status(len(h.got), u.Message.Text))
}

func TestDelivery(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := &hook{status: func(n int, text string) int {
			if n <= 3 && text == "a1" {
				return http.StatusServiceUnavailable
			}
			return http.StatusOK
		}}
		srv, b := near(t, faketelegram.Options{Webhook: faketelegram.Direct(h)})
		ana, ben := srv.Person("Ana", ""), srv.Person("Ben", "")
		ana.Say("a1")
		ana.Say("a2")
		ben.Say("b1")
		b.call("setWebhook", "url", "https://bot.example.com/hook", "secret_token", "s3cret", "max_connections", "1")
		began := time.Now()
		if err := srv.WaitFor(t.Context(), func() bool { return srv.Pending() == 0 }); err != nil {
			t.Fatal(err)
		}
		want := []string{"s3cret a1", "s3cret a1", "s3cret a1", "s3cret a1", "s3cret a2", "s3cret b1"}
		if !slices.Equal(h.got, want) {
			t.Errorf("the webhook got %q, want %q", h.got, want)
		}
		if took := time.Since(began); took != 6*time.Second { // 0, 2, 4
			t.Errorf("it took %v", took)
		}
		r := b.call("getWebhookInfo")
		if want := fmt.Sprintf(`{"url":"https://bot.example.com/hook","has_custom_certificate":false,"pending_update_count":0,"last_error_date":%d,"last_error_message":"Wrong response from the webhook: 503 Service Unavailable"}`,
			began.Add(2*time.Second).Unix()); string(r.Result) != want {
			t.Errorf("getWebhookInfo says %s, want %s", r.Result, want)
		}
		srv.StopDelivering()
	})
}

func TestPressesHaveAQueueOfTheirOwn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := &hook{status: func(_ int, text string) int {
			if text != "" {
				return http.StatusServiceUnavailable
			}
			return http.StatusOK
		}}
		srv, b := near(t, faketelegram.Options{Webhook: faketelegram.Direct(h), Retry: func(int) time.Duration { return time.Minute }})
		ana := srv.Person("Ana", "")
		b.call("setWebhook", "url", "https://bot.example.com/hook")
		ana.Say("stuck")
		ana.PressData(1, "x")
		synctest.Wait()
		slices.Sort(h.got)
		if !slices.Equal(h.got, []string{" ", " stuck"}) || srv.Pending() != 1 {
			t.Errorf("the webhook got %q, %d wait", h.got, srv.Pending())
		}
		srv.StopDelivering()
	})
}
