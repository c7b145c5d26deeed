package bot_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

// fill is what stands in the register form when it is opened, with changes: field,
// value, field, value.
func (s *stage) fill(who string, open bot.Act, changes ...string) bot.Act {
	s.t.Helper()
	form := s.acts(who, open).Form
	if form == nil {
		s.t.Fatalf("%+v opens no form", open)
	}
	a := bot.Act{Name: "submit:" + form.Name, Ref: form.Ref, Fields: map[string]string{}}
	for _, f := range form.Fields {
		a.Fields[f.Name] = f.Value
	}
	for i := 0; i < len(changes); i += 2 {
		if _, has := a.Fields[changes[i]]; !has {
			s.t.Fatalf("the form has no field %s", changes[i])
		}
		a.Fields[changes[i]] = changes[i+1]
	}
	return a
}

// file is what is on file of a case, in a line.
func (s *stage) file(receipt string) (line string) {
	s.t.Helper()
	err := s.db.View(context.Background(), func(t *store.Tx) error {
		c, ok := t.CaseByReceipt(store.System(), scheduling.MustReceipt(receipt))
		if !ok {
			line = "nothing"
			return nil
		}
		a, _ := t.Latest(c.ID)
		line = fmt.Sprintf("%s %s %s count %d, %s %s, %s, %s, %s", c.Form, a.Site.Code, a.Local, a.Count, c.FirstName, c.LastName, c.Phone, c.Language, a.Status)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return line
}

var (
	blank = bot.Act{Name: "register"}
	bo    = []string{"receipt", "IOE0000000301", "site", "XCB", "date", "2026-12-18", "time", "8:20 AM"}
)

// TestRegister registers an appointment and corrects it. The client hears of what
// changes, once.
func TestRegister(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		got := s.acts("Pat", s.fill("Pat", blank, append(bo, "form", "i485", "count", "1", "language", "es", "first", "Bo", "last", "Diaz", "phone", "312-555-0199")...))
		if got.Problems != nil || !strings.Contains(got.Say.Plain(), "IOE******0301") || !strings.Contains(got.Say.Plain(), "Dec 18") {
			t.Errorf("registered: %v %q", got.Problems, got.Say.Plain())
		}
		if got := s.file("IOE0000000301"); got != "I-485 XCB 2026-12-18T08:20 count 1, Bo Diaz, 312-555-0199, es, scheduled" {
			t.Errorf("on file: %s", got)
		}
		if strings.Contains(got.Say.Plain(), "usually closed") {
			t.Errorf("an ordinary Friday: %q", got.Say.Plain())
		}
		got = s.acts("Pat", s.fill("Pat", blank, append(bo, "receipt", "IOE0000000302", "date", "2026-12-25")...))
		if got.Problems != nil || !strings.Contains(got.Say.Plain(), "The office in Chicago, IL is usually closed then") {
			t.Errorf("registered for Christmas: %v %q", got.Problems, got.Say.Plain())
		}
		add := bot.Act{Name: "register", Typed: "ioe 0000000101"}
		if got := s.acts("Pat", s.fill("Pat", add)); got.Problems != nil || s.told("Ana") != "" {
			t.Errorf("submitted as it is: %v", got.Problems)
		}
		got = s.acts("Pat", s.fill("Pat", add, "date", "12/14/2026", "phone", ""))
		if heard := s.told("Ana"); got.Problems != nil || strings.Count(heard, "There is a new appointment") != 1 || !strings.Contains(heard, "Dec 14, 2026") {
			t.Errorf("corrected: %v, Ana heard %q", got.Problems, heard)
		}
		if got := s.onFile(); !strings.Contains(got, "2026-12-14 10:00 count 0") {
			t.Errorf("on file: %s", got)
		}
		if n := s.recorded("registered", "Pat"); n != 3 { // what was submitted as it is changed nothing
			t.Errorf("%d rows of the record", n)
		}
	})
}

