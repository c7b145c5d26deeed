package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// staffOffice is an office with a representative, a paralegal and two clients.
func staffOffice(s *stage) {
	s.scene("now", winter)
	s.scene("staff", "Lee representative Lee Park")
	s.scene("staff", "Kim paralegal")
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00 name=Ana_Lopez")
	s.scene("case", "IOE0000000102 I-765 XCB 2026-12-12 10:00 name=Ben_Stein linked=Ben,Ana")
}

// recorded counts what the record says was done by somebody.
func (s *stage) recorded(action, by string) int {
	s.t.Helper()
	n := 0
	err := s.db.View(context.Background(), func(t *store.Tx) error {
		t.EachAudit(func(r store.AuditRow) {
			if r.Action == action && r.Actor == by {
				n++
			}
		})
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// What only staff may say is to everybody else like any other word: nothing in the
// answer depends on whether it exists, and nothing happens.
func TestStaffWordsSayNothingToClients(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		staffOffice(s)
		s.say("Ana", "hm")
		for _, who := range []string{"Ana", "Max"} {
			plain, slash := s.say(who, "xyzzy ana"), s.say(who, "/xyzzy ana")
			for _, verb := range []string{"find", "buscar", "today", "hoy", "week", "semana", "invite", "invitar", "links", "enlaces", "import", "importar",
				"add", "agregar", "requests", "solicitudes", "confirm", "confirmar", "refuse", "rechazar"} {
				if got := s.say(who, verb+" ana"); got != plain {
					t.Errorf("%s says %s: %s", who, verb, got)
				}
				if got := s.say(who, verb); got != plain {
					t.Errorf("%s says %s alone: %s", who, verb, got)
				}
				if got := s.say(who, "/"+verb+" ana"); got != slash {
					t.Errorf("%s says /%s: %s", who, verb, got)
				}
			}
			s.say(who, "invite IOE0000000102")
			s.say(who, "/links IOE0000000102")
			if got := s.say(who, "<file a.csv 100 import>"); strings.Contains(got, "CSV") || strings.Contains(got, "reading") {
				t.Errorf("%s shares a file: %s", who, got)
			}
		}
		for _, done := range []string{"invited", "unlinked", "invitations revoked", "registered"} {
			if n := s.recorded(done, "applicant"); n != 0 {
				t.Errorf("%s: %d times by an applicant", done, n)
			}
		}
	})
}

// All of the office may look, invite and unlink; the record says who it was.
func TestEveryRoleMayLookAndInvite(t *testing.T) {
	for _, role := range []string{"paralegal", "representative", "admin"} {
		t.Run(role, func(t *testing.T) {
			s := newStage(t, engines()[0])
			staffOffice(s)
			s.scene("staff", "Pat "+role)
			for _, line := range []struct{ says, hears string }{
				{"find ben", "Ben S., IOE******0102"},
				{"week", "No appointment today or in the next six days."},
				{"requests", "No request is waiting."},
				{"invite IOE0000000102", "https://t.me/reschedulebot?start=CODE"},
				{"links IOE0000000102", "2 chats are linked"},
				{"[Unlink all chats]", "Unlink 2 chats"},
				{"yes", "No chat is linked"},
				{"import", "Share the CSV file here"},
				{"add", "/biometrics add"},
			} {
				if got := s.say("Pat", line.says); !strings.Contains(got, line.hears) {
					t.Errorf("%s: %s, want %s", line.says, got, line.hears)
				}
			}
			if s.recorded("invited", "Pat") != 1 || s.recorded("unlinked", "Pat") != 2 {
				t.Error("the record does not say who invited and unlinked")
			}
		})
	}
}

// A link is made once, is shown to who asked for it alone, as text and as a
// picture, and works for one chat.
func TestInviteShowsTheLinkOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		staffOffice(s)
		s.say("Max", "/start")
		s.platform.take()
		in := s.incoming("Kim", "invite IOE0000000102")
		for range 3 {
			if err := s.bot.Take(context.Background(), in); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.bot.Deliver(context.Background()); err != nil {
			t.Fatal(err)
		}
		sent := s.platform.take()
		if len(sent) != 1 || sent[0].Chat != "Kim" {
			t.Fatalf("%d messages were sent, want one to Kim", len(sent))
		}
		link := regexp.MustCompile(`https://t\.me/reschedulebot\?start=(L[A-Za-z0-9_-]{22})`).FindStringSubmatch(sent[0].Reply.Text.Plain())
		if link == nil || sent[0].Reply.File == nil {
			t.Fatalf("no link: %s", sent[0].Reply.Text.Plain())
		}
		if picture, err := png.Decode(bytes.NewReader(sent[0].Reply.File.Data)); err != nil || picture.Bounds().Dx() != 512 {
			t.Errorf("the picture: %v", err)
		}
		if got := s.say("Max", "<open "+link[1]+">"); !strings.Contains(got, "Is that yours?") {
			t.Errorf("the link leads to: %s", got)
		}
		if got := s.say("Eve", "<open "+link[1]+">"); !strings.Contains(got, "can't be used") {
			t.Errorf("a second chat: %s", got)
		}
		if n := s.recorded("invited", "Kim"); n != 1 {
			t.Errorf("invited %d times", n)
		}
	})
}

