package fakeslack_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// On a clock that leaps ahead whenever everybody waits, an event that nobody
// acknowledges comes after 3 s, a minute and 5 minutes again.
func TestRetriesByTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeslack.New(fakeslack.Options{NoEcho: true})
		near := srv.Near()
		defer near.Stop()
		api := slack.New(fakeslack.BotToken, slack.OptionAppLevelToken(fakeslack.AppToken), slack.OptionAPIURL(near.API), slack.OptionHTTPClient(near.Client))
		_, url, err := api.StartSocketModeContext(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ws, _, err := (&websocket.Dialer{NetDialContext: near.Dial}).Dial(url, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.Close()
		k := socket{t, ws}
		if e := k.next(); e.Type != "hello" {
			t.Fatalf("got %+v", e)
		}
		began := time.Now()
		srv.Member("Lee").DM("hello")
		for n, want := range []time.Duration{0, 3 * time.Second, 66 * time.Second, 369 * time.Second} {
			if e := k.next(); e.Attempt != n || time.Since(began) != want {
				t.Errorf("attempt %d came after %v, want %d after %v", e.Attempt, time.Since(began), n, want)
			}
		}
		if err := srv.WaitQuiet(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 372*time.Second {
			t.Errorf("Slack gave up after %v", took)
		}
	})
}

func TestTriggersDie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeslack.New(fakeslack.Options{})
		near := srv.Near()
		defer near.Stop()
		lee := srv.Member("Lee")
		api := slack.New(fakeslack.BotToken, slack.OptionAPIURL(near.API), slack.OptionHTTPClient(near.Client))
		for _, x := range []struct {
			wait time.Duration
			want string
		}{{3 * time.Second, ""}, {3*time.Second + 1, "expired_trigger_id"}} {
			id := lee.Command("/biometrics", "new")
			<-time.After(x.wait)
			_, err := api.OpenViewContext(t.Context(), trigger(srv, id), slack.ModalViewRequest{
				Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "New", false, false)})
			if got := message(err); got != x.want {
				t.Errorf("after %v: %q, want %q", x.wait, got, x.want)
			}
		}
	})
}
