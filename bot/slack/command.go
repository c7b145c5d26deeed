package slack

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"reschedulebot/bot"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
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
		"confirm":    asks("/confirm"),
		"refuse":     asks("/refuse"),
		"add":        registers,
	}
}

// spanish are the same words as the answers in Spanish name them.
func spanish() map[string]string {
	return map[string]string{
		"ayuda": "help", "cambiar": "reschedule", "solicitudes": "requests", "buscar": "find", "hoy": "today", "semana": "week",
		"invitar": "invite", "enlaces": "links", "importar": "import", "agregar": "add", "confirmar": "confirm", "rechazar": "refuse",
	}
}

// route is what a command's text asks for, and what of it follows the word. A receipt
// number alone is the wish to move that appointment.
func route(text string) (read func(d *delivery, rest string), rest string) {
	verb, rest, _ := strings.Cut(text, " ")
	verb = strings.ToLower(verb)
	if read = commandRoutes()[cmp.Or(spanish()[verb], verb)]; read != nil {
		return read, strings.TrimSpace(rest)
	}
	switch scheduling.ReadIdentifier(text).Kind {
	case scheduling.ReceiptExact, scheduling.ReceiptOddPrefix, scheduling.ReceiptRepaired:
		return commandRoutes()["reschedule"], text
	}
	return nil, ""
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
	with := map[string]string{"reschedule": exampleReceipt, "add": exampleReceipt, "invite": exampleReceipt, "links": exampleReceipt, "find": exampleReceipt,
		"confirm": "R1", "refuse": "R1 why"}
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
	read, rest := route(strings.TrimSpace(typed(c.Text)))
	d.trigger = c.Trigger
	d.take("command-"+c.Trigger, c.User, "", conversation.Event{Kind: conversation.Said}, raw)
	d.stranger = read == nil || c.Command != command
	if read != nil {
		read(d, rest)
	}
	return nil
}
