package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
	"reschedulebot/conversation"
)

// offsets are what the polls asked with.
func offsets(srv *faketelegram.Server) []string {
	var all []string
	for _, c := range srv.Calls("getUpdates") {
		all = append(all, c.Params.Get("offset"))
	}
	return all
}

func TestPollConfirmsAfterTake(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		durable := make(chan struct{})
		r.ears.check = func(context.Context, bot.Incoming) error { <-durable; return nil }
		ana := r.srv.Person("Ana", "es")
		ana.Say("hello")
		r.receive()
		synctest.Wait()
		if got := offsets(r.srv); !slices.Equal(got, []string{""}) || r.srv.Pending() != 1 {
			t.Errorf("polled with %q and %d updates wait, while the event is not safe yet", got, r.srv.Pending())
		}
		close(durable)
		synctest.Wait()
		if got := offsets(r.srv); !slices.Equal(got, []string{"", "100002"}) || r.srv.Pending() != 0 {
			t.Errorf("polled with %q and %d updates wait, when the event was safe", got, r.srv.Pending())
		}
	})
}

func TestPollPoison(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		ana := r.srv.Person("Ana", "es")
		ana.Say("before")
		for _, poison := range []string{
			`{"update_id":%d,"message":{"message_id":"SECRET","date":1,"chat":{"id":7,"type":"private"},"text":"SECRET"}}`,
			`{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"entities":[{"type":"bot_command","offset":0,"length":99999999999999999999}],"text":"/SECRET"}}`,
			`{"update_id":%d,"callback_query":{"id":5,"from":{"id":7},"data":"SECRET"}}`,
			`{"update_id":"x","message":{"text":"SECRET"}}`,
			`7`, `[]`, `null`, `{}`, `"SECRET"`,
		} {
			r.srv.Raw(poison)
		}
		ana.Say("after")
		r.receive()
		r.settled()
		var good []string
		ids := map[string]bool{}
		quarantined := 0
		for _, in := range r.hears(2) {
			if in.Quarantine == "" {
				good = append(good, in.Event.Text)
				continue
			}
			quarantined++
			ids[in.EventID] = true
			if in.Chat != "" || in.Platform != "telegram" || len(in.Raw) == 0 || strings.Contains(in.Quarantine, "SECRET") {
				t.Errorf("quarantined as %+v", in)
			}
		}
		if !slices.Equal(good, []string{"before", "after"}) {
			t.Errorf("took %q", good)
		}
		if quarantined != 7 || len(ids) != 7 { // null and {} say nothing at all
			t.Errorf("%d events with %d ids were quarantined, want 7", quarantined, len(ids))
		}
		if log := r.log.String(); strings.Contains(log, "SECRET") {
			t.Errorf("logged %s", log)
		}
	})
}

func TestPollIDsRestartLower(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		ana := r.srv.Person("Ana", "es")
		r.receive()
		var want []string
		for _, first := range []int{900, 7, 1 << 40, 1} {
			r.srv.NextUpdateID(first)
			for i := range 3 {
				text := fmt.Sprint(first, i)
				ana.Say(text)
				want = append(want, text)
			}
			r.hears(len(want))
			synctest.Wait()
		}
		r.settled()
		got := r.ears.heard()
		if !slices.Equal(texts(got, ""), want) {
			t.Errorf("took %q, want %q", texts(got, ""), want)
		}
		if n := r.srv.Count("getUpdates"); n > 30 {
			t.Errorf("polled %d times: in a circle", n)
		}
	})
}

func TestPollSameUpdateAgain(t *testing.T) {
	bubble(t, faketelegram.Options{Twice: true}, telegram.Config{}, func(t *testing.T, r *rig) {
		ana := r.srv.Person("Ana", "es")
		r.receive()
		id := ana.Say("hello")
		ana.Edit(id, "hello!")
		query := ana.PressData(id, "1|2|x")
		ana.Block()
		ana.Unblock()
		r.hears(10)
		r.settled()
		r.srv.Redeliver(10)
		times := map[string]int{}
		for _, in := range r.hears(20) {
			times[in.EventID]++
		}
		if len(times) != 5 {
			t.Errorf("five events have the ids %v", times)
		}
		if n, _ := r.srv.Answers(query); n != 1 || r.srv.Count("answerCallbackQuery") != 1 {
			t.Errorf("the press was answered %d times with %d calls", n, r.srv.Count("answerCallbackQuery"))
		}
	})
}

