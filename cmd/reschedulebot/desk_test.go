package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	fakeslack "reschedulebot/bot/bottest/slack"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/slack"
)

// A desk is a firm whose staff decide in a channel of their own.
type desk struct {
	*firm
	room *fakeslack.Channel
	hook string // where Slack brings events, "" in Socket Mode
}

// newDesk makes one. In HTTP mode Slack brings what happens to an address of the
// program's.
func newDesk(t *testing.T, http bool, env ...string) *desk {
	t.Helper()
	d := &desk{firm: &firm{office: newOffice(t), slack: fakeslack.New(fakeslack.Options{Scopes: slack.Scopes(true), Patience: patience})}}
	api, stop := d.slack.Start()
	t.Cleanup(stop)
	d.lee, d.pat = d.slack.Member("Lee Sample"), d.slack.Member("Pat Sample")
	d.gus = d.slack.Person(fakeslack.User{Name: "Gus Guest", Restricted: true})
	d.room = d.slack.PrivateChannel("biometrics", d.lee, d.pat, d.gus)
	d.env = append(d.env,
		"BOOKING=desk", "SLACK_BOT_TOKEN="+fakeslack.BotToken, "SLACK_API_URL="+api, "SLACK_TEAM_ID="+fakeslack.TeamID,
		"SLACK_REPRESENTATIVES="+d.lee.ID, "SLACK_PARALEGALS="+d.pat.ID, "SLACK_STAFF_CHANNEL="+d.room.ID)
	if http {
		d.hook = freeAddress(t)
		d.slack.UseHTTP("http://" + d.hook)
		d.env = append(d.env, "SLACK_SIGNING_SECRET="+fakeslack.SigningSecret, "LISTEN="+d.hook)
	} else {
		d.env = append(d.env, "SLACK_APP_TOKEN="+fakeslack.AppToken)
	}
	d.env = append(d.env, env...)
	return d
}

func (d *desk) serve() {
	d.t.Helper()
	if d.hook == "" {
		d.firm.serve()
		return
	}
	d.serveUntil(func(ctx context.Context) error { return ready200(ctx, d.hook) })
}

// until waits until something is so in Slack.
func (d *desk) until(what string, ok func() bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	if err := d.slack.WaitFor(ctx, ok); err != nil {
		d.t.Fatalf("%s: %v\nin the channel stands\n%s\n%s", what, err, d.board(), d.serving.stderr)
	}
}

// board is what stands in the channel, as people see it.
func (d *desk) board() string { return shownIn(d.room) }

func shownIn(room *fakeslack.Channel) string {
	var b strings.Builder
	for _, m := range room.Messages() {
		indent := ""
		if m.Thread != "" {
			indent = "    | "
		}
		fmt.Fprintf(&b, "%s--- %s %s\n%s%s\n", indent, m.User, m.Text, indent, strings.ReplaceAll(m.Shown(), "\n", "\n"+indent))
	}
	return b.String()
}

// cards are what stands in the channel itself, not below another message.
func (d *desk) cards() []fakeslack.Message {
	return slices.DeleteFunc(d.room.Messages(), func(m fakeslack.Message) bool { return m.Thread != "" || m.User != fakeslack.BotUser })
}

// card waits for the card with words in it, and answers it.
func (d *desk) card(words ...string) fakeslack.Message {
	d.t.Helper()
	var card fakeslack.Message
	d.until(fmt.Sprintf("a card with %q", words), func() bool {
		i := slices.IndexFunc(d.cards(), func(m fakeslack.Message) bool { return has(m.Shown(), words) })
		if i < 0 {
			return false
		}
		card = d.cards()[i]
		return true
	})
	return card
}

// shows waits until a card has all these words in it.
func (d *desk) shows(card fakeslack.Message, words ...string) fakeslack.Message {
	d.t.Helper()
	var now fakeslack.Message
	d.until(fmt.Sprintf("%q on the card", words), func() bool {
		var ok bool
		now, ok = d.room.Message(card.TS)
		return ok && has(now.Shown(), words)
	})
	return now
}

