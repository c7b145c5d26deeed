package conversation_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// aRequest is one state in which a request can be seen.
type aRequest struct {
	name string
	f    deskFacts
	r    conversation.RequestOnDesk
}

const noon = "2026-12-02T12:48:00-06:00"

func openRequests(t *testing.T) []aRequest {
	one := func(name, now, from, to string, change func(deskFacts, *conversation.RequestOnDesk)) aRequest {
		f := atDesk(t, now)
		r := f.request(t, from, to)
		if change != nil {
			change(f, &r)
		}
		return aRequest{name, f, r}
	}
	chicago, later, guam := "XCB 2026-12-03 10:00", "XCB 2026-12-11 09:20", "XHG 2026-12-07 08:00"
	return []aRequest{
		one("nobody has it", noon, chicago, later, nil),
		one("Ben has it, no chat is linked", noon, chicago, later, func(_ deskFacts, r *conversation.RequestOnDesk) {
			r.Held, r.Client.Linked = ben, false
		}),
		one("the chat can't be reached, no phone number", noon, chicago, later, func(_ deskFacts, r *conversation.RequestOnDesk) {
			r.Client.Unreachable, r.Client.Phone = true, ""
		}),
		one("no name, the chat can't be reached, last change", noon, chicago, later, func(f deskFacts, r *conversation.RequestOnDesk) {
			r.Client.Name, r.Client.Unreachable, r.Now.Count = "", true, 1
			r.Verdict = f.gate(r.Now)
		}),
		one("a second before the cut-off", "2026-12-02T21:59:59-06:00", chicago, later, nil),
		one("at the cut-off", "2026-12-02T22:00:00-06:00", chicago, later, func(_ deskFacts, r *conversation.RequestOnDesk) { r.Held = ben }),
		one("the lines close before the cut-off", "2026-12-05T09:00:00+10:00", guam, "XHG 2026-12-14 08:00", nil),
		one("the lines have closed before the cut-off", "2026-12-05T12:00:00+10:00", guam, "XHG 2026-12-14 08:00", nil),
		one("half an hour of phone is left", "2026-12-02T18:30:00-06:00", "XCB 2026-12-03 07:00", later, nil),
		one("changed meanwhile", noon, chicago, later, func(f deskFacts, r *conversation.RequestOnDesk) {
			other := f.appointment(t, "XCA", "2026-12-09 11:00")
			r.Now, r.Verdict = &other, f.gate(&other)
		}),
		one("USCIS moves it meanwhile", noon, chicago, later, func(f deskFacts, r *conversation.RequestOnDesk) {
			r.Now.Status = scheduling.USCISMoved
			r.Verdict = f.gate(r.Now)
		}),
		one("nothing on file any more", noon, chicago, later, func(f deskFacts, r *conversation.RequestOnDesk) {
			r.Now, r.Verdict = nil, f.gate(nil)
		}),
		one("own words, hostile", noon, chicago, later, func(_ deskFacts, r *conversation.RequestOnDesk) {
			r.Reason, r.Words, r.Client.Name = scheduling.Other, "<!channel> *now*\n# {name} **x**", "Ana\n<@U01> \u202ex"
		}),
	}
}

