package faketelegram_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

func TestRefusals(t *testing.T) {
	srv, b := near(t, faketelegram.Options{})
	ana := srv.Person("Ana", "")
	chat := fmt.Sprint(ana.ID)
	typed := fmt.Sprint(ana.Say("mine"))
	button := func(label, data string) string {
		return fmt.Sprintf(`{"inline_keyboard":[[{"text":%q,"callback_data":%q}]]}`, label, data)
	}
	b.call("sendMessage", "chat_id", chat, "text", "bot's", "reply_markup", button("Yes", "1"))
	bots := fmt.Sprint(ana.Messages()[0].ID)

	for _, test := range []struct {
		method string
		params []string
		want   string // "" accepted
	}{
		{"sendMessage", []string{"text", strings.Repeat("x", 4096)}, ""},
		{"sendMessage", []string{"text", strings.Repeat("x", 4097)}, "message is too long"},
		{"sendMessage", []string{"text", strings.Repeat("😀", 2048)}, ""},
		{"sendMessage", []string{"text", strings.Repeat("😀", 2048) + "x"}, "message is too long"},
		{"sendMessage", []string{"text", strings.Repeat("&lt;", 4096), "parse_mode", "HTML"}, ""},
		{"sendMessage", []string{"text", " \n "}, "message text is empty"},
		{"sendMessage", []string{"text", "<b></b>", "parse_mode", "HTML"}, "message text is empty"},
		{"sendMessage", []string{"text", "\xff"}, "strings must be encoded in UTF-8"},
		{"sendMessage", []string{"text", "a < b", "parse_mode", "HTML"}, "can't parse entities: unclosed start tag"},
		{"sendMessage", []string{"text", "x", "reply_markup", button("Yes", "")}, "BUTTON_DATA_INVALID"},
		{"sendMessage", []string{"text", "x", "reply_markup", button("Yes", strings.Repeat("é", 32))}, ""},
		{"sendMessage", []string{"text", "x", "reply_markup", button("Yes", strings.Repeat("é", 32)+"x")}, "BUTTON_DATA_INVALID"},
		{"sendMessage", []string{"text", "x", "reply_markup", button("", "1")}, "BUTTON_INVALID"},
		{"sendMessage", []string{"text", "x", "reply_markup", `{"inline_keyboard":null}`}, "object expected as reply markup"},
		{"sendMessage", []string{"text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a"}]]}`}, "can't parse inline keyboard button"},
		{"sendMessage", []string{"text", "x", "chat_id", "1"}, "chat not found"},
		{"sendMessage", []string{"text", "x", "chat_id", ""}, "chat_id is empty"},
		{"sendDocument", nil, "there is no document in the request"},
		{"editMessageText", []string{"message_id", bots, "text", "bot's"}, ""}, // the buttons went
		{"editMessageText", []string{"message_id", bots, "text", "bot's"}, "message is not modified"},
		{"editMessageText", []string{"message_id", typed, "text", "x"}, "message can't be edited"},
		{"editMessageText", []string{"message_id", "99999", "text", "x"}, "message to edit not found"},
		{"editMessageReplyMarkup", []string{"message_id", bots, "reply_markup", button("No", "2")}, ""},
		{"editMessageReplyMarkup", []string{"message_id", bots, "reply_markup", button("No", "2")}, "message is not modified"},
		{"deleteMessage", []string{"message_id", typed}, ""},
		{"deleteMessage", []string{"message_id", typed}, "message to delete not found"},
		{"answerCallbackQuery", []string{"callback_query_id", "1"}, "query is too old"},
		{"setMyCommands", []string{"commands", `[{"command":"Help","description":"x"}]`}, "BOT_COMMAND_INVALID"},
		{"setMyCommands", []string{"commands", `[{"command":"help","description":""}]`}, "BOT_COMMAND_DESCRIPTION_INVALID"},
		{"setMyDescription", []string{"description", strings.Repeat("x", 513)}, "description is too long"},
		{"setMyDescription", []string{"description", "x", "language_code", "esp"}, "invalid language_code"},
		{"setWebhook", []string{"url", "bot.example.com"}, "bad webhook"},
		{"setWebhook", []string{"url", "https://bot.example.com", "secret_token", "a b"}, "secret token contains unallowed characters"},
	} {
		r := b.call(test.method, append([]string{"chat_id", chat}, test.params...)...)
		if r.OK != (test.want == "") || !strings.Contains(r.Description, test.want) {
			t.Errorf("%s %.80q: %q, want %q", test.method, test.params, r.Description, test.want)
		}
	}
	if r := b.call("sendTelepathy"); r.ErrorCode != 404 {
		t.Errorf("an unknown method got %+v", r)
	}
}

func TestBlock(t *testing.T) {
	srv, b := near(t, faketelegram.Options{})
	ana := srv.Person("Ana", "")
	ana.Block()
	r := b.call("sendMessage", "chat_id", fmt.Sprint(ana.ID), "text", "x")
	if r.ErrorCode != 403 || !strings.Contains(r.Description, "blocked by the user") {
		t.Errorf("the bot got %+v", r)
	}
	if ana.Say("x") != 0 {
		t.Error("somebody who blocked the bot could write to it")
	}
	ana.Unblock()
	wantUpdates(t, b.updates(0), "100001 member kicked", "100002 member member")
}

func TestPressesLast15Seconds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		ana := srv.Person("Ana", "")
		late, soon := ana.PressData(1, "x"), ""
		pass(16 * time.Second)
		soon = ana.PressData(1, "x")
		for _, test := range []struct {
			query string
			ok    bool
		}{{late, false}, {soon, true}, {soon, false}} {
			if r := b.call("answerCallbackQuery", "callback_query_id", test.query); r.OK != test.ok {
				t.Errorf("an answer got %+v", r)
			}
		}
	})
}

func TestDeletedMessagesCannotBePressed(t *testing.T) {
	srv, b := near(t, faketelegram.Options{})
	ana := srv.Person("Ana", "")
	markup := `{"inline_keyboard":[[{"text":"Yes","callback_data":"1"}]]}`
	b.call("sendMessage", "chat_id", fmt.Sprint(ana.ID), "text", "one", "reply_markup", markup)
	if _, err := ana.Press("Yes"); err != nil {
		t.Error(err)
	}
	if _, err := ana.Press("No"); err == nil {
		t.Error("a button that is not there was pressed")
	}
	id := ana.Messages()[0].ID
	b.call("deleteMessage", "chat_id", fmt.Sprint(ana.ID), "message_id", fmt.Sprint(id))
	if _, err := ana.PressOn(id, "Yes"); err == nil {
		t.Error("a button of a deleted message was pressed")
	}
}

func TestFaults(t *testing.T) {
	for _, test := range []struct {
		fault faketelegram.Fault
		want  string // of the description, or of the error
		done  bool
	}{
		{faketelegram.Fault{Do: faketelegram.TooMany, RetryAfter: 7}, "Too Many Requests: retry after 7", false},
		{faketelegram.Fault{Do: faketelegram.Internal}, "Internal Server Error", false},
		{faketelegram.Fault{Do: faketelegram.Blocked}, "Forbidden: bot was blocked by the user", false},
		{faketelegram.Fault{Do: faketelegram.Refuse, Code: 400, Description: "Bad Request: odd"}, "Bad Request: odd", false},
		{faketelegram.Fault{Do: faketelegram.Reset}, "connection reset", false},
		{faketelegram.Fault{Do: faketelegram.AfterDone}, "connection reset", true},
		{faketelegram.Fault{Do: faketelegram.Slow, Delay: time.Hour}, "", true},
		{faketelegram.Fault{Do: faketelegram.TooMany, Chat: 1}, "", true},
		{faketelegram.Fault{Do: faketelegram.TooMany, Method: "getMe"}, "", true},
	} {
		t.Run(fmt.Sprintf("%s %s %d", test.fault.Do, test.fault.Method, test.fault.Chat), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				srv, b := near(t, faketelegram.Options{})
				ana := srv.Person("Ana", "")
				test.fault.Times = 1
				srv.Fail(test.fault)
				send := func() reply { return b.call("sendMessage", "chat_id", fmt.Sprint(ana.ID), "text", "x") }
				r := send()
				if !strings.Contains(r.Description, test.want) || r.OK != (test.want == "") {
					t.Errorf("got %+v, want %q", r, test.want)
				}
				if r.Parameters.RetryAfter != test.fault.RetryAfter && test.want != "" {
					t.Errorf("retry after %d, want %d", r.Parameters.RetryAfter, test.fault.RetryAfter)
				}
				if done := len(ana.Messages()) == 1; done != test.done || srv.Calls("sendMessage")[0].Done != done {
					t.Errorf("it took effect: %v, want %v", done, test.done)
				}
				if r := send(); !r.OK {
					t.Errorf("the fault was not over: %+v", r)
				}
			})
		})
	}
}

func TestHang(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		srv.Fail(faketelegram.Fault{Do: faketelegram.Hang})
		got := make(chan reply)
		go func() { got <- b.call("getMe") }()
		synctest.Wait()
		srv.Heal()
		if r := <-got; !r.OK {
			t.Errorf("a call that was let go got %+v", r)
		}
		srv.Revoke()
		if r := b.call("getMe"); r.ErrorCode != 401 {
			t.Errorf("a revoked token got %+v", r)
		}
	})
}

func TestParseHTML(t *testing.T) {
	for _, test := range []struct{ in, text, entities, err string }{
		{in: "a &lt;b&gt; &amp;amp; &quot;&#65;&#x1F600;", text: `a <b> &amp; "A😀`},
		{in: "&nbsp; & &#; &#xD800; &lt", text: "&nbsp; & &#; &#xD800; &lt"},
		{in: "😀<b>x</b><code>yz</code>", text: "😀xyz", entities: "[{bold 2 1 } {code 3 2 }]"},
		{in: "<b><i>x</i></b>", text: "x", entities: "[{italic 0 1 } {bold 0 1 }]"},
		{in: `<a href="https://example.com">x</a>`, text: "x", entities: "[{text_link 0 1 https://example.com}]"},
		{in: "<b></b>x", text: "x"},
		{in: "<b>x", err: "can't find end tag"},
		{in: "x</b>", err: "unexpected end tag"},
		{in: "<b>x</i>", err: "unmatched end tag"},
		{in: "<b>x<i></b></i>", err: "unmatched end tag"},
		{in: "<blink>x</blink>", err: "unsupported start tag"},
		{in: "<b x>y</b>", err: "unsupported start tag"},
		{in: "1 < 2", err: "unclosed start tag"},
		{in: "1 <> 2", err: "unsupported start tag"},
		{in: "\xff", err: "UTF-8"},
	} {
		text, entities, err := faketelegram.ParseHTML(test.in)
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%q: error %v, want %q", test.in, err, test.err)
			}
		case err != nil || text != test.text:
			t.Errorf("%q: %q, %v, want %q", test.in, text, err, test.text)
		case test.entities != "" && fmt.Sprint(entities) != test.entities || test.entities == "" && len(entities) > 0:
			t.Errorf("%q: entities %v, want %s", test.in, entities, test.entities)
		}
	}
}
