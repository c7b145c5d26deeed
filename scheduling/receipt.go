package scheduling

import (
	"fmt"
	"io"
	"unique"
)

// A Receipt is a USCIS receipt number: three letters and ten digits (R28). It
// prints, formats, logs and encodes masked, as IOE******0101, whatever the verb
// and wherever it is embedded; only Reveal gives the number. Receipts are
// comparable with == and can be keys of maps. The zero value is no number.
type Receipt struct {
	n unique.Handle[string] // a handle, because fmt prints an unexported field past every method
}

// MustReceipt is ParseReceipt for numbers that are written in the program; it
// panics if s is no receipt number.
func MustReceipt(s string) Receipt {
	r, err := ParseReceipt(s)
	if err != nil {
		panic(err)
	}
	return r
}

// Reveal is the full number, "" for the zero value.
func (r Receipt) Reveal() string {
	if r.IsZero() {
		return ""
	}
	return r.n.Value()
}

// Last4 is the last four digits, "" for the zero value.
func (r Receipt) Last4() string {
	n := r.Reveal()
	return n[max(0, len(n)-4):]
}

// IsZero reports whether r is no number.
func (r Receipt) IsZero() bool { return r == Receipt{} }

// Equal reports whether both are the same number.
func (r Receipt) Equal(s Receipt) bool { return r == s }

// String is the masked number, "" for the zero value.
func (r Receipt) String() string {
	n := r.Reveal()
	if n == "" {
		return ""
	}
	return n[:3] + "******" + n[len(n)-4:]
}

// Format writes the masked number for every verb; %q quotes it.
func (r Receipt) Format(f fmt.State, verb rune) { formatMasked(f, verb, r.String()) }

// MarshalText writes the masked number. It can't be read back.
func (r Receipt) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

func formatMasked(w io.Writer, verb rune, masked string) {
	if verb == 'q' {
		masked = fmt.Sprintf("%q", masked)
	}
	io.WriteString(w, masked)
}
