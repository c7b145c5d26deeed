package conversation

// linked is an item that begins with what leads to a card, where there is one.
func linked(head, card, rest string) Paragraph {
	return Paragraph{Item: true, Spans: []Span{{Text: head, Style: Strong, Message: card}, {Text: ": " + rest}}}
}

// holder is who has taken something on, in a list.
func (t *turn) holder(h Holder) string {
	if h.Name == "" {
		return t.w.label("desk.line.free")
	}
	return t.w.label("desk.line.held", with{"by": shorter(oneLine(h.Name), maxNickname)})
}

// requestItem is a request in a list: how much time is left, what is wanted, and
// who has it.
func (t *turn) requestItem(r RequestOnDesk) Paragraph {
	left := t.w.label("desk.line.late")
	if d := r.LapsesAt.Sub(t.now); d > 0 {
		left = t.w.label("desk.line.left", with{"left": t.w.span(d), "until": t.w.briefMoment(r.LapsesAt, r.From.Site)})
	}
	rest := t.w.label("desk.line.request", with{"left": left, "wanted": t.briefSlot(r.To), "held": t.holder(r.Held)})
	return linked(r.Name+" · "+t.whose(r.Client), r.Card, rest)
}

// dayItem is an appointment in a list of one day.
func (t *turn) dayItem(a AppointmentOnDesk) Paragraph {
	local := a.Appointment.Start.In(a.Appointment.Site.Location())
	return t.comingAt(t.w.label("desk.line.at", with{"clock": t.wall(local) + " " + local.Format("MST"), "site": a.Appointment.Site.Name()}), a)
}

// comingItem is an appointment in a list of days that differ from place to place.
func (t *turn) comingItem(a AppointmentOnDesk) Paragraph {
	return t.comingAt(t.w.brief(a.Appointment), a)
}

func (t *turn) comingAt(when string, a AppointmentOnDesk) Paragraph {
	spans := []Span{{Text: when + ": "}, {Text: t.whose(a.Client), Style: Strong}}
	if a.Request != "" {
		spans = append(spans, Span{Text: "; " + t.w.label("desk.line.open", with{"name": a.Request})})
	}
	if a.Client.Unreachable {
		spans = append(spans, Span{Text: "; " + t.w.label("desk.line.unreachable")})
	}
	return Paragraph{Item: true, Spans: spans}
}

// unreachableItem is a client who must be called, and about what.
func (t *turn) unreachableItem(a AppointmentOnDesk) Paragraph {
	spans := []Span{{Text: t.whose(a.Client), Style: Strong}, {Text: ": "}}
	if phone := oneLine(a.Client.Phone); phone != "" {
		spans = append(spans, Span{Text: phone, Style: Code})
	} else {
		spans = append(spans, Span{Text: t.w.label("desk.line.nophone")})
	}
	return Paragraph{Item: true, Spans: append(spans, Span{Text: "; " + t.w.brief(a.Appointment)})}
}

// items lists at most so many, and how many there are beyond; more is the key of
// the words for that. beyond is how many there are that all lacks.
func items[T any](t *turn, all []T, most, beyond int, more string, item func(T) Paragraph) Text {
	var out Text
	for _, x := range all[:min(most, len(all))] {
		out = append(out, item(x))
	}
	if n := max(0, len(all)-most) + beyond; n > 0 {
		out = append(out, t.w.text(more, with{"n": n})...)
	}
	return out
}
