package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// acts are what staff can do with cards, forms and pages. Whatever they are shown
// at once is in the turn's answer; what they have done is in rows.
func acts() map[string]func(*turn) {
	return map[string]func(*turn){
		"claim":           (*turn).claim,
		"confirm":         (*turn).confirmAsked,
		"another":         (*turn).askAnother,
		"submit:another":  (*turn).confirmAnother,
		"refuse":          (*turn).askWhy,
		"submit:refuse":   (*turn).refuse,
		"center":          (*turn).showCenter,
		"take":            (*turn).takeAlarm,
		"done":            (*turn).endAlarm,
		"talk":            (*turn).claimTalk,
		"handback":        (*turn).handBack,
		"register":        (*turn).askRegister,
		"submit:register": (*turn).registerForm,
		"home":            (*turn).openHome,
		"filter":          (*turn).filterHome,
	}
}

// sites is the field that suggests what could be meant; it changes nothing.
const sites = "sites"

// act does what a member of staff did. Who they are is asked now, not when the
// card was drawn.
func (u *turn) act() {
	u.chat.Language = u.language()
	u.chat.TouchedAt = u.t.Now()
	u.t.SaveChat(u.chat)
	if u.b.person(u.chat).Role == scheduling.Applicant {
		u.cant(conversation.ProblemNotAllowed, conversation.NotAllowed(u.chat.Language))
		return
	}
	u.chat.State.Staff = true
	do, known := acts()[u.in.Act.Name]
	if !known { // a card that an older program drew
		u.cant(conversation.ProblemGone, conversation.Gone(u.chat.Language))
		return
	}
	do(u)
}

// cant tells somebody why nothing was done: in the form that they have open, which
// would else close as if it had been taken, or in words.
func (u *turn) cant(p conversation.FormProblem, say conversation.Text) {
	if strings.HasPrefix(u.in.Act.Name, submitted) {
		u.problem("", p)
		return
	}
	u.answer.Say = say
}

// submitted begins the name of an act that is a form filled in.
const submitted = "submit:"

// language is the one in which somebody who did something is answered.
func (u *turn) language() string {
	if s := u.chat.State; s.Language == "" && s.Hint == "" && u.in.Event.Language != "" {
		return u.in.Event.Language
	}
	return language(u.chat)
}

// name is who it is, for the record.
func (u *turn) name() string { return u.b.person(u.chat).Name }

func (u *turn) facts() *facts { return &facts{b: u.b, t: u.t, chat: u.chat} }

// decides tells whether somebody may decide requests, and says so if not.
func (u *turn) decides() bool {
	switch u.b.person(u.chat).Role {
	case scheduling.Representative, scheduling.Admin:
		return true
	}
	u.cant(conversation.ProblemNotAllowed, conversation.NotAllowed(u.chat.Language))
	return false
}

// suggest answers what could be meant by what somebody has typed so far.
func (b *Bot) suggest(ctx context.Context, in Incoming) error {
	if _, ok := b.staff(in.Platform, in.Chat); !ok || in.Answer == nil {
		return nil
	}
	err := b.store.View(ctx, func(t *store.Tx) error {
		in.Answer.Options = nil
		found := t.Sites().Search(in.Act.Typed, scheduling.Site{})
		for _, s := range found[:min(len(found), mostSites)] {
			in.Answer.Options = append(in.Answer.Options, conversation.Choice{Label: s.Code + " · " + s.Name(), Value: s.Code})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("suggest sites: %w", err)
	}
	return nil
}

const mostSites = 50

// openHome shows somebody their page, and keeps it drawn as long as they may be
// looking.
func (u *turn) openHome() { u.home(func(store.Card) {}) }

// filterHome is openHome with what they want to see.
func (u *turn) filterHome() { u.home(func(c store.Card) { u.t.SetFilter(c.ID, u.in.Act.Ref) }) }

func (u *turn) home(change func(store.Card)) {
	chat := u.t.Chat(u.in.Platform, homeOf(u.in.Chat))
	chat.Language, chat.TouchedAt = u.chat.Language, u.t.Now()
	u.t.SaveChat(chat)
	c := u.t.Card(store.HomeCard, "", chat)
	change(c)
	u.redraw(c)
}

// homeLife is how long a page that was opened is kept as things are. After that it
// is drawn when it is opened again.
const homeLife = 12 * time.Hour
