package slack_test

import (
	"context"
	"sync"
	"testing"

	"reschedulebot/bot"
	"reschedulebot/bot/bottest"
	fakeslack "reschedulebot/bot/bottest/slack"
)

func TestConformance(t *testing.T) {
	t.Run("socket", func(t *testing.T) {
		bottest.Conformance(t, func(t *testing.T) bottest.Rig { return people(socket(t, fakeslack.Options{}), 1) })
	})
	t.Run("http", func(t *testing.T) {
		bottest.Conformance(t, func(t *testing.T) bottest.Rig { return people(endpoints(t, fakeslack.Options{}), 0) })
	})
}

// people are three of the staff. They write once so many sockets are open: what
// is written before waits at Slack for a minute and comes in any order.
func people(r *rig, sockets int) bottest.Rig {
	all := []*fakeslack.Person{r.lee, r.pat, r.ada}
	said := make(chan func(), 1000)
	var saying sync.WaitGroup
	saying.Go(func() {
		for say := range said {
			if r.srv.WaitConnected(r.ctx, sockets) == nil {
				say()
			}
		}
	})
	r.Cleanup(func() { close(said); saying.Wait() })
	fail := func(f fakeslack.Fault) func() {
		f.Times, f.Method = 1, "chat.postMessage"
		return func() { r.srv.Fail(f) }
	}
	return bottest.Rig{
		Platform: r.p,
		People:   len(all),
		Address:  func(p int) string { return all[p].ID },
		Say:      func(p int, text string) { said <- func() { all[p].DM(text) } },
		Next: func(ctx context.Context, p int) (string, []string, error) {
			m, err := all[p].Next(ctx)
			return m.Shown(), m.Labels(), err
		},
		Break: map[bot.Class]func(){
			bot.Wait:      fail(fakeslack.Fault{Do: fakeslack.TooMany, RetryAfter: 3}),
			bot.Again:     fail(fakeslack.Fault{Do: fakeslack.Refuse, Error: "messages_tab_disabled"}),
			bot.Never:     fail(fakeslack.Fault{Do: fakeslack.Refuse, Error: "msg_too_long"}),
			bot.Gone:      func() { all[0].Change(func(u *fakeslack.User) { u.Deleted = true }) },
			bot.Ambiguous: fail(fakeslack.Fault{Do: fakeslack.AfterDone}),
			bot.Fatal:     func() { r.srv.Revoke() },
		},
	}
}
