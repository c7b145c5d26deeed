package conversation

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Every sentence stands in words/<language>.txt, or in one of the files beside it
// for staff: -staff is what they type and read in conversation, -desk what cards,
// forms and pages say.
//
//	== key
//	A line is a paragraph, an empty line stays empty, "- " begins an item.
//	**This** must not be overlooked, `this` may be copied, {this} is filled in,
//	{n|one: # change|other: # changes} follows the number n.
//
// Marks are read before anything is filled in, so what a person typed is never
// taken for one.

//go:embed words/*.txt
var wordFiles embed.FS

// Languages are those the bot speaks, the fallback first.
func Languages() []string { return []string{"en", "es"} }

// A lexicon holds the sentences of one language.
type lexicon struct {
	lang    string
	tag     language.Tag
	phrases map[string]phrase
	lists   map[string][]string // phrases that are lists "a | b | c"
	words   map[string][]string // what may be typed for the choice of that key, folded
	wishes  map[string]string   // plain words, folded, to the command that they mean
	nth     map[string]int      // "the second one" is 1
}

type phrase []paragraph
type paragraph struct {
	item  bool
	parts []part
}

// A part is text, or a placeholder when name is set.
type part struct {
	text  string
	style Style
	name  string
	forms map[string]string // plural forms by CLDR category
}

// with are the values of a phrase's placeholders: strings, or ints for plurals.
type with map[string]any

var lexicons = sync.OnceValue(func() map[string]*lexicon {
	all := map[string]*lexicon{}
	for _, lang := range Languages() {
		phrases := map[string]phrase{}
		for _, part := range []string{"", "-staff", "-desk"} {
			if err := addPhrases(phrases, lang+part+".txt"); err != nil {
				panic(fmt.Sprintf("words/%s%s.txt: %v", lang, part, err))
			}
		}
		all[lang] = newLexicon(lang, phrases)
	}
	return all
})

func addPhrases(all map[string]phrase, file string) error {
	data, err := wordFiles.ReadFile("words/" + file)
	if err != nil {
		return err
	}
	some, err := parsePhrases(string(data))
	for key, p := range some {
		if _, twice := all[key]; twice {
			return fmt.Errorf("%s stands in another file too", key)
		}
		all[key] = p
	}
	return err
}

// newLexicon reads the lists among the phrases once: ".words" and "wish." hold
// what may be typed, the names of days and months are lists as well.
func newLexicon(lang string, phrases map[string]phrase) *lexicon {
	l := &lexicon{lang: lang, tag: language.Make(lang), phrases: phrases,
		lists: map[string][]string{}, words: map[string][]string{}, wishes: map[string]string{}, nth: map[string]int{}}
	for key, p := range phrases {
		choice, words := strings.CutSuffix(key, ".words")
		command, wish := strings.CutPrefix(key, "wish.")
		if !words && !wish && (len(p) != 1 || len(p[0].parts) != 1 || !strings.Contains(p[0].parts[0].text, " | ")) {
			continue
		}
		for item := range strings.SplitSeq(l.label(key), "|") {
			item = strings.TrimSpace(item)
			switch {
			case words:
				l.words[choice] = append(l.words[choice], fold(item))
			case wish:
				l.wishes[fold(item)] = command
			default:
				l.lists[key] = append(l.lists[key], item)
			}
		}
	}
	delete(l.wishes, "")
	for i, ways := range l.lists["nth"] {
		for way := range strings.SplitSeq(ways, "/") {
			l.nth[fold(way)] = i
		}
	}
	return l
}

// wordsFor returns the lexicon of a language tag such as "es-419"; English when
// it is unknown.
func wordsFor(tag string) *lexicon {
	if l, ok := lexicons()[tag]; ok {
		return l
	}
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if l, ok := lexicons()[base]; ok {
		return l
	}
	return lexicons()["en"]
}

// text fills in a phrase. A key or a value that is missing is a mistake in the
// program, and panics; a test asks for every key that the code names.
func (l *lexicon) text(key string, values ...with) Text {
	p, ok := l.phrases[key]
	if !ok {
		panic("no words for " + key + " in " + l.lang)
	}
	var vals with
	if len(values) > 0 {
		vals = values[0]
	}
	out := make(Text, len(p))
	for i, para := range p {
		out[i] = Paragraph{Item: para.item, Spans: l.fill(key, para.parts, vals)}
	}
	return out
}

func (l *lexicon) fill(key string, parts []part, vals with) []Span {
	spans := make([]Span, 0, len(parts))
	for _, p := range parts {
		text := p.text
		if p.name != "" {
			text = l.value(key, p, vals)
		}
		if n := len(spans); n > 0 && spans[n-1].Style == p.style {
			spans[n-1].Text += text
		} else {
			spans = append(spans, Span{Text: text, Style: p.style})
		}
	}
	return spans
}

