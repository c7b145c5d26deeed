package scheduling

import (
	"strings"
	"unicode"
)

// A gap is what stands between a piece of text and the one before it.
type gap int

const (
	space gap = iota // also # and the beginning
	dot
	dash
	other
)

// A piece is a run of letters, digits and asterisks, in upper case.
type piece struct {
	text string
	gap  gap
	plus bool // a plus sign stands before it: a phone number
	cut  bool // nothing but a slash or a colon stands between it and another number: a date, a time
}

// joins reports whether the piece may continue the one before.
func (p piece) joins() bool { return p.gap != other }

// split takes a text apart for finding identifiers in it.
func split(s string) []piece {
	var pieces []piece
	var word, between strings.Builder
	finish := func() {
		if word.Len() == 0 {
			return
		}
		next := piece{text: bare(word.String())}
		next.gap, next.plus = gapOf(between.String())
		if last := len(pieces) - 1; last >= 0 && (between.String() == "/" || between.String() == ":") && hasDigit(pieces[last].text) && hasDigit(next.text) {
			next.cut, pieces[last].cut = true, true
		}
		pieces = append(pieces, next)
		word.Reset()
		between.Reset()
	}
	for _, r := range Plain(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '*' {
			word.WriteRune(unicode.ToUpper(r))
			continue
		}
		finish()
		between.WriteRune(r)
	}
	finish()
	return pieces
}

// bare takes off the asterisks that make a word bold.
func bare(word string) string {
	if bold := strings.Trim(word, "*"); bold != "" && word[0] == '*' && word[len(word)-1] == '*' {
		return bold
	}
	return word
}

// gapOf judges the characters between two pieces. A dot with a space after it is
// the end of a sentence and joins nothing.
func gapOf(between string) (g gap, plus bool) {
	plus = strings.HasSuffix(strings.TrimRight(between, " ("), "+")
	switch {
	case strings.Trim(between, " #") == "":
		g = space
	case strings.Trim(between, " #-_.") != "" || strings.Contains(between, ". "):
		g = other
	case strings.ContainsAny(between, "-_"):
		g = dash
	default:
		g = dot
	}
	return g, plus
}
