package bot

import (
	"errors"
	"strings"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// asked is the request that an act is about. False: there is none, and whoever did
// it is told so.
func (u *turn) asked() (store.RequestRecord, bool) {
	r, ok := u.t.RequestByName(u.in.Act.Ref)
	if !ok && u.t.Err() == nil {
		u.cant(conversation.ProblemGone, conversation.Gone(u.chat.Language))
	}
	if ok {
		u.standsAt(store.RequestCard, r.ID)
	}
	return r, ok && u.t.Err() == nil
}

// open is a request that nobody has decided. False: there is none, or somebody was
// first: then who and when is told, and the card is drawn anew, so that one from
// before shows it too.
func (u *turn) open() (store.RequestRecord, bool) {
	r, ok := u.asked()
	if ok && r.Status != store.Requested {
		u.late(u.b.requestOnDesk(u.t, r))
		u.show(store.RequestCard, r.ID)
		return r, false
	}
	return r, ok
}

// late tells somebody that a request was decided before: in the form that they have
// open, or in words.
func (u *turn) late(r conversation.RequestOnDesk) {
	switch u.in.Act.Name {
	case submitted + conversation.FormAnother:
		u.wrong(conversation.FieldSite, conversation.DecidedProblem(u.chat.Language, r, u.facts()))
	case submitted + conversation.FormRefuse:
		u.wrong(conversation.FieldWords, conversation.DecidedProblem(u.chat.Language, r, u.facts()))
	default:
		u.answer.Say = conversation.DecidedMeanwhile(u.chat.Language, r, u.facts())
	}
}

// claim puts a request into somebody's hands, also out of another's.
func (u *turn) claim() {
	r, ok := u.open()
	if !ok {
		return
	}
	before := u.b.requestOnDesk(u.t, r)
	if r.HeldBy == u.chat.ID {
		before.Held = conversation.Holder{}
	}
	u.answer.Say = conversation.HeldBy(u.chat.Language, before)
	if r.HeldBy == u.chat.ID || !u.t.Hold(r.ID, u.chat.ID, u.name()) {
		return
	}
	u.audit("claimed", r.CaseID, map[string]any{"request": r.Name})
	n := conversation.News{What: conversation.NewsHeld, By: u.me()}
	if before.Held.Person != "" {
		n.Mention = append(n.Mention, before.Held)
	}
	u.requestNews(r.ID, n)
}

// me is who did something, as cards name them.
func (u *turn) me() conversation.Holder {
	return conversation.Holder{Name: u.name(), Person: u.chat.Address, At: u.t.Now()}
}

// requestNews adds a line to the record of a request, and has its card drawn anew
// first: the line stands below it.
func (u *turn) requestNews(id string, n conversation.News) {
	u.show(store.RequestCard, id)
	if r, ok := u.t.RequestByName(id); ok {
		u.note(store.RequestCard, id, conversation.RequestNews(deskLanguage, u.b.requestOnDesk(u.t, r), n, &facts{b: u.b, t: u.t}))
	}
}

// confirmAsked records that USCIS gave the time that was asked for.
func (u *turn) confirmAsked() {
	if u.decides() {
		if r, ok := u.open(); ok {
			u.decideOn(r, conversation.Decision{Outcome: conversation.Confirmed})
		}
	}
}

// decideOn records a decision. What can't be recorded is told, and changes nothing.
func (u *turn) decideOn(r store.RequestRecord, d conversation.Decision) bool {
	if why := u.undecidable(r, d); why != nil {
		u.tellWhy(why)
		return false
	}
	d.RequestID, d.By = r.ID, u.name()
	err := u.decide(d)
	if no := Refusal(""); errors.As(err, &no) {
		u.tellWhy(conversation.Text{{Spans: []conversation.Span{{Text: string(no)}}}})
		return false
	}
	if err != nil {
		u.t.Fail(err)
	}
	return err == nil
}

// undecidable is why a request can't be decided so, for whoever wants to; nil: it can
// be, as far as people can have brought it about.
func (u *turn) undecidable(r store.RequestRecord, d conversation.Decision) conversation.Text {
	now, has := u.t.Latest(r.CaseID)
	switch {
	case u.t.Err() != nil:
		return nil
	case !has || now.Status != scheduling.Scheduled:
		return conversation.NothingToDecide(u.chat.Language, r.Request)
	case d.Outcome == conversation.Confirmed && d.Site == "" && d.At.IsZero() && !r.To.Start.After(u.t.Now()):
		return conversation.WantedHasPassed(u.chat.Language, deskLanguage, r.Request, u.facts())
	}
	return nil
}

// tellWhy tells somebody why nothing was done: in the form that they have open, or in
// words.
func (u *turn) tellWhy(why conversation.Text) {
	if strings.HasPrefix(u.in.Act.Name, submitted) {
		u.wrong("", strings.TrimSpace(why.Plain()))
		return
	}
	u.answer.Say = why
}

func (u *turn) askAnother() {
	if u.decides() {
		if r, ok := u.open(); ok {
			form := conversation.AnotherForm(u.chat.Language, u.b.requestOnDesk(u.t, r), u.facts())
			u.answer.Form = &form
		}
	}
}

func (u *turn) askWhy() {
	if u.decides() {
		if r, ok := u.open(); ok {
			form := conversation.RefuseForm(u.chat.Language, u.b.requestOnDesk(u.t, r), u.facts())
			u.answer.Form = &form
		}
	}
}

// confirmAnother records that USCIS gave another time.
func (u *turn) confirmAnother() {
	if !u.decides() {
		return
	}
	r, ok := u.open()
	if !ok {
		return
	}
	p := u.filledPlace()
	if u.answer.Problems != nil || !u.mayBe(r, p) {
		return
	}
	if u.decideOn(r, conversation.Decision{Outcome: conversation.Confirmed, Site: p.site.Code, At: p.wall}) {
		u.answer.Say = conversation.Unusual(u.chat.Language, p.site, p.wall, u.facts())
	}
}

// mayBe tells whether USCIS can have given a time instead of the one on file: it lies
// ahead, and is another.
func (u *turn) mayBe(r store.RequestRecord, p placed) bool {
	now, has := u.t.Latest(r.CaseID)
	switch {
	case !p.start.After(u.t.Now()):
		u.problem(conversation.FieldDate, conversation.ProblemPast)
	case has && samePlaceAndTime(now, scheduling.Appointment{Site: p.site, Local: p.wall}):
		u.problem(conversation.FieldDate, conversation.ProblemSame)
	}
	return u.answer.Problems == nil
}

// refuse records that USCIS gave none, and why.
func (u *turn) refuse() {
	if !u.decides() {
		return
	}
	r, ok := u.open()
	if !ok {
		return
	}
	words := u.filled(conversation.FieldWords)
	switch {
	case words == "":
		u.problem(conversation.FieldWords, conversation.ProblemMissing)
		return
	case conversation.Secret(words): // the client would read it in a chat (R30)
		u.problem(conversation.FieldWords, conversation.ProblemSecret)
		return
	}
	u.decideOn(r, conversation.Decision{Outcome: conversation.Refused, Words: words})
}

func (u *turn) showCenter() {
	if r, ok := u.asked(); ok {
		u.answer.Say = conversation.CenterText(u.chat.Language, u.b.requestOnDesk(u.t, r), u.facts())
	}
}
