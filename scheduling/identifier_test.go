package scheduling_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	. "reschedulebot/scheduling"
)

// What people type when they are asked for a receipt number, and what they type
// otherwise (R28 to R31).
func TestReadIdentifier(t *testing.T) {
	const n = "IOE0000000101"
	for _, test := range []struct {
		text    string
		kind    IdentifierKind
		receipt string
		digits  int
	}{
		// The number itself, however it is written.
		{"IOE0000000101", ReceiptExact, n, 0},
		{"  ioe0000000101\n", ReceiptExact, n, 0},
		{"Ioe 0000 000 101", ReceiptExact, n, 0},
		{"IOE-0000-000-101", ReceiptExact, n, 0},
		{"IOE.0000.000101", ReceiptExact, n, 0},
		{"I O E 0000000101", ReceiptExact, n, 0},
		{"I-O-E-0000000101", ReceiptExact, n, 0},
		{"IOE#0000000101", ReceiptExact, n, 0},
		{"ＩＯＥ０００００００１０１", ReceiptExact, n, 0},
		{"IOE٠٠٠٠٠٠٠١٠١", ReceiptExact, n, 0},
		{"IOE०००००००१०१", ReceiptExact, n, 0},
		{"IOE\u00a00000\u202f000\u2009101", ReceiptExact, n, 0},
		{"\ufeffIOE\u200b0000\u2060000\u00ad101\u200e", ReceiptExact, n, 0},
		{"IOE–0000—000−101", ReceiptExact, n, 0},
		{"EAC-26-012-50001", ReceiptExact, "EAC2601250001", 0},
		{"(IOE0000000101)", ReceiptExact, n, 0},
		{"*IOE0000000101*", ReceiptExact, n, 0},
		{"\"IOE0000000101\".", ReceiptExact, n, 0},
		// Inside a sentence.
		{"my number is ioe 0000-000-101 thanks", ReceiptExact, n, 0},
		{"receipt:IOE0000000101", ReceiptExact, n, 0},
		{"IOE0000000101 I need another day", ReceiptExact, n, 0},
		{"IOE0000000101 2 weeks ago", ReceiptExact, n, 0},
		{"IOE0000000101, 12/03/2026 at 10:20", ReceiptExact, n, 0},
		{"IOE 0000000101 12/03/2026", ReceiptExact, n, 0},
		{"IOE0000000101 IOE0000000102", ReceiptExact, n, 0},
		{"not A012345678 but IOE0000000101", ReceiptExact, n, 0},
		{"IOE00000001 or rather IOE0000000101", ReceiptExact, n, 0},
		{"It is IOE0000000101. 5 days ago it came", ReceiptExact, n, 0},
		{"mi recibo es el ioe0000000101, gracias", ReceiptExact, n, 0},
		// Confused letters and digits.
		{"I0E0000000101", ReceiptRepaired, n, 0},
		{"1OE0000000101", ReceiptRepaired, n, 0},
		{"IOE OOOO-OOO-1O1", ReceiptRepaired, n, 0},
		{"IOE OOO OOO OIOI", NoIdentifier, "", 0},
		{"IOE0000000101 I o lo", ReceiptExact, n, 0},
		{"10E0000000101", ReceiptRepaired, n, 0},
		{"lOE0000000101", ReceiptRepaired, n, 0},
		{"IOEOOOOOOO1O1", ReceiptRepaired, n, 0},
		{"IOE00000001Ol", ReceiptRepaired, n, 0},
		{"IOE 0000 000 I0I", ReceiptRepaired, n, 0},
		{"ABC00000001O1", ReceiptRepaired, "ABC0000000101", 0},
		// A prefix that is not on the list.
		{"VSC0000000101", ReceiptOddPrefix, "VSC0000000101", 0},
		{"VSC 0000000101", ReceiptOddPrefix, "VSC0000000101", 0},
		{"my case is TSC-0000000101, ok?", ReceiptOddPrefix, "TSC0000000101", 0},
		// A digit too few or too many.
		{"IOE000000101", ReceiptShort, "", 9},
		{"IOE 12", ReceiptShort, "", 2},
		{"it says IOE00000010", ReceiptShort, "", 8},
		{"IOE00000000101", ReceiptLong, "", 11},
		{"IOE0000000101-5", ReceiptLong, "", 11},
		{"IOE 0000000101 5", ReceiptLong, "", 11},
		{"IOE 00000001 10:20", ReceiptShort, "", 8},
		{"ABC000000101", ReceiptShort, "", 9},
		// Hidden digits.
		{"IOE******0101", ReceiptMasked, "", 0},
		{"LIN*000000101", ReceiptMasked, "", 0},
		{"my case IOE*0000000101", ReceiptMasked, "", 0},
		{"******0101", ReceiptMasked, "", 0},
		// Other numbers.
		{"012345678901", AccountNumber, "", 0},
		{"0123 4567 8901", AccountNumber, "", 0},
		{"my account is 0123-4567-8901.", AccountNumber, "", 0},
		{"A012345678", ANumberLike, "", 0},
		{"a-012-345-678", ANumberLike, "", 0},
		{"A# 1234567", ANumberLike, "", 0},
		{"A 012 345 678", ANumberLike, "", 0},
		{"A-***-***-678", ANumberLike, "", 0},
		{"my alien number is 012345678", ANumberLike, "", 0},
		{"A-Number: 012345678", ANumberLike, "", 0},
		{"012345678", NineDigits, "", 0},
		{"012-345-678", NineDigits, "", 0},
		{"it is 012 345 678 I think", NineDigits, "", 0},
		// The guard (R30) comes before everything else.
		{"123-45-6789", SSNLike, "", 0},
		{"123 45 6789", SSNLike, "", 0},
		{"123.45.6789", SSNLike, "", 0},
		{"１２３-４５-６７８９", SSNLike, "", 0},
		{"123–45–6789", SSNLike, "", 0},
		{"IOE0000000101 and 123-45-6789", SSNLike, "", 0},
		{"my ssn is 123456789", SSNLike, "", 0},
		{"SSN:123456789", SSNLike, "", 0},
		{"SSN123456789", SSNLike, "", 0},
		{"social security number 123 456 789", SSNLike, "", 0},
		{"123456789 is my social", SSNLike, "", 0},
		{"mi seguro social es 123456789", SSNLike, "", 0},
		{"S.S.N 123-45-6789", SSNLike, "", 0},
		// A-Numbers and receipts near those words are what they are.
		{"my social worker says A012345678", ANumberLike, "", 0},
		{"EAC 123-45-6789", ReceiptShort, "", 9},
		// No identifier.
		{"", NoIdentifier, "", 0},
		{"***", NoIdentifier, "", 0},
		{"hello", NoIdentifier, "", 0},
		{"2", NoIdentifier, "", 0},
		{"I want to reschedule my appointment", NoIdentifier, "", 0},
		{"I-485", NoIdentifier, "", 0},
		{"Lin 2 people", NoIdentifier, "", 0},
		{"2026-12-03", NoIdentifier, "", 0},
		{"2026-12-03 10:20", NoIdentifier, "", 0},
		{"2026-12-03 1020", NoIdentifier, "", 0},
		{"10:20 1234567", NoIdentifier, "", 0},
		{"12/03/2026 10:20 AM", NoIdentifier, "", 0},
		{"Dec 03 2026 1020", NoIdentifier, "", 0},
		{"dec032026", NoIdentifier, "", 0},
		{"312-555-0199", NoIdentifier, "", 0},
		{"(312) 555-0199", NoIdentifier, "", 0},
		{"3125550199", NoIdentifier, "", 0},
		{"call me at the 3125550199", NoIdentifier, "", 0},
		{"tel 3125550199", NoIdentifier, "", 0},
		{"+1 312 555 0199", NoIdentifier, "", 0},
		{"+52 55 1234 5678", NoIdentifier, "", 0},
		{"60601-1234", NoIdentifier, "", 0},
		{"0000000101", NoIdentifier, "", 0},
		{"1010000000101", NoIdentifier, "", 0},
		{"A0123456789", NoIdentifier, "", 0},
		{"option 3 please", NoIdentifier, "", 0},
		{"\xff\xfe\x00", NoIdentifier, "", 0},
	} {
		got := ReadIdentifier(test.text)
		if got.Kind != test.kind || got.Receipt.Reveal() != test.receipt || got.Digits != test.digits {
			t.Errorf("%q: %v %s %d, want %v %s %d", test.text, got.Kind, got.Receipt.Reveal(), got.Digits, test.kind, test.receipt, test.digits)
		}
	}
}

