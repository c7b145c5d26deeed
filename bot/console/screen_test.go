package console

import (
	"strings"
	"testing"

	"reschedulebot/conversation"
)

func reply(paragraphs ...conversation.Paragraph) conversation.Reply {
	return conversation.Reply{Text: paragraphs}
}

func line(text string) conversation.Paragraph {
	return conversation.Paragraph{Spans: []conversation.Span{{Text: text}}}
}

func item(text string) conversation.Paragraph {
	return conversation.Paragraph{Item: true, Spans: []conversation.Span{{Text: text}}}
}

func TestMessage(t *testing.T) {
	question := reply(line("Which one?"), item("an item that is longer"))
	question.Choices = []conversation.Choice{{Label: "First", Value: "a"}, {Label: "Second", Value: "b"}}
	strong := reply(conversation.Paragraph{Spans: []conversation.Span{
		{Text: "Bring "}, {Text: "the paper notice", Style: conversation.Strong}, {Text: "."},
	}})
	for _, test := range []struct {
		name  string
		look  Look
		reply conversation.Reply
		file  string
		want  string
	}{
		{"plain", Look{}, question, "", "Bot> Which one?\n     - an item that is longer\n     1. First\n     2. Second\n\n"},
		{"narrow", Look{Width: 27}, question, "", "Bot> Which one?\n     - an item that is\n       longer\n     1. First\n     2. Second\n\n"},
		{"a word longer than a line", Look{Width: 25}, reply(line(strings.Repeat("x", 30))), "",
			"Bot> " + strings.Repeat("x", 20) + "\n     " + strings.Repeat("x", 10) + "\n\n"},
		{"a file", Look{}, reply(line("Here.")), "[file a.ics, 3 bytes]", "Bot> Here.\n     [file a.ics, 3 bytes]\n\n"},
		{"styles are left out", Look{}, strong, "", "Bot> Bring the paper notice.\n\n"},
		{"styles", Look{Colour: true}, strong, "",
			"\x1b[1;34mBot>\x1b[0m Bring \x1b[1mthe paper notice\x1b[0m.\n\n"},
		{"a style goes on behind a break", Look{Colour: true, Width: 25}, strong, "",
			"\x1b[1;34mBot>\x1b[0m Bring \x1b[1mthe paper\x1b[0m\n     \x1b[1mnotice\x1b[0m.\n\n"},
		{"what was typed can't steer the terminal", Look{}, reply(line("a\x1b[2Jb\u202ec\u009bd\te\nf")), "",
			"Bot> a[2Jbcde\n     f\n\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			s := newScreen(&out, test.look)
			s.message("Bot", test.reply, test.file)
			if out.String() != test.want {
				t.Errorf("got\n%q\nwant\n%q", out.String(), test.want)
			}
		})
	}
}
