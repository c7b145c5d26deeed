package conversation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"reschedulebot/scheduling"
)

// The commands that work anywhere. Plain words for the same wishes stand in the
// catalogues under "wish.<name>".
const (
	cmdStart        = "start"
	cmdReschedule   = "reschedule"
	cmdAppointments = "appointments"
	cmdHelp         = "help"
	cmdBack         = "back"
	cmdCancel       = "cancel"
	cmdLanguage     = "language"
	cmdPerson       = "person"
	cmdPrivacy      = "privacy"
	cmdStop         = "stop"
	cmdReminders    = "reminders"
	cmdVerify       = "verify"
	cmdScam         = "scam"
	cmdThanks       = "thanks"

	cmdAccommodation = "accommodation" // only in plain words
)

// openToAll tells whether a stranger gets an answer of its own to a command.
func openToAll(command string) bool {
	switch command {
	case cmdStart, cmdHelp, cmdLanguage, cmdPrivacy, cmdVerify, cmdScam:
		return true
	}
	return false
}

// parseCommand reads "/name rest". Telegram adds "@bot" to names in groups.
func parseCommand(text string) (name, rest string, ok bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "/") || utf8.RuneCountInString(text) < 2 {
		return "", "", false
	}
	name = text[1:]
	if i := strings.IndexFunc(name, unicode.IsSpace); i >= 0 {
		name, rest = name[:i], name[i:]
	}
	name, _, _ = strings.Cut(name, "@")
	return strings.ToLower(name), strings.TrimSpace(rest), true
}

// wish finds the command behind plain words in any language, "" if there is none.
// Only a whole message counts: "back" is a wish, "I am back from a trip" is not.
func (t *turn) wish(text string) string {
	if strings.TrimSpace(text) == "?" {
		return cmdHelp
	}
	if c, ok := t.w.wish(text); ok {
		return c
	}
	for _, lang := range Languages() {
		w := wordsFor(lang)
		c, ok := w.wish(text)
		if !ok {
			continue
		}
		if t.s.Language == "" && !t.staff() && strings.Contains(fold(text), " ") {
			t.speak(lang) // nobody has chosen yet, and a whole phrase is a choice
		}
		return c
	}
	return ""
}

func (l *lexicon) wish(text string) (command string, ok bool) {
	for _, said := range l.courtesyAside(text) {
		if c, ok := l.wishes[said]; ok {
			return c, true
		}
	}
	return "", false
}

// courtesyAside is what somebody said, folded, as it stands and without a polite
// word before or after it: "yes, please" is yes.
func (l *lexicon) courtesyAside(text string) []string {
	said := fold(text)
	ways := []string{said}
	for _, p := range l.lists["polite"] {
		rest, before := strings.CutPrefix(said, p)
		if !before {
			rest, _ = strings.CutSuffix(said, p)
		}
		if rest = fold(rest); rest != "" && rest != said {
			ways = append(ways, rest)
		}
	}
	return ways
}

func (t *turn) command(name, rest string) {
	if t.stranger() && !openToAll(name) {
		t.say(t.w.text("stranger"))
		return
	}
	if (t.s.Step == AskMine || t.s.Under == AskMine) && t.mustSayMine(name, rest) {
		t.s.Under = Idle
		t.ask(AskMine)
		return
	}
	switch name {
	case cmdStart:
		if rest != "" {
			t.open(rest)
		} else {
			t.start()
		}
	case cmdReschedule:
		t.rescheduleAnew(rest)
	case cmdAppointments:
		t.interrupt(t.appointments())
	case cmdHelp:
		t.showBanner()
		t.interrupt(t.help())
	case cmdBack:
		t.back()
	case cmdCancel:
		t.cancel()
	case cmdLanguage:
		t.askLanguage(rest)
	case cmdPerson:
		t.person()
	case cmdPrivacy:
		t.interrupt(t.w.text("privacy", t.office()))
	case cmdStop:
		t.do(Reminders{On: false})
		t.interrupt(t.w.text("stop", t.office()))
	case cmdReminders:
		t.do(Reminders{On: true})
		t.interrupt(t.w.text("reminders.on"))
	case cmdVerify:
		t.interrupt(t.w.text("verify", t.office()))
	case cmdScam:
		t.do(Alarm{Kind: AlarmScam})
		t.interrupt(t.w.text("scam", t.office()))
	case cmdThanks:
		t.interrupt(t.w.text("thanks"))
	case cmdAccommodation:
		t.accommodation()
	default:
		if t.staff() && t.staffSaid(name+" "+rest, true) {
			return
		}
		t.otherName(name, rest)
	}
}

// otherName takes a command that has the name of a plain wish: /ayuda, /mis_citas.
func (t *turn) otherName(name, rest string) {
	switch wish := t.wish(strings.ReplaceAll(name, "_", " ")); wish {
	case "":
		t.interrupt(t.w.text("unknown.command"))
	case cmdLanguage:
		t.command(wish, name) // it says which
	case cmdStart:
		t.command(wish, "") // only /start carries the code of a link
	default:
		t.command(wish, rest)
	}
}

