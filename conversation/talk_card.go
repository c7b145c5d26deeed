package conversation

import (
	"slices"
	"strings"
	"unicode"
)

// TalkCard is what the office sees of a client who wants to talk to a person, or
// does. Whoever has it writes in the thread below it.
func TalkCard(language string, k TalkOnDesk, f Facts) Card {
	t := telling(language, f)
	c := Card{Title: t.talkState(k) + " · " + t.whoseAll(k.Clients), Facts: t.talkFacts(k), Note: t.talkHistory(k)}
	switch {
	case !k.Closed.At.IsZero():
		c.Text = t.w.text("talk.over")
	case k.Owner.Name == "":
		c.Text = t.w.text("talk.wanted")
		c.Buttons = []Button{t.button("talk.answer", "talk", k.ID, Main), t.button("talk.unneeded", "handback", k.ID, Usual)}
	default:
		c.Text = t.w.text("talk.write", with{"by": k.Owner.Name})
		c.Buttons = []Button{t.button("desk.takeover", "talk", k.ID, Usual), t.button("talk.handback", "handback", k.ID, Main)}
	}
	return c
}

func (t *turn) talkState(k TalkOnDesk) string {
	switch {
	case !k.Closed.At.IsZero():
		return t.w.label("talk.state.over")
	case k.Owner.Name == "":
		return t.w.label("talk.state.waits")
	}
	return t.w.label("talk.state.held", with{"by": k.Owner.Name})
}

// whoseAll are the cases of a chat, at most four of them: "Ana L. · …0101, …0102".
func (t *turn) whoseAll(clients []Client) string {
	const most = 4
	var names []string
	before := ""
	for i, c := range clients[:min(most, len(clients))] {
		name := t.whose(c)
		if i > 0 && c.Name == before {
			name = "…" + c.Receipt.Last4()
		}
		names, before = append(names, name), c.Name
	}
	if len(clients) > most {
		names = append(names, "…")
	}
	if len(names) == 0 {
		return t.w.label("talk.nocase")
	}
	return strings.Join(names, ", ")
}

// talkFacts are the numbers under which the client can be called instead.
func (t *turn) talkFacts(k TalkOnDesk) []Fact {
	var facts []Fact
	var phones []string
	for _, c := range k.Clients {
		if phone := oneLine(c.Phone); phone != "" && !slices.Contains(phones, phone) {
			phones = append(phones, phone)
			facts = append(facts, t.fact("talk.phone", t.w.text("talk.phone.number", with{"phone": phone})))
		}
	}
	return facts
}

func (t *turn) talkHistory(k TalkOnDesk) Text {
	o := t.f.Office()
	text := t.w.text("talk.asked", with{"at": t.w.office(k.OpenedAt, o)})
	if k.Owner.Name != "" {
		text = append(text, t.w.text("talk.owner", with{"by": k.Owner.Name, "at": t.w.office(k.Owner.At, o)})...)
	}
	if !k.Closed.At.IsZero() {
		by := oneLine(k.Closed.Name)
		if by == "" {
			by = t.w.label("desk.theclient")
		}
		text = append(text, t.w.text("talk.ended", with{"by": by, "at": t.w.office(k.Closed.At, o)})...)
	}
	return text
}

// TalkNews is a line for the thread of a talk: who answers, that it was handed
// back, that the client ended it or sent what can't be passed on, or that they
// still wait.
func TalkNews(language string, k TalkOnDesk, n News, f Facts) Text {
	t := telling(language, f)
	values := with{"by": t.somebody(n.By.Name), "since": t.w.office(k.OpenedAt, f.Office())}
	var text Text
	switch n.What {
	case NewsHeld:
		text = t.w.text("talk.news.held", values)
	case NewsBack:
		text = t.w.text("talk.news.back", values)
	case NewsClient:
		text = t.w.text("talk.news.client")
	case NewsLost:
		text = t.w.text("talk.news.lost")
	case NewsMedia:
		text = t.w.text("talk.news.media")
	case NewsFlooded:
		text = t.w.text("talk.news.flooded")
	default:
		text = t.w.text("talk.news.again", values)
	}
	if n.Unsent > 0 {
		text = append(text, t.w.text("talk.news.unsent", with{"n": n.Unsent})...)
	}
	return mention(text, n.Mention)
}

// ClientSays is what a client has written, for the thread of their talk.
func ClientSays(language string, k TalkOnDesk, words string) Text {
	name := wordsFor(language).label("talk.client")
	if len(k.Clients) > 0 {
		if of := oneLine(k.Clients[0].Name); of != "" {
			name = shorter(of, maxNickname)
		}
	}
	return says(name, words)
}

// says puts a name before somebody's words. The words stay as they are, but for
// what would turn the text around them about; each of their lines is a paragraph.
func says(name, words string) Text {
	text := Text{{Spans: []Span{{Text: name + ":", Style: Strong}}}}
	for i, said := range strings.Split(strings.ReplaceAll(words, "\r\n", "\n"), "\n") {
		said = harmless(said)
		if i == 0 {
			text[0].Spans = append(text[0].Spans, Span{Text: " " + said})
			continue
		}
		text = append(text, line(said)...)
	}
	return text
}

// harmless leaves of a line what can be seen.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// talkLine is a talk in a list.
func (t *turn) talkLine(k TalkOnDesk) Paragraph {
	return linked(t.whoseAll(k.Clients), k.Card, t.w.label("talk.line", with{"since": t.w.office(k.OpenedAt, t.f.Office()), "held": t.holder(k.Owner)}))
}
