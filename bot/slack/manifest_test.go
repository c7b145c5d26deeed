package slack_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
)

// everything does all that the adapter does at Slack. Of what people do, heard events
// are to come.
const heard = 7

func everything(t *testing.T, o fakeslack.Options) *rig {
	t.Helper()
	r := socket(t, o)
	room := r.staffRoom(r.lee)
	r.ears.check = func(in bot.Incoming) error {
		if in.Act != nil && in.Act.Name == "claim" {
			in.Answer.Say = conversation.Text{line("It is yours.")}
		}
		if in.Act != nil && in.Act.Name == "register" {
			in.Answer.Form = &conversation.Form{Name: "register", Title: "Register", Submit: "Save"}
		}
		return nil
	}
	r.receive()
	r.lee.DM("hello")
	r.lee.Command("/biometrics", "help")
	r.lee.Command("/biometrics", "add")
	r.lee.OpenHome()
	r.lee.Upload("book.csv", []byte("a,b"), "")
	id, _ := r.p.Send(r.ctx, card(room.ID))
	_, _ = r.p.Send(r.ctx, below(id, "noted"))
	if all := room.Messages(); len(all) > 0 {
		r.lee.Reply(all[0], "on it")
	}
	_, _ = r.lee.Press("Claim")
	r.quiet()
	for _, f := range r.srv.Files() {
		_, _ = r.p.Fetch(r.ctx, f.ID)
	}
	again := card(room.ID)
	again.Again = true
	_, _ = r.p.Send(r.ctx, again)
	again = below(id, "noted")
	again.Again = true
	_, _ = r.p.Send(r.ctx, again)
	_, _ = r.p.Send(r.ctx, bot.Outgoing{Kind: bot.Home, Chat: r.lee.ID})
	m := asks(r.lee, "Sure?", "Yes")
	m.Reply.File = &conversation.File{Name: "result.csv", Type: "text/csv", Data: []byte("a,b\n")}
	id, _ = r.p.Send(r.ctx, m)
	for _, kind := range []bot.OutgoingKind{bot.Tick, bot.Delete} {
		_, _ = r.p.Send(r.ctx, bot.Outgoing{Kind: kind, Chat: r.lee.ID, RefersTo: id, Answer: "Yes"})
	}
	m.Again = true
	_, _ = r.p.Send(r.ctx, m)
	_, _ = r.p.Check(r.ctx)
	r.stop()
	return r
}

// refused are the calls that were refused for want of a scope.
func (r *rig) refused() []string {
	var all []string
	for _, c := range r.srv.Calls("") {
		if c.Error == "missing_scope" {
			all = append(all, c.Method)
		}
	}
	return all
}

// called are the methods that were called, sorted.
func (r *rig) called() []string {
	called := map[string]bool{}
	for _, c := range r.srv.Calls("") {
		if c.Method != "socket" {
			called[c.Method] = true
		}
	}
	return slices.Sorted(maps.Keys(called))
}

// The manifest asks for exactly what the code uses: with its scopes and events
// everything works, every method that is called is in the table and the other way
// round, and without any of the scopes something fails or is left out.
func TestManifestIsWhatIsUsed(t *testing.T) {
	m := slack.NewManifest(nil, true)
	scopes := m.OAuth.Scopes.Bot
	r := everything(t, fakeslack.Options{Scopes: scopes, Events: m.Settings.Events.Bot})
	if got := r.refused(); len(got) > 0 {
		t.Errorf("refused with the scopes of the manifest: %s", got)
	}
	if got := len(r.ears.all()); got != heard {
		t.Errorf("%d events came with the events of the manifest, want %d", got, heard)
	}
	all := slices.Sorted(maps.Keys(slack.Methods()))
	if got, want := r.called(), all; !slices.Equal(got, want) {
		t.Errorf("called %s, the table has %s", got, want)
	}
	for _, scope := range scopes {
		r := everything(t, fakeslack.Options{Events: m.Settings.Events.Bot,
			Scopes: slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == scope })})
		if len(r.refused()) == 0 && len(r.ears.all()) == heard && slices.Equal(r.called(), all) {
			t.Errorf("%s is not needed", scope)
		}
	}
	if got := slack.Scopes(false); slices.Contains(got, "groups:read") || slices.Contains(got, "groups:history") || len(got) != len(scopes)-2 {
		t.Errorf("without a staff channel the scopes are %s", got)
	}
}

