package slack_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"reschedulebot/bot"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
)

// whole checks what every event of this platform keeps to.
func whole(t *testing.T, in bot.Incoming) {
	t.Helper()
	e := in.Event
	words := []string{e.Text, e.Value, e.Language, in.Chat, in.Message, in.EventID, in.Quarantine, in.Thread}
	if e.Attached != nil {
		words = append(words, e.Attached.ID, e.Attached.Name)
	}
	if a := in.Act; a != nil {
		words = append(words, a.Name, a.Ref, a.Typed)
		for name, value := range a.Fields {
			words = append(words, name, value)
		}
	}
	for _, s := range words {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") || utf8.RuneCountInString(s) > 5000 {
			t.Errorf("%.80q can't be stored", s)
		}
	}
	if in.Platform != "slack" || in.EventID == "" || len(in.EventID) > 200 || len(in.Chat) > 50 {
		t.Errorf("an event that can't be told from others: %+v", in)
	}
	if (in.Quarantine == "") != (in.Chat != "" && (e.Kind != "") != (in.Act != nil)) {
		t.Errorf("an event of nobody: %+v", in)
	}
}

func FuzzReadDelivery(f *testing.F) {
	for _, seed := range []struct{ kind, payload string }{
		{"events_api", `{"type":"event_callback","team_id":"T1","event":{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"<http://a|a> &amp;","ts":"1.2"}}`},
		{"events_api", `{"type":"event_callback","team_id":"T1","event":{"type":"message","subtype":"message_changed","channel":"D1","channel_type":"im","message":{"user":"U1","text":"a","ts":"1.2","edited":{"ts":"1.3"}},"previous_message":{"text":"b"}}}`},
		{"events_api", `{"type":"event_callback","team_id":"T1","event":{"type":"message","subtype":"file_share","channel":"D1","channel_type":"im","user":"U1","ts":"1.2","files":[{}]}}`},
		{"events_api", `{"type":"event_callback","team_id":"T1","event":{"type":"message","subtype":"message_changed","channel_type":"im","message":null}}`},
		{"interactive", `{"type":"block_actions","user":{"id":"U1","team_id":"T1"},"team":{"id":"T1"},"container":{"channel_id":"D1","message_ts":"1.2"},"actions":[{"action_id":"choice-1","value":"1|2|yes","action_ts":"1.3"}]}`},
		{"interactive", `{"type":"block_actions","user":{"id":"U1","team_id":"T1"},"trigger_id":"1.2","container":{"channel_id":"C0ROOM","message_ts":"1.2"},"actions":[{"action_id":"act:claim#1","value":"r1","action_ts":"1.3"}]}`},
		{"interactive", `{"type":"block_actions","user":{"id":"U1","team_id":"T1"},"view":{"id":"V1","type":"home"},"actions":[{"action_id":"act:filter#2","value":"mine","action_ts":"1.3"}]}`},
		{"interactive", `{"type":"view_submission","user":{"id":"U1","team_id":"T1"},"trigger_id":"1.2","view":{"id":"V1","callback_id":"form:another","private_metadata":"r1","blocks":[{"type":"input","block_id":"date"}],"state":{"values":{"date":{"value":{"selected_date":"2026-12-03"}}}}}}`},
		{"interactive", `{"type":"block_suggestion","user":{"id":"U1","team_id":"T1"},"action_id":"sites","value":"chi","view":{"id":"V1"}}`},
		{"events_api", `{"type":"event_callback","team_id":"T1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home","event_ts":"1.2"}}`},
		{"events_api", `{"type":"event_callback","team_id":"T1","event":{"type":"message","channel":"C0ROOM","channel_type":"group","user":"U1","text":"a","ts":"1.3","thread_ts":"1.2"}}`},
		{"interactive", `{"type":"block_actions","user":null,"team":null,"actions":[null]}`},
		{"slash_commands", `{"command":"/biometrics","text":"reschedule IOE0000000101","team_id":"T1","user_id":"U1","trigger_id":"1.2.abc"}`},
		{"hello", `{}`}, {"events_api", `{"type":7}`}, {"events_api", "\xff"}, {"", ""},
	} {
		f.Add(seed.kind, []byte(seed.payload))
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		if in, takes := slack.Reads(kind, payload); takes {
			whole(t, in)
		}
	})
}

func FuzzReadEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"type":"events_api","envelope_id":"a-1","payload":{}}`, `{"type":"hello"}`, `{"envelope_id":"a-1","type":`, `[]`, `{"envelope_id":"<script>"}`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		kind, payload := slack.ReadsFrame(frame)
		if kind == "" {
			t.Errorf("%q is of no kind", frame)
		}
		if in, takes := slack.Reads(kind, payload); takes {
			whole(t, in)
		}
	})
}

func FuzzTyped(f *testing.F) {
	for _, seed := range []string{"<http://a|b>", "<", ">", "<<>>", "&lt;&amp;lt;", "<@U1|>", "<!date^1^x|y>", "<|>", "a\x00\xff", strings.Repeat("&lt;", 5000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := slack.Typed(text)
		whole(t, bot.Incoming{Platform: "slack", EventID: "1", Chat: "U1", Event: conversation.Event{Kind: conversation.Said, Text: got}})
	})
}

// What somebody typed comes back as they typed it, once Slack has escaped it.
func FuzzEscaped(f *testing.F) {
	for _, seed := range []string{"<b>&amp;</b>", "a & b > c", "&lt;", "IOE0000000101"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 4096 || strings.ContainsAny(text, "\x00\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u00A0\u2007\u202F\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200B\u2060\uFEFF") {
			return
		}
		escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
		if got := slack.Typed(escaped); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
	})
}
