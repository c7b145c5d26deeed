package faketelegram_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

// A bot is the least that can be called one: it makes calls by hand.
type bot struct {
	t      *testing.T
	url    string
	client *http.Client
}

type reply struct {
	OK          bool
	Result      json.RawMessage
	ErrorCode   int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	}
}

func (b bot) call(method string, params ...string) reply {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	resp, err := b.client.PostForm(b.url+"/bot"+faketelegram.Token+"/"+method, form)
	if err != nil {
		return reply{Description: err.Error()}
	}
	defer resp.Body.Close()
	var r reply
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		b.t.Fatal(err)
	}
	if r.ErrorCode != 0 && r.ErrorCode != resp.StatusCode {
		b.t.Errorf("%s: error code %d with status %d", method, r.ErrorCode, resp.StatusCode)
	}
	return r
}

// updates polls without waiting and names what came: "100001 message hello".
func (b bot) updates(offset int) []string {
	b.t.Helper()
	r := b.call("getUpdates", "offset", fmt.Sprint(offset), "limit", "100")
	if !r.OK {
		return []string{r.Description}
	}
	var updates []struct {
		ID            int                    `json:"update_id"`
		Message       *struct{ Text string } `json:"message"`
		EditedMessage *struct{ Text string } `json:"edited_message"`
		CallbackQuery *struct{ Data string } `json:"callback_query"`
		MyChatMember  *struct {
			New struct{ Status string } `json:"new_chat_member"`
		} `json:"my_chat_member"`
	}
	if err := json.NewDecoder(bytes.NewReader(r.Result)).Decode(&updates); err != nil {
		b.t.Fatal(err)
	}
	var names []string
	for _, u := range updates {
		name := fmt.Sprint(u.ID)
		switch {
		case u.Message != nil:
			name += " message " + u.Message.Text
		case u.EditedMessage != nil:
			name += " edited " + u.EditedMessage.Text
		case u.CallbackQuery != nil:
			name += " press " + u.CallbackQuery.Data
		case u.MyChatMember != nil:
			name += " member " + u.MyChatMember.New.Status
		}
		names = append(names, name)
	}
	return names
}

// start starts a server on the network, near one without.
func start(t *testing.T, o faketelegram.Options) (*faketelegram.Server, bot) {
	t.Helper()
	srv := faketelegram.New(o)
	address, stop := srv.Start()
	t.Cleanup(stop)
	return srv, bot{t, address, http.DefaultClient}
}

func near(t *testing.T, o faketelegram.Options) (*faketelegram.Server, bot) {
	srv := faketelegram.New(o)
	return srv, bot{t, "http://telegram", &http.Client{Transport: srv.Transport()}}
}

func TestTalk(t *testing.T) {
	srv, b := start(t, faketelegram.Options{})
	ana := srv.Person("Ana", "es")
	ana.Say("/start")
	if got := b.updates(0); len(got) != 1 || got[0] != "100001 message /start" {
		t.Fatalf("the bot got %q", got)
	}
	chat := fmt.Sprint(ana.ID)
	if r := b.call("sendMessage", "chat_id", chat, "text", "<b>Hola</b> &lt;Ana&gt;", "parse_mode", "HTML", "protect_content", "true",
		"reply_markup", `{"inline_keyboard":[[{"text":"1 · Sí","callback_data":"1|2|yes"}]]}`); !r.OK {
		t.Fatal(r.Description)
	}
	m, err := ana.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m.Text != "Hola <Ana>" || !m.Protected || strings.Join(m.Styled("bold"), "") != "Hola" {
		t.Errorf("Ana sees %+v", m)
	}
	query, err := ana.Press("Sí")
	if err != nil {
		t.Fatal(err)
	}
	if got := b.updates(100002); len(got) != 1 || got[0] != "100002 press 1|2|yes" {
		t.Errorf("the bot got %q", got)
	}
	if r := b.call("answerCallbackQuery", "callback_query_id", query); !r.OK {
		t.Error(r.Description)
	}
	if n, _ := srv.Answers(query); n != 1 {
		t.Errorf("the press was answered %d times", n)
	}
}

func BenchmarkSendMessage(b *testing.B) {
	srv := faketelegram.New(faketelegram.Options{Brief: true})
	ana := srv.Person("Ana", "es")
	form := url.Values{
		"chat_id": {fmt.Sprint(ana.ID)}, "parse_mode": {"HTML"}, "protect_content": {"true"},
		"text":         {"Your appointment is now on <b>Thursday, December 3, 2026</b> at 10:20 in Chicago.\nWhy do you need another date?"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"1 · I am ill","callback_data":"1|12|illness"}],[{"text":"2 · I travel","callback_data":"1|12|travel"}],[{"text":"3 · Work","callback_data":"1|12|work"}]]}`},
	}.Encode()
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest(http.MethodPost, "/bot"+faketelegram.Token+"/sendMessage", strings.NewReader(form))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		if srv.ServeHTTP(w, req); w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
