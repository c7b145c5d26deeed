package slack_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// What becomes of something that somebody did.
const (
	taken  = "taken"
	told   = "told"   // a sentence says that it is only for staff
	silent = "silent" // acknowledged, nothing else
	which  = "which"  // a sentence says which words there are
)

// A kind of person, and what becomes of what they try.
type kind struct {
	person *fakeslack.Person
	may    bool
	hears  string
}

// kinds are the kinds of people. Nobody but the last three may do anything.
func kinds(r *rig) map[string]kind {
	listed := func(u fakeslack.User) *fakeslack.Person { return r.srv.Person(u) }
	return map[string]kind{
		"a member on no list":         {listed(fakeslack.User{Name: "Nobody"}), false, told},
		"a guest":                     {listed(fakeslack.User{Name: "Guest", Restricted: true}), false, told},
		"a guest of one channel":      {listed(fakeslack.User{Name: "Guest", Restricted: true, Ultra: true}), false, told},
		"a stranger":                  {listed(fakeslack.User{Name: "Stranger", Stranger: true}), false, told},
		"somebody who left":           {listed(fakeslack.User{Name: "Gone"}), false, silent},
		"a bot":                       {listed(fakeslack.User{Name: "Bot", Bot: true}), false, silent},
		"a member of another company": {listed(fakeslack.User{Name: "Other", Team: "T0OTHER"}), false, silent},
		"a representative":            {r.lee, true, taken},
		"a paralegal":                 {r.pat, true, taken},
		"an admin":                    {r.ada, true, taken},
	}
}

// routes are all that can come, as the adapter's own tables have it. A route
// without a row fails the test.
func routes() []string {
	return append(slack.Routes(), "command:something else")
}

// TestWhoMayDoWhat does everything that can be done as everybody that there is.
func TestWhoMayDoWhat(t *testing.T) {
	acts := attempts()
	for _, route := range routes() {
		act := acts[route]
		if act == nil {
			t.Errorf("nothing says who may do %q", route)
			continue
		}
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			r := socket(t, fakeslack.Options{NoEcho: true})
			all := kinds(r)
			room := r.staffRoom()
			for _, k := range all {
				room.Join(k.person)
			}
			r.p = r.listed(all)
			_, ts, _ := strings.Cut(r.send(card(room.ID)), ":")
			for _, k := range all {
				r.hears(k.person)
			}
			r.receive()
			for _, name := range slices.Sorted(maps.Keys(all)) {
				k := all[name]
				if name == "somebody who left" {
					k.person.Change(func(u *fakeslack.User) { u.Deleted = true })
				}
				m := fakeslack.Message{Channel: k.person.DMID(), TS: "1700000000.000100"}
				if strings.HasPrefix(route, "thread:") || route == "press:act:" {
					m.Channel, m.TS = room.ID, ts
				}
				want := expected(route, name, k)
				before, said := len(r.ears.all()), len(k.person.Messages())
				d := r.outcome(act(r, k.person, m))
				r.quiet()
				if got := r.became(k.person, d, before, said, want); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
			r.clean()
		})
	}
}

// expected is what becomes of an attempt: what is said in a form reaches whoever
// has it open, and a menu has no entries for strangers.
func expected(route, name string, k kind) string {
	switch {
	case route == "command:something else" && k.may:
		return which
	case k.may:
		return taken
	case route == "interaction:block_suggestion":
		return silent
	case route == "interaction:view_submission" && name != "a bot":
		return told
	case (strings.HasPrefix(route, "thread:") || route == "press:act:") && name == "a member of another company":
		return told // they are in the room
	}
	return k.hears
}

// became says what became of an attempt.
func (r *rig) became(p *fakeslack.Person, d fakeslack.Delivery, before, said int, want string) string {
	r.Helper()
	if !d.Acked {
		return "not acknowledged: " + d.Trouble
	}
	if len(r.ears.all()) > before {
		in := r.ears.all()[before]
		if in.Chat != p.ID || len(r.ears.all()) > before+1 {
			r.Errorf("taken as %+v", in)
		}
		return taken
	}
	const ours = "only for the firm's staff"
	if strings.Contains(string(d.Response), ours) {
		return told
	}
	if want == silent {
		if n := len(p.Messages()); n > said {
			return "answered: " + p.Messages()[said].Shown()
		}
		if _, shown := p.Home(); shown {
			return "shown a page"
		}
		return silent
	}
	if strings.Contains(string(d.Payload), "app_home_opened") {
		if v, err := p.WaitHome(r.ctx, 1); err == nil && strings.Contains(v.Shown(), ours) {
			return told
		}
	}
	m := r.hears(p)
	if m.Channel != p.DMID() && m.Ephemeral != p.ID {
		return "told to everybody"
	}
	switch {
	case strings.Contains(m.Shown(), ours):
		return told
	case strings.Contains(m.Shown(), "requests, reschedule IOE0000000101"):
		return which
	}
	return m.Shown()
}

// listed is an adapter whose lists name everybody but one, whatever they are.
func (r *rig) listed(all map[string]kind) *slack.Platform {
	r.Helper()
	staff := map[string]scheduling.Role{r.lee.ID: scheduling.Representative, r.pat.ID: scheduling.Paralegal, r.ada.ID: scheduling.Admin}
	for name, k := range all {
		if !k.may && name != "a member on no list" {
			staff[k.person.ID] = scheduling.Admin
		}
	}
	return r.another(func(c *slack.Config) { c.AppToken, c.Staff = fakeslack.AppToken, staff })
}

