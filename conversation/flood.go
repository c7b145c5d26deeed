package conversation

import "strings"

// flooded says that not all was read, what to do now, and where we are. Everything
// that was read has its answer, so that whoever wrote can see what was not.
func (t *turn) flooded() {
	text := t.w.text("flooded", t.office())
	if t.stranger() && !t.strangerQuestion() {
		t.say(join(text, t.w.text("stranger")))
		return
	}
	t.again(text)
}

// Enough tells a stranger that nothing more is read here for now, and what opens the
// chat.
func Enough(language string) Reply {
	w := wordsFor(language)
	return Reply{Text: join(w.text("stranger.enough"), w.text("stranger"))}
}

// Urgent tells whether somebody says what must not wait, however much they have said
// before: no more reminders, or a person who helps.
func Urgent(e Event) bool {
	if e.Kind != Said {
		return false
	}
	text := e.Text
	if name, _, ok := parseCommand(text); ok {
		text = strings.ReplaceAll(name, "_", " ")
	}
	for _, lang := range Languages() {
		command, ok := wordsFor(lang).wish(text)
		if !ok {
			command = text
		}
		switch command {
		case cmdStop, cmdPerson:
			return true
		}
	}
	return false
}
