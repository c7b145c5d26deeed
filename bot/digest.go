package bot

import (
	"context"
	"fmt"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// digest writes what there is to do today into the channel of staff, once every
// working day. It is put together before anything is written, so that nobody who
// writes meanwhile waits for it.
func (b *Bot) digest(ctx context.Context) error {
	var day string
	var texts []conversation.Text
	err := b.store.View(ctx, func(t *store.Tx) error {
		if day = b.digestDue(t); day != "" {
			texts = conversation.Digest(deskLanguage, b.agenda(t, digestComing), &facts{b: b, t: t})
		}
		return nil
	})
	if err != nil || day == "" {
		return err
	}
	return b.pages(ctx, func(u *turn) bool {
		if b.digestDue(u.t) == day {
			u.putDigest(day, texts)
		}
		return false
	})
}

// digestDue is the day of which the digest is to be written now, "" none.
func (b *Bot) digestDue(t *store.Tx) string {
	if b.desk.Chat == "" || b.office.Zone == nil {
		return ""
	}
	now := t.Now().In(b.office.Zone)
	today := scheduling.DateOf(now)
	if now.Hour() < digestHour || now.Hour() >= lastDigestHour || !b.worksOn(today) || t.Digested() >= today.String() {
		return ""
	}
	return today.String()
}

func (u *turn) putDigest(day string, texts []conversation.Text) {
	u.t.SetDigested(day)
	for _, r := range u.t.OpenRequests() {
		if r.LapsesAt.Sub(u.t.Now()) < digestNear { // the time left on its card is of another day
			u.redrawOf(store.RequestCard, r.ID)
		}
	}
	u.showHomes()
	for _, a := range u.t.OpenAlarms(mostAlarms) {
		if a.CaseID != "" && u.isNear(a.CaseID) {
			u.redrawOf(store.AlarmCard, a.ID)
		}
	}
	channel := u.t.Chat(u.b.desk.Platform, u.b.desk.Chat)
	for i, text := range texts {
		u.put(channel, store.Letter{
			Kind: string(Message), Priority: outcome, Key: fmt.Sprintf("digest:%s:%d", day, i),
			SendBy: u.t.Now().Add(digestLife), Reply: conversation.Reply{Text: text, Private: true},
		})
	}
}

// isNear tells whether a case has an appointment within the next days.
func (u *turn) isNear(caseID string) (near bool) {
	u.t.Tolerate(func() {
		now, ok := u.t.Latest(caseID)
		near = ok && now.Start.After(u.t.Now()) && now.Start.Sub(u.t.Now()) < digestNear
	})
	return near
}

// When the digest is written, in the firm's zone. After lastDigestHour it is of no
// use any more, nor after digestLife where it could not be sent. Cards of requests
// that run out within digestNear are drawn anew with it.
const (
	digestHour     = 8
	lastDigestHour = 12
	digestNear     = 3 * 24 * time.Hour
	digestLife     = 4 * time.Hour
)

// worksOn tells whether somebody is at the office on a day.
func (b *Bot) worksOn(d scheduling.Date) bool {
	days, rules := b.office.Hours.Days, b.rules
	rules.ExtraClosedDays = nil // those are USCIS's own
	if days == 0 {
		return !rules.Closed(d) && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
	}
	return !rules.Closed(d) && days.Has(d.Weekday())
}
