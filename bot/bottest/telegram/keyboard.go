package faketelegram

import (
	"encoding/json"
	"unicode/utf8"
)

const (
	dataBytes   = 64
	rowButtons  = 8
	allButtons  = 100
	labelBytes  = 4096
	markupBytes = 10_000
)

// readKeyboard reads reply_markup. A refusal is returned as the second value,
// with a status.
func readKeyboard(markup string) ([][]Button, answer) {
	if markup == "" || markup == "null" {
		return nil, answer{}
	}
	var k wireKeyboard
	if err := json.Unmarshal([]byte(markup), &k); err != nil {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	if k.Rows == nil {
		return nil, badRequest("object expected as reply markup")
	}
	if len(markup) > markupBytes {
		return nil, badRequest("reply markup is too long")
	}
	var rows [][]Button
	n := 0
	for _, row := range k.Rows {
		if len(row) == 0 {
			continue
		}
		if n += len(row); len(row) > rowButtons || n > allButtons {
			return nil, badRequest("BUTTON_COUNT_INVALID")
		}
		var buttons []Button
		for _, b := range row {
			switch {
			case b.Text == "" || len(b.Text) > labelBytes || !utf8.ValidString(b.Text):
				return nil, badRequest("BUTTON_INVALID")
			case b.Data == nil && b.URL == "":
				return nil, badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			case b.Data != nil && (len(*b.Data) < 1 || len(*b.Data) > dataBytes):
				return nil, badRequest("BUTTON_DATA_INVALID")
			}
			button := Button{Label: b.Text}
			if b.Data != nil {
				button.Data = *b.Data
			}
			buttons = append(buttons, button)
		}
		rows = append(rows, buttons)
	}
	return rows, answer{}
}
