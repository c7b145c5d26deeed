package main

import (
	"strings"
	"testing"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// @BotFather revokes the token: staff go on in Slack, and hear there that clients
// can't be reached.
func TestDeskTelegramIsLost(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	d := quiet(t, false, "LISTEN="+address)
	d.serve()
	d.requested(1, 1)
	request := d.card("R1")
	d.telegram.Revoke()
	d.card("Clients can't reach the bot, and it can't reach them", "Their chat service does not accept the bot's token any more.")
	d.presses(d.lee, request, "Confirm this time")
	d.shows(request, "Confirmed by Lee Sample")
	if code, body := get(t, "http://"+address+"/readyz"); code != 503 || body != "telegram is not heard\n" {
		t.Errorf("/readyz: %d %s", code, body)
	}
	if n := strings.Count(d.serving.stderr.String(), "@BotFather"); n != 1 {
		t.Errorf("the log says %d times what to do:\n%s", n, d.serving.stderr)
	}
	d.ends()
}

// The app is taken out of the workspace: clients are answered as before, and once
// another token is set the cards are there.
func TestDeskSlackIsLost(t *testing.T) {
	t.Parallel()
	d := quiet(t, false)
	d.serve()
	d.slack.Fail(fakeslack.Fault{Do: fakeslack.Refuse, Error: "token_revoked"})
	clients := d.requested(1, 2)
	d.slack.Drop()
	db := d.open()
	defer db.Close()
	d.passes(db, "Slack is given up", func() bool { return strings.Contains(d.serving.stderr.String(), "set SLACK_BOT_TOKEN") })
	clients[0].Say("/appointments")
	d.hearsOf(clients[0], "What is on file for you")
	d.stop()
	d.slack.Heal()
	d.serve()
	d.passes(db, "all cards stand", func() bool { return len(d.cards()) >= 2 })
	d.drained()
	if got := d.titles(); len(got) != 2 {
		t.Errorf("the cards are %q", got)
	}
	d.ends()
}

// Without any chat service there is nothing left to do: serve ends and says why.
func TestDeskEverythingIsLost(t *testing.T) {
	t.Parallel()
	d := quiet(t, false)
	d.serve()
	d.telegram.Revoke()
	d.card("Clients can't reach the bot")
	d.slack.Fail(fakeslack.Fault{Do: fakeslack.Refuse, Error: "token_revoked"})
	d.slack.Drop()
	s := d.serving
	code := <-s.code
	s.code <- code
	if code != 1 {
		t.Errorf("serve ended with %d", code)
	}
	for _, want := range []string{"telegram: ", "@BotFather", "slack: ", "install the app again"} {
		if !strings.Contains(s.stderr.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, s.stderr)
		}
	}
}
