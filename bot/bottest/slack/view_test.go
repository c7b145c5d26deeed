package fakeslack_test

import (
	"encoding/json"
	"strings"
	"testing"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// registration is a modal with an input of each kind.
const registration = `{"type":"modal","callback_id":"register","private_metadata":"7:1","title":{"type":"plain_text","text":"Register"},
"submit":{"type":"plain_text","text":"Save"},"notify_on_close":true,"blocks":[
{"type":"input","block_id":"receipt","label":{"type":"plain_text","text":"Receipt"},"element":{"type":"plain_text_input","action_id":"v","max_length":13}},
{"type":"input","block_id":"site","label":{"type":"plain_text","text":"Site"},"element":{"type":"external_select","action_id":"v","min_query_length":1}},
{"type":"input","block_id":"date","label":{"type":"plain_text","text":"Date"},"element":{"type":"datepicker","action_id":"v"}},
{"type":"input","block_id":"time","label":{"type":"plain_text","text":"Time"},"element":{"type":"timepicker","action_id":"v","timezone":"America/Chicago"}},
{"type":"input","block_id":"form","label":{"type":"plain_text","text":"Form"},"optional":true,"element":{"type":"static_select","action_id":"v",
 "options":[{"text":{"type":"plain_text","text":"I-485"},"value":"i485"},{"text":{"type":"plain_text","text":"I-765"},"value":"i765"}],
 "initial_option":{"text":{"type":"plain_text","text":"I-485"},"value":"i485"}}},
{"type":"actions","block_id":"more","elements":[{"type":"button","action_id":"second","text":{"type":"plain_text","text":"Add another"}}]}]}`

// filled are the values for it.
func filled() map[string]string {
	return map[string]string{"Receipt": "IOE0000000101", "Site": "Chicago", "Date": "2026-12-03", "time": "09:30"}
}

// desk is a person with a modal open, and an app with a socket.
type desk struct {
	t   *testing.T
	srv *fakeslack.Server
	b   bot
	k   socket
	lee *fakeslack.Person
}

func openDesk(t *testing.T, view string) desk {
	t.Helper()
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	d := desk{t, srv, b, b.open(), srv.Member("Lee")}
	id := d.lee.Command("/biometrics", "new")
	d.k.ack(d.k.next())
	if r := b.call("views.open", "trigger_id", trigger(srv, id), "view", view); !r.OK {
		t.Fatalf("views.open: %+v", r)
	}
	return d
}

// answer acknowledges the next interaction and returns it when it is over.
func (d desk) answer(payload ...any) (envelope, fakeslack.Delivery) {
	d.t.Helper()
	e := d.k.next()
	d.k.ack(e, payload...)
	if err := d.srv.WaitQuiet(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	all := d.srv.Deliveries("")
	return e, all[len(all)-1]
}

// suggest lets the menu of sites offer Chicago.
func (d desk) suggest() {
	d.t.Helper()
	done := make(chan error, 1)
	go func() {
		options, err := d.lee.Suggest(d.t.Context(), "Site", "chi")
		if err == nil && (len(options) != 1 || options[0].Value != "ASC-CHI") {
			d.t.Errorf("the menu offers %+v", options)
		}
		done <- err
	}()
	e, _ := d.answer(map[string]any{"options": []any{map[string]any{"text": map[string]any{"type": "plain_text", "text": "Chicago"}, "value": "ASC-CHI"}}})
	if e.field("type") != "block_suggestion" || e.field("value") != "chi" || !e.Accepts {
		d.t.Errorf("the app was asked %s", e.Payload)
	}
	if err := <-done; err != nil {
		d.t.Fatal(err)
	}
}

func TestSubmission(t *testing.T) {
	d := openDesk(t, registration)
	if v, ok := d.lee.Modal(); !ok || v.Title != "Register" || !strings.Contains(v.Shown(), "Receipt") {
		t.Fatalf("Lee sees %+v", v)
	}
	if _, err := d.lee.Submit(filled()); err == nil {
		t.Error("a site was chosen that nobody offered")
	}
	d.suggest()
	if _, err := d.lee.Submit(filled()); err != nil {
		t.Fatal(err)
	}
	e, _ := d.answer(map[string]any{"response_action": "errors", "errors": map[string]string{"receipt": "Who is that?"}})
	var p struct {
		Type string
		View struct {
			CallbackID string `json:"callback_id"`
			Private    string `json:"private_metadata"`
			State      struct {
				Values map[string]map[string]struct {
					Value    string
					Date     string `json:"selected_date"`
					Time     string `json:"selected_time"`
					Timezone string
					Option   struct{ Value string } `json:"selected_option"`
				}
			}
		}
	}
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		t.Fatal(err)
	}
	v := p.View.State.Values
	got := []string{p.Type, p.View.CallbackID, p.View.Private, v["receipt"]["v"].Value, v["site"]["v"].Option.Value, v["date"]["v"].Date,
		v["time"]["v"].Time, v["time"]["v"].Timezone, v["form"]["v"].Option.Value}
	want := "view_submission register 7:1 IOE0000000101 ASC-CHI 2026-12-03 09:30 America/Chicago i485"
	if strings.Join(got, " ") != want {
		t.Errorf("the app got %q, want %q", got, want)
	}
	if v, ok := d.lee.Modal(); !ok || v.ErrorAt("Receipt") != "Who is that?" || v.ErrorAt("Site") != "" {
		t.Errorf("after the error, Lee sees %+v", v.Errors)
	}
	if _, err := d.lee.Submit(nil); err != nil { // all is still filled in
		t.Fatal(err)
	}
	d.answer()
	if v, ok := d.lee.Modal(); ok {
		t.Errorf("the modal is still open: %+v", v)
	}
}

func TestClientChecks(t *testing.T) {
	d := openDesk(t, registration)
	d.suggest()
	for _, x := range []struct{ input, value, want string }{
		{"Receipt", "", `input "Receipt" is required`},
		{"Receipt", "IOE00000001011", `input "Receipt": 14 characters are too few or too many`},
		{"Receipt", "IOE\n0000", `input "Receipt": only one line can be typed here`},
		{"Site", "Boston", `input "Site": the menu has no "Boston"`},
		{"Date", "tomorrow", `input "Date": "tomorrow" is no date`},
		{"Form", "N-400", `input "Form": the menu has no "N-400"`},
		{"Color", "blue", `no input "Color"`},
	} {
		values := filled()
		if values[x.input] = x.value; x.input == "Receipt" {
			delete(values, "receipt")
		}
		if _, err := d.lee.Submit(values); err == nil || err.Error() != x.want {
			t.Errorf("%s = %q: %v, want %s", x.input, x.value, err, x.want)
		}
	}
	if _, err := d.lee.SubmitRaw(map[string]any{"receipt": 7}); err != nil {
		t.Fatal(err)
	}
	if e, _ := d.answer(); !strings.Contains(string(e.Payload), `"values":{"receipt":7}`) {
		t.Errorf("the app got %s", e.Payload)
	}
}

func TestWrongResponses(t *testing.T) {
	small := map[string]any{"type": "modal", "title": map[string]any{"type": "plain_text", "text": "x"}}
	for _, x := range []struct {
		name    string
		payload any
		want    string
	}{
		{"an error at a block that is no input", map[string]any{"response_action": "errors", "errors": map[string]string{"more": "x"}}, "an error at a block that is no input"},
		{"no errors", map[string]any{"response_action": "errors"}, "no errors"},
		{"an unknown action", map[string]any{"response_action": "explode"}, `response_action "explode"`},
		{"a view that is none", map[string]any{"response_action": "update", "view": small}, "invalid_arguments"},
		{"an array", []any{1}, "not JSON"},
	} {
		d := openDesk(t, registration)
		d.suggest()
		if _, err := d.lee.Submit(filled()); err != nil {
			t.Fatal(err)
		}
		_, over := d.answer(x.payload)
		v, open := d.lee.Modal()
		if want := "response refused: " + x.want; !strings.HasPrefix(over.Trouble, want) || !open || v.Trouble != over.Trouble || violations(d.srv) == "" {
			t.Errorf("%s: trouble %q, shown %q, violations %q", x.name, over.Trouble, v.Trouble, violations(d.srv))
		}
		if got := d.lee.Troubles(); len(got) != 1 {
			t.Errorf("%s: Lee had the troubles %q", x.name, got)
		}
	}
}

func TestLateSubmission(t *testing.T) {
	d := openDesk(t, registration)
	d.suggest()
	if _, err := d.lee.Submit(filled()); err != nil {
		t.Fatal(err)
	}
	d.k.next()
	d.srv.Redeliver()
	if err := d.srv.WaitQuiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, ok := d.lee.Modal(); !ok || v.Trouble != "timed out" {
		t.Errorf("Lee sees %+v", v)
	}
}

func TestWrongSuggestions(t *testing.T) {
	option := func(text string) any {
		return map[string]any{"text": map[string]any{"type": "plain_text", "text": text}, "value": text}
	}
	var many []any
	for i := range 101 {
		many = append(many, option(strings.Repeat("x", i%75+1)))
	}
	d := openDesk(t, registration)
	for _, x := range []struct {
		name    string
		payload any
		good    bool
	}{
		{"nothing", map[string]any{}, false},
		{"no options", map[string]any{"options": []any{}}, true},
		{"100 options", map[string]any{"options": many[1:]}, true},
		{"101 options", map[string]any{"options": many}, false},
		{"a long option", map[string]any{"options": []any{option(strings.Repeat("x", 76))}}, false},
	} {
		done := make(chan error, 1)
		go func() {
			_, err := d.lee.Suggest(t.Context(), "Site", "chi")
			done <- err
		}()
		d.answer(x.payload)
		if err := <-done; (err == nil) != x.good {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	if _, err := d.lee.Suggest(t.Context(), "Site", ""); err == nil {
		t.Error("the app was asked without a character")
	}
}

func TestStack(t *testing.T) {
	d := openDesk(t, registration)
	id, err := d.lee.PressModal("Add another")
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := d.answer(); e.field("container", "type") != "view" || e.field("view", "callback_id") != "register" {
		t.Errorf("the app got %s", e.Payload)
	}
	pushed := strings.Replace(registration, "Register", "Another", 1)
	for i, want := range []string{"", "exchanged_trigger_id"} {
		if r := d.b.call("views.push", "trigger_id", trigger(d.srv, id), "view", pushed); r.Error != want {
			t.Errorf("push %d: %+v", i, r)
		}
	}
	if r := d.b.call("views.push", "trigger_id", "1.2.3", "view", pushed); r.Error != "invalid_trigger_id" {
		t.Errorf("an invented trigger: %q", r.Error)
	}
	d.suggest()
	if _, err := d.lee.Submit(filled()); err != nil {
		t.Fatal(err)
	}
	third := json.RawMessage(strings.Replace(registration, "Register", "Third", 1))
	d.answer(map[string]any{"response_action": "push", "view": third})
	if all := d.lee.Modals(); len(all) != 3 || all[2].Title != "Third" {
		t.Fatalf("open are %d modals", len(all))
	}
	if _, err := d.lee.Submit(filled()); err != nil {
		t.Fatal(err)
	}
	if _, over := d.answer(map[string]any{"response_action": "push", "view": third}); over.Trouble != "response refused: push_limit_reached" {
		t.Errorf("a fourth modal: %q", over.Trouble)
	}
	d.lee.CloseModal(false)
	if e, _ := d.answer(); e.field("type") != "view_closed" || e.field("view", "title", "text") != "Third" {
		t.Errorf("the app got %s", e.Payload)
	}
	if _, err := d.lee.Submit(filled()); err != nil {
		t.Fatal(err)
	}
	d.answer(map[string]any{"response_action": "clear"})
	if n := len(d.lee.Modals()); n != 0 {
		t.Errorf("%d modals are open", n)
	}
	if r := d.b.call("views.push", "trigger_id", trigger(d.srv, id), "view", pushed); r.OK {
		t.Error("a modal was pushed onto nothing")
	}
}

func TestViewUpdate(t *testing.T) {
	d := openDesk(t, registration)
	v, _ := d.lee.Modal()
	if _, err := d.lee.SelectModal("Date", "2026-12-03"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.lee.SelectModal("Receipt", "IOE0000000101"); err != nil {
		t.Fatal(err)
	}
	without := strings.Replace(registration, `"block_id":"receipt"`, `"block_id":"number"`, 1)
	without = strings.Replace(without, `"element":{"type":"timepicker"`, `"element":{"type":"datepicker"`, 1)
	if _, err := d.lee.SelectModal("Time", "09:30"); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ id, hash, want string }{{v.ID, v.Hash, ""}, {v.ID, v.Hash, "hash_conflict"}, {v.ID, "", ""}, {"V0NONE", "", "not_found"}} {
		if r := d.b.call("views.update", "view_id", x.id, "hash", x.hash, "view", without); r.Error != x.want {
			t.Errorf("an update with %+v: %+v", x, r)
		}
	}
	if _, err := d.lee.Submit(map[string]string{"Site": ""}); err == nil || err.Error() != `input "Receipt" is required` {
		t.Errorf("what was typed under another block id is still there: %v", err)
	}
	if _, err := d.lee.Submit(map[string]string{"Receipt": "IOE0000000101"}); err == nil || err.Error() != `input "Site" is required` {
		t.Errorf("the date is gone: %v", err)
	}
	if _, err := d.lee.Submit(map[string]string{"Site": ""}); err == nil {
		t.Error("a modal without a site was submitted")
	}
	optional := strings.Replace(without, `"label":{"type":"plain_text","text":"Site"}`, `"optional":true,"label":{"type":"plain_text","text":"Site"}`, 1)
	d.b.call("views.update", "view_id", v.ID, "view", optional)
	if _, err := d.lee.Submit(nil); err == nil || err.Error() != `input "Time" is required` {
		t.Errorf("a time was taken for a date: %v", err)
	}
}

func TestHome(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	k, lee := b.open(), srv.Member("Lee")
	if _, ok := lee.Home(); ok {
		t.Error("there is a home tab already")
	}
	lee.OpenHome()
	e := k.next()
	if e.field("event", "type") != "app_home_opened" || e.field("event", "tab") != "home" || e.field("event", "user") != lee.ID {
		t.Errorf("the app got %s", e.Payload)
	}
	k.ack(e)
	home := `{"type":"home","blocks":[{"type":"section","text":{"type":"plain_text","text":"Nothing waits"}},{"type":"actions","block_id":"filters","elements":[
		{"type":"static_select","action_id":"whose","placeholder":{"type":"plain_text","text":"Whose"},"options":[{"text":{"type":"plain_text","text":"Mine"},"value":"mine"}]},
		{"type":"button","action_id":"register","text":{"type":"plain_text","text":"Register"}}]}]}`
	r := b.call("views.publish", "user_id", lee.ID, "view", home)
	if !r.OK {
		t.Fatalf("views.publish: %+v", r)
	}
	v, err := lee.WaitHome(t.Context(), 1)
	if err != nil || v.Shown() != "Nothing waits\n[Whose] [Register]" {
		t.Errorf("Lee sees %q, %v", v.Shown(), err)
	}
	if r := b.call("views.publish", "user_id", lee.ID, "view", home, "hash", "1.x"); r.Error != "hash_conflict" {
		t.Errorf("with an old hash: %q", r.Error)
	}
	if r := b.call("views.publish", "user_id", lee.ID, "view", registration); r.Error != "invalid_arguments" {
		t.Errorf("a modal as a home tab: %q", r.Error)
	}
	if _, err := lee.SelectHome("Whose", "Mine"); err != nil {
		t.Fatal(err)
	}
	if e := k.next(); e.field("actions", "selected_option", "value") != "mine" || e.field("view", "id") != r.View.ID {
		t.Errorf("the app got %s", e.Payload)
	}
	if _, err := lee.PressHome("Register"); err != nil {
		t.Fatal(err)
	}
	if e := k.next(); e.field("actions", "action_id") != "register" || e.field("trigger_id") == "" {
		t.Errorf("the app got %s", e.Payload)
	}
}
