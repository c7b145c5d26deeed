package slack_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
)

// refusedAs checks the error of a message that can't be sent now.
func (r *rig) refusedAs(m bot.Outgoing, want bot.Class) {
	r.Helper()
	_, err := r.p.Send(r.ctx, m)
	var failed *bot.SendError
	if !errors.As(err, &failed) || failed.Class != want || (failed.After > 0) != (want == bot.Wait) {
		r.Errorf("failed with %v, want %s", err, want)
	}
}

// cards are those that stand in a channel outside its threads.
func cards(room *fakeslack.Channel) []fakeslack.Message {
	return slices.DeleteFunc(room.Messages(), func(m fakeslack.Message) bool { return m.Thread != "" || m.User != fakeslack.BotUser })
}

// TestDraw holds how a card looks, and that it is changed where it stands.
func TestDraw(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	m := card(room.ID)
	m.Card.Facts = append(m.Card.Facts, conversation.Fact{Label: "Wants", Value: conversation.Text{
		{Item: true, Spans: []conversation.Span{{Text: "Dec 7, 9:00"}}}, {Item: true, Spans: []conversation.Span{{Text: "Dec 8, 9:00"}}}}})
	m.Card.Buttons[2].Sure = &conversation.SureQuestion{Title: "Refuse?", Text: "The client is told.", Yes: "Refuse", No: "Back"}
	id := r.send(m)
	got := cards(room)
	if len(got) != 1 || id != room.ID+":"+got[0].TS {
		t.Fatalf("%d cards stand, the id is %q", len(got), id)
	}
	want := "R1 · Ana L. · …0101\nWants another time.\nNow: Dec 3, 10:20\nWants: \nDec 7, 9:00\nDec 8, 9:00\n[Claim] [Confirm] [Refuse]\nNobody holds it."
	if shown := got[0].Shown(); shown != want {
		t.Errorf("shown as %q, want %q", shown, want)
	}
	if n := got[0].Notification(); n != "There is something for the biometrics desk." {
		t.Errorf("a locked screen shows %q", n)
	}
	for label, style := range map[string]any{"Claim": nil, "Confirm": "primary", "Refuse": "danger"} {
		_, e, _ := got[0].Button(label)
		if e.Style != style || e.Value != "request-1" || (e.Confirm != nil) != (label == "Refuse") {
			t.Errorf("%s is %+v", label, e)
		}
	}
	m.RefersTo = id
	m.Card.Buttons, m.Card.Note = nil, conversation.Text{{Spans: []conversation.Span{
		{Text: "Confirmed by "}, {Text: "Lee", Person: r.lee.ID}, {Text: ", see "}, {Text: "R0", Message: room.ID + ":1700000000.000100"}}}}
	for range 2 {
		if again := r.send(m); again != id {
			t.Errorf("the card is %q now, was %q", again, id)
		}
	}
	now, _ := room.Message(got[0].TS)
	if !strings.HasSuffix(now.Shown(), "\nConfirmed by @"+r.lee.ID+", see R0") || len(now.Labels()) != 0 || len(cards(room)) != 1 {
		t.Errorf("%d cards stand, shown as %q", len(cards(room)), now.Shown())
	}
	var link string
	for _, e := range now.Blocks[len(now.Blocks)-1].Elements[0].Elements {
		link += e.URL
	}
	if want := strings.TrimSuffix(r.config.APIURL, "api/") + "archives/" + room.ID + "/p1700000000000100"; link != want {
		t.Errorf("it leads to %q, want %q", link, want)
	}
	r.clean()
}

