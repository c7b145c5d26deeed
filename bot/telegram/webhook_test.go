package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
)

func TestForgedDeliveries(t *testing.T) {
	good := `{"update_id":1,"message":{"message_id":5,"date":1,"chat":{"id":7,"type":"private"},"text":"hi"}}`
	nested := strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000)
	for _, test := range []struct {
		name, method, secret, body string
		want                       int
	}{
		{"no secret", "POST", "", good, 401},
		{"a wrong secret", "POST", "s3crey", good, 401},
		{"a longer secret", "POST", "s3crets", good, 401},
		{"the secret in capitals", "POST", "S3CRET", good, 401},
		{"no secret and far too large", "POST", "", strings.Repeat("x", 2<<20), 401},
		{"not a POST", "GET", "s3cret", good, 405},
		{"a PUT", "PUT", "s3cret", good, 405},
		{"2 MB", "POST", "s3cret", `{"update_id":1,"x":"` + strings.Repeat("x", 2<<20) + `"}`, 413},
		{"nothing", "POST", "s3cret", "", 400},
		{"not JSON", "POST", "s3cret", "update_id=1", 400},
		{"half of it", "POST", "s3cret", good[:len(good)-3], 400},
		{"two of it", "POST", "s3cret", good + good, 400},
		{"no update", "POST", "s3cret", `{"ok":true}`, 400},
		{"an array", "POST", "s3cret", `[` + good + `]`, 400},
		{"an id that is no number", "POST", "s3cret", `{"update_id":"1"}`, 400},
		{"an id beyond numbers", "POST", "s3cret", `{"update_id":1e400}`, 400},
		{"very deep", "POST", "s3cret", nested, 400},
	} {
		t.Run(test.name, func(t *testing.T) {
			hooked(t, func(t *testing.T, r *rig, _ func(string) int) {
				req := httptest.NewRequest(test.method, telegram.WebhookPath, strings.NewReader(test.body))
				if test.secret != "" {
					req.Header.Set("X-Telegram-Bot-Api-Secret-Token", test.secret)
				}
				w := httptest.NewRecorder()
				r.p.Handler().ServeHTTP(w, req)
				if w.Code != test.want {
					t.Errorf("answered %d, want %d", w.Code, test.want)
				}
				if r.ears.tries > 0 {
					t.Errorf("it was taken as %v", r.ears.got)
				}
			})
		})
	}
}

// Where no secret is configured, none opens the door: neither does nothing.
func TestWebhookWithoutASecret(t *testing.T) {
	p, err := telegram.New(telegram.Config{Token: "123:abc"})
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range [][]string{nil, {""}} {
		req := httptest.NewRequest(http.MethodPost, telegram.WebhookPath, strings.NewReader(`{"update_id":1}`))
		if header != nil {
			req.Header["X-Telegram-Bot-Api-Secret-Token"] = header
		}
		w := httptest.NewRecorder()
		p.Handler().ServeHTTP(w, req)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("header %q: answered %d, want 401", header, w.Code)
		}
	}
}

// What is Telegram's but can't be read is acknowledged and set aside.
func TestWebhookPoison(t *testing.T) {
	hooked(t, func(t *testing.T, r *rig, post func(string) int) {
		for i, update := range []string{
			`{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"text":"/x","entities":[{"type":"bot_command","offset":0,"length":1e300}]}}`,
			`{"update_id":6,"message":[]}`,
			`{"update_id":7,"message":{"chat":7}}`,
		} {
			if status := post(update); status != http.StatusOK {
				t.Errorf("%s: %d", update, status)
			}
			if got := r.ears.heard(); len(got) != i+1 || got[i].Quarantine == "" {
				t.Errorf("%s: taken as %+v", update, got)
			}
		}
	})
}

