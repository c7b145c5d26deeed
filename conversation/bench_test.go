package conversation_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// BenchmarkStep is one whole flow, seven Steps, with the state through JSON
// between them as in the database. ns/op and allocs/op are those of one Step.
func BenchmarkStep(b *testing.B) {
	s := newStage()
	for _, scene := range [][2]string{{"now", "2026-12-01 09:00 America/Chicago"}, {"case", "IOE0000000101 I-485 XCB 2026-12-11 10:00"}} {
		if _, err := s.Scene(scene[0], scene[1]); err != nil {
			b.Fatal(err)
		}
	}
	f := openings{s.facts(s.chat("Ana")), nil}
	site, _ := s.sites.Find("XCB")
	f.slots = f.facts.Openings(site, firstQuery)
	flow := []conversation.Event{
		{Kind: conversation.Started},
		{Kind: conversation.Said, Text: "/reschedule"},
		{Kind: conversation.Said, Text: "travel"},
		{Kind: conversation.Said, Text: "1"},
		{Kind: conversation.Said, Text: "Dec 15, 10:20 AM"},
		{Kind: conversation.Said, Text: "yes"},
		{Kind: conversation.Said, Text: "/appointments"},
	}
	moved := 0
	b.ReportAllocs()
	data, n := []byte("{}"), 0
	for b.Loop() {
		var state conversation.State
		if err := json.Unmarshal(data, &state); err != nil {
			b.Fatal(err)
		}
		next, effects := conversation.Step(state, flow[n], f)
		for _, e := range effects {
			if _, ok := e.(conversation.Move); ok {
				moved++
			}
		}
		var err error
		if data, err = json.Marshal(next); err != nil {
			b.Fatal(err)
		}
		n = (n + 1) % len(flow)
	}
	if b.N > len(flow) && moved == 0 {
		b.Fatal("nothing was moved")
	}
}

// openings answers the search for times from memory: it is measured in
// scheduling, and here the dialogue.
type openings struct {
	facts
	slots []scheduling.Slot
}

var firstQuery = scheduling.Query{From: scheduling.Date{Year: 2026, Month: 12, Day: 12}, OnePerDay: true, Limit: 5}

func (o openings) Openings(scheduling.Site, scheduling.Query) []scheduling.Slot {
	return slices.Clone(o.slots)
}

func (o openings) Seats(scheduling.Site, time.Time) int { return 4 }
