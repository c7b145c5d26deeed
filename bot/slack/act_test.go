package slack_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
)

// modes are both ways in which Slack reaches the bot.
func modes() map[string]func(testing.TB, fakeslack.Options, ...func(*slack.Config)) *rig {
	return map[string]func(testing.TB, fakeslack.Options, ...func(*slack.Config)) *rig{"socket": socket, "http": endpoints}
}

// another is the form that asks for another time.
func another() *conversation.Form {
	return &conversation.Form{
		Name: "another", Ref: "request-1", Title: "Another time", Submit: "Confirm", Text: conversation.Text{line("R1 · Ana L.")},
		Fields: []conversation.Field{
			{Name: "site", Label: "Site", Kind: conversation.SiteField, Value: "XCH", Shown: "XCH · Chicago"},
			{Name: "date", Label: "Date", Kind: conversation.DateField, Value: "2026-12-03", Hint: "A working day"},
			{Name: "time", Label: "Time", Kind: conversation.ClockField},
			{Name: "form", Label: "Form", Kind: conversation.ChoiceField, Value: "N-400", Choices: []conversation.Choice{{Label: "I-485", Value: "I-485"}, {Label: "N-400", Value: "N-400"}}},
			{Name: "receipt", Label: "Receipt", Kind: conversation.LineField, Value: "IOE0000000101", Most: 20},
			{Name: "words", Label: "Words", Kind: conversation.LinesField, Optional: true},
		},
	}
}

// TestForm opens a form from a card, asks for sites, gets problems at the fields,
// and sends it, in both modes.
func TestForm(t *testing.T) {
	for mode, start := range modes() {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			r := start(t, fakeslack.Options{})
			room := r.staffRoom(r.lee)
			bad := true
			r.ears.check = func(in bot.Incoming) error {
				switch in.Act.Name {
				case "another":
					in.Answer.Form = another()
				case "sites":
					if in.Act.Typed == "chi" {
						in.Answer.Options = []conversation.Choice{{Label: "XCH · Chicago", Value: "XCH"}, {Label: "XCI · <Chico>", Value: "XCI"}}
					}
				case "submit:another":
					if bad {
						in.Answer.Problems = map[string]string{"date": "That day is closed.", "nowhere": "Lee decided meanwhile."}
						return nil
					}
					in.Answer.Say = conversation.Text{line("Confirmed.")}
				}
				return nil
			}
			r.receive()
			m := card(room.ID)
			m.Card.Buttons[0] = conversation.Button{Label: "Another time", Act: "another", Ref: "request-1"}
			id := r.send(m)
			r.hears(r.lee)
			if _, err := r.lee.Press("Another time"); err != nil {
				t.Fatal(err)
			}
			v, err := r.lee.WaitModal(r.ctx, nil)
			if err != nil {
				t.Fatalf("%v\n%s", err, r.log)
			}
			want := "R1 · Ana L.\nSite\n[XCH · Chicago]\nDate\n[2026-12-03]\nA working day\nTime\n[]\nForm\n[N-400]\nReceipt\n[IOE0000000101]\nWords\n[]"
			if v.Title != "Another time" || v.Submit != "Confirm" || v.PrivateMetadata != "request-1" || v.CallbackID != "form:another" || v.Shown() != want {
				t.Errorf("the form is %+v, shown as %q", v, v.Shown())
			}
			if press := r.next(1); press.Message != id || !cmp.Equal(press.Act, &bot.Act{Name: "another", Ref: "request-1"}) || press.Event.Kind != "" || press.Thread != "" {
				t.Errorf("the press came as %+v with %+v", press, press.Act)
			}
			for query, labels := range map[string][]string{"chi": {"XCH · Chicago", "XCI · <Chico>"}, "nothing": {}} {
				got := []string{}
				offered, err := r.lee.Suggest(r.ctx, "Site", query)
				for _, o := range offered {
					got = append(got, o.Text.Text)
				}
				if err != nil || !slices.Equal(got, labels) {
					t.Errorf("%q offers %q, %v", query, got, err)
				}
			}
			if _, err := r.lee.Suggest(r.ctx, "Site", "chi"); err != nil {
				t.Error(err)
			}
			filled := map[string]string{"Site": "XCI · <Chico>", "Time": "10:20", "Receipt": "IOE\u20110000000101", "Words": "<!channel> & \u201cmore\u201d"}
			submit := func(values map[string]string) fakeslack.Delivery {
				id, err := r.lee.Submit(values)
				if err != nil {
					t.Fatal(err)
				}
				return r.outcome(id)
			}
			if d := submit(filled); d.Trouble != "" {
				t.Error(d.Trouble)
			}
			v, _ = r.lee.Modal()
			if v.ErrorAt("Date") != "That day is closed." || v.ErrorAt("Site") != "Lee decided meanwhile." || len(v.Errors) != 2 {
				t.Errorf("the form says %q", v.Errors)
			}
			bad = false
			if d := submit(nil); d.Trouble != "" || len(d.Response) != 0 && string(d.Response) != "{}" {
				t.Errorf("%s, answered %s", d.Trouble, d.Response)
			}
			if v, open := r.lee.Modal(); open {
				t.Errorf("the form is still open: %+v", v.Errors)
			}
			if m := r.hears(r.lee); m.Shown() != "Confirmed." || m.Channel != r.lee.DMID() {
				t.Errorf("said %q in %s", m.Shown(), m.Channel)
			}
			all := r.ears.all()
			last, before := all[len(all)-1], all[len(all)-2]
			wanted := &bot.Act{Name: "submit:another", Ref: "request-1", Fields: map[string]string{
				"site": "XCI", "date": "2026-12-03", "time": "10:20", "form": "N-400", "receipt": "IOE-0000000101", "words": `<!channel> & "more"`}}
			if diff := cmp.Diff(wanted, last.Act); diff != "" || last.EventID == before.EventID {
				t.Errorf("sent as %s and %s: %s", before.EventID, last.EventID, diff)
			}
			if got := r.lee.Troubles(); len(got) > 0 {
				t.Errorf("Slack showed %q", got)
			}
			r.clean()
		})
	}
}

