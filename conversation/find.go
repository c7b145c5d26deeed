package conversation

import (
	"strings"
	"time"

	"reschedulebot/scheduling"
)

// perPage is how many choices a question offers at once, besides "more".
const perPage = 5

// rescheduleAnew begins the flow, unless that would lose answers: then it asks,
// or says so where a number of another case is given with it.
func (t *turn) rescheduleAnew(rest string) {
	if t.s.Step.resting() || t.s.Draft.Reason == "" && t.s.Step != AskRestart {
		t.reschedule(rest)
		return
	}
	if rest == "" || !t.otherCase(rest) {
		t.setAside(AskRestart)
	}
}

// reschedule begins the flow: which appointment is it?
func (t *turn) reschedule(rest string) {
	t.s.Draft, t.s.Under, t.s.Step = Draft{}, Idle, Idle
	if rest != "" {
		t.s.Step = AskReceipt
		t.receiptSaid(rest)
		return
	}
	if cases := t.f.Cases(); len(cases) == 1 {
		t.pick(cases[0])
		return
	}
	t.ask(AskReceipt)
}

func (t *turn) receiptQuestion() (Text, []choice) {
	cases := t.f.Cases()
	if t.staff() || len(cases) == 0 {
		return t.w.text("receipt.ask"), nil
	}
	t.s.Draft.Listed = t.s.Draft.Listed[:0]
	from := min(t.s.Draft.Page*perPage, (len(cases)-1)/perPage*perPage)
	var choices []choice
	for _, c := range cases[from:min(from+perPage, len(cases))] {
		choices = append(choices, choice{label: t.caseName(c), value: "c" + itoa(len(t.s.Draft.Listed)), words: caseWords(c, cases)})
		t.s.Draft.Listed = append(t.s.Draft.Listed, c.ID)
	}
	if len(cases) > perPage {
		choices = append(choices, t.choice("more.cases", "more"))
	}
	return t.w.text("receipt.choose"), choices
}

// caseWords are what a case of several may be called besides what its button says:
// the digits on it, and its form where no other case has it.
func caseWords(c Case, all []Case) []string {
	sameForm, sameDigits := 0, 0
	for _, other := range all {
		if other.Form == c.Form {
			sameForm++
		}
		if other.Receipt.Last4() == c.Receipt.Last4() {
			sameDigits++
		}
	}
	var words []string
	if sameDigits == 1 {
		words = append(words, c.Receipt.Last4())
	}
	if form := fold(c.Form); form != "" && sameForm == 1 {
		words = append(words, form, strings.ReplaceAll(form, "-", ""))
	}
	return words
}

func (t *turn) receiptAnswer(value string) {
	if value == "more" {
		t.s.Draft.Page++
		if t.s.Draft.Page*perPage >= len(t.f.Cases()) {
			t.s.Draft.Page = 0
		}
		t.ask(AskReceipt)
		return
	}
	if id, ok := listed(t.s.Draft.Listed, value); ok {
		if c, ok := t.caseByID(id); ok {
			t.pick(c)
			return
		}
	}
	t.again(t.w.text("outofdate"))
}

// receiptSaid reads a typed number (R28 to R31) and says what is wrong with it.
func (t *turn) receiptSaid(text string) {
	if found, asked := t.ending(text); asked {
		if len(found) == 1 {
			t.pick(found[0].Case)
			return
		}
		t.again(t.notOne(text, found))
		return
	}
	id := scheduling.ReadIdentifier(text)
	switch id.Kind {
	case scheduling.ReceiptExact, scheduling.ReceiptOddPrefix:
		t.find(id.Receipt)
	case scheduling.ReceiptRepaired:
		t.s.Draft.Guess = id.Receipt.Reveal()
		t.ask(AskGuess)
	case scheduling.ReceiptShort, scheduling.ReceiptLong:
		t.again(t.w.text("receipt.length", with{"n": id.Digits}))
	case scheduling.ReceiptMasked:
		t.again(t.w.text("receipt.masked"))
	case scheduling.AccountNumber:
		t.again(t.w.text("receipt.account"))
	case scheduling.ANumberLike:
		t.again(t.w.text("receipt.anumber"))
	case scheduling.NineDigits:
		t.again(t.w.text("receipt.nine"))
	default:
		t.again(t.w.text("receipt.none"))
	}
}

