package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/bot/text"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// filled is what was put into a field of a form, in one line.
func (u *turn) filled(name string) string {
	return strings.Join(strings.Fields(text.Clean(u.in.Act.Fields[name])), " ")
}

// problem says what is wrong with a field; the form stays open.
func (u *turn) problem(field string, p conversation.FormProblem) {
	u.wrong(field, conversation.Problem(u.chat.Language, p))
}

// wrong is problem with a sentence; the first one at a field counts.
func (u *turn) wrong(field, sentence string) {
	if u.answer.Problems == nil {
		u.answer.Problems = map[string]string{}
	}
	if u.answer.Problems[field] == "" {
		u.answer.Problems[field] = sentence
	}
}

// A placed time is what the fields site, date and time of a form say.
type placed struct {
	site  scheduling.Site
	wall  scheduling.Wall
	start time.Time
}

// filledPlace reads them. What is wrong stands in the answer.
func (u *turn) filledPlace() placed {
	var p placed
	var known bool
	if p.site, known = u.t.Sites().Find(u.filled(conversation.FieldSite)); !known {
		u.problem(conversation.FieldSite, conversation.ProblemSite)
	}
	var noDate, noClock, err error
	if p.wall.Date, noDate = scheduling.ParseDate(u.filled(conversation.FieldDate)); noDate != nil {
		u.problem(conversation.FieldDate, conversation.ProblemDate)
	}
	if p.wall.Hour, p.wall.Minute, noClock = scheduling.ParseClock(u.filled(conversation.FieldTime)); noClock != nil {
		u.problem(conversation.FieldTime, conversation.ProblemClock)
	}
	if known && noDate == nil && noClock == nil {
		if p.start, err = p.site.Instant(p.wall); err != nil {
			u.problem(conversation.FieldTime, conversation.ProblemNoSuchTime)
		}
	}
	return p
}

// askRegister opens the form in which an appointment is registered or corrected:
// that of a case, or of a receipt number that was typed after a command.
func (u *turn) askRegister() {
	var draft *conversation.RegisterDraft
	typed := strings.TrimSpace(text.Clean(u.in.Act.Typed))
	switch {
	case u.in.Act.Ref != "":
		if c, ok := u.t.CaseByID(store.System(), u.in.Act.Ref); ok {
			draft = u.onFile(c)
		}
	case typed != "":
		draft = &conversation.RegisterDraft{Receipt: text.Head(typed, 40)}
		if c, ok := u.t.CaseByReceipt(store.System(), u.typedReceipt(typed)); ok {
			draft = u.onFile(c)
		}
	}
	form := conversation.RegisterForm(u.chat.Language, draft, u.facts())
	u.answer.Form = &form
}

// typedReceipt is the receipt number that somebody typed, or the one that ends in the
// four digits that they did; zero where there is none, or several.
func (u *turn) typedReceipt(typed string) scheduling.Receipt {
	if found := conversation.Ending(typed, u.facts()); len(found) == 1 {
		return found[0].Receipt
	}
	r, err := scheduling.ParseReceipt(typed)
	if err != nil {
		return scheduling.Receipt{}
	}
	return r
}

// onFile is what the form shows of a case.
func (u *turn) onFile(c store.CaseRecord) *conversation.RegisterDraft {
	d := &conversation.RegisterDraft{OnFile: conversation.OnFile{CaseID: c.ID, Changed: c.UpdatedAt.UnixMilli()}, Receipt: c.Receipt.Reveal(), Form: c.Form, Language: c.Language, First: c.FirstName, Last: c.LastName, Phone: c.Phone}
	if a, ok := u.t.Latest(c.ID); ok {
		d.Version, d.Count = a.Version, strconv.Itoa(a.Count)
		d.Site, d.SiteName, d.Date = a.Site.Code, a.Site.Name(), a.Local.Date.String()
		d.Time = scheduling.ClockAt(a.Local.Hour, a.Local.Minute).String()
	}
	u.audit("opened", c.ID, map[string]any{"form": "register"})
	return d
}

// registerForm registers or corrects what the form says, or answers what is wrong
// with it, field by field.
func (u *turn) registerForm() {
	e := ledger.Entry{Status: scheduling.Scheduled}
	id := scheduling.ReadIdentifier(u.filled(conversation.FieldReceipt))
	if wrong := conversation.ReceiptProblem(u.chat.Language, id); wrong != "" {
		u.wrong(conversation.FieldReceipt, wrong)
	}
	e.Receipt = id.Receipt
	p := u.filledPlace()
	e.Site, e.Local, e.Start = p.site, p.wall, p.start
	u.optional(&e)
	u.emptied(&e)
	if u.answer.Problems == nil {
		u.fits(e)
	}
	u.ahead(e)
	if u.answer.Problems != nil || u.t.Err() != nil {
		return
	}
	switch result := u.register(e, u.name()); result.Status {
	case ledger.RowConflict:
		u.problem(conversation.FieldDate, conversation.ProblemConflict)
	default:
		u.answer.Say = conversation.Registered(u.chat.Language, conversation.Registration(result.Status), e.Receipt, e.Site, e.Local, u.facts())
		u.showHomes()
	}
}

