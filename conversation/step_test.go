package conversation_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

// A walk is a long dialogue of somebody who does anything at all. Every Step of
// it, like every Step of the dialogues, keeps what always holds.

func TestRandomWalks(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		actions := make([]byte, 60)
		for i := range actions {
			actions[i] = byte(r.UintN(256))
		}
		if err := walk(actions, "Dec 15, 10:20"); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func FuzzStep(f *testing.F) {
	f.Add([]byte("move it from here to there"), "Dec 15, 10:20 AM")
	f.Add([]byte{0, 0, 0, 0, 0, 0, 8, 16, 24, 32}, "IOE0000000101")
	f.Add([]byte{1, 9, 17, 25, 33, 41, 2, 3, 4, 5, 6, 7}, "\u202e123-45-6789")
	f.Fuzz(func(t *testing.T, actions []byte, text string) {
		if err := walk(actions[:min(len(actions), 100)], strings.ToValidUTF8(text, "")); err != nil {
			t.Fatal(err)
		}
	})
}

// walk plays one random dialogue on a book with everything in it.
func walk(actions []byte, text string) error {
	s := newStage()
	lines := []string{
		"now: 2026-12-01 09:00 America/Chicago", "staff: Lee representative", "staff: Kim paralegal",
		"case: IOE0000000101 I-485 XCB 2026-12-11 10:00 linked=Ana,Ben",
		"case: IOE0000000102 I-765 XCB 2026-12-11 10:00 count=1",
		"case: IOE0000000103 I-131 XCB 2026-12-11 10:00 count=2",
		"case: IOE0000000106 I-600 XHG 2026-12-14 08:00",
		"case: IOE0000000109 I-90 XHG 2026-12-07 08:00 linked=Ben",
		"case: IOE0000000111 I-90 XNK 2026-12-02 08:00 status=uscis_moved",
		"case: IOE0000000112 I-90 none g28=no",
		"case: IOE0000000113 I-90 XCB 2026-12-02 08:00 linked=no",
	}
	if len(actions) > 0 && actions[0]%2 == 1 {
		lines = append(lines, "booking: desk")
	}
	for _, line := range lines {
		key, value, _ := strings.Cut(line, ":")
		if _, err := s.Scene(key, strings.TrimSpace(value)); err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	for i, a := range actions {
		who := []string{"Ana", "Ana", "Ana", "Ben", "Max", "Lee", "Kim", "Ana"}[a%8]
		if err := s.stumble(s.chat(who), int(a/8), i, text); err != nil {
			return fmt.Errorf("action %d (%s, %d): %w", i, who, a/8, err)
		}
	}
	return nil
}

var vocabulary = []string{"yes", "no", "more", "1", "2", "5", "other", "sí", "same", "/back", "/cancel", "/start", "/reschedule",
	"/language", "español", "english", "/person", "tomorrow at 9", "3/12", "Texas", "requests", "confirm R1", "refuse R1 no time was free",
	"find ana", "find 01", "/week", "today", "invite IOE0000000101", "links IOE0000000101", "import", "add", "<file a.csv 10 >"}

// stumble does one thing: n says what, i makes it differ from the last time.
func (s *stage) stumble(c *chat, n, i int, text string) error {
	var err error
	switch n {
	case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11: // mostly: press a button of the newest keyboard
		if last := c.lastKeyboard(); last != nil {
			choice := last.Choices[(n+i)%len(last.Choices)]
			_, err = s.step(c, conversation.Event{Kind: conversation.Pressed, Rev: last.Rev, Value: choice.Value}, false)
		}
	case 12: // an old or invented button
		_, err = s.step(c, conversation.Event{Kind: conversation.Pressed, Rev: i % 7, Value: []string{"yes", "t0", "r0", "nonsense", text}[i%5]}, false)
	case 13, 14, 15, 16, 17, 18, 19:
		_, err = s.Say(c.name, vocabulary[(n*7+i)%len(vocabulary)])
	case 20, 21:
		_, err = s.step(c, conversation.Event{Kind: conversation.Said, Text: text}, false)
	case 22:
		_, err = s.Say(c.name, "<photo>")
	case 23:
		_, err = s.Say(c.name, "<edit "+text+">")
	case 24:
		_, err = s.Say(c.name, "<group "+text+">")
	case 25:
		_, err = s.Scene("forward", []string{"5m", "7h", "25h", "11h"}[i%4])
	case 26: // an outage, too much at once, or an import
		imports := []string{"101 I-485 XCB 2026-12-11 10:00 status=uscis_moved", "101 I-485 XCB 2026-12-11 10:00 status=cancelled",
			"102 I-765 XCB 2026-12-11 10:00 status=completed", "101 I-485 XCB 2026-12-11 10:00", "102 I-765 XCB 2026-12-16 10:00"}
		switch i % 4 {
		case 0:
			_, err = s.Scene("asleep", "3m")
		case 2:
			if _, err = s.Scene("asleep", "3m"); err == nil {
				_, err = s.Say(c.name, "<flood "+text+">")
			}
		default:
			_, err = s.Scene("case", "IOE0000000"+imports[i/2%len(imports)])
		}
	case 27:
		_, err = s.Say(c.name, "<link IOE0000000"+[]string{"101", "102", "113"}[i%3]+">")
	case 28: // others fill up what is nearest
		site, _ := s.sites.Find("XCB")
		for _, slot := range s.facts(c).Openings(site, scheduling.Query{Limit: 1 + i%40}) {
			if err = s.fill(transcript.Full{Site: "XCB", Wall: slot.Local}); err != nil {
				break
			}
		}
	case 29:
		_, err = s.step(c, conversation.Event{Kind: conversation.Said, Text: "IOE0000000101"}, false)
	case 30:
		_, err = s.step(c, conversation.Event{Kind: conversation.Started, Text: text}, false)
	case 31: // another program wrote the state
		var state map[string]any
		if json.Unmarshal(c.state, &state) == nil && state != nil {
			state["flow"], state["future"] = 1+i%2, "field"
			if i%3 == 0 {
				state["step"] = "ask_tomorrow"
			}
			c.state, err = json.Marshal(state)
		}
	}
	return err
}

func (c *chat) lastKeyboard() *conversation.Reply {
	for i := len(c.shown) - 1; i >= 0; i-- {
		if len(c.shown[i].Choices) > 0 {
			return &c.shown[i]
		}
	}
	return nil
}

// What stands on a button's value, and how many buttons there may be: five
// choices, and two that lead on.
var choiceValue = regexp.MustCompile(`^[A-Za-z0-9_-]{1,24}$`)

const mostButtons = 7

// always checks what holds of every Step.
func always(before conversation.State, e conversation.Event, f facts, after conversation.State, effects []conversation.Effect) error {
	says, changes, ticks := 0, 0, 0
	for _, effect := range effects {
		switch effect := effect.(type) {
		case conversation.Invite: // is answered where it is carried out
			says++
		case conversation.Say:
			says++
			if err := errors.Join(soundReply(effect.Reply, e, f), trueReply(effect.Reply, f)); err != nil {
				return err
			}
		case conversation.Move, conversation.FileRequest:
			changes++
			if !agreed(before, e) {
				return fmt.Errorf("%T without a yes: %q at %q", effect, e.Text+e.Value, before.Step)
			}
		case conversation.Withdraw, conversation.Decide:
			changes++
		case conversation.Tick:
			ticks++
			if effect.Answer == "" {
				return fmt.Errorf("used buttons that show no answer: %+v at %q", e, before.Step)
			}
		}
	}
	answered := changes > 0 || after.Draft.Reason != before.Draft.Reason && after.Draft.Reason != ""
	quiet := e.Kind == conversation.Asleep || e.Kind == conversation.Edited
	switch {
	case e.Kind == conversation.Pressed && answered && ticks != 1: // the buttons would stay, and be pressed again
		return fmt.Errorf("%q was pressed at %q, and %d keyboards are tidied away", e.Value, before.Step, ticks)
	case changes > 1:
		return fmt.Errorf("%d changes in one Step", changes)
	case says == 0 && !quiet:
		return fmt.Errorf("no answer to %+v at %q", e, before.Step)
	case after.Rev < before.Rev:
		return fmt.Errorf("revision went from %d back to %d", before.Rev, after.Rev)
	}
	return roundTrip(after)
}

func soundReply(r conversation.Reply, e conversation.Event, f facts) error {
	if len(r.Choices) > mostButtons {
		return fmt.Errorf("%d buttons: %v", len(r.Choices), r.Choices)
	}
	seen := map[string]bool{}
	for _, c := range r.Choices {
		if !choiceValue.MatchString(c.Value) || c.Label == "" || utf8.RuneCountInString(c.Label) > 40 || seen[c.Value] {
			return fmt.Errorf("button %q with value %q", c.Label, c.Value)
		}
		seen[c.Value] = true
	}
	text := r.Text.Plain()
	switch {
	case strings.TrimSpace(text) == "":
		return fmt.Errorf("an empty message for %+v", e)
	case utf8.RuneCountInString(text) > 3500:
		return fmt.Errorf("a message of %d characters", utf8.RuneCountInString(text))
	case (len(r.Choices) > 0) != (r.Rev > 0):
		return fmt.Errorf("revision %d with %d buttons", r.Rev, len(r.Choices))
	case e.Kind == conversation.Group && (r.Private || strings.Contains(text, "IOE")):
		return fmt.Errorf("case details in a group: %s", text)
	case len(f.who.links) > 0 && e.Kind != conversation.Group && !r.Private && !strings.Contains(text, "can't be used") && !strings.Contains(text, "no se puede usar") && !notMine(e):
		return fmt.Errorf("not marked private: %s", text)
	}
	return nil
}

// notMine is the answer that ends a link: it names no case.
func notMine(e conversation.Event) bool {
	return e.Value == "no" || e.Text == "no" || e.Text == "2"
}

// agreed tells whether the person said yes to what was read back.
func agreed(s conversation.State, e conversation.Event) bool {
	if s.Step != conversation.Confirm && s.Step != conversation.AskSibling {
		return false
	}
	if e.Kind == conversation.Pressed {
		return e.Value == "yes" && e.Rev == s.Rev
	}
	switch strings.ToLower(strings.Trim(e.Text, " .!")) {
	case "1", "yes", "sí", "yes, move it", "y", "ok", "si", "yes please", "si por favor", "sí, por favor":
		return e.Kind == conversation.Said
	}
	return false
}

func roundTrip(s conversation.State) error {
	first, err := json.Marshal(s)
	if err != nil {
		return err
	}
	var again conversation.State
	if err := json.Unmarshal(first, &again); err != nil {
		return err
	}
	second, err := json.Marshal(again)
	if err != nil {
		return err
	}
	if !bytes.Equal(first, second) {
		return fmt.Errorf("the state changes through JSON:\n%s\n%s", first, second)
	}
	return nil
}

// A command is understood both ways: as the platform's own start, and typed.
func TestStartTypedAndOpened(t *testing.T) {
	for _, e := range []conversation.Event{
		{Kind: conversation.Started}, {Kind: conversation.Said, Text: "/start"}, {Kind: conversation.Said, Text: " /START@somebot "},
	} {
		s := newStage()
		s.now = time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
		if _, err := s.Scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00"); err != nil {
			t.Fatal(err)
		}
		out, err := s.step(s.chat("Ana"), e, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(out, "\n"); !strings.Contains(got, "What would you like to do?") || !strings.Contains(got, "not USCIS") {
			t.Errorf("%+v: %s", e, got)
		}
	}
}

// The numbers in the words are those of the rules.
func TestWordsFollowTheRules(t *testing.T) {
	s := newStage()
	s.rules.MaxChanges, s.rules.Window = 3, 24*time.Hour
	s.now = time.Date(2026, 12, 10, 18, 0, 0, 0, time.UTC)
	for _, line := range []string{"IOE0000000101 I-485 XCB 2026-12-11 10:00", "IOE0000000103 I-485 XCB 2026-12-18 10:00 count=3"} {
		if _, err := s.Scene("case", line); err != nil {
			t.Fatal(err)
		}
	}
	for words, want := range map[string]string{
		"IOE0000000101": "online changes end 24 hours before",
		"IOE0000000103": "Online, 3 changes are allowed",
	} {
		out, err := s.Say("Ana", words)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(out, "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: %q is not in\n%s", words, want, got)
		}
	}
}

// Whatever changed on file since it was shown, also without a new appointment,
// the person sees it before anything is moved (R18).
func TestAnotherVersionIsShown(t *testing.T) {
	s := newStage()
	for _, line := range [][2]string{{"now", "2026-12-01 09:00 America/Chicago"}, {"case", "IOE0000000101 I-485 XCB 2026-12-11 10:00"}} {
		if _, err := s.Scene(line[0], line[1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, words := range []string{"/reschedule", "1", "1", "1"} {
		if _, err := s.Say("Ana", words); err != nil {
			t.Fatal(err)
		}
	}
	s.files[0].Appointment.Count++
	s.files[0].Appointment.Version++
	out, err := s.Say("Ana", "yes")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(out, "\n")
	for _, want := range []string{"changed a moment ago", "1 more time"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "* moves") {
		t.Errorf("it was moved:\n%s", got)
	}
}

// Once somebody else has changed the appointment, the reason is asked anew, and nothing
// that was answered before it is left to go back to: whoever did would confirm without
// one and be asked everything again.
func TestBackAfterAChange(t *testing.T) {
	for _, test := range []struct{ cases, want string }{
		{"one", "no earlier question"},
		{"two", "Which appointment"},
	} {
		s := newStage()
		lines := [][2]string{{"now", "2026-12-01 09:00 America/Chicago"}, {"case", "IOE0000000101 I-485 XCB 2026-12-11 10:00"}}
		said := []string{"/reschedule", "1", "1", "1"}
		if test.cases == "two" {
			lines = append(lines, [2]string{"case", "IOE0000000102 I-765 XCB 2026-12-14 10:00"})
			said = append([]string{"/reschedule"}, "1", "1", "1", "1")
		}
		for _, line := range lines {
			if _, err := s.Scene(line[0], line[1]); err != nil {
				t.Fatal(err)
			}
		}
		for _, words := range said {
			if _, err := s.Say("Ana", words); err != nil {
				t.Fatal(err)
			}
		}
		s.files[0].Appointment.Version++
		changed, err := s.Say("Ana", "yes")
		if err != nil || !strings.Contains(strings.Join(changed, "\n"), "changed a moment ago") {
			t.Fatalf("%s: %v, %v", test.cases, changed, err)
		}
		back, err := s.Say("Ana", "/back")
		if got := strings.Join(back, "\n"); err != nil || !strings.Contains(got, test.want) {
			t.Errorf("%s: /back shows %s, %v; want %q", test.cases, got, err, test.want)
		}
	}
}

// A reminder that comes late, inside the desk's margin, doesn't send anybody into
// a dialogue that would refuse.
func TestReminderInsideTheMargin(t *testing.T) {
	s := newStage()
	for _, line := range [][2]string{{"now", "2026-12-10 19:00 America/Chicago"}, {"booking", "desk"}, {"case", "IOE0000000101 I-485 XCB 2026-12-11 10:00"}} {
		if _, err := s.Scene(line[0], line[1]); err != nil {
			t.Fatal(err)
		}
	}
	f := s.files[0]
	r := conversation.Reminder("en", conversation.Reminding{Appointment: *f.Appointment, Verdict: s.gate(f), Case: f.Case}, s.facts(s.chat("Ana")))
	if got := r.Text.Plain(); strings.Contains(got, "another date here") || !strings.Contains(got, "through this chat. Call Lee & Park LLP now") {
		t.Error(got)
	}
}

// A role counts when something is written, not when it was asked about: whoever may
// only prepare by then moves nothing.
func TestRoleAtTheLastQuestion(t *testing.T) {
	s := newStage()
	for _, line := range []string{"now: 2026-12-01 09:00 America/Chicago", "staff: Lee representative", "case: IOE0000000101 I-485 XCB 2026-12-11 10:00"} {
		key, value, _ := strings.Cut(line, ": ")
		if _, err := s.Scene(key, value); err != nil {
			t.Fatal(err)
		}
	}
	say := func(words string) string {
		t.Helper()
		out, err := s.Say("Lee", words)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(out, "\n")
	}
	for _, words := range []string{"IOE0000000101", "1", "1"} {
		say(words)
	}
	if asked := say("1"); !strings.Contains(asked, "Please check") {
		t.Fatalf("asked: %s", asked)
	}
	if _, err := s.Scene("staff", "Lee paralegal"); err != nil {
		t.Fatal(err)
	}
	if told := say("yes"); !strings.Contains(told, "may prepare a change, but not make it") || strings.Contains(told, "* moves") {
		t.Errorf("told: %s", told)
	}
}

// A refusal that comes after the appointment began, before any scan has looked, sends
// nobody to call in time: it is late (R5).
func TestToldWhenItIsLate(t *testing.T) {
	s := newStage()
	for _, line := range [][2]string{{"now", "2026-12-01 09:00 America/Chicago"}, {"booking", "desk"}, {"case", "IOE0000000101 I-485 XCB 2026-12-11 10:00"}} {
		if _, err := s.Scene(line[0], line[1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, words := range []string{"/reschedule", "1", "1", "1", "yes"} {
		if _, err := s.Say("Ana", words); err != nil {
			t.Fatal(err)
		}
	}
	f := s.files[0]
	asked := *f.Request
	s.now = f.Appointment.Start
	for _, lang := range conversation.Languages() {
		d := conversation.Decision{RequestID: asked.ID, Outcome: conversation.Refused, By: "Lee Park", Words: "no time was free"}
		got := conversation.Told(lang, asked, d, *f.Appointment, s.gate(f), s.facts(s.chat("Ana"))).Text.Plain()
		want := map[string]string{"en": "as soon as", "es": "lo antes posible"}[lang]
		if !strings.Contains(got, want) || !strings.Contains(got, "800-375-5283") {
			t.Errorf("%s: %s", lang, got)
		}
	}
}
