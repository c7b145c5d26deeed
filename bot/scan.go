package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// How much of a scan shares one transaction, so that people who write meanwhile
// don't wait.
const page = 100

// How long things are kept. The record and the requests stay (R17, R46).
const (
	draftLife  = 24 * time.Hour      // and whoever is linked to nothing
	inboxLife  = 14 * 24 * time.Hour // platforms bring events again for a day
	letterLife = 30 * 24 * time.Hour
)

// Scan writes everything that has fallen due: reminders, the end of requests that
// nobody decided in time, and it forgets what is too old to be kept. What is due
// is read from the appointments in force, so that a scan that was missed, or ran
// twice, changes nothing.
func (b *Bot) Scan(ctx context.Context) error {
	var failed error
	for _, part := range []struct {
		doing string
		do    func(context.Context) error
	}{
		{"draw cards", func(ctx context.Context) error { return b.pages(ctx, (*turn).showMissing) }},
		{"lapse requests", func(ctx context.Context) error { return b.pages(ctx, (*turn).lapseRequests) }},
		{"urge on requests", func(ctx context.Context) error { return b.pages(ctx, (*turn).urge) }},
		{"write reminders", b.remind},
		{"raise alarms again", func(ctx context.Context) error { return b.pages(ctx, (*turn).raiseAgain) }},
		{"ask about talks again", func(ctx context.Context) error { return b.pages(ctx, (*turn).askAgain) }},
		{"write the digest", b.digest},
		{"forget drafts", func(ctx context.Context) error { return b.pages(ctx, (*turn).forgetDrafts) }},
		{"sweep", func(ctx context.Context) error { return b.pages(ctx, (*turn).sweep) }},
	} {
		if err := part.do(ctx); err != nil { // the other parts are still done
			failed = errors.Join(failed, fmt.Errorf("%s: %w", part.doing, err))
		}
	}
	return failed
}

func (u *turn) sweep() bool {
	return u.t.SweepInbox(u.t.Now().Add(-inboxLife), page)+u.t.SweepOutbox(u.t.Now().Add(-letterLife), page) >= page
}

// pages runs one part of a scan until nothing is left of it.
func (b *Bot) pages(ctx context.Context, part func(*turn) bool) error {
	for more := true; more; {
		var u turn
		err := b.store.Update(ctx, func(t *store.Tx) error {
			u = turn{b: b, t: t}
			more = part(&u)
			return nil
		})
		if err != nil {
			return err
		}
		u.end()
	}
	return nil
}

func (u *turn) lapseRequests() bool {
	due := u.t.RequestsToLapse(page)
	for _, r := range due {
		u.b.closeRequest(u.t, r, store.Lapsed, system, "")
		u.t.Audit(store.AuditEntry{Actor: system, CaseID: r.CaseID, Action: store.Lapsed, Detail: map[string]any{"request": r.Name}, RulesVersion: u.b.rules.Version})
		u.raise(AlarmLapsed, r.CaseID, "")
		if now, ok := u.t.Latest(r.CaseID); ok && now.Status == scheduling.Scheduled { // else nothing stands
			u.tell(r, conversation.Decision{RequestID: r.ID, Outcome: conversation.Lapsed}, now)
		}
		u.requestNews(r.ID, conversation.News{What: conversation.NewsLapsed, Mention: u.everybody(r)})
	}
	return len(due) == page
}

// system is who did what nobody did.
const system = "system"

// AlarmLapsed tells staff that a request was not decided before the online tool
// closed.
const AlarmLapsed = "request_lapsed"