// A card whose answer was lost stands once, whatever else went wrong meanwhile.
func TestLostCards(t *testing.T) {
	for _, test := range []struct {
		name   string
		method string
		do     fakeslack.FaultKind
		class  bot.Class
	}{
		{"the answer was cut off", "chat.postMessage", fakeslack.AfterDone, bot.Ambiguous},
		{"half an answer came", "chat.postMessage", fakeslack.Garbage, bot.Ambiguous},
		{"it never arrived", "chat.postMessage", fakeslack.Internal, bot.Ambiguous},
		{"too many", "chat.postMessage", fakeslack.TooMany, bot.Wait},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := socket(t, fakeslack.Options{})
			room := r.staffRoom(r.lee)
			other := card(room.ID)
			other.ID = "card-0"
			r.send(other)
			m := card(room.ID)
			r.srv.Fail(fakeslack.Fault{Method: test.method, Do: test.do, Times: 1, RetryAfter: 1})
			r.refusedAs(m, test.class)
			m.Again = test.class == bot.Ambiguous
			if m.Again { // and Slack can't be asked at first
				r.srv.Fail(fakeslack.Fault{Method: "conversations.history", Do: fakeslack.Internal, Times: 1})
				r.refusedAs(m, bot.Again)
				r.srv.Fail(fakeslack.Fault{Method: "conversations.history", Do: fakeslack.TooMany, RetryAfter: 1, Times: 1})
				r.refusedAs(m, bot.Wait)
			}
			m.Card.Title = "later"
			r.p = r.another() // the process died meanwhile
			id := r.send(m)
			if again := r.send(bot.Outgoing{Kind: bot.Draw, Chat: room.ID, ID: m.ID, RefersTo: id, Card: m.Card}); again != id {
				t.Errorf("the card is %q and %q", id, again)
			}
			all := cards(room)
			if len(all) != 2 || !strings.HasPrefix(all[1].Shown(), "later\n") {
				t.Errorf("%d cards stand, want 2", len(all))
			}
			r.clean()
		})
	}
}

// A change of a card can be repeated; a card that somebody deleted is posted anew,
// once.
func TestRedraw(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	m := card(room.ID)
	m.RefersTo = r.send(m)
	for _, do := range []fakeslack.FaultKind{fakeslack.AfterDone, fakeslack.Garbage, fakeslack.Internal, fakeslack.Reset} {
		r.srv.Fail(fakeslack.Fault{Method: "chat.update", Do: do, Times: 1})
		r.refusedAs(m, bot.Again)
	}
	r.srv.Fail(fakeslack.Fault{Method: "chat.update", Do: fakeslack.TooMany, RetryAfter: 2, Times: 1})
	r.refusedAs(m, bot.Wait)
	for _, word := range []string{"msg_too_long", "invalid_blocks"} {
		r.srv.Fail(fakeslack.Fault{Method: "chat.update", Do: fakeslack.Refuse, Error: word, Times: 1})
		r.refusedAs(m, bot.Never)
	}
	r.send(bot.Outgoing{Kind: bot.Delete, Chat: room.ID, RefersTo: m.RefersTo})
	r.srv.Fail(fakeslack.Fault{Method: "chat.postMessage", Do: fakeslack.AfterDone, Times: 1})
	r.refusedAs(m, bot.Ambiguous)
	m.Again = true
	id := r.send(m)
	if all := cards(room); len(all) != 1 || id == m.RefersTo || id != room.ID+":"+all[0].TS {
		t.Errorf("%d cards stand, the id is %s", len(all), id)
	}
	m.RefersTo, m.Again = "C0ANOTHER:1700000000.000100", false // the office had another channel
	r.send(m)
	if n := len(cards(room)); n != 2 {
		t.Errorf("%d cards stand, want one for each channel", n)
	}
	r.clean()
}

// Nothing of a case goes into a channel that others can read, or where the app can't
// post; it waits, one line says so, and it goes on when the channel was put right.
func TestUnfitRoom(t *testing.T) {
	for _, test := range []struct {
		set  fakeslack.Setting
		want string
	}{
		{fakeslack.Setting{Name: "staff"}, "not a private channel"},
		{fakeslack.Setting{Name: "staff", Private: true, ExtShared: true}, "shared with others"},
		{fakeslack.Setting{Name: "staff", Private: true, Shared: true}, "shared with others"},
		{fakeslack.Setting{Name: "staff", Private: true, Archived: true}, "archived"},
		{fakeslack.Setting{Name: "staff", Private: true, Out: true}, "does not see it"},
	} {
		t.Run(test.want, func(t *testing.T) {
			t.Parallel()
			clock := newClock()
			r := socket(t, fakeslack.Options{Scopes: append(slack.Scopes(true), "channels:read")}, func(c *slack.Config) { c.Now = clock.now })
			room := r.srv.Channel(test.set, r.lee)
			r.config.StaffChannel = room.ID
			r.p = r.another()
			r.receive()
			for range 3 {
				r.refusedAs(card(room.ID), bot.Wait)
				r.refusedAs(below(room.ID+":1700000000.000100", "noted"), bot.Wait)
				r.refusedAs(bot.Outgoing{Kind: bot.Message, Chat: room.ID, ID: "1", Reply: says(r.lee, "a digest").Reply}, bot.Wait)
			}
			r.send(says(r.lee, "others are served"))
			if n := r.srv.Count("conversations.info"); n != 1 {
				t.Errorf("asked %d times within a minute", n)
			}
			if n := r.log.Lines("nothing is posted into the staff channel"); n != 1 || r.log.Lines(test.want) != 1 {
				t.Errorf("%d lines say so:\n%s", n, r.log)
			}
			clock.add(61)
			r.refusedAs(card(room.ID), bot.Wait)
			room.Change(func(s *fakeslack.Setting) { *s = fakeslack.Setting{Name: "staff", Private: true} })
			r.refusedAs(card(room.ID), bot.Wait)
			if n := len(room.Messages()); n != 0 {
				t.Errorf("%d messages were posted", n)
			}
			clock.add(61)
			r.send(card(room.ID))
			if n := r.log.Lines("nothing is posted into the staff channel"); n != 1 {
				t.Errorf("%d lines about one trouble:\n%s", n, r.log)
			}
		})
	}
}

