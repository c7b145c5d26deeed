package scheduling

import (
	"strings"
	"unicode"
)

// Plain brings the look-alikes that keyboards, phones and PDF files produce to
// ASCII: digits and letters of other widths and scripts, every dash, every
// space. Characters without width are dropped. Nothing else changes.
func Plain(s string) string { return strings.Map(plainRune, s) }

func plainRune(r rune) rune {
	switch {
	case r < 0x80:
		if r == '\t' || r == '\n' || r == '\v' || r == '\f' || r == '\r' {
			return ' '
		}
		return r
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector): // zero width, soft hyphen, byte order mark, directions
		return -1
	case unicode.IsSpace(r), unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Pd, r), r == '\u2212', r == '\u00b7': // minus; middle dot
		return '-'
	case r >= '\uff01' && r <= '\uff5e': // full width
		return r - '\uff01' + '!'
	}
	for _, zero := range [...]rune{'\u0660', '\u06f0', '\u0966', '\u09e6'} { // Arabic, Persian, Devanagari, Bengali
		if r >= zero && r <= zero+9 {
			return r - zero + '0'
		}
	}
	return r
}