// TestRegisterProblems: each stands at its field, and nothing is written.
func TestRegisterProblems(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.scene("case", "IOE0000000102 I-765 XCB 2026-12-12 10:00 count=1 linked=Ben")
		add := bot.Act{Name: "register", Typed: "IOE0000000101"}
		for _, test := range []struct {
			name   string
			open   bot.Act
			fields []string
			at     map[string]string
		}{
			{"nothing", blank, []string{"count", "", "language", ""}, map[string]string{"receipt": "not a receipt number", "site": "no such place", "date": "could not read", "time": "could not read"}},
			{"nonsense", blank, []string{"receipt", "IOE00000003O1", "site", "ZZZ", "date", "2026-02-30", "time", "25:00", "form", "the blue one", "count", "12", "language", "tlh", "phone", "none"},
				map[string]string{"receipt": "Did you mean IOE0000000301?", "site": "no such place", "date": "could not read", "time": "could not read",
					"form": "no form number", "count": "0 to 9", "language": "languages in the list", "phone": "no phone number"}},
			{"a number to be kept from us", blank, append(bo, "first", "123-45-6789", "last", strings.Repeat("x", 300)),
				map[string]string{"first": "Social Security number", "last": "too long"}},
			{"a phone that is none", blank, append(bo, "phone", "123-45-6789"), map[string]string{"phone": "Social Security number"}},
			{"an hour that the clocks skip", blank, append(bo, "date", "2027-03-14", "time", "02:30"), map[string]string{"time": "does not exist"}},
			{"yesterday", blank, append(bo, "date", "2026-11-30"), map[string]string{"date": "already passed"}},
			{"a minute ago", blank, append(bo, "date", "2026-12-01", "time", "08:59"), map[string]string{"date": "already passed"}},
			{"a case on file, as if it were new", blank, []string{"receipt", "IOE0000000102", "site", "XCB", "date", "2026-12-18", "time", "10:00"},
				map[string]string{"receipt": "does not go with what is on file"}},
			{"one case over another", add, []string{"receipt", "IOE0000000102"}, map[string]string{"receipt": "does not go with what is on file"}},
		} {
			before := s.file("IOE0000000101") + s.file("IOE0000000102") + s.file("IOE0000000301")
			got := s.acts("Pat", s.fill("Pat", test.open, test.fields...))
			for field, words := range test.at {
				if !strings.Contains(got.Problems[field], words) {
					t.Errorf("%s: at %s stands %q, want %q", test.name, field, got.Problems[field], words)
				}
			}
			if len(got.Problems) != len(test.at) || len(got.Say) > 0 {
				t.Errorf("%s: %v %q", test.name, got.Problems, got.Say.Plain())
			}
			if after := s.file("IOE0000000101") + s.file("IOE0000000102") + s.file("IOE0000000301"); after != before {
				t.Errorf("%s: written: %s", test.name, after)
			}
			for field, wrong := range got.Problems {
				if strings.Contains(wrong, "6789") {
					t.Errorf("%s: %s repeats what was typed", test.name, field)
				}
			}
		}
		if heard := s.told("Ana") + s.told("Ben"); heard != "" {
			t.Errorf("clients heard %q", heard)
		}
	})
}

// TestRegisterMeanwhile: a form shows what was on file when it was opened. What
// somebody else has done since is not undone by it.
func TestRegisterMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		add := bot.Act{Name: "register", Typed: "IOE0000000101"}
		late := s.fill("Pat", add, "date", "2026-12-21")
		s.acts("Lee", s.fill("Lee", add, "date", "2026-12-15"))
		s.told("Ana")
		if got := s.acts("Pat", late); !strings.Contains(got.Problems["date"], "meanwhile") || s.told("Ana") != "" {
			t.Errorf("%v", got.Problems)
		}
		s.asks("Ana")
		s.told("Ana")
		got := s.acts("Pat", s.fill("Pat", add, "date", "2026-12-22"))
		if !strings.Contains(got.Problems["date"], "request for this case is open") || s.told("Ana") != "" {
			t.Errorf("with an open request: %v", got.Problems)
		}
		if got := s.acts("Pat", s.fill("Pat", add, "phone", "312-555-0177")); got.Problems != nil {
			t.Errorf("a phone number with an open request: %v", got.Problems)
		}
		if got := s.onFile(); !strings.Contains(got, "2026-12-15 10:00") {
			t.Errorf("on file: %s", got)
		}
		s.scene("forward", "15d") // Dec 16
		if got := s.acts("Pat", s.fill("Pat", add, "phone", "312-555-0188")); got.Problems != nil {
			t.Errorf("a phone number after the appointment: %v", got.Problems)
		}

		first, again := s.fill("Pat", blank, bo...), s.fill("Lee", blank, append(bo, "date", "2026-12-21")...)
		same := maps.Clone(first.Fields)
		s.acts("Pat", first)
		if got := s.acts("Lee", again); got.Problems["receipt"] == "" {
			t.Errorf("two register the same number: %v", got)
		}
		if got := s.acts("Pat", bot.Act{Name: first.Name, Fields: same}); got.Problems != nil {
			t.Errorf("the same once more: %v", got.Problems)
		}
		if got := s.file("IOE0000000301"); !strings.Contains(got, "2026-12-18") {
			t.Errorf("on file: %s", got)
		}
	})
}

// TestCorrectedTwice: two people have the form of a case open. What the first has
// corrected is not undone without a word by the second, who has the old name and number
// in front of them. A number that is taken out is gone, and a long one is not cut.
func TestCorrectedTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		long := "312-555-0177 (her sister, who has no phone of her own, after six)"
		s.acts("Pat", s.fill("Pat", bot.Act{Name: "register"}, append(bo, "first", "Bo", "last", "Diaz", "phone", long)...))
		add := bot.Act{Name: "register", Typed: "IOE0000000301"}
		s.scene("forward", "1m")
		first, second, third := s.fill("Pat", add, "phone", "312-555-0188"), s.fill("Lee", add, "date", "2026-12-21"), s.fill("Lee", add)
		if !strings.Contains(fmt.Sprint(second.Fields), long) {
			t.Errorf("the form cuts what is on file: %v", second.Fields)
		}
		s.acts("Pat", first)
		s.scene("forward", "1m")
		for _, late := range []bot.Act{second, third} {
			if got := s.acts("Lee", late); !strings.Contains(got.Problems["receipt"], "meanwhile") {
				t.Errorf("with the old number: %v %q", got.Problems, got.Say.Plain())
			}
		}
		if got := s.file("IOE0000000301"); !strings.Contains(got, "Bo Diaz, 312-555-0188") || !strings.Contains(got, "2026-12-18") {
			t.Errorf("on file: %s", got)
		}
		third.Fields["phone"] = "312-555-0188"
		if got := s.acts("Lee", third); got.Problems != nil {
			t.Errorf("what says the same: %v", got.Problems)
		}
		if got := s.acts("Lee", s.fill("Lee", add, "phone", "", "last", "")); got.Problems != nil {
			t.Errorf("taken out: %v", got.Problems)
		}
		if got := s.file("IOE0000000301"); !strings.Contains(got, "Bo , , ") {
			t.Errorf("on file: %s", got)
		}
	})
}