// What Slack does not answer about the channel is no leave to post there.
func TestUnknownRoom(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	r.srv.Fail(fakeslack.Fault{Method: "conversations.info", Do: fakeslack.Internal, Times: 1})
	r.refusedAs(card(room.ID), bot.Again)
	r.srv.Fail(fakeslack.Fault{Method: "conversations.info", Do: fakeslack.TooMany, RetryAfter: 7, Times: 1})
	r.refusedAs(card(room.ID), bot.Wait)
	if n := len(room.Messages()); n != 0 {
		t.Errorf("%d messages were posted", n)
	}
	r.send(card(room.ID))
	for _, word := range []string{"is_archived", "channel_not_found", "not_in_channel"} { // within the minute
		r.srv.Fail(fakeslack.Fault{Method: "chat.postMessage", Do: fakeslack.Refuse, Error: word, Times: 1})
		r.refusedAs(card(room.ID), bot.Wait)
	}
}

// TestWrongPlaces holds what is not sent at all.
func TestWrongPlaces(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	other := r.srv.PrivateChannel("other", r.lee)
	draw := func(change func(*bot.Outgoing)) bot.Outgoing {
		m := card(room.ID)
		m.Card.Buttons = slices.Clone(m.Card.Buttons)
		change(&m)
		return m
	}
	for name, m := range map[string]bot.Outgoing{
		"a card for another channel":        draw(func(m *bot.Outgoing) { m.Chat = other.ID }),
		"a card for a person":               draw(func(m *bot.Outgoing) { m.Chat = r.lee.ID }),
		"a card with nothing on it":         draw(func(m *bot.Outgoing) { m.Card = conversation.Card{} }),
		"a button with data of a person":    draw(func(m *bot.Outgoing) { m.Card.Buttons[0].Ref = "Ana López" }),
		"a button with too much":            draw(func(m *bot.Outgoing) { m.Card.Buttons[0].Ref = strings.Repeat("x", 81) }),
		"a button of no act":                draw(func(m *bot.Outgoing) { m.Card.Buttons[0].Act = "" }),
		"a thread in another channel":       below(other.ID+":1700000000.000100", "noted"),
		"a thread of a person":              below(r.lee.DMID()+":1700000000.000100", "noted"),
		"a thread that is none":             below(room.ID+":now", "noted"),
		"a page for the channel":            {Kind: bot.Home, Chat: room.ID},
		"a page for somebody on no list":    {Kind: bot.Home, Chat: r.srv.Member("Nobody").ID},
		"an unknown kind of message":        {Kind: "dance", Chat: r.lee.ID},
		"words for a channel of other ones": {Kind: bot.Message, Chat: other.ID, Reply: says(r.lee, "x").Reply},
	} {
		_, err := r.p.Send(r.ctx, m)
		if failed := (*bot.SendError)(nil); !errors.As(err, &failed) || failed.Class != bot.Never {
			t.Errorf("%s: %v, want never", name, err)
		}
	}
	if n := len(room.Messages()) + len(other.Messages()) + len(r.lee.Messages()); n != 0 {
		t.Errorf("%d messages were posted", n)
	}
}
