package scheduling

import (
	"errors"
	"fmt"
	"unique"
)

// An IdentifierKind is what a piece of text turned out to be.
type IdentifierKind string

// The kinds.
const (
	ReceiptExact     IdentifierKind = "receipt_exact"
	ReceiptRepaired  IdentifierKind = "receipt_repaired"   // letters and digits were confused: ask "did you mean"
	ReceiptOddPrefix IdentifierKind = "receipt_odd_prefix" // a prefix that is not on the list: allowed, with a word of warning
	ReceiptShort     IdentifierKind = "receipt_short"      // fewer than ten digits
	ReceiptLong      IdentifierKind = "receipt_long"       // more than ten digits
	ReceiptMasked    IdentifierKind = "receipt_masked"     // with asterisks: can't be checked
	AccountNumber    IdentifierKind = "account_number"     // twelve digits: the USCIS online account (R31)
	ANumberLike      IdentifierKind = "a_number"           // A and seven to nine digits (R29)
	NineDigits       IdentifierKind = "nine_digits"        // could be an A-Number or a Social Security number: never stored (R30)
	SSNLike          IdentifierKind = "ssn"                // to be deleted, never stored or repeated (R30)
	NoIdentifier     IdentifierKind = "none"
)

// An Identifier is what ReadIdentifier found.
type Identifier struct {
	Kind    IdentifierKind
	Receipt Receipt // for ReceiptExact, ReceiptRepaired and ReceiptOddPrefix
	Digits  int     // for ReceiptShort and ReceiptLong: how many were given
}

// better ranks what may be found in one text: the guard first, then receipts.
var better = [...]IdentifierKind{
	SSNLike, ReceiptExact, ReceiptRepaired, ReceiptOddPrefix, ReceiptMasked,
	ReceiptShort, ReceiptLong, AccountNumber, ANumberLike, NineDigits, NoIdentifier,
}

// ReadIdentifier finds the identifier in whatever a person typed: a number alone
// or inside a sentence, in any case, with spaces, dashes and dots, in digits of
// other scripts, with O and 0 or I, l and 1 confused (R28 to R31). Anything that
// looks like a Social Security number comes before everything else. A phone
// number, a date, an amount is no identifier.
func ReadIdentifier(s string) Identifier {
	pieces := split(s)
	nine := meaningOfNine(pieces)
	best, rank := nothing, len(better)-1
	for i := range pieces {
		for _, id := range [...]Identifier{readReceipt(pieces, i), readANumber(pieces, i), readBare(pieces, i, nine)} {
			for k, kind := range better[:rank] {
				if id.Kind == kind {
					best, rank = id, k
				}
			}
		}
	}
	return best
}

// ParseReceipt reads a receipt number that stands alone, from a file or a command
// line: three letters and ten digits, in any case, with or without spaces, dashes
// and dots. Nothing is guessed; the error says what is wrong and does not repeat
// what was given.
func ParseReceipt(s string) (Receipt, error) {
	compact := compactReceipt(s)
	if isReceipt(compact) {
		return Receipt{unique.Make(compact)}, nil
	}
	const write = "write three letters and ten digits, such as IOE0000000101"
	switch id := ReadIdentifier(s); id.Kind {
	case ReceiptRepaired:
		return Receipt{}, errors.New("this receipt number has a letter where a digit belongs, or a digit where a letter belongs (O and 0, I and 1); " + write)
	case ReceiptShort, ReceiptLong:
		return Receipt{}, fmt.Errorf("this receipt number has %d digits; %s", id.Digits, write)
	case ReceiptMasked:
		return Receipt{}, errors.New("this receipt number is partly hidden by asterisks; " + write)
	case AccountNumber:
		return Receipt{}, errors.New("this is a USCIS online account number, not a receipt number; " + write)
	case ANumberLike:
		return Receipt{}, errors.New("this is an A-Number, not a receipt number; " + write)
	}
	return Receipt{}, errors.New("this is not a receipt number; " + write)
}
