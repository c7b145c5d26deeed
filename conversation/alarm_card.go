package conversation

// An alarm's words are three: what it is, what is to be done about it, and whether
// that is to call the client.
type alarmWords struct {
	title string
	do    Text
	call  bool
}

// AlarmCard is what the office sees of something that one of them must look at.
// Until somebody has, it can be taken and acknowledged.
func AlarmCard(language string, a AlarmOnDesk, f Facts) Card {
	t := telling(language, f)
	words := t.alarmWords(a)
	c := Card{Title: words.title, Text: words.do, Note: t.alarmHistory(a)}
	if a.Client != nil {
		c.Title += " · " + t.whose(*a.Client)
		if words.call {
			c.Text = append(c.Text, t.callClient(*a.Client)...)
		} else {
			c.Facts = append(c.Facts, t.fact("desk.client", t.howToTell(*a.Client)))
		}
	}
	c.Facts = append(c.Facts, t.alarmFacts(a, words)...)
	if a.Done.At.IsZero() {
		c.Buttons = t.alarmButtons(a)
	}
	if t.countsDown(a) {
		c.Note = append(c.Note, t.w.text("desk.drawn", with{"now": t.w.office(t.now, f.Office())})...)
	}
	return c
}

// countsDown tells whether a card says how much time is left. One that is done is not
// drawn any more, so that it would go on saying it.
func (t *turn) countsDown(a AlarmOnDesk) bool {
	return a.Done.At.IsZero() && a.Appointment != nil && a.Verdict.Online()
}

// alarmFacts are what is in force, until when it can be moved, and what is left of
// the phone (R15).
func (t *turn) alarmFacts(a AlarmOnDesk, words alarmWords) []Fact {
	if a.Appointment == nil {
		return nil
	}
	facts := []Fact{t.fact("desk.onfile", t.inForce(a.Appointment))}
	if t.countsDown(a) {
		facts = append(facts, t.fact("desk.left", t.timeLeft(a.Verdict.OnlineUntil, a.Appointment.Site)))
	}
	if phone := t.phoneLeft(a.Appointment, a.Verdict); phone != nil {
		facts = append(facts, t.fact("desk.phone", phone))
	}
	if words.call && !a.Verdict.Online() {
		facts = append(facts, t.fact("desk.centerphone", t.w.text("desk.centerphone.number", with{"phone": t.f.Rules().Center.Phone})))
	}
	return facts
}

func (t *turn) alarmButtons(a AlarmOnDesk) []Button {
	if a.Owner.Name == "" {
		return []Button{t.button("alarm.take", "take", a.ID, Main), t.button("alarm.done", "done", a.ID, Usual)}
	}
	return []Button{t.button("desk.takeover", "take", a.ID, Usual), t.button("alarm.done", "done", a.ID, Main)}
}

func (t *turn) alarmHistory(a AlarmOnDesk) Text {
	o := t.f.Office()
	text := t.w.text("alarm.raised", with{"at": t.w.office(a.RaisedAt, o)})
	if a.Times > 1 {
		text = append(text, t.w.text("alarm.times", with{"n": a.Times})...)
	}
	if a.Owner.Name != "" {
		text = append(text, t.w.text("alarm.owner", with{"by": a.Owner.Name, "at": t.w.office(a.Owner.At, o)})...)
	}
	if !a.Done.At.IsZero() {
		text = append(text, t.w.text("alarm.acknowledged", with{"by": t.somebody(a.Done.Name), "at": t.w.office(a.Done.At, o)})...)
	}
	return text
}

// AlarmNews is a line for the thread of an alarm: taken, done, or still waiting.
func AlarmNews(language string, a AlarmOnDesk, n News, f Facts) Text {
	t := telling(language, f)
	values := with{"by": t.somebody(n.By.Name), "title": t.alarmWords(a).title, "since": t.w.office(a.RaisedAt, f.Office())}
	switch n.What {
	case NewsHeld:
		return mention(t.w.text("alarm.news.held", values), n.Mention)
	case NewsDone:
		return mention(t.w.text("alarm.news.done", values), n.Mention)
	}
	return mention(t.w.text("alarm.news.again", values), n.Mention)
}

// alarmLine is an alarm in a list.
func (t *turn) alarmLine(a AlarmOnDesk) Paragraph {
	head := t.alarmWords(a).title
	if a.Client != nil {
		head += " · " + t.whose(*a.Client)
	}
	return linked(head, a.Card, t.w.label("alarm.line", with{"since": t.w.office(a.RaisedAt, t.f.Office()), "held": t.holder(a.Owner)}))
}