// Roles come from the lists, names from Slack.
func TestPerson(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	r.receive()
	if _, ok := r.p.Person(r.lee.ID); ok {
		t.Error("somebody is staff though Slack was not asked about them")
	}
	r.lee.Change(func(u *fakeslack.User) { u.Name = " Lee\n\x00Sample  " })
	r.pat.Change(func(u *fakeslack.User) { u.Name = "" })
	for _, p := range []*fakeslack.Person{r.lee, r.pat, r.ada} {
		p.DM("hello")
	}
	r.next(3)
	for p, want := range map[string]conversation.Person{
		r.lee.ID: {Role: scheduling.Representative, Name: "Lee Sample"},
		r.pat.ID: {Role: scheduling.Paralegal, Name: r.pat.ID},
		r.ada.ID: {Role: scheduling.Admin, Name: "Ada Sample"},
	} {
		if got, ok := r.p.Person(p); !ok || got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if _, ok := r.p.Person("U0NOBODY"); ok {
		t.Error("somebody who never said anything is staff")
	}
}

// Whoever leaves can do nothing a minute later, and whoever can't be checked can do
// nothing either.
func TestChecksAgain(t *testing.T) {
	clock := newClock()
	r := socket(t, fakeslack.Options{}, func(c *slack.Config) { c.Now = clock.now })
	r.receive()
	r.lee.DM("one")
	r.next(1)
	r.lee.DM("two")
	r.next(2)
	if n := r.srv.Count("users.info"); n != 1 {
		t.Errorf("asked %d times about one person within a second", n)
	}
	clock.add(61)
	if _, ok := r.p.Person(r.lee.ID); ok {
		t.Error("what was known of somebody counts after a minute")
	}
	r.srv.Fail(fakeslack.Fault{Method: "users.info", Do: fakeslack.Internal})
	r.lee.DM("three")
	if m := r.hears(r.lee); !strings.Contains(m.Shown(), "can't be checked right now") || strings.Contains(m.Notification(), "three") {
		t.Errorf("was told %q", m.Shown())
	}
	r.quiet()
	r.srv.Heal()
	r.lee.Change(func(u *fakeslack.User) { u.Restricted = true })
	r.lee.DM("four")
	if m := r.hears(r.lee); !strings.Contains(m.Shown(), "only for the firm's staff") {
		t.Errorf("was told %q", m.Shown())
	}
	if n := len(r.ears.all()); n != 2 {
		t.Errorf("%d events were taken, want 2", n)
	}
}

// Who somebody is can be asked for what is done later; whoever has left by then is
// nobody, and where Slack does not answer that is to be tried again.
func TestKnow(t *testing.T) {
	clock := newClock()
	r := socket(t, fakeslack.Options{}, func(c *slack.Config) { c.Now = clock.now })
	r.receive()
	know := func(want bool) {
		t.Helper()
		err := r.p.Know(t.Context(), r.lee.ID)
		if _, ok := r.p.Person(r.lee.ID); ok != want || err != nil {
			t.Errorf("is staff: %v, want %v; %v", ok, want, err)
		}
	}
	know(true)
	clock.add(61)
	r.srv.Fail(fakeslack.Fault{Method: "users.info", Do: fakeslack.Internal, Times: 1})
	var failed *bot.SendError
	if err := r.p.Know(t.Context(), r.lee.ID); !errors.As(err, &failed) || failed.Class != bot.Again {
		t.Errorf("Slack does not answer: %v", err)
	}
	r.lee.Change(func(u *fakeslack.User) { u.Deleted = true })
	know(false)
}

// Events of another workspace, or where another company reads along, are refused,
// whoever they name.
func TestOtherWorkspaces(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	r.receive()
	message := map[string]any{"type": "message", "channel": r.lee.DMID(), "channel_type": "im", "user": r.lee.ID, "text": "hello", "ts": "1700000000.000200"}
	outer := func(change func(outer, inner map[string]any)) json.RawMessage {
		inner := maps.Clone(message)
		o := map[string]any{"type": "event_callback", "team_id": fakeslack.TeamID, "event_id": "Ev1", "event": inner}
		change(o, inner)
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, payload := range map[string]json.RawMessage{
		"another workspace's event": outer(func(o, _ map[string]any) { o["team_id"] = "T0OTHER" }),
		"no workspace":              outer(func(o, _ map[string]any) { delete(o, "team_id") }),
		"a shared channel":          outer(func(o, _ map[string]any) { o["is_ext_shared_channel"] = true }),
		"an author from elsewhere":  outer(func(_, i map[string]any) { i["user_team"] = "T0OTHER" }),
		"a source elsewhere":        outer(func(_, i map[string]any) { i["source_team"] = "T0OTHER" }),
	} {
		if d := r.outcome(r.srv.Deliver(fakeslack.Events, payload)); !d.Acked {
			t.Errorf("%s: %s", name, d.Trouble)
		}
		if m := r.hears(r.lee); !strings.Contains(m.Shown(), "only for the firm's staff") {
			t.Errorf("%s: was told %q", name, m.Shown())
		}
	}
	for _, payload := range []string{
		`{"command":"/biometrics","text":"requests","team_id":"T0OTHER","user_id":"` + r.lee.ID + `","trigger_id":"1.2"}`,
		`{"command":"/biometrics","text":"requests","user_id":"` + r.lee.ID + `","trigger_id":"1.3"}`,
	} {
		if d := r.outcome(r.srv.Deliver(fakeslack.Commands, json.RawMessage(payload))); !d.Acked {
			t.Errorf("%s: %s", payload, d.Trouble)
		}
	}
	if got := r.ears.all(); len(got) > 0 {
		t.Errorf("taken: %+v", got)
	}
}
