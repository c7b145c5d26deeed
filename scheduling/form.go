package scheduling

import "strings"

// formSeries are the letters before the hyphen of the form numbers that occur on
// a USCIS notice.
var formSeries = [...]string{"EOIR", "ETA", "AR", "DS", "G", "I", "N"}

// NormalForm writes a form number as USCIS does: "i 485", "I485" and "Form
// I-485 - APPLICATION" become "I-485"; a 1 read for the I of a form is mended
// (R26). What is no form number comes back trimmed and in upper case; "" stays
// "". Applying it twice changes nothing.
func NormalForm(s string) string {
	form, _ := FormNumber(s)
	return form
}

// FormNumber is NormalForm, and tells whether it is a form number.
func FormNumber(s string) (form string, ok bool) {
	whole := strings.ToUpper(strings.TrimSpace(strings.ToValidUTF8(s, "")))
	text := strings.TrimSpace(Plain(whole))
	for _, word := range [...]string{"USCIS ", "FORMULARIO ", "FORM "} {
		text = strings.TrimSpace(strings.TrimPrefix(text, word))
	}
	if series, rest, ok := cutSeries(text); ok {
		if number, suffix, ok := cutFormNumber(rest); ok {
			return series + "-" + number + suffix, true
		}
	}
	return whole, false
}

// cutSeries takes the letters and one separator off the front. A lone 1 stands
// for I where three digits or a separator follow: "1-539", "1485".
func cutSeries(text string) (series, rest string, ok bool) {
	for _, series := range formSeries {
		if rest, ok := strings.CutPrefix(text, series); ok {
			return series, cutSeparator(rest), true
		}
	}
	rest, ok = strings.CutPrefix(text, "1")
	if !ok {
		return "", "", false
	}
	if after := cutSeparator(rest); after != rest {
		return "I", after, true
	}
	return "I", rest, leadingDigits(rest) == 3
}

// cutSeparator takes off one hyphen, space, or hyphen among spaces.
func cutSeparator(s string) string {
	s = strings.TrimLeft(s, " ")
	return strings.TrimLeft(strings.TrimPrefix(s, "-"), " ")
}

func leadingDigits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// cutFormNumber reads one to four digits and up to two letters, such as 600A and
// 765WS. After them the text must end or go on with something else. One letter
// set apart counts only where it is all that is left: "800 A".
func cutFormNumber(s string) (number, suffix string, ok bool) {
	n := leadingDigits(s)
	if n < 1 || n > 4 {
		return "", "", false
	}
	number, s = s[:n], s[n:]
	if apart := strings.TrimLeft(s, " -"); len(apart) == 1 && strings.Contains(letters, apart) {
		return number, apart, true
	}
	k := len(s) - len(strings.TrimLeft(s, letters))
	suffix, s = s[:k], s[k:]
	if k > 2 || !endsHere(s) {
		return "", "", false
	}
	return number, suffix, true
}

// endsHere reports whether a form number may end before s: not inside a word,
// and not before "-12", which makes it a date.
func endsHere(s string) bool {
	if s == "" || strings.IndexByte(" ,;:.()/", s[0]) >= 0 {
		return true
	}
	return s[0] == '-' && leadingDigits(s[1:]) == 0
}

// isForm reports whether normal, written by NormalForm, is a form number.
func isForm(normal string) bool {
	series, rest, found := strings.Cut(normal, "-")
	if !found {
		return false
	}
	for _, known := range formSeries {
		if series == known {
			_, _, ok := cutFormNumber(rest)
			return ok
		}
	}
	return false
}
