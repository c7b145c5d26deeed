// Package text is what every chat platform needs done to words: made fit to
// store, cut to a length, put into a button and taken out again.
package text

import (
	"strings"
	"unicode/utf8"
)

// MaxTyped is how much of one message is read, in runes.
const MaxTyped = 4096

// Clean makes s valid UTF-8 without NUL, which neither a database nor a chat
// platform takes.
func Clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// Typed is clean text of at most MaxTyped runes.
func Typed(s string) string { return Head(Clean(s), MaxTyped) }

// Head is the first n runes of s.
func Head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
