package scheduling

import "strings"

// nothing is what a reader answers where its kind of number does not begin.
var nothing = Identifier{Kind: NoIdentifier}

// readANumber reads an A-Number that begins with piece i: "A012345678",
// "A-012-345-678", "A# 12345678".
func readANumber(p []piece, i int) Identifier {
	rest, ok := strings.CutPrefix(p[i].text, "A")
	if !ok || strings.Trim(rest, "0123456789*") != "" {
		return nothing
	}
	for i++; i < len(p) && p[i].joins() && !p[i].cut && strings.Trim(p[i].text, "0123456789*") == ""; i++ {
		if n := len(rest); n >= 7 && n <= 9 && p[i].gap == space {
			break
		}
		rest += p[i].text
	}
	if n := len(rest); n < 7 || n > 9 {
		return nothing
	}
	return Identifier{Kind: ANumberLike}
}

// readBare reads a number without letters that begins with piece i: a Social
// Security number, an online account number, or nine digits, which are what the
// words around them say. A ZIP code with its four digits is none.
func readBare(p []piece, i int, nine IdentifierKind) Identifier {
	text := p[i].text
	if strings.Count(text, "*") >= 5 && len(text) >= 9 && strings.Trim(text, "0123456789*") == "" {
		return Identifier{Kind: ReceiptMasked}
	}
	if n, ok := strings.CutPrefix(text, "SSN"); ok && len(n) == 9 && allDigits(n) {
		return Identifier{Kind: SSNLike}
	}
	if !allDigits(text) || led(p, i) {
		return nothing
	}
	group := bareGroup(p, i)
	// No group, or the middle of one, is no number of its own.
	middle := len(group) == 1 || i > 0 && p[i].gap == p[i+1].gap && allDigits(p[i-1].text)
	if !middle && (isSSN(group) || p[i+1].gap == space && isSSN(group[:min(3, len(group))])) {
		return Identifier{Kind: SSNLike}
	}
	if p[i].plus || p[i].cut {
		return nothing
	}
	if id := kindOfDigits(len(text), nine); id != nothing && !tied(p, i) && !tied(p, i+1) {
		return id
	}
	if middle {
		return nothing
	}
	if zip := len(group) == 2 && len(text) == 5; zip && nine == NineDigits {
		return nothing
	}
	return kindOfDigits(len(strings.Join(group, "")), nine)
}

func kindOfDigits(n int, nine IdentifierKind) Identifier {
	switch n {
	case 9:
		return Identifier{Kind: nine}
	case 12:
		return Identifier{Kind: AccountNumber}
	}
	return nothing
}

// led reports whether piece i belongs to letters before it.
func led(p []piece, i int) bool {
	if i == 0 || !p[i].joins() {
		return false
	}
	before := p[i-1].text
	return isPrefix(before) || before == "A" || tied(p, i) && !allDigits(before) && hasDigit(before)
}

// tied reports whether a dash or a dot ties piece i to digits before it.
func tied(p []piece, i int) bool {
	return i > 0 && i < len(p) && (p[i].gap == dash || p[i].gap == dot) && hasDigit(p[i-1].text) && hasDigit(p[i].text)
}

// bareGroup lists the digits from piece i on for as long as the same kind of gap
// stands between them. It ends after the piece that makes more than twelve
// digits: those are no number, and a long text must not be read again from every
// piece of it.
func bareGroup(p []piece, i int) []string {
	group, n := []string{p[i].text}, len(p[i].text)
	for k := i + 1; k < len(p) && n <= 12 && p[k].joins() && p[k].gap == p[i+1].gap && !p[k].cut && allDigits(p[k].text); k++ {
		group, n = append(group, p[k].text), n+len(p[k].text)
	}
	return group
}

// isSSN reports whether groups of digits have the shape ddd-dd-dddd.
func isSSN(group []string) bool {
	return len(group) == 3 && len(group[0]) == 3 && len(group[1]) == 2 && len(group[2]) == 4 &&
		allDigits(strings.Join(group, ""))
}

// meaningOfNine is what nine digits are in a text that contains these words.
func meaningOfNine(p []piece) IdentifierKind {
	meaning := NineDigits
	for i, piece := range p {
		switch piece.text {
		case "SSN", "SS", "SOCIAL", "ITIN", "NSS":
			return SSNLike
		case "ALIEN", "ANUMBER", "EXTRANJERO":
			meaning = ANumberLike
		case "NUMBER":
			if i > 0 && p[i-1].text == "A" && piece.gap == dash {
				meaning = ANumberLike
			}
		}
	}
	return meaning
}
