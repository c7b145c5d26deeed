package slack_test

import (
	"strings"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/conversation"
)

// card is a card with buttons for the staff channel.
func card(room string) bot.Outgoing {
	return bot.Outgoing{Kind: bot.Draw, Chat: room, ID: "card-1", Language: "en", Card: conversation.Card{
		Title: "R1 · Ana L. · …0101", Text: conversation.Text{line("Wants another time.")},
		Facts: []conversation.Fact{{Label: "Now", Value: conversation.Text{line("Dec 3, 10:20")}}},
		Buttons: []conversation.Button{
			{Label: "Claim", Act: "claim", Ref: "request-1"},
			{Label: "Confirm", Act: "confirm", Ref: "request-1", Weight: conversation.Main},
			{Label: "Refuse", Act: "refuse", Ref: "request-1", Weight: conversation.Grave},
		},
		Note: conversation.Text{line("Nobody holds it.")},
	}}
}

// below is something said in the thread of a card.
func below(card, words string) bot.Outgoing {
	return bot.Outgoing{Kind: bot.Message, Chat: strings.Split(card, ":")[0], Thread: card, ID: "letter-9", Language: "en",
		Reply: conversation.Reply{Text: conversation.Text{line(words)}, Private: true}}
}

func line(text string) conversation.Paragraph {
	return conversation.Paragraph{Spans: []conversation.Span{{Text: text}}}
}

// says is a message of one line.
func says(p *fakeslack.Person, text string) bot.Outgoing {
	return bot.Outgoing{Kind: bot.Message, Chat: p.ID, ID: "letter-1", Language: "en", Reply: conversation.Reply{Text: conversation.Text{line(text)}}}
}

// asks is one with buttons.
func asks(p *fakeslack.Person, text string, labels ...string) bot.Outgoing {
	m := says(p, text)
	m.Reply.Rev = 7
	for i, l := range labels {
		m.Reply.Choices = append(m.Reply.Choices, conversation.Choice{Label: l, Value: string(rune('a' + i))})
	}
	return m
}
