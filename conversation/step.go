package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// flow is the version of the questions and their order. It is raised when an
// open conversation of an older program could be misunderstood; such a
// conversation begins again, politely.
const flow = 1

// How long things are kept or left unsaid.
const (
	idleLimit   = 24 * time.Hour      // then the draft is forgotten (R46)
	bannerEvery = 30 * 24 * time.Hour // then the identity banner is shown again (R41)
)

// consent is the version of the text shown when a chat is linked (R47).
const consent = "2026-11"

// Step takes one event and answers what to remember and what to do. It is
// total: every event in every state has an answer.
func Step(s State, e Event, f Facts) (State, []Effect) {
	t := &turn{s: s, e: e, f: f, now: f.Now()}
	if e.Language != "" {
		t.s.Hint = e.Language
	}
	t.w = wordsFor(t.language())
	t.run()
	t.finish()
	return t.s, t.effects
}

// Forget is what remains of a state after a day without a word: who the person
// is to the bot, but none of the answers. The next reply says so.
func Forget(s State) State {
	if s.Step == Idle && s.Draft.isZero() {
		return s
	}
	s.Forgot = s.Forgot || !s.Step.resting()
	s.Partly = s.Partly || s.Draft.Old != (scheduling.Wall{})
	s.Step, s.Under, s.Draft = Idle, Idle, Draft{}
	s.Rev++ // the buttons of the forgotten question are out of date
	return s
}

// turn is one Step on its way.
type turn struct {
	s       State
	e       Event
	f       Facts
	now     time.Time
	w       *lexicon
	effects []Effect
	before  Text // said before the first answer
	stood   bool // it says which appointment stands
	asked   bool // a question of this turn has been shown
}

func (t *turn) language() string {
	switch {
	case t.s.Language != "":
		return t.s.Language
	case t.s.Hint != "":
		return t.s.Hint
	}
	return "en"
}

func (t *turn) run() {
	if t.e.Kind == Group {
		t.say(t.w.text("group"))
		return
	}
	t.wake()
	switch t.e.Kind {
	case Asleep:
		t.asleep()
		return
	case Returned:
		t.returned()
		return
	case Flooded:
		t.flooded()
		return
	case Edited:
		t.edited()
		return
	}
	t.s.Touched = t.now
	if t.s.Forgot {
		t.forgot()
	}
	switch {
	case t.e.Kind == Said && t.looksLikeSSN():
		t.ssn()
	case t.e.Kind == Started && t.e.Text != "":
		t.open(t.e.Text)
	case t.e.Kind == Started:
		t.start()
	case t.e.Kind == Pressed:
		t.pressed()
	case t.e.Kind == Media && t.staff() && t.e.Attached != nil && (t.importAsked() || isSheet(t.e.Attached.Name)):
		t.shared(*t.e.Attached)
	case t.e.Kind == Media && t.staff() && t.importAsked():
		t.interrupt(t.w.text("import.one"))
	case t.e.Kind == Media:
		t.orMenu(t.w.text("media"))
	default:
		t.said()
	}
}

// forgot tells once that answers were forgotten. Where one of several appointments
// was moved before, it does not say that nothing changed.
func (t *turn) forgot() {
	text := t.w.text("forgot")
	if t.s.Partly {
		text = t.w.text("forgot.sibling")
	}
	t.s.Forgot, t.s.Partly = false, false
	t.before = join(t.before, text)
}

// wake forgets what is too old, or was written by a program with other questions.
func (t *turn) wake() {
	old := t.s.Step != Idle && (t.s.Flow != flow || !t.s.Step.known() || !t.s.Under.known())
	idle := !t.s.Touched.IsZero() && t.now.Sub(t.s.Touched) > idleLimit
	if old || idle {
		t.s = Forget(t.s)
	}
	t.s.Flow = flow
}

// asleep repeats an open question after an outage: presses may have been lost.
func (t *turn) asleep() {
	if t.resting() || t.stranger() && !t.strangerQuestion() {
		return
	}
	t.again(t.w.text("asleep"))
}

