package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A Refusal is why something that staff asked for can't be done, in a sentence
// for them. Nothing was changed.
type Refusal string

func (r Refusal) Error() string { return string(r) }

func refusal(format string, args ...any) error { return Refusal(fmt.Sprintf(format, args...)) }

// Decide records the outcome of a request that staff have carried out at USCIS,
// named as "R12" or by its id in d.RequestID, and tells everybody on the case.
// It answers what is in force now. An error that is a Refusal is for staff.
func (b *Bot) Decide(ctx context.Context, d conversation.Decision) (now scheduling.Appointment, err error) {
	var u turn
	err = b.store.Update(ctx, func(t *store.Tx) error {
		u = turn{b: b, t: t}
		if err := u.decide(d); err != nil {
			return err
		}
		r, _ := t.RequestByName(d.RequestID)
		now, _ = t.Latest(r.CaseID)
		return nil
	})
	if err != nil {
		if r := Refusal(""); errors.As(err, &r) {
			return now, r
		}
		return now, fmt.Errorf("decide: %w", err)
	}
	u.end()
	return now, nil
}

func (u *turn) decide(d conversation.Decision) error {
	r, ok := u.t.RequestByName(d.RequestID)
	switch {
	case u.t.Err() != nil:
		return u.t.Err()
	case !ok:
		return refusal("there is no request %s", d.RequestID)
	case r.Status != store.Requested:
		return refusal("request %s is %s already, by %s on %s", r.Name, r.Status, r.DecidedBy, r.DecidedAt.Format("Jan 2, 2006, 15:04 MST"))
	case strings.TrimSpace(d.By) == "":
		return refusal("say who decides")
	}
	now, ok := u.t.Latest(r.CaseID)
	if !ok || now.Status != scheduling.Scheduled {
		return refusal("the case of request %s has no appointment in force any more", r.Name)
	}
	d.RequestID = r.ID
	switch d.Outcome {
	case conversation.Confirmed:
		var err error
		if now, err = u.confirm(r, now, d); err != nil {
			return err
		}
	case conversation.Refused:
		if strings.TrimSpace(d.Words) == "" {
			return refusal("say why; the client reads it")
		}
		if conversation.Secret(d.Words) { // also from the command line, which asks no form
			return refusal("the reason holds what looks like a Social Security number, and the client would read it in a chat; leave it out")
		}
		u.b.closeRequest(u.t, r, store.Refused, d.By, d.Words)
	default:
		panic("staff decide confirmed or refused")
	}
	by := store.AuditEntry{Actor: d.By, CaseID: r.CaseID, Action: string(d.Outcome), Detail: changeDetail(u.t.Sites(), r, now), RulesVersion: u.b.rules.Version}
	if u.chat != nil { // whoever it is can choose their name freely, but not their chat
		by.ChatID = u.chat.ID
	}
	u.t.Audit(by)
	u.tell(r, d, now)
	u.requestNews(r.ID, conversation.News{What: decisionNews(r, d), By: u.decider(d)})
	return nil
}

// decider is who decided, as cards name them.
func (u *turn) decider(d conversation.Decision) conversation.Holder {
	h := conversation.Holder{Name: d.By, At: u.t.Now()}
	if u.chat != nil && u.chat.Platform == u.b.desk.Platform {
		h.Person = u.chat.Address
	}
	return h
}

func decisionNews(r store.RequestRecord, d conversation.Decision) string {
	switch {
	case d.Outcome == conversation.Refused:
		return conversation.NewsRefused
	case d.Site != "" && d.Site != r.To.Site, !d.At.IsZero() && d.At != r.To.Local:
		return conversation.NewsAnother
	}
	return conversation.NewsConfirmed
}

// confirm puts on file what USCIS gave: a fact, so no rule can refuse it.
func (u *turn) confirm(r store.RequestRecord, now scheduling.Appointment, d conversation.Decision) (scheduling.Appointment, error) {
	next := now
	code, wall := r.To.Site, r.To.Local
	if d.Site != "" {
		code = d.Site
	}
	if !d.At.IsZero() {
		wall = d.At
	}
	var ok bool
	if next.Site, ok = u.t.Sites().Find(code); !ok {
		return now, refusal("%s is no known site", code)
	}
	start, err := next.Site.Instant(wall)
	if err != nil {
		return now, refusal("%s at %s: %v", wall, next.Site.Name(), err)
	}
	if !start.After(u.t.Now()) {
		return now, refusal("%s at %s has passed already", wall, next.Site.Name())
	}
	next.Local, next.Start, next.Count = wall, start, now.Count+1
	if named := d.Site != "" || !d.At.IsZero(); named && samePlaceAndTime(now, next) {
		return now, refusal("%s at %s is on file already, so it is not what USCIS gave instead", wall, next.Site.Name())
	}
	u.b.closeRequest(u.t, r, store.Confirmed, d.By, "")
	if samePlaceAndTime(now, next) {
		return now, nil // an import was faster
	}
	u.t.FreeSeat(now.Site.Code, now.Start)
	u.t.RecordSeat(next.Site, next.Start)
	return u.t.Supersede(now, next, u.b.firstReminder(next, u.t.Now())), nil
}

// closeRequest ends an open request and gives its seat back.
func (b *Bot) closeRequest(t *store.Tx, r store.RequestRecord, status, by, words string) {
	if !t.CloseRequest(r.ID, status, by, words) {
		t.Fail(store.ErrChanged)
		return
	}
	if r.HoldsSeat {
		t.FreeSeat(r.To.Site, r.To.Start)
	}
}

// tell writes the outcome to everybody on the case but who has just brought it about.
// now is the appointment in force after it.
func (u *turn) tell(r store.RequestRecord, d conversation.Decision, now scheduling.Appointment) {
	u.toOthers(r.CaseID, "decided:"+r.ID, func(lang string, f *facts) conversation.Reply {
		return conversation.Told(lang, r.Request, d, now, f.gate(now), f)
	})
}
