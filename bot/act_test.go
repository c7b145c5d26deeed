package bot_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// An affair is a case of which there is everything that staff can do something with.
type affair struct {
	caseID, request, alarm, talk string
	fresh                        string // a receipt number that is not on file
}

// A deed is a row of the matrix: what an act is about, and how to see that it was
// done.
type deed struct {
	decides bool // only who decides may do it
	ref     func(affair) string
	fields  func(affair) map[string]string
	done    func(t *store.Tx, a affair, who string, shown bot.Answer) bool
}

func deeds() map[string]deed {
	request := func(a affair) string { return a.request }
	alarm := func(a affair) string { return a.alarm }
	talk := func(a affair) string { return a.talk }
	is := func(f func(store.RequestRecord, string) bool) func(*store.Tx, affair, string, bot.Answer) bool {
		return func(t *store.Tx, a affair, who string, _ bot.Answer) bool {
			r, _ := t.RequestByName(a.request)
			return f(r, who)
		}
	}
	status := func(want string) func(*store.Tx, affair, string, bot.Answer) bool {
		return is(func(r store.RequestRecord, who string) bool { return r.Status == want && r.DecidedBy == who })
	}
	form := func(want string) func(*store.Tx, affair, string, bot.Answer) bool {
		return func(_ *store.Tx, _ affair, _ string, shown bot.Answer) bool {
			return shown.Form != nil && shown.Form.Name == want
		}
	}
	page := func(filter string) func(*store.Tx, affair, string, bot.Answer) bool {
		return func(t *store.Tx, _ affair, who string, _ bot.Answer) bool {
			for _, c := range t.CardsOf(store.HomeCard) {
				if t.ChatByID(c.ChatID).Address == who+"/home" {
					return (filter == "" || c.Filter == filter) && c.Wanted > 0
				}
			}
			return false
		}
	}
	return map[string]deed{
		"claim":   {ref: request, done: is(func(r store.RequestRecord, who string) bool { return r.Holder == who })},
		"confirm": {decides: true, ref: request, done: status(store.Confirmed)},
		"another": {decides: true, ref: request, done: form("another")},
		"submit:another": {decides: true, ref: request, done: status(store.Confirmed), fields: func(affair) map[string]string {
			return map[string]string{"site": "XCB", "date": "2026-12-16", "time": "10:20"}
		}},
		"refuse": {decides: true, ref: request, done: form("refuse")},
		"submit:refuse": {decides: true, ref: request, done: status(store.Refused), fields: func(affair) map[string]string {
			return map[string]string{"words": "no time was free"}
		}},
		"center": {ref: request, done: func(_ *store.Tx, _ affair, _ string, shown bot.Answer) bool { return len(shown.Say) > 1 }},
		"take": {ref: alarm, done: func(t *store.Tx, a affair, who string, _ bot.Answer) bool {
			x, _ := t.AlarmByID(a.alarm)
			return x.Owner == who
		}},
		"done": {ref: alarm, done: func(t *store.Tx, a affair, who string, _ bot.Answer) bool {
			x, _ := t.AlarmByID(a.alarm)
			return x.AcknowledgedBy == who
		}},
		"talk": {ref: talk, done: func(t *store.Tx, a affair, who string, _ bot.Answer) bool {
			k, _ := t.TalkByID(a.talk)
			return k.Owner == who
		}},
		"handback": {ref: talk, done: func(t *store.Tx, a affair, who string, _ bot.Answer) bool {
			k, _ := t.TalkByID(a.talk)
			return k.ClosedBy == who
		}},
		"register": {ref: func(a affair) string { return a.caseID }, done: form("register")},
		"submit:register": {ref: func(affair) string { return "" }, fields: func(a affair) map[string]string {
			return map[string]string{"receipt": a.fresh, "site": "XCB", "date": "2026-12-17", "time": "09:00"}
		}, done: func(t *store.Tx, a affair, _ string, _ bot.Answer) bool {
			_, ok := t.CaseByReceipt(store.System(), scheduling.MustReceipt(a.fresh))
			return ok
		}},
		"home":   {ref: func(affair) string { return "" }, done: page("")},
		"filter": {ref: func(affair) string { return "mine" }, done: page("mine")},
	}
}

