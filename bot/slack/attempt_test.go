package slack_test

import (
	"encoding/json"
	"maps"
	"strings"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// An attempt does something as somebody and answers the delivery that it made. m is
// a message in their direct messages, or in the staff channel for routes of cards.
type attempt func(r *rig, p *fakeslack.Person, m fakeslack.Message) (delivery string)

func attempts() map[string]attempt {
	all := map[string]attempt{
		"message:":                     inDM("", nil),
		"message:me_message":           inDM("me_message", nil),
		"message:thread_broadcast":     inDM("thread_broadcast", nil),
		"message:file_share":           inDM("file_share", nil),
		"message:message_changed":      changedEvent,
		"thread:":                      inThread(""),
		"thread:me_message":            inThread("me_message"),
		"thread:thread_broadcast":      inThread("thread_broadcast"),
		"thread:file_share":            inThread("file_share"),
		"thread:message_changed":       changedInThread,
		"event:app_home_opened":        homeOpened,
		"press:choice-":                press("choice-1", "1|7|yes"),
		"press:act:":                   press("act:claim#1", "request-1"),
		"interaction:view_submission":  submission,
		"interaction:block_suggestion": suggestion,
		"command:":                     commanded(""),
		"command:something else":       commanded("dance"),
	}
	all["event:message"], all["interaction:block_actions"] = all["message:"], all["press:choice-"]
	for _, words := range []string{"help", "requests", "reschedule IOE0000000101", "find Ana", "today", "week", "invite IOE0000000101", "links IOE0000000101", "import", "add", "confirm R1", "refuse R1 nothing was free"} {
		word, _, _ := strings.Cut(words, " ")
		all["command:"+word] = commanded(words)
	}
	return all
}

// event is a message event of a subtype, in the person's direct messages.
func event(r *rig, p *fakeslack.Person, subtype string, more map[string]any) string {
	fields := map[string]any{"type": "message", "channel": p.DMID(), "channel_type": "im", "user": p.ID, "text": "hello", "ts": "1700000000.000200"}
	if subtype != "" {
		fields["subtype"] = subtype
	}
	maps.Copy(fields, more)
	return r.srv.Event(fields)
}

func inDM(subtype string, more map[string]any) attempt {
	return func(r *rig, p *fakeslack.Person, _ fakeslack.Message) string { return event(r, p, subtype, more) }
}

func inThread(subtype string) attempt {
	return func(r *rig, p *fakeslack.Person, m fakeslack.Message) string {
		return event(r, p, subtype, map[string]any{"channel": m.Channel, "channel_type": "group", "thread_ts": m.TS})
	}
}

func changedEvent(r *rig, p *fakeslack.Person, m fakeslack.Message) string {
	return changed(r, p, map[string]any{"channel": m.Channel, "channel_type": "im"}, nil)
}

func changedInThread(r *rig, p *fakeslack.Person, m fakeslack.Message) string {
	return changed(r, p, map[string]any{"channel": m.Channel, "channel_type": "group"}, map[string]any{"thread_ts": m.TS})
}

func changed(r *rig, p *fakeslack.Person, outer, inner map[string]any) string {
	now := map[string]any{"type": "message", "user": p.ID, "text": "new", "ts": "1700000000.000200", "edited": map[string]any{"user": p.ID, "ts": "1700000000.000300"}}
	maps.Copy(now, inner)
	fields := map[string]any{
		"type": "message", "subtype": "message_changed", "hidden": true, "ts": "1700000000.000300", "message": now,
		"previous_message": map[string]any{"type": "message", "user": p.ID, "text": "old", "ts": "1700000000.000200"},
	}
	maps.Copy(fields, outer)
	return r.srv.Event(fields)
}

func homeOpened(_ *rig, p *fakeslack.Person, _ fakeslack.Message) string { return p.OpenHome() }

func press(action, value string) attempt {
	return func(_ *rig, p *fakeslack.Person, m fakeslack.Message) string {
		return p.Forge(m, map[string]any{"type": "button", "action_id": action, "block_id": "b", "value": value})
	}
}

// interaction is one that is not about a message, as Slack sends it.
func interaction(r *rig, p *fakeslack.Person, kind string, more map[string]any) string {
	fields := map[string]any{
		"type": kind, "trigger_id": "1.2." + p.ID, "team": map[string]any{"id": fakeslack.TeamID},
		"user": map[string]any{"id": p.ID, "team_id": fakeslack.TeamID},
		"view": map[string]any{
			"id": "V1", "type": "modal", "callback_id": "form:another", "private_metadata": "request-1",
			"blocks": []any{map[string]any{"type": "input", "block_id": "site"}},
			"state":  map[string]any{"values": map[string]any{"site": map[string]any{"value": map[string]any{"value": "XCH"}}}},
		},
	}
	maps.Copy(fields, more)
	raw, err := json.Marshal(fields)
	if err != nil {
		r.Fatal(err)
	}
	return r.srv.Deliver(fakeslack.Actions, raw)
}

func submission(r *rig, p *fakeslack.Person, _ fakeslack.Message) string {
	return interaction(r, p, "view_submission", nil)
}

func suggestion(r *rig, p *fakeslack.Person, _ fakeslack.Message) string {
	return interaction(r, p, "block_suggestion", map[string]any{"action_id": "sites", "block_id": "site", "value": "chi"})
}

func commanded(text string) attempt {
	return func(_ *rig, p *fakeslack.Person, _ fakeslack.Message) string {
		return p.Command("/biometrics", text)
	}
}