// office are the values that many texts name.
func (t *turn) office() with {
	o := t.f.Office()
	return with{"firm": o.Name, "phone": o.Phone}
}

func (t *turn) help() Text {
	if t.staff() {
		return t.w.text("help.staff")
	}
	if t.stranger() {
		return t.w.text("help.stranger")
	}
	return t.w.text("help")
}

// interrupt answers something in between; an open question is shown again.
func (t *turn) interrupt(text Text) {
	if t.stranger() || t.resting() {
		t.say(text)
		if t.e.Kind == Pressed {
			t.s.Step = Idle // that keyboard is used; a typed word leaves it as it is
		}
		return
	}
	t.ask(t.s.Step, text, t.w.text("goon"))
}

// person leaves a note for staff. Nobody is promised an hour.
func (t *turn) person() {
	if t.staff() {
		t.interrupt(t.help())
		return
	}
	t.do(WantPerson{CaseID: t.theCase()})
	t.interrupt(t.personComes())
}

// accommodation is for those who can't come at all: not a change of date (R21).
func (t *turn) accommodation() {
	t.do(Alarm{Kind: AlarmDisabled, CaseID: t.theCase()})
	values := t.office()
	values["center"] = t.f.Rules().Center.Phone
	t.interrupt(t.w.text("accommodation", values))
}

// theCase is the case that the person means, "" where that can't be told.
func (t *turn) theCase() string {
	if cases := t.f.Cases(); t.s.Draft.CaseID == "" && len(cases) == 1 {
		return cases[0].ID
	}
	return t.s.Draft.CaseID
}

// back shows the question before this one; its answer is asked anew.
func (t *turn) back() {
	if t.s.Under != Idle {
		t.resume()
		return
	}
	past := t.s.Draft.Past
	if t.resting() || len(past) == 0 {
		t.again(t.w.text("back.none"))
		return
	}
	t.s.Draft.Past = past[:len(past)-1]
	t.s.Draft.Page = 0
	t.ask(past[len(past)-1])
}

// cancel ends the flow and says what was not done.
func (t *turn) cancel() {
	switch {
	case t.resting():
		text := t.w.text("cancel.nothing", t.office())
		if slices.ContainsFunc(t.f.Cases(), func(c Case) bool { return c.Request != nil }) && !t.staff() {
			text = join(text, t.w.text("cancel.request"))
		}
		t.say(text)
	case t.s.Step == AskRequest, t.s.Under == AskRequest: // a request is taken back by its own answer only
		t.done(t.w.text("request.kept", t.office()))
	case t.isSibling():
		t.done(t.siblingsLeft())
	default:
		text := t.w.text("cancel.done")
		if c, ok := t.draftCase(); ok && c.Appointment != nil && c.Appointment.Status == scheduling.Scheduled {
			text = join(text, t.stands(*c.Appointment))
		}
		t.done(text)
	}
}

// stands says that an appointment is in force as before: theirs, or a client's.
func (t *turn) stands(a scheduling.Appointment) Text {
	key := "stands"
	if t.staff() {
		key = "stands.staff"
	}
	return t.w.text(key, with{"appointment": t.where(a)})
}

// setAside keeps the open question while another one is asked.
func (t *turn) setAside(step Question, first ...Text) {
	if t.s.Step != step && t.s.Step != AskRestart && t.s.Step != AskLanguage {
		t.s.Under = t.s.Step
	}
	t.ask(step, first...)
}

// resume goes back to the question that was set aside.
func (t *turn) resume(first ...Text) {
	t.s.Step, t.s.Under = t.s.Under, Idle
	switch {
	case t.s.Step != Idle:
		t.ask(t.s.Step, first...)
	case len(first) > 0:
		t.say(join(first...))
	default:
		t.menu()
	}
}

func (t *turn) askLanguage(rest string) {
	_, choices := t.languageQuestion()
	if value, ok := typed(rest, choices); ok && rest != "" && !isNumber(rest) {
		t.speak(strings.TrimPrefix(value, "lang_"))
		t.interrupt(t.w.text("language.set"))
		return
	}
	t.setAside(AskLanguage)
}

func (t *turn) languageQuestion() (Text, []choice) {
	var choices []choice
	for _, lang := range Languages() {
		w := wordsFor(lang)
		choices = append(choices, choice{label: w.label("language.name"), value: "lang_" + lang, words: append([]string{lang}, w.words["language"]...)})
	}
	return t.w.text("language.ask"), choices
}

func (t *turn) languageAnswer(value string) {
	t.speak(strings.TrimPrefix(value, "lang_"))
	t.resume(t.w.text("language.set"))
}

func (t *turn) languageSaid(string) {
	t.again(t.w.text("language.unknown", t.office()))
}

func (t *turn) speak(lang string) {
	t.s.Language = lang
	t.w = wordsFor(lang)
	t.do(Speak{Language: lang})
}
