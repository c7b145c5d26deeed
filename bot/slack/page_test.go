package slack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/conversation"
)

// TestHome holds that a page is shown as it is now, however often.
func TestHome(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	r.staffRoom(r.lee)
	home := func(cards ...conversation.Card) bot.Outgoing {
		return bot.Outgoing{Kind: bot.Home, Chat: r.lee.ID, ID: "letter-1", Language: "es", Page: conversation.Page{Cards: cards}}
	}
	m := home(conversation.Card{Title: "Mine", Buttons: []conversation.Button{{Label: "Register", Act: "register"}}}, conversation.Card{Title: "This week"})
	for _, do := range []fakeslack.FaultKind{fakeslack.AfterDone, fakeslack.Internal} {
		r.srv.Fail(fakeslack.Fault{Method: "views.publish", Do: do, Times: 1})
		r.refusedAs(m, bot.Again)
	}
	r.srv.Fail(fakeslack.Fault{Method: "views.publish", Do: fakeslack.TooMany, RetryAfter: 1, Times: 1})
	r.refusedAs(m, bot.Wait)
	r.send(m)
	if v, _ := r.lee.Home(); v.Shown() != "Mine\n[Register]\n———\nThis week" {
		t.Errorf("shown as %q", v.Shown())
	}
	r.send(home())
	if v, _ := r.lee.Home(); v.Shown() != "Aquí no hay nada por ahora." {
		t.Errorf("shown as %q", v.Shown())
	}
	if n := len(r.lee.Messages()); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
	r.clean()
}

// A page that Slack does not take whole ends between two cards and says how many
// are left out.
func TestLongHome(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	for _, test := range []struct {
		words string
		cards int
	}{
		{"short", 24}, {"short", 25}, {"short", 26}, {"short", 300}, {strings.Repeat("😀<&>", 3000), 40},
	} {
		var page conversation.Page
		for i := range test.cards {
			page.Cards = append(page.Cards, conversation.Card{
				Title: fmt.Sprintf("No. %d", i), Text: conversation.Text{line(test.words)}, Buttons: []conversation.Button{{Label: "Open", Act: "open"}}})
		}
		r.send(bot.Outgoing{Kind: bot.Home, Chat: r.lee.ID, Language: "en", Page: page})
		v, _ := r.lee.Home()
		shown := len(slices.DeleteFunc(v.Labels(), func(l string) bool { return l != "Open" }))
		left := fmt.Sprintf("There is no room for everything here: %d more are left out.", test.cards-shown)
		if ends := strings.HasSuffix(v.Shown(), left); ends != (shown < test.cards) || shown == 0 || len(v.Blocks) > 100 || test.cards <= 25 && shown < 24 {
			t.Errorf("%d of %d cards are shown in %d blocks, ending in %.80q", shown, test.cards, len(v.Blocks), v.Shown()[max(0, len(v.Shown())-80):])
		}
	}
	r.clean()
}
