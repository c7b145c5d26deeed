package conversation

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A choice is a button and the words that mean the same when typed.
type choice struct {
	label, value string
	words        []string
}

// choice makes a button from the catalogue: its label, and the words of
// "<key>.words" where there are any.
func (t *turn) choice(key, value string, values ...with) choice {
	c := choice{label: t.w.label(key, values...), value: value}
	if _, ok := t.w.phrases[key+".words"]; ok {
		c.words = t.w.list(key + ".words")
	}
	return c
}

// typed finds the choice that somebody typed: its number, its label or one of
// its words.
func typed(text string, choices []choice) (string, bool) {
	said := fold(text)
	if n, err := strconv.Atoi(strings.Trim(said, " .)#")); err == nil {
		if n >= 1 && n <= len(choices) {
			return choices[n-1].value, true
		}
		return "", false
	}
	for _, c := range choices {
		if fold(c.label) == said {
			return c.value, true
		}
		for _, w := range c.words {
			if fold(w) == said {
				return c.value, true
			}
		}
	}
	return "", false
}

// fold makes words comparable: lower case, no accents, no punctuation at the
// ends, single spaces.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\u200b', r == '\ufeff':
		case r == '’' || r == '‘' || r == '`':
			b.WriteByte('\'')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Trim(strings.Join(strings.Fields(b.String()), " "), " .,;:!?¡¿\"'()[]✅✓")
}

// pressed takes a button. One that does not belong to the open question changes
// nothing.
func (t *turn) pressed() {
	if t.stranger() && !t.strangerQuestion() {
		t.say(t.w.text("stranger"))
		return
	}
	if t.s.Step != Idle && t.e.Rev == t.s.Rev {
		_, choices := t.question()
		for _, c := range choices {
			if c.value == t.e.Value {
				t.do(Tick{Answer: c.label})
				t.answer(c.value)
				return
			}
		}
	}
	t.again(t.w.text("outofdate"))
}

// strangerQuestion tells whether the open question is one that anybody may answer.
func (t *turn) strangerQuestion() bool { return t.s.Step == AskLanguage }

// said takes typed words: a command or a plain wish first, then an answer to
// the open question.
func (t *turn) said() {
	if strings.TrimSpace(t.e.Text) == "" {
		t.again(t.w.text("media"))
		return
	}
	if command, rest, ok := parseCommand(t.e.Text); ok {
		t.command(command, rest)
		return
	}
	if t.stranger() && !t.strangerQuestion() {
		if wish := t.wish(t.e.Text); wish != "" && openToAll(wish) {
			t.command(wish, "")
			return
		}
		t.say(t.w.text("stranger"))
		return
	}
	if t.s.Step != Idle {
		_, choices := t.question()
		if value, ok := typed(t.e.Text, choices); ok {
			t.answer(value)
			return
		}
	}
	if t.s.Step != AskWords {
		if wish := t.wish(t.e.Text); wish != "" {
			t.command(wish, "")
			return
		}
	}
	if t.staff() && t.staffSaid(t.e.Text) {
		return
	}
	t.free(t.e.Text)
}
