package fakeslack_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	fakeslack "reschedulebot/bot/bottest/slack"
)

func quiet(params ...string) []string {
	return append(params, "unfurl_links", "false", "unfurl_media", "false")
}

func TestTokensAndScopes(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	r := b.call("auth.test")
	if !r.OK || r.Header.Get("X-OAuth-Scopes") != strings.Join(fakeslack.Scopes(), ",") {
		t.Errorf("auth.test: %+v", r)
	}
	lee := srv.Member("Lee")
	for _, x := range []struct{ token, method, want string }{
		{"", "auth.test", "not_authed"},
		{"xoxb-other", "auth.test", "invalid_auth"},
		{fakeslack.AppToken, "auth.test", "not_allowed_token_type"},
		{fakeslack.BotToken, "rtm.start", "unknown_method"},
		{fakeslack.BotToken, "conversations.open", "missing_scope"},
	} {
		b.token = x.token
		if r := b.call(x.method, "users", lee.ID); r.Error != x.want {
			t.Errorf("%s with token %q: %q, want %q", x.method, x.token, r.Error, x.want)
		}
	}
	b.token = fakeslack.BotToken
	srv.Grant("im:write")
	if r := b.call("conversations.open", "users", lee.ID); !r.OK || !strings.Contains(string(r.Channel), lee.DMID()) {
		t.Errorf("conversations.open: %+v", r)
	}
	if r := b.call("users.info", "user", lee.ID); r.Error != "missing_scope" || r.Needed != "users:read" || r.Provided != "im:write" {
		t.Errorf("without users:read: %+v", r)
	}
	srv.Revoke()
	if r := b.call("auth.test"); r.Error != "token_revoked" {
		t.Errorf("after the app was removed: %+v", r)
	}
}

func TestPlacesToWriteTo(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee, gone := srv.Member("Lee"), srv.Person(fakeslack.User{Name: "Gone", Deleted: true})
	stranger := srv.Person(fakeslack.User{Name: "Kim", Team: "T0OTHER", Stranger: true})
	robot := srv.Person(fakeslack.User{Name: "Robot", Bot: true})
	in := srv.PrivateChannel("in", lee)
	hidden := srv.Channel(fakeslack.Setting{Name: "hidden", Private: true, Out: true})
	public := srv.Channel(fakeslack.Setting{Name: "public", Out: true})
	old := srv.Channel(fakeslack.Setting{Name: "old", Private: true, Archived: true})
	for _, x := range []struct{ channel, want string }{
		{in.ID, ""}, {lee.ID, ""}, {lee.DMID(), ""}, {gone.ID, "user_disabled"}, {stranger.ID, "channel_not_found"}, {robot.ID, "cannot_dm_bot"},
		{hidden.ID, "channel_not_found"}, {public.ID, "not_in_channel"}, {old.ID, "is_archived"}, {"C0NOWHERE", "channel_not_found"}, {"", "invalid_arguments"},
	} {
		if r := b.call("chat.postMessage", quiet("channel", x.channel, "text", "hello")...); r.Error != x.want {
			t.Errorf("posting to %s: %q, want %q", x.channel, r.Error, x.want)
		}
	}
	for _, x := range []struct{ channel, want string }{
		{in.ID, ""}, {public.ID, "missing_scope"}, {hidden.ID, "channel_not_found"}, {lee.DMID(), "missing_scope"}, {lee.ID, "channel_not_found"},
	} {
		if r := b.call("conversations.info", "channel", x.channel); r.Error != x.want {
			t.Errorf("looking at %s: %q, want %q", x.channel, r.Error, x.want)
		}
	}
	if r := b.call("chat.update", "channel", lee.ID, "ts", "1.000001", "text", "x"); r.Error != "channel_not_found" {
		t.Errorf("an update by a person's id: %q", r.Error)
	}
	if r := b.call("chat.postEphemeral", "channel", in.ID, "user", gone.ID, "text", "x"); r.Error != "user_not_in_channel" {
		t.Errorf("for somebody who is not there: %q", r.Error)
	}
	if r := b.call("chat.postEphemeral", "channel", in.ID, "user", lee.ID, "text", "psst"); !r.OK {
		t.Errorf("for somebody who is there: %q", r.Error)
	}
	if all := in.Messages(); len(all) != 1 || all[0].Text != "hello" {
		t.Errorf("in the channel stands %+v", all)
	}
}

