package telegram_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
)

// summary is an incoming event in one line.
func summary(in bot.Incoming) string {
	if in.Quarantine != "" {
		return "quarantined: " + in.Quarantine
	}
	e := in.Event
	what := string(e.Kind)
	if in.Reachable != nil {
		what = "reachable=" + strconv.FormatBool(*in.Reachable)
	}
	if e.Text != "" {
		what += fmt.Sprintf(" %q", e.Text)
	}
	if e.Value != "" || e.Rev != 0 {
		what += fmt.Sprintf(" rev=%d value=%q", e.Rev, e.Value)
	}
	return fmt.Sprintf("%s chat=%s message=%s lang=%s id=%s", what, in.Chat, in.Message, e.Language, in.EventID)
}

// hooked is a rig with a webhook, whose handler a test calls by itself.
func hooked(t *testing.T, test func(t *testing.T, r *rig, post func(update string) int)) {
	t.Helper()
	config := telegram.Config{WebhookURL: "https://bot.example.com", WebhookSecret: "s3cret"}
	bubble(t, faketelegram.Options{}, config, func(t *testing.T, r *rig) {
		r.receive()
		if err := r.srv.WaitCalls(t.Context(), "setMyShortDescription", 2); err != nil {
			t.Fatal(err)
		}
		test(t, r, func(update string) int { return post(r.p, update) })
	})
}

// post delivers an update as Telegram does.
func post(p *telegram.Platform, update string) int {
	req := httptest.NewRequest(http.MethodPost, telegram.WebhookPath, strings.NewReader(update))
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s3cret")
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, req)
	return w.Code
}

// filled puts people and chats into a payload.
func filled(payload string) string {
	return strings.NewReplacer(
		"$ANA", `"from":{"id":7,"is_bot":false,"first_name":"Ana","language_code":"es"}`,
		"$BOT", `"from":{"id":8,"is_bot":true,"first_name":"Other","username":"other_bot"}`,
		"$PRIVATE", `"chat":{"id":7,"type":"private","first_name":"Ana"}`,
		"$GROUP", `"chat":{"id":-100,"type":"supergroup","title":"Family"}`,
		"$SMALL", `"chat":{"id":-5,"type":"group","title":"Family"}`,
		"$CHANNEL", `"chat":{"id":-200,"type":"channel","title":"News"}`,
		"$ME", "@"+faketelegram.Username,
	).Replace(payload)
}

