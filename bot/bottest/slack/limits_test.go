package fakeslack_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// of makes n of something, numbered.
func of(n int, format string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(parts, ",")
}

func x(n int) string { return strings.Repeat("x", n) }

func TestBlockLimits(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	button := `{"type":"button","action_id":"a#","text":{"type":"plain_text","text":"Go"}}`
	option := `{"text":{"type":"plain_text","text":"o#"},"value":"v#"}`
	section := func(text string) string {
		return `{"type":"section","text":{"type":"mrkdwn","text":"` + text + `"}}`
	}
	actions := func(elements string) string { return `{"type":"actions","elements":[` + elements + `]}` }
	menu := func(more string) string {
		return actions(`{"type":"static_select","action_id":"m",` + more + `}`)
	}
	for _, c := range []struct{ name, blocks, want string }{
		{"50 blocks", of(50, `{"type":"divider"}`), ""},
		{"51 blocks", of(51, `{"type":"divider"}`), "/blocks"},
		{"a block id twice", of(2, `{"type":"divider","block_id":"b"}`), "/blocks/1/block_id"},
		{"a long block id", `{"type":"divider","block_id":"` + x(256) + `"}`, "/blocks/0/block_id"},
		{"an unknown block", `{"type":"alert"}`, "/blocks/0/type"},
		{"3,000 characters", section(x(3000)), ""},
		{"3,001 characters", section(x(3001)), "/blocks/0/text/text"},
		{"an empty text", section(""), "/blocks/0/text/text"},
		{"an empty section", `{"type":"section"}`, "/blocks/0"},
		{"emoji in mrkdwn", `{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":false}}`, "/blocks/0/text"},
		{"10 fields", `{"type":"section","fields":[` + of(10, `{"type":"mrkdwn","text":"`+x(2000)+`"}`) + `]}`, ""},
		{"11 fields", `{"type":"section","fields":[` + of(11, `{"type":"mrkdwn","text":"x"}`) + `]}`, "/blocks/0/fields"},
		{"a long field", `{"type":"section","fields":[{"type":"plain_text","text":"` + x(2001) + `"}]}`, "/blocks/0/fields/0/text"},
		{"a long header", `{"type":"header","text":{"type":"plain_text","text":"` + x(151) + `"}}`, "/blocks/0/text/text"},
		{"a header in mrkdwn", `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`, "/blocks/0/text/type"},
		{"10 in a context", `{"type":"context","elements":[` + of(10, `{"type":"mrkdwn","text":"x"}`) + `]}`, ""},
		{"11 in a context", `{"type":"context","elements":[` + of(11, `{"type":"mrkdwn","text":"x"}`) + `]}`, "/blocks/0/elements"},
		{"25 buttons", actions(of(25, button)), ""},
		{"26 buttons", actions(of(26, button)), "/blocks/0/elements"},
		{"an action id twice", actions(of(2, strings.ReplaceAll(button, "#", ""))), "/blocks/0"},
		{"a long label", actions(`{"type":"button","text":{"type":"plain_text","text":"` + x(76) + `"}}`), "/blocks/0/elements/0/text/text"},
		{"a label in mrkdwn", actions(`{"type":"button","text":{"type":"mrkdwn","text":"x"}}`), "/blocks/0/elements/0/text/type"},
		{"a long value", actions(`{"type":"button","value":"` + x(2001) + `","text":{"type":"plain_text","text":"x"}}`), "/blocks/0/elements/0/value"},
		{"a long action id", actions(`{"type":"button","action_id":"` + x(256) + `","text":{"type":"plain_text","text":"x"}}`), "/blocks/0/elements/0/action_id"},
		{"a style of its own", actions(`{"type":"button","style":"default","text":{"type":"plain_text","text":"x"}}`), "/blocks/0/elements/0/style"},
		{"a question without words", actions(`{"type":"button","confirm":{},"text":{"type":"plain_text","text":"x"}}`), "/blocks/0/elements/0/confirm/title"},
		{"a text input among the buttons", actions(`{"type":"plain_text_input"}`), "/blocks/0/elements/0/type"},
		{"100 options", menu(`"options":[` + of(100, option) + `]`), ""},
		{"101 options", menu(`"options":[` + of(101, option) + `]`), "/blocks/0/elements/0/options"},
		{"no options", menu(`"options":[]`), "/blocks/0/elements/0"},
		{"a long option", menu(`"options":[{"value":"v","text":{"type":"plain_text","text":"` + x(76) + `"}}]`), "/blocks/0/elements/0/options/0/text/text"},
		{"a long option value", menu(`"options":[{"value":"` + x(151) + `","text":{"type":"plain_text","text":"x"}}]`), "/blocks/0/elements/0/options/0/value"},
		{"a long placeholder", menu(`"placeholder":{"type":"plain_text","text":"` + x(151) + `"},"options":[` + of(1, option) + `]`), "/blocks/0/elements/0/placeholder/text"},
		{"another choice at first", menu(`"options":[` + of(1, option) + `],"initial_option":{"value":"w","text":{"type":"plain_text","text":"o0"}}`), "/blocks/0/elements/0/initial_option"},
		{"5 in an overflow menu", actions(`{"type":"overflow","options":[` + of(5, option) + `]}`), ""},
		{"6 in an overflow menu", actions(`{"type":"overflow","options":[` + of(6, option) + `]}`), "/blocks/0/elements/0/options"},
		{"no date", actions(`{"type":"datepicker","initial_date":"2026-13-01"}`), "/blocks/0/elements/0/initial_date"},
		{"no time", actions(`{"type":"timepicker","initial_time":"9:30"}`), "/blocks/0/elements/0/initial_time"},
		{"an input without an element", `{"type":"input","label":{"type":"plain_text","text":"x"}}`, "/blocks/0/element"},
		{"a picture without words", `{"type":"image","image_url":"https://example.com/x.png"}`, "/blocks/0"},
	} {
		r := b.call("chat.postMessage", quiet("channel", lee.ID, "text", "x", "blocks", "["+c.blocks+"]")...)
		switch {
		case c.want == "" && !r.OK:
			t.Errorf("%s: refused, %q", c.name, r.Metadata.Messages)
		case c.want != "" && (r.Error != "invalid_blocks" || !strings.Contains(fmt.Sprint(r.Metadata.Messages), "[json-pointer:"+c.want)):
			t.Errorf("%s: %q %q, want it at %s", c.name, r.Error, r.Metadata.Messages, c.want)
		}
	}
}