// notes waits until the record below a card holds a line with words in it.
func (d *desk) notes(card fakeslack.Message, words ...string) fakeslack.Message {
	d.t.Helper()
	var line fakeslack.Message
	d.until(fmt.Sprintf("%q below the card", words), func() bool {
		for _, m := range d.room.Thread(card.TS)[1:] {
			if has(m.Shown(), words) {
				line = m
				return true
			}
		}
		return false
	})
	return line
}

func has(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// presses presses a button on a card.
func (d *desk) presses(p *fakeslack.Person, card fakeslack.Message, label string) {
	d.t.Helper()
	now, _ := d.room.Message(card.TS)
	id, err := p.PressOn(now, label)
	if err != nil {
		d.t.Fatalf("%v on\n%s", err, now.Shown())
	}
	d.acked(id)
}

// acked expects that what somebody did was acknowledged, without trouble for them.
func (d *desk) acked(id string) {
	d.t.Helper()
	out, err := d.slack.Outcome(d.ctx, id)
	if err != nil || out.Trouble != "" {
		d.t.Fatalf("a press or form ends with %v %s", err, out.Trouble)
	}
}

// told is the next thing that somebody alone is shown in the channel.
func (d *desk) told(p *fakeslack.Person, words string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	for {
		m, err := p.NextIn(ctx, d.room.ID)
		if err != nil {
			d.t.Fatalf("%v, want %q\n%s", err, words, d.serving.stderr)
		}
		if m.Ephemeral == "" {
			continue
		}
		if !strings.Contains(m.Shown(), words) {
			d.t.Fatalf("was told %q, want %q", m.Shown(), words)
		}
		return
	}
}

// dm is the next thing that the bot writes to somebody in their direct messages.
func (d *desk) dm(p *fakeslack.Person, words string) fakeslack.Message {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	m, err := p.NextIn(ctx, p.DMID())
	if err != nil || !strings.Contains(m.Shown(), words) {
		d.t.Fatalf("came %q, want %q in it: %v\n%s", m.Shown(), words, err, d.serving.stderr)
	}
	return m
}

// form presses a button that opens a form, and waits for it.
func (d *desk) form(p *fakeslack.Person, card fakeslack.Message, label, title string) fakeslack.View {
	d.t.Helper()
	d.presses(p, card, label)
	return d.opened(p, title)
}

func (d *desk) opened(p *fakeslack.Person, title string) fakeslack.View {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	v, err := p.WaitModal(ctx, func(v fakeslack.View) bool { return v.Title == title })
	if err != nil {
		d.t.Fatalf("no form %q: %v\n%s", title, err, d.serving.stderr)
	}
	return v
}

// submits fills in the form that is open. wrong says what has to be said at which
// field; where it is nil the form is taken and closes.
func (d *desk) submits(p *fakeslack.Person, values, wrong map[string]string) {
	d.t.Helper()
	id, err := p.Submit(values)
	if err != nil {
		d.t.Fatal(err)
	}
	d.acked(id)
	v, open := p.Modal()
	if len(wrong) == 0 {
		if open {
			d.t.Fatalf("the form stays open: %v", v.Errors)
		}
		return
	}
	if len(v.Errors) != len(wrong) {
		d.t.Errorf("errors at %v, want %v", v.Errors, wrong)
	}
	for field, words := range wrong {
		if !strings.Contains(v.ErrorAt(field), words) {
			d.t.Errorf("at %q stands %q, want %q in it", field, v.ErrorAt(field), words)
		}
	}
}

// picks looks for a place in the menu of the form that is open, and chooses it.
func (d *desk) picks(p *fakeslack.Person, query, label string) {
	d.t.Helper()
	offered, err := p.Suggest(d.ctx, "Place (ASC)", query)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := p.SelectModal("Place (ASC)", label); err != nil {
		d.t.Fatalf("%v, offered is %v", err, offered)
	}
}

// ends stops the program, and expects that Slack had nothing to find fault with,
// that nobody's locked screen showed a client and that no log does.
func (d *desk) ends() {
	d.t.Helper()
	stderr := d.serving.stderr
	d.stop()
	for _, v := range d.slack.Violations() {
		d.t.Errorf("a violation: %+v", v)
	}
	for _, m := range append(d.room.Messages(), append(d.lee.Messages(), d.pat.Messages()...)...) {
		if m.User == fakeslack.BotUser && (strings.Contains(m.Notification(), "Ana") || strings.Contains(m.Notification(), "0201")) {
			d.t.Errorf("a locked screen shows %q", m.Notification())
		}
	}
	for _, never := range []string{fakeslack.BotToken, fakeslack.AppToken, fakeslack.SigningSecret, "IOE0000000201", "Ana"} {
		if strings.Contains(stderr.String(), never) {
			d.t.Errorf("the log holds %q: %s", never, stderr)
		}
	}
	for _, p := range []*fakeslack.Person{d.lee, d.pat} {
		if trouble := p.Troubles(); len(trouble) > 0 {
			d.t.Errorf("Slack told somebody of trouble: %q", trouble)
		}
	}
}

// files has a client ask for another time, and answers the card of it.
func (d *desk) files(p *faketelegram.Person) fakeslack.Message {
	d.t.Helper()
	before := len(d.cards())
	d.asks(p)
	d.press(p, "Yes, send the request")
	d.hearsOf(p, "Requested, not confirmed yet")
	var card fakeslack.Message
	d.until("a card of the request", func() bool {
		all := d.cards()
		if len(all) == before {
			return false
		}
		card = all[len(all)-1]
		return true
	})
	return card
}

// quiet is a desk on a Tuesday afternoon: there is no digest in the channel.
func quiet(t *testing.T, http bool, env ...string) *desk {
	t.Helper()
	d := newDesk(t, http, env...)
	d.clock.set(time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC))
	return d
}

