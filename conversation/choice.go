package conversation

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"reschedulebot/scheduling"
)

// A choice is a button and the words that mean the same when typed, folded.
type choice struct {
	label, value string
	words        []string
}

// choice makes a button from the catalogue: its label, and the words of
// "<key>.words" where there are any.
func (t *turn) choice(key, value string, values ...with) choice {
	return choice{label: t.w.label(key, values...), value: value, words: t.w.words[key]}
}

// typed finds the choice that somebody typed: its number, its label or one of
// its words.
func typed(text string, choices []choice) (string, bool) {
	said := fold(text)
	if said == "" {
		return "", false
	}
	if isNumber(said) {
		n := strings.Trim(said, " .)#")
		for i, c := range choices {
			if n == strconv.Itoa(i+1) {
				return c.value, true
			}
		}
		for _, c := range choices {
			if slices.Contains(c.words, n) {
				return c.value, true
			}
		}
		return "", false
	}
	for _, c := range choices {
		if fold(c.label) == said {
			return c.value, true
		}
		if slices.Contains(c.words, said) {
			return c.value, true
		}
	}
	return "", false
}

// counted finds the choice whose number somebody said: "the second one", "opción 2".
// People count in the other language too.
func counted(text string, choices []choice) (string, bool) {
	said := fold(text)
	for _, lang := range Languages() {
		w := wordsFor(lang)
		for _, p := range w.lists["nth.before"] {
			if rest, ok := strings.CutPrefix(said, fold(p)+" "); ok {
				if isNumber(rest) {
					return typed(rest, choices)
				}
				said = rest
			}
		}
		if i, ok := w.nth[said]; ok && i < len(choices) {
			return choices[i].value, true
		}
	}
	return "", false
}

// fold makes words comparable: lower case, no accents, digits of every script as
// ours, no punctuation at the ends, single spaces.
func fold(s string) string {
	s = strings.ToLower(s)
	if !isASCII(s) {
		s = norm.NFKD.String(scheduling.Plain(s))
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == ' ' || unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r >= 0x80 && unicode.In(r, unicode.Mn, unicode.Me): // accents; the frame of a keycap
			continue
		case r == '’' || r == '‘' || r == '`':
			r = '\''
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return strings.Trim(b.String(), " .,;:!?¡¿\"'()[]✅✓")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
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
	if t.s.Step == Idle {
		t.orMenu(t.w.text("outofdate.idle"))
		return
	}
	t.again(t.w.text("outofdate"))
}

// strangerQuestion tells whether the open question is one that anybody may answer.
func (t *turn) strangerQuestion() bool { return t.s.Step == AskLanguage }

// said takes typed words: a command or a plain wish first, then an answer to
// the open question.
func (t *turn) said() {
	if strings.TrimSpace(t.e.Text) == "" {
		t.orMenu(t.w.text("media"))
		return
	}
	if command, rest, ok := parseCommand(t.e.Text); ok {
		t.command(command, rest)
		return
	}
	if t.stranger() && !t.strangerQuestion() {
		if wish := t.wish(t.e.Text); wish != "" && openToAll(wish) {
			t.command(wish, t.wishRest(wish))
			return
		}
		t.say(t.w.text("stranger"))
		return
	}
	if t.s.Step != Idle {
		_, choices := t.question()
		for _, said := range t.w.courtesyAside(t.e.Text) {
			if value, ok := typed(said, choices); ok {
				t.answer(value)
				return
			}
		}
		// "Uno" is no clear yes: what moves an appointment is agreed to in other words.
		for _, said := range t.w.courtesyAside(t.e.Text) {
			if value, ok := counted(said, choices); ok && t.s.Step != Confirm && t.s.Step != AskSibling {
				t.answer(value)
				return
			}
		}
	}
	if wish := t.wish(t.e.Text); wish != "" && !t.isReason(wish) {
		t.command(wish, t.wishRest(wish))
		return
	}
	if t.staff() && t.staffSaid(t.e.Text, false) {
		return
	}
	t.free(t.e.Text)
}

// isReason tells whether a wish, typed as the answer to "why?", is the answer, or
// is meant to be: "I can't come" is, "cancel" is not.
func (t *turn) isReason(wish string) bool {
	if t.s.Step != AskWords {
		return t.s.Step == AskReason && wish == cmdReschedule
	}
	switch wish {
	case cmdReschedule, cmdAppointments, cmdStart, cmdThanks, cmdScam, cmdReminders, cmdAccommodation:
		return true
	}
	return false
}

// wishRest is what a wish says beyond its name: "español" names the language too.
func (t *turn) wishRest(wish string) string {
	if wish == cmdLanguage {
		return t.e.Text
	}
	return ""
}