func TestPollOrder(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		free := make(chan struct{})
		ana, ben := r.srv.Person("Ana", "es"), r.srv.Person("Ben", "en")
		chatA, chatB := strconv.FormatInt(ana.ID, 10), strconv.FormatInt(ben.ID, 10)
		r.ears.check = func(_ context.Context, in bot.Incoming) error {
			if in.Chat == chatA {
				<-free
			}
			return nil
		}
		var want []string
		for i := range 20 {
			ana.Say(fmt.Sprint(i))
			ben.Say(fmt.Sprint(i))
			want = append(want, fmt.Sprint(i))
		}
		r.receive()
		synctest.Wait()
		if got := r.ears.heard(); !slices.Equal(texts(got, chatB), want) || len(texts(got, chatA)) > 0 {
			t.Errorf("while Ana's first event takes its time, %q of Ben's and %q of Ana's were taken", texts(got, chatB), texts(got, chatA))
		}
		close(free)
		if got := r.hears(40); !slices.Equal(texts(got, chatA), want) {
			t.Errorf("Ana's were taken as %q", texts(got, chatA))
		}
	})
}

func TestPollFailingTake(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		ana, ben := r.srv.Person("Ana", "es"), r.srv.Person("Ben", "en")
		chatA, chatB := strconv.FormatInt(ana.ID, 10), strconv.FormatInt(ben.ID, 10)
		failures := 5
		r.ears.check = func(_ context.Context, in bot.Incoming) error {
			if in.Event.Text == "a1" && failures > 0 {
				failures--
				return errors.New("the disk is full")
			}
			return nil
		}
		ben.Say("b1")
		ana.Say("a1")
		ben.Say("b2")
		ana.Say("a2")
		r.receive()
		synctest.Wait()
		if got := texts(r.ears.heard(), ""); !slices.Equal(got, []string{"b1", "b2"}) {
			t.Errorf("took %q while Ana's first could not be taken", got)
		}
		ben.Say("b3")
		r.settled()
		got := r.ears.heard()
		if a := texts(got, chatA); !slices.Equal(a, []string{"a1", "a2"}) {
			t.Errorf("of Ana's %q were taken", a)
		}
		seen := map[string]bool{}
		b := slices.DeleteFunc(texts(got, chatB), func(s string) bool { again := seen[s]; seen[s] = true; return again })
		if !slices.Equal(b, []string{"b1", "b2", "b3"}) {
			t.Errorf("of Ben's %q were taken", b)
		}
		if n := r.log.Lines("the disk is full"); n != 1 {
			t.Errorf("the trouble was logged %d times within a minute", n)
		}
	})
}

// However long one person's events can't be taken, others are served.
func TestPollLongTrouble(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		ana, ben := r.srv.Person("Ana", "es"), r.srv.Person("Ben", "en")
		r.ears.check = func(_ context.Context, in bot.Incoming) error {
			if in.Chat == strconv.FormatInt(ana.ID, 10) {
				return errors.New("the disk is full")
			}
			return nil
		}
		ana.Say("x")
		r.receive()
		<-time.After(10 * time.Minute)
		for i := range 5 {
			text := fmt.Sprint(i)
			ben.Say(text)
			said := time.Now()
			for !slices.Contains(texts(r.ears.heard(), ""), text) {
				<-time.After(100 * time.Millisecond)
			}
			if took := time.Since(said); took > 2*time.Second {
				t.Errorf("Ben waited %v", took)
			}
		}
		if n := r.log.Lines("the disk is full"); n > 11 {
			t.Errorf("logged %d times in ten minutes", n)
		}
	})
}

