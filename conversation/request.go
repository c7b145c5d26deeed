package conversation

// requestQuestion is asked when a request of this case is still open: there is
// never more than one.
func (t *turn) requestQuestion() (Text, []choice) {
	choices := []choice{t.choice("request.keep", "keep"), t.choice("request.withdraw", "withdraw")}
	if t.requestGone() {
		return t.w.text("request.gone"), choices // ask shows only the words
	}
	c, _ := t.draftCase()
	values := t.office()
	values["case"], values["appointment"], values["wanted"] = c.Receipt.String(), t.where(*c.Appointment), t.slotWhere(c.Request.To)
	return t.lastWord(t.w.text("request.ask", values), c), choices
}

// requestGone tells whether the request that is asked about was decided meanwhile,
// or has lapsed.
func (t *turn) requestGone() bool {
	c, ok := t.draftCase()
	return t.s.Step == AskRequest && (!ok || c.Request == nil || c.Appointment == nil)
}

func (t *turn) requestAnswer(value string) {
	c, ok := t.draftCase()
	if t.requestGone() || !ok || c.Request.ID == "" {
		t.done(t.w.text("request.gone"))
		return
	}
	if value != "withdraw" {
		t.done(t.w.text("request.kept", t.office()))
		return
	}
	t.do(Withdraw{RequestID: c.Request.ID})
	text := t.w.text("request.withdrawn", with{"appointment": t.where(*c.Appointment), "case": c.Receipt.String()})
	if t.staff() {
		text = sentences(text, t.toldOrCall(c.Receipt))
	}
	switch v := t.gate(c, ""); {
	case !v.Online() || t.insideMargin(v):
		text = join(text, t.deadlines(*c.Appointment, v))
	default:
		text = append(text, t.askAgain(*c.Appointment, v)...)
	}
	t.done(text)
}

// lastWord adds to the question that a request which is taken back now can't be
// asked for again, where that is so.
func (t *turn) lastWord(text Text, c Case) Text {
	if v := t.gate(c, ""); v.Online() && !t.insideMargin(v) {
		return text
	}
	warning := t.w.text("request.late")
	return append(append(text[:len(text)-1:len(text)-1], warning...), text[len(text)-1])
}

// requestSaid takes words that are no answer.
func (t *turn) requestSaid() {
	if t.requestGone() {
		t.ask(AskRequest)
		return
	}
	t.again(t.w.text("choose"))
}
