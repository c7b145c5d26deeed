package bot

import (
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// AlarmConflict tells staff that another program receives the clients' messages.
const AlarmConflict = "poller_conflict"

// raiseAgain is after how long an alarm that nobody has acknowledged is raised once
// more.
const raiseAgain = 2 * time.Hour

// raise tells staff that they must look at something. While nobody has
// acknowledged the same, it is counted and its card drawn anew.
func (u *turn) raise(kind, caseID, chatID string) {
	a, _ := u.t.Raise(kind, caseID, chatID, "")
	if u.t.Err() != nil {
		return
	}
	u.alarms = append(u.alarms, kind)
	u.show(store.AlarmCard, a.ID)
}

// alarm is the alarm that an act is about. False: it is over, or there is none.
func (u *turn) alarm() (store.Alarm, bool) {
	a, ok := u.t.AlarmByID(u.in.Act.Ref)
	if ok {
		u.standsAt(store.AlarmCard, a.ID)
	}
	switch {
	case u.t.Err() != nil:
		return a, false
	case !ok:
		u.answer.Say = conversation.Gone(u.chat.Language)
	case !a.AcknowledgedAt.IsZero():
		u.answer.Say = conversation.AcknowledgedMeanwhile(u.chat.Language, u.b.alarmOnDesk(u.t, a), u.facts())
		u.show(store.AlarmCard, a.ID)
		return a, false
	}
	return a, ok
}

func (u *turn) takeAlarm() {
	a, ok := u.alarm()
	if !ok || a.OwnerChat == u.chat.ID {
		return
	}
	n := conversation.News{What: conversation.NewsHeld, By: u.me()}
	if before := u.b.holder(u.t, a.OwnerChat, a.Owner, a.OwnedAt); before.Person != "" {
		n.Mention = append(n.Mention, before)
	}
	if u.t.TakeAlarm(a.ID, u.chat.ID, u.name()) {
		u.audit("alarm taken", a.CaseID, map[string]any{"alarm": a.ID, "kind": a.Kind})
		u.alarmNews(a.ID, n)
	}
}

func (u *turn) endAlarm() {
	if a, ok := u.alarm(); ok && u.t.Acknowledge(a.ID, u.name()) {
		u.audit("alarm acknowledged", a.CaseID, map[string]any{"alarm": a.ID, "kind": a.Kind})
		u.alarmNews(a.ID, conversation.News{What: conversation.NewsDone, By: u.me()})
	}
}

// alarmNews adds a line to the record of an alarm.
func (u *turn) alarmNews(id string, n conversation.News) {
	u.show(store.AlarmCard, id)
	if a, ok := u.t.AlarmByID(id); ok {
		u.note(store.AlarmCard, id, conversation.AlarmNews(deskLanguage, u.b.alarmOnDesk(u.t, a), n, &facts{b: u.b, t: u.t}))
	}
}

// raiseAgain mentions whoever has taken an alarm on, or else whoever is on duty,
// under alarms that nobody has acknowledged.
func (u *turn) raiseAgain() bool {
	if u.b.desk.Chat == "" {
		return false
	}
	due := u.t.AlarmsToRaiseAgain(u.t.Now().Add(-raiseAgain), page)
	for _, a := range due {
		u.t.RaisedAgain(a.ID)
		mention := u.b.onDuty()
		if h := u.b.holder(u.t, a.OwnerChat, a.Owner, a.OwnedAt); h.Person != "" {
			mention = []conversation.Holder{h}
		}
		u.alarmNews(a.ID, conversation.News{What: conversation.NewsAgain, Mention: mention})
	}
	return len(due) == page
}

// onDuty is who is asked when nobody has taken something on.
func (b *Bot) onDuty() []conversation.Holder {
	var all []conversation.Holder
	for _, id := range b.duty {
		h := conversation.Holder{Person: id}
		if p, ok := b.staff(b.desk.Platform, id); ok {
			h.Name = p.Name
		}
		all = append(all, h)
	}
	return all
}
