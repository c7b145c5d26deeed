package conversation

import (
	"strings"

	"reschedulebot/scheduling"
)

// staffSaid takes what only staff can say: "requests", "confirm R1",
// "confirm R1 2026-12-03 10:20 XAA", "refuse R1 the reason". It answers whether
// the words were taken.
func (t *turn) staffSaid(text string) bool {
	verb, rest, _ := strings.Cut(oneLine(text), " ")
	switch strings.ToLower(verb) {
	case "requests":
		t.interrupt(t.openRequests())
	case "confirm":
		t.decide(rest, Confirmed)
	case "refuse":
		t.decide(rest, Refused)
	default:
		return false
	}
	return true
}

func (t *turn) openRequests() Text {
	requests := t.f.Requests()
	if len(requests) == 0 {
		return t.w.text("requests.none")
	}
	out := t.w.text("requests.head", with{"n": len(requests)})
	for _, r := range requests {
		reason := "reason." + string(r.Reason)
		values := with{"name": r.Name, "case": r.Receipt.String(), "old": t.where(r.From), "wanted": t.slotWhere(r.To), "reason": t.w.label(reason)}
		if r.Reason == scheduling.Other {
			values["reason"] = t.w.label("reason.own", with{"words": r.Words})
		}
		out = append(out, t.w.text("requests.line", values)...)
	}
	return join(out, t.w.text("requests.how"))
}

func (t *turn) decide(rest string, outcome Outcome) {
	name, words, _ := strings.Cut(oneLine(rest), " ")
	r, ok := t.openRequest(name)
	if !ok {
		t.interrupt(join(t.w.text("decide.unknown"), t.openRequests()))
		return
	}
	if role := t.f.Person().Role; role != scheduling.Representative && role != scheduling.Admin {
		t.interrupt(t.w.text("decide.notallowed"))
		return
	}
	d := Decision{RequestID: r.ID, Outcome: outcome, By: t.f.Person().Name}
	if outcome == Refused {
		if words == "" {
			t.interrupt(t.w.text("decide.why"))
			return
		}
		d.Words = words
	} else if !t.decidedAt(&d, r, words) {
		return
	}
	t.do(Decide{Decision: d})
	t.interrupt(t.w.text("decided."+string(outcome), with{"name": r.Name, "case": r.Receipt.String()}))
}

func (t *turn) openRequest(name string) (Request, bool) {
	for _, r := range t.f.Requests() {
		if strings.EqualFold(r.Name, name) {
			return r, true
		}
	}
	return Request{}, false
}

// decidedAt reads "[2026-12-03 10:20] [XAA]".
func (t *turn) decidedAt(d *Decision, r Request, words string) bool {
	site, _ := t.f.Sites().Find(r.To.Site)
	var when []string
	for _, w := range strings.Fields(words) {
		if s, ok := t.f.Sites().Find(strings.ToUpper(w)); ok {
			site, d.Site = s, s.Code
			continue
		}
		when = append(when, w)
	}
	w, err := r.To.Local, error(nil)
	if len(when) > 0 {
		w, err = scheduling.ParseWall(strings.Join(when, " "))
		d.At = w
	}
	if err == nil {
		_, err = site.Instant(w)
	}
	if err != nil {
		t.interrupt(t.w.text("decide.when"))
		return false
	}
	return true
}
