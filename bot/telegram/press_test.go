package telegram_test

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
	"reschedulebot/conversation"
)

// question is a reply with two buttons.
func question(chat int64) bot.Outgoing {
	m := says(strconv.FormatInt(chat, 10), "Is that right?")
	m.Reply.Rev = 3
	m.Reply.Choices = []conversation.Choice{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}}
	return m
}

func TestPressesAreAnsweredOnce(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		free := make(chan struct{})
		var failures atomic.Int32
		failures.Store(3)
		r.ears.check = func(context.Context, bot.Incoming) error {
			<-free
			if failures.Add(-1) >= 0 {
				return errors.New("the disk is full")
			}
			return nil
		}
		ana, ben, group := r.srv.Person("Ana", "es"), r.srv.Person("Ben", "en"), r.srv.Group("Family")
		id, err := r.send(question(ana.ID))
		if err != nil {
			t.Fatal(err)
		}
		on, err := strconv.Atoi(id)
		if err != nil {
			t.Fatal(err)
		}
		good, err := ana.Press("Yes")
		if err != nil {
			t.Fatal(err)
		}
		twice, err := ana.PressOn(on, "1 · Yes")
		if err != nil {
			t.Fatal(err)
		}
		queries := map[string]string{
			"a button": good, "the same again": twice, "garbage": ana.PressData(on, "\x00'; --"),
			"somebody else's": ben.PressData(on, "1|3|yes"), "in a group": group.PressData(ben, 1, "1|3|yes"), "nothing": ana.PressData(on, ""),
		}
		r.receive()
		synctest.Wait()
		for name, q := range queries {
			if n, _ := r.srv.Answers(q); n != 1 {
				t.Errorf("%s: answered %d times while the event is still being taken", name, n)
			}
		}
		close(free)
		r.settled()
		if n := r.srv.Count("answerCallbackQuery"); n != len(queries) {
			t.Errorf("%d presses were answered with %d calls", len(queries), n)
		}
		if n := len(r.ears.heard()); n < 5 {
			t.Errorf("%d presses were taken", n)
		}
	})
}

// A press that can't be answered any more, or at all, still counts.
func TestPressesCountWithoutAnAnswer(t *testing.T) {
	for _, do := range []faketelegram.FaultKind{faketelegram.Hang, faketelegram.Reset, faketelegram.Page, faketelegram.TooMany} {
		t.Run(string(do), func(t *testing.T) {
			bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
				r.srv.Fail(faketelegram.Fault{Method: "answerCallbackQuery", Do: do, RetryAfter: 100})
				ana := r.srv.Person("Ana", "es")
				for range 300 {
					ana.PressData(1, "1|3|yes")
				}
				began := time.Now()
				stop := r.receive()
				r.hears(300)
				if took := time.Since(began); took > 30*time.Second {
					t.Errorf("300 presses took %v", took)
				}
				began = time.Now()
				if err := stop(); err != nil || time.Since(began) > 10*time.Second {
					t.Errorf("stopping took %v, %v", time.Since(began), err)
				}
			})
		})
	}
}
