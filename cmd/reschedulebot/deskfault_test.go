package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	fakeslack "reschedulebot/bot/bottest/slack"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/store"
)

// passes lets time pass until something is so: what could not be sent is tried
// again after a while.
func (d *desk) passes(db *store.Store, what string, ok func() bool) {
	d.t.Helper()
	for deadline := time.After(patience); !ok(); {
		select {
		case <-tick():
		case <-deadline:
			d.t.Fatalf("%s is not so\n%s\n%s", what, d.board(), d.serving.stderr)
		}
		if err := d.moveTo(db, d.clock.now().Add(time.Second)); err != nil {
			d.t.Fatal(err)
		}
	}
}

// requested puts a case on file for each of so many clients, and has them ask for
// another time one after the other.
func (d *desk) requested(from, to int) (clients []*faketelegram.Person) {
	d.t.Helper()
	for n := from; n <= to; n++ {
		p := d.client("Ana", fmt.Sprintf("IOE00000002%02d", n))
		d.request(p)
		clients = append(clients, p)
	}
	return clients
}

// titles are the first lines of the cards, in their order.
func (d *desk) titles() []string {
	var all []string
	for _, m := range d.cards() {
		title, _, _ := strings.Cut(m.Shown(), "\n")
		all = append(all, title)
	}
	return all
}

// Whatever becomes of the answer to a card that was posted, it stands once, and can
// be pressed.
func TestDeskCardStandsOnce(t *testing.T) {
	t.Parallel()
	for _, fault := range []fakeslack.Fault{
		{Method: "chat.postMessage", Do: fakeslack.AfterDone},
		{Method: "chat.postMessage", Do: fakeslack.DoneRefuse, Error: "fatal_error"},
		{Method: "chat.postMessage", Do: fakeslack.Page},
		{Method: "chat.postMessage", Do: fakeslack.TooMany, RetryAfter: 1},
		{Method: "chat.update", Do: fakeslack.AfterDone},
	} {
		t.Run(fault.Method+" "+string(fault.Do), func(t *testing.T) {
			t.Parallel()
			d := quiet(t, false)
			d.serve()
			db := d.open()
			defer db.Close()
			fault.Channel, fault.Times = d.room.ID, 2
			d.slack.Fail(fault)
			d.requested(1, 1)
			d.passes(db, "a card stands", func() bool { return len(d.cards()) > 0 })
			card := d.cards()[0]
			d.presses(d.pat, card, "Claim")
			d.passes(db, "the card shows the claim and its record", func() bool {
				now, _ := d.room.Message(card.TS)
				return strings.Contains(now.Shown(), "With Pat Sample") && len(d.room.Thread(card.TS)) == 2
			})
			d.presses(d.lee, card, "Confirm this time")
			d.passes(db, "the card is decided", func() bool {
				now, _ := d.room.Message(card.TS)
				return strings.Contains(now.Shown(), "Confirmed by Lee Sample") && len(d.room.Thread(card.TS)) == 3
			})
			d.drained()
			if got := d.titles(); len(got) != 1 || len(d.room.Thread(card.TS)) != 3 {
				t.Errorf("in the channel stands\n%s", d.board())
			}
			d.ends()
		})
	}
}

// drained waits until nothing waits to be sent.
func (d *desk) drained() {
	d.t.Helper()
	db := d.open()
	defer db.Close()
	d.passes(db, "everything is sent", func() bool {
		waiting := 0
		if err := db.View(d.ctx, func(tx *store.Tx) error { waiting = tx.Load().Letters; return nil }); err != nil {
			d.t.Fatal(err)
		}
		return waiting == 0
	})
}

// While Slack is down, clients go on asking: when it is back all cards come, in the
// order of the requests, each once.
func TestDeskSlackIsDown(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakeslack.Fault{"everything": {Do: fakeslack.Reset}, "posts": {Do: fakeslack.Internal, Method: "chat.postMessage"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := quiet(t, false)
			d.serve()
			db := d.open()
			defer db.Close()
			d.slack.Fail(fault)
			clients := d.requested(1, 3)
			tried := d.slack.Count("")
			d.passes(db, "it is tried again", func() bool { return d.slack.Count("") > tried+2 })
			clients[1].Say("/reschedule") // R2 is taken back before anybody has seen it
			d.hearsOf(clients[1], "There is already a request")
			d.press(clients[1], "Take it back")
			d.hearsOf(clients[1], "taken back")
			d.slack.Heal()
			d.passes(db, "all cards stand", func() bool { return len(d.cards()) >= 3 })
			d.drained()
			want := []string{"R1 · Waiting for a decision · …0201", "R2 · Taken back · …0202", "R3 · Waiting for a decision · …0203"}
			if got := d.titles(); !slices.Equal(got, want) {
				t.Errorf("the cards are %q", got)
			}
			d.ends()
		})
	}
}

// Somebody archives the channel, or takes the app out of it, and puts that right
// again: nothing is lost.
func TestDeskChannelIsAway(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*fakeslack.Setting){
		"archived": func(s *fakeslack.Setting) { s.Archived = true },
		"out":      func(s *fakeslack.Setting) { s.Out = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := quiet(t, false)
			d.serve()
			db := d.open()
			defer db.Close()
			d.requested(1, 1)
			card := d.card("R1")
			d.room.Change(away)
			d.stop() // what it knows of the channel is a minute old at most
			d.serve()
			d.requested(2, 3)
			before := d.board()
			d.lee.DM("confirm R1") // staff can go on in their direct messages
			d.dm(d.lee, "R1 is recorded as confirmed")
			if d.board() != before {
				t.Errorf("something was written into a channel that is %s:\n%s", name, d.board())
			}
			d.room.Change(func(s *fakeslack.Setting) { *s = fakeslack.Setting{Name: s.Name, Private: true} })
			d.stop()
			d.serve()
			d.passes(db, "all cards stand", func() bool { return len(d.cards()) >= 3 })
			d.drained()
			d.shows(card, "R1 · Confirmed")
			if got := d.titles(); len(got) != 3 || !strings.HasPrefix(got[1], "R2 · ") || !strings.HasPrefix(got[2], "R3 · ") {
				t.Errorf("the cards are %q", got)
			}
			d.ends()
		})
	}
}