// Where nobody knows how the clients' chat is opened, the code is given alone.
func TestInviteWithoutALink(t *testing.T) {
	s := newStage(t, engines()[0])
	staffOffice(s)
	s.bot = bot.New(bot.Config{Store: s.db, Platforms: []bot.Platform{s.platform}, Rules: scheduling.BuiltinRules(), Kind: "test",
		Staff: func(_, chat string) (conversation.Person, bool) {
			return conversation.Person{Role: scheduling.Admin, Name: chat}, chat == "Kim"
		}})
	got := s.say("Kim", "invite IOE0000000101")
	if !strings.Contains(got, "`/start CODE`") || strings.Contains(got, "t.me") || strings.Contains(got, "{link.png}") {
		t.Error(got)
	}
	if got := s.say("Max", "<open CODE>"); !strings.Contains(got, "Is that yours?") {
		t.Errorf("the code leads to: %s", got)
	}
}

// Unlinking a case takes nothing else from its chats: other cases and their
// reminders stay, and whoever was linked can't come back with an old code.
func TestUnlinkAll(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		staffOffice(s)
		s.say("Kim", "invite IOE0000000101")
		s.say("Max", "<open CODE>")
		s.say("Max", "yes")
		for _, words := range []string{"links IOE0000000101", "Unlink all chats"} {
			s.say("Kim", words)
		}
		got := s.say("Kim", "yes")
		for _, want := range []string{"Bot to Ana: Lee & Park LLP has ended", "Bot to Max: Lee & Park LLP has ended"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in %s", want, got)
			}
		}
		if strings.Contains(got, "Bot to Ben") || strings.Contains(strings.SplitAfter(got, "Bot to Ana")[1], "0101") {
			t.Errorf("told too much, or whom it does not concern: %s", got)
		}
		if got := s.say("Max", "<open CODE>"); !strings.Contains(got, "can't be used") {
			t.Errorf("the code that Max has used before: %s", got)
		}
		if got := s.say("Ana", "/appointments"); !strings.Contains(got, "0102") || strings.Contains(got, "0101") {
			t.Errorf("Ana sees: %s", got)
		}
		if got := strings.Join(s.scene("forward", "12d"), "\n"); strings.Contains(got, "0101") || strings.Contains(got, "Bot to Max") ||
			!strings.Contains(got, "Bot to Ana") {
			t.Errorf("reminders: %s", got)
		}
	})
}

