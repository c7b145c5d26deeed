package bot

import (
	"slices"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// urgeLeads are how long before an appointment staff are reminded of an open
// request about it. The online tool closes at 12 hours.
func urgeLeads() []time.Duration {
	return []time.Duration{16 * time.Hour, 14 * time.Hour, 12*time.Hour + 30*time.Minute}
}

// nextUrge is the first moment after now at which staff are reminded of a request
// about an appointment that starts then; zero: none is left.
func nextUrge(start, now time.Time) time.Time {
	for _, lead := range urgeLeads() {
		if at := start.Add(-lead); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// urge reminds staff of open requests that are running out of time: whoever has
// taken one on, or else whoever is on duty.
func (u *turn) urge() bool {
	if u.b.desk.Chat == "" {
		return false // a process with a channel does it
	}
	due := u.t.RequestsToUrge(page)
	for _, r := range due {
		u.t.SetUrge(r.ID, nextUrge(r.From.Start, u.t.Now()))
		u.requestNews(r.ID, conversation.News{What: conversation.NewsUrged, Mention: u.whose(r), Left: r.LapsesAt.Sub(u.t.Now())})
	}
	return len(due) == page
}

// everybody is who is called when a request has run out of time: whoever had it, and
// whoever is on duty.
func (u *turn) everybody(r store.RequestRecord) []conversation.Holder {
	all := u.whose(r)
	for _, h := range u.b.onDuty() {
		if !slices.ContainsFunc(all, func(x conversation.Holder) bool { return x.Person == h.Person }) {
			all = append(all, h)
		}
	}
	return all
}

// whose is who is asked about a request.
func (u *turn) whose(r store.RequestRecord) []conversation.Holder {
	if h := u.b.holder(u.t, r.HeldBy, r.Holder, r.HeldAt); h.Person != "" {
		return []conversation.Holder{h}
	}
	return u.b.onDuty()
}
