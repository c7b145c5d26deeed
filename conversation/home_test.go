package conversation_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// agenda is a morning with something of everything.
func agenda(t *testing.T, f deskFacts) conversation.Agenda {
	overdue := f.request(t, "XCB 2026-12-02 18:00", "XCB 2026-12-11 09:20")
	overdue.Name, overdue.Card, overdue.Held = "R7", "C01:1.7", ben
	soon := f.chicago(t)
	soon.Card = "C01:1.1"
	mine := f.request(t, "XCB 2026-12-08 10:00", "XCA 2026-12-14 10:00")
	mine.Name, mine.Card, mine.Held = "R3", "C01:1.3", ada
	far := f.request(t, "XHG 2026-12-21 08:00", "XHG 2026-12-28 08:00")
	far.Name = "R4" // its card is not there yet
	away := ana
	away.Unreachable = true
	nameless := conversation.Client{Receipt: scheduling.MustReceipt("IOE0000000102"), Unreachable: true}
	guam, tomorrow, later := f.appointment(t, "XHG", "2026-12-02 23:00"), f.appointment(t, "XCB", "2026-12-03 10:00"), f.appointment(t, "XCA", "2026-12-08 08:20")
	guam.Start = f.now.Add(10 * time.Minute)
	return conversation.Agenda{
		Requests: []conversation.RequestOnDesk{overdue, soon, mine, far},
		Alarms: []conversation.AlarmOnDesk{
			{ID: "a1", Kind: "poller_conflict", RaisedAt: ada.At, Times: 1, Card: "C01:2.1"},
			{ID: "a2", Kind: "unreachable", Client: &away, Appointment: &later, RaisedAt: ben.At, Times: 2, Owner: ada, Card: "C01:2.2"},
		},
		Talks:       []conversation.TalkOnDesk{{ID: "t1", Clients: []conversation.Client{ana}, OpenedAt: ben.At, Card: "C01:3.1"}},
		Coming:      []conversation.AppointmentOnDesk{{Appointment: guam, Client: nameless}, {Appointment: tomorrow, Client: ana, Request: soon.Request.Name}, {Appointment: later, Client: away}},
		Unreachable: []conversation.AppointmentOnDesk{{Appointment: later, Client: away}, {Appointment: guam, Client: nameless}},
	}
}

const morning = "2026-12-02T08:00:00-06:00"

func drawnPage(p conversation.Page) string {
	var cards []string
	for _, c := range p.Cards {
		cards = append(cards, drawn(c))
	}
	return strings.Join(cards, "")
}

func TestHomePages(t *testing.T) {
	f := atDesk(t, morning)
	a := agenda(t, f)
	golden(t, "home", func(language string) string {
		return "== all\n" + drawnPage(conversation.HomePage(language, a, "all", ada.Person, f)) +
			"\n== mine\n" + drawnPage(conversation.HomePage(language, a, "mine", ada.Person, f)) +
			"\n== nothing\n" + drawnPage(conversation.HomePage(language, conversation.Agenda{}, "", ada.Person, f))
	})
}

