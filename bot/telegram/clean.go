package telegram

import (
	"strings"
	"unicode/utf8"
)

// maxTyped is how much of one message is read, in runes.
const maxTyped = 4096

// clean makes s valid UTF-8 without NUL, which neither a database nor Telegram
// takes.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// typed is clean text of at most maxTyped runes.
func typed(s string) string {
	s = clean(s)
	if len(s) <= maxTyped {
		return s
	}
	n := 0
	for i := range s {
		if n == maxTyped {
			return s[:i]
		}
		n++
	}
	return s
}