func TestParseReceipt(t *testing.T) {
	for _, s := range []string{"IOE0000000101", " ioe-0000-000-101 ", "ＩＯＥ０００００００１０１", "IOE.0000000101"} {
		r, err := ParseReceipt(s)
		if err != nil || r.Reveal() != "IOE0000000101" {
			t.Errorf("%q: %q, %v", s, r.Reveal(), err)
		}
	}
	if r, err := ParseReceipt("TSC0000000101"); err != nil || r.Reveal() != "TSC0000000101" {
		t.Errorf("another prefix: %q, %v", r.Reveal(), err)
	}
	for _, test := range []struct{ given, says string }{
		{"", "not a receipt number"},
		{"I0E0000000101", "a letter where a digit belongs"},
		{"IOE000000101", "has 9 digits"},
		{"IOE00000000101", "has 11 digits"},
		{"IOE******0101", "asterisks"},
		{"012345678901", "online account number"},
		{"A012345678", "an A-Number"},
		{"123-45-6789", "not a receipt number"},
		{"my number is IOE0000000101", "not a receipt number"},
		{"IOE0000000101 IOE0000000102", "not a receipt number"},
		{"1.01E+12", "not a receipt number"},
	} {
		_, err := ParseReceipt(test.given)
		mustReject(t, test.given, err)
		if err == nil {
			continue
		}
		if !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "IOE0000000101") {
			t.Errorf("%q: %q should say %q and show an example", test.given, err, test.says)
		}
		if plain := strings.Trim(test.given, "* "); len(plain) > 8 && !strings.Contains(plain, "IOE0000000101") && strings.Contains(err.Error(), plain) {
			t.Errorf("the error repeats the number: %q", err)
		}
	}
}

