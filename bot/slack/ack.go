package slack

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
	"reschedulebot/bot/text"
)

// What somebody waits for in the acknowledgement of what they did.
type wait int

const (
	nothing    wait = iota
	submission      // of a form: whether it is taken
	suggestion      // in a menu: what there is
)

const (
	ackBytes     = 19_000 // Slack drops what has 20,480 with its envelope
	problemRunes = 300
)

// acknowledge puts into the acknowledgement what somebody waits for: what is wrong
// with a form, which stays open then, or the entries of a menu.
func (d *delivery) acknowledge(a *bot.Answer, w words) {
	switch {
	case d.waits == suggestion:
		d.ack = suggested(options(a.Options))
	case d.waits == submission && len(a.Problems) > 0 && len(d.inputs) > 0:
		d.ack = problems(a.Problems, d.inputs, w)
	}
}

// answer is what goes with the acknowledgement, nil for nothing.
func (d *delivery) answer() []byte {
	if d.ack == nil {
		return nil
	}
	raw, err := json.Marshal(d.ack)
	if err != nil {
		return nil
	}
	return raw
}

// suggested are entries of a menu, as many as an acknowledgement can carry.
func suggested(entries []*slackapi.OptionBlockObject) any {
	for {
		answer := map[string]any{"options": entries}
		if raw, err := json.Marshal(answer); err == nil && len(raw) < ackBytes {
			return answer
		}
		entries = entries[:len(entries)*3/4]
	}
}

// problems say what is wrong at each field. What is wrong with none of them stands
// at the first.
func problems(wrong map[string]string, inputs []string, w words) any {
	at := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		words, field := oneLine(wrong[name]), name
		if !slices.Contains(inputs, name) {
			field = inputs[0]
		}
		at[field] = strings.TrimSpace(at[field] + " " + cmp.Or(words, w.wrong))
	}
	for runes := problemRunes; ; runes /= 2 {
		for field, words := range at {
			if short := text.Head(words, runes); short != words {
				at[field] = text.Head(words, runes-1) + "…"
			}
		}
		answer := map[string]any{"response_action": "errors", "errors": at}
		if raw, err := json.Marshal(answer); err == nil && len(raw) < ackBytes || runes < 10 {
			return answer
		}
	}
}
