package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// staff may see every case.
var staff = store.Principal{Role: scheduling.Paralegal, Name: "Kim"}

// receipts are those of rows, by their last four.
func receipts(rows []store.CaseAppointment) string {
	var out []string
	for _, r := range rows {
		if r.Case.Receipt != r.Appointment.Receipt || r.Case.ID != r.Appointment.CaseID {
			out = append(out, "a case that is not the appointment's")
		}
		out = append(out, r.Case.Receipt.Last4())
	}
	return strings.Join(out, " ")
}

func TestComing(t *testing.T) {
	onEach(t, func(b *book) {
		b.client(3, "XCB", "2026-12-03 10:00")
		b.client(1, "XCB", "2026-12-02 10:00")
		b.client(2, "XCB", "2026-12-02 10:20")
		b.client(4, "XCB", "2026-11-30 10:00")
		_, gone := b.client(5, "XCB", "2026-12-02 11:00")
		b.do(func(t *store.Tx) {
			gone.Status = scheduling.Cancelled
			t.ChangeAppointment(gone, "", time.Time{})
		})
		from := time.Date(2026, 12, 2, 16, 0, 0, 0, time.UTC) // 10:00 in Chicago
		b.see(func(t *store.Tx) {
			for _, c := range []struct {
				to    time.Time
				limit int
				want  string
				more  int
			}{
				{from.Add(24*time.Hour + time.Second), 9, "0001 0002 0003", 0},
				{from.Add(24 * time.Hour), 9, "0001 0002", 0},
				{from.Add(48 * time.Hour), 2, "0001 0002", 1},
				{from.Add(48 * time.Hour), 3, "0001 0002 0003", 0},
				{from, 9, "", 0},
			} {
				rows, more := t.Coming(from, c.to, c.limit)
				equal(b, fmt.Sprint("until ", c.to, ", at most ", c.limit), receipts(rows), c.want)
				equal(b, "more", more, c.more)
			}
			rows, _ := t.Coming(from, from.Add(time.Hour), 1)
			equal(b, "name", rows[0].Case.FirstName, "Ana")
			equal(b, "place", rows[0].Appointment.Site.City, "Chicago")
		})
	})
}

// Today is a day of each site's own calendar: when it is the evening of the first
// in Chicago, it has long been the second on Guam.
func TestComingDays(t *testing.T) {
	onBoth(t, func(b *book) {
		b.clock.at = time.Date(2026, 12, 2, 2, 30, 0, 0, time.UTC) // Dec 1, 20:30 in Chicago; Dec 2, 12:30 on Guam
		b.client(1, "XCB", "2026-12-01 08:00")
		b.client(2, "XCB", "2026-11-30 23:00")
		b.client(3, "XCB", "2026-12-02 00:00")
		b.client(4, "XHG", "2026-12-02 08:00")
		b.client(5, "XHG", "2026-12-01 15:00")
		b.client(6, "XHG", "2026-12-08 23:00")
		b.client(7, "XCB", "2026-12-08 00:00")
		b.client(8, "XCB", "2026-12-07 23:00")
		b.see(func(t *store.Tx) {
			for _, c := range []struct {
				days, limit int
				want        string
				more        int
			}{{1, 9, "0001 0004", 0}, {7, 9, "0001 0004 0003 0008 0006", 0}, {7, 2, "0001 0004", 3}} {
				rows, more := t.ComingDays(c.days, c.limit)
				equal(b, fmt.Sprint(c.days, " days"), receipts(rows), c.want)
				equal(b, "more", more, c.more)
			}
		})
	})
}

func TestUnreachableClients(t *testing.T) {
	onEach(t, func(b *book) {
		var ids [6]string
		for i := 1; i <= 5; i++ {
			c, _ := b.client(i, "XCB", fmt.Sprintf("2026-12-%02d 10:00", 12-i))
			ids[i] = c.ID
		}
		past, _ := b.client(6, "XCB", "2026-11-20 10:00")
		b.linked("1a", ids[1])
		b.linked("2a", ids[2])
		b.linked("2b", ids[2])
		b.linked("3a", ids[3])
		b.linked("3b", ids[3])
		b.linked("5a", ids[5])
		b.linked("5a", past.ID)
		b.do(func(t *store.Tx) {
			for _, address := range []string{"2a", "2b", "3a", "5a"} {
				c := t.Chat("telegram", address)
				c.UnreachableAt = opened
				t.SaveChat(c)
			}
		})
		b.see(func(t *store.Tx) {
			equal(b, "unreachable", receipts(listed(t.Unreachable(t.Now(), 9))), "0005 0002")
			soonest, more := t.Unreachable(t.Now(), 1)
			equal(b, "the soonest", receipts(soonest), "0005")
			equal(b, "beyond it", more, 1)
			for i, want := range [][2]bool{1: {true, true}, 2: {true, false}, 3: {true, true}, 4: {false, false}, 5: {true, false}} {
				if i > 0 {
					linked, reachable := t.LinkState(ids[i])
					equal(b, fmt.Sprint("case ", i), [2]bool{linked, reachable}, want)
				}
			}
		})
	})
}

