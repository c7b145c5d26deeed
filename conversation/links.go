package conversation

import (
	"time"

	"reschedulebot/scheduling"
)

// maxLinks is how many chats and how many codes of one case are listed.
const maxLinks = 10

// named is the case whose receipt number, or the end of it, somebody typed after a
// word; key says what to type instead. False: there is none, and that was answered.
func (t *turn) named(words, key string) (Case, bool) {
	if found, asked := t.ending(words); asked {
		if len(found) == 1 {
			return found[0].Case, true
		}
		t.interrupt(t.notOne(words, found))
		return Case{}, false
	}
	switch id := scheduling.ReadIdentifier(words); id.Kind {
	case scheduling.ReceiptExact, scheduling.ReceiptRepaired, scheduling.ReceiptOddPrefix:
		c, ok := t.f.Find(id.Receipt)
		if !ok {
			t.interrupt(t.w.text("case.unknown", with{"receipt": id.Receipt.Reveal()}))
		}
		return c, ok
	}
	t.interrupt(t.w.text(key))
	return Case{}, false
}

// invite issues a link for a client.
func (t *turn) invite(words string) {
	if c, ok := t.named(words, "invite.how"); ok {
		t.issue(c)
	}
}

func (t *turn) issue(c Case) {
	t.do(Invite{CaseID: c.ID})
	if !t.s.Step.resting() {
		t.ask(t.s.Step, t.w.text("goon"))
	}
}

// An Issued code links one chat to a case, once.
type Issued struct {
	Client Client
	Code   string
	Link   string // opens the client's chat with the code, "" where the bot has no name there
	Until  time.Time
	Chats  int    // linked to the case already
	QR     []byte // the link as a picture (PNG), nil: none
}

// Invited shows a code to who asked for it.
func Invited(language string, i Issued, o Office) Reply {
	w := wordsFor(language)
	values := with{"client": i.Client.who(), "until": w.office(i.Until, o), "n": i.Chats, "code": i.Code, "link": i.Link}
	r := Reply{Private: true}
	if i.Link == "" {
		r.Text = join(w.text("invited.code", values), w.text("invited.chats", values))
		return r
	}
	r.Text = join(w.text("invited.link", values), w.text("invited.chats", values))
	if len(i.QR) > 0 {
		r.File = &File{Name: "link.png", Type: "image/png", Data: i.QR}
	}
	return r
}

// links shows who may act on a case from a chat, and what can be done about it.
func (t *turn) links(words string) {
	if c, ok := t.named(words, "links.how"); ok {
		t.showLinks(c)
	}
}

func (t *turn) showLinks(c Case) {
	l := t.f.Links(c.ID)
	switch text := t.linksText(c, l); {
	case len(l.Chats) == 0 && len(l.Codes) == 0:
		t.interrupt(text)
	case !t.s.Step.resting():
		t.interrupt(join(text, t.w.text("links.busy")))
	default:
		t.s.Draft, t.s.Under = Draft{About: c.ID}, Idle
		t.ask(AskLinks)
	}
}

// linksText names no address of a chat: nobody needs to know it.
func (t *turn) linksText(c Case, l CaseLinks) Text {
	out := t.w.text("links.chats", with{"case": c.Receipt.String(), "n": len(l.Chats)})
	for _, chat := range l.Chats[:min(maxLinks, len(l.Chats))] {
		key := "links.chat"
		if !chat.Reachable {
			key = "links.unreachable"
		}
		out = append(out, t.w.text(key, with{"platform": platformName(chat.Platform), "since": t.w.office(chat.Since, t.f.Office())})...)
	}
	if n := len(l.Chats) - maxLinks; n > 0 {
		out = append(out, t.w.text("list.more", with{"n": n})...)
	}
	out = append(out, t.w.text("links.codes", with{"n": len(l.Codes)})...)
	for _, code := range l.Codes[:min(maxLinks, len(l.Codes))] {
		out = append(out, t.w.text("links.code", with{"until": t.w.office(code.Until, t.f.Office()), "by": code.By})...)
	}
	return out
}

// platformName is a platform as people write it.
func platformName(name string) string {
	switch name {
	case "telegram":
		return "Telegram"
	case "slack":
		return "Slack"
	}
	return name
}

func (t *turn) linksQuestion() (Text, []choice) {
	f, ok := t.about()
	if !ok {
		return t.menuQuestion()
	}
	l := t.f.Links(f.ID)
	var choices []choice
	if len(l.Codes) > 0 {
		choices = append(choices, t.choice("links.revoke", "revoke"))
	}
	if len(l.Chats) > 0 {
		choices = append(choices, t.choice("links.unlink", "unlink"))
	}
	return t.linksText(f.Case, l), choices
}

func (t *turn) linksAnswer(value string) {
	f, ok := t.about()
	switch {
	case !ok:
		t.menu()
	case value == "unlink":
		t.ask(AskUnlink)
	default:
		t.do(RevokeCodes{CaseID: f.ID})
		t.done(t.w.text("links.revoked", with{"case": f.Receipt.String()}))
	}
}

// unlinkQuestion asks once more: the clients get no reminders from then on.
func (t *turn) unlinkQuestion() (Text, []choice) {
	f, ok := t.about()
	if !ok {
		return t.menuQuestion()
	}
	values := with{"case": f.Receipt.String(), "n": len(t.f.Links(f.ID).Chats)}
	return t.w.text("unlink.ask", values), []choice{t.choice("unlink.yes", "yes"), t.choice("unlink.no", "no")}
}

func (t *turn) unlinkAnswer(value string) {
	f, ok := t.about()
	switch {
	case !ok:
		t.menu()
	case value != "yes":
		t.done(t.w.text("unlink.kept", with{"case": f.Receipt.String()}))
	default:
		t.do(UnlinkAll{CaseID: f.ID})
		t.done(t.w.text("unlink.done", with{"case": f.Receipt.String()}))
	}
}

// Unlinked tells a chat that staff have ended its tie to a case, without a word
// about which.
func Unlinked(language string, o Office) Reply {
	return Reply{Text: wordsFor(language).text("unlinked", with{"firm": o.Name, "phone": o.Phone})}
}
