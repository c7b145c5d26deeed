package slack

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// command is the slash command of the app.
const command = "/biometrics"

// commandRoutes are the words that can follow it, each with what it means for the
// rest of what was typed.
func commandRoutes() map[string]func(d *delivery, rest string) {
	return map[string]func(*delivery, string){
		"":           asks("/help"),
		"help":       asks("/help"),
		"reschedule": asks("/reschedule"),
		"requests":   asks("/requests"),
		"find":       asks("/find"),
		"today":      asks("/today"),
		"week":       asks("/week"),
		"invite":     asks("/invite"),
		"links":      asks("/links"),
		"import":     asks("/import"),
		"add":        registers,
	}
}

// asks is what a person would type for the same in the chat.
func asks(words string) func(*delivery, string) {
	return func(d *delivery, rest string) {
		d.in.Event = conversation.Event{Kind: conversation.Said, Text: words}
		if rest != "" && words != "/help" {
			d.in.Event.Text += " " + rest
		}
	}
}

// registers opens the form of a case, for a receipt number if one was typed.
func registers(d *delivery, rest string) {
	d.in.Event, d.in.Act = conversation.Event{}, &bot.Act{Name: "register", Typed: rest}
}

// commandWords are they as a person may type them.
func commandWords() []string {
	with := map[string]string{"reschedule": exampleReceipt, "add": exampleReceipt, "invite": exampleReceipt, "links": exampleReceipt, "find": exampleReceipt}
	var words []string
	for _, w := range slices.Sorted(maps.Keys(commandRoutes())) {
		if w != "" {
			words = append(words, strings.TrimSpace(w+" "+with[w]))
		}
	}
	return words
}

const exampleReceipt = "IOE0000000101"

// A typedCommand is a slash command.
type typedCommand struct {
	Command string `json:"command"`
	Text    string `json:"text"`
	Team    string `json:"team_id"`
	User    string `json:"user_id"`
	Trigger string `json:"trigger_id"`
}

// command reads a slash command. Wherever it was typed, it counts as said in the
// person's direct messages.
func (d *delivery) command(payload []byte) error {
	var c typedCommand
	if err := json.Unmarshal(payload, &c); err != nil {
		return err
	}
	if !idForm.MatchString(c.User) || !anyID.MatchString(c.Trigger) {
		return errIDs
	}
	raw, err := json.Marshal(c) // without what Slack adds to every payload
	if err != nil {
		return err
	}
	d.teams = []string{c.Team}
	verb, rest, _ := strings.Cut(strings.TrimSpace(typed(c.Text)), " ")
	read, known := commandRoutes()[strings.ToLower(verb)]
	d.trigger = c.Trigger
	d.take("command-"+c.Trigger, c.User, "", conversation.Event{Kind: conversation.Said}, raw)
	d.stranger = !known || c.Command != command
	if known {
		read(d, strings.TrimSpace(rest))
	}
	return nil
}
