package text

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	buttonVersion = "1"
	// ButtonBytes is the most that a button brings back: Telegram's limit, which
	// is the narrowest.
	ButtonBytes = 64
)

// Button is what a button brings back: version|revision|value. An error says
// that a choice does not fit.
func Button(rev int, value string) (string, error) {
	data := buttonVersion + "|" + strconv.Itoa(rev) + "|" + value
	if rev < 0 || !validValue(value) || len(data) > ButtonBytes {
		return "", fmt.Errorf("a choice that does not fit a button: revision %d, value of %d bytes", rev, len(value))
	}
	return data, nil
}

// ParseButton reads it. Anything that Button did not make is revision -1, which
// no question ever had.
func ParseButton(data string) (rev int, value string) {
	version, rest, _ := strings.Cut(data, "|")
	number, value, _ := strings.Cut(rest, "|")
	rev, err := strconv.Atoi(number)
	if err != nil || version != buttonVersion || len(data) > ButtonBytes {
		return -1, ""
	}
	if made, err := Button(rev, value); err != nil || made != data {
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