func TestANumber(t *testing.T) {
	for _, s := range []string{"A012345678", "a-012-345-678", "012345678", "12345678", "A# 12345678", " A 12 345 678 ", "Ａ０１２３４５６７８"} {
		a, err := ParseANumber(s)
		if err != nil || a.Reveal() != "A012345678" || a.String() != "A-***-***-678" {
			t.Errorf("%q: %s %v, %v", s, a.Reveal(), a, err)
		}
	}
	short, err := ParseANumber("A1234567")
	if err != nil || short.Reveal() != "A001234567" {
		t.Errorf("seven digits: %s, %v", short.Reveal(), err)
	}
	for _, s := range []string{"", "A", "A123456", "A1234567890", "B12345678", "123-45-6789", "A01234567x", "AA12345678", "IOE0000000101"} {
		_, err := ParseANumber(s)
		mustReject(t, s, err)
	}
	if a := (ANumber{}); !a.IsZero() || a.Reveal() != "" || a.String() != "" {
		t.Error("the zero A-Number is something")
	}
}

// Whoever prints, logs or stores a struct that holds an identifier must not let
// it out (R45).
func TestIdentifiersPrintMasked(t *testing.T) {
	r := MustReceipt("IOE0000000101")
	a, err := ParseANumber("A012345678")
	if err != nil {
		t.Fatal(err)
	}
	type client struct {
		R Receipt
		A ANumber
		p *Receipt
		r Receipt
	}
	c := client{r, a, &r, r}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("client", "c", c, "r", r, "a", a, "id", ReadIdentifier("IOE0000000101"))
	slog.New(slog.NewTextHandler(&log, nil)).Info("client", "c", c, "r", r, "a", a, "id", ReadIdentifier("IOE0000000101"))
	encoded, err := json.Marshal(map[Receipt]any{r: c})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{log.String(), string(encoded), booked(t, "XCB", "2026-06-10 10:00").Receipt.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%T %v"} {
		out = append(out, fmt.Sprintf(verb, c), fmt.Sprintf(verb, r), fmt.Sprintf(verb, a), fmt.Sprintf(verb, []any{&r, &a, c}))
	}
	for _, s := range out {
		for _, secret := range []string{"0000000101", "012345678", "494f45", "494F45"} {
			if strings.Contains(s, secret) {
				t.Errorf("a number is out: %s", s)
			}
		}
	}
	if got := fmt.Sprint(r); got != "IOE******0101" || r.Last4() != "0101" {
		t.Errorf("masked it is %s, last four %s", got, r.Last4())
	}
	if zero := (Receipt{}); zero.String() != "" || zero.Reveal() != "" || zero.Last4() != "" || !zero.IsZero() || zero.Equal(r) {
		t.Error("the zero receipt is something")
	}
}

func TestNormalForm(t *testing.T) {
	for given, want := range map[string]string{
		"I-485": "I-485", "i 485": "I-485", "I485": "I-485", " i485 ": "I-485", "I–485": "I-485", "I - 485": "I-485",
		"I\u00a0485": "I-485", "Form I-485": "I-485", "USCIS Form I-485": "I-485", "Formulario I-485": "I-485",
		"I485 - APPLICATION TO REGISTER PERMANENT RESIDENCE": "I-485", "I-485, Application": "I-485", "I-485 (Family)": "I-485",
		"1-539": "I-539", "1 539": "I-539", "1485": "I-485", "190": "190", "12": "12",
		"I600": "I-600", "I-600/I-600A": "I-600", "I-800A/Supp3": "I-800A", "i 600a": "I-600A", "I-600-A": "I-600A", "I 800 A": "I-800A", "I-600A, Supplement 3": "I-600A",
		"I-601A": "I-601A", "N400": "N-400", "g28": "G-28", "AR 11": "AR-11", "EOIR-29": "EOIR-29", "I-129f": "I-129F", "i765ws": "I-765WS",
		"": "", "  ": "", "biometrics": "BIOMETRICS", "12/03/2026": "12/03/2026", "1-12-2026": "1-12-2026", "H-1B": "H-1B",
		"I-48500": "I-48500", "I-485APPLICATION": "I-485APPLICATION", "IOE0000000101": "IOE0000000101", "I": "I", "I-": "I-",
	} {
		if got := NormalForm(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
