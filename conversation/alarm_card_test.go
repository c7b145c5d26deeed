package conversation_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"reschedulebot/conversation"
)

// kindsOfAlarm are those that the code of this package and of the bot raises, and
// those that the desk was promised.
func kindsOfAlarm(t *testing.T) []string {
	t.Helper()
	kinds := []string{"poller_conflict"}
	files, err := filepath.Glob("../bot/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source of the bot", err)
	}
	constant := regexp.MustCompile(`(?m)^\s*(?:const )?Alarm\w+\s+= "(\w+)"`)
	for _, file := range append(files, "effect.go") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range constant.FindAllStringSubmatch(string(source), -1) {
			if !slices.Contains(kinds, found[1]) {
				kinds = append(kinds, found[1])
			}
		}
	}
	slices.Sort(kinds)
	return kinds
}

// Every alarm has its own title and says what to do; an unknown one is shown too.
func TestEveryAlarmHasWords(t *testing.T) {
	f := atDesk(t, noon)
	kinds := kindsOfAlarm(t)
	if len(kinds) < 15 {
		t.Fatalf("only %d kinds were found: %v", len(kinds), kinds)
	}
	for _, lang := range conversation.Languages() {
		titles := map[string]string{conversation.AlarmCard(lang, conversation.AlarmOnDesk{Kind: "something new"}, f).Title: "something new"}
		for _, kind := range kinds {
			c := conversation.AlarmCard(lang, conversation.AlarmOnDesk{ID: "a1", Kind: kind, RaisedAt: f.Now(), Times: 1}, f)
			if twin, twice := titles[c.Title]; twice {
				t.Errorf("%s: %s has the title of %s: %s", lang, kind, twin, c.Title)
			}
			titles[c.Title] = kind
			if len(c.Text) == 0 {
				t.Errorf("%s: %s does not say what to do", lang, kind)
			}
			checkCard(t, kind, c, "a1")
		}
	}
}

func TestAlarmCards(t *testing.T) {
	golden(t, "alarms", func(language string) string {
		var b strings.Builder
		show := func(name, now, site, local string, a conversation.AlarmOnDesk) {
			f := atDesk(t, now)
			a.ID, a.RaisedAt = "0123456789abcdef", moment(t, "2026-12-02T15:05:00Z")
			if site != "" {
				at := f.appointment(t, site, local)
				a.Appointment, a.Verdict = &at, f.gate(&at)
			}
			b.WriteString("== " + name + "\n" + drawn(conversation.AlarmCard(language, a, f)) + "\n")
			for _, n := range []conversation.News{{What: conversation.NewsHeld, By: ada}, {What: conversation.NewsDone, By: ada},
				{What: conversation.NewsAgain, Mention: []conversation.Holder{ben}}} {
				if name == "taken by Ada, raised three times" {
					b.WriteString(n.What + "> " + said(conversation.AlarmNews(language, a, n, f)))
				}
			}
		}
		client := ana
		away := ana
		away.Unreachable = true
		nameless := conversation.Client{Receipt: ana.Receipt}
		for _, kind := range kindsOfAlarm(t) {
			show(kind, noon, "", "", conversation.AlarmOnDesk{Kind: kind, Times: 1})
		}
		show("a kind without words", noon, "", "", conversation.AlarmOnDesk{Kind: "new"})
		show("nobody answers before, Guam", "2026-12-07T06:00:00+10:00", "XHG", "2026-12-07 08:00", conversation.AlarmOnDesk{Kind: conversation.AlarmGap, Client: &client, Times: 1})
		show("inside the margin", "2026-12-02T20:00:00-06:00", "XCB", "2026-12-03 10:00", conversation.AlarmOnDesk{Kind: conversation.AlarmMargin, Client: &client, Times: 1})
		show("it has passed", "2026-12-03T10:00:00-06:00", "XCB", "2026-12-03 10:00", conversation.AlarmOnDesk{Kind: conversation.AlarmLate, Client: &nameless, Times: 1})
		show("taken by Ada, raised three times", noon, "XCB", "2026-12-03 10:00", conversation.AlarmOnDesk{Kind: "unreachable", Client: &away, Times: 3, Owner: ada})
		show("done", noon, "", "", conversation.AlarmOnDesk{Kind: conversation.AlarmSecond, Client: &client, Times: 1, Owner: ada, Done: ben})
		return b.String()
	})
}

// An alarm that was acknowledged can't be again.
func TestAlarmButtons(t *testing.T) {
	f := atDesk(t, noon)
	a := conversation.AlarmOnDesk{ID: "a1", Kind: "unsent", Client: &ana, RaisedAt: f.Now()}
	open := conversation.AlarmCard("en", a, f)
	a.Owner = ada
	taken := conversation.AlarmCard("en", a, f)
	a.Done = ada
	done := conversation.AlarmCard("en", a, f)
	for _, x := range []struct {
		name string
		c    conversation.Card
		want []string
	}{{"open", open, []string{"take", "done"}}, {"taken", taken, []string{"take", "done"}}, {"done", done, nil}} {
		if got := acts(x.c); !slices.Equal(got, x.want) {
			t.Errorf("%s: buttons %v", x.name, got)
		}
		checkCard(t, x.name, x.c, "a1")
	}
	if !strings.Contains(drawn(open), "`312-555-0199`") {
		t.Error("who is to be called does not stand on the card")
	}
}
