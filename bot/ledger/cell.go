package ledger

import (
	"strings"
	"unicode"
)

// formulaStarts are the characters at which spreadsheets begin to calculate,
// with the full-width ones that some treat alike.
const formulaStarts = "=+-@＝＋－＠"

// risky reports whether a spreadsheet may take s for a formula, now or after it
// has dropped leading spaces and apostrophes. What is risky stays so with an
// apostrophe before it, which is what makes guard and unguard exact.
func risky(s string) bool {
	if rest := strings.TrimLeft(s, "'"); rest != "" && strings.ContainsRune("\t\r\n", rune(rest[0])) {
		return true
	}
	for _, r := range strings.TrimLeftFunc(s, func(r rune) bool { return r == '\'' || unicode.IsSpace(r) }) {
		return strings.ContainsRune(formulaStarts, r)
	}
	return false
}

// guard puts an apostrophe before what a spreadsheet may take for a formula.
func guard(s string) string {
	if risky(s) {
		return "'" + s
	}
	return s
}

// unguard takes off the apostrophe that guard put there: unguard(guard(s)) is s.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && risky(rest) {
		return rest
	}
	return s
}

// reguard writes a cell of a file back that may have been guarded when it came.
func reguard(s string) string { return guard(unguard(s)) }

// oneLine is s without control characters, runs of space as one.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)), " ")
}

// lines is s without control characters but line ends and tabs, and without
// space around it.
func lines(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s))
}
