package telegram_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
	"reschedulebot/conversation"
)

// shown sends a reply and returns what the person sees of it.
func shown(t *testing.T, reply conversation.Reply) []faketelegram.Message {
	t.Helper()
	srv := faketelegram.New(faketelegram.Options{})
	p, err := telegram.New(telegram.Config{Token: faketelegram.Token, APIURL: "http://telegram.invalid", Transport: srv.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	ana := srv.Person("Ana", "es")
	if _, err := p.Send(t.Context(), bot.Outgoing{Kind: bot.Message, Chat: address(ana), Reply: reply}); err != nil {
		t.Fatal(err)
	}
	for _, c := range srv.Calls("sendMessage") {
		if c.Status != 200 {
			t.Errorf("Telegram refused: %s", c.Description)
		}
	}
	return ana.Messages()
}

// What a person typed comes back to the letter, in every style, and never as
// markup.
func TestHostileText(t *testing.T) {
	for _, text := range []string{
		`<b>bold</b> & <a href="tg://user?id=1">me</a>`,
		`&lt;b&gt; &amp;amp; &#60; &quot; &nbsp;`,
		`</b></code></pre>`,
		"_*[]()~`>#+-=|{}.!\\",
		`<script>alert("x")</script>`,
		"שלום <b> \u202egnp.exe",
		"👩‍👩‍👧‍👦 🏳️‍🌈 𝕏 é",
		`%s %d %!(EXTRA) {{.}} ${x} \n`,
		`a<`, `&`, `<`, `>`, `"`, `&#`, `<!-- x -->`,
	} {
		for _, style := range []conversation.Style{conversation.Plain, conversation.Strong, conversation.Code, "?"} {
			got := shown(t, conversation.Reply{Text: conversation.Text{
				{Spans: []conversation.Span{{Text: "name: "}, {Text: text, Style: style}, {Text: "."}}},
				{Item: true, Spans: []conversation.Span{{Text: text, Style: style}}},
			}})
			want := "name: " + text + ".\n• " + text
			if len(got) != 1 || got[0].Text != want {
				t.Errorf("%q in style %q is shown as %+v", text, style, got)
				continue
			}
			for _, kind := range []string{"bold", "code"} {
				n := len(got[0].Styled(kind))
				if styled := kind == map[conversation.Style]string{conversation.Strong: "bold", conversation.Code: "code"}[style]; styled != (n == 2) || !styled && n > 0 {
					t.Errorf("%q in style %q: %q is %s", text, style, got[0].Styled(kind), kind)
				}
			}
		}
	}
}

// Text that Telegram or a database could not hold is made so that they can.
func TestBrokenText(t *testing.T) {
	got := shown(t, conversation.Reply{Text: conversation.Text{line("a\x00b\xffc")}, Choices: []conversation.Choice{{Label: "d\xff\x00<e>", Value: "x"}}})
	if len(got) != 1 || got[0].Text != "ab\uFFFDc" || got[0].Labels()[0] != "d\uFFFD<e>" {
		t.Errorf("shown as %+v", got)
	}
}

func TestLongText(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("word ", 3000))
	emoji := strings.Repeat("😀", 5000)
	for _, test := range []struct {
		name string
		text conversation.Text
		want int // messages
	}{
		{"just fits", conversation.Text{line(strings.Repeat("x", 4096))}, 1},
		{"just not", conversation.Text{line(strings.Repeat("x", 4097))}, 2},
		{"two paragraphs that fit", conversation.Text{line(strings.Repeat("x", 2047)), line(strings.Repeat("y", 2048))}, 1},
		{"two paragraphs that don't", conversation.Text{line(strings.Repeat("x", 2048)), line(strings.Repeat("y", 2048))}, 2},
		{"characters that grow when escaped", conversation.Text{line(strings.Repeat("&", 4096))}, 1},
		{"words", conversation.Text{line(words)}, 4},
		{"emoji of two units", conversation.Text{line(emoji)}, 3},
		{"an odd number of units", conversation.Text{line("x" + emoji)}, 3},
		{"one list item", conversation.Text{{Item: true, Spans: []conversation.Span{{Text: strings.Repeat("x", 4095)}}}}, 2},
		{"many styles", conversation.Text{{Spans: []conversation.Span{
			{Text: words, Style: conversation.Strong}, {Text: emoji, Style: conversation.Code}, {Text: words}}}}, 11},
		{"blank parts between", conversation.Text{line("x"), line(strings.Repeat(" ", 9000)), line("y")}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := shown(t, conversation.Reply{Text: test.text, Choices: []conversation.Choice{{Label: "OK", Value: "ok"}}})
			if len(got) != test.want {
				t.Errorf("%d messages, want %d", len(got), test.want)
			}
			var all strings.Builder
			for i, m := range got {
				if n := len(utf16.Encode([]rune(m.Text))); n > 4096 || n == 0 {
					t.Errorf("message %d has %d units", i, n)
				}
				if !utf8.ValidString(m.Text) || strings.ContainsRune(m.Text, utf8.RuneError) {
					t.Errorf("message %d cuts a character", i)
				}
				if (len(m.Buttons) > 0) != (i == len(got)-1) {
					t.Errorf("message %d has the buttons %v", i, m.Buttons)
				}
				all.WriteString(m.Text)
			}
			if got, want := letters(all.String()), letters(test.text.Plain()); got != want {
				t.Errorf("%d characters arrived of %d", len(got), len(want))
			}
		})
	}
}

