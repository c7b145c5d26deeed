package telegram_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
)

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// opened opens the webhook until the end of the test.
func (r *rig) opened(tb testing.TB) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.p.Receive(ctx, r.ears.take) }()
	if err := r.srv.WaitCalls(ctx, "setMyShortDescription", 2); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Error(err)
		}
		r.srv.StopDelivering()
	})
}

// reads posts an update that must be taken, and returns how.
func (r *rig) reads(tb testing.TB, update string) bot.Incoming {
	tb.Helper()
	if status := post(r.p, update); status != http.StatusOK {
		tb.Fatalf("%s: %d", update, status)
	}
	got := r.ears.forget()
	if len(got) != 1 {
		tb.Fatalf("%s: %d events", update, len(got))
	}
	return got[0]
}

func (e *ears) forget() []bot.Incoming {
	e.mu.Lock()
	defer e.mu.Unlock()
	got := e.got
	e.got = nil
	return got
}

func FuzzReadUpdate(f *testing.F) {
	for _, seed := range []string{
		`"message":{"message_id":5,$ANA,$PRIVATE,"date":1700000000,"text":"/start abc"}`,
		`"message":{"message_id":5,$ANA,$PRIVATE,"date":1,"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}],"media_group_id":"9"}`,
		`"edited_message":{"message_id":5,$ANA,$PRIVATE,"date":1,"edit_date":2,"text":"x"}`,
		`"callback_query":{"id":"77",$ANA,"message":{"message_id":6,$PRIVATE,"date":1},"data":"1|12|illness"}`,
		`"my_chat_member":{$ANA,$PRIVATE,"date":3,"new_chat_member":{"status":"kicked"}}`,
		`"message":{"message_id":5,$ANA,$GROUP,"date":1,"text":"/help$ME"}`,
		`"message":{"message_id":5,"entities":[{"type":"bot_command","offset":-9,"length":99}],"text":"/x","chat":{"id":1,"type":"private"}}`,
		`"message":7`, `"poll":{}`,
	} {
		f.Add([]byte(`{"update_id":1,` + filled(seed) + `}`))
	}
	srv := faketelegram.New(faketelegram.Options{Brief: true})
	r := newRig(f, srv, telegram.Config{APIURL: "http://telegram.invalid", Transport: srv.Transport(), WebhookURL: "https://bot.example.com", WebhookSecret: "s3cret"})
	r.opened(f)
	f.Fuzz(func(t *testing.T, update []byte) {
		status := post(r.p, string(update))
		got := r.ears.forget()
		if status != http.StatusOK && status != http.StatusBadRequest || status == http.StatusBadRequest && len(got) > 0 || len(got) > 1 {
			t.Fatalf("answered %d, took %v", status, got)
		}
		for _, in := range got {
			whole(t, in)
		}
	})
}

// whole checks what every event of this platform keeps to.
func whole(t *testing.T, in bot.Incoming) {
	t.Helper()
	e := in.Event
	for _, s := range []string{e.Text, e.Value, e.Language, in.Chat, in.Message, in.EventID, in.Quarantine} {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") || utf8.RuneCountInString(s) > 5000 {
			t.Errorf("%.80q can't be stored", s)
		}
	}
	if in.Platform != "telegram" || in.EventID == "" || len(in.Raw) == 0 {
		t.Errorf("an incomplete event: %+v", in)
	}
	if in.Quarantine != "" {
		return
	}
	if _, err := strconv.ParseInt(in.Chat, 10, 64); err != nil {
		t.Errorf("nobody can answer to %q", in.Chat)
	}
	if (in.Reachable != nil) == (e.Kind != "") {
		t.Errorf("an event that says nothing: %+v", in)
	}
}
