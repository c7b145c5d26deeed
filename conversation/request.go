package conversation

// requestQuestion is asked when a request of this case is still open: there is
// never more than one.
func (t *turn) requestQuestion() (Text, []choice) {
	c, ok := t.draftCase()
	if !ok || c.Request == nil || c.Appointment == nil {
		return t.w.text("request.gone"), []choice{t.choice("request.keep", "keep")}
	}
	values := t.office()
	values["case"], values["appointment"], values["wanted"] = c.Receipt.String(), t.where(*c.Appointment), t.slotWhere(c.Request.To)
	return t.w.text("request.ask", values), []choice{t.choice("request.keep", "keep"), t.choice("request.withdraw", "withdraw")}
}

func (t *turn) requestAnswer(value string) {
	c, ok := t.draftCase()
	if value != "withdraw" {
		t.done(t.w.text("request.kept", t.office()))
		return
	}
	if !ok || c.Request == nil || c.Appointment == nil || c.Request.ID == "" {
		t.done(t.w.text("request.gone"))
		return
	}
	t.do(Withdraw{RequestID: c.Request.ID})
	t.done(t.w.text("request.withdrawn", with{"appointment": t.where(*c.Appointment), "case": c.Receipt.String()}))
}