// TestActs holds from where acts come, and where they are answered.
func TestActs(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	other := r.srv.PrivateChannel("other", r.lee)
	r.ears.check = func(in bot.Incoming) error {
		if in.Act != nil {
			in.Answer.Say = conversation.Text{line("said")}
		}
		return nil
	}
	r.receive()
	_, cardTS, _ := strings.Cut(r.send(card(room.ID)), ":")
	r.hears(r.lee)
	dm := r.lee.DMID()
	page := conversation.Page{Cards: []conversation.Card{{Title: "Mine", Buttons: []conversation.Button{
		{Label: "All", Act: "filter", Ref: "all"}, {Label: "Mine", Act: "filter", Ref: "mine"}, {Label: "Mine", Act: "filter", Ref: "mine"}}}}}
	r.send(bot.Outgoing{Kind: bot.Home, Chat: r.lee.ID, Page: page})
	forge := func(channel, ts, action, value string) {
		r.lee.Forge(fakeslack.Message{Channel: channel, TS: ts}, map[string]any{"type": "button", "action_id": action, "block_id": "b", "value": value})
	}
	for _, test := range []struct {
		name  string
		do    func()
		want  *bot.Act
		where string // the answer is said
	}{
		{"on a card", func() { _, _ = r.lee.Press("Claim") }, &bot.Act{Name: "claim", Ref: "request-1"}, room.ID},
		{"on the page", func() { _, _ = r.lee.PressHome("Mine") }, &bot.Act{Name: "filter", Ref: "mine"}, dm},
		{"in direct messages", func() { forge(dm, "1700000000.000100", "act:take", "alarm-1") }, &bot.Act{Name: "take", Ref: "alarm-1"}, dm},
		{"opening the page", func() { r.lee.OpenHome() }, &bot.Act{Name: "home"}, dm},
		{"opening the messages", func() { r.lee.OpenMessages() }, nil, ""},
		{"a command", func() { r.lee.CommandIn(other.ID, "/biometrics", "Add  ioe0000000101") }, &bot.Act{Name: "register", Typed: "ioe0000000101"}, dm},
		{"a command without a number", func() { r.lee.Command("/biometrics", "add") }, &bot.Act{Name: "register"}, dm},
		{"in another channel", func() { forge(other.ID, "1700000000.000100", "act:claim", "request-1") }, nil, ""},
		{"an act that can't be one", func() { forge(room.ID, cardTS, "act:<!here>", "request-1") }, nil, ""},
		{"a reference that can't be one", func() { forge(room.ID, cardTS, "act:claim", strings.Repeat("x", 81)) }, nil, ""},
		{"a choice on a card", func() { forge(room.ID, cardTS, "choice-1", "1|7|a") }, nil, ""},
	} {
		before := len(r.ears.all())
		test.do()
		r.quiet()
		got := r.ears.all()[before:]
		if test.want == nil {
			if len(got) > 0 {
				t.Errorf("%s: came as %+v", test.name, got[0])
			}
			continue
		}
		if len(got) != 1 || got[0].Chat != r.lee.ID || got[0].Event.Kind != "" || !cmp.Equal(got[0].Act, test.want) {
			t.Errorf("%s: came as %+v", test.name, got)
			continue
		}
		m := r.hears(r.lee)
		if m.Shown() != "said" || m.Channel != test.where || (m.Ephemeral != "") != (test.where == room.ID) {
			t.Errorf("%s: answered %q in %s", test.name, m.Shown(), m.Channel)
		}
	}
	ids := map[string]bool{}
	for _, in := range r.ears.all() {
		ids[in.EventID] = true
	}
	if len(ids) != len(r.ears.all()) {
		t.Errorf("%d events came under %d ids", len(r.ears.all()), len(ids))
	}
	r.clean()
}