func TestWebhookNotOpen(t *testing.T) {
	update := `{"update_id":1,"message":{"message_id":5,"date":1,"chat":{"id":7,"type":"private"},"text":"hi"}}`
	config := telegram.Config{WebhookURL: "https://bot.example.com/base/", WebhookSecret: "s3cret"}
	bubble(t, faketelegram.Options{}, config, func(t *testing.T, r *rig) {
		if status := post(r.p, update); status != http.StatusServiceUnavailable {
			t.Errorf("before it receives: %d", status)
		}
		stop := r.receive()
		synctest.Wait()
		if got := r.srv.Calls("setWebhook")[0].Params.Get("url"); got != "https://bot.example.com/base"+telegram.WebhookPath {
			t.Errorf("the webhook is %q", got)
		}
		if status := post(r.p, update); status != http.StatusOK {
			t.Errorf("while it receives: %d", status)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		if status := post(r.p, update); status != http.StatusServiceUnavailable {
			t.Errorf("after it received: %d", status)
		}
		if n := len(r.ears.heard()); n != 1 {
			t.Errorf("%d events were taken", n)
		}
	})
}

func TestWebhookFailingTake(t *testing.T) {
	update := func(id int, text string) string {
		return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":5,"date":1,"chat":{"id":7,"type":"private"},"text":%q}}`, id, text)
	}
	hooked(t, func(t *testing.T, r *rig, post func(string) int) {
		full := errors.New("the disk is full")
		r.ears.check = func(context.Context, bot.Incoming) error { return full }
		if status := post(update(1, "hi")); status != http.StatusServiceUnavailable {
			t.Errorf("answered %d though the event is not safe", status)
		}
		full = nil
		if status := post(update(1, "hi")); status != http.StatusOK || len(r.ears.heard()) != 1 {
			t.Errorf("answered %d, took %v", status, r.ears.heard())
		}
	})
}

// Deliveries that hang up are finished; those of one person wait for each other.
func TestWebhookOrder(t *testing.T) {
	hooked(t, func(t *testing.T, r *rig, post func(string) int) {
		free := make(chan struct{})
		r.ears.check = func(_ context.Context, in bot.Incoming) error {
			if in.Chat == "7" {
				<-free
			}
			return nil
		}
		var posts sync.WaitGroup
		for i := range 20 {
			for _, chat := range []int{7, 8} {
				posts.Go(func() {
					post(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":5,"date":1,"chat":{"id":%d,"type":"private"},"text":"%d"}}`, 1+2*i+chat-7, chat, i))
				})
				synctest.Wait()
			}
		}
		if got := r.ears.heard(); len(texts(got, "8")) != 20 || len(texts(got, "7")) != 0 {
			t.Errorf("took %q", texts(got, ""))
		}
		close(free)
		posts.Wait()
		var want []string
		for i := range 20 {
			want = append(want, strconv.Itoa(i))
		}
		if got := texts(r.hears(40), "7"); !slices.Equal(got, want) { // that no two ran at a time is checked by ears
			t.Errorf("the first person's events were taken as %q", got)
		}
	})
}

func TestWebhookThroughTelegram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p *telegram.Platform
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.Handler().ServeHTTP(w, r) })
		srv := faketelegram.New(faketelegram.Options{Webhook: faketelegram.Direct(handler), Twice: true})
		r := newRig(t, srv, telegram.Config{
			APIURL: "http://telegram.invalid", Transport: srv.Transport(), WebhookURL: "https://bot.example.com", WebhookSecret: "s3cret",
		})
		p = r.p
		failures := 3
		r.ears.check = func(_ context.Context, in bot.Incoming) error {
			if in.Event.Text == "a1" && failures > 0 {
				failures--
				return errors.New("the disk is full")
			}
			return nil
		}
		ana, ben := srv.Person("Ana", "es"), srv.Person("Ben", "en")
		ana.Say("a0")
		r.receive()
		r.hears(2)
		ana.Say("a1")
		ana.Say("a2")
		ben.Say("b1")
		query := ana.PressData(1, "x")
		r.settled()
		got := r.ears.heard()
		chat := func(p *faketelegram.Person) []string { return texts(got, strconv.FormatInt(p.ID, 10)) }
		said := slices.DeleteFunc(chat(ana), func(s string) bool { return s == "" })
		if !slices.Equal(said, []string{"a0", "a0", "a1", "a1", "a2", "a2"}) || !slices.Equal(chat(ben), []string{"b1", "b1"}) {
			t.Errorf("took %q and %q", said, chat(ben))
		}
		if n, _ := srv.Answers(query); n != 1 || srv.Count("answerCallbackQuery") != 1 {
			t.Errorf("the press was answered %d times with %d calls", n, srv.Count("answerCallbackQuery"))
		}
		status, err := r.p.Check(t.Context())
		if err != nil || status.Webhook != "https://bot.example.com"+telegram.WebhookPath || !strings.Contains(status.LastError, "503") || status.LastErrorTime.After(time.Now()) {
			t.Errorf("Check answers %+v, %v", status, err)
		}
	})
}

