package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/conversation"
)

// hostile are words that somebody could type, or that are far too many.
func hostile() []string {
	return []string{
		"", " ", "\n", "plain", "<!channel> <!here> <@U1> <#C1> <https://uscis.gov|safe>", "*bold* _it_ ~no~ `code` ```block```", "& < > &amp; &lt;b&gt;",
		":smile: :no_entry:", "שלום \u202eabc\u202c مرحبا", "😀👩‍👩‍👧 ñ é", "> quoted\n> lines\n• item", "\t\ttabs   and   blanks ", `{"type":"mrkdwn"}`, "\x00\xff\xfe",
		strings.Repeat("x", 7000), strings.Repeat("😀", 7000), strings.Repeat("<!channel>", 700), strings.Repeat("word ", 1400), strings.Repeat("a\n", 3500),
	}
}

// styled are texts of words in every style, as paragraphs and as lists, that
// mention somebody and lead somewhere.
func styled(w string, lee *fakeslack.Person) []conversation.Text {
	var spans []conversation.Span
	for _, style := range []conversation.Style{conversation.Plain, conversation.Strong, conversation.Code} {
		spans = append(spans, conversation.Span{Text: w, Style: style})
	}
	var list conversation.Text
	for range 20 {
		list = append(list, conversation.Paragraph{Item: true, Spans: spans[:1]})
	}
	return []conversation.Text{
		{{Spans: spans[:1]}}, {{Spans: spans}, {Item: true, Spans: spans}, {}}, list,
		{{Spans: append(spans, conversation.Span{Text: w, Person: lee.ID}, conversation.Span{Text: w, Message: "C0ROOM:1700000000.000100"})}},
		{{Spans: []conversation.Span{{Text: w, Person: "<!here>"}, {Text: w, Message: "<!here>:1"}}}},
	}
}

// TestCardLimits walks hostile and huge content through everything that a card
// has: Slack takes it and interprets nothing of it.
func TestCardLimits(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	id := ""
	for _, w := range hostile() {
		for _, text := range styled(w, r.lee) {
			m := card(room.ID)
			m.RefersTo = id
			c := &m.Card
			c.Title, c.Text, c.Note = "!"+w, text, text
			c.Facts, c.Buttons = nil, nil
			for range 3 {
				c.Facts = append(c.Facts, conversation.Fact{Label: w, Value: text})
			}
			sure := &conversation.SureQuestion{Title: w, Text: w, Yes: w, No: w}
			for _, weight := range []conversation.Weight{conversation.Main, conversation.Grave, conversation.Usual, conversation.Usual, conversation.Usual} {
				c.Buttons = append(c.Buttons, conversation.Button{Label: w, Act: "claim", Ref: "request-1", Weight: weight, Sure: sure})
			}
			id = r.send(m)
			got := cards(room)[0]
			if len(cards(room)) != 1 || got.Text != "There is something for the biometrics desk." {
				t.Fatalf("%d cards stand, a locked screen shows %q", len(cards(room)), got.Text)
			}
			size := 0
			for _, b := range got.Blocks {
				size += plainOnly(t, b)
			}
			if size > 13_000 {
				t.Errorf("%.40q: a card of %d characters", w, size)
			}
			page := bot.Outgoing{Kind: bot.Home, Chat: r.lee.ID, Page: conversation.Page{Cards: []conversation.Card{*c, *c, *c}}}
			r.send(page)
			v, _ := r.lee.Home()
			for _, b := range v.Blocks {
				plainOnly(t, b)
			}
			r.send(below(id, "x"+w))
			digest := bot.Outgoing{Kind: bot.Message, Chat: room.ID, ID: "digest", Reply: conversation.Reply{Text: append(conversation.Text{line("-")}, text...)}}
			r.send(digest)
			for _, x := range room.Messages() {
				if x.Metadata.Type == "reschedulebot_letter" {
					r.send(bot.Outgoing{Kind: bot.Delete, Chat: room.ID, RefersTo: room.ID + ":" + x.TS})
				}
			}
		}
	}
	r.clean()
}

// plainOnly checks that nothing in a block is markup, and answers its length.
func plainOnly(t *testing.T, b fakeslack.Block) (runes int) {
	t.Helper()
	check := func(x *fakeslack.Text) {
		if x == nil {
			return
		}
		runes += utf8.RuneCountInString(x.Text)
		if x.Type == "mrkdwn" || x.Type == "plain_text" && (x.Emoji == nil || *x.Emoji) {
			t.Errorf("a text is %s, with emoji %v", x.Type, x.Emoji)
		}
	}
	check(b.Text)
	check(b.Label)
	check(b.Hint)
	var walk func([]fakeslack.Element)
	walk = func(all []fakeslack.Element) {
		for _, e := range all {
			if e.Type == "mrkdwn" || e.Type == "broadcast" || e.Type == "emoji" || e.Type == "user" && e.UserID == "<!here>" {
				t.Errorf("an element is %s", e.Type)
			}
			if b.Type != "context" || e.Type != "plain_text" {
				check(e.Text)
			}
			if c := e.Confirm; c != nil {
				for _, x := range []*fakeslack.Text{c.Title, c.Text, c.Confirm, c.Deny} {
					check(x)
				}
			}
			for _, o := range e.Options {
				check(o.Text)
			}
			walk(e.Elements)
		}
	}
	walk(b.Elements)
	if b.Element != nil {
		walk([]fakeslack.Element{*b.Element})
	}
	return runes
}

// TestFormLimits does the same with everything that a form has.
func TestFormLimits(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	var form conversation.Form
	r.ears.check = func(in bot.Incoming) error {
		f := form
		in.Answer.Form = &f
		return nil
	}
	r.receive()
	seen := ""
	for _, w := range hostile() {
		for _, text := range styled(w, r.lee) {
			form = conversation.Form{Name: "register", Ref: "case-1", Title: w, Submit: w, Text: text}
			kinds := []conversation.FieldKind{conversation.LineField, conversation.LinesField, conversation.DateField, conversation.ClockField, conversation.ChoiceField, conversation.SiteField}
			for i, kind := range kinds {
				f := conversation.Field{Name: fmt.Sprintf("f%d", i), Kind: kind, Label: w, Hint: w, Value: w, Shown: w, Most: i * 2000}
				f.Choices = append(f.Choices, conversation.Choice{Label: w, Value: w})
				for n := range 120 {
					f.Choices = append(f.Choices, conversation.Choice{Label: w, Value: fmt.Sprintf("v%d", n)})
				}
				form.Fields = append(form.Fields, f)
			}
			r.lee.Command("/biometrics", "add")
			v, err := r.lee.WaitModal(r.ctx, func(v fakeslack.View) bool { return v.ID != seen })
			if err != nil {
				t.Fatalf("%.40q: %v\n%s", w, err, r.log)
			}
			seen = v.ID
			for _, b := range v.Blocks {
				plainOnly(t, b)
			}
		}
	}
	r.clean()
}