func TestPollConflict(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		ana := r.srv.Person("Ana", "es")
		r.receive()
		synctest.Wait()
		other := telegramCaller(r.srv)
		for range 5 { // another program polls as well, for a while
			other("getUpdates?timeout=1")
			<-time.After(time.Second)
		}
		ana.Say("hello")
		took := r.hears(2)
		if took[0].Alarm != bot.AlarmConflict || took[0].EventID == "" || took[0].Chat != "" {
			t.Errorf("staff were told %+v", took[0])
		}
		if got := texts(took[1:], ""); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("took %q", got)
		}
		if n := r.log.Lines("somebody else receives"); n != 1 {
			t.Errorf("logged %d times:\n%s", n, r.log)
		}
		if strings.Contains(fmt.Sprint(r.srv.Calls("deleteWebhook")), "drop_pending_updates:[true]") {
			t.Error("updates were dropped")
		}
	})
}

func TestPollRemovesWebhook(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		telegramCaller(r.srv)("setWebhook?url=https://left.invalid/&allowed_updates=%5B%22message%22%5D")
		r.srv.StopDelivering()
		ana := r.srv.Person("Ana", "es")
		ana.Say("hello")
		r.receive()
		r.hears(1)
		ana.PressData(1, "x") // a kind that the webhook's owner had not asked for
		if got := r.hears(2); got[0].Event.Text != "hello" || got[1].Event.Kind != conversation.Pressed {
			t.Errorf("took %+v", got)
		}
		for _, c := range r.srv.Calls("getUpdates") {
			if c.Params.Get("allowed_updates") != `["message","edited_message","callback_query","my_chat_member"]` {
				t.Errorf("a poll asked for %q", c.Params.Get("allowed_updates"))
			}
		}
	})
}

// A webhook that another program sets meanwhile is removed: it would stand in the way
// also when that program is gone.
func TestPollRemovesWebhookOfAnother(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.receive()
		synctest.Wait()
		telegramCaller(r.srv)("setWebhook?url=https://elsewhere.invalid/")
		r.srv.StopDelivering()
		r.srv.Person("Ana", "es").Say("hello")
		if got := r.hears(2); got[0].Alarm != bot.AlarmConflict || got[1].Event.Text != "hello" {
			t.Errorf("took %+v", got)
		}
	})
}

func TestPollGivesUpHungConnection(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.srv.Fail(faketelegram.Fault{Method: "getUpdates", Do: faketelegram.Hang, Times: 1})
		ana := r.srv.Person("Ana", "es")
		ana.Say("hello")
		began := time.Now()
		r.receive()
		r.hears(1)
		if took := time.Since(began); took < 50*time.Second || took > 66*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestPollWaitsAsTold(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.srv.Fail(faketelegram.Fault{Method: "getUpdates", Do: faketelegram.TooMany, RetryAfter: 40, Times: 1})
		r.srv.Person("Ana", "es").Say("hello")
		began := time.Now()
		r.receive()
		r.hears(1)
		if took := time.Since(began); took < 40*time.Second || took > 44*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// In an outage of a day the adapter neither gives up nor hammers.
func TestPollOutage(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.receive()
		synctest.Wait()
		r.srv.Fail(faketelegram.Fault{Do: faketelegram.Page})
		<-time.After(24 * time.Hour)
		if n := r.srv.Count("getUpdates"); n < 24*60 || n > 24*60*5 {
			t.Errorf("polled %d times in a day", n)
		}
		if n := r.log.Lines("can't be received"); n > 24*60 {
			t.Errorf("logged %d lines in a day", n)
		}
		r.srv.Heal()
		ana := r.srv.Person("Ana", "es")
		ana.Say("hello")
		began := time.Now()
		r.hears(1)
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("the outage is over, but that was noticed only after %v", took)
		}
	})
}