func TestWebhookRefused(t *testing.T) {
	config := telegram.Config{WebhookURL: "https://bot.example.com", WebhookSecret: "s3cret"}
	bubble(t, faketelegram.Options{}, config, func(t *testing.T, r *rig) {
		r.srv.Fail(faketelegram.Fault{Method: "setWebhook", Do: faketelegram.Refuse, Code: 400, Description: "Bad Request: bad webhook: IP address 10.0.0.1 is reserved"})
		err := r.p.Receive(t.Context(), r.ears.take)
		if err == nil || !strings.Contains(err.Error(), "bad webhook") {
			t.Errorf("receiving ended with: %v", err)
		}
	})
}

// Another program takes the updates away, by polling or with a webhook of its own:
// staff are told, and they come here again.
func TestWebhookTaken(t *testing.T) {
	for _, call := range []string{"deleteWebhook", "setWebhook?url=https://elsewhere.invalid/"} {
		config := telegram.Config{WebhookURL: "https://Bot.example.com:443", WebhookSecret: "s3cret"}
		bubble(t, faketelegram.Options{}, config, func(t *testing.T, r *rig) {
			r.receive()
			<-time.After(10 * time.Minute)
			if n := r.srv.Count("setWebhook"); n != 1 || !r.p.Listening() {
				t.Fatalf("undisturbed, the webhook was set %d times; heard: %v", n, r.p.Listening())
			}
			ours := r.srv.Calls("setWebhook")[0].Params.Encode()
			telegramCaller(r.srv)(call)
			if got := r.hears(1); got[0].Alarm != bot.AlarmConflict || got[0].EventID == "" {
				t.Errorf("%s: staff were told %+v", call, got[0])
			}
			if r.p.Listening() {
				t.Errorf("%s: it says that it hears", call)
			}
			<-time.After(90 * time.Second)
			calls := r.srv.Calls("setWebhook")
			if last := calls[len(calls)-1].Params.Encode(); last != ours || !r.p.Listening() {
				t.Errorf("%s: then set with %s, want %s; heard: %v", call, last, ours, r.p.Listening())
			}
			if n := r.log.Lines("somebody else has taken"); n != 1 || len(r.ears.heard()) != 1 {
				t.Errorf("%s: logged %d times, told %d times", call, n, len(r.ears.heard()))
			}
		})
	}
}

// Telegram knocks and nobody opens, because the address leads elsewhere or its
// certificate has run out: who runs the program is told.
func TestWebhookThatLeadsNowhere(t *testing.T) {
	var open atomic.Bool
	var p *telegram.Platform
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !open.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		p.Handler().ServeHTTP(w, r)
	})
	config := telegram.Config{WebhookURL: "https://bot.example.com", WebhookSecret: "s3cret"}
	bubble(t, faketelegram.Options{Webhook: faketelegram.Direct(handler)}, config, func(t *testing.T, r *rig) {
		p = r.p
		r.receive()
		r.srv.Person("Ana", "es").Say("hello")
		<-time.After(2 * time.Minute)
		if r.p.Listening() || r.log.Lines("TELEGRAM_WEBHOOK_URL") == 0 || !strings.Contains(r.log.String(), "502") {
			t.Errorf("it says that it hears: %v\n%s", r.p.Listening(), r.log)
		}
		open.Store(true)
		r.hears(1)
		<-time.After(2 * time.Minute)
		if !r.p.Listening() {
			t.Error("it hears, and says that it does not")
		}
	})
}