// ahead says so where an appointment is new and has passed already, whatever else is
// wrong with its form.
func (u *turn) ahead(e ledger.Entry) {
	if e.Start.IsZero() || e.Start.After(u.t.Now()) {
		return
	}
	c, known := u.t.CaseByReceipt(store.System(), e.Receipt)
	if shown, _ := conversation.ReadRegisterRef(u.in.Act.Ref); !known && shown.CaseID != "" { // the number was spoilt
		c, known = u.t.CaseByID(store.System(), shown.CaseID)
	}
	if known {
		if now, has := u.t.Latest(c.ID); has && samePlaceAndTime(now, scheduling.Appointment{Site: e.Site, Local: e.Local}) {
			return
		}
	}
	u.problem(conversation.FieldDate, conversation.ProblemPast)
}

// fits says at which field an entry does not go with what is on file. A form shows a
// case as it was when the form was opened, or none at all: it never writes over
// another case, nor over another appointment.
func (u *turn) fits(e ledger.Entry) {
	c, known := u.t.CaseByReceipt(store.System(), e.Receipt)
	now, has := scheduling.Appointment{}, false
	if known {
		now, has = u.t.Latest(c.ID)
	}
	stays := has && samePlaceAndTime(now, scheduling.Appointment{Site: e.Site, Local: e.Local})
	shown, read := conversation.ReadRegisterRef(u.in.Act.Ref)
	_, open := u.t.OpenRequest(c.ID)
	switch {
	case known && (shown.CaseID != c.ID || !read) && !(stays && merge(c, e) == c && (!e.CountGiven || e.Count == now.Count)):
		u.problem(conversation.FieldReceipt, conversation.ProblemConflict)
	case known && (has && now.Version != shown.Version || !has && shown.Version != 0) && shown.CaseID == c.ID:
		u.problem(conversation.FieldDate, conversation.ProblemChanged)
	case known && shown.Changed != 0 && shown.Changed != c.UpdatedAt.UnixMilli() && merge(c, e) != c:
		u.problem(conversation.FieldReceipt, conversation.ProblemChanged)
	case !stays && open && !now.Over() && e.Start.After(u.t.Now()):
		u.problem(conversation.FieldDate, conversation.ProblemRequest)
	}
}

// optional reads the fields that may be empty. An empty one leaves what is on file as
// it is, unless emptied finds that it was taken out.
func (u *turn) optional(e *ledger.Entry) {
	if form := u.filled(conversation.FieldForm); form != "" {
		var ok bool
		if e.Form, ok = scheduling.FormNumber(form); !ok {
			u.problem(conversation.FieldForm, conversation.ProblemForm)
		}
		e.Given |= ledger.FormColumn
	}
	if count := u.filled(conversation.FieldCount); count != "" {
		n, err := strconv.Atoi(count)
		if err != nil || n < 0 || n > conversation.MaxCount {
			u.problem(conversation.FieldCount, conversation.ProblemCount)
		}
		e.Count, e.CountGiven = n, true
		e.Given |= ledger.CountColumn
	}
	for _, f := range []struct {
		name   string
		column ledger.Columns
		to     *string
	}{
		{conversation.FieldLanguage, ledger.LanguageColumn, &e.Language}, {conversation.FieldFirst, ledger.FirstNameColumn, &e.FirstName},
		{conversation.FieldLast, ledger.LastNameColumn, &e.LastName}, {conversation.FieldPhone, ledger.PhoneColumn, &e.Phone},
	} {
		if *f.to = u.filled(f.name); *f.to != "" {
			e.Given |= f.column
			u.checkWords(f.name, *f.to)
		}
	}
	if e.Language != "" && !slices.Contains(conversation.Languages(), e.Language) {
		u.problem(conversation.FieldLanguage, conversation.ProblemLanguage)
	}
	if digits := len(strings.Map(digit, e.Phone)); e.Phone != "" && digits < fewestDigits {
		u.problem(conversation.FieldPhone, conversation.ProblemPhone)
	}
}

// emptied notes which names and numbers were on file and were taken out of a form that
// shows the case: nobody is to be called under a number that somebody has removed.
func (u *turn) emptied(e *ledger.Entry) {
	shown, read := conversation.ReadRegisterRef(u.in.Act.Ref)
	c, known := u.t.CaseByReceipt(store.System(), e.Receipt)
	if !known || !read || shown.CaseID != c.ID || shown.Changed == 0 {
		return
	}
	for _, f := range []struct {
		column     ledger.Columns
		on, filled string
	}{{ledger.FirstNameColumn, c.FirstName, e.FirstName}, {ledger.LastNameColumn, c.LastName, e.LastName}, {ledger.PhoneColumn, c.Phone, e.Phone}} {
		if f.on != "" && f.filled == "" {
			e.Given |= f.column
		}
	}
}

// What a field may hold.
const (
	mostField    = 200 // characters
	fewestDigits = 7   // of a phone number
)

func digit(r rune) rune {
	if unicode.IsDigit(r) {
		return '0'
	}
	return -1
}

// checkWords says what is wrong with words that are to be kept.
func (u *turn) checkWords(field, words string) {
	switch {
	case conversation.Secret(words):
		u.problem(field, conversation.ProblemSecret)
	case utf8.RuneCountInString(words) > mostField:
		u.problem(field, conversation.ProblemLong)
	}
}