func TestTextsToWrite(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	post := func(params ...string) reply {
		return b.call("chat.postMessage", quiet(append(params, "channel", lee.ID)...)...)
	}
	for _, x := range []struct {
		name, want string
		params     []string
	}{
		{"nothing", "no_text", nil},
		{"no blocks", "no_text", []string{"blocks", "[]"}},
		{"40,000 characters", "", []string{"text", strings.Repeat("ñ", 40_000)}},
		{"40,001 characters", "msg_too_long", []string{"text", strings.Repeat("ñ", 40_001)}},
		{"an unknown thread", "thread_not_found", []string{"text", "x", "thread_ts", "1.000001"}},
		{"blocks that are none", "invalid_blocks_format", []string{"text", "x", "blocks", "{}"}},
		{"metadata that is none", "invalid_metadata_format", []string{"text", "x", "metadata", "7"}},
		{"metadata without a type", "invalid_metadata_schema", []string{"text", "x", "metadata", `{"event_payload":{}}`}},
		{"huge metadata", "metadata_too_large", []string{"text", "x", "metadata", `{"event_type":"letter","event_payload":{"x":"` + strings.Repeat("y", 8000) + `"}}`}},
	} {
		if r := post(x.params...); r.Error != x.want {
			t.Errorf("%s: %q, want %q", x.name, r.Error, x.want)
		}
	}
	r := post("text", "x")
	long := strings.Repeat("x", 4_001)
	if r := b.call("chat.update", "channel", r.channel(), "ts", r.TS, "text", long); r.Error != "msg_too_long" {
		t.Errorf("a long update: %q", r.Error)
	}
}

func TestUpdateAndDelete(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	theirs := lee.DM("mine")
	r := b.call("chat.postMessage", quiet("channel", lee.ID, "text", "old", "blocks", `[{"type":"divider"}]`)...)
	at := []string{"channel", r.channel(), "ts"}
	for _, x := range []struct{ method, ts, want string }{
		{"chat.update", theirs, "cant_update_message"}, {"chat.update", "1.000001", "message_not_found"}, {"chat.update", r.TS, ""},
		{"chat.getPermalink", r.TS, ""}, {"chat.delete", theirs, "cant_delete_message"}, {"chat.delete", r.TS, ""}, {"chat.delete", r.TS, "message_not_found"},
	} {
		got := b.call(x.method, append(at, x.ts, "text", "new", "message_ts", x.ts)...)
		if got.Error != x.want {
			t.Errorf("%s of %s: %q, want %q", x.method, x.ts, got.Error, x.want)
		}
		if x.method == "chat.update" && got.OK {
			if m, ok := lee.Message(fakeslack.Message{Channel: r.channel(), TS: r.TS}); !ok || m.Text != "new" || m.Edits != 1 || len(m.Blocks) != 0 {
				t.Errorf("after the update: %+v", m)
			}
		}
	}
	if n := len(lee.Messages()); n != 0 {
		t.Errorf("%d messages of the app are left", n)
	}
	if got := violations(srv); got != "chat.update blocks: are left out: those of the message are gone" {
		t.Error(got)
	}
}

