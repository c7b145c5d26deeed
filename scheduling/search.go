package scheduling

import (
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
	typed := renamed(fold(words))
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
	switch best {
	case cityWithin:
		found = longest(found, func(s Site) string { return fold(s.City) })
	case stateWithin:
		found = longest(found, func(s Site) string { return fold(stateName(s.State)) })
	}
	sortByDistance(found, from)
	return found
}

// longest leaves out those whose name is only a part of another's: a sentence that
// names New York or West Virginia does not name York or Virginia.
func longest(found []Site, name func(Site) string) []Site {
	return slices.DeleteFunc(slices.Clone(found), func(s Site) bool {
		return slices.ContainsFunc(found, func(other Site) bool {
			return name(other) != name(s) && within(name(other), name(s))
		})
	})
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
	case within(typed, code), city != "" && within(typed, city) && !elsewhere(typed, city, s.State):
		return cityWithin
	case name != "" && within(typed, name):
		return stateWithin
	case begins(typed, strings.Fields(city+" "+name+" "+state)):
		return beginning
	}
	return noMatch
}

// elsewhere reports whether a city is said to be in another state than the site's
// that has its name: Columbus, Georgia. Two letters that are also a word do not say so,
// nor does Kansas behind Kansas City, which is on both sides of the border.
func elsewhere(typed, city, state string) bool {
	for _, s := range states {
		name, letters := fold(s.name), fold(s.abbreviation)
		if s.abbreviation == state || within(city, name) {
			continue
		}
		switch letters {
		case "ok", "or", "in", "me", "hi", "de", "la":
		default:
			if strings.HasSuffix(" "+typed, " "+city+" "+letters) {
				return true
			}
		}
		if within(typed, city+" "+name) {
			return true
		}
	}
	return false
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

// otherNames are the short and the Spanish names that people use for a city or a
// state, and what the list calls it; the District of Columbia's own site is across
// the river. LA is left out: it is Louisiana's.
var otherNames = [...][2]string{
	{"washington dc", "alexandria"}, {"dc", "alexandria"}, {"district of columbia", "alexandria"},
	{"distrito de columbia", "alexandria"},
	{"nyc", "new york"}, {"manhattan", "new york"}, {"nueva york", "new york"},
	{"queens", "jamaica"}, {"sf", "san francisco"}, {"vegas", "las vegas"},
	{"philly", "philadelphia"}, {"filadelfia", "philadelphia"}, {"nueva orleans", "new orleans"},
	{"carolina del norte", "north carolina"}, {"carolina del sur", "south carolina"},
	{"dakota del norte", "north dakota"}, {"dakota del sur", "south dakota"},
	{"virginia occidental", "west virginia"}, {"virginia del oeste", "west virginia"},
	{"nuevo mexico", "new mexico"}, {"nueva jersey", "new jersey"}, {"nueva hampshire", "new hampshire"},
	{"nuevo hampshire", "new hampshire"}, {"islas virgenes", "virgin islands"},
	{"luisiana", "louisiana"}, {"misisipi", "mississippi"}, {"misuri", "missouri"},
	{"pensilvania", "pennsylvania"}, {"tejas", "texas"},
}

// renamed is what was typed with the first of those names as the list has it.
func renamed(typed string) string {
	for _, n := range otherNames {
		if within(typed, n[0]) && !within(typed, n[1]) {
			return strings.TrimSpace(strings.Replace(" "+typed+" ", " "+n[0]+" ", " "+n[1]+" ", 1))
		}
	}
	return typed
}