func TestViewLimits(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	plain := func(text string) map[string]any { return map[string]any{"type": "plain_text", "text": text} }
	input := map[string]any{"type": "input", "label": plain("Reason"), "element": map[string]any{"type": "plain_text_input", "action_id": "a"}}
	blocks := func(n int) []any {
		var all []any
		for range n {
			all = append(all, map[string]any{"type": "divider"})
		}
		return all
	}
	for _, c := range []struct {
		name, field string
		value       any
		want, at    string
	}{
		{"a modal", "callback_id", "x", "", ""},
		{"100 blocks", "blocks", blocks(100), "", ""},
		{"101 blocks", "blocks", blocks(101), "invalid_arguments", "/view/blocks]"},
		{"a long title", "title", plain(x(25)), "invalid_arguments", "/view/title/text"},
		{"no title", "title", nil, "invalid_arguments", "/view/title"},
		{"a long submit button", "submit", plain(x(25)), "invalid_arguments", "/view/submit/text"},
		{"an input and no submit button", "submit", nil, "invalid_arguments", "/view/submit"},
		{"3,000 characters of metadata", "private_metadata", x(3000), "", ""},
		{"3,001 characters of metadata", "private_metadata", x(3001), "invalid_arguments", "/view/private_metadata"},
		{"a long callback id", "callback_id", x(256), "invalid_arguments", "/view/callback_id"},
		{"a home tab", "type", "home", "invalid_arguments", "/view/type"},
		{"no blocks", "blocks", nil, "invalid_arguments", ""},
		{"very much", "private_metadata", x(250_000), "view_too_large", ""},
	} {
		id := lee.Command("/biometrics", "new")
		view := map[string]any{"type": "modal", "title": plain("New"), "submit": plain("Save"), "blocks": []any{input}}
		if view[c.field] = c.value; c.value == nil {
			delete(view, c.field)
		}
		r := b.callJSON("views.open", map[string]any{"trigger_id": trigger(srv, id), "view": view})
		if got := fmt.Sprint(r.Metadata.Messages); r.Error != c.want || !strings.Contains(got, c.at) {
			t.Errorf("%s: %q %s, want %q at %s", c.name, r.Error, got, c.want, c.at)
		}
	}
	raw, _ := json.Marshal(map[string]any{"type": "home", "blocks": blocks(101)})
	if r := b.call("views.publish", "user_id", lee.ID, "view", string(raw)); r.Error != "invalid_arguments" {
		t.Errorf("a home tab of 101 blocks: %q", r.Error)
	}
}