func TestReadUpdate(t *testing.T) {
	for _, test := range []struct{ name, payload, want string }{
		{"text", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1700000000,"text":"hola"}`,
			`said "hola" chat=7 message=5 lang=es id=1-1700000000`},
		{"text of the first contact, without a language", `"message":{"message_id":5,"from":{"id":7,"is_bot":false,"first_name":"Ana"},$PRIVATE,"date":1700000000,"text":"/start"}`,
			`started chat=7 message=5 lang= id=1-1700000000`},
		{"a link's code", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"text":"/start AbC_-9"}`,
			`started "AbC_-9" chat=7 message=5 lang=es id=1-1`},
		{"a link's code, our name and more", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"text":"/START$ME   x y\n"}`,
			`started "x y" chat=7 message=5 lang=es id=1-1`},
		{"a command that begins like start", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"text":"/starting"}`,
			`said "/starting" chat=7 message=5 lang=es id=1-1`},
		{"a command with our name", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"text":"/help$ME me"}`,
			`said "/help me" chat=7 message=5 lang=es id=1-1`},
		{"a slash", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"text":"/"}`,
			`said "/" chat=7 message=5 lang=es id=1-1`},
		{"characters that a database refuses", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"text":"a\u0000b\ud800c"}`,
			"said \"ab\uFFFDc\" chat=7 message=5 lang=es id=1-1"},
		{"an id that became a supergroup's size", `"message":{"message_id":9007199254740993,$ANA,"chat":{"id":9007199254740993,"type":"private"},"date":1,"text":"x"}`,
			`said "x" chat=9007199254740993 message=9007199254740993 lang=es id=1-1`},
		{"a text with entities of any kind", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"text":"x","entities":[{"type":"new_kind","offset":-5,"length":2147483647,"what":{}}]}`,
			`said "x" chat=7 message=5 lang=es id=1-1`},
		{"another bot's text", `"message":{"message_id":5,$BOT,$PRIVATE,"date":1,"text":"x"}`, ""},

		{"a photo", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}],"caption":"IOE0000000101"}`,
			`media chat=7 message=5 lang=es id=1-1`},
		{"a picture of an album", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"media_group_id":"13579","photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}]}`,
			`media chat=7 message=5 lang=es id=album-7-13579`},
		{"a place", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"location":{"latitude":1.5,"longitude":2}}`, `media chat=7 message=5 lang=es id=1-1`},
		{"a dice", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"dice":{"emoji":"🎲","value":3}}`, `media chat=7 message=5 lang=es id=1-1`},
		{"a story", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"story":{"id":1}}`, `media chat=7 message=5 lang=es id=1-1`},
		{"a checklist", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"checklist":{"title":"x","tasks":[]}}`, `media chat=7 message=5 lang=es id=1-1`},
		{"news about the chat", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"pinned_message":{"message_id":4,$PRIVATE,"date":1}}`, ""},
		{"news of a later kind", `"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"gift_of_the_future":{"a":[1]}}`, ""},

		{"an edit", `"edited_message":{"message_id":5,$ANA,$PRIVATE,"date":1,"edit_date":9,"text":"/cancel"}`,
			`edited "/cancel" chat=7 message=5 lang=es id=1-9`},
		{"an edited caption", `"edited_message":{"message_id":5,$ANA,$PRIVATE,"date":1,"edit_date":9,"caption":"x"}`, ""},
		{"a place that moves", `"edited_message":{"message_id":5,$ANA,$PRIVATE,"date":1,"edit_date":9,"location":{"latitude":1,"longitude":2}}`, ""},
		{"an edit in a group", `"edited_message":{"message_id":5,$ANA,$GROUP,"date":1,"edit_date":9,"text":"/help"}`, ""},

		{"a press", `"callback_query":{"id":"77",$ANA,"message":{"message_id":6,$PRIVATE,"date":1},"chat_instance":"1","data":"1|12|illness"}`,
			`pressed rev=12 value="illness" chat=7 message=6 lang=es id=1-77`},
		{"a press on a message too old to be shown", `"callback_query":{"id":"77",$ANA,"message":{"message_id":6,$PRIVATE,"date":0},"chat_instance":"1","data":"1|0|yes"}`,
			`pressed rev=0 value="yes" chat=7 message=6 lang=es id=1-77`},
		{"a press with data of another version", `"callback_query":{"id":"77",$ANA,"message":{"message_id":6,$PRIVATE,"date":1},"chat_instance":"1","data":"2|12|illness"}`,
			`pressed rev=-1 value="" chat=7 message=6 lang=es id=1-77`},
		{"a press with garbage", `"callback_query":{"id":"77",$ANA,"message":{"message_id":6,$PRIVATE,"date":1},"chat_instance":"1","data":"1|012|a|b"}`,
			`pressed rev=-1 value="" chat=7 message=6 lang=es id=1-77`},
		{"a press without data", `"callback_query":{"id":"77",$ANA,"message":{"message_id":6,$PRIVATE,"date":1},"chat_instance":"1"}`,
			`pressed rev=-1 value="" chat=7 message=6 lang=es id=1-77`},
		{"a press in a group", `"callback_query":{"id":"77",$ANA,"message":{"message_id":6,$GROUP,"date":1},"chat_instance":"1","data":"1|12|illness"}`, ""},
		{"a press below an inline message", `"callback_query":{"id":"77",$ANA,"inline_message_id":"x","chat_instance":"1","data":"1|12|illness"}`, ""},

		{"blocked", `"my_chat_member":{$ANA,$PRIVATE,"date":3,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}`,
			`reachable=false chat=7 message= lang=es id=1-3`},
		{"let in again", `"my_chat_member":{$ANA,$PRIVATE,"date":3,"old_chat_member":{"status":"kicked"},"new_chat_member":{"status":"member"}}`,
			`reachable=true chat=7 message= lang=es id=1-3`},
		{"added to a group", `"my_chat_member":{$ANA,$GROUP,"date":3,"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member"}}`, ""},

		{"a command in a group", `"message":{"message_id":5,$ANA,$GROUP,"date":1,"text":"/appointments$ME IOE0000000101"}`, `group chat=-100 message=5 lang=es id=1-1`},
		{"a command without a name in a group", `"message":{"message_id":5,$ANA,$SMALL,"date":1,"text":"/help"}`, `group chat=-5 message=5 lang=es id=1-1`},
		{"a mention in a group", `"message":{"message_id":5,$ANA,$GROUP,"date":1,"text":"ask $ME, please"}`, `group chat=-100 message=5 lang=es id=1-1`},
		{"another bot's command in a group", `"message":{"message_id":5,$ANA,$GROUP,"date":1,"text":"/help@other_bot"}`, ""},
		{"another bot that begins like us", `"message":{"message_id":5,$ANA,$GROUP,"date":1,"text":"ask $ME2"}`, ""},
		{"talk in a group", `"message":{"message_id":5,$ANA,$GROUP,"date":1,"text":"IOE0000000101"}`, ""},
		{"a photo in a group", `"message":{"message_id":5,$ANA,$GROUP,"date":1,"caption":"/help"}`, ""},
		{"an anonymous administrator", `"message":{"message_id":5,$GROUP,"sender_chat":{"id":-100,"type":"supergroup"},"date":1,"text":"/help"}`, ""},
		{"a channel", `"message":{"message_id":5,$CHANNEL,"date":1,"text":"/help"}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			hooked(t, func(t *testing.T, r *rig, post func(string) int) {
				update := `{"update_id":1,` + filled(test.payload) + `}`
				if status := post(update); status != http.StatusOK {
					t.Fatalf("answered %d", status)
				}
				var got string
				if heard := r.ears.heard(); len(heard) > 0 {
					got = summary(heard[0])
					if string(heard[0].Raw) != update {
						t.Errorf("the raw event is %s", heard[0].Raw)
					}
				}
				if got != test.want {
					t.Errorf("got  %s\nwant %s", got, test.want)
				}
			})
		})
	}
}

// Every kind of update of the Bot API, with the least that it can hold and with
// nothing: none is an event for the bot, and none is an error.
func TestKindsThatDoNotConcernUs(t *testing.T) {
	hooked(t, func(t *testing.T, r *rig, post func(string) int) {
		n := 0
		for _, kind := range []string{"message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
			"business_message", "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction",
			"message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
			"pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
			"chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot", "subscription", "stopped_message_generation", "news_of_2030"} {
			for _, content := range []string{`{}`, `null`, `{$ANA}`, `{$PRIVATE}`, `{$ANA,$PRIVATE}`, `{$ANA,$GROUP,"date":1}`, `{$CHANNEL}`,
				`{"message_id":1,"date":1,$CHANNEL}`, `{"message_id":1,"date":1,$PRIVATE}`, `{"id":"1","data":"x"}`, `{"user":{"id":7}}`} {
				n++
				update := fmt.Sprintf(`{"update_id":%d,%q:%s}`, n, kind, filled(content))
				if status := post(update); status != http.StatusOK {
					t.Errorf("%s: %d", update, status)
				}
			}
		}
		for _, in := range r.ears.heard() {
			t.Errorf("%s became %s", in.Raw, summary(in))
		}
	})
}

func TestLanguageCodes(t *testing.T) {
	hooked(t, func(t *testing.T, r *rig, post func(string) int) {
		codes := []string{"es", "es-419", "pt-br", "it-IT", "zz", "", "😀", strings.Repeat("x", 5000)}
		for i, code := range codes {
			post(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"text":"x","from":{"id":7,"first_name":"A","language_code":%q}}}`, i+1, code))
		}
		for i, in := range r.hears(len(codes)) {
			want := codes[i][:min(len(codes[i]), 4096)]
			if in.Event.Language != want {
				t.Errorf("language %.40q became %.40q", codes[i], in.Event.Language)
			}
		}
	})
}