func TestManifest(t *testing.T) {
	public, err := url.Parse("https://bot.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]slack.Manifest{"socket": slack.NewManifest(nil, false), "http": slack.NewManifest(public, false)} {
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		if m.Settings.Socket != (name == "socket") || strings.Contains(text, "https://") != (name == "http") {
			t.Errorf("%s: %s", name, text)
		}
		if name == "http" {
			for _, path := range []string{slack.EventsPath, slack.InteractionsPath, slack.CommandsPath} {
				if !strings.Contains(text, `"https://bot.example.com`+path+`"`) {
					t.Errorf("%s is not in %s", path, text)
				}
			}
		}
		for limit, s := range map[int]string{35: m.Display.Name, 140: m.Display.Description, 80: m.Features.BotUser.Name, 32: m.Features.Commands[0].Command} {
			if n := utf8.RuneCountInString(s); n == 0 || n > limit {
				t.Errorf("%q has %d characters, at most %d", s, n, limit)
			}
		}
		if !m.Features.Home.Home || !m.Settings.Interactivity.Enabled || slices.Contains(m.Settings.Events.Bot, "message.groups") {
			t.Errorf("no page, no buttons, or more events than are needed: %s", text)
		}
		if !m.Features.Home.Messages || m.Features.Home.ReadOnly || !strings.Contains(text, `"messages_tab_read_only_enabled":false`) {
			t.Errorf("nobody could write to the app: %s", text)
		}
	}
}

// TestCheck holds what doctor learns.
func TestCheck(t *testing.T) {
	private := fakeslack.Setting{Name: "staff", Private: true}
	for _, test := range []struct {
		name   string
		set    fakeslack.Setting
		scopes []string
		want   slack.Status
		err    string
		spoil  func(*rig)
	}{
		{name: "all is well", set: private},
		{name: "scopes are missing", set: private, scopes: []string{"chat:write", "commands", "users:read", "groups:read", "channels:read"},
			want: slack.Status{Missing: []string{"files:read", "files:write", "groups:history", "im:history"}, Surplus: []string{"channels:read"}}},
		{name: "a public channel", set: fakeslack.Setting{Name: "staff"}, scopes: append(slack.Scopes(true), "channels:read"),
			want: slack.Status{Surplus: []string{"channels:read"}, Channel: "it is not a private channel"}},
		{name: "a shared channel", set: fakeslack.Setting{Name: "staff", Private: true, ExtShared: true}, want: slack.Status{Channel: "it is shared"}},
		{name: "a channel of two workspaces", set: fakeslack.Setting{Name: "staff", Private: true, Shared: true}, want: slack.Status{Channel: "it is shared"}},
		{name: "an archived channel", set: fakeslack.Setting{Name: "staff", Private: true, Archived: true}, want: slack.Status{Channel: "it is archived"}},
		{name: "a channel without the app", set: fakeslack.Setting{Name: "staff", Private: true, Out: true}, want: slack.Status{Channel: "the app does not see it"}},
		{name: "an unknown token", set: private, spoil: func(r *rig) { r.srv.Revoke() }, err: "SLACK_BOT_TOKEN"},
		{name: "an app token that is none", set: private, err: "SLACK_APP_TOKEN", spoil: func(r *rig) {
			r.srv.Fail(fakeslack.Fault{Method: "apps.connections.open", Do: fakeslack.Refuse, Error: "invalid_auth"})
		}},
		{name: "another workspace", set: private, err: "SLACK_TEAM_ID", spoil: func(r *rig) { r.config.Team = "T0OTHER" }},
	} {
		if test.scopes == nil {
			test.scopes = slack.Scopes(true)
		}
		r := socket(t, fakeslack.Options{Scopes: test.scopes})
		r.config.StaffChannel = r.srv.Channel(test.set, r.lee).ID
		if test.spoil != nil {
			test.spoil(r)
		}
		got, err := r.another().Check(r.ctx)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: %v, want %q", test.name, err, test.err)
			}
			continue
		}
		if err != nil || got.Workspace != "Fake Firm" || !slices.Equal(got.Missing, test.want.Missing) || !slices.Equal(got.Surplus, test.want.Surplus) ||
			!strings.HasPrefix(got.Channel, test.want.Channel) || (got.Channel == "") != (test.want.Channel == "") {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
}