func (l *lexicon) value(key string, p part, vals with) string {
	v, ok := vals[p.name]
	if !ok {
		panic("no value for {" + p.name + "} in " + key)
	}
	n, isNumber := v.(int)
	if p.forms != nil {
		if !isNumber {
			panic("{" + p.name + "} in " + key + " wants a number")
		}
		return strings.ReplaceAll(l.form(p.forms, n), "#", strconv.Itoa(n))
	}
	if isNumber {
		return strconv.Itoa(n)
	}
	return v.(string)
}

func (l *lexicon) form(forms map[string]string, n int) string {
	if f, ok := forms[category(plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0))]; ok {
		return f
	}
	return forms["other"]
}

// category is the name that CLDR gives a plural form.
func category(f plural.Form) string {
	switch f {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	}
	return "other"
}

// label fills in a phrase of one unstyled line: a button, a part of a sentence.
func (l *lexicon) label(key string, values ...with) string {
	p, ok := l.phrases[key]
	if !ok {
		panic("no words for " + key + " in " + l.lang)
	}
	if len(p) != 1 || p[0].item {
		panic(key + " is not one plain line")
	}
	var vals with
	if len(values) > 0 {
		vals = values[0]
	}
	if len(p[0].parts) == 1 && p[0].parts[0].name == "" {
		return p[0].parts[0].text
	}
	var b strings.Builder
	for _, part := range p[0].parts {
		switch {
		case part.style != Plain:
			panic(key + " is not one plain line")
		case part.name != "":
			b.WriteString(l.value(key, part, vals))
		default:
			b.WriteString(part.text)
		}
	}
	return b.String()
}

// join puts texts under each other with an empty line between; empty ones are left out.
func join(texts ...Text) Text {
	var out Text
	for _, t := range texts {
		if len(t) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, Paragraph{Spans: []Span{}})
		}
		out = append(out, t...)
	}
	return out
}

func parsePhrases(s string) (map[string]phrase, error) {
	all := map[string]phrase{}
	key := ""
	var lines []string
	flush := func() error {
		if key == "" {
			return nil
		}
		if _, ok := all[key]; ok {
			return fmt.Errorf("%s stands twice", key)
		}
		p, err := parsePhrase(strings.Trim(strings.Join(lines, "\n"), "\n"))
		all[key] = p
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		return nil
	}
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\r\n")
		if name, ok := strings.CutPrefix(line, "== "); ok {
			if err := flush(); err != nil {
				return nil, err
			}
			key, lines = strings.TrimSpace(name), nil
			continue
		}
		if key == "" && line != "" && !strings.HasPrefix(line, "#") {
			return nil, fmt.Errorf("%q stands before the first key", line)
		}
		lines = append(lines, line)
	}
	return all, flush()
}

func parsePhrase(s string) (phrase, error) {
	if s == "" {
		return nil, fmt.Errorf("is empty")
	}
	var p phrase
	for _, line := range strings.Split(s, "\n") {
		line, item := strings.CutPrefix(line, "- ")
		parts, err := parseParts(line)
		if err != nil {
			return nil, err
		}
		p = append(p, paragraph{item: item, parts: parts})
	}
	return p, nil
}

// parseParts reads one line. Marks don't nest.
func parseParts(line string) ([]part, error) {
	var parts []part
	style := Plain
	text := func(s string) {
		if s != "" {
			parts = append(parts, part{text: s, style: style})
		}
	}
	for line != "" {
		i := strings.IndexAny(line, "*`{")
		if i < 0 {
			text(line)
			break
		}
		text(line[:i])
		line = line[i:]
		switch {
		case strings.HasPrefix(line, "**"):
			style, line = toggle(style, Strong), line[2:]
		case line[0] == '`':
			style, line = toggle(style, Code), line[1:]
		case line[0] == '{':
			inside, rest, ok := strings.Cut(line[1:], "}")
			if !ok {
				return nil, fmt.Errorf("a { has no }")
			}
			p, err := parsePlaceholder(inside)
			if err != nil {
				return nil, err
			}
			p.style = style
			parts, line = append(parts, p), rest
		default:
			text("*")
			line = line[1:]
		}
	}
	if style != Plain {
		return nil, fmt.Errorf("a ** or ` is not closed")
	}
	return parts, nil
}

func toggle(now, mark Style) Style {
	if now == mark {
		return Plain
	}
	return mark
}

func parsePlaceholder(s string) (part, error) {
	fields := strings.Split(s, "|")
	p := part{name: fields[0]}
	if p.name == "" {
		return p, fmt.Errorf("a placeholder has no name")
	}
	for _, f := range fields[1:] {
		form, text, ok := strings.Cut(f, ":")
		if !ok {
			return p, fmt.Errorf("{%s}: %q is not form: text", p.name, f)
		}
		if p.forms == nil {
			p.forms = map[string]string{}
		}
		p.forms[strings.TrimSpace(form)] = strings.TrimSpace(text)
	}
	if p.forms != nil && p.forms["other"] == "" {
		return p, fmt.Errorf("{%s} has no form other", p.name)
	}
	return p, nil
}
