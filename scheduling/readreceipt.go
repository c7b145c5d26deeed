package scheduling

import (
	"strings"
	"unique"
)

func compactReceipt(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '.':
			return -1
		}
		return r
	}, strings.ToUpper(Plain(s)))
}

func isReceipt(s string) bool {
	return len(s) == 13 && strings.Trim(s[:3], letters) == "" && strings.Trim(s[3:], "0123456789") == ""
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// prefixes are those on receipt numbers today; others may be right, too (R28).
var prefixes = [...]string{"EAC", "WAC", "LIN", "SRC", "MSC", "NBC", "IOE", "YSC"}

func isPrefix(s string) bool {
	for _, p := range prefixes {
		if s == p {
			return true
		}
	}
	return false
}

// notPrefixes are three-letter words that stand before ten digits of something
// else: phone numbers and dates.
const notPrefixes = " THE TEL CEL FAX MOB NUM NRO CAL AND FOR DOB USA SSN " +
	"JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC ENE ABR AGO DIC MON TUE WED THU FRI SAT SUN "

// repairPrefix reads three characters as a known prefix, confusing 0 with O and 1
// or L with I (R28).
func repairPrefix(s string) (prefix string, repaired, ok bool) {
	if isPrefix(s) {
		return s, false, true
	}
	if strings.Trim(s, "01") == "" {
		return "", false, false
	}
	for _, p := range prefixes {
		if mistaken(s, p) {
			return p, true, true
		}
	}
	return s, false, false
}

// mistaken reports whether typed differs from meant only by look-alikes.
func mistaken(typed, meant string) bool {
	for i := range 3 {
		switch typed[i:i+1] + meant[i:i+1] {
		case "0O", "1I", "1L", "LI", "IL":
		default:
			if typed[i] != meant[i] {
				return false
			}
		}
	}
	return true
}

// repairDigits maps the letters that are taken for digits (R28).
var repairDigits = strings.NewReplacer("O", "0", "I", "1", "L", "1")

func digitish(s string) bool { return s != "" && strings.Trim(s, "0123456789OIL*") == "" }

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789*") }

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// readReceipt reads a receipt number that begins with piece i.
func readReceipt(p []piece, i int) Identifier {
	prefix, attached, next := cutPrefix(p, i)
	if prefix == "" {
		return nothing
	}
	known, repaired, isKnown := repairPrefix(prefix)
	if !isKnown && strings.Trim(prefix, letters) != "" {
		return nothing
	}
	number, end := collect(p, next, attached)
	if number == "" {
		return nothing
	}
	alone := i == 0 && end == len(p)
	tight := attached != "" || next < len(p) && p[next].gap == dash
	if !isKnown && !tight && (!alone || strings.Contains(notPrefixes, " "+prefix+" ")) {
		return nothing
	}
	digits := repairDigits.Replace(number)
	repaired = repaired || digits != number
	n := len(digits)
	switch {
	case strings.Contains(digits, "*") && (isKnown || n == 10):
		return Identifier{Kind: ReceiptMasked}
	case strings.Contains(digits, "*"):
	case n == 10 && repaired:
		return Identifier{Kind: ReceiptRepaired, Receipt: Receipt{unique.Make(known + digits)}}
	case n == 10 && isKnown:
		return Identifier{Kind: ReceiptExact, Receipt: Receipt{unique.Make(known + digits)}}
	case n == 10:
		return Identifier{Kind: ReceiptOddPrefix, Receipt: Receipt{unique.Make(known + digits)}}
	case n < 10 && (isKnown && (alone || n >= 5) || tight && n >= 7):
		return Identifier{Kind: ReceiptShort, Digits: n}
	case n > 10 && (isKnown || tight && n <= 13):
		return Identifier{Kind: ReceiptLong, Digits: n}
	}
	return nothing
}

// cutPrefix takes three characters that may be a prefix off the front of piece i,
// or off three pieces of one character each ("I O E"). attached is what follows
// in the same piece, next the piece after.
func cutPrefix(p []piece, i int) (prefix, attached string, next int) {
	const likeLetters = letters + "01"
	text := p[i].text
	if len(text) == 1 && i+2 < len(p) && len(p[i+1].text) == 1 && p[i+1].joins() && len(p[i+2].text) == 1 && p[i+2].joins() {
		if spelled := text + p[i+1].text + p[i+2].text; isPrefix(spelled) {
			return spelled, "", i + 3
		}
	}
	if len(text) < 3 || strings.Trim(text[:3], likeLetters) != "" {
		return "", "", 0
	}
	attached = text[3:]
	if attached != "" && !digitish(attached) {
		return "", "", 0
	}
	return text[:3], attached, i + 1
}

// collect gathers the digits that follow a prefix across spaces, dashes and dots,
// and the index of the piece that ends them. Ten digits are enough where a space
// and more of a sentence follow: "IOE0000000101 2 weeks ago".
func collect(p []piece, i int, attached string) (number string, end int) {
	number = attached
	for ; i < len(p) && p[i].joins() && digitish(p[i].text) && !p[i].cut; i++ {
		if len(number) == 10 && p[i].gap == space && wordsFollow(p[i:]) {
			break
		}
		if !digitFollows(p[i:]) {
			break // a word such as "I" or "oil", not a misread digit
		}
		number += p[i].text
	}
	return number, i
}

// digitFollows reports whether a piece that looks like digits is one, or others
// like it lead on to one, within the ten of a receipt number: "OOOO-OOO-1O1".
func digitFollows(p []piece) bool {
	n := 0
	for i, piece := range p {
		switch n += len(piece.text); {
		case i > 0 && (!piece.joins() || piece.cut) || !digitish(piece.text):
			return false
		case hasDigit(piece.text):
			return true
		case n >= 10:
			return false
		}
	}
	return false
}

func wordsFollow(p []piece) bool {
	for _, piece := range p {
		if !digitish(piece.text) || piece.gap == other {
			return true
		}
	}
	return false
}
