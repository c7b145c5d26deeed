package store_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// wish is a request to move an appointment, as the bot files it.
func wish(t testing.TB, a scheduling.Appointment, chatID string) store.RequestRecord {
	to := site(t, "XHG")
	local := wall(t, "2026-12-14 08:00")
	start, err := to.Instant(local)
	if err != nil {
		t.Fatal(err)
	}
	return store.RequestRecord{
		Request: conversation.Request{From: a, To: scheduling.Slot{Site: to.Code, Local: local, Start: start.UTC()},
			Reason: scheduling.Other, Words: "mi hermana se casa", RequestedAt: opened},
		ChatID: chatID, Status: store.Requested, Verdict: scheduling.ToolLast, HoldsSeat: true,
		Findings: []scheduling.Finding{scheduling.InsideWindow, scheduling.LimitReached},
		LapsesAt: opened.Add(time.Hour), Channel: "telegram", RulesVersion: "2026-1",
	}
}

func TestRequestIsReadAsItWasWritten(t *testing.T) {
	onEach(t, func(b *book) {
		c, a := b.client(101, "XCH", "2026-12-11 10:00")
		chat := b.linked("4711", c.ID)
		var put store.RequestRecord
		b.do(func(t *store.Tx) { put = t.PutRequest(wish(b, a, chat.ID)) })
		equal(b, "name", put.Name, "R1")
		b.reopen()
		want := put
		want.CaseID, want.Receipt = c.ID, c.Receipt
		b.see(func(t *store.Tx) {
			for _, name := range []string{"R1", "r1", "1", " R1 ", put.ID} {
				if got, ok := t.RequestByName(name); !ok || !reflect.DeepEqual(got, want) {
					b.Errorf("%q: got %#v %+v %v, want %+v", name, got, got.Request, ok, want.Request)
				}
			}
			for _, name := range []string{"", "R", "R2", "R0", "-1", "R1x", "99999999999999999999"} {
				if _, ok := t.RequestByName(name); ok {
					b.Errorf("%q is a request", name)
				}
			}
			got, ok := t.OpenRequest(c.ID)
			equal(b, "open", ok, true)
			if !reflect.DeepEqual(got, want) {
				b.Errorf("the open request of the case is %+v", got)
			}
		})
	})
}

func TestOnlyOneDecidesARequest(t *testing.T) {
	onBoth(t, func(b *book) {
		c, a := b.client(101, "XCH", "2026-12-11 10:00")
		var r store.RequestRecord
		b.do(func(t *store.Tx) { r = t.PutRequest(wish(b, a, "")) })
		err := b.Update(context.Background(), func(t *store.Tx) error { t.PutRequest(wish(b, a, "")); return nil })
		if err == nil {
			b.Error("a case has two open requests")
		}
		b.clock.forward(time.Minute)
		b.do(func(t *store.Tx) {
			equal(b, "decided", t.CloseRequest(r.ID, store.Refused, "R. Epresentative", "no seats"), true)
			equal(b, "decided again", t.CloseRequest(r.ID, store.Confirmed, "P. Aralegal", ""), false)
			equal(b, "decided one that is none", t.CloseRequest("none", store.Confirmed, "P. Aralegal", ""), false)
		})
		b.do(func(t *store.Tx) {
			got, _ := t.RequestByName("R1")
			equal(b, "outcome", [4]any{got.Status, got.DecidedBy, got.Answer, got.HoldsSeat}, [4]any{store.Refused, "R. Epresentative", "no seats", false})
			equal(b, "decided at", got.DecidedAt, opened.Add(time.Minute))
			_, open := t.OpenRequest(c.ID)
			equal(b, "open", open, false)
			second := t.PutRequest(wish(b, a, ""))
			equal(b, "the next", second.Name, "R2")
		})
	})
}

