package store_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
)

func TestAlarms(t *testing.T) {
	onBoth(t, func(b *book) {
		for _, kind := range []string{"first", "second", "third"} {
			b.do(func(t *store.Tx) { t.Raise(kind, "case", "", "detail") })
			b.clock.forward(time.Second)
		}
		b.do(func(t *store.Tx) {
			open := t.OpenAlarms(2)
			equal(b, "limited", len(open), 2)
			want := store.Alarm{ID: open[0].ID, Kind: "first", CaseID: "case", Detail: "detail", RaisedAt: opened, Times: 1}
			equal(b, "the oldest", open[0], want)
			equal(b, "acknowledged", t.Acknowledge(open[0].ID, "P. Aralegal"), true)
			equal(b, "acknowledged again", t.Acknowledge(open[0].ID, "R. Epresentative"), false)
			equal(b, "the next", t.OpenAlarms(1)[0].Kind, "second")
			want.AcknowledgedAt, want.AcknowledgedBy = opened.Add(3*time.Second), "P. Aralegal"
			got, ok := t.AlarmByID(open[0].ID)
			equal(b, "found", ok, true)
			equal(b, "afterwards", got, want)
			_, ok = t.AlarmByID("none")
			equal(b, "found one that is none", ok, false)
		})
	})
}

// What goes wrong again before anybody has looked is one alarm, not two.
func TestAlarmsAreCounted(t *testing.T) {
	onBoth(t, func(b *book) {
		chat := b.chat("4711")
		for i, c := range []struct {
			kind, caseID, chatID string
			fresh                bool
			times                int
		}{
			{"unsent", "", "", true, 1},
			{"unsent", "", "", false, 2},
			{"unsent", "a", "", true, 1},
			{"unsent", "", "a", true, 1}, // a chat is not a case
			{"unsent", "", chat.ID, true, 1},
			{"unsent", "a", chat.ID, true, 1},
			{"unreached", "a", chat.ID, true, 1},
			{"unsent", "a", chat.ID, false, 2},
			{"unsent", "", "", false, 3},
		} {
			b.clock.forward(time.Second)
			b.do(func(t *store.Tx) {
				a, fresh := t.Raise(c.kind, c.caseID, c.chatID, strings.Repeat("x", i))
				equal(b, "fresh", fresh, c.fresh)
				equal(b, "times", a.Times, c.times)
				equal(b, "what", [3]string{a.Kind, a.CaseID, a.ChatID}, [3]string{c.kind, c.caseID, c.chatID})
				stored, _ := t.AlarmByID(a.ID)
				equal(b, "as it is stored", stored, a)
			})
		}
		b.do(func(t *store.Tx) {
			open := t.OpenAlarms(99)
			equal(b, "open", len(open), 6)
			equal(b, "since the first time", open[0].RaisedAt, opened.Add(time.Second))
			equal(b, "acknowledged", t.Acknowledge(open[0].ID, "P. Aralegal"), true)
			a, fresh := t.Raise("unsent", "", "", "")
			equal(b, "after it was acknowledged", [2]any{fresh, a.Times}, [2]any{true, 1})
			equal(b, "the same alarm", a.ID == open[0].ID, false)
			old, _ := t.AlarmByID(open[0].ID)
			equal(b, "the acknowledged one", old.Times, 3)
		})
	})
}

func TestTakingAnAlarm(t *testing.T) {
	onBoth(t, func(b *book) {
		ana, bo := b.chat("U1"), b.chat("U2")
		var a store.Alarm
		b.do(func(t *store.Tx) { a, _ = t.Raise("unsent", "", "", "") })
		for _, by := range []struct {
			chat *store.Chat
			name string
		}{{ana, "Ana"}, {bo, "Bo"}} {
			b.clock.forward(time.Minute)
			b.do(func(t *store.Tx) {
				equal(b, by.name+" takes it", t.TakeAlarm(a.ID, by.chat.ID, by.name), true)
				got, _ := t.AlarmByID(a.ID)
				equal(b, "owner", [3]any{got.OwnerChat, got.Owner, got.OwnedAt}, [3]any{by.chat.ID, by.name, t.Now()})
			})
		}
		b.do(func(t *store.Tx) {
			equal(b, "acknowledged", t.Acknowledge(a.ID, "Ana"), true)
			equal(b, "taken when it was over", t.TakeAlarm(a.ID, ana.ID, "Ana"), false)
			equal(b, "took one that is none", t.TakeAlarm("none", ana.ID, "Ana"), false)
			got, _ := t.AlarmByID(a.ID)
			equal(b, "owner at the end", got.Owner, "Bo")
		})
	})
}

// An alarm that nobody has acknowledged is called to mind once, also when somebody has
// taken it.
func TestAlarmsAreRaisedAgain(t *testing.T) {
	onBoth(t, func(b *book) {
		ids := map[string]string{}
		for _, kind := range []string{"acknowledged", "taken", "first", "second"} {
			b.do(func(t *store.Tx) {
				a, _ := t.Raise(kind, "", "", "")
				ids[kind] = a.ID
			})
			b.clock.forward(time.Minute)
		}
		me := b.chat("U1")
		b.do(func(t *store.Tx) {
			t.Acknowledge(ids["acknowledged"], "Ana")
			t.TakeAlarm(ids["taken"], me.ID, "Ana")
			equal(b, "too early", len(t.AlarmsToRaiseAgain(opened.Add(time.Minute-time.Millisecond), 9)), 0)
			equal(b, "just in time", len(t.AlarmsToRaiseAgain(opened.Add(time.Minute), 9)), 1)
			equal(b, "limited", len(t.AlarmsToRaiseAgain(t.Now(), 1)), 1)
			due := t.AlarmsToRaiseAgain(t.Now(), 9)
			if len(due) != 3 || due[0].Kind != "taken" || due[1].Kind != "first" || due[2].Kind != "second" {
				b.Fatalf("got %v, want the three that are not acknowledged, the oldest first", due)
			}
			t.RaisedAgain(due[0].ID)
			t.RaisedAgain(due[1].ID)
			equal(b, "left", len(t.AlarmsToRaiseAgain(t.Now(), 9)), 1)
			t.RaisedAgain(due[2].ID)
			equal(b, "still open", len(t.OpenAlarms(9)), 3)
		})
		when := opened.Add(4 * time.Minute)
		b.clock.forward(time.Hour)
		b.do(func(t *store.Tx) {
			t.RaisedAgain(ids["first"])
			a, fresh := t.Raise("first", "", "", "")
			equal(b, "raised once more", [3]any{fresh, a.Times, a.RaisedAgainAt}, [3]any{false, 2, when})
			equal(b, "to raise", len(t.AlarmsToRaiseAgain(t.Now(), 9)), 0)
		})
	})
}
