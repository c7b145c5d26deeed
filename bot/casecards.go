package bot

import "reschedulebot/bot/store"

// Cards tell of a case what is on file of it: its appointment, whom to call, whether
// the client reads what the bot writes. Whatever changes that has them drawn anew.

// showCase has the open cards drawn anew that tell of a case, and everybody's page.
func (u *turn) showCase(caseID string) {
	u.redrawCase(caseID)
	u.showHomes()
}

// showCasesOf is showCase for all cases of a chat.
func (u *turn) showCasesOf(chatID string) {
	cases := u.t.CasesOf(chatID)
	for _, c := range cases {
		u.redrawCase(c.ID)
	}
	if len(cases) > 0 { // else it is nobody's, or a page: one that can't be shown is not drawn for that
		u.showHomes()
	}
}

func (u *turn) redrawCase(caseID string) {
	if r, ok := u.t.OpenRequest(caseID); ok {
		u.redrawOf(store.RequestCard, r.ID)
	}
	for _, id := range u.t.AlarmsAbout(caseID) {
		u.redrawOf(store.AlarmCard, id)
	}
	for _, id := range u.t.TalksAbout(caseID) {
		u.redrawOf(store.TalkCard, id)
	}
}

func (u *turn) redrawOf(kind, subject string) {
	if c, ok := u.card(kind, subject); ok {
		u.redraw(c)
	}
}