// remind writes the reminders that are due. Where a page of them fails, they are
// written one by one: an appointment that can't be read must not keep others from
// being reminded. It is looked at again later, and staff are told.
func (b *Bot) remind(ctx context.Context) error {
	err := b.pages(ctx, (*turn).writeReminders)
	if err == nil || comeAgain(ctx, err) {
		return err
	}
	var ids []string
	if err := b.store.View(ctx, func(t *store.Tx) error { ids = t.DueIDs(100 * page); return nil }); err != nil {
		return err
	}
	for _, id := range ids {
		err := b.pages(ctx, func(u *turn) bool {
			if a, ok := u.t.Remindable(id); ok {
				u.lookAt(a)
			}
			return false
		})
		if err != nil && !comeAgain(ctx, err) {
			b.log.Error("an appointment could not be looked at for reminders", "appointment", id, "error", err)
			err = b.pages(ctx, func(u *turn) bool {
				u.t.RemindAt(id, u.t.Now().Add(lookLater))
				u.raise(AlarmReminder, "", "")
				return false
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// AlarmReminder tells staff that somebody can't be reminded.
const AlarmReminder = "reminder_failed"

// lookLater is when an appointment that could not be read is tried again.
const lookLater = 6 * time.Hour

func (u *turn) writeReminders() bool {
	due := u.t.DueForReminder(page)
	for _, a := range due {
		u.lookAt(a)
	}
	return len(due) == page
}

// lookAt writes the reminder of an appointment that is due, if any. What was due
// before this version of it was on file is none of ours; of what was missed
// since, the one that still helps is written, unless it has been.
func (u *turn) lookAt(a store.Remindable) {
	r, _, next := u.b.plan.Due(a.Appointment, a.Since, u.t.Now())
	if r != nil {
		u.writeReminder(a.Appointment, *r)
	}
	u.t.RemindAt(a.ID, next)
}

// writeReminder reminds everybody on a case, each once for ever of one version of
// an appointment at one lead. Where none of their chats can be written to, somebody
// is asked to call.
func (u *turn) writeReminder(a scheduling.Appointment, r scheduling.Reminder) {
	reached, away := false, ""
	for _, c := range u.t.LinkedChats(a.CaseID) {
		switch {
		case !c.Reminders, u.t.LinkedAt(c.ID, a.CaseID).After(r.DueAt):
			continue
		case !c.UnreachableAt.IsZero():
			away = c.ID
			continue
		}
		reached = true
		f := &facts{b: u.b, t: u.t, chat: c}
		about := conversation.Reminding{Appointment: a, Verdict: f.gate(a)}
		for _, x := range f.Cases() {
			if x.ID == a.CaseID {
				about.Case, about.Request = x, x.Request
			}
		}
		u.put(c, store.Letter{
			Kind: string(Message), Priority: reminder, SendBy: r.SendBy, AppointmentID: a.ID, Version: a.Version,
			Key:   fmt.Sprintf("remind:%s:%d:%s:%s", a.ID, a.Version, r.Lead, c.ID),
			Reply: conversation.Reminder(language(c), about, f),
		})
	}
	if !reached && away != "" {
		u.raise(AlarmMissed, a.CaseID, away)
	}
}

// firstReminder is when the scan must look at an appointment that has just been
// put on file.
func (b *Bot) firstReminder(a scheduling.Appointment, now time.Time) time.Time {
	if a.Status != scheduling.Scheduled {
		return time.Time{}
	}
	_, _, next := b.plan.Due(a, now, now)
	return next
}

func (u *turn) forgetDrafts() bool {
	idle := u.t.IdleChats(u.t.Now().Add(-draftLife), page)
	for _, c := range idle {
		// Whether somebody is staff is not known while they are silent, and not to every
		// process.
		if !c.State.Staff && u.t.Forget(c) {
			continue
		}
		u.t.WipeState(c, conversation.Forget(c.State))
	}
	return len(idle) == page
}

// replan computes anew when each appointment must be looked at, if the plan is
// not the one that was used. What was to be looked at sooner still is, so that
// nothing that was owed is lost; a lead that is new and has passed may then be
// made up for, like one that was missed.
func (b *Bot) replan(ctx context.Context) error {
	var same bool
	err := b.store.View(ctx, func(t *store.Tx) error { same = t.Plan() == b.plan.Fingerprint(); return nil })
	if err != nil || same {
		return err
	}
	for after, more := "", true; more; {
		from := after
		err := b.store.Update(ctx, func(t *store.Tx) error {
			upcoming := t.Upcoming(from, page)
			for _, a := range upcoming {
				if next := b.firstReminder(a, t.Now()); !next.IsZero() {
					t.RemindBy(a.ID, next)
				}
				after = a.ID
			}
			more = len(upcoming) == page
			return nil
		})
		if err != nil {
			return fmt.Errorf("plan reminders anew: %w", err)
		}
	}
	return b.store.Update(ctx, func(t *store.Tx) error { t.SetPlan(b.plan.Fingerprint()); return nil })
}