// edited never takes a changed message for new input.
func (t *turn) edited() {
	if t.looksLikeSSN() {
		t.ssn()
		return
	}
	if t.s.Step == Idle || t.stranger() {
		return
	}
	t.again(t.w.text("edited"))
}

// stranger tells whether the chat is linked to nothing.
func (t *turn) stranger() bool {
	return t.f.Person().Role == scheduling.Applicant && len(t.f.Cases()) == 0
}

// staff tells whether a member of staff is speaking.
func (t *turn) staff() bool { return t.f.Person().Role != scheduling.Applicant }

// resting tells whether nothing is waited for.
func (t *turn) resting() bool { return t.s.Step.resting() || t.requestGone() }

// do adds an effect.
func (t *turn) do(e Effect) { t.effects = append(t.effects, e) }

// say answers with text and, where given, a question of its own choices.
func (t *turn) say(text Text, choices ...choice) {
	t.reply(Reply{Text: text}, choices)
}

func (t *turn) reply(r Reply, choices []choice) {
	r.Text = join(t.before, r.Text)
	t.before = nil
	r.Private = !t.stranger() && t.e.Kind != Group
	if len(choices) > 0 {
		t.s.Rev++
		r.Rev = t.s.Rev
		for _, c := range choices {
			r.Choices = append(r.Choices, Choice{Label: c.label, Value: c.value})
		}
	}
	t.do(Say{Reply: r})
}

// ask makes step the open question and shows it, after what is said first.
func (t *turn) ask(step Question, first ...Text) {
	t.s.Step = step
	text, choices := t.question()
	t.asked = true
	if t.requestGone() { // there is nothing left to answer
		t.done(join(append(first, text)...))
		return
	}
	t.say(join(append(first, text)...), choices...)
}

// next is ask for the question that follows an answer: /back comes back here.
func (t *turn) next(step Question, first ...Text) {
	if t.s.Step != Idle && t.s.Step != step {
		t.s.Draft.Past = append(t.s.Draft.Past, t.s.Step)
	}
	t.ask(step, first...)
}

// again says something and shows the open question once more, so that nobody is
// left without knowing what is being waited for.
func (t *turn) again(first ...Text) {
	switch {
	case t.stranger() && !t.strangerQuestion():
		t.say(t.w.text("stranger"))
	case t.s.Step == Idle:
		t.say(join(first...))
	default:
		t.ask(t.s.Step, first...)
	}
}

// orMenu is again for something that leads nowhere by itself: where nothing is
// asked, it shows what can be done.
func (t *turn) orMenu(first ...Text) {
	if t.s.Step == Idle && !t.stranger() {
		t.menu(first...)
		return
	}
	t.again(first...)
}

// done ends the flow. What was answered is forgotten; the language stays.
func (t *turn) done(text Text, choices ...choice) {
	t.s.Step, t.s.Under, t.s.Draft = Idle, Idle, Draft{}
	t.say(text, choices...)
}

// finish puts the identity banner before the first answer where it is due (R41).
// A result is not kept waiting for it: what is now valid comes first (R38). A
// stranger sees it on /start and /help only.
func (t *turn) finish() {
	if t.e.Kind == Group || t.staff() || t.stranger() || t.now.Sub(t.s.Banner) < bannerEvery {
		return
	}
	first := -1
	for i := len(t.effects) - 1; i >= 0; i-- {
		switch t.effects[i].(type) {
		case Move, FileRequest, Withdraw, Refer, Unlink:
			return
		case Say:
			first = i
		}
	}
	if first < 0 {
		return
	}
	say := t.effects[first].(Say)
	say.Reply.Text = join(t.banner(), say.Reply.Text)
	t.effects[first] = say
	t.s.Banner = t.now
}

func (t *turn) banner() Text {
	o := t.f.Office()
	return t.w.text("banner", with{"firm": o.Name, "phone": o.Phone})
}

// showBanner puts the banner before the next answer.
func (t *turn) showBanner() {
	if t.staff() {
		return
	}
	t.before = join(t.before, t.banner())
	t.s.Banner = t.now
}
