package scheduling

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// How well a site answers what was typed, best first.
const (
	sameCode = iota
	sameCity
	sameState
	cityWithin // a sentence that names the city, the code or the state
	stateWithin
	beginning // every word begins one of the site's
	noMatch
)

// Search finds offered sites by what a person types: a code, a city, a state's
// name or letters, the beginning of one, or a sentence that names it. Accents,
// case and punctuation do not matter. Only the sites that answer best are given:
// who types a city's name does not get others that merely sound like it. Of
// equals the nearest to from comes first.
func (s Sites) Search(words string, from Site) []Site {
	typed := fold(words)
	if expanded, ok := nicknames(typed); ok {
		typed = expanded
	}
	var found []Site
	best := noMatch
	for _, site := range s.list {
		if !site.Offered() {
			continue
		}
		switch m := match(typed, site); {
		case m < best:
			found, best = []Site{site}, m
		case m == best && m != noMatch:
			found = append(found, site)
		}
	}
	sortByDistance(found, from)
	slices.SortStableFunc(found, func(a, b Site) int {
		return cmp.Compare(match(typed, a), match(typed, b))
	})
	return found
}

func match(typed string, s Site) int {
	city, state, name := fold(s.City), fold(s.State), fold(stateName(s.State))
	code := fold(s.Code)
	switch typed {
	case "":
		return noMatch
	case code:
		return sameCode
	case city, city + " " + state, city + " " + name:
		return sameCity
	case state, name:
		return sameState
	}
	switch {
	case within(typed, code), city != "" && within(typed, city):
		return cityWithin
	case name != "" && within(typed, name):
		return stateWithin
	case begins(typed, strings.Fields(city+" "+name+" "+state)):
		return beginning
	}
	return noMatch
}

// within reports whether whole words of a sentence are these words.
func within(sentence, words string) bool {
	return strings.Contains(" "+sentence+" ", " "+words+" ")
}

// begins reports whether every word typed, of two letters or more, begins one of
// the site's words.
func begins(typed string, of []string) bool {
	for word := range strings.FieldsSeq(typed) {
		if len(word) < 2 || !slices.ContainsFunc(of, func(w string) bool { return strings.HasPrefix(w, word) }) {
			return false
		}
	}
	return true
}

// fold brings a name to small letters without accents, single spaces between
// the words, "Saint" and "Fort" as they are written in the list.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '.', r == '\'', r == '’':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		switch w {
		case "saint", "santo", "sainte":
			words[i] = "st"
		case "ft":
			words[i] = "fort"
		}
	}
	return strings.Join(words, " ")
}

// nicknames are short names that everybody uses and no list contains. LA is left
// out: it is Louisiana's.
func nicknames(typed string) (string, bool) {
	switch typed {
	case "nyc", "manhattan", "nueva york":
		return "new york", true
	case "queens":
		return "jamaica", true
	case "sf":
		return "san francisco", true
	case "philly":
		return "philadelphia", true
	case "vegas":
		return "las vegas", true
	}
	return "", false
}
