package scheduling

import "errors"

// An IdentifierKind is what a piece of text turned out to be.
type IdentifierKind string

const (
	ReceiptExact     IdentifierKind = "receipt_exact"
	ReceiptRepaired  IdentifierKind = "receipt_repaired"
	ReceiptOddPrefix IdentifierKind = "receipt_odd_prefix"
	ReceiptShort     IdentifierKind = "receipt_short"
	ReceiptLong      IdentifierKind = "receipt_long"
	ReceiptMasked    IdentifierKind = "receipt_masked"
	AccountNumber    IdentifierKind = "account_number"
	ANumberLike      IdentifierKind = "a_number"
	NineDigits       IdentifierKind = "nine_digits"
	SSNLike          IdentifierKind = "ssn"
	NoIdentifier     IdentifierKind = "none"
)

// An Identifier is what ReadIdentifier found.
type Identifier struct {
	Kind    IdentifierKind
	Receipt Receipt // for ReceiptExact, ReceiptRepaired and ReceiptOddPrefix
	Digits  int     // for ReceiptShort and ReceiptLong: how many were given
}

func ReadIdentifier(s string) Identifier { return Identifier{Kind: NoIdentifier} }

func ParseReceipt(s string) (Receipt, error) { return Receipt{}, errors.New("not yet") }

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
