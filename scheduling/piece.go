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
	cut  bool // a slash or a colon stands between it and another number: a date, a time
}

// joins reports whether the piece may continue the one before.
func (p piece) joins() bool { return p.gap != other }

// split takes a text apart for finding identifiers in it.
func split(s string) []piece {
	var pieces []piece
	var word strings.Builder
	next := piece{}
	finish := func() {
		next.text = word.String()
		word.Reset()
		if next.text == "" {
			return
		}
		if bold := strings.Trim(next.text, "*"); bold != "" && strings.HasPrefix(next.text, "*") && strings.HasSuffix(next.text, "*") {
			next.text = bold
		}
		if last := len(pieces) - 1; next.cut {
			next.cut = last >= 0 && hasDigit(pieces[last].text) && hasDigit(next.text)
			if next.cut {
				pieces[last].cut = true
			}
		}
		pieces = append(pieces, next)
		next = piece{}
	}
	for _, r := range plain(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '*' {
			word.WriteRune(unicode.ToUpper(r))
			continue
		}
		finish()
		switch r {
		case ' ', '#':
			if next.gap == dot {
				next.gap = other // the end of a sentence
			}
		case '.':
			next.gap = max(next.gap, dot)
		case '-', '_':
			next.gap = max(next.gap, dash)
		case '+':
			next.gap, next.plus = other, true
		case '/', ':':
			next.gap, next.cut = other, true
		default:
			next.gap = other
		}
	}
	finish()
	return pieces
}