// What is shown at once is not worth a fault: the act was taken, and whoever waits
// for a form is told to try again.
func TestAnswersThatFail(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	room := r.staffRoom(r.lee)
	r.ears.check = func(in bot.Incoming) error {
		if in.Act.Name == "register" {
			in.Answer.Form = another()
		} else {
			in.Answer.Say = conversation.Text{line("It is yours.")}
		}
		return nil
	}
	r.receive()
	r.send(card(room.ID))
	r.hears(r.lee)
	r.srv.Fail(fakeslack.Fault{Method: "views.open", Do: fakeslack.Refuse, Error: "expired_trigger_id", Times: 1})
	r.lee.Command("/biometrics", "add")
	if m := r.hears(r.lee); !strings.Contains(m.Shown(), "please try again") || m.Channel != r.lee.DMID() {
		t.Errorf("was told %q", m.Shown())
	}
	r.srv.Fail(fakeslack.Fault{Method: "chat.postEphemeral", Do: fakeslack.Refuse, Error: "user_not_in_channel", Times: 1})
	if _, err := r.lee.Press("Claim"); err != nil {
		t.Fatal(err)
	}
	if m := r.hears(r.lee); m.Shown() != "It is yours." || m.Channel != r.lee.DMID() {
		t.Errorf("was told %q in %s", m.Shown(), m.Channel)
	}
	r.quiet()
	for _, d := range r.srv.Deliveries("") {
		if !d.Acked {
			t.Errorf("%s: %s", d.Type, d.Trouble)
		}
	}
}

// Whoever is no longer of the staff keeps nothing: their page is emptied, their form
// says why it is not taken.
func TestFormerStaff(t *testing.T) {
	clock := newClock()
	r := socket(t, fakeslack.Options{}, func(c *slack.Config) { c.Now = clock.now })
	r.ears.check = func(in bot.Incoming) error {
		if in.Act.Name == "register" {
			in.Answer.Form = another()
		}
		return nil
	}
	r.receive()
	r.send(bot.Outgoing{Kind: bot.Home, Chat: r.lee.ID, Page: conversation.Page{Cards: []conversation.Card{{Title: "R1 · Ana L."}}}})
	r.lee.Command("/biometrics", "add")
	if _, err := r.lee.WaitModal(r.ctx, nil); err != nil {
		t.Fatal(err)
	}
	r.lee.Change(func(u *fakeslack.User) { u.Restricted = true })
	clock.add(61)
	taken := len(r.ears.all())
	if offered, err := r.lee.Suggest(r.ctx, "Site", "chi"); err != nil || len(offered) > 0 {
		t.Errorf("offered %+v, %v", offered, err)
	}
	if id, err := r.lee.Submit(map[string]string{"Time": "10:20"}); err != nil || r.outcome(id).Trouble != "" {
		t.Error(err)
	}
	if v, open := r.lee.Modal(); !open || !strings.Contains(v.ErrorAt("Site"), "only for the firm's staff") {
		t.Errorf("the form says %q", v.Errors)
	}
	r.lee.OpenHome()
	if v, err := r.lee.WaitHome(r.ctx, 2); err != nil || strings.Contains(v.Shown(), "Ana") || !strings.Contains(v.Shown(), "only for the firm's staff") {
		t.Errorf("the page shows %q, %v", v.Shown(), err)
	}
	r.refusedAs(bot.Outgoing{Kind: bot.Home, Chat: r.lee.ID}, bot.Never)
	r.srv.Fail(fakeslack.Fault{Method: "users.info", Do: fakeslack.Internal})
	clock.add(61)
	r.refusedAs(bot.Outgoing{Kind: bot.Home, Chat: r.lee.ID}, bot.Again)
	if n := len(r.ears.all()); n != taken {
		t.Errorf("%d more events were taken", n-taken)
	}
}