// affair puts a case on file with an open request, alarm and talk.
func (s *stage) affair(n int) (a affair) {
	s.t.Helper()
	site, _ := scheduling.BuiltinSites().Find("XCB")
	a.fresh = fmt.Sprintf("IOE00000007%02d", n)
	err := s.db.Update(context.Background(), func(t *store.Tx) error {
		c := t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: scheduling.MustReceipt(fmt.Sprintf("IOE00000006%02d", n)), Form: "I-485"}})
		day := scheduling.Date{Year: 2026, Month: 12, Day: 11}
		on := t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Receipt: c.Receipt, Site: site, Local: scheduling.Wall{Date: day, Hour: 10}, Status: scheduling.Scheduled}, "", time.Time{})
		chat := t.Chat("fake", fmt.Sprint("client", n))
		t.LinkChat(chat.ID, c.ID, "test")
		to := scheduling.Wall{Date: day.AddDays(4), Hour: 11}
		start, err := site.Instant(to)
		r := t.PutRequest(store.RequestRecord{ChatID: chat.ID, Status: store.Requested, LapsesAt: on.Start.Add(-12 * time.Hour),
			Request: conversation.Request{From: on, To: scheduling.Slot{Site: "XCB", Local: to, Start: start}}})
		alarm, _ := t.Raise(conversation.AlarmScam, c.ID, chat.ID, "")
		talk, _ := t.OpenTalk(chat.ID, c.ID)
		a.caseID, a.request, a.alarm, a.talk = c.ID, r.ID, alarm.ID, talk.ID
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// written counts what the record, the cases and the cards hold.
func (s *stage) written() string {
	s.t.Helper()
	rows, cases, cards := 0, 0, 0
	err := s.db.View(context.Background(), func(t *store.Tx) error {
		t.EachAudit(func(store.AuditRow) { rows++ })
		t.EachAppointment(func(store.AppointmentRecord) { cases++ })
		for _, kind := range []string{store.RequestCard, store.AlarmCard, store.TalkCard, store.HomeCard} {
			for _, c := range t.CardsOf(kind) {
				cards += int(c.Wanted)
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(rows, " rows of the record, ", cases, " appointments, ", cards, " drawings")
}

// TestWhoMayDoWhat is every act × every kind of person. An act without a row here
// fails.
func TestWhoMayDoWhat(t *testing.T) {
	all := deeds()
	if names := slices.Sorted(maps.Keys(all)); !slices.Equal(names, bot.ActNames()) {
		t.Fatalf("the matrix has rows for %v, the bot has %v", names, bot.ActNames())
	}
	s := newStage(t, engines()[0])
	s.withDesk()
	people := []struct {
		who            string
		staff, decides bool
	}{{"Ana", false, false}, {"Eve", false, false}, {"Gil", false, false}, {"Pat", true, false}, {"Lee", true, true}, {"Ada", true, true}}
	s.scene("staff", "Ada admin")
	s.scene("staff", "Gil representative")
	s.acts("Gil", bot.Act{Name: "home"})
	s.speaker("Gil").staff = nil // has left
	n := 0
	for _, name := range bot.ActNames() {
		d := all[name]
		for _, p := range people {
			a := s.affair(n)
			n++
			act := bot.Act{Name: name, Ref: d.ref(a)}
			if d.fields != nil {
				act.Fields = d.fields(a)
			}
			before := s.written()
			shown := s.acts(p.who, act)
			var done bool
			if err := s.db.View(context.Background(), func(tx *store.Tx) error { done = d.done(tx, a, p.who, shown); return nil }); err != nil {
				t.Fatal(err)
			}
			may := p.staff && (p.decides || !d.decides)
			if p.who == "Gil" && (name == "home" || name == "filter") {
				done = false // the page from before is still there; nothing may draw it
			}
			if done != may {
				t.Errorf("%s does %s: done %v, want %v; shown %+v", p.who, name, done, may, shown)
			}
			if may {
				continue
			}
			words := strings.TrimSpace(shown.Say.Plain())
			if strings.HasPrefix(name, "submit:") { // a form that closed would look as if it had been taken
				words += shown.Problems[""]
			}
			if words != strings.TrimSpace(conversation.NotAllowed("en").Plain()) || shown.Form != nil || len(shown.Say) > 0 == (len(shown.Problems) > 0) {
				t.Errorf("%s does %s and is shown %+v", p.who, name, shown)
			}
			if after := s.written(); after != before {
				t.Errorf("%s does %s: there were %s, now %s", p.who, name, before, after)
			}
		}
	}
	for who, want := range map[string]string{"Eve": conversation.NotAllowed("en").Plain(), "Lee": conversation.Gone("en").Plain()} {
		if got := s.acts(who, bot.Act{Name: "no such act", Ref: "R1"}).Say.Plain(); got != want {
			t.Errorf("%s does what there is not and is told %q", who, got)
		}
	}
}

// TestSuggestionsAreForStaff: what could be meant is no secret, and still told to
// nobody else.
func TestSuggestionsAreForStaff(t *testing.T) {
	s := newStage(t, engines()[0])
	s.withDesk()
	for who, want := range map[string]bool{"Ana": false, "Eve": false, "Pat": true, "Lee": true} {
		if got := s.acts(who, bot.Act{Name: "sites", Typed: "chicago"}); (len(got.Options) > 0) != want || len(got.Options) > 0 && got.Options[0].Value != "XCB" {
			t.Errorf("%s is shown %+v", who, got)
		}
	}
}

// TestForgedThread: what a client's platform says was said under a card reaches
// nobody, and what staff say there is for no client but the one of that talk.
func TestForgedThread(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.scene("case", "IOE0000000102 I-485 XCB 2026-12-11 10:20 linked=Ben")
		s.say("Ben", "/person")
		id, _ := s.card("talk")
		s.presses("Pat", id, "talk")
		s.told("Ben")
		for _, who := range []string{"Ana", "Eve"} {
			if got := s.writes(who, id, "I am Pat, call 555"); got.Say != nil || s.told("Ben") != "" {
				t.Errorf("%s speaks to Ben as staff: %q", who, got.Say.Plain())
			}
		}
		s.speaker("Pat").staff = nil
		if s.writes("Pat", id, "one last thing"); s.told("Ben") != "" {
			t.Error("somebody who has left still talks to a client")
		}
	})
}

// TestFormsThatAreNotTaken: a form that is refused stays open and says why. One that
// closes looks as if it had been taken.
func TestFormsThatAreNotTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		form := s.presses("Lee", "R1", "refuse").Form
		fields := map[string]string{"words": "no time was free"}
		for _, test := range []struct{ name, role, act, ref, says string }{
			{"no longer one who decides", "Lee paralegal", "submit:refuse", form.Ref, "Only an attorney"},
			{"no longer of the office", "Lee guest", "submit:refuse", form.Ref, "Only an attorney"},
			{"about nothing that there is", "Lee representative", "submit:refuse", "none", "no longer there"},
			{"a form of another program", "Lee representative", "submit:nothing", "", "no longer there"},
		} {
			if name, isGuest := strings.CutSuffix(test.role, " guest"); isGuest {
				s.speaker(name).staff = nil
			} else {
				s.scene("staff", test.role)
			}
			got := s.acts("Lee", bot.Act{Name: test.act, Ref: test.ref, Fields: fields})
			if len(got.Problems) != 1 || !strings.Contains(got.Problems[""], test.says) || got.Say != nil {
				t.Errorf("%s: %v %q", test.name, got.Problems, got.Say.Plain())
			}
		}
		if _, c := s.card("R1"); len(c.Buttons) < 5 {
			t.Errorf("decided all the same: %s", flat(c))
		}
	})
}

// TestFormThatComesAgain: where the answer to a form was lost, the platform brings it
// again. What was wrong with it is said again; an empty answer would close the form as
// if it had been taken. One that was taken is not refused the second time.
func TestFormThatComesAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.asks("Ana")
		s.told("Ana")
		form := s.presses("Lee", "R1", "refuse").Form
		for i, test := range []struct {
			words string
			wrong bool
		}{{"they asked for 123-45-6789", true}, {"no time was free", false}} {
			for range 3 {
				var answer bot.Answer
				in := bot.Incoming{Platform: "fake", EventID: fmt.Sprint("again-", i), Chat: "Lee", Answer: &answer,
					Act: &bot.Act{Name: "submit:refuse", Ref: form.Ref, Fields: map[string]string{"words": test.words}}}
				if err := s.bot.Take(t.Context(), in); err != nil {
					t.Fatal(err)
				}
				if got := answer.Problems["words"] != ""; got != test.wrong {
					t.Errorf("%q: %v", test.words, answer.Problems)
				}
			}
		}
		s.deliver()
		if heard := s.told("Ana"); strings.Count(heard, "no time was free") != 1 {
			t.Errorf("Ana heard %q", heard)
		}
	})
}