// What was posted with metadata is found again by whoever lost the answer.
func TestHistory(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	staff := srv.PrivateChannel("biometrics", lee)
	srv.Fail(fakeslack.Fault{Method: "chat.postMessage", Channel: staff.ID, Times: 1, Do: fakeslack.AfterDone})
	if r := b.call("chat.postMessage", quiet("channel", staff.ID, "text", "card", "metadata", `{"event_type":"letter","event_payload":{"id":"7"}}`)...); r.Error != "cut" {
		t.Fatalf("the lost answer came: %+v", r)
	}
	card := staff.Messages()[0]
	b.call("chat.update", "channel", staff.ID, "ts", card.TS, "text", "card")
	reply := lee.Reply(card, "I take it")
	lee.Say(staff.ID, "another")
	r := b.call("conversations.history", "channel", staff.ID, "include_all_metadata", "true", "latest", card.TS, "inclusive", "true", "limit", "1")
	if len(r.Messages) != 1 || r.Messages[0].TS != card.TS || string(r.Messages[0].Metadata.Payload) != `{"id":"7"}` {
		t.Errorf("looking for the card: %+v", r.Messages)
	}
	b.call("chat.update", "channel", staff.ID, "ts", card.TS, "text", "card", "metadata", `{"event_type":"letter","event_payload":{"id":"8"}}`)
	if m, _ := staff.Message(card.TS); string(m.Metadata.Payload) != `{"id":"8"}` {
		t.Errorf("the metadata is %s", m.Metadata.Payload)
	}
	r = b.call("conversations.history", "channel", staff.ID)
	var texts []string
	for _, m := range r.Messages {
		texts = append(texts, m.Text)
	}
	if !slices.Equal(texts, []string{"another", "card"}) || string(r.Messages[1].Metadata.Payload) != "{}" {
		t.Errorf("the history is %q", texts)
	}
	if r := b.call("conversations.history", "channel", staff.ID, "latest", card.TS); len(r.Messages) != 0 {
		t.Errorf("before the card: %+v", r.Messages)
	}
	if r := b.call("conversations.history", "channel", staff.ID, "oldest", card.TS); len(r.Messages) != 1 || r.Messages[0].Text != "another" {
		t.Errorf("after the card: %+v", r.Messages)
	}
	r = b.call("conversations.history", "channel", staff.ID, "limit", "1")
	if len(r.Messages) != 1 || r.Metadata.Cursor == "" {
		t.Errorf("the first page: %+v", r)
	}
	if r = b.call("conversations.history", "channel", staff.ID, "limit", "1", "cursor", r.Metadata.Cursor); len(r.Messages) != 1 || r.Messages[0].Text != "card" {
		t.Errorf("the second page: %+v", r)
	}
	r = b.call("conversations.replies", "channel", staff.ID, "ts", card.TS)
	if len(r.Messages) != 2 || r.Messages[1].TS != reply || r.Messages[1].Thread != card.TS || r.Messages[1].User != lee.ID {
		t.Errorf("the thread: %+v", r.Messages)
	}
	if r := b.call("conversations.replies", "channel", staff.ID, "ts", "1.000001"); r.Error != "thread_not_found" {
		t.Errorf("an unknown thread: %q", r.Error)
	}
	srv.Grant("chat:write")
	if r := b.call("conversations.history", "channel", staff.ID); r.Needed != "groups:history" {
		t.Errorf("without the scope: %+v", r)
	}
	if r := b.call("conversations.members", "channel", staff.ID); r.Needed != "groups:read" {
		t.Errorf("without the scope: %+v", r)
	}
	srv.Grant("groups:read")
	if r := b.call("conversations.members", "channel", staff.ID); !slices.Equal(r.Members, []string{lee.ID, fakeslack.BotUser}) {
		t.Errorf("the members are %q", r.Members)
	}
}

func TestPostsAreKeptApart(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	srv, b := start(t, fakeslack.Options{PostEvery: time.Second, Now: func() time.Time { return now }})
	lee, kim := srv.Member("Lee"), srv.Member("Kim")
	for _, x := range []struct {
		p    *fakeslack.Person
		wait time.Duration
		want string
	}{{lee, 0, ""}, {lee, 0, "ratelimited"}, {kim, 0, ""}, {lee, 999 * time.Millisecond, "ratelimited"}, {lee, time.Millisecond, ""}} {
		now = now.Add(x.wait)
		r := b.call("chat.postMessage", quiet("channel", x.p.ID, "text", "x")...)
		if r.Error != x.want || r.Error != "" && (r.Status != 429 || r.Header.Get("Retry-After") != "1") {
			t.Errorf("got %q with status %d, want %q", r.Error, r.Status, x.want)
		}
	}
	if a, b := lee.Messages()[0].TS, kim.Messages()[0].TS; a == b {
		t.Errorf("two messages have the ts %s", a)
	}
}

