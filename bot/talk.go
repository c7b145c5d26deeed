package bot

import (
	"slices"
	"strings"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A talk is a client who wants to talk to a person. It has a card in the channel of
// staff; what is said stands in the thread under it. Until somebody of the office
// takes it, the bot goes on talking; from then on it is silent, until the talk is
// given back.

// wantsPerson opens a talk. Where staff have no channel, they hear of it as of an
// alarm.
func (u *turn) wantsPerson(caseID string) {
	if u.b.desk.Chat == "" || u.b.person(u.chat).Role != scheduling.Applicant {
		u.raise(conversation.AlarmPerson, caseID, u.chat.ID)
		return
	}
	talk, fresh := u.t.OpenTalk(u.chat.ID, caseID)
	u.chat.State.Talk = talk.ID
	if fresh {
		u.audit("asked for a person", caseID, map[string]any{"talk": talk.ID})
		u.alarms = append(u.alarms, conversation.AlarmPerson)
	}
	u.show(store.TalkCard, talk.ID)
}

// talking takes what a client says while a person of the office talks with them.
// False: the bot is to answer.
func (u *turn) talking() bool {
	if u.chat.Voice == store.BotVoice {
		return false
	}
	talk, ok := u.t.TalkByID(u.chat.Voice)
	e := u.in.Event
	switch {
	case !ok, !talk.ClosedAt.IsZero(), e.Kind == conversation.Group:
		return false
	case u.b.desk.Chat == "": // nobody of the office would read it
		u.endTalk(talk, conversation.News{What: conversation.NewsBack}, system)
		return false
	case conversation.Secret(e.Text):
		return false // the bot has it deleted, and does not pass it on (R30)
	case e.Kind == conversation.Asleep:
		return true // there is no question of the bot's to repeat
	case e.Kind == conversation.Started, isCommand(e):
		u.endTalk(talk, conversation.News{What: conversation.NewsClient}, "")
		if strings.EqualFold(strings.TrimSpace(e.Text), "/cancel") { // the talk, not what was asked before it
			u.converse(conversation.Event{Kind: conversation.Returned, Language: e.Language})
			return true
		}
		return false
	}
	u.pass(talk, e)
	u.chat.TouchedAt = u.t.Now()
	u.heard()
	u.t.SaveChat(u.chat)
	return true
}

func isCommand(e conversation.Event) bool {
	return e.Kind == conversation.Said && strings.HasPrefix(strings.TrimSpace(e.Text), "/")
}

// pass puts what a client says into the thread. What can't be passed on is told
// to both.
func (u *turn) pass(talk store.Talk, e conversation.Event) {
	lang, on := language(u.chat), u.b.talkOnDesk(u.t, talk)
	say := func(r conversation.Reply) {
		u.put(u.chat, store.Letter{Kind: string(Message), Voice: u.chat.Voice, Reply: r, SendBy: u.t.Now().Add(answerLife)})
	}
	switch waits, told := u.unpassed(talk); {
	case told, e.Kind == conversation.Pressed && u.crowded():
		if u.chat.Voice == talk.ID { // nothing came of it
			u.t.Unreceive(u.in.Platform, u.in.EventID)
		}
		return
	case waits >= mostWaiting:
		_, u.chat.State.Unpassed = u.t.Chat(u.b.desk.Platform, u.b.desk.Chat).Line()
		u.note(store.TalkCard, talk.ID, conversation.TalkNews(deskLanguage, on, conversation.News{What: conversation.NewsFlooded}, u.facts()))
		say(conversation.CantPassAll(lang, u.facts()))
		return
	}
	switch e.Kind {
	case conversation.Said:
		u.note(store.TalkCard, talk.ID, conversation.ClientSays(deskLanguage, on, e.Text))
	case conversation.Edited:
		u.note(store.TalkCard, talk.ID, conversation.ClientEdits(deskLanguage, on, e.Text))
	case conversation.Media:
		u.note(store.TalkCard, talk.ID, conversation.TalkNews(deskLanguage, on, conversation.News{What: conversation.NewsMedia}, u.facts()))
		say(conversation.CantPassOn(lang, u.facts()))
	case conversation.Pressed:
		say(conversation.PersonJoins(lang, talk.Owner, u.facts()))
	}
}

// unpassed is how much of what a client wrote still waits to be shown in the channel,
// where everything else for staff would wait behind it, and whether the last of it
// says that not all was passed on. It is 0 while little waits there at all.
func (u *turn) unpassed(talk store.Talk) (waits int, told bool) {
	if u.b.desk.Chat == "" { // any more
		return 0, false
	}
	channel := u.t.Chat(u.b.desk.Platform, u.b.desk.Chat)
	first, next := channel.Line()
	said := u.chat.State.Unpassed
	if first == 0 || next-first < mostWaiting {
		return 0, first != 0 && first <= said && said < next
	}
	if c, ok := u.card(store.TalkCard, talk.ID); ok {
		waits = u.t.WaitingUnder(channel.ID, c.ID, string(Message))
	}
	return waits, first <= said && said < next
}

// overheard copies to staff what a client writes after they have asked for a
// person and before somebody has come.
func (u *turn) overheard(e conversation.Event) {
	id := u.chat.State.Talk
	if id == "" || e.Kind != conversation.Said || isCommand(e) || conversation.Secret(e.Text) {
		return
	}
	if talk, ok := u.t.TalkByID(id); ok && talk.ClosedAt.IsZero() {
		u.pass(talk, e)
	}
}

// talkAgain is after how long staff are asked once more about a client who waits for
// a person.
const talkAgain = time.Hour

// askAgain mentions whoever is on duty under talks that nobody has taken, once.
func (u *turn) askAgain() bool {
	if open, _ := conversation.OfficeOpens(&facts{b: u.b, t: u.t}); u.b.desk.Chat == "" || !open {
		return false
	}
	for _, talk := range u.t.OpenTalks() {
		if talk.OwnerChat == "" && u.t.Now().Sub(talk.OpenedAt) >= talkAgain {
			n := conversation.News{What: conversation.NewsAgain, Mention: u.b.onDuty()}
			u.noteOnce("talk-again:"+talk.ID, store.TalkCard, talk.ID, conversation.TalkNews(deskLanguage, u.b.talkOnDesk(u.t, talk), n, &facts{b: u.b, t: u.t}))
		}
	}
	return false
}

// talk is the talk that an act is about.
func (u *turn) talk() (store.Talk, bool) {
	talk, ok := u.t.TalkByID(u.in.Act.Ref)
	if ok {
		u.standsAt(store.TalkCard, talk.ID)
	}
	if (!ok || !talk.ClosedAt.IsZero()) && u.t.Err() == nil {
		u.answer.Say = conversation.Gone(u.chat.Language)
		if ok {
			u.show(store.TalkCard, talk.ID)
		}
		return talk, false
	}
	return talk, ok
}

// claimTalk makes a member of staff the one who talks, also instead of another.
func (u *turn) claimTalk() {
	talk, ok := u.talk()
	if !ok || talk.OwnerChat == u.chat.ID || !u.t.ClaimTalk(talk.ID, u.chat.ID, u.name()) {
		return
	}
	n := conversation.News{What: conversation.NewsHeld, By: u.me()}
	if before := u.b.holder(u.t, talk.OwnerChat, talk.Owner, talk.ClaimedAt); before.Person != "" {
		n.Mention = append(n.Mention, before)
	}
	client := u.t.ChatByID(talk.ChatID)
	u.audit("talks", talk.CaseID, map[string]any{"talk": talk.ID})
	u.show(store.TalkCard, talk.ID)
	talk, _ = u.t.TalkByID(talk.ID)
	u.note(store.TalkCard, talk.ID, conversation.TalkNews(deskLanguage, u.b.talkOnDesk(u.t, talk), n, u.facts()))
	u.put(client, store.Letter{Kind: string(Message), Voice: talk.ID, Reply: conversation.PersonJoins(language(client), u.name(), u.facts()), SendBy: u.t.Now().Add(answerLife)})
}

// handBack gives a client back to the bot, which shows its open question again.
func (u *turn) handBack() {
	talk, ok := u.talk()
	if !ok {
		return
	}
	u.endTalk(talk, conversation.News{What: conversation.NewsBack, By: u.me()}, u.name())
	if talk.OwnerChat == "" {
		return // nobody had come, the bot never fell silent
	}
	client := u.t.ChatByID(talk.ChatID)
	back := turn{b: u.b, t: u.t, in: Incoming{Platform: client.Platform, Chat: client.Address, Event: conversation.Event{Kind: conversation.Returned}}}
	back.play()
	u.letters, u.alarms = append(u.letters, back.letters...), append(u.alarms, back.alarms...)
}

// endTalk closes a talk. What the person wrote and was not sent by then is not sent
// any more, and staff are told how much that was.
func (u *turn) endTalk(talk store.Talk, n conversation.News, by string) {
	n.Unsent = u.t.WaitingOf(talk.ChatID, talk.ID)
	if !u.t.CloseTalk(talk.ID, by) {
		return
	}
	client := u.t.ChatByID(talk.ChatID)
	client.State.Talk, client.State.Unpassed = "", 0
	u.t.SaveChat(client)
	u.audit("talk ended", talk.CaseID, map[string]any{"talk": talk.ID, "unsent": n.Unsent})
	u.show(store.TalkCard, talk.ID)
	u.note(store.TalkCard, talk.ID, conversation.TalkNews(deskLanguage, u.b.talkOnDesk(u.t, talk), n, &facts{b: u.b, t: u.t}))
}

// unplacedTalk tells whether a talk's card may stand in the channel where the bot does
// not know yet: the answer to its posting is still under way. Nobody has taken that
// talk, for a press tells where its card stands.
func (u *turn) unplacedTalk(channel *store.Chat) bool {
	return slices.ContainsFunc(u.t.OpenTalks(), func(talk store.Talk) bool {
		c := u.t.Card(store.TalkCard, talk.ID, channel)
		return talk.OwnerChat == "" && c.Wanted > 0 && c.RemoteID == ""
	})
}

// inThread takes what a member of staff wrote under a card. Under a talk of theirs
// the client reads it; everywhere else it is a note for colleagues.
func (u *turn) inThread() {
	u.chat.Language = u.language()
	u.t.SaveChat(u.chat)
	if u.b.person(u.chat).Role == scheduling.Applicant {
		return
	}
	u.chat.State.Staff = true
	channel := u.t.Chat(u.b.desk.Platform, u.b.desk.Chat)
	c, ok := u.t.CardAt(channel.ID, u.in.Thread)
	if !ok && u.unplacedTalk(channel) {
		u.answer.Say = conversation.NotPassed(u.chat.Language, deskLanguage, conversation.TalkUnclaimed, "")
	}
	if !ok || c.Kind != store.TalkCard {
		return
	}
	talk, ok := u.t.TalkByID(c.Subject)
	if !ok {
		return
	}
	why := conversation.NotPassedOn("")
	switch {
	case !talk.ClosedAt.IsZero():
		why = conversation.TalkEnded
	case talk.OwnerChat == "":
		why = conversation.TalkUnclaimed
	case talk.OwnerChat != u.chat.ID:
		why = conversation.TalkOfAnother
	case conversation.Secret(u.in.Event.Text):
		why = conversation.SecretStays
	case u.in.Event.Kind == conversation.Media, strings.TrimSpace(u.in.Event.Text) == "": // something was forwarded, without words
		why = conversation.FilesStay
	case u.in.Event.Kind == conversation.Edited:
		why = conversation.EditsStay
	}
	if why != "" {
		u.answer.Say = conversation.NotPassed(u.chat.Language, deskLanguage, why, talk.Owner)
		return
	}
	client := u.t.ChatByID(talk.ChatID)
	if !client.UnreachableAt.IsZero() {
		u.answer.Say = conversation.NotPassed(u.chat.Language, deskLanguage, conversation.ClientGone, talk.Owner)
	}
	u.put(client, store.Letter{Kind: string(Message), Voice: talk.ID, SendBy: u.t.Now().Add(answerLife),
		Reply: conversation.PersonSays(language(client), u.name(), u.in.Event.Text)})
}
