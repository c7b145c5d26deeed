package conversation

import (
	"slices"
	"strings"
	"unicode"

	"reschedulebot/scheduling"
)

// Named is what a case is found by.
type Named struct {
	First, Last string
	Matter      string
	Receipt     scheduling.Receipt
}

// Wanted is what a member of staff looks for. The zero Wanted is found nowhere.
type Wanted struct {
	Receipt scheduling.Receipt // the number itself, zero: none was typed
	last4   string             // of the receipt number
	matter  string             // folded
	words   []string           // folded beginnings of parts of the name
}

// maxWanted is how many characters of what is looked for are read: no name and no
// matter is longer.
const maxWanted = 100

// ReadWanted reads a receipt number in any form (R28 to R31), also one that is
// masked, its last four digits, a matter, or the beginnings of the parts of a
// name: "ana lop", "López, Ana".
func ReadWanted(words string) Wanted {
	if runes := []rune(words); len(runes) > maxWanted {
		words = string(runes[:maxWanted])
	}
	switch id := scheduling.ReadIdentifier(words); id.Kind {
	case scheduling.ReceiptExact, scheduling.ReceiptRepaired, scheduling.ReceiptOddPrefix:
		return Wanted{Receipt: id.Receipt}
	case scheduling.ReceiptMasked:
		return Wanted{last4: lastDigits(words)}
	}
	w := Wanted{matter: fold(words), words: nameParts(words)}
	slices.SortFunc(w.words, func(a, b string) int { return len(b) - len(a) }) // the choosy ones choose first
	if len(w.matter) == 4 && strings.Trim(w.matter, "0123456789") == "" {
		w.last4 = w.matter
	}
	return w
}

// IsZero tells whether nothing is looked for.
func (w Wanted) IsZero() bool {
	return w.Receipt.IsZero() && w.last4 == "" && w.matter == "" && len(w.words) == 0
}

// Matches tells whether a case is one that is looked for.
func (w Wanted) Matches(c Named) bool {
	switch {
	case !w.Receipt.IsZero():
		return c.Receipt == w.Receipt
	case w.last4 != "" && c.Receipt.Last4() == w.last4:
		return true
	case w.matter != "" && c.Matter != "" && fold(c.Matter) == w.matter:
		return true
	case len(w.words) == 0:
		return false
	}
	parts := nameParts(c.First + " " + c.Last)
	for _, word := range w.words {
		i := slices.IndexFunc(parts, func(part string) bool { return strings.HasPrefix(part, word) })
		if i < 0 {
			return false
		}
		parts = slices.Delete(parts, i, i+1) // "ana ana" is two of them
	}
	return true
}

// nameParts are the parts of a name, folded: "O'Neil-García, José" is oneil,
// garcia, jose.
func nameParts(name string) []string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		case r == '\'', r == '’', r == '‘', r == '`', unicode.Is(unicode.Mn, r):
			return -1
		}
		return ' '
	}, fold(name))
	return strings.Fields(name)
}

// lastDigits are the four digits at the end of a masked number, "" if there are
// none.
func lastDigits(s string) string {
	s = strings.TrimRight(fold(s), " *")
	digits := s[len(strings.TrimRight(s, "0123456789")):]
	if len(digits) != 4 {
		return ""
	}
	return digits
}