func TestFaults(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	for _, x := range []struct {
		f      fakeslack.Fault
		status int
		error  string
		done   bool
	}{
		{fakeslack.Fault{Do: fakeslack.TooMany, RetryAfter: 7}, 429, "ratelimited", false},
		{fakeslack.Fault{Do: fakeslack.Limited}, 200, "ratelimited", false},
		{fakeslack.Fault{Do: fakeslack.Internal}, 500, "no JSON: ", false},
		{fakeslack.Fault{Do: fakeslack.Page}, 503, "no JSON: <html>", false},
		{fakeslack.Fault{Do: fakeslack.Refuse, Error: "account_inactive"}, 200, "account_inactive", false},
		{fakeslack.Fault{Do: fakeslack.DoneRefuse, Error: "fatal_error"}, 200, "fatal_error", true},
		{fakeslack.Fault{Do: fakeslack.Reset}, 0, "cut", false},
		{fakeslack.Fault{Do: fakeslack.AfterDone}, 0, "cut", true},
		{fakeslack.Fault{Do: fakeslack.Garbage}, 200, "no JSON: {", true},
	} {
		before := len(lee.Messages())
		x.f.Times, x.f.Channel = 1, lee.DMID()
		srv.Fail(x.f)
		r := b.call("chat.postMessage", quiet("channel", lee.ID, "text", "x")...)
		if r.Status != x.status || !strings.HasPrefix(r.Error, x.error) {
			t.Errorf("%s: status %d, %q", x.f.Do, r.Status, r.Error)
		}
		if done := len(lee.Messages()) > before; done != x.done {
			t.Errorf("%s: posted is %t", x.f.Do, done)
		}
		calls := srv.Calls("chat.postMessage")
		if c := calls[len(calls)-1]; c.Fault != x.f.Do || c.Done != x.done || c.Channel != lee.ID {
			t.Errorf("%s is noted as %+v", x.f.Do, c)
		}
		if r := b.call("chat.postMessage", quiet("channel", lee.ID, "text", "x")...); !r.OK {
			t.Errorf("after %s: %+v", x.f.Do, r)
		}
	}
	for _, kind := range []fakeslack.FaultKind{fakeslack.Hang, fakeslack.DoneHang} {
		srv.Fail(fakeslack.Fault{Method: "auth.test", Do: kind})
		answered := make(chan reply)
		n := srv.Count("auth.test")
		go func() { answered <- b.call("auth.test") }()
		if err := srv.WaitCalls(t.Context(), "auth.test", n+1); err != nil {
			t.Fatal(err)
		}
		srv.Heal()
		if r := <-answered; !r.OK {
			t.Errorf("after %s: %+v", kind, r)
		}
	}
}

func TestMarkup(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	lee := srv.Member("Lee")
	for _, x := range []struct{ text, shown, blamed, controls string }{
		{"plain *bold*", "plain *bold*", "", ""},
		{"a &lt;b&gt; &amp; c", "a <b> & c", "", ""},
		{"> a quotation", "> a quotation", "", ""},
		{"a & b", "a & b", "& is not escaped", ""},
		{"a < b", "a < b", "< is not escaped", ""},
		{"a -> b", "a -> b", "> is not escaped", ""},
		{"<script>", "<script>", "< is not escaped; > is not escaped", ""},
		{"&lt;!channel&gt;", "<!channel>", "", ""},
		{"hear <!channel>", "hear @channel", "", "everybody"},
		{"<@" + lee.ID + "> confirmed", "@" + lee.ID + " confirmed", "", "user"},
		{"<https://example.com/x|the card>", "the card", "", "link"},
		{"<javascript:alert(1)|x>", "<javascript:alert(1)|x>", "< is not escaped; > is not escaped", ""},
		{"<!date^1764600000^{date_short}|Dec 1>", "Dec 1", "", "date"},
	} {
		violated, listed := len(srv.Violations()), len(srv.Controls())
		if r := b.call("chat.postMessage", quiet("channel", lee.ID, "text", x.text)...); !r.OK {
			t.Errorf("%q: %s", x.text, r.Error)
			continue
		}
		m, err := lee.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var blamed, controls []string
		for _, v := range srv.Violations()[violated:] {
			blamed = append(blamed, v.What)
		}
		for _, c := range srv.Controls()[listed:] {
			controls = append(controls, c.Kind)
		}
		if m.Shown() != x.shown || strings.Join(blamed, "; ") != x.blamed || strings.Join(controls, "; ") != x.controls {
			t.Errorf("%q is shown as %q, blamed for %q, with the controls %q", x.text, m.Shown(), blamed, controls)
		}
	}
}
