package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// However many want a seat at once, as many get one as there are.
func TestThousandRacersForAHundredSeats(t *testing.T) {
	onBoth(t, func(b *book) {
		const racers, seats = 1000, 100
		s := scheduling.Site{Code: "XCH", Seats: seats}
		var won atomic.Int64
		var wait sync.WaitGroup
		for range racers {
			wait.Go(func() {
				got := false
				err := b.Update(context.Background(), func(t *store.Tx) error {
					got = t.TakeSeat(s, opened)
					if got {
						t.Audit(store.AuditEntry{Actor: "applicant", Action: "moved"})
					}
					return nil
				})
				if err != nil {
					b.Error(err)
				} else if got {
					won.Add(1)
				}
			})
		}
		wait.Wait()
		equal(b, "sold", won.Load(), seats)
		b.see(func(t *store.Tx) {
			equal(b, "taken", t.Taken("XCH", opened, opened.Add(time.Second))[opened.Unix()], seats)
			rows, _, ok := t.VerifyAudit()
			equal(b, "in the record", rows, seats)
			equal(b, "the record", ok, true)
		})
	})
}

// Two members of staff press at the same time; one is told that the other was
// first.
func TestTwoDecideTheSameRequests(t *testing.T) {
	onBoth(t, func(one *book) {
		b := newOffice(one)
		n := 1000
		if testing.Short() {
			n = 20
		}
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		decide := func(id, status, by string) func(t *store.Tx) bool {
			return func(t *store.Tx) bool {
				won := t.CloseRequest(id, status, by, "")
				t.Audit(store.AuditEntry{Actor: by, Action: status})
				return won
			}
		}
		for i := range n {
			var r store.RequestRecord
			b.do(func(t *store.Tx) { r = t.PutRequest(wish(b, a, "")) })
			told := b.atOnce(decide(r.ID, store.Confirmed, "Ana"), decide(r.ID, store.Refused, "Bo"))
			if told[0] == told[1] {
				b.Fatalf("round %d: both were told %v", i, told[0])
			}
			b.see(func(t *store.Tx) {
				got, _ := t.RequestByName(r.ID)
				want := map[bool][2]string{true: {"Ana", store.Confirmed}, false: {"Bo", store.Refused}}[told[0]]
				equal(b, "who decided what", [2]string{got.DecidedBy, got.Status}, want)
			})
		}
	})
}

// Rival claimers get each letter once, and each chat's letters in order.
func TestRivalClaimers(t *testing.T) {
	onBoth(t, func(b *book) {
		const chats, each, claimers = 60, 5, 8
		for i := range chats {
			c := b.chat(fmt.Sprint(i))
			b.do(func(t *store.Tx) {
				for range each {
					t.Put(c, store.Letter{}, "")
				}
			})
		}
		var owners []string
		for i := range claimers {
			owners = append(owners, fmt.Sprint("claimer", i))
		}
		b.beat(owners...)
		var mu sync.Mutex
		claimed := map[string]string{}
		last := map[string]int64{}
		var left atomic.Int64
		left.Store(chats * each)
		var wait sync.WaitGroup
		for _, owner := range owners {
			wait.Go(func() {
				for left.Load() > 0 {
					mine, err := b.Claim(context.Background(), owner, 7, 7)
					if err != nil {
						b.Error(err)
						return
					}
					mu.Lock()
					for _, l := range mine {
						if by, twice := claimed[l.ID]; twice {
							b.Errorf("a letter of %s was given to %s too", by, owner)
						}
						if l.Seq <= last[l.ChatID] {
							b.Errorf("letter %d of a chat came after %d", l.Seq, last[l.ChatID])
						}
						claimed[l.ID], last[l.ChatID] = owner, l.Seq
					}
					mu.Unlock()
					b.do(func(t *store.Tx) {
						for _, l := range mine {
							if !t.CloseLetter(l, store.Sent, "", "") && t.Err() == nil {
								b.Error("a claimed letter was not the claimer's")
							}
						}
					})
					left.Add(-int64(len(mine)))
				}
			})
		}
		wait.Wait()
		equal(b, "claimed", len(claimed), chats*each)
	})
}

// One event that comes twice at once is taken in once; one chat is made once.
func TestTheSameEventTwiceAtOnce(t *testing.T) {
	onBoth(t, func(b *book) {
		for i := range 50 {
			var fresh atomic.Int64
			var wait sync.WaitGroup
			for range 4 {
				wait.Go(func() {
					got := false
					b.do(func(t *store.Tx) {
						got = t.Receive("telegram", fmt.Sprint(i), nil)
						t.SaveChat(t.Chat("telegram", fmt.Sprint(i)))
					})
					if got {
						fresh.Add(1)
					}
				})
			}
			wait.Wait()
			equal(b, "taken in", fresh.Load(), 1)
			b.do(func(t *store.Tx) { equal(b, "saves", t.Chat("telegram", fmt.Sprint(i)).Version, 4) })
		}
	})
}

// Two who move one appointment at once: one moves it, the other is told.
func TestTwoMoveTheSameAppointment(t *testing.T) {
	onBoth(t, func(b *book) {
		_, a := b.client(101, "XCH", "2026-12-11 10:00")
		for i := range 20 {
			var moved atomic.Int64
			var next scheduling.Appointment
			var wait sync.WaitGroup
			for j := range 4 {
				wait.Go(func() {
					var got scheduling.Appointment
					local := scheduling.Wall{Date: scheduling.Date{Year: 2026, Month: 12, Day: 12 + j}, Hour: 9, Minute: i}
					err := b.Update(context.Background(), func(t *store.Tx) error {
						got = t.Supersede(a, scheduling.Appointment{Site: a.Site, Local: local}, time.Time{})
						return nil
					})
					if err == nil {
						moved.Add(1)
						next = got
					}
				})
			}
			wait.Wait()
			equal(b, "moved", moved.Load(), 1)
			a = next
		}
	})
}

// Several processes write the record and number requests at once.
func TestSeveralStoresOnOneDatabase(t *testing.T) {
	onBoth(t, func(b *book) {
		const each = 25
		books := []*book{b}
		for range 3 {
			books = append(books, newBook(b.T, b.url, true))
		}
		var wait sync.WaitGroup
		for n, other := range books {
			wait.Go(func() {
				for i := range each {
					other.do(func(t *store.Tx) {
						c := t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: receipt(1000*n + i)}})
						a := t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: site(b, "XCH"), Local: wall(b, "2026-12-11 10:00"), Status: scheduling.Scheduled}, "", time.Time{})
						t.PutRequest(wish(b, a, ""))
						t.Audit(store.AuditEntry{Actor: "staff", CaseID: c.ID, Action: "requested"})
					})
				}
			})
		}
		wait.Wait()
		b.see(func(t *store.Tx) {
			rows, bad, ok := t.VerifyAudit()
			equal(b, "rows", rows, each*len(books))
			equal(b, "first bad", bad, 0)
			equal(b, "the record", ok, true)
			requests := t.OpenRequests()
			equal(b, "requests", len(requests), each*len(books))
			equal(b, "the last number", requests[len(requests)-1].Number, int64(each*len(books)))
		})
	})
}