func closedRequests(t *testing.T) []aRequest {
	one := func(name string, o conversation.Outcome, now string, change func(deskFacts, *conversation.RequestOnDesk)) aRequest {
		f := atDesk(t, now)
		r := f.chicago(t)
		r.Held, r.Outcome, r.DecidedBy, r.DecidedAt = ben, o, "Ada", moment(t, "2026-12-02T19:30:00Z")
		if change != nil {
			change(f, &r)
		}
		return aRequest{name, f, r}
	}
	moved := func(site, local string) func(deskFacts, *conversation.RequestOnDesk) {
		return func(f deskFacts, r *conversation.RequestOnDesk) {
			a := f.appointment(t, site, local)
			r.Now, r.Verdict = &a, f.gate(&a)
		}
	}
	lapsed := func(_ deskFacts, r *conversation.RequestOnDesk) {
		r.DecidedBy, r.DecidedAt = "", moment(t, "2026-12-03T04:00:00Z")
	}
	return []aRequest{
		one("as wanted", conversation.Confirmed, noon, moved("XCB", "2026-12-11 09:20")),
		one("at another time", conversation.Confirmed, noon, moved("XCA", "2026-12-10 14:00")),
		one("refused", conversation.Refused, noon, func(_ deskFacts, r *conversation.RequestOnDesk) {
			r.Answer, r.Client.Linked = "USCIS had nothing free that week.", false
		}),
		one("taken back", conversation.Withdrawn, noon, nil),
		one("not in force any more", conversation.Withdrawn, noon, func(f deskFacts, r *conversation.RequestOnDesk) {
			r.Now.Status = scheduling.Cancelled
			r.Verdict = f.gate(r.Now)
		}),
		one("lapsed, the lines open before", conversation.Lapsed, "2026-12-02T22:00:30-06:00", lapsed),
		one("lapsed, while the lines are open", conversation.Lapsed, "2026-12-03T08:30:00-06:00", lapsed),
		one("lapsed, and the appointment has passed", conversation.Lapsed, "2026-12-03T10:00:00-06:00", lapsed),
		one("lapsed, no line opens before", conversation.Lapsed, "2026-12-07T06:00:00+10:00", func(f deskFacts, r *conversation.RequestOnDesk) {
			*r = f.request(t, "XHG 2026-12-07 08:00", "XHG 2026-12-14 08:00")
			r.Outcome, r.DecidedAt, r.Client.Phone = conversation.Lapsed, r.LapsesAt, ""
		}),
	}
}

func TestRequestCards(t *testing.T) {
	golden(t, "requests", func(language string) string {
		var b strings.Builder
		for _, x := range append(openRequests(t), closedRequests(t)...) {
			b.WriteString("== " + x.name + "\n" + drawn(conversation.RequestCard(language, x.r, x.f)) + "\n")
		}
		return b.String()
	})
}

// While a request is open nothing on its card says that it is confirmed, and every
// way to decide it is there; afterwards none is.
func TestAnOpenRequestIsDecidable(t *testing.T) {
	confirmed := regexp.MustCompile(`(?i)confirmed|confirmad[oa]`)
	for _, lang := range conversation.Languages() {
		for _, x := range openRequests(t) {
			c := conversation.RequestCard(lang, x.r, x.f)
			if found := confirmed.FindString(drawn(c)); found != "" {
				t.Errorf("%s, %s: the card says %s", lang, x.name, found)
			}
			if got := acts(c); !slices.Equal(got, []string{"claim", "confirm", "another", "refuse", "center"}) {
				t.Errorf("%s, %s: buttons %v", lang, x.name, got)
			}
			checkCard(t, x.name, c, x.r.ID)
		}
		for _, x := range closedRequests(t) {
			c := conversation.RequestCard(lang, x.r, x.f)
			var want []string
			if x.r.Outcome == conversation.Lapsed {
				want = []string{"center"}
			}
			if got := acts(c); !slices.Equal(got, want) {
				t.Errorf("%s, %s: buttons %v", lang, x.name, got)
			}
			if found := confirmed.FindString(drawn(c)); (found != "") != (x.r.Outcome == conversation.Confirmed) {
				t.Errorf("%s, %s: says %q", lang, x.name, found)
			}
			checkCard(t, x.name, c, x.r.ID)
		}
	}
}

func acts(c conversation.Card) []string {
	var out []string
	for _, b := range c.Buttons {
		out = append(out, b.Act)
	}
	return out
}