// What comes with an acknowledgement is never more than Slack takes.
func TestLargeAcknowledgements(t *testing.T) {
	for mode, start := range modes() {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			r := start(t, fakeslack.Options{})
			words := strings.Repeat("😀<&>", 2000)
			r.ears.check = func(in bot.Incoming) error {
				switch in.Act.Name {
				case "register":
					f := another()
					for i := range 40 {
						f.Fields = append(f.Fields, conversation.Field{Name: fmt.Sprintf("more%d", i), Label: "More", Kind: conversation.LineField, Optional: true})
					}
					in.Answer.Form = f
				case "sites":
					for i := range 500 {
						in.Answer.Options = append(in.Answer.Options, conversation.Choice{Label: words, Value: fmt.Sprintf("X%d", i)})
					}
				default:
					in.Answer.Problems = map[string]string{"site": words, "date": "", "nowhere": words}
					for i := range 40 {
						in.Answer.Problems[fmt.Sprintf("more%d", i)] = words
					}
				}
				return nil
			}
			r.receive()
			r.lee.Command("/biometrics", "add")
			if _, err := r.lee.WaitModal(r.ctx, nil); err != nil {
				t.Fatalf("%v\n%s", err, r.log)
			}
			offered, err := r.lee.Suggest(r.ctx, "Site", "x")
			if err != nil || len(offered) < 10 || len(offered) > 100 {
				t.Errorf("%d are offered, %v", len(offered), err)
			}
			id, err := r.lee.Submit(map[string]string{"Time": "10:20"})
			if err != nil {
				t.Fatal(err)
			}
			if d := r.outcome(id); d.Trouble != "" || len(d.Response) > 20_000 {
				t.Errorf("%s, an answer of %d bytes", d.Trouble, len(d.Response))
			}
			v, _ := r.lee.Modal()
			if len(v.Errors) != 42 || v.ErrorAt("Date") != "This can't be taken as it is." || !strings.HasSuffix(v.ErrorAt("Site"), "…") {
				t.Errorf("%d errors: %.60q", len(v.Errors), slices.Collect(maps.Values(v.Errors)))
			}
			r.clean()
		})
	}
}

// A menu that can't be filled stays empty and holds nobody up; a form that can't be
// taken in is tried again and not lost.
func TestActsThatCantBeTaken(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	failures := map[string]int{}
	r.ears.check = func(in bot.Incoming) error {
		name := in.Act.Name
		if failures[name]++; name == "register" {
			in.Answer.Form = another()
			return nil
		}
		if name == "sites" || failures[name] == 1 {
			in.Answer.Problems = map[string]string{"date": "of an attempt that failed"}
			return errors.New("the database is busy")
		}
		if in.Answer.Problems != nil {
			return context.Canceled // an old answer
		}
		return nil
	}
	r.receive()
	r.lee.Command("/biometrics", "add")
	if _, err := r.lee.WaitModal(r.ctx, nil); err != nil {
		t.Fatal(err)
	}
	if offered, err := r.lee.Suggest(r.ctx, "Site", "x"); err != nil || len(offered) > 0 || failures["sites"] != 1 {
		t.Errorf("offered %+v after %d attempts, %v", offered, failures["sites"], err)
	}
	id, err := r.lee.Submit(map[string]string{"Time": "10:20"})
	if err != nil {
		t.Fatal(err)
	}
	if d := r.outcome(id); d.Trouble != "" || failures["submit:another"] != 2 {
		t.Errorf("%s after %d attempts", d.Trouble, failures["submit:another"])
	}
	if _, open := r.lee.Modal(); open {
		t.Error("the form is still open")
	}
}
