package bot_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A firm has 5,000 cases with an appointment on file, each with a chat; 300 of
// them wait for a decision, and every tenth chat of those that come up in the next
// days can't be written to.
const (
	firmCases    = 5000
	firmRequests = 300
)

// BenchmarkHome is the time from somebody opening their page to the platform being
// handed it: it is written down that the page is to be drawn, on disk, and it is
// drawn from the database.
func BenchmarkHome(b *testing.B) {
	for _, e := range engines() {
		b.Run(e.name, func(b *testing.B) { benchmarkHome(b, e.url(b)) })
	}
}

func benchmarkHome(b *testing.B, url string) {
	ctx := context.Background()
	now := time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	db, err := store.Open(ctx, url, store.Options{Now: func() time.Time { return now }, Keys: testKeys(b), Sites: scheduling.BuiltinSites()})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	sent := make(chan bot.Outgoing, 8)
	p := &platform{}
	p.failing(func(m bot.Outgoing) (bool, error) {
		sent <- m
		return true, nil
	})
	office := bot.New(bot.Config{Store: db, Platforms: []bot.Platform{p}, Rules: scheduling.BuiltinRules(), Plan: testPlan(b), Kind: "serve",
		Office: conversation.Office{Name: "Lee & Park LLP", Phone: "312-555-0100", Booking: conversation.Desk},
		Staff: func(string, string) (conversation.Person, bool) {
			return conversation.Person{Name: "Lee Sample", Role: scheduling.Representative}, true
		},
		Desk: bot.Place{Platform: "fake", Chat: "staff"}})
	fillFirm(b, office, db, now)
	if err := office.Deliver(ctx); err != nil { // says that it is alive
		b.Fatal(err)
	}
	var took []time.Duration
	n := 0
	b.ResetTimer()
	for b.Loop() {
		n++
		begun := time.Now()
		in := bot.Incoming{Platform: "fake", EventID: fmt.Sprint("home-", n), Chat: "lee", Act: &bot.Act{Name: "home"}, Answer: &bot.Answer{}}
		if err := office.Take(ctx, in); err != nil {
			b.Fatal(err)
		}
		m := <-sent
		took = append(took, time.Since(begun))
		if m.Kind != bot.Home || len(m.Page.Cards) < 5 {
			b.Fatalf("what came is %s with %d cards", m.Kind, len(m.Page.Cards))
		}
		b.StopTimer()
		if err := office.Deliver(ctx); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.StopTimer()
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[0]), "min-ms")
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(ms(took[len(took)-1]), "max-ms")
}

// fillFirm puts the firm's cases on file. The appointments begin tomorrow and are
// spread over ten weeks.
func fillFirm(b *testing.B, office *bot.Bot, db *store.Store, now time.Time) {
	b.Helper()
	ctx := context.Background()
	chicago, _ := scheduling.BuiltinSites().Find("XCB")
	var file ledger.File
	for i := range firmCases {
		w := scheduling.Wall{Date: scheduling.DateOf(now).AddDays(1 + i%70), Hour: 8 + i%8, Minute: i % 3 * 20}
		start, err := chicago.Instant(w)
		if err != nil {
			b.Fatal(err)
		}
		file.Rows = append(file.Rows, ledger.Row{Line: i + 2, Entry: ledger.Entry{
			Receipt: scheduling.MustReceipt(fmt.Sprintf("IOE%010d", i)), Site: chicago, Local: w, Start: start, Form: "I-485",
			FirstName: "Ana", LastName: "Sample", Phone: "312-555-0123", Status: scheduling.Scheduled, Given: ledger.AllColumns,
		}})
	}
	if _, err := office.Import(ctx, file, "test", false); err != nil {
		b.Fatal(err)
	}
	err := db.Update(ctx, func(t *store.Tx) error {
		lee := t.Chat("fake", "lee")
		for i, row := range file.Rows {
			c, _ := t.CaseByReceipt(store.System(), row.Entry.Receipt)
			chat := t.Chat("fake", fmt.Sprint(i))
			t.LinkChat(chat.ID, c.ID, "1")
			if i%10 == 3 {
				chat.UnreachableAt = now
				t.SaveChat(chat)
			}
			if i >= firmRequests {
				continue
			}
			from, _ := t.Latest(c.ID)
			to := scheduling.Slot{Site: "XCB", Local: from.Local, Start: from.Start.AddDate(0, 0, 7)}
			r := t.PutRequest(store.RequestRecord{Request: conversation.Request{CaseID: c.ID, Receipt: c.Receipt, From: from, To: to, Reason: scheduling.PlannedTravel},
				ChatID: chat.ID, Status: store.Requested, Verdict: scheduling.ToolOK, LapsesAt: from.Start.Add(-12 * time.Hour), Channel: "fake"})
			if i%2 == 0 {
				t.Hold(r.ID, lee.ID, "Lee Sample")
			}
			t.Redraw(t.Card(store.RequestCard, r.ID, t.Chat("fake", "staff")).ID)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
