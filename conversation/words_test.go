package conversation

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"reschedulebot/scheduling"
)

// source is what the code of this package says about the catalogues.
type source struct {
	literals map[string]bool // every string written in it
	asked    map[string]bool // first arguments of text, label and choice
	buttons  map[string]bool // first arguments of choice
}

func readSource(t *testing.T) source {
	t.Helper()
	s := source{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, s.visit)
	}
	return s
}

func (s source) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		if v, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
			s.literals[v] = true
		}
	case *ast.CallExpr:
		sel, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || len(n.Args) == 0 {
			break
		}
		lit, ok := n.Args[0].(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			break
		}
		key, _ := strconv.Unquote(lit.Value)
		switch sel.Sel.Name {
		case "choice":
			s.buttons[key] = true
			s.asked[key] = true
		case "text", "label":
			s.asked[key] = true
		}
	}
	return true
}

// composed are the keys that the code puts together, and all they can be.
func composed() map[string]bool {
	keys := map[string]bool{}
	for _, r := range scheduling.Reasons() {
		keys["reason."+string(r)] = true
	}
	for _, c := range []scheduling.Class{scheduling.PhoneLimit, scheduling.PhoneForm, scheduling.PhoneSoon, scheduling.PhoneGap, scheduling.PhoneLate} {
		keys["why."+string(c)] = true
	}
	for _, c := range []scheduling.Class{scheduling.ToolOK, scheduling.ToolLast, scheduling.PhoneLimit, scheduling.PhoneForm, scheduling.PhoneSoon,
		scheduling.PhoneGap, scheduling.PhoneLate, scheduling.MovedByUSCIS, scheduling.NotActive, scheduling.NotAllowed} {
		keys["find."+string(c)] = true
	}
	for _, days := range []string{"today", "week"} {
		keys[days+".head"], keys[days+".none"] = true, true
	}
	for _, p := range []scheduling.SlotProblem{scheduling.SlotSameAsNow, scheduling.SlotPast, scheduling.SlotInsideWindow,
		scheduling.SlotNotAStart, scheduling.SlotNoSuchTime, scheduling.SlotBeyondHorizon, scheduling.SlotSiteNotOffered} {
		keys["slot."+string(p)] = true
	}
	for _, k := range []string{"slot.ask", "slot.nearest", "slot.daynone", "slot.weeknone", "slot.fromnone", "slot.untilnone", "slot.partnone",
		"slot.lost", "noslots", "sibling.full"} {
		keys[k], keys[k+".desk"] = true, true
	}
	for _, o := range []Outcome{Confirmed, Refused} {
		keys["decided."+string(o)] = true
	}
	for _, c := range commandNames() {
		keys["wish."+c] = true
	}
	for _, k := range []string{"polite", "nth", "nth.before", "when.weekdays", "when.months", "when.halves", "language.words"} {
		keys[k] = true
	}
	return keys
}

func commandNames() []string {
	return []string{cmdStart, cmdReschedule, cmdAppointments, cmdHelp, cmdBack, cmdCancel, cmdLanguage,
		cmdPerson, cmdPrivacy, cmdStop, cmdReminders, cmdVerify, cmdScam, cmdThanks, cmdAccommodation}
}

func TestEveryKeyOfTheCodeHasWords(t *testing.T) {
	src := readSource(t)
	for _, lang := range Languages() {
		l := wordsFor(lang)
		for key := range src.asked {
			if _, ok := l.phrases[key]; !ok && !strings.HasSuffix(key, ".") {
				t.Errorf("%s: the code asks for %s", lang, key)
			}
		}
		for key := range composed() {
			if _, ok := l.phrases[key]; !ok {
				t.Errorf("%s: the code may ask for %s", lang, key)
			}
		}
	}
}

func TestEveryKeyIsUsed(t *testing.T) {
	src, made := readSource(t), composed()
	for key := range wordsFor("en").phrases {
		base := strings.TrimSuffix(key, ".words")
		if !src.literals[key] && !made[key] && !(base != key && (src.literals[base] || made[base])) {
			t.Errorf("nothing says %s", key)
		}
	}
}

