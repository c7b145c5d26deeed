package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// scans are what may be read from end to end, because it stays small or only its
// end is wanted.
var scans = []string{
	"SCAN sites",
	"SCAN instances",                                    // as many as processes run
	"SCAN outbox USING INDEX outbox_line",               // what waits
	"SCAN alarms USING INDEX alarms_open",               // what is open
	"SCAN alarms USING INDEX alarms_again",              // what is open
	"SCAN talks USING INDEX talks_open",                 // what is open
	"SCAN r USING INDEX requests_queue",                 // what is open
	"SCAN x USING INDEX alarms_open",                    // what is open
	"SCAN x USING INDEX talks_open",                     // what is open
	"SCAN x USING INDEX requests_lapse",                 // what is open
	"SCAN requests USING COVERING INDEX requests_lapse", // what is open
	"SCAN audit USING INDEX sqlite_autoindex",           // the last row
}

// Every statement finds its rows by an index: what a turn, a delivery or a scan
// costs does not grow with the book.
func TestEveryStatementUsesAnIndex(t *testing.T) {
	s, err := Open(context.Background(), "sqlite::memory:", Options{Now: func() time.Time { return time.Unix(1_790_000_000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(context.Background(), func(t *Tx) error { everything(t); return nil }); err != nil {
		t.Fatal(err)
	}
	c := s.e.(*writer).c
	n := 0
	for query := range c.stmts {
		if !slices.ContainsFunc([]string{"SELECT", "INSERT", "UPDATE", "DELETE"}, func(word string) bool { return strings.HasPrefix(query, word) }) {
			continue
		}
		n++
		for _, step := range plan(t, c, query) {
			small := func(scan string) bool {
				return strings.HasPrefix(step, scan) && (strings.Contains(scan, "INDEX") || step == scan)
			}
			if strings.HasPrefix(step, "SCAN") && !slices.ContainsFunc(scans, small) || strings.Contains(step, "AUTOMATIC") {
				t.Errorf("%s\n\treads a whole table: %s", query, step)
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d statements were looked at", n)
	}
}

func plan(t *testing.T, c *sqliteConn, query string) []string {
	t.Helper()
	explain := "EXPLAIN QUERY PLAN " + query
	s, err := c.stmt(explain)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.query(explain, make([]any, s.NumInput()))
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer r.Close()
	var steps []string
	for r.Next() {
		steps = append(steps, fmt.Sprint(r.(*sqliteRows).values[3]))
	}
	return steps
}

// everything calls the methods of which turns, deliveries and scans consist.
func everything(t *Tx) {
	c := t.PutCase(CaseRecord{Case: conversation.Case{Receipt: scheduling.MustReceipt("IOE0000000101")}})
	local := scheduling.Wall{Date: scheduling.Date{Year: 2026, Month: 12, Day: 11}, Hour: 10}
	a := t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: scheduling.Site{Code: "XCH"}, Local: local, Status: scheduling.Scheduled}, "", t.now)
	chat := t.Chat("telegram", "1")
	t.Receive("telegram", "1", nil)
	t.Quarantine("telegram", "2", "", nil)
	t.Unreceive("telegram", "3")
	t.SweepInbox(t.now, 9)
	t.CaseByID(Principal{ChatID: chat.ID}, c.ID)
	t.CaseByReceipt(Principal{ChatID: chat.ID}, c.Receipt)
	t.Appointment(a.ID)
	t.Latest(c.ID)
	t.Held(c.ID, "XCH", local)
	a = t.ChangeAppointment(a, "", t.now)
	a = t.Supersede(a, a, t.now)
	t.Upcoming("", 9)
	t.DueForReminder(9)
	t.NextReminder()
	t.RemindAt(a.ID, t.now)
	t.RemindAt(a.ID, time.Time{})
	t.Taken("XCH", t.now, t.now)
	t.TakeSeat(a.Site, a.Start)
	t.RecordSeat(a.Site, a.Start)
	t.FreeSeat("XCH", a.Start)
	t.LinkChat(chat.ID, c.ID, "1")
	t.LinkChat(chat.ID, c.ID, "1")
	t.LinkedChats(c.ID)
	t.IsLinked(c.ID)
	r := t.PutRequest(RequestRecord{Request: conversation.Request{From: a}, Status: Requested, LapsesAt: t.now})
	t.CasesOf(chat.ID)
	t.AlarmsAbout(c.ID)
	t.TalksAbout(c.ID)
	t.RequestByName("R1")
	t.RequestByName(r.ID)
	t.OpenRequest(c.ID)
	t.OpenRequests()
	t.RequestsToLapse(9)
	t.NextLapse()
	t.Hold(r.ID, chat.ID, "")
	t.SetUrge(r.ID, t.now)
	t.RequestsToUrge(9)
	t.NextUrge()
	t.OpenRequestCount()
	t.CloseRequest(r.ID, Lapsed, "", "")
	t.Invite(c.ID, "", "code", t.now.Add(time.Hour))
	t.Invitation("code", chat.ID)
	t.UseInvitation("code", chat.ID)
	t.Try(chat.ID, "link", time.Hour)
	t.Tries(chat.ID, "link", time.Hour)
	t.Raise("kind", "", "", "")
	t.AlarmsToRaiseAgain(t.now, 9)
	t.RaisedAgain(t.OpenAlarms(9)[0].ID)
	t.TakeAlarm(t.OpenAlarms(9)[0].ID, chat.ID, "")
	t.AlarmByID("")
	t.Acknowledge(t.OpenAlarms(9)[0].ID, "")
	t.Audit(AuditEntry{})
	desk(t, chat)
	letters(t, chat, a)
	t.WaitingIDs("", 9)
	t.IdleChats(t.now, 9)
	t.SaveChat(chat)
	t.saveChats()
	t.UnlinkChat(chat.ID)
	t.Promote(chat.ID)
	t.Forget(t.Chat("telegram", "2"))
}

func desk(t *Tx, chat *Chat) {
	c := t.Card(RequestCard, "r", chat)
	t.FindCard(RequestCard, "r")
	t.CardByID(c.ID)
	t.CardAt(chat.ID, "m")
	t.CardsOf(HomeCard)
	for _, kind := range []string{RequestCard, AlarmCard, TalkCard} {
		t.WithoutCard(kind, chat, 1)
	}
	t.Redraw(c.ID)
	t.Drawn(c.ID, 1, "m")
	t.SetFilter(c.ID, "mine")
	k, _ := t.OpenTalk(chat.ID, "")
	t.OpenTalk(chat.ID, "")
	t.TalkByID(k.ID)
	t.OpenTalks()
	t.ClaimTalk(k.ID, chat.ID, "")
	t.CloseTalk(k.ID, "")
}

func letters(t *Tx, chat *Chat, a scheduling.Appointment) {
	t.Beat("me", "serve", t.now.Add(time.Hour))
	t.Put(chat, Letter{Key: "k"}, "me")
	t.Put(chat, Letter{AppointmentID: a.ID, Version: a.Version}, "me")
	t.Claim("me", 9)
	l, _ := t.ClaimNext("me", chat.ID)
	t.OwnedBy("me")
	t.Postpone(l, t.now, "", false)
	t.CloseLetter(l, Sent, "", "")
	t.CloseLetter(Letter{Priority: Stranger}, Sent, "", "")
	t.Put(chat, Letter{Priority: Stranger, SendBy: t.now.Add(-time.Hour)}, "")
	t.NextDue()
	t.WaitingAnswers(chat.ID, "message")
	t.WaitingUnder(chat.ID, "card", "message")
	t.DropReminders(chat.ID)
	t.SweepOutbox(t.now, 9)
	t.Bye("me")
	t.BuryKind("serve", "me")
}