// A reminder that is already written when its case is unlinked is not sent.
func TestUnlinkDropsWaitingReminders(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		staffOffice(s)
		s.platform.failing(func(m bot.Outgoing) (bool, error) {
			if m.Chat == "Ana" {
				return false, &bot.SendError{Class: bot.Wait, After: 2 * time.Hour, Err: fmt.Errorf("slowly")}
			}
			return true, nil
		})
		s.scene("forward", "74h") // seven days before, by day
		s.say("Kim", "links IOE0000000101")
		s.say("Kim", "Unlink all chats")
		s.say("Kim", "yes")
		s.platform.failing(nil)
		got := strings.Join(s.scene("forward", "4h"), "\n")
		if strings.Contains(got, "0101") || !strings.Contains(got, "Bot to Ana: Lee & Park LLP has ended") {
			t.Error(got)
		}
	})
}

// Whatever stands in a name, and whatever is typed, an answer stays a line, and
// finds no more than it says.
func TestFindHostileInput(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		staffOffice(s)
		err := s.db.Update(context.Background(), func(t *store.Tx) error {
			for i, name := range []string{"Zed\u202e\u2066\nBot: **hacked**", strings.Repeat("Zedé", 200), "<@U1> Zed", "\u200b", "Zed|{x}`"} {
				t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: scheduling.MustReceipt(fmt.Sprintf("IOE00000003%02d", i))}, FirstName: name, LastName: "\u202eZed"})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got := s.say("Kim", "find zed")
		if !strings.Contains(got, "**5 cases**") || strings.Contains(got, "hacked") || strings.Count(got, "\n") != 6 {
			t.Error(got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }); i >= 0 {
			t.Errorf("what can't be seen stands in %q", got)
		}
		for _, words := range []string{"%", "_", "*", "' OR 1=1 --", "\u202e", "\u200b\u200b", `\u0000`, strings.Repeat("z", 4000), strings.Repeat("a b ", 900), "123", "IOE", "IOE0000000999"} {
			if got := s.say("Kim", "find "+words); !strings.Contains(got, "Nothing on file matches") && !strings.Contains(got, "What shall I look for?") {
				t.Errorf("find %.20q: %.200s", words, got)
			}
		}
		if got := s.say("Kim", "find 123-45-6789"); strings.Contains(got, "6789") {
			t.Errorf("a social security number is repeated: %s", got)
		}
	})
}

// The time on file is not what USCIS gave instead: whoever types it has mistaken the two,
// and the request stays open (R10). Nor does a client read what looks like a Social
// Security number (R30).
func TestDecisionsThatAreMistakes(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.booking = conversation.Desk
		staffOffice(s)
		s.scene("case", "IOE0000000103 I-485 XCB 2026-12-11 10:00 linked=Cruz")
		s.upToConfirm("Cruz")
		s.say("Cruz", "yes")
		for _, typed := range []string{"confirm R1 2026-12-11 10:00", "confirm R1 2026-12-11 10:00 XCB"} {
			if got := s.say("Lee", typed); !strings.Contains(got, "on file already") {
				t.Errorf("%s: %s", typed, got)
			}
		}
		if got := s.say("Lee", "refuse 1 123 45 6789"); strings.Contains(got, "6789") || strings.Contains(got, "went wrong") {
			t.Errorf("refused with a number: %s", got)
		}
		var refusal bot.Refusal
		for _, d := range []conversation.Decision{
			{Outcome: conversation.Confirmed, At: scheduling.Wall{Date: scheduling.Date{Year: 2026, Month: 12, Day: 11}, Hour: 10}},
			{Outcome: conversation.Refused, Words: "SSN 123-45-6789 does not match"},
		} {
			d.RequestID, d.By = "R1", "Lee Park"
			if _, err := s.bot.Decide(context.Background(), d); !errors.As(err, &refusal) || strings.Contains(err.Error(), "6789") {
				t.Errorf("%s: %v, want a refusal", d.Outcome, err)
			}
		}
		if got := s.say("Lee", "requests"); !strings.Contains(got, "R1") {
			t.Errorf("the request is not open any more: %s", got)
		}
	})
}

