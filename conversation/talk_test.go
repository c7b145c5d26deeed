package conversation_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

func TestTalkCards(t *testing.T) {
	f := atDesk(t, noon)
	other := conversation.Client{Name: "Ana L.", Receipt: scheduling.MustReceipt("IOE0000000102"), Phone: ana.Phone}
	son := conversation.Client{Name: "Leo L.", Receipt: scheduling.MustReceipt("IOE0000000103")}
	waits := conversation.TalkOnDesk{ID: "0123456789abcdef", Clients: []conversation.Client{ana, other, son}, OpenedAt: ada.At}
	held := waits
	held.Owner = ada
	byClient := held
	byClient.Closed = conversation.Holder{At: ben.At}
	byBen := held
	byBen.Closed = ben
	many := waits
	many.Clients = []conversation.Client{ana, son, other, son, ana}
	golden(t, "talks", func(language string) string {
		var b strings.Builder
		for _, x := range []struct {
			name string
			k    conversation.TalkOnDesk
			acts string
		}{
			{"nobody has it", waits, "talk handback"}, {"Ada has it", held, "talk handback"}, {"ended by the client", byClient, ""},
			{"ended by Ben", byBen, ""}, {"no case", conversation.TalkOnDesk{ID: waits.ID, OpenedAt: ada.At}, "talk handback"}, {"many cases", many, "talk handback"},
		} {
			c := conversation.TalkCard(language, x.k, f)
			if got := strings.Join(acts(c), " "); got != x.acts {
				t.Errorf("%s: buttons %s", x.name, got)
			}
			checkCard(t, x.name, c, waits.ID)
			b.WriteString("== " + x.name + "\n" + drawn(c) + "\n")
		}
		for _, n := range []conversation.News{{What: conversation.NewsHeld, By: ada}, {What: conversation.NewsBack, By: ben}, {What: conversation.NewsClient},
			{What: conversation.NewsMedia}, {What: conversation.NewsFlooded}, {What: conversation.NewsLost, Mention: []conversation.Holder{ada}}, {What: conversation.NewsAgain, Mention: []conversation.Holder{ada, ben}}} {
			b.WriteString(n.What + "> " + said(conversation.TalkNews(language, waits, n, f)))
		}
		b.WriteString("says> " + said(conversation.ClientSays(language, waits, "Hello\r\n<!channel>  *x*\n\nbye\u202e")))
		b.WriteString("says> " + said(conversation.ClientSays(language, conversation.TalkOnDesk{}, "Hello")))
		return b.String()
	})
}

// What a client reads about a person: no hour is promised, only when the office is
// open is told.
func TestTalkForTheClient(t *testing.T) {
	golden(t, "client", func(language string) string {
		var b strings.Builder
		show := func(name string, r conversation.Reply) { b.WriteString("== " + name + "\n" + said(r.Text) + "\n") }
		show("asked while the office is open", conversation.PersonComes(language, atDesk(t, noon)))
		show("asked on the evening before Thanksgiving", conversation.PersonComes(language, atDesk(t, "2026-11-25T17:30:00-06:00")))
		silent := atDesk(t, noon)
		silent.office.Hours = scheduling.Hours{}
		show("the hours are not told", conversation.PersonComes(language, silent))
		f := atDesk(t, noon)
		show("somebody has joined", conversation.PersonJoins(language, "Ada", f))
		show("their words", conversation.PersonSays(language, "Ada", "Hello Ana,\n  **please** call {firm}.\u202e"))
		show("the assistant is back", conversation.AssistantBack(language, f))
		show("a photo", conversation.CantPassOn(language, f))
		show("more than can be passed on", conversation.CantPassAll(language, f))
		return b.String()
	})
	if r := conversation.PersonSays("en", "Ada", "x"); !r.Private {
		t.Error("a person's words could be forwarded")
	}
}

func TestOfficeOpens(t *testing.T) {
	for _, c := range []struct{ name, now, hours, zone, want string }{
		{"within the hours", "2026-12-02T12:48:00-06:00", "Mon-Fri 09:00-17:30", "America/Chicago", "open"},
		{"the minute it opens", "2026-12-02T09:00:00-06:00", "Mon-Fri 09:00-17:30", "America/Chicago", "open"},
		{"a second before", "2026-12-02T08:59:59-06:00", "Mon-Fri 09:00-17:30", "America/Chicago", "2026-12-02T09:00:00-06:00"},
		{"a second before closing", "2026-12-02T17:29:59-06:00", "Mon-Fri 09:00-17:30", "America/Chicago", "open"},
		{"the minute it closes", "2026-12-02T17:30:00-06:00", "Mon-Fri 09:00-17:30", "America/Chicago", "2026-12-03T09:00:00-06:00"},
		{"Friday evening", "2026-12-04T18:00:00-06:00", "Mon-Fri 09:00-17:30", "America/Chicago", "2026-12-07T09:00:00-06:00"},
		{"Thanksgiving", "2026-11-26T10:00:00-06:00", "Mon-Fri 09:00-17:30", "America/Chicago", "2026-11-27T09:00:00-06:00"},
		{"Independence Day, observed on the Friday", "2026-07-03T10:00:00-05:00", "Mon-Fri 09:00-17:30", "America/Chicago", "2026-07-06T09:00:00-05:00"},
		{"over the clock change", "2026-03-07T18:00:00-06:00", "Sun 09:00-12:00", "America/Chicago", "2026-03-08T09:00:00-05:00"},
		{"in another zone it is the day before", "2026-12-07T02:00:00+10:00", "Mon-Fri 09:00-17:30", "America/Chicago", "2026-12-07T09:00:00-06:00"},
		{"up to midnight", "2026-12-02T23:59:59-06:00", "Mon-Fri 09:00-24:00", "America/Chicago", "open"},
		{"hours that are not told", "2026-12-02T12:48:00-06:00", "", "America/Chicago", "never"},
		{"no zone", "2026-12-02T12:48:00-06:00", "Mon-Fri 09:00-17:30", "", "never"},
	} {
		f := atDesk(t, c.now)
		f.office.Hours, f.office.Zone = scheduling.Hours{}, nil
		if c.hours != "" {
			hours, err := scheduling.ParseHours(c.hours)
			if err != nil {
				t.Fatal(err)
			}
			f.office.Hours = hours
		}
		if c.zone != "" {
			f.office.Zone = zoneOf(t, c.zone)
		}
		open, opens := conversation.OfficeOpens(f)
		got := "never"
		switch {
		case open:
			got = "open"
		case !opens.IsZero():
			got = opens.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// A day on which USCIS is closed for the weather is a day at the office.
func TestOfficeIsNotUSCIS(t *testing.T) {
	f := atDesk(t, noon)
	f.book.rules.ExtraClosedDays = []scheduling.Date{{Year: 2026, Month: 12, Day: 2}}
	if open, _ := conversation.OfficeOpens(f); !open {
		t.Error("the office is taken for closed")
	}
}