// A move and a referral are requests too that are decided at once: the proof that
// they were made in time (R17).
func TestProofOfWhatWasDecidedAtOnce(t *testing.T) {
	onBoth(t, func(b *book) {
		c, a := b.client(101, "XCH", "2026-12-11 10:00")
		b.do(func(t *store.Tx) {
			for _, status := range []string{store.Referred, store.Confirmed, store.Referred} {
				r := wish(b, a, "")
				r.Status, r.LapsesAt, r.HoldsSeat = status, time.Time{}, false
				if status == store.Referred {
					r.To = scheduling.Slot{}
				}
				t.PutRequest(r)
			}
			_, open := t.OpenRequest(c.ID)
			equal(b, "open", open, false)
		})
		b.see(func(t *store.Tx) {
			var names, statuses []string
			t.EachRequest(func(r store.RequestRecord) {
				names, statuses = append(names, r.Name), append(statuses, r.Status)
				equal(b, r.Name+" decided at", r.DecidedAt, opened)
				equal(b, r.Name+" has a place", !r.To.Start.IsZero() && !r.To.Local.IsZero(), r.Status == store.Confirmed)
			})
			if !reflect.DeepEqual(names, []string{"R1", "R2", "R3"}) || !reflect.DeepEqual(statuses, []string{"referred", "confirmed", "referred"}) {
				b.Errorf("got %v %v", names, statuses)
			}
		})
	})
}

func TestRequestsLapse(t *testing.T) {
	onBoth(t, func(b *book) {
		for n := range 3 {
			_, a := b.client(101+n, "XCH", "2026-12-11 10:00")
			b.do(func(t *store.Tx) {
				r := wish(b, a, "")
				r.LapsesAt = opened.Add(time.Duration(3-n) * time.Hour)
				t.PutRequest(r)
			})
		}
		b.see(func(t *store.Tx) {
			equal(b, "lapsed too early", len(t.RequestsToLapse(9)), 0)
			equal(b, "next", t.NextLapse(), opened.Add(time.Hour))
			equal(b, "the oldest", t.OpenRequests()[0].Name, "R1")
		})
		b.clock.forward(2 * time.Hour)
		b.do(func(t *store.Tx) {
			due := t.RequestsToLapse(9)
			if len(due) != 2 || due[0].Name != "R3" || due[1].Name != "R2" {
				b.Fatalf("got %v, want the two that lapse, the first first", due)
			}
			equal(b, "limited", len(t.RequestsToLapse(1)), 1)
			for _, r := range due {
				t.CloseRequest(r.ID, store.Lapsed, "system", "")
			}
			equal(b, "next of the rest", t.NextLapse(), opened.Add(3*time.Hour))
			equal(b, "open", len(t.OpenRequests()), 1)
		})
	})
}

// A request shows the appointment as it was, also when that has been moved since.
func TestRequestKeepsWhereItCameFrom(t *testing.T) {
	onBoth(t, func(b *book) {
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		b.do(func(t *store.Tx) { t.PutRequest(wish(b, a, "")) })
		b.do(func(t *store.Tx) {
			a.Local = wall(b, "2026-12-12 11:00")
			t.ChangeAppointment(a, "", time.Time{})
		})
		b.see(func(t *store.Tx) {
			r, _ := t.RequestByName("R1")
			equal(b, "from", r.From.Local.String(), "2026-12-11T10:00")
			equal(b, "instant", r.From.Start, time.Date(2026, 12, 11, 16, 0, 0, 0, time.UTC))
			equal(b, "version now", r.From.Version, 2)
		})
	})
}

// TestGiven: a confirmed request led to what was put on file with it, whatever came
// after that; where something else was faster, to what was on file.
func TestGiven(t *testing.T) {
	onBoth(t, func(b *book) {
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		var r store.RequestRecord
		var given, later scheduling.Appointment
		next := func(local string) scheduling.Appointment {
			return scheduling.Appointment{Site: site(b, "XCH"), Local: wall(b, local)}
		}
		b.do(func(t *store.Tx) {
			r = t.PutRequest(wish(b, a, ""))
			t.CloseRequest(r.ID, store.Confirmed, "Lee", "")
			r, _ = t.RequestByName(r.Name)
			got, _ := t.Given(r)
			equal(b, "nothing else was put on file", got.ID, a.ID)
			given = t.Supersede(a, next("2026-12-16 09:40"), time.Time{})
		})
		b.clock.forward(time.Minute)
		b.do(func(t *store.Tx) { later = t.Supersede(given, next("2026-12-18 11:00"), time.Time{}) })
		b.see(func(t *store.Tx) {
			got, ok := t.Given(r)
			equal(b, "found", ok, true)
			equal(b, "given", got.ID, given.ID)
			equal(b, "in force", later.ID == given.ID, false)
		})
	})
}