func TestLanguagesSayTheSame(t *testing.T) {
	en := wordsFor("en")
	for _, lang := range Languages()[1:] {
		l := wordsFor(lang)
		for _, key := range slices.Sorted(maps.Keys(en.phrases)) {
			p, ok := l.phrases[key]
			if !ok {
				t.Errorf("%s has no %s", lang, key)
				continue
			}
			if want, got := placeholders(en.phrases[key]), placeholders(p); !slices.Equal(want, got) {
				t.Errorf("%s: %s has %v, in English %v", lang, key, got, want)
			}
		}
		for key := range l.phrases {
			if _, ok := en.phrases[key]; !ok {
				t.Errorf("%s: English has no %s", lang, key)
			}
		}
	}
}

// placeholders are the names in a phrase, a plural one with its forms.
func placeholders(p phrase) []string {
	var names []string
	for _, para := range p {
		for _, part := range para.parts {
			if part.name == "" {
				continue
			}
			name := part.name
			if part.forms != nil {
				name += "|" + strings.Join(slices.Sorted(maps.Keys(part.forms)), "|")
			}
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// A button's words must be seen whole on a small telephone.
func TestButtonsFit(t *testing.T) {
	src := readSource(t)
	longest := with{"site": "San Bernardino, CA (XSB)"}
	for _, lang := range Languages() {
		l := wordsFor(lang)
		labels := map[string]string{}
		for key := range src.buttons {
			if !strings.HasSuffix(key, ".") {
				labels[key] = l.label(key, longest)
			}
		}
		for _, r := range scheduling.Reasons() {
			labels["reason."+string(r)] = l.label("reason." + string(r))
		}
		wall := scheduling.Wall{Date: scheduling.Date{Year: 2026, Month: 12, Day: 30}, Hour: 12, Minute: 40}
		labels["a time"] = l.short(wall)
		labels["a case"] = "I-800A Supplement 3"[:6] + " …0101, " + l.short(wall)
		for key, label := range labels {
			if n := utf8.RuneCountInString(label); n > 40 {
				t.Errorf("%s: %s is %d characters: %s", lang, key, n, label)
			}
		}
	}
}

// What must not be said (R39, and section 11 of the domain reference).
func TestForbiddenWords(t *testing.T) {
	forbidden := map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`(?i)\bapproved?\b|guarantee|case is safe|you will be denied|\bUTC\b|8 CFR|\bfees?\b|missed`),
		"es": regexp.MustCompile(`(?i)aprobad|garanti[zc]|caso está seguro|será (?:negad|denegad|rechazad)|le negarán|notario|asesor legal|tramitamos|detenid|\bUTC\b|\b(?:tu|tus|tú|contigo|puedes|quieres|tienes)\b`),
	}
	for _, lang := range Languages() {
		for key, p := range wordsFor(lang).phrases {
			if strings.HasPrefix(key, "wish.") || strings.HasSuffix(key, ".words") {
				continue // what people may type, not what is said
			}
			if found := forbidden[lang].FindString(plain(p)); found != "" {
				t.Errorf("%s: %s says %q", lang, key, found)
			}
		}
	}
}

// "Requested" is never "confirmed": only the words that carry a recorded outcome
// say so, all others say that it is not.
func TestRequestedIsNotConfirmed(t *testing.T) {
	said := map[string]*regexp.Regexp{"en": regexp.MustCompile(`(?i)(\S+\s+)?confirmed\b`), "es": regexp.MustCompile(`(?i)((?:no está|no|\S+)\s+)?confirm(?:ad[oa]s?\b|ó)`)}
	not := map[string]*regexp.Regexp{"en": regexp.MustCompile(`(?i)^not `), "es": regexp.MustCompile(`(?i)^no `)}
	allowed := []string{"told.confirmed", "decided.confirmed", "help.staff",
		"desk.state.confirmed", "desk.news.confirmed", "desk.news.another", "desk.history.confirmed", "desk.already.confirmed"}
	for _, lang := range Languages() {
		for key, p := range wordsFor(lang).phrases {
			for _, found := range said[lang].FindAllString(plain(p), -1) {
				if !slices.Contains(allowed, key) && !not[lang].MatchString(found) {
					t.Errorf("%s: %s says %q", lang, key, found)
				}
			}
		}
	}
}

// Whoever reads slowly reads short sentences.
func TestSentencesAreShort(t *testing.T) {
	const most = 22
	end := regexp.MustCompile(`[.!?:;](?:\s|$)|\n`)
	lists := []string{"phone.have", "phone.note"} // things to count off, one after the other
	for _, lang := range Languages() {
		for key, p := range wordsFor(lang).phrases {
			if strings.HasPrefix(key, "wish.") || strings.HasSuffix(key, ".words") || strings.HasPrefix(key, "when.") || slices.Contains(lists, key) || key == "polite" || key == "nth" {
				continue
			}
			for _, sentence := range end.Split(plain(p), -1) {
				if n := len(strings.Fields(sentence)); n > most {
					t.Errorf("%s: %s has a sentence of %d words: %s", lang, key, n, sentence)
				}
			}
		}
	}
}

// Whoever is told to press a button finds one of that name. What stands in braces is
// the label itself, as it stands on a card in the language of the desk.
func TestButtonsThatAreNamedExist(t *testing.T) {
	press := regexp.MustCompile(`(?i)\b(?:press|pulse|presione) \*\*([^*{]+)\*\*`)
	for _, lang := range Languages() {
		var labels []string
		for _, p := range wordsFor(lang).phrases {
			labels = append(labels, strings.TrimSpace(plain(p)))
		}
		named := 0
		for _, file := range []string{lang + ".txt", lang + "-staff.txt", lang + "-desk.txt"} {
			data, err := wordFiles.ReadFile("words/" + file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range press.FindAllStringSubmatch(string(data), -1) {
				if named++; !slices.Contains(labels, m[1]) {
					t.Errorf("%s: no button is called %q", file, m[1])
				}
			}
		}
		if named == 0 {
			t.Errorf("%s: no button is named at all", lang)
		}
	}
}

// plain is a phrase with its placeholders left open.
func plain(p phrase) string {
	var b strings.Builder
	for _, para := range p {
		for _, part := range para.parts {
			switch {
			case part.name == "":
				b.WriteString(part.text)
			case part.forms != nil:
				b.WriteString(part.forms["other"])
			default:
				b.WriteString("{" + part.name + "}")
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestParsePhrases(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"a comment before the first key", "# words\n== a\nb\n", ""},
		{"text before the first key", "hello\n== a\nb\n", "stands before the first key"},
		{"a key twice", "== a\nb\n== a\nc\n", "a stands twice"},
		{"a key without words", "== a\n\n== b\nc\n", "a: is empty"},
		{"an open mark", "== a\n**b\n", "not closed"},
		{"an open code mark", "== a\n`b\n", "not closed"},
		{"an open placeholder", "== a\n{b\n", "has no }"},
		{"a placeholder without a name", "== a\n{}\n", "no name"},
		{"a plural without other", "== a\n{n|one: # day}\n", "no form other"},
		{"a form without a colon", "== a\n{n|one}\n", "is not form: text"},
		{"a star alone", "== a\n2 * 3\n", ""},
	} {
		_, err := parsePhrases(c.in)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// What a person typed is never taken for a mark.
func TestFilledInWordsAreNotMarkup(t *testing.T) {
	l := wordsFor("en")
	got := l.label("reason.own", with{"words": "**x** `y` {case} |"})
	if want := "in your own words: \"**x** `y` {case} |\""; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPlurals(t *testing.T) {
	for _, c := range []struct {
		lang, want string
		n          int
	}{
		{"en", "You can move it online 1 more time.", 1},
		{"en", "You can move it online 2 more times.", 2},
		{"es", "Puede cambiarla en línea 1 vez más.", 1},
		{"es", "Puede cambiarla en línea 2 veces más.", 2},
		{"es-419", "Puede cambiarla en línea 2 veces más.", 2},
		{"pt_BR", "You can move it online 2 more times.", 2},
	} {
		if got := wordsFor(c.lang).label("changes.left", with{"n": c.n}); got != c.want {
			t.Errorf("%s, %d: %s, want %s", c.lang, c.n, got, c.want)
		}
	}
}

func FuzzParsePhrases(f *testing.F) {
	f.Add("== a\n**b** `c` {d} {n|one: # x|other: # y}\n- e\n")
	f.Add("== a\n{\n")
	f.Add("== wish.x\n?|a | b\n")
	f.Fuzz(func(t *testing.T, s string) {
		phrases, err := parsePhrases(s)
		if err != nil {
			return
		}
		for key, p := range phrases {
			if key == "" || len(p) == 0 {
				t.Fatalf("an empty phrase from %q", s)
			}
		}
	})
}
