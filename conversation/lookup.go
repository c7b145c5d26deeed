package conversation

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"reschedulebot/scheduling"
)

// How much is listed at once: one message must hold it. Of what is coming and what
// waits, the rest is on further pages.
const (
	maxFound   = 8
	maxComing  = 25
	maxWaiting = 15
	maxPage    = 999
)

// pageOf is which page somebody asks for behind a word: "week 2". 0: none.
func pageOf(rest string) int {
	n, err := strconv.Atoi(rest)
	if err != nil || n < 1 || n > maxPage {
		return 0
	}
	return n
}

// onPage are the rows of a page, of all up to it; where there is no such page, of the
// last one.
func onPage[T any](rows []T, page, size int) (of []T, last int) {
	last = min(page, (len(rows)+size-1)/size)
	return rows[(last-1)*size : min(last*size, len(rows))], last
}

// look answers what is on file for a case that staff look for. For exactly one it
// offers what can be done with it, unless another question is open.
func (t *turn) look(words string) {
	w := ReadWanted(words)
	if w.IsZero() {
		t.interrupt(t.w.text("find.how"))
		return
	}
	found, more := t.f.Look(w, maxFound)
	switch {
	case len(found) == 0:
		t.interrupt(t.w.text("find.none"))
	case len(found) == 1 && t.s.Step.resting():
		t.s.Draft, t.s.Under = Draft{About: found[0].ID}, Idle
		t.ask(AskFound)
	default:
		t.interrupt(t.foundList(found, more))
	}
}

func (t *turn) foundList(found []Found, more bool) Text {
	slices.SortFunc(found, t.sooner)
	out := t.w.text("find.head", with{"n": len(found)})
	for _, f := range found {
		out = append(out, t.foundLine("find.line", f)...)
	}
	if more {
		return join(out, t.w.text("find.more"))
	}
	return join(out, t.w.text("find.one"))
}

// sooner puts first what is still to come, the soonest first.
func (t *turn) sooner(a, b Found) int {
	start := func(f Found) time.Time {
		if f.Appointment == nil || f.Appointment.Status != scheduling.Scheduled || !f.Appointment.Start.After(t.now) {
			return t.now.AddDate(100, 0, 0)
		}
		return f.Appointment.Start
	}
	if by := start(a).Compare(start(b)); by != 0 {
		return by
	}
	return cmp.Compare(a.Receipt.Reveal(), b.Receipt.Reveal())
}

// foundLine is a case in a line or two: whose, what is in force, what the rules
// say, what is open, and whether a chat is linked.
func (t *turn) foundLine(key string, f Found) Text {
	values := with{"client": f.Client.who(), "form": formOr(f.Form), "chat": t.w.label("find.nochat"),
		"request": "", "appointment": t.w.label("find.noappointment"), "verdict": ""}
	if a := f.Appointment; a != nil {
		values["appointment"] = t.w.brief(*a)
		values["verdict"] = " " + t.verdict(f.Case)
	}
	if f.Request != nil {
		values["request"] = " " + t.w.label("find.request", with{"name": f.Request.Name})
	}
	switch {
	case f.Client.Unreachable:
		values["chat"] = t.w.label("find.unreachable")
	case f.Client.Linked:
		values["chat"] = t.w.label("find.chat")
	}
	return t.w.text(key, values)
}

// verdict is what the gate says about a case, in a few words.
func (t *turn) verdict(c Case) string {
	v := t.gate(c, "")
	return t.w.label("find."+string(v.Class), with{"until": t.w.briefMoment(v.OnlineUntil, c.Appointment.Site)})
}

// Ending are the cases whose receipt number ends in the four digits that somebody of
// the office typed; none where it is anything else.
func Ending(words string, f Facts) []Found {
	t := turn{f: f}
	found, _ := t.ending(words)
	return found
}

// ending are the cases whose receipt number ends in the four digits that somebody of
// the office typed: cards and lists show no more of it. asked: it is four digits.
func (t *turn) ending(words string) (found []Found, asked bool) {
	digits := strings.TrimLeft(words, "….* ")
	if !t.staff() || len(digits) != 4 || strings.Trim(digits, "0123456789") != "" {
		return nil, false
	}
	found, _ = t.f.Look(Wanted{last4: digits}, maxFound)
	return found, true
}

// notOne says that no case has that number, or which have.
func (t *turn) notOne(words string, found []Found) Text {
	if len(found) == 0 {
		return t.w.text("case.unknown", with{"receipt": words})
	}
	return t.foundList(found, false)
}