// What was not read is counted all the same: a page never says that there is less
// than there is. What can't be read is told too, also where else there is nothing.
func TestBeyondWhatWasRead(t *testing.T) {
	f := atDesk(t, morning)
	a := agenda(t, f)
	a.Beyond = conversation.Beyond{Alarms: 40, Coming: 300, Unreachable: 20}
	a.Unread = 3
	page := drawnPage(conversation.HomePage("en", a, "all", ada.Person, f))
	for _, want := range []string{"42 alarms", "22 clients to call", "✓ All (47)", "Mine (2)", "… and 300 more", "… and 40 more", "… and 20 more", "3 entries can't be read and are missing"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	nothing := conversation.Digest("en", conversation.Agenda{Unread: 1}, f)
	if len(nothing) != 1 || !strings.Contains(nothing[0].Plain(), "1 entry can't be read") {
		t.Errorf("the digest: %v", nothing)
	}
}

// What a filter shows, and that its button is marked and counts it.
func TestHomeFilters(t *testing.T) {
	f := atDesk(t, morning)
	a := agenda(t, f)
	for _, c := range []struct{ filter, me, marked, requests string }{
		{"all", "U01", "✓ All (7)", "R7 R1 R3 R4"},
		{"", "U01", "✓ All (7)", "R7 R1 R3 R4"},
		{"no such filter", "U01", "✓ All (7)", "R7 R1 R3 R4"},
		{"mine", "U01", "✓ Mine (2)", "R3"},
		{"mine", "U09", "✓ Mine (0)", ""},
		{"mine", "", "✓ Mine (0)", ""},
		{"unclaimed", "U01", "✓ Unclaimed (4)", "R1 R4"},
		{"week", "U01", "✓ Next 7 days (6)", "R7 R1 R3"},
	} {
		p := conversation.HomePage("en", a, c.filter, c.me, f)
		var marked, refs []string
		for _, b := range p.Cards[0].Buttons {
			if strings.HasPrefix(b.Label, "✓") {
				marked = append(marked, b.Label)
			}
			refs = append(refs, b.Act+":"+b.Ref)
		}
		if got := strings.Join(marked, " "); got != c.marked {
			t.Errorf("%q: marked %s", c.filter, got)
		}
		if got := strings.Join(refs, " "); got != "filter:all filter:mine filter:unclaimed filter:week register:" {
			t.Errorf("%q: buttons %s", c.filter, got)
		}
		names := regexp.MustCompile(`\bR\d+ ·`).FindAllString(p.Cards[1].Text.Plain(), -1)
		if got := strings.ReplaceAll(strings.Join(names, " "), " ·", ""); got != c.requests {
			t.Errorf("%q: requests %s, want %s", c.filter, got, c.requests)
		}
	}
}

// A busy office: lists end, and say how much they leave out.
func busy(t *testing.T, f deskFacts, n int) conversation.Agenda {
	var a conversation.Agenda
	one := agenda(t, f)
	for i := range n {
		r, alarm, talk, c := one.Requests[1+i%3], one.Alarms[0], one.Talks[0], one.Coming[i%3]
		r.Name = fmt.Sprintf("R%d", i+1)
		a.Requests, a.Alarms, a.Talks = append(a.Requests, r), append(a.Alarms, alarm), append(a.Talks, talk)
		a.Coming, a.Unreachable = append(a.Coming, c), append(a.Unreachable, c)
	}
	return a
}

func TestHomeIsBounded(t *testing.T) {
	f := atDesk(t, morning)
	for _, lang := range conversation.Languages() {
		p := conversation.HomePage(lang, busy(t, f, 300), "all", "U01", f)
		for i, want := range []int{1, 21, 22, 32, 21} { // 32: the day, thirty, how many more
			if got := len(p.Cards[i].Text); got != want {
				t.Errorf("%s: card %d has %d lines, want %d", lang, i, got, want)
			}
			if n := len([]rune(p.Cards[i].Text.Plain())); n > 4400 {
				t.Errorf("%s: card %d is %d characters", lang, i, n)
			}
		}
		if got := p.Cards[1].Text.Plain(); !strings.Contains(got, "280") || !strings.Contains(got, "/biometrics requests") {
			t.Errorf("%s: nothing says how many more requests there are: %s", lang, got)
		}
	}
}

func TestDigests(t *testing.T) {
	f := atDesk(t, morning)
	a := agenda(t, f)
	quiet := conversation.Agenda{Requests: a.Requests[2:3]}
	golden(t, "digest", func(language string) string {
		var b strings.Builder
		for _, x := range []struct {
			name string
			a    conversation.Agenda
		}{{"something of everything", a}, {"one request, and Ada has it", quiet}, {"nothing", conversation.Agenda{}}} {
			b.WriteString("== " + x.name + "\n")
			for _, text := range conversation.Digest(language, x.a, f) {
				b.WriteString(said(text) + "\n")
			}
		}
		return b.String()
	})
}

// Nothing is one line, and no message is longer than 45 paragraphs; none ends in a
// heading, and each line is there once.
func TestDigestPages(t *testing.T) {
	f := atDesk(t, morning)
	if got := conversation.Digest("en", conversation.Agenda{}, f); len(got) != 1 || len(got[0]) != 1 {
		t.Errorf("nothing takes %d messages", len(got))
	}
	for n := range 60 {
		items := 0
		for i, text := range conversation.Digest("en", busy(t, f, n), f) {
			if len(text) > 45 {
				t.Errorf("%d: message %d has %d paragraphs", n, i+1, len(text))
			}
			last := text[len(text)-1]
			if heading := !last.Item && last.Spans != nil && len(last.Spans) > 0 && last.Spans[0].Style == conversation.Strong; heading && n > 0 {
				t.Errorf("%d: message %d ends in a heading: %v", n, i+1, last)
			}
			for _, p := range text {
				if p.Item {
					items++
				}
			}
		}
		soon := (n + 2) / 3       // R1 and its like: less than a day left
		free := n / 3             // in Guam, nobody has them
		near := (n+2)/3 + (n+1)/3 // today's and tomorrow's appointments
		want := min(30, soon) + min(30, free) + min(30, (n+2)/3) + min(30, near-(n+2)/3) + 3*min(30, n)
		if items != want {
			t.Errorf("%d: %d items, want %d", n, items, want)
		}
	}
}
