package scheduling

import (
	"errors"
	"fmt"
	"strings"
	"unique"
)

// An ANumber is an alien registration number, on cards "USCIS #": the letter A
// and nine digits, of which leading zeros are often left out (R29). Like a
// [Receipt] it prints, formats, logs and encodes masked, as A-***-***-678; only
// Reveal gives the number. The zero value is no number: some people have none.
type ANumber struct {
	n unique.Handle[string]
}

// ParseANumber reads an A-Number of seven to nine digits, with or without the A,
// the #, and spaces or dashes between the digits. What has the shape of a Social
// Security number is refused (R30). Errors do not repeat what was given.
func ParseANumber(s string) (ANumber, error) {
	compact := strings.ToUpper(strings.TrimSpace(Plain(s)))
	if isSSN(strings.Fields(strings.ReplaceAll(compact, "-", " "))) {
		return ANumber{}, errors.New("this has the shape of a Social Security number, which is never needed; an A-Number looks like A012345678")
	}
	compact = strings.NewReplacer(" ", "", "-", "").Replace(compact)
	compact = strings.TrimPrefix(strings.TrimPrefix(compact, "A"), "#")
	switch n := len(compact); {
	case n == 0 || strings.Trim(compact, "0123456789") != "":
		return ANumber{}, errors.New("this is not an A-Number; write A and seven to nine digits, such as A012345678")
	case n < 7 || n > 9:
		return ANumber{}, fmt.Errorf("this A-Number has %d digits; write A and seven to nine digits, such as A012345678", n)
	}
	return ANumber{unique.Make(strings.Repeat("0", 9-len(compact)) + compact)}, nil
}

// Reveal is the full number, A and nine digits, "" for the zero value.
func (a ANumber) Reveal() string {
	if a.IsZero() {
		return ""
	}
	return "A" + a.n.Value()
}

// IsZero reports whether a is no number.
func (a ANumber) IsZero() bool { return a == ANumber{} }

// Equal reports whether both are the same number.
func (a ANumber) Equal(b ANumber) bool { return a == b }

// String is the masked number, "" for the zero value.
func (a ANumber) String() string {
	if a.IsZero() {
		return ""
	}
	return "A-***-***-" + a.n.Value()[6:]
}

// Format writes the masked number for every verb; %q quotes it.
func (a ANumber) Format(f fmt.State, verb rune) { formatMasked(f, verb, a.String()) }

// MarshalText writes the masked number. It can't be read back.
func (a ANumber) MarshalText() ([]byte, error) { return []byte(a.String()), nil }