// about is the case that staff are looking at.
func (t *turn) about() (Found, bool) {
	if t.s.Draft.About == "" {
		return Found{}, false
	}
	c, ok := t.f.Case(t.s.Draft.About)
	if !ok {
		return Found{}, false
	}
	found, _ := t.f.Look(Wanted{Receipt: c.Receipt}, 1)
	if len(found) == 0 {
		return Found{}, false
	}
	return found[0], true
}

func (t *turn) foundQuestion() (Text, []choice) {
	f, ok := t.about()
	if !ok {
		return t.menuQuestion()
	}
	var choices []choice
	if f.Appointment != nil && !t.onlyPrepares() && (f.Request != nil || t.gate(f.Case, "").Online()) {
		choices = append(choices, t.choice("find.move", "move"))
	}
	return t.foundLine("find.this", f), append(choices, t.choice("find.invite", "invite"), t.choice("find.links", "links"))
}

func (t *turn) foundAnswer(value string) {
	f, ok := t.about()
	switch {
	case !ok:
		t.menu()
	case value == "move":
		t.s.Step, t.s.Draft = Idle, Draft{}
		t.pick(f.Case)
	case value == "invite":
		t.s.Step, t.s.Draft = Idle, Draft{}
		t.issue(f.Case)
	default:
		t.showLinks(f.Case)
	}
}

// coming lists the appointments of today and the days after, page by page. key says
// how it is called.
func (t *turn) coming(days int, key string, page int) Text {
	page = max(page, 1)
	rows, more := t.f.Coming(days, maxComing*page)
	if len(rows) == 0 {
		return t.w.text(key + ".none")
	}
	head := t.w.text(key+".head", with{"n": len(rows) + more})
	shown, page := onPage(rows, page, maxComing)
	for _, r := range shown {
		head = append(head, t.comingLine(r)...)
	}
	return t.nextPage(head, more, "staff."+key, page)
}

// nextPage says how many there are beyond a page, and how they are asked for.
func (t *turn) nextPage(list Text, more int, word string, page int) Text {
	if more == 0 {
		return list
	}
	again := t.w.words[word][0] + " " + itoa(page+1)
	return append(list, t.w.text("list.next", with{"n": more, "again": again})...)
}

func (t *turn) comingLine(r AppointmentOnDesk) Text {
	values := with{"client": r.Client.who(), "appointment": t.w.brief(r.Appointment), "request": ""}
	if r.Request != "" {
		values["request"] = "; " + t.w.label("coming.request", with{"name": r.Request})
	}
	key := "coming.line"
	if r.Client.Unreachable {
		key = "coming.unreachable"
	}
	return t.w.text(key, values)
}

// openRequests lists what waits for a decision, the most urgent first, page by page.
func (t *turn) openRequests(page int) Text {
	page = max(page, 1)
	rows, more := t.f.Waiting(maxWaiting * page)
	if len(rows) == 0 {
		return t.w.text("requests.none")
	}
	list := t.w.text("requests.head", with{"n": len(rows) + more})
	shown, page := onPage(rows, page, maxWaiting)
	for _, r := range shown {
		list = append(list, t.requestLine(r)...)
	}
	return join(t.nextPage(list, more, "staff.requests", page), t.w.text("requests.how"))
}

// maxReason is how much of a reason in somebody's own words a list shows.
const maxReason = 60

func (t *turn) requestLine(r RequestOnDesk) Text {
	values := with{"name": r.Name, "client": r.Client.who(), "old": t.w.brief(r.From),
		"wanted": t.briefSlot(r.To), "reason": t.w.label("reason." + string(r.Reason)), "left": t.w.label("requests.late"), "held": t.w.label("requests.free")}
	if r.Reason == scheduling.Other {
		values["reason"] = t.w.label("reason.own", with{"words": shorter(r.Words, maxReason)})
	}
	if left := r.LapsesAt.Sub(t.now); left > 0 {
		values["left"] = t.w.label("requests.left", with{"left": t.w.span(left), "until": t.w.briefMoment(r.LapsesAt, r.From.Site)})
	}
	if r.Held.Name != "" {
		values["held"] = t.w.label("requests.held", with{"who": r.Held.Name})
	}
	return t.w.text("requests.line", values)
}

// shorter is a text of at most n characters.
func shorter(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

func (t *turn) briefSlot(s scheduling.Slot) string {
	site, ok := t.f.Sites().Find(s.Site)
	if !ok {
		return t.w.short(s.Local)
	}
	return t.w.brief(scheduling.Appointment{Site: site, Start: s.Start})
}