func TestSearchCases(t *testing.T) {
	onEach(t, func(b *book) {
		b.do(func(t *store.Tx) {
			for i := range 1201 { // three pages
				t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: receipt(i)}, FirstName: "Ana", LastName: fmt.Sprint("López", i), Matter: fmt.Sprint("M-", i)})
			}
		})
		b.see(func(t *store.Tx) {
			looked := 0
			found, more := t.SearchCases(staff, func(c conversation.Named) bool {
				looked++
				return c.Last == "López7" || c.Matter == "M-700" || c.Receipt == receipt(1200)
			}, 8)
			equal(b, "looked at", looked, 1201)
			equal(b, "found", fmt.Sprint(len(found), more), "3 false")
			for i, want := range []string{"1200", "0700", "0007"} {
				equal(b, "the newest first", found[i].Receipt.Last4(), want)
			}
			all, more := t.SearchCases(staff, func(conversation.Named) bool { return true }, 8)
			equal(b, "all", fmt.Sprint(len(all), more), "8 true")
			for _, who := range []store.Principal{{}, {Role: scheduling.Applicant, ChatID: "x"}} {
				if found, more := t.SearchCases(who, func(conversation.Named) bool { return true }, 8); len(found) > 0 || more {
					b.Errorf("%+v finds cases", who)
				}
			}
		})
	})
}

func TestMostUrgentRequests(t *testing.T) {
	onEach(t, func(b *book) {
		for i, hours := range []int{30, 10, 20} {
			_, a := b.client(i+1, "XCB", fmt.Sprintf("2026-12-%02d 10:00", 10+i))
			b.do(func(t *store.Tx) {
				t.PutRequest(store.RequestRecord{Request: conversation.Request{From: a}, Status: store.Requested, LapsesAt: opened.Add(time.Duration(hours) * time.Hour)})
			})
		}
		b.do(func(t *store.Tx) {
			r, _ := t.RequestByName("R1")
			rows, more := t.MostUrgent(2)
			equal(b, "the most urgent", fmt.Sprint(rows[0].Name, rows[1].Name, more), "R2R31")
			t.CloseRequest(r.ID, store.Refused, "Lee", "no")
			rows, more = t.MostUrgent(2)
			equal(b, "open", fmt.Sprint(len(rows), more), "2 0")
		})
	})
}

// BenchmarkSearch is a name that is in no case, among 5,000 that are sealed.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			s := benchStore(b, address(b, engine))
			people(b, s, 5000)
			wanted := conversation.ReadWanted("Zacarías")
			b.ReportAllocs()
			for b.Loop() {
				err := s.View(context.Background(), func(t *store.Tx) error {
					t.SearchCases(staff, wanted.Matches, 8)
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUnreachable is for 5,000 appointments to come, all of whose clients can
// be written to.
func BenchmarkUnreachable(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			s := benchStore(b, address(b, engine))
			people(b, s, 5000)
			for b.Loop() {
				err := s.View(context.Background(), func(t *store.Tx) error { t.Unreachable(t.Now(), 20); return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// What a list tells of requests and cases is the same as what is read one by one.
func TestCaseRequests(t *testing.T) {
	onEach(t, func(b *book) {
		var ids []string
		b.linked("idle", func() string { c, _ := b.client(9, "XCB", "2026-12-05 10:00"); return c.ID }())
		for i := 1; i <= 3; i++ {
			c, a := b.client(i, "XCB", fmt.Sprintf("2026-12-0%d 10:00", i+1))
			ids = append(ids, c.ID)
			b.do(func(t *store.Tx) {
				r := t.PutRequest(store.RequestRecord{Request: conversation.Request{From: a}, Status: store.Requested, LapsesAt: a.Start})
				switch i {
				case 1:
					card := t.Card(store.RequestCard, r.ID, t.Chat("slack", "C1"))
					t.Redraw(card.ID)
					t.Drawn(card.ID, 1, "C1:1.2")
					t.Hold(r.ID, t.Chat("slack", "U1").ID, "Kim")
				case 3:
					t.CloseRequest(r.ID, store.Refused, "Kim", "")
				}
			})
		}
		b.linked("1a", ids[0])
		b.linked("2a", ids[1])
		b.do(func(t *store.Tx) {
			c := t.Chat("telegram", "2a")
			c.UnreachableAt = opened
			t.SaveChat(c)
		})
		b.see(func(t *store.Tx) {
			rows, open := t.CaseRequests(), t.OpenRequests()
			equal(b, "open requests", len(rows), 2)
			for i, r := range rows {
				equal(b, "request", r.ID+r.Name+r.From.ID+r.LapsesAt.String(), open[i].ID+open[i].Name+open[i].From.ID+open[i].LapsesAt.String())
				equal(b, "case", r.Case.ID, ids[i])
				linked, reachable := t.LinkState(r.CaseID)
				equal(b, "links", [2]bool{r.Linked, r.Reachable}, [2]bool{linked, reachable})
				equal(b, "holder", r.HeldBy, open[i].HeldBy)
				card, _ := t.FindCard(store.RequestCard, r.ID)
				equal(b, "card", r.Card, card.RemoteID)
			}
			var told []string
			coming, _ := t.Coming(t.Now(), t.Now().Add(30*24*time.Hour), 9)
			for _, r := range coming {
				told = append(told, fmt.Sprint(r.Case.Receipt.Last4(), " ", r.Linked, r.Reachable, r.Asking))
			}
			equal(b, "coming", strings.Join(told, "; "), "0001 true trueR1; 0002 true falseR2; 0003 false false; 0009 true true")
			away, _ := t.Unreachable(t.Now(), 9)
			equal(b, "away", fmt.Sprint(len(away), away[0].Linked, away[0].Reachable, away[0].Asking), "1 true falseR2")
		})
	})
}

// listed are the rows of a list without how many there are beyond.
func listed(rows []store.CaseAppointment, _ int) []store.CaseAppointment { return rows }