func TestStopFinishesWhatIsTaken(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		began, durable := make(chan struct{}), make(chan struct{})
		r.ears.check = func(context.Context, bot.Incoming) error { close(began); <-durable; return nil }
		ana := r.srv.Person("Ana", "es")
		query := ana.PressData(1, "x")
		ana.Say("never begun")
		stop := r.receive()
		<-began
		ended := make(chan error, 1)
		go func() { ended <- stop() }()
		synctest.Wait()
		select {
		case err := <-ended:
			t.Fatalf("receiving ended while an event was being taken: %v", err)
		default:
		}
		close(durable)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := r.ears.heard(); len(got) != 1 || got[0].Event.Kind != conversation.Pressed {
			t.Errorf("took %+v", got)
		}
		if n, _ := r.srv.Answers(query); n != 1 {
			t.Errorf("the press was answered %d times", n)
		}
		if r.srv.Pending() != 2 {
			t.Errorf("%d updates wait for the next start", r.srv.Pending())
		}
	})
}

// TestLongOutage: only after an outage in which presses were dropped are open
// questions to be asked again, and after what people wrote meanwhile.
func TestLongOutage(t *testing.T) {
	for _, outage := range []time.Duration{90 * time.Second, 5 * time.Minute} {
		bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
			ana := r.srv.Person("Ana", "es")
			r.receive()
			ana.Say("before")
			r.hears(1)
			r.srv.Fail(faketelegram.Fault{Method: "getUpdates", Do: faketelegram.Internal})
			ana.Say("meanwhile") // ends the poll that waits
			time.AfterFunc(outage, r.srv.Heal)
			want := 3
			if outage < 2*time.Minute {
				want = 2
				time.AfterFunc(5*time.Minute, func() { ana.Say("long after") })
				want++
			}
			got := r.hears(want)
			if last := got[len(got)-1]; (last.Event.Kind == conversation.Asleep && last.Chat == "") != (outage > 2*time.Minute) {
				t.Errorf("after %v without Telegram: %+v", outage, last)
			}
		})
	}
}

func TestStopAtAnyTime(t *testing.T) {
	for name, method := range map[string]string{"while starting": "getMe", "while polling": "getUpdates", "while describing": "setMyCommands"} {
		t.Run(name, func(t *testing.T) {
			bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
				r.srv.Fail(faketelegram.Fault{Method: method, Do: faketelegram.Hang})
				stop := r.receive()
				synctest.Wait()
				began := time.Now()
				if err := stop(); err != nil || time.Since(began) > 0 {
					t.Errorf("it took %v and ended with %v", time.Since(began), err)
				}
			})
		})
	}
}

func TestRevokedToken(t *testing.T) {
	for _, when := range []string{"before", "while polling"} {
		t.Run(when, func(t *testing.T) {
			bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
				if when == "before" {
					r.srv.Revoke()
				}
				done := make(chan error)
				go func() { done <- r.p.Receive(context.Background(), r.ears.take) }()
				synctest.Wait()
				if when != "before" {
					r.srv.Revoke()
				}
				err := <-done
				if err == nil || !strings.Contains(err.Error(), "@BotFather") || strings.Contains(err.Error(), faketelegram.Token) {
					t.Errorf("receiving ended with: %v", err)
				}
			})
		})
	}
}

func TestStartWaitsForTelegram(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.srv.Fail(faketelegram.Fault{Method: "getMe", Do: faketelegram.Internal, Times: 3})
		r.srv.Fail(faketelegram.Fault{Method: "deleteWebhook", Do: faketelegram.Reset, Times: 2})
		r.srv.Fail(faketelegram.Fault{Method: "deleteWebhook", Do: faketelegram.TooMany, RetryAfter: 4, Times: 1})
		r.srv.Person("Ana", "es").Say("hello")
		r.receive()
		r.hears(1)
		before := map[string]int{}
		for _, c := range r.srv.Calls("") {
			if c.Method == "getUpdates" {
				break
			}
			before[c.Method]++
		}
		if before["getMe"] != 4 || before["deleteWebhook"] != 4 {
			t.Errorf("before the first poll these calls were made: %v", before)
		}
	})
}
