package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"

	"reschedulebot/bot"
	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// acts marks the delivery as what a member of staff did with a card, a form or a
// page.
func (d *delivery) acts(eventID, user, message string, act bot.Act, raw []byte) {
	d.take(eventID, user, message, conversation.Event{}, raw)
	d.in.Act = &act
}

// acted reads a press on a button of a card: in the staff channel, in somebody's
// direct messages, or on their page. A press anywhere else is only acknowledged.
func (d *delivery) acted(i *interaction) error {
	a, on := i.Actions[0], i.Container
	name, ok := actOf(a.ID)
	if !ok || !refForm.MatchString(a.Value) || len(a.Value) > refBytes { // never drawn by us
		return nil
	}
	var where, message string
	switch {
	case i.View != nil && i.View.Type == "home":
		where = i.View.ID
	case d.hears(on.Channel):
		where = address(on.Channel, on.TS)
		message, d.at = where, place{on.Channel, on.Thread}
	default:
		return nil
	}
	if !idForm.MatchString(i.User.ID) || !anyID.MatchString(where) || !tsForm.MatchString(a.TS) || message != "" && !tsForm.MatchString(on.TS) {
		return errIDs
	}
	i.View = nil // the page, which the database has
	raw, err := json.Marshal(i)
	if err != nil {
		return err
	}
	d.trigger = i.Trigger
	d.acts("press-"+a.TS+"-"+i.User.ID+"-"+where, i.User.ID, message, bot.Act{Name: name, Ref: a.Value}, raw)
	return nil
}

// hears tells whether cards stand in a conversation.
func (d *delivery) hears(channel string) bool {
	return idForm.MatchString(channel) && (channel[0] == 'D' || channel == d.room)
}

// A view is a form or a page as Slack describes it.
type view struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Callback string `json:"callback_id"`
	Private  string `json:"private_metadata"`
	Blocks   []struct {
		Type string `json:"type"`
		ID   string `json:"block_id"`
	} `json:"blocks,omitempty"`
	State struct {
		Values map[string]map[string]filledIn `json:"values"`
	} `json:"state"`
}

// filledIn is what somebody chose or typed in one element.
type filledIn struct {
	Value  string `json:"value,omitempty"`
	Date   string `json:"selected_date,omitempty"`
	Time   string `json:"selected_time,omitempty"`
	Option *struct {
		Value string `json:"value"`
	} `json:"selected_option,omitempty"`
}

func (f filledIn) words() string {
	if f.Option != nil {
		return f.Option.Value
	}
	return f.Date + f.Time + f.Value
}

// submitted reads a form that was filled in.
func (d *delivery) submitted(i *interaction) error {
	if i.View == nil {
		return errors.New("a form that was never offered")
	}
	name, ours := strings.CutPrefix(i.View.Callback, formCallback)
	if !ours || !actForm.MatchString(name) || len(name) > actNameRunes {
		return errors.New("a form that was never offered")
	}
	if !idForm.MatchString(i.User.ID) || !idForm.MatchString(i.View.ID) || !anyID.MatchString(i.Trigger) ||
		!refForm.MatchString(i.View.Private) || len(i.View.Private) > refBytes {
		return errIDs
	}
	d.waits, d.trigger = submission, i.Trigger
	fields := map[string]string{}
	for _, b := range i.View.Blocks {
		if b.Type != "input" || !actForm.MatchString(b.ID) || len(b.ID) > actNameRunes {
			continue
		}
		d.inputs = append(d.inputs, b.ID)
		fields[b.ID] = ""
		for _, f := range i.View.State.Values[b.ID] {
			fields[b.ID] = filled(f.words())
		}
	}
	i.View.Blocks = nil
	raw, err := json.Marshal(i)
	if err != nil {
		return err
	}
	act := bot.Act{Name: "submit:" + name, Ref: i.View.Private, Fields: fields}
	d.acts("form-"+i.View.ID+"-"+i.Trigger, i.User.ID, "", act, raw)
	return nil
}

// filled is what was typed into a field. Slack does not escape it, and phones write
// there as they do elsewhere.
func filled(s string) string { return text.Typed(plainer(text.Clean(s))) }

// suggests reads what somebody has typed so far into a menu.
func (d *delivery) suggests(i *interaction) error {
	d.waits, d.ack = suggestion, suggested(options(nil))
	if i.ActionID != sitesAction {
		return nil
	}
	on := ""
	if i.View != nil {
		on = i.View.ID
	}
	if !idForm.MatchString(i.User.ID) || !idForm.MatchString(on) {
		return errIDs
	}
	i.View = nil
	raw, err := json.Marshal(i)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(i.Value))
	d.acts("sites-"+on+"-"+i.User.ID+"-"+hex.EncodeToString(sum[:8]), i.User.ID, "", bot.Act{Name: sitesAction, Typed: filled(i.Value)}, raw)
	return nil
}

// A tabOpened event is somebody looking at the app's page.
type tabOpened struct {
	User    string `json:"user"`
	Channel string `json:"channel"` // their direct messages
	Tab     string `json:"tab"`
	TS      string `json:"event_ts"`
}

// opened reads that somebody opened their page.
func (d *delivery) opened(outer outerEvent) error {
	var o tabOpened
	if err := json.Unmarshal(outer.Event, &o); err != nil {
		return err
	}
	if o.Tab != "home" {
		return nil
	}
	if !idForm.MatchString(o.User) || !tsForm.MatchString(o.TS) {
		return errIDs
	}
	raw, err := json.Marshal(o) // without the page
	if err != nil {
		return err
	}
	d.teams, d.shared = []string{outer.Team}, outer.Shared
	d.home, d.at = true, place{channel: o.Channel}
	d.acts("home-"+o.User+"-"+o.TS, o.User, "", bot.Act{Name: "home"}, raw)
	return nil
}
