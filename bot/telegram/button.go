package telegram

import (
	"fmt"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

const (
	buttonVersion = "1"
	buttonBytes   = 64 // Telegram's limit for callback data
	// spentButton is the data of a button that only shows the answer given. It
	// parses as a press on a keyboard of long ago.
	spentButton = "0"
)

// buttonData is what a button brings back: version|revision|value.
func buttonData(rev int, value string) (string, error) {
	data := buttonVersion + "|" + strconv.Itoa(rev) + "|" + value
	if rev < 0 || !validValue(value) || len(data) > buttonBytes {
		return "", fmt.Errorf("a choice that does not fit a button: revision %d, value of %d bytes", rev, len(value))
	}
	return data, nil
}

// parseButton reads it. Anything that buttonData did not make is revision -1,
// which no question ever had.
func parseButton(data string) (rev int, value string) {
	version, rest, _ := strings.Cut(data, "|")
	number, value, _ := strings.Cut(rest, "|")
	rev, err := strconv.Atoi(number)
	if err != nil || version != buttonVersion || len(data) > buttonBytes {
		return -1, ""
	}
	if made, err := buttonData(rev, value); err != nil || made != data {
		return -1, ""
	}
	return rev, value
}

func validValue(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return s != ""
}

// keyboard puts each choice on a row of its own, with the number that can be
// typed instead. A single choice needs none.
func keyboard(r conversation.Reply) (*tgbotapi.InlineKeyboardMarkup, error) {
	if len(r.Choices) == 0 {
		return nil, nil
	}
	rows := make([][]tgbotapi.InlineKeyboardButton, len(r.Choices))
	for i, c := range r.Choices {
		data, err := buttonData(r.Rev, c.Value)
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
