package telegram

import (
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// spentButton is the data of a button that only shows the answer given. It
// parses as a press on a keyboard of long ago.
const spentButton = "0"

// keyboard puts each choice on a row of its own, with the number that can be
// typed instead. A single choice needs none.
func keyboard(r conversation.Reply) (*tgbotapi.InlineKeyboardMarkup, error) {
	if len(r.Choices) == 0 {
		return nil, nil
	}
	rows := make([][]tgbotapi.InlineKeyboardButton, len(r.Choices))
	for i, c := range r.Choices {
		data, err := text.Button(r.Rev, c.Value)
		if err != nil {
			return nil, err
		}
		label := text.Clean(c.Label)
		if len(r.Choices) > 1 {
			label = strconv.Itoa(i+1) + " · " + label
		}
		rows[i] = []tgbotapi.InlineKeyboardButton{tgbotapi.NewInlineKeyboardButtonData(label, data)}
	}
	return &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: rows}, nil
}

// spent is the keyboard of an answered question: one button that says what was
// answered, or nothing.
func spent(answer string) tgbotapi.InlineKeyboardMarkup {
	rows := [][]tgbotapi.InlineKeyboardButton{}
	if answer = strings.TrimSpace(text.Clean(answer)); answer != "" {
		rows = append(rows, tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("✓ "+answer, spentButton)))
	}
	return tgbotapi.InlineKeyboardMarkup{InlineKeyboard: rows}
}