// checkCard looks at what every card must be: a title of one line, at most five
// buttons, at most one of them main, all about the one thing, sure questions of a
// bearable length.
func checkCard(t *testing.T, name string, c conversation.Card, ref string) {
	t.Helper()
	act := regexp.MustCompile(`^[a-z]+$`)
	if c.Title == "" || strings.ContainsAny(c.Title, "\n\u202e") || len([]rune(c.Title)) > 150 {
		t.Errorf("%s: title %q", name, c.Title)
	}
	main := 0
	for _, b := range c.Buttons {
		if b.Weight == conversation.Main {
			main++
		}
		if !act.MatchString(b.Act) || b.Ref != ref || b.Label == "" || len([]rune(b.Label)) > 40 {
			t.Errorf("%s: button %+v", name, b)
		}
		if s := b.Sure; s != nil && (len([]rune(s.Title)) > 100 || len([]rune(s.Text)) > 300 || len([]rune(s.Yes)) > 30 || len([]rune(s.No)) > 30) {
			t.Errorf("%s: the question is too long: %+v", name, *s)
		}
	}
	if len(c.Buttons) > 5 || main > 1 {
		t.Errorf("%s: %d buttons, %d main", name, len(c.Buttons), main)
	}
}

// The end stands beside every time left, and at the very cut-off none is left (R3).
func TestTimeLeft(t *testing.T) {
	for _, c := range []struct{ now, want string }{
		{"2026-12-02T12:48:00-06:00", "9 hours 12 minutes left"},
		{"2026-12-02T21:00:00-06:00", "1 hour left"},
		{"2026-12-02T21:59:00-06:00", "1 minute left"},
		{"2026-12-02T21:59:59.999999999-06:00", "Less than a minute left"},
		{"2026-12-02T22:00:00-06:00", "None."},
		{"2026-12-02T22:00:01-06:00", "None."},
		{"2026-11-25T12:48:00-06:00", "7 days left"},
	} {
		f := atDesk(t, c.now)
		for _, fact := range conversation.RequestCard("en", f.chicago(t), f).Facts {
			if fact.Label != "Time left" {
				continue
			}
			if got := fact.Value.Plain(); !strings.HasPrefix(got, c.want) || !strings.Contains(got, "Wed Dec 2, 2026, 10:00 PM (Chicago time, CST)") {
				t.Errorf("%s: %s", c.now, got)
			}
		}
	}
}

func TestRequestNews(t *testing.T) {
	golden(t, "request-news", func(language string) string {
		f := atDesk(t, noon)
		r := f.chicago(t)
		r.Answer = "Nothing free\nthat week."
		away := r
		away.Client.Linked = false
		held := r
		held.Held = ben
		var b strings.Builder
		for _, x := range []struct {
			r conversation.RequestOnDesk
			n conversation.News
		}{
			{r, conversation.News{What: conversation.NewsFiled}},
			{r, conversation.News{What: conversation.NewsFiled, By: ada}},
			{r, conversation.News{What: conversation.NewsHeld, By: ada, Mention: []conversation.Holder{ben}}},
			{r, conversation.News{What: conversation.NewsConfirmed, By: ada}},
			{away, conversation.News{What: conversation.NewsAnother, By: ada}},
			{r, conversation.News{What: conversation.NewsRefused, By: ada}},
			{r, conversation.News{What: conversation.NewsWithdrawn}},
			{away, conversation.News{What: conversation.NewsLapsed, Mention: []conversation.Holder{ada, ben}}},
			{r, conversation.News{What: conversation.NewsLapsed}}, // somebody has to call, whether or not a chat reaches them
			{r, conversation.News{What: conversation.NewsUrged, Left: 4 * time.Hour, Mention: []conversation.Holder{ada}}},
			{held, conversation.News{What: conversation.NewsUrged, Left: 30 * time.Minute, Mention: []conversation.Holder{ben, ada}}},
		} {
			text := conversation.RequestNews(language, x.r, x.n, f)
			if len(text) != 1 {
				t.Errorf("%s: %s is %d lines", language, x.n.What, len(text))
			}
			b.WriteString(x.n.What + "> " + said(text))
		}
		for _, x := range closedRequests(t) {
			b.WriteString("decided> " + said(conversation.DecidedMeanwhile(language, x.r, x.f)))
		}
		b.WriteString("held> " + said(conversation.HeldBy(language, r)) + "held> " + said(conversation.HeldBy(language, held)))
		b.WriteString("role> " + said(conversation.NotAllowed(language)) + "gone> " + said(conversation.Gone(language)))
		b.WriteString("center> " + said(conversation.CenterText(language, r, f)))
		return b.String()
	})
}