// otherCase takes a receipt number typed at a question about another case: the
// flow begins again with that one. A number that leads nowhere loses nothing.
func (t *turn) otherCase(text string) bool {
	switch t.s.Step {
	case AskReason, AskPlace, AskSite, AskSlot, AskDay, Confirm, AskSibling, AskRequest, AskRestart:
	default:
		return false
	}
	id := scheduling.ReadIdentifier(text)
	if id.Kind != scheduling.ReceiptExact {
		return false
	}
	c, ok := t.lookUp(id.Receipt)
	switch {
	case !ok:
		t.again(t.unknownReceipt(id.Receipt))
	case c.ID == t.s.Draft.CaseID:
		t.again()
	default:
		if t.isSibling() {
			t.before = join(t.before, t.siblingsLeft())
		} else {
			t.before = join(t.before, t.w.text("restart.dropped"))
		}
		t.s.Draft, t.s.Under, t.s.Step = Draft{}, Idle, Idle
		t.pick(c)
	}
	return true
}

// find looks only among the cases this chat may see, so the answer is the same
// for a number that does not exist and for one that is somebody else's.
func (t *turn) find(r scheduling.Receipt) {
	if c, ok := t.lookUp(r); ok {
		t.pick(c)
		return
	}
	t.s.Step = AskReceipt
	t.again(t.unknownReceipt(r))
}

func (t *turn) lookUp(r scheduling.Receipt) (Case, bool) {
	for _, c := range t.f.Cases() {
		if c.Receipt == r {
			return c, true
		}
	}
	if !t.staff() {
		return Case{}, false
	}
	return t.f.Find(r)
}

func (t *turn) unknownReceipt(r scheduling.Receipt) Text {
	values := t.office()
	values["receipt"] = r.Reveal()
	return t.w.text("receipt.unknown", values)
}

func (t *turn) guessQuestion() (Text, []choice) {
	return t.w.text("guess.ask", with{"receipt": t.s.Draft.Guess}), []choice{t.choice("yes", "yes"), t.choice("no", "no")}
}

func (t *turn) guessAnswer(value string) {
	r, err := scheduling.ParseReceipt(t.s.Draft.Guess)
	t.s.Draft.Guess = ""
	if value == "no" || err != nil {
		t.ask(AskReceipt)
		return
	}
	t.find(r)
}

// looksLikeSSN is the guard of R30, before anything else reads the words.
func (t *turn) looksLikeSSN() bool {
	return Secret(t.e.Text)
}

// Secret tells whether words hold what must not be passed on to anybody (R30).
func Secret(words string) bool {
	return scheduling.ReadIdentifier(words).Kind == scheduling.SSNLike
}

// ssn never stores or repeats what was typed, and tries to have it deleted.
func (t *turn) ssn() {
	t.do(Delete{})
	if t.stranger() {
		t.say(t.w.text("ssn"))
		return
	}
	t.do(Alarm{Kind: AlarmSSN, CaseID: t.s.Draft.CaseID})
	t.again(t.w.text("ssn"))
}