// asked is a quiet desk on which the card of a request stands, and its client.
func asked(t *testing.T) (d *desk, ana *faketelegram.Person, card fakeslack.Message) {
	t.Helper()
	d = quiet(t, false)
	d.serve()
	ana = d.client("Ana", "IOE0000000201")
	return d, ana, d.files(ana)
}

// A request becomes an appointment: filed on Telegram, claimed and confirmed in
// Slack, told on Telegram.
func TestDesk(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			d := quiet(t, mode == "http")
			d.serve()
			ana := d.client("Ana", "IOE0000000201")
			card := d.files(ana)
			d.shows(card, "R1 · Waiting for a decision · …0201", "On file: Fri Dec 11, 2026, 10:00 AM", "Wanted: Mon Dec 14, 2026, 10:00 AM",
				"Travel already planned", "9 days left", "Nobody yet")

			d.presses(d.gus, card, "Claim")
			d.told(d.gus, "only for the firm's staff")
			d.presses(d.pat, card, "Claim")
			d.told(d.pat, "You have R1 now.")
			d.shows(card, "R1 · With Pat Sample")
			d.presses(d.pat, card, "Confirm this time")
			d.told(d.pat, "Only an attorney or accredited representative")
			d.presses(d.pat, card, "Call the Contact Center")
			d.told(d.pat, "800-375-5283")
			before, _ := d.room.Message(card.TS)
			d.presses(d.lee, card, "Confirm this time")
			d.hearsOf(ana, "Confirmed. Lee Sample of Lee & Park LLP has recorded")
			if m := d.hears(ana); m.File == nil {
				t.Errorf("instead of a calendar file came %q", m.Text)
			}
			now := d.shows(card, "R1 · Confirmed · …0201", "In force now: Mon Dec 14", "Claimed by Pat Sample", "Confirmed by Lee Sample")
			if now.Labels() != nil {
				t.Errorf("a decided request has the buttons %q", now.Labels())
			}
			d.notes(card, "Pat Sample has R1 now.")
			d.notes(card, "Confirmed by Lee Sample. In force now: Mon Dec 14")

			if _, err := d.lee.PressOn(before, "Refuse"); err != nil { // from a screen that was not drawn anew
				t.Fatal(err)
			}
			d.told(d.lee, "R1 was already confirmed by Lee Sample")
			if n := len(d.cards()); n != 1 {
				t.Errorf("%d cards stand in the channel:\n%s", n, d.board())
			}
			if n := len(d.room.Thread(card.TS)); n != 3 {
				t.Errorf("the record has %d lines:\n%s", n-1, d.board())
			}
			out := d.must("export", "requests", "--reveal")
			if strings.Count(out, ",confirmed,") != 1 || !strings.Contains(out, ",Lee Sample,") {
				t.Errorf("the record says %s", out)
			}
			d.ends()
		})
	}
}
