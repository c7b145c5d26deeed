package slack

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"reschedulebot/conversation"
)

// command is the slash command of the app.
const command = "/biometrics"

// commandRoutes are the words that can follow it, each with what a person would
// type for the same in the chat.
func commandRoutes() map[string]func(rest string) string {
	help := func(string) string { return "/help" }
	return map[string]func(string) string{
		"":           help,
		"help":       help,
		"requests":   func(string) string { return "requests" },
		"reschedule": func(rest string) string { return strings.TrimSpace("/reschedule " + rest) },
	}
}

// commandWords are they as a person may type them.
func commandWords() []string {
	words := slices.Sorted(maps.Keys(commandRoutes()))
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	if i := slices.Index(words, "reschedule"); i >= 0 {
		words[i] += " IOE0000000101"
	}
	return words
}

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
	says, known := commandRoutes()[strings.ToLower(verb)]
	e := conversation.Event{Kind: conversation.Said}
	if known {
		e.Text = says(strings.TrimSpace(rest))
	}
	d.take("command-"+c.Trigger, c.User, "", e, raw)
	d.stranger = !known || c.Command != command
	return nil
}