// letters is a text without white space and list marks.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n•-", r) {
			return -1
		}
		return r
	}, s)
}

func FuzzRender(f *testing.F) {
	for _, seed := range []string{"a", "<b>", "&amp;", "a\x00\xff", "😀 x", " \n", strings.Repeat("😀 <", 3000), "\u2028", "a\r\nb"} {
		f.Add(seed, "x", false)
		f.Add("x", seed, true)
	}
	f.Fuzz(func(t *testing.T, one, two string, item bool) {
		if len(one)+len(two) > 40_000 {
			return
		}
		reply := conversation.Reply{Text: conversation.Text{
			{Item: item, Spans: []conversation.Span{{Text: "|"}, {Text: one, Style: conversation.Strong}, {Text: two}, {Text: one, Style: conversation.Code}}},
			line(two),
			line("|"),
		}}
		var all strings.Builder
		for _, m := range shown(t, reply) {
			all.WriteString(m.Text)
		}
		clean := func(s string) string {
			return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
		}
		want := solid("|" + clean(one) + clean(two) + clean(one) + clean(two) + "|")
		if got := solid(all.String()); got != want {
			t.Errorf("shown as %q, want %q", got, want)
		}
	})
}

// solid is a text without what Telegram trims or the adapter adds.
func solid(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ReplaceAll(s, "\uFFFD", ""), "•", "")), "")
}

// Every button can be read back as what it was made of, and whatever else comes
// back is a press on a question that never was.
func FuzzParseButton(f *testing.F) {
	for _, seed := range []string{"1|12|illness", "0", "", "1||", "1|-1|x", "1|+1|x", "1|01|x", "1|1|x|y", "2|1|x", "1|1|é", "1|9999999999999999999|x", "1|1| x", "\x00", "1|1|" + strings.Repeat("x", 61)} {
		f.Add(seed)
	}
	srv := faketelegram.New(faketelegram.Options{})
	r := newRig(f, srv, telegram.Config{APIURL: "http://telegram.invalid", Transport: srv.Transport(), WebhookURL: "https://bot.example.com", WebhookSecret: "s3cret"})
	r.opened(f)
	f.Fuzz(func(t *testing.T, data string) {
		e := r.reads(t, fmt.Sprintf(`{"update_id":1,"callback_query":{"id":"7","from":{"id":7},"message":{"message_id":6,"date":1,"chat":{"id":7,"type":"private"}},"data":%s}}`, quoted(data))).Event
		if e.Rev < 0 {
			if e.Rev != -1 || e.Value != "" {
				t.Errorf("%q was read as %d, %q", data, e.Rev, e.Value)
			}
			return
		}
		if made := fmt.Sprintf("1|%d|%s", e.Rev, e.Value); made != data || len(data) > 64 {
			t.Errorf("%q was read as %d, %q, which makes %q", data, e.Rev, e.Value, made)
		}
		got := shown(t, conversation.Reply{Text: conversation.Text{line("x")}, Rev: e.Rev, Choices: []conversation.Choice{{Label: "x", Value: e.Value}}})
		if got[0].Buttons[0][0].Data != data {
			t.Errorf("%q is sent as %q", data, got[0].Buttons[0][0].Data)
		}
	})
}