// TestDecidedTimes: what was given can't lie in the past or be what is on file, and
// no number that must be kept from the client's chat gets there.
func TestDecidedTimes(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		s.told("Ana")
		_, c := s.card("R1")
		another, refuse := s.button(c, "another"), s.button(c, "refuse")
		for _, test := range []struct {
			act     bot.Act
			at      string
			problem string
		}{
			{bot.Act{Name: "submit:another", Ref: another.Ref, Fields: map[string]string{"site": "XCB", "date": "2025-12-15", "time": "10:20"}}, "date", "already passed"},
			{bot.Act{Name: "submit:another", Ref: another.Ref, Fields: map[string]string{"site": "XCB", "date": "2026-12-11", "time": "10:00"}}, "date", "on file already"},
			{bot.Act{Name: "submit:refuse", Ref: refuse.Ref, Fields: map[string]string{"words": "they asked for 123-45-6789"}}, "words", "Social Security number"},
		} {
			if got := s.acts("Lee", test.act); !strings.Contains(got.Problems[test.at], test.problem) || s.told("Ana") != "" {
				t.Errorf("%+v: %v %q", test.act, got.Problems, got.Say.Plain())
			}
		}
		if _, c := s.card("R1"); len(c.Buttons) < 5 {
			t.Errorf("the request is no longer open: %s", flat(c))
		}
	})
}

// TestUndecidableIsSaidInOnesLanguage: why a press can't be carried out is a sentence
// of the catalogues, in the language of whoever pressed.
func TestUndecidableIsSaidInOnesLanguage(t *testing.T) {
	for _, test := range []struct{ language, passed, over string }{
		{"en", "The wanted time has passed", "has no appointment in force any more"},
		{"es", "La hora pedida ya pasó", "ya no tiene ninguna cita vigente"},
	} {
		s := newStage(t, engines()[0])
		s.withDesk()
		s.say("Lee", "/language "+test.language)
		for _, words := range []string{"/reschedule", "1", "1", "Dec 8, 10:00 AM", "yes"} {
			s.say("Ana", words)
		}
		s.clockTo(s.now.Add(8 * 24 * time.Hour)) // Dec 9, before the cut-off for Dec 11
		s.work()
		if got := s.presses("Lee", "R1", "confirm").Say.Plain(); !strings.Contains(got, test.passed) {
			t.Errorf("%s: confirmed after the wanted time: %q", test.language, got)
		}
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 status=missed")
		if got := s.presses("Lee", "R1", "confirm").Say.Plain(); !strings.Contains(got, test.over) {
			t.Errorf("%s: confirmed without an appointment: %q", test.language, got)
		}
		_, c := s.card("R1")
		refuse := bot.Act{Name: "submit:refuse", Ref: s.button(c, "refuse").Ref, Fields: map[string]string{"words": "x"}}
		if got := s.acts("Lee", refuse).Problems[""]; !strings.Contains(got, test.over) {
			t.Errorf("%s: refused without an appointment: %q", test.language, got)
		}
	}
}

// TestEveryFieldAtOnce: whoever fills in a form is told all that is wrong with it, not
// one thing after the other.
func TestEveryFieldAtOnce(t *testing.T) {
	s := newStage(t, engines()[0])
	s.withDesk()
	fields := map[string]string{"receipt": "IOE000000030", "site": "XCB", "date": "2027-03-14", "time": "02:30", "form": "blue", "phone": "12", "first": "123-45-6789"}
	got := s.acts("Pat", bot.Act{Name: "submit:register", Fields: fields}).Problems
	for field, words := range map[string]string{"receipt": "9 digits", "time": "does not exist there", "form": "no form number", "phone": "no phone number", "first": "Social Security"} {
		if !strings.Contains(got[field], words) {
			t.Errorf("at %s stands %q, want %q", field, got[field], words)
		}
	}
	fields["date"], fields["time"] = "2026-11-02", "10:00"
	got = s.acts("Pat", bot.Act{Name: "submit:register", Fields: fields}).Problems
	if len(got) != 5 || !strings.Contains(got["date"], "already passed") {
		t.Errorf("a time in the past, and more: %v", got)
	}
}
