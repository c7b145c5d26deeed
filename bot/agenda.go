package bot

import (
	"slices"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// How much of what is coming a page or a digest may need. A page shows 30 lines of it
// at most, a digest all of today's and tomorrow's.
const (
	comingFor    = 7 * 24 * time.Hour
	pageComing   = 40
	digestComing = 200
	mostAlarms   = 100
)

// requestOnDesk is a request with all that is needed to decide it.
func (b *Bot) requestOnDesk(t *store.Tx, r store.RequestRecord) conversation.RequestOnDesk {
	d := conversation.RequestOnDesk{
		Request: r.Request, Client: b.clientOf(t, r.CaseID), Asked: r.Verdict, LapsesAt: r.LapsesAt,
		Held: b.holder(t, r.HeldBy, r.Holder, r.HeldAt), DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt, Answer: r.Answer,
	}
	if r.Status != store.Requested {
		d.Outcome = conversation.Outcome(r.Status)
	}
	if now, ok := t.Latest(r.CaseID); ok {
		f := facts{b: b, t: t}
		d.Now, d.Verdict = &now, f.gate(now)
	}
	d.Card = standing(t, store.RequestCard, r.ID)
	return d
}

func (b *Bot) alarmOnDesk(t *store.Tx, a store.Alarm) conversation.AlarmOnDesk {
	d := conversation.AlarmOnDesk{
		ID: a.ID, Kind: a.Kind, RaisedAt: a.RaisedAt, Times: a.Times, Owner: b.holder(t, a.OwnerChat, a.Owner, a.OwnedAt),
		Done: conversation.Holder{Name: a.AcknowledgedBy, At: a.AcknowledgedAt}, Card: standing(t, store.AlarmCard, a.ID),
	}
	if a.CaseID == "" {
		d.Client = b.clientIn(t, a.ChatID)
		return d
	}
	client := b.clientOf(t, a.CaseID)
	d.Client = &client
	t.Tolerate(func() {
		if now, ok := t.Latest(a.CaseID); ok {
			f := facts{b: b, t: t}
			d.Appointment, d.Verdict = &now, f.gate(now)
		}
	})
	return d
}

func (b *Bot) talkOnDesk(t *store.Tx, talk store.Talk) conversation.TalkOnDesk {
	d := conversation.TalkOnDesk{
		ID: talk.ID, OpenedAt: talk.OpenedAt, Owner: b.holder(t, talk.OwnerChat, talk.Owner, talk.ClaimedAt),
		Closed: conversation.Holder{Name: talk.ClosedBy, At: talk.ClosedAt}, Card: standing(t, store.TalkCard, talk.ID),
	}
	t.Tolerate(func() {
		for _, c := range t.CasesOf(talk.ChatID) {
			d.Clients = append(d.Clients, b.clientOf(t, c.ID))
		}
	})
	return d
}

// clientOf is whose case it is, as far as the office's channel may tell; nobody where
// that can't be read: a card without a name is better than none.
func (b *Bot) clientOf(t *store.Tx, caseID string) (client conversation.Client) {
	t.Tolerate(func() {
		if c, ok := t.CaseByID(store.System(), caseID); ok {
			client = b.client(t, c)
		}
	})
	return client
}

// clientIn is whose chat it is: that of the case which comes first, nil where it is
// linked to none.
func (b *Bot) clientIn(t *store.Tx, chatID string) *conversation.Client {
	if chatID == "" {
		return nil
	}
	var cases []conversation.Case
	t.Tolerate(func() { cases = t.CasesOf(chatID) })
	if len(cases) == 0 {
		return nil
	}
	client := b.clientOf(t, cases[0].ID)
	return &client
}

// holder is who of the office has taken something on.
func (b *Bot) holder(t *store.Tx, chatID, name string, at time.Time) conversation.Holder {
	h := conversation.Holder{Name: name, At: at}
	if chatID != "" {
		h.Person = t.ChatByID(chatID).Address
	}
	return h
}

// standing is the platform's id of the card of something, "" where none stands.
func standing(t *store.Tx, kind, subject string) string {
	c, _ := t.FindCard(kind, subject)
	return c.RemoteID
}

// agenda is what there is to do and to know now; of what is coming, and of whom to
// call, so many. It is read with a handful of queries, however many requests and
// appointments there are.
func (b *Bot) agenda(t *store.Tx, mostComing int) conversation.Agenda {
	var a conversation.Agenda
	for _, r := range t.CaseRequests() {
		a.Requests = append(a.Requests, conversation.RequestOnDesk{
			Request: r.Request, Client: clientWith(r.Case, r.Linked, r.Reachable), Asked: r.Verdict, LapsesAt: r.LapsesAt,
			Held: b.holder(t, r.HeldBy, r.Holder, r.HeldAt), Card: r.Card,
		})
	}
	slices.SortStableFunc(a.Requests, func(x, y conversation.RequestOnDesk) int { return x.LapsesAt.Compare(y.LapsesAt) })
	for _, x := range t.OpenAlarms(mostAlarms) {
		a.Alarms = append(a.Alarms, b.alarmOnDesk(t, x))
	}
	for _, x := range t.OpenTalks() {
		a.Talks = append(a.Talks, b.talkOnDesk(t, x))
	}
	if len(a.Alarms) == mostAlarms {
		a.Beyond.Alarms = t.OpenAlarmCount() - mostAlarms
	}
	coming, more := t.Coming(t.Now(), t.Now().Add(comingFor), mostComing)
	a.Coming, a.Beyond.Coming = onDesk(coming), more
	away, more := t.Unreachable(t.Now(), mostComing)
	a.Unreachable, a.Beyond.Unreachable = onDesk(away), more
	a.Unread = t.Unread()
	return a
}

func onDesk(rows []store.CaseAppointment) []conversation.AppointmentOnDesk {
	var all []conversation.AppointmentOnDesk
	for _, row := range rows {
		all = append(all, conversation.AppointmentOnDesk{
			Appointment: row.Appointment, Client: clientWith(row.Case, row.Linked, row.Reachable), Request: row.Asking,
		})
	}
	return all
}