// pick takes a case into the flow: what is on file, and what may be done.
func (t *turn) pick(c Case) {
	var past []Question // what was answered about the case is asked anew
	if t.s.Step == AskReceipt || t.s.Step == AskGuess || len(t.s.Draft.Past) > 0 && t.s.Draft.Past[0] == AskReceipt {
		past = []Question{AskReceipt}
	}
	t.s.Draft = Draft{CaseID: c.ID, Past: past}
	a := c.Appointment
	if a == nil {
		t.done(t.w.text("none", t.office()))
		return
	}
	t.s.Draft.AppointmentID, t.s.Draft.Version = a.ID, a.Version
	if c.Request != nil {
		t.ask(AskRequest)
		return
	}
	v := t.gate(c, "")
	if !v.Online() {
		t.refuse(c, v)
		return
	}
	if t.onlyPrepares() {
		t.done(t.w.text("notallowed.paralegal"))
		return
	}
	if t.insideMargin(v) {
		t.margin(c, v)
		return
	}
	t.ask(AskReason, t.card(c, v))
}

// gate asks the rules about a case as it is on file.
func (t *turn) gate(c Case, reason scheduling.Reason) scheduling.Verdict {
	return t.f.Rules().Gate(scheduling.Attempt{
		Appointment: c.Appointment,
		By:          scheduling.Requester{Role: t.f.Person().Role, Allowed: true, G28: c.G28},
		Reason:      reason, Now: t.now, Margin: t.deskMargin(),
	})
}

// onlyPrepares tells whether the one who speaks may not move an appointment
// without anybody else looking at it (R8). A request is looked at.
func (t *turn) onlyPrepares() bool {
	return t.f.Person().Role == scheduling.Paralegal && t.f.Office().Booking == Instant
}

func (t *turn) deskMargin() time.Duration {
	if t.f.Office().Booking == Desk && !t.staff() {
		return t.f.Office().Margin
	}
	return 0
}

func (t *turn) insideMargin(v scheduling.Verdict) bool { return !t.now.Before(v.SelfUntil) }

// draftCase is the case the flow is about, as it is on file now.
func (t *turn) draftCase() (Case, bool) { return t.caseByID(t.s.Draft.CaseID) }

func (t *turn) caseByID(id string) (Case, bool) {
	if id == "" {
		return Case{}, false
	}
	for _, c := range t.f.Cases() {
		if c.ID == id {
			return c, true
		}
	}
	if t.staff() {
		return t.f.Case(id)
	}
	return Case{}, false
}

// listed answers what stands behind a button "c3".
func listed(ids []string, value string) (string, bool) {
	n, ok := index(value)
	if !ok || n >= len(ids) {
		return "", false
	}
	return ids[n], true
}

// appointments lists what is on file for this person.
func (t *turn) appointments() Text {
	cases := t.f.Cases()
	if t.staff() {
		return t.w.text("menu.staff")
	}
	out := t.w.text("list.head")
	movable := false
	for _, c := range cases {
		out = append(out, t.listLine(c)...)
		movable = movable || c.Appointment != nil && c.Appointment.Status == scheduling.Scheduled && c.Appointment.Start.After(t.now)
	}
	if !movable {
		return out
	}
	return join(out, t.w.text("list.foot"))
}

func (t *turn) listLine(c Case) Text {
	values := with{"case": c.Receipt.String(), "form": formOr(c.Form)}
	if c.Appointment == nil {
		return t.w.text("list.none", values)
	}
	values["appointment"] = t.where(*c.Appointment)
	key := "list.line"
	switch {
	case c.Appointment.Status == scheduling.USCISMoved:
		key = "list.moved"
	case c.Appointment.Status == scheduling.Missed, c.Appointment.Status == scheduling.Scheduled && !c.Appointment.Start.After(t.now):
		key = "list.passed"
	case c.Appointment.Status == scheduling.Completed:
		key = "list.done"
	case c.Appointment.Status != scheduling.Scheduled:
		key = "list.over"
	case c.Request != nil:
		key = "list.requested"
		values["wanted"] = t.slotWhere(c.Request.To)
	}
	return t.w.text(key, values)
}

// caseName is a case on a button: form, last four digits and day.
func (t *turn) caseName(c Case) string {
	name := strings.TrimSpace(c.Form + " …" + c.Receipt.Last4())
	if c.Appointment != nil {
		name += ", " + t.w.short(c.Appointment.Local)
	}
	return name
}
