package bot_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// BenchmarkTurn is the bot without any network: an event comes in, everything it
// causes is on disk (synchronous=FULL), and its answer is handed to a chat service
// that takes it at once. BenchmarkBareCommit in bot/store is the disk alone.
func BenchmarkTurn(b *testing.B) {
	for _, people := range []int{1, 32, 1000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) { benchmarkTurn(b, people) })
	}
}

// saying is what each person says, again and again: a whole flow up to the last
// question, and back out of it.
var saying = []string{"/reschedule", "travel", "same place", "more dates", "dec 16", "/back", "/appointments", "/cancel"}

func benchmarkTurn(b *testing.B, people int) {
	now := time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(b.TempDir(), "bench.db"),
		store.Options{Now: func() time.Time { return now }, Keys: testKeys(b), Sites: scheduling.BuiltinSites()})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	chicago, _ := scheduling.BuiltinSites().Find("XCB")
	err = db.Update(context.Background(), func(t *store.Tx) error {
		for i := range people {
			c := t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: scheduling.MustReceipt(fmt.Sprintf("IOE%010d", i)), Form: "I-485"}})
			t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: chicago, Status: scheduling.Scheduled,
				Local: scheduling.Wall{Date: scheduling.Date{Year: 2026, Month: 12, Day: 11}, Hour: 10}}, "", time.Time{})
			t.LinkChat(t.Chat("fake", fmt.Sprint(i)).ID, c.ID, "1")
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	answered := make([]chan struct{}, people)
	for i := range answered {
		answered[i] = make(chan struct{}, 4)
	}
	p := &platform{}
	p.failing(func(m bot.Outgoing) (bool, error) {
		var who int
		fmt.Sscan(m.Chat, &who)
		answered[who] <- struct{}{}
		return false, nil
	})
	office := bot.New(bot.Config{Store: db, Platforms: []bot.Platform{p}, Rules: scheduling.BuiltinRules(), Plan: testPlan(b), Kind: "serve",
		Office: conversation.Office{Name: "Lee & Park LLP", Phone: "312-555-0100", Booking: conversation.Instant}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	p.events = make(chan bot.Incoming)
	go func() { ended <- office.Run(ctx, "@every 1h") }()
	var turns atomic.Int64
	var crowd sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for who := range people {
		crowd.Go(func() {
			for n := turns.Add(1); n <= int64(b.N); n = turns.Add(1) {
				words := saying[int(n)/people%len(saying)]
				in := bot.Incoming{Platform: "fake", EventID: fmt.Sprint(n), Chat: fmt.Sprint(who), Message: "m",
					Event: conversation.Event{Kind: conversation.Said, Text: words}, Raw: []byte(words)}
				if err := office.Take(ctx, in); err != nil {
					b.Error(err)
				}
				<-answered[who]
			}
		})
	}
	crowd.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
	stop()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil && !strings.Contains(err.Error(), "closed") {
		b.Fatal(err)
	}
}
