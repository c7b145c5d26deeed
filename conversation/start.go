package conversation

import "reschedulebot/scheduling"

// start greets, or offers to go on where the person stopped.
func (t *turn) start() {
	switch {
	case t.stranger():
		t.showBanner()
		t.say(t.w.text("stranger"))
	case t.s.Step == AskMine || t.s.Under == AskMine:
		t.showBanner()
		t.s.Under = Idle
		t.ask(AskMine)
	case t.s.Step == AskRestart:
		t.showBanner()
		t.ask(AskRestart)
	case !t.resting() && !(t.s.Step == AskLanguage && t.s.Under.resting()):
		t.showBanner()
		t.setAside(AskRestart)
	default:
		t.showBanner()
		t.menu()
	}
}

func (t *turn) menu(first ...Text) {
	t.s.Draft, t.s.Under = Draft{}, Idle
	t.ask(Menu, first...)
}

func (t *turn) menuQuestion() (Text, []choice) {
	if t.staff() {
		return t.w.text("menu.staff"), nil
	}
	return t.w.text("menu"), []choice{
		t.choice("menu.reschedule", cmdReschedule),
		t.choice("menu.appointments", cmdAppointments),
		t.choice("menu.person", cmdPerson),
		t.choice("menu.help", cmdHelp),
	}
}

func (t *turn) restartAnswer(value string) {
	if value == "go" {
		t.resume()
		return
	}
	dropped := t.w.text("restart.dropped")
	if t.isSibling() {
		dropped = t.siblingsLeft()
	}
	t.menu(dropped)
}

// open tries the code of a link. Whatever is wrong with it, and whoever asks,
// the answer is the same, at the same beat of time.
func (t *turn) open(code string) {
	c, ok := t.f.Invitation(code)
	if !ok {
		t.do(TriedCode{})
		t.before = nil
		t.do(Say{Reply: Reply{Text: t.w.text("link.no")}, Grid: true})
		return
	}
	if t.staff() {
		t.interrupt(t.w.text("link.staff"))
		return
	}
	for _, mine := range t.f.Cases() {
		if mine.ID == c.ID {
			t.start()
			return
		}
	}
	var dropped Text
	switch {
	case t.isSibling():
		dropped = t.siblingsLeft()
	case !t.resting() && t.s.Draft.Reason != "":
		dropped = t.w.text("restart.dropped")
	}
	t.do(Link{Code: code, Consent: consent})
	t.s.Draft = Draft{CaseID: c.ID}
	t.s.Under = Idle
	t.s.Step = AskMine
	reminders := t.w.text("link.reminders")
	if !t.f.Person().Reminders { // /stop in this chat is for every case
		reminders = t.w.text("link.silent")
	}
	t.before = join(dropped, t.banner(), append(t.w.text("link.yes", t.office()), reminders...))
	t.s.Banner = t.now
	text, choices := t.mineText(c)
	t.reply(Reply{Text: text}, choices)
	last := t.effects[len(t.effects)-1].(Say)
	last.Reply.Private = true // the link of this very turn makes it a client's chat
	t.effects[len(t.effects)-1] = last
}

// mineText shows just enough for a person to see whether the link was for them.
func (t *turn) mineText(c Case) (Text, []choice) {
	return t.w.text("mine.ask", with{"case": t.caseName(c)}),
		[]choice{t.choice("mine.yes", "yes"), t.choice("mine.no", "no")}
}

func (t *turn) mineQuestion() (Text, []choice) {
	c, ok := t.draftCase()
	if !ok {
		return t.menuQuestion()
	}
	return t.mineText(c)
}

func (t *turn) mineAnswer(value string) {
	if value == "no" {
		t.do(Unlink{Reason: "not_me"})
		t.do(Alarm{Kind: AlarmNotMe, CaseID: t.s.Draft.CaseID})
		t.s.Step, t.s.Draft = Idle, Draft{}
		t.before = nil
		t.do(Say{Reply: Reply{Text: t.w.text("mine.gone", t.office())}})
		return
	}
	c, ok := t.draftCase()
	if !ok {
		t.menu()
		return
	}
	t.menu(t.onFile(c))
}

// mustSayMine tells whether a command has to wait until somebody has said that the
// case is theirs: nothing is shown to who may be the wrong person. Whoever knows
// its receipt number has the notice.
func (t *turn) mustSayMine(name, rest string) bool {
	switch name {
	case cmdStart:
		return rest == ""
	case cmdReschedule:
		return !t.namesOwnCase(rest)
	case cmdAppointments, cmdBack, cmdCancel:
		return true
	}
	return false
}

// mineSaid takes the receipt number of the case as a yes; it begins what a number
// begins.
func (t *turn) mineSaid(text string) {
	if !t.namesOwnCase(text) {
		t.again(t.w.text("choose"))
		return
	}
	t.reschedule(text)
}

// namesOwnCase tells whether words have the receipt number of a case of this chat.
func (t *turn) namesOwnCase(text string) bool {
	id := scheduling.ReadIdentifier(text)
	if id.Kind != scheduling.ReceiptExact {
		return false
	}
	_, ok := t.lookUp(id.Receipt)
	return ok
}

// onFile says what is on file for a case.
func (t *turn) onFile(c Case) Text {
	if c.Appointment == nil {
		return t.w.text("none", t.office())
	}
	v := t.gate(c, "")
	switch v.Class {
	case scheduling.MovedByUSCIS, scheduling.NotActive:
		return t.inactive(c)
	case scheduling.PhoneLate:
		return t.w.text("card.passed", with{"case": c.Receipt.String(), "form": formOr(c.Form), "appointment": t.where(*c.Appointment)})
	}
	text := t.card(c, v)
	switch {
	case c.Request != nil:
		return t.listLine(c)
	case v.Online() && t.insideMargin(v):
		return join(text, t.w.text("reminder.margin", t.office()))
	}
	return text
}

// freeIdle takes words when nothing is asked: a receipt number begins the flow.
func (t *turn) freeIdle(text string) {
	if id := scheduling.ReadIdentifier(text); id.Kind != scheduling.NoIdentifier {
		t.s.Step = AskReceipt
		t.receiptSaid(text)
		return
	}
	if t.staff() {
		t.say(t.w.text("menu.staff"))
		return
	}
	t.say(t.w.text("menu.hint"))
}
