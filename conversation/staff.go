package conversation

import (
	"slices"
	"strings"
	"time"

	"reschedulebot/scheduling"
)

// staffWords are the words that only staff begin a message with, by the key of
// the catalogues that lists them.
func staffWords() []string {
	return []string{"staff.requests", "staff.confirm", "staff.refuse", "staff.find", "staff.today", "staff.week",
		"staff.invite", "staff.links", "staff.import", "staff.add"}
}

// staffWord is the key of the word that somebody began with, in any language: an
// office mixes them. "" for any other.
func staffWord(verb string) string {
	said := fold(verb)
	for _, key := range staffWords() {
		for _, lang := range Languages() {
			if slices.Contains(wordsFor(lang).words[key], said) {
				return key
			}
		}
	}
	return ""
}

// staffSaid takes what only staff can say: "find ana", "week", "confirm R1",
// "refuse R1 the reason". slash tells that it began with one, so that it is surely
// no answer to the open question. It answers whether the words were taken.
func (t *turn) staffSaid(text string, slash bool) bool {
	verb, rest, _ := strings.Cut(oneLine(text), " ")
	word := staffWord(verb)
	if !slash && t.answersInstead(word, rest) {
		return false
	}
	switch word {
	case "staff.requests":
		t.interrupt(t.openRequests(pageOf(rest)))
	case "staff.confirm":
		t.decide(rest, Confirmed)
	case "staff.refuse":
		t.decide(rest, Refused)
	case "staff.find":
		t.look(rest)
	case "staff.today":
		t.interrupt(t.coming(1, "today", pageOf(rest)))
	case "staff.week":
		t.interrupt(t.coming(7, "week", pageOf(rest)))
	case "staff.invite":
		t.invite(rest)
	case "staff.links":
		t.links(rest)
	case "staff.import":
		t.askFile()
	case "staff.add":
		t.interrupt(t.w.text("add.how"))
	default:
		return false
	}
	return true
}

// answersInstead tells whether a word of staff answers the open question: a
// reason in their own words may begin with any, and "today" is a day.
func (t *turn) answersInstead(word, rest string) bool {
	switch word {
	case "staff.requests", "staff.confirm", "staff.refuse":
		return false
	case "staff.today", "staff.week":
		return rest != "" && pageOf(rest) == 0 || t.s.Step == AskWords || t.s.Step == AskSlot || t.s.Step == AskDay
	}
	return t.s.Step == AskWords
}

func (t *turn) decide(rest string, outcome Outcome) {
	name, words, _ := strings.Cut(oneLine(rest), " ")
	r, ok := t.f.Requested(name)
	switch {
	case !ok:
		t.interrupt(join(t.w.text("decide.unknown"), t.openRequests(1)))
		return
	case r.Outcome != "":
		t.interrupt(t.decidedMeanwhile(r))
		return
	}
	if role := t.f.Person().Role; role != scheduling.Representative && role != scheduling.Admin {
		t.interrupt(t.w.text("decide.notallowed"))
		return
	}
	c, ok := t.f.Case(r.CaseID)
	if !ok || c.Appointment == nil || c.Appointment.Status != scheduling.Scheduled {
		t.interrupt(t.w.text("decide.nothing", with{"name": r.Name}))
		return
	}
	d := Decision{RequestID: r.ID, Outcome: outcome, By: t.f.Person().Name}
	if outcome == Refused {
		if words == "" {
			t.interrupt(t.w.text("decide.why"))
			return
		}
		if Secret(words) { // behind "refuse 1" it was not seen as a number of its own
			t.ssn()
			return
		}
		d.Words = words
	} else if !t.decidedAt(&d, r.Request, *c.Appointment, words) {
		return
	}
	t.do(Decide{Decision: d})
	t.interrupt(sentences(t.w.text("decided."+string(outcome), with{"name": r.Name, "case": r.Receipt.String()}), t.toldOrCall(r.Receipt)))
}

// decidedAt reads "[2026-12-03 10:20] [XAA]". What is on file now is not what USCIS gave
// instead (R10).
func (t *turn) decidedAt(d *Decision, r Request, now scheduling.Appointment, words string) bool {
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
	var start time.Time
	if err == nil {
		start, err = site.Instant(w)
	}
	switch {
	case err != nil:
		t.interrupt(t.w.text("decide.when"))
	case !start.After(t.now):
		t.interrupt(t.w.text("decide.past"))
	case words != "" && site.Code == now.Site.Code && w == now.Local:
		t.interrupt(line(t.w.label("problem.same")))
	default:
		return true
	}
	return false
}