// Three hundred requests are a list that fits a message, the most urgent on top.
func TestManyRequests(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.booking = conversation.Desk
		staffOffice(s)
		site, _ := scheduling.BuiltinSites().Find("XCB")
		words := strings.Repeat("my words ", 60)
		err := s.db.Update(context.Background(), func(t *store.Tx) error {
			for i := range 300 {
				c := t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: scheduling.MustReceipt(fmt.Sprintf("IOE0000009%03d", i))}, FirstName: "Eva", LastName: "Stein"})
				day := scheduling.Date{Year: 2026, Month: 12, Day: 4}.AddDays((i*7 + 100) % 300)
				a := t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Receipt: c.Receipt, Site: site, Local: scheduling.Wall{Date: day, Hour: 10}, Status: scheduling.Scheduled}, "", time.Time{})
				r := t.PutRequest(store.RequestRecord{Status: store.Requested, LapsesAt: a.Start.Add(-12 * time.Hour), Request: conversation.Request{
					From: a, To: scheduling.Slot{Site: "XCB", Local: a.Local, Start: a.Start}, Reason: scheduling.Other, Words: words}})
				if day.Day == 4 && day.Month == 12 {
					t.Hold(r.ID, "", "Kim")
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got := s.say("Lee", "requests")
		lines := strings.Split(got, "\n")
		listed := strings.Count(got, "IOE******")
		for _, want := range []string{"**Waiting for a decision: 300**", fmt.Sprintf("… and %d more.", 300-listed), "2 days left (until Thu Dec 3, 10:00 PM CST)"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in %s", want, got)
			}
		}
		if !strings.Contains(lines[1], "Fri Dec 4") || !strings.Contains(lines[1], "Kim is on it") || !strings.Contains(lines[2], "Sat Dec 5") || !strings.Contains(lines[2], "nobody is on it") {
			t.Errorf("the most urgent: %s\n%s", lines[1], lines[2])
		}
		if listed != 15 || len([]rune(got)) > 11_000 { // what one message of Slack holds
			t.Errorf("%d are listed in %d characters", listed, len([]rune(got)))
		}
		if got := s.say("Lee", "confirm R300"); !strings.Contains(got, "R300 is recorded") {
			t.Errorf("one that was not listed: %s", got)
		}
	})
}

// TestLastFourDigits: the end of a receipt number names a case, unless several have it:
// then they are listed, and nothing is done.
func TestLastFourDigits(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.scene("case", "EAC0000000103 I-90 XCB 2026-12-11 10:20 linked=Ben")
		s.scene("case", "IOE0000000103 I-765 XCB 2026-12-12 10:40 linked=Eva")
		if got := s.say("Lee", "invite 0101"); !strings.Contains(got, "A link for IOE******0101") && !strings.Contains(got, "A code for IOE******0101") {
			t.Errorf("one has it: %q", got)
		}
		if got := s.say("Lee", "invite 0103"); strings.Contains(got, "for EAC") || strings.Contains(got, "for IOE") || !strings.Contains(got, "EAC******0103**, I-90") || !strings.Contains(got, "IOE******0103**, I-765") {
			t.Errorf("two have it: %q", got)
		}
		open := func(typed string) *conversation.Form {
			return s.acts("Pat", bot.Act{Name: "register", Typed: typed}).Form
		}
		if f := open("0101"); f == nil || f.Title != "Correct an appointment" || f.Fields[0].Value != "IOE0000000101" {
			t.Errorf("the form of one: %+v", f)
		}
		if f := open("0103"); f == nil || f.Title != "Register an appointment" || f.Fields[0].Value != "0103" {
			t.Errorf("the form of two: %+v", f)
		}
	})
}
