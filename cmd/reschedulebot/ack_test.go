package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// The desk of BenchmarkAcknowledge.
const (
	openRequests = 200
	clicksFor    = 10 * time.Second
	clickEvery   = 20 * time.Millisecond
)

// BenchmarkAcknowledge has staff press fifty buttons a second for ten seconds while
// 200 requests are open, and tells how long Slack waited until the program had
// acknowledged a press: what it causes was on disk by then. Nothing holds the cards
// back that are drawn anew, so that they are in the way as much as they can be.
//
//	go test ./cmd/reschedulebot -run '^$' -bench Acknowledge -benchtime=1x
//
// drawn-ms is from the last press to the last card that shows who has it.
func BenchmarkAcknowledge(b *testing.B) {
	for b.Loop() {
		d := newBusyDesk(b)
		d.press(b)
		d.report(b)
		d.program.stop()
	}
}

type busyDesk struct {
	slack   *fakeslack.Server
	room    *fakeslack.Channel
	staff   []*fakeslack.Person
	book    bookFile
	program *child
	drawn   time.Duration
}

func newBusyDesk(b *testing.B) *busyDesk {
	clients := newCrowd(b, openRequests)
	d := &busyDesk{slack: fakeslack.New(fakeslack.Options{Scopes: slack.Scopes(true)}), book: newBookFile(b)}
	api, stop := d.slack.Start()
	b.Cleanup(stop)
	var ids []string
	for n := range 5 {
		p := d.slack.Member(fmt.Sprint("Staff ", n))
		d.staff, ids = append(d.staff, p), append(ids, p.ID)
	}
	d.room = d.slack.PrivateChannel("biometrics", d.staff...)
	d.book.enter(b, clients.people()...)
	d.fileRequests(b)
	env := d.book.env(clients.url, conversation.Desk, "SLACK_RATE=0", "SLACK_BOT_TOKEN="+fakeslack.BotToken, "SLACK_APP_TOKEN="+fakeslack.AppToken,
		"SLACK_API_URL="+api, "SLACK_TEAM_ID="+fakeslack.TeamID, "SLACK_REPRESENTATIVES="+strings.Join(ids, ","), "SLACK_STAFF_CHANNEL="+d.room.ID)
	d.program = startFile(b, built(b), env, "serve")
	d.until(b, func() bool { return len(d.room.Messages()) >= openRequests })
	return d
}

// fileRequests has every client ask for a time a week later.
func (d *busyDesk) fileRequests(b *testing.B) {
	db := d.book.open(b)
	defer db.Close()
	err := db.Update(context.Background(), func(t *store.Tx) error {
		for n := range openRequests {
			c, _ := t.CaseByReceipt(store.System(), receiptOf(n))
			from, _ := t.Latest(c.ID)
			to := scheduling.Slot{Site: from.Site.Code, Local: from.Local, Start: from.Start.AddDate(0, 0, 7)}
			to.Local.Date = from.Local.Date.AddDays(7)
			t.PutRequest(store.RequestRecord{
				Request: conversation.Request{CaseID: c.ID, Receipt: c.Receipt, From: from, To: to, Reason: scheduling.PlannedTravel},
				Status:  store.Requested, Verdict: scheduling.ToolOK, LapsesAt: from.Start.Add(-12 * time.Hour), Channel: "telegram",
			})
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (d *busyDesk) until(b *testing.B, ok func() bool) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := d.slack.WaitFor(ctx, ok); err != nil {
		b.Fatalf("%v\n%s", err, d.program.wrote)
	}
}

// press has everybody claim one request after the other, also from each other.
func (d *busyDesk) press(b *testing.B) {
	b.Helper()
	var cards []fakeslack.Message
	for _, m := range d.room.Messages() {
		if m.Thread == "" {
			cards = append(cards, m)
		}
	}
	every := time.NewTicker(clickEvery)
	defer every.Stop()
	for n := range int(clicksFor / clickEvery) {
		<-every.C
		card, _ := d.room.Message(cards[n%len(cards)].TS)
		if _, err := d.staff[n%len(d.staff)].PressOn(card, card.Labels()[0]); err != nil {
			b.Fatal(err)
		}
	}
	began := time.Now()
	d.until(b, func() bool {
		for _, delivered := range d.slack.Deliveries(fakeslack.Actions) {
			if !delivered.Over {
				return false
			}
		}
		return true
	})
	waiting := func() int64 {
		return d.book.number(b, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'")
	}
	for waiting() > 0 {
		<-time.After(20 * time.Millisecond)
	}
	d.drawn = time.Since(began)
}

func (d *busyDesk) report(b *testing.B) {
	var took []time.Duration
	for _, delivered := range d.slack.Deliveries(fakeslack.Actions) {
		if !delivered.Acked || delivered.Attempts != 1 {
			b.Errorf("not acknowledged: %+v", delivered.Trouble)
		}
		took = append(took, delivered.Took)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(took)), "presses")
	b.ReportMetric(milliseconds(quantile(took, 0.5)), "p50-ms")
	b.ReportMetric(milliseconds(quantile(took, 0.99)), "p99-ms")
	b.ReportMetric(milliseconds(quantile(took, 1)), "max-ms")
	b.ReportMetric(milliseconds(d.drawn), "drawn-ms")
}
