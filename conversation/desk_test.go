package conversation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// deskFacts are the facts of an office in Chicago that tells its hours.
type deskFacts struct {
	facts
	office conversation.Office
}

func (f deskFacts) Office() conversation.Office { return f.office }

// atDesk is a member of staff at the desk, at a moment such as
// "2026-12-02T12:48:00-06:00".
func atDesk(t *testing.T, now string) deskFacts {
	t.Helper()
	b := newBook()
	b.booking = conversation.Desk
	b.now = moment(t, now)
	c := b.chat("Ada")
	c.role, c.staffName = scheduling.Representative, "Ada"
	f := deskFacts{facts: b.facts(c)}
	f.office = f.facts.Office()
	f.office.Zone = zoneOf(t, "America/Chicago")
	hours, err := scheduling.ParseHours("Mon-Fri 09:00-17:30")
	if err != nil {
		t.Fatal(err)
	}
	f.office.Hours = hours
	return f
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// appointment is one in force, at a site's own time.
func (f deskFacts) appointment(t *testing.T, site, local string) scheduling.Appointment {
	t.Helper()
	s, ok := f.Sites().Find(site)
	w, err := scheduling.ParseWall(local)
	if !ok || err != nil {
		t.Fatal("no site or no time", site, local, err)
	}
	start, err := s.Instant(w)
	if err != nil {
		t.Fatal(err)
	}
	return scheduling.Appointment{ID: "appointment-1", CaseID: "case-1", Receipt: ana.Receipt, Form: "I-485", Site: s, Local: w, Start: start,
		Status: scheduling.Scheduled, Version: 1}
}

func (f deskFacts) gate(a *scheduling.Appointment) scheduling.Verdict {
	return f.Rules().Gate(scheduling.Attempt{Appointment: a, By: scheduling.Requester{Role: scheduling.Representative, Allowed: true, G28: true}, Now: f.Now()})
}

var (
	ana = conversation.Client{Name: "Ana L.", Receipt: scheduling.MustReceipt("IOE0000000107"), Phone: "312-555-0199", Linked: true}
	ada = conversation.Holder{Name: "Ada", Person: "U01", At: time.Date(2026, 12, 2, 15, 5, 0, 0, time.UTC)}
	ben = conversation.Holder{Name: "Ben", Person: "U02", At: time.Date(2026, 12, 2, 16, 0, 0, 0, time.UTC)}
)

// request is Ana's, to move from a place and time to another.
func (f deskFacts) request(t *testing.T, from, to string) conversation.RequestOnDesk {
	t.Helper()
	old := f.appointment(t, from[:3], from[4:])
	wanted := f.appointment(t, to[:3], to[4:])
	return conversation.RequestOnDesk{
		Request: conversation.Request{ID: "0123456789abcdef", Name: "R1", CaseID: "case-1", Receipt: ana.Receipt, From: old,
			To:     scheduling.Slot{Site: wanted.Site.Code, Local: wanted.Local, Start: wanted.Start},
			Reason: scheduling.PlannedTravel, RequestedAt: moment(t, "2026-12-01T15:14:00Z")},
		Client: ana, Now: &old, Verdict: f.gate(&old), Asked: scheduling.ToolOK, LapsesAt: old.Start.Add(-f.Rules().Window),
	}
}

// chicago is Ana's request as most of these tests have it.
func (f deskFacts) chicago(t *testing.T) conversation.RequestOnDesk {
	return f.request(t, "XCB 2026-12-03 10:00", "XCB 2026-12-11 09:20")
}

// drawn writes a card as a person sees it.
func drawn(c conversation.Card) string {
	var b strings.Builder
	b.WriteString("# " + c.Title + "\n" + said(c.Text))
	for _, f := range c.Facts {
		b.WriteString(f.Label + ": " + said(f.Value))
	}
	for _, x := range c.Buttons {
		b.WriteString("[" + x.Label + "] " + x.Act + " " + x.Ref + " " + string(x.Weight))
		if x.Sure != nil {
			b.WriteString(" (" + x.Sure.Title + " " + x.Sure.Text + " [" + x.Sure.Yes + "] [" + x.Sure.No + "])")
		}
		b.WriteString("\n")
	}
	for line := range strings.Lines(said(c.Note)) {
		b.WriteString("~ " + line)
	}
	return trimmed(b.String())
}

// said writes a text with its marks, mentions and links: @Ada(U01), [R1](C1:2).
func said(t conversation.Text) string {
	shown := make(conversation.Text, len(t))
	for i, p := range t {
		shown[i].Item = p.Item
		for _, s := range p.Spans {
			switch {
			case s.Person != "":
				s.Text = "@" + s.Text + "(" + s.Person + ")"
			case s.Message != "":
				s.Text = "[" + s.Text + "](" + s.Message + ")"
			}
			shown[i].Spans = append(shown[i].Spans, s)
		}
	}
	if len(t) == 0 {
		return ""
	}
	return strings.Join(shown.Marked(), "\n") + "\n"
}

func drawnForm(f conversation.Form) string {
	var b strings.Builder
	b.WriteString("# " + f.Title + " (" + f.Name + " " + f.Ref + ")\n" + said(f.Text))
	for _, x := range f.Fields {
		b.WriteString(x.Name + " " + string(x.Kind) + ": " + x.Label + " = " + x.Value)
		if x.Shown != "" {
			b.WriteString(" (" + x.Shown + ")")
		}
		if x.Optional {
			b.WriteString(", optional")
		}
		if x.Hint != "" {
			b.WriteString("\n  " + x.Hint)
		}
		b.WriteString("\n")
	}
	b.WriteString("[" + f.Submit + "]\n")
	return trimmed(b.String())
}

func trimmed(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// golden compares what is written of several things, in each language, with
// testdata/desk/<name>.<language>.txt.
func golden(t *testing.T, name string, write func(language string) string) {
	t.Helper()
	for _, lang := range conversation.Languages() {
		file := filepath.Join("testdata", "desk", name+"."+lang+".txt")
		got := write(lang)
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; run with -update and look at what changed:\n%s", file, got)
		}
		if strings.Contains(got, ana.Receipt.Reveal()) {
			t.Errorf("%s: a whole receipt number", file)
		}
	}
}
