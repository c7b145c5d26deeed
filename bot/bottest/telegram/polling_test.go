package faketelegram_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

func wantUpdates(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("the bot got %q, want %q", got, want)
	}
}

// inBubble runs a test on a clock that jumps ahead whenever everybody waits.
func inBubble(t *testing.T, test func(t *testing.T)) { synctest.Test(t, test) }

// pass lets that time go by, in a bubble.
func pass(d time.Duration) { <-time.After(d) }

func TestOffsetConfirms(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		ana := srv.Person("Ana", "")
		for _, text := range []string{"a", "b", "c"} {
			ana.Say(text)
		}
		all := []string{"100001 message a", "100002 message b", "100003 message c"}
		wantUpdates(t, b.updates(0), all...)
		if n := srv.Pending(); n != 3 {
			t.Errorf("%d updates wait after they were only given out", n)
		}
		pass(time.Second)
		wantUpdates(t, b.updates(0), all...)
		wantUpdates(t, b.updates(0), all[0]) // asked again in a hurry: one by one
		wantUpdates(t, b.updates(100002), all[1:]...)
		wantUpdates(t, b.updates(-1), all[2])
		wantUpdates(t, b.updates(100004))
		if n := srv.Pending(); n != 0 {
			t.Errorf("%d updates wait", n)
		}
	})
}

func TestIDsRestartLower(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		ana := srv.Person("Ana", "")
		srv.NextUpdateID(900)
		ana.Say("a")
		ana.Say("b")
		wantUpdates(t, b.updates(0), "900 message a", "901 message b")
		srv.NextUpdateID(7)
		ana.Say("c")
		wantUpdates(t, b.updates(902), "7 message c")
		wantUpdates(t, b.updates(8))
	})
}

func TestLongPoll(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		ana := srv.Person("Ana", "")
		began := time.Now()
		if r := b.call("getUpdates", "timeout", "500"); string(r.Result) != "[]" {
			t.Errorf("nothing was said, but the poll brought %s", r.Result)
		}
		if took := time.Since(began); took != 50*time.Second {
			t.Errorf("an empty poll took %v, want what Telegram allows at most", took)
		}
		got := make(chan reply)
		go func() { got <- b.call("getUpdates", "timeout", "50", "offset", "1") }()
		synctest.Wait()
		ana.Say("a")
		ana.Say("b")
		if r := <-got; strings.Count(string(r.Result), "update_id") != 2 {
			t.Errorf("the poll brought %s, want both", r.Result)
		}
	})
}

func TestTwoPollers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		first, second := make(chan reply), make(chan reply)
		go func() { first <- b.call("getUpdates", "timeout", "50", "offset", "5") }()
		synctest.Wait()
		go func() { second <- b.call("getUpdates", "timeout", "50", "offset", "6") }()
		if r := <-first; r.ErrorCode != 409 || !strings.HasPrefix(r.Description, "Conflict: terminated by other getUpdates") {
			t.Errorf("the older poll got %+v", r)
		}
		synctest.Wait()
		b.call("setWebhook", "url", "https://bot.example.com/hook")
		if r := <-second; r.ErrorCode != 409 || !strings.HasPrefix(r.Description, "Conflict: terminated by setWebhook") {
			t.Errorf("the newer poll got %+v when a webhook was set", r)
		}
		if r := b.call("getUpdates"); r.ErrorCode != 409 || !strings.Contains(r.Description, "webhook is active") {
			t.Errorf("a poll beside a webhook got %+v", r)
		}
		srv.Person("Ana", "").Say("hello")
		srv.StopDelivering()
		b.call("deleteWebhook")
		wantUpdates(t, b.updates(0), "100001 message hello")
	})
}

func TestKindsAreRemembered(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		ana := srv.Person("Ana", "")
		b.call("getUpdates", "allowed_updates", `["edited_message"]`)
		b.call("getUpdates")
		id := ana.Say("a")
		ana.Edit(id, "b")
		wantUpdates(t, b.updates(1), "100001 edited b")
		b.call("getUpdates", "allowed_updates", `[]`)
		ana.Say("c")
		wantUpdates(t, b.updates(100002), "100002 message c")
	})
}

func TestUpdatesDie(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		ana := srv.Person("Ana", "")
		ana.Say("a")
		ana.PressData(1, "x")
		pass(149 * time.Second)
		wantUpdates(t, b.updates(0), "100001 message a", "100002 press x")
		pass(2 * time.Second)
		wantUpdates(t, b.updates(0), "100001 message a")
		pass(24 * time.Hour)
		wantUpdates(t, b.updates(0))
	})
}

func TestRedeliver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{})
		ana := srv.Person("Ana", "")
		for i := range 3 {
			ana.Say(fmt.Sprint(i))
		}
		b.updates(0)
		b.updates(100004)
		srv.Redeliver(2)
		// Not even the offset that would confirm them keeps them away.
		wantUpdates(t, b.updates(100005), "100002 message 1", "100003 message 2")
		wantUpdates(t, b.updates(100004))
	})
}

func TestTwice(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		srv, b := near(t, faketelegram.Options{Twice: true})
		srv.Person("Ana", "").Say("a")
		wantUpdates(t, b.updates(0), "100001 message a", "100001 message a")
		wantUpdates(t, b.updates(100002))
	})
}

func TestWaitFor(t *testing.T) {
	srv, b := near(t, faketelegram.Options{})
	done := make(chan error)
	go func() { done <- srv.WaitCalls(t.Context(), "getMe", 2) }()
	b.call("getMe")
	b.call("getMe")
	if err := <-done; err != nil {
		t.Error(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := srv.WaitCalls(over, "getMe", 3); err == nil {
		t.Error("a wait in vain ended well")
	}
	if _, err := srv.Person("Ana", "").Next(over); err == nil {
		t.Error("a person heard a bot that said nothing")
	}
}
