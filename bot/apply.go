package bot

import (
	"fmt"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// Priorities of letters: what a person waits for goes first.
const (
	answer   = 0
	outcome  = 1
	reminder = 2
)

// How long a letter is worth sending. An answer of yesterday would only confuse.
const (
	answerLife = 24 * time.Hour
	tickLife   = 2 * time.Minute
)

// apply turns one effect of a conversation into rows.
func (u *turn) apply(e conversation.Effect) {
	switch e := e.(type) {
	case conversation.Say:
		u.say(e)
	case conversation.Tick:
		// Said last, so that a keyboard that can't be tidied away never holds up
		// the answer.
		u.ticks = append(u.ticks, store.Letter{Kind: string(Tick), Answer: e.Answer, RefersTo: u.in.Message, SendBy: u.t.Now().Add(tickLife)})
	case conversation.Delete:
		u.ticks = append(u.ticks, store.Letter{Kind: string(Delete), RefersTo: u.in.Message, SendBy: u.t.Now().Add(answerLife)})
	case conversation.Move:
		u.move(e.Change)
	case conversation.FileRequest:
		u.file(e.Change)
	case conversation.Withdraw:
		u.withdraw(e.RequestID)
	case conversation.Refer:
		u.refer(e)
	case conversation.Decide:
		if err := u.decide(e.Decision); err != nil {
			panic(err) // the facts that allowed it were read in this transaction
		}
	case conversation.Link:
		u.link(e)
	case conversation.Unlink:
		u.unlink(e.Reason)
	case conversation.Invite:
		u.invite(e.CaseID)
	case conversation.RevokeCodes:
		u.b.revoke(u.t, u.mine(e.CaseID), u.actor(), u.chat.ID)
	case conversation.UnlinkAll:
		u.unlinkAll(e.CaseID)
	case conversation.Fetch:
		// Its name is only for whoever shared it: it may be a client's.
		u.put(u.chat, store.Letter{Kind: string(fetch), Priority: answer, RefersTo: e.File.ID, Answer: e.File.Name, SendBy: u.t.Now().Add(answerLife)})
	case conversation.TriedCode:
		u.t.Try(u.chat.ID, triedLink, triesIn)
	case conversation.Reminders:
		u.remind(e.On)
	case conversation.Speak:
		u.chat.Language = e.Language
	case conversation.Alarm:
		if u.strange { // one alarm for all of them, however many they are
			u.raise(e.Kind, "", "")
		} else {
			u.raise(e.Kind, e.CaseID, u.chat.ID)
		}
	case conversation.WantPerson:
		u.wantsPerson(e.CaseID)
	default:
		panic(fmt.Sprintf("an effect of type %T is not known", e))
	}
}

func (u *turn) say(e conversation.Say) {
	l := store.Letter{Kind: string(Message), Priority: answer, Reply: e.Reply, SendBy: u.t.Now().Add(answerLife)}
	if e.Grid {
		l.DueAt = onGrid(u.t.Now())
	}
	u.put(u.chat, l)
}

// onGrid is the first even second at least two seconds from now. Whatever an
// answer took to find, it leaves at such a moment (failed link codes).
func onGrid(now time.Time) time.Time {
	const grid = 2 * time.Second
	at := now.Add(grid)
	if t := at.Truncate(grid); !t.Equal(at) {
		return t.Add(grid)
	}
	return at
}

// mine is a case that this chat may act on. Step has seen it in this very
// transaction, so anything else is a mistake in the program.
func (u *turn) mine(caseID string) store.CaseRecord {
	f := facts{b: u.b, t: u.t, chat: u.chat}
	c, ok := u.t.CaseByID(f.principal(), caseID)
	if !ok && u.t.Err() == nil {
		panic("a chat acts on a case that is not its own")
	}
	return c
}

// actor is who did something, for the record.
func (u *turn) actor() string {
	p := u.b.person(u.chat)
	if p.Role == scheduling.Applicant {
		return "applicant"
	}
	return p.Name
}

// move moves an appointment in the book's own authority, seat and all (R12).
func (u *turn) move(c conversation.Change) {
	u.mine(c.CaseID)
	old, site, ok := u.held(c)
	if !ok {
		return
	}
	u.t.FreeSeat(old.Site.Code, old.Start)
	next := old
	next.Site, next.Local, next.Start = site, c.To.Local, c.To.Start
	next.Count, next.Status = old.Count+1, scheduling.Scheduled
	next = u.t.Supersede(old, next, u.b.firstReminder(next, u.t.Now()))
	r := u.record(c, old)
	r.Status, r.DecidedAt, r.DecidedBy = store.Confirmed, u.t.Now(), "book"
	r = u.t.PutRequest(r)
	u.audit("moved", c.CaseID, changeDetail(u.t.Sites(), r, next))
	u.tellOthers(c.CaseID, next, nil)
}

// file files a request and holds its seat; the appointment stays in force.
func (u *turn) file(c conversation.Change) {
	u.mine(c.CaseID)
	old, _, ok := u.held(c)
	if !ok {
		return
	}
	r := u.record(c, old)
	r.Status, r.HoldsSeat, r.LapsesAt = store.Requested, true, c.Verdict.OnlineUntil
	r.UrgeAt = nextUrge(old.Start, u.t.Now())
	r = u.t.PutRequest(r)
	u.show(store.RequestCard, r.ID)
	u.audit("requested", c.CaseID, changeDetail(u.t.Sites(), r, old))
	u.alarms = append(u.alarms, "request "+r.Name+" waits for a decision")
	u.toOthers(c.CaseID, "", func(lang string, f *facts) conversation.Reply { return conversation.Filed(lang, r.Request, f) })
}

// held takes the seat of a change and answers the appointment it changes. Both
// were seen free and in force in this transaction; where PostgreSQL finds that
// somebody else was first, the turn is undone and played again.
func (u *turn) held(c conversation.Change) (scheduling.Appointment, scheduling.Site, bool) {
	old, found := u.t.Appointment(c.AppointmentID)
	site, known := u.t.Sites().Find(c.To.Site)
	switch {
	case u.t.Err() != nil:
	case !found || !known || old.CaseID != c.CaseID || old.Version != c.Version || !u.t.TakeSeat(site, c.To.Start):
		u.t.Fail(store.ErrChanged)
	}
	return old, site, u.t.Err() == nil
}

// record is the proof of an attempt, whatever became of it (R17).
func (u *turn) record(c conversation.Change, from scheduling.Appointment) store.RequestRecord {
	return store.RequestRecord{
		Request: conversation.Request{
			CaseID: c.CaseID, Receipt: from.Receipt, From: from, To: c.To, Reason: c.Reason, Words: c.Words, RequestedAt: c.At,
		},
		ChatID: u.chat.ID, Verdict: c.Verdict.Class, Findings: c.Verdict.Findings,
		Channel: u.in.Platform, RulesVersion: c.Verdict.RulesVersion,
	}
}

func (u *turn) withdraw(id string) {
	r, ok := u.t.RequestByName(id)
	if !ok || r.Status != store.Requested {
		u.t.Fail(store.ErrChanged)
		return
	}
	u.mine(r.CaseID)
	u.b.closeRequest(u.t, r, store.Withdrawn, u.actor(), "")
	u.audit("withdrawn", r.CaseID, map[string]any{"request": r.Name})
	n := conversation.News{What: conversation.NewsWithdrawn}
	if u.b.person(u.chat).Role != scheduling.Applicant {
		n.By = u.me()
	}
	u.requestNews(r.ID, n)
	if now, ok := u.t.Latest(r.CaseID); ok {
		u.tell(r, conversation.Decision{RequestID: r.ID, Outcome: conversation.Withdrawn}, now)
	}
}

// refer records that a person was sent to the Contact Center.
func (u *turn) refer(e conversation.Refer) {
	u.mine(e.CaseID)
	a, ok := u.t.Appointment(e.AppointmentID)
	if !ok {
		u.t.Fail(store.ErrNotFound)
		return
	}
	c := conversation.Change{CaseID: e.CaseID, Reason: e.Reason, Verdict: e.Verdict, At: u.t.Now()}
	r := u.record(c, a)
	r.Status = store.Referred
	r = u.t.PutRequest(r)
	u.audit("referred", e.CaseID, map[string]any{"request": r.Name, "verdict": r.Verdict, "findings": r.Findings, "from": stamp(a)})
}

// link ties this chat to a case. Staff hear of a second chat on the same case,
// and so do those who were there before.
func (u *turn) link(e conversation.Link) {
	caseID, ok := u.t.Invitation(e.Code, u.chat.ID)
	if !ok || !u.t.UseInvitation(e.Code, u.chat.ID) {
		u.t.Fail(store.ErrChanged)
		return
	}
	others := u.t.LinkedChats(caseID)
	u.t.LinkChat(u.chat.ID, caseID, e.Consent)
	u.t.Promote(u.chat.ID)
	u.strange = false
	u.audit("linked", caseID, map[string]any{"consent": e.Consent})
	u.showCase(caseID)
	if len(others) == 0 {
		return
	}
	u.raise(conversation.AlarmSecond, caseID, u.chat.ID)
	f := &facts{b: u.b, t: u.t}
	for _, c := range others {
		u.put(c, store.Letter{Kind: string(Message), Priority: outcome, Reply: conversation.Joined(language(c), f.Office())})
	}
}

func (u *turn) unlink(why string) {
	u.showCasesOf(u.chat.ID)
	u.t.RevokeUsed(u.chat.ID)
	for _, caseID := range u.t.UnlinkChat(u.chat.ID) {
		u.t.RevokeInvitations(caseID) // somebody else may hold one of them too
		u.audit("unlinked", caseID, map[string]any{"why": why})
	}
	u.t.DropReminders(u.chat.ID)
}

func (u *turn) remind(on bool) {
	if u.chat.Reminders == on {
		return
	}
	u.chat.Reminders = on
	if !on {
		u.t.DropReminders(u.chat.ID)
	}
	u.audit("reminders", "", map[string]any{"on": on})
}

// tellOthers tells everybody else on a case what is in force now, and which request
// has ended with what was; nil none.
func (u *turn) tellOthers(caseID string, now scheduling.Appointment, ended *conversation.Request) {
	u.toOthers(caseID, "", func(lang string, f *facts) conversation.Reply {
		return conversation.Changed(lang, now, f.gate(now), ended, f)
	})
}

// toOthers writes to everybody on a case but who has just brought about what is told,
// each in their language. Under a key it is written to each once for ever; "" is none.
func (u *turn) toOthers(caseID, key string, say func(lang string, f *facts) conversation.Reply) {
	for _, c := range u.t.LinkedChats(caseID) {
		if c == u.chat {
			continue
		}
		l := store.Letter{Kind: string(Message), Priority: outcome, Reply: say(language(c), &facts{b: u.b, t: u.t, chat: c})}
		if key != "" {
			l.Key = key + ":" + c.ID
		}
		u.put(c, l)
	}
}

// audit adds to the record. The detail holds no personal data.
func (u *turn) audit(action, caseID string, detail any) {
	u.t.Audit(store.AuditEntry{Actor: u.actor(), ChatID: u.chat.ID, CaseID: caseID, Action: action, Detail: detail, RulesVersion: u.b.rules.Version})
}

// changeDetail is what the record says of a move or a request.
func changeDetail(sites scheduling.Sites, r store.RequestRecord, now scheduling.Appointment) any {
	to := scheduling.Appointment{Start: r.To.Start, Site: scheduling.Site{Code: r.To.Site}}
	if site, ok := sites.Find(r.To.Site); ok {
		to.Site = site
	}
	return map[string]any{
		"request": r.Name, "verdict": r.Verdict, "reason": r.Reason, "from": stamp(r.From),
		"to": stamp(to), "in_force": stamp(now), "count": now.Count,
	}
}

// stamp is an appointment in the record: site, wall time and instant (R17).
func stamp(a scheduling.Appointment) string {
	return a.Site.Code + " " + a.Start.In(a.Site.Location()).Format(time.RFC3339)
}
