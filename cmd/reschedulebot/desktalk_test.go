package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// A client asks for a person in the midst of a question: somebody comes, they
// write to each other, and then the bot asks its question again.
func TestDeskTalk(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			d := quiet(t, mode == "http")
			d.serve()
			ana := d.client("Ana", "IOE0000000201")
			ana.Say("/reschedule")
			d.hearsOf(ana, "Why do you need another date?")
			ana.Say("/person")
			d.hearsOf(ana, "Their office is open now.")
			card := d.card("Wants to talk to a person · …0201", "Press I answer, then write in this thread.")

			d.pat.Reply(card, "Who is this?")
			d.told(d.pat, "The client does not read this yet. Press I answer")
			d.presses(d.pat, card, "I answer")
			d.hearsOf(ana, "You are now writing with Pat Sample")
			d.shows(card, "Talks with Pat Sample")
			d.pat.Reply(card, "Hello! <b>What</b> is it, & for *whom*?")
			d.hearsOf(ana, "Pat Sample: Hello! <b>What</b> is it, & for *whom*?")
			ana.Say("1 <!channel> for my son")
			d.notes(card, "The client: 1 <!channel> for my son")
			d.lee.Reply(card, "Tell him from me")
			d.told(d.lee, "The client does not read this: Pat Sample talks with them.")
			d.presses(d.lee, card, "Take over")
			d.hearsOf(ana, "You are now writing with Lee Sample")
			d.lee.Reply(card, "I am the attorney.")
			d.hearsOf(ana, "Lee Sample: I am the attorney.")
			d.presses(d.lee, card, "Back to the assistant")
			back := d.hearsOf(ana, "I am back: the assistant of Lee & Park LLP.")
			if !strings.Contains(back.Text, "Why do you need another date?") || !slices.ContainsFunc(back.Labels(), func(l string) bool { return strings.Contains(l, "Travel already planned") }) {
				t.Errorf("the open question is not asked again: %q %q", back.Text, back.Labels())
			}
			d.shows(card, "The talk is over", "Ended by Lee Sample")
			d.lee.Reply(card, "And one thing more")
			d.told(d.lee, "The client does not read this: the talk is over.")
			d.press(ana, "Travel already planned")
			d.hearsOf(ana, "Where would you like to go?")
			for _, never := range []string{"Who is this?", "Tell him from me", "one thing more"} {
				if strings.Contains(fmt.Sprint(ana.Messages()), never) {
					t.Errorf("the client reads %q", never)
				}
			}
			if c := d.slack.Controls(); len(c) > 0 {
				t.Errorf("words do something in Slack: %+v", c)
			}
			d.ends()
		})
	}
}

// What staff must look at stands in the channel until somebody has said that it is
// done; where nobody takes it, it is said once more.
func TestDeskAlarm(t *testing.T) {
	t.Parallel()
	d := quiet(t, false, "REMIND_CRON=@every 1s")
	d.serve()
	d.client("Ana", "IOE0000000201")
	zoe := d.telegram.Person("Zoe", "")
	d.follow(zoe, d.must("invite", "IOE0000000201"))
	card := d.card("A second chat was connected with a case", "…0201")
	db := d.open()
	defer db.Close()
	if err := d.moveTo(db, d.clock.now().Add(2*time.Hour+time.Minute)); err != nil {
		t.Fatal(err)
	}
	line := d.notes(card, "Nobody has said yet that this is done", "A second chat was connected with a case")
	if !strings.Contains(line.Shown(), d.lee.ID) {
		t.Errorf("nobody is asked: %q", line.Shown())
	}
	d.presses(d.pat, card, "I take it")
	d.shows(card, "Taken by Pat Sample")
	d.notes(card, "Pat Sample takes it.")
	d.presses(d.pat, card, "Done")
	now := d.shows(card, "Done, says Pat Sample")
	if now.Labels() != nil {
		t.Errorf("an alarm that is over has the buttons %q", now.Labels())
	}
	d.notes(card, "Pat Sample says that it is done.")
	d.ends()
}

// In the morning the channel reads what there is to do; running out of time is
// said under the card, and in the end the card says whom to call.
func TestDeskDay(t *testing.T) {
	t.Parallel()
	d := quiet(t, false, "REMIND_CRON=@every 1s")
	d.serve()
	ana := d.client("Ana", "IOE0000000201") // Fri Dec 11, 10:00 in Chicago
	card := d.files(ana)
	db := d.open()
	defer db.Close()
	at := func(day, hour, minute int) {
		t.Helper()
		if err := d.moveTo(db, time.Date(2026, 12, day, hour+6, minute, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	at(10, 8, 1)
	digest := d.card("Thu Dec 10, 2026, 8:01 AM CST", "Overdue, or less than a day left", "R1 · …0201: 13 hours 59 minutes left", "nobody is on it", "Appointments tomorrow", "R1 is open")
	if to := d.links(digest); !slices.ContainsFunc(to, func(url string) bool { return strings.Contains(url, strings.ReplaceAll(card.TS, ".", "")) }) {
		t.Errorf("the digest does not lead to the card, but to %q", to)
	}
	if note := digest.Notification(); note != "There is something for the biometrics desk." {
		t.Errorf("a locked screen shows of the digest %q", note)
	}
	at(10, 18, 1)
	line := d.notes(card, "left until", "Nobody has claimed it.", "Please decide R1, or call.")
	if !strings.Contains(line.Shown(), d.lee.ID) {
		t.Errorf("nobody is asked: %q", line.Shown())
	}
	d.presses(d.pat, card, "Claim")
	d.shows(card, "R1 · With Pat Sample")
	at(10, 20, 1)
	d.notes(card, "Pat Sample is on it.", "left until")
	at(10, 22, 1)
	d.shows(card, "Call: not decided in time", "Nobody decided it in time.")
	d.notes(card, "The cut-off came first.")
	d.hearsOf(ana, "Reminder: your biometrics appointment.")
	d.hearsOf(ana, "Your request was not carried out in time.")
	d.ends()
}

// links are the addresses that a message leads to.
func (d *desk) links(m fakeslack.Message) []string {
	var all []string
	var walk func([]fakeslack.Element)
	walk = func(elements []fakeslack.Element) {
		for _, e := range elements {
			if e.URL != "" {
				all = append(all, e.URL)
			}
			walk(e.Elements)
		}
	}
	for _, b := range m.Blocks {
		walk(b.Elements)
	}
	return all
}
