package bot

import (
	"fmt"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// digest writes what there is to do today into the channel of staff, once every
// working day.
func (u *turn) digest() bool {
	if u.b.desk.Chat == "" || u.b.office.Zone == nil {
		return false
	}
	now := u.t.Now().In(u.b.office.Zone)
	today := scheduling.DateOf(now)
	day := today.String()
	if now.Hour() < digestHour || now.Hour() >= lastDigestHour || !u.b.worksOn(today) || u.t.Digested() >= day {
		return false
	}
	u.t.SetDigested(day)
	channel := u.t.Chat(u.b.desk.Platform, u.b.desk.Chat)
	for i, text := range conversation.Digest(deskLanguage, u.b.agenda(u.t), &facts{b: u.b, t: u.t}) {
		u.put(channel, store.Letter{
			Kind: string(Message), Priority: outcome, Key: fmt.Sprintf("digest:%s:%d", day, i),
			SendBy: u.t.Now().Add(digestLife), Reply: conversation.Reply{Text: text, Private: true},
		})
	}
	return false
}

// When the digest is written, in the firm's zone. After lastDigestHour it is of no
// use any more, nor after digestLife where it could not be sent.
const (
	digestHour     = 8
	lastDigestHour = 12
	digestLife     = 4 * time.Hour
)

// worksOn tells whether somebody is at the office on a day.
func (b *Bot) worksOn(d scheduling.Date) bool {
	days := b.office.Hours.Days
	if days == 0 {
		return !b.rules.Closed(d) && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
	}
	return !b.rules.Closed(d) && days.Has(d.Weekday())
}
