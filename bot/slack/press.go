package slack

import (
	"encoding/json"
	"errors"
	"strings"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// choiceAction begins the action_id of a button, or of the menu, that answers a question.
const choiceAction = "choice-"

// An interaction is what somebody did to something of ours.
type interaction struct {
	Type    string `json:"type"`
	Trigger string `json:"trigger_id,omitempty"`
	User    struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	} `json:"user"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	Container struct {
		Channel string `json:"channel_id"`
		TS      string `json:"message_ts"`
		Thread  string `json:"thread_ts,omitempty"`
	} `json:"container"`
	Actions []struct {
		ID string `json:"action_id"`
		TS string `json:"action_ts"`
		filledIn
	} `json:"actions,omitempty"`
	View *view `json:"view,omitempty"`
	// ActionID and Value are of the menu that asks for suggestions.
	ActionID string `json:"action_id,omitempty"`
	Value    string `json:"value,omitempty"`
}

// interactionRoutes are the kinds of interactions that the bot offers.
func interactionRoutes() map[string]func(*delivery, *interaction) error {
	return map[string]func(*delivery, *interaction) error{
		"block_actions":    (*delivery).pressed,
		"view_submission":  (*delivery).submitted,
		"block_suggestion": (*delivery).suggests,
	}
}

// pressRoutes are the buttons that the bot makes, by the beginning of their action
// ids.
func pressRoutes() map[string]func(*delivery, *interaction) error {
	return map[string]func(*delivery, *interaction) error{
		choiceAction: (*delivery).chose,
		actAction:    (*delivery).acted,
	}
}

func (d *delivery) interaction(payload []byte) error {
	var i interaction
	if err := json.Unmarshal(payload, &i); err != nil {
		return err
	}
	read, known := interactionRoutes()[i.Type]
	if !known {
		return errors.New("an interaction that was never offered")
	}
	d.teams = []string{i.User.Team}
	if i.Team.ID != "" {
		d.teams = append(d.teams, i.Team.ID)
	}
	return read(d, &i)
}

// pressed reads a press on a button. One that the bot never made is read as a choice
// that no question ever had.
func (d *delivery) pressed(i *interaction) error {
	if len(i.Actions) != 1 {
		return nil
	}
	for begins, read := range pressRoutes() {
		if strings.HasPrefix(i.Actions[0].ID, begins) {
			return read(d, i)
		}
	}
	return d.chose(i)
}

// chose reads the answer to a question. Questions hang on messages in a person's
// direct messages; a press anywhere else is only acknowledged.
func (d *delivery) chose(i *interaction) error {
	if !strings.HasPrefix(i.Container.Channel, "D") {
		return nil
	}
	a := i.Actions[0]
	if !idForm.MatchString(i.User.ID) || !idForm.MatchString(i.Container.Channel) || !tsForm.MatchString(i.Container.TS) || !tsForm.MatchString(a.TS) {
		return errIDs
	}
	rev, value := -1, ""
	if strings.HasPrefix(a.ID, choiceAction) {
		rev, value = text.ParseButton(a.words())
	}
	i.View = nil
	raw, err := json.Marshal(i) // without what Slack adds to every payload
	if err != nil {
		return err
	}
	at := address(i.Container.Channel, i.Container.TS)
	d.at.channel = i.Container.Channel
	d.take("press-"+a.TS+"-"+i.User.ID+"-"+at, i.User.ID, at, conversation.Event{Kind: conversation.Pressed, Rev: rev, Value: value}, raw)
	return nil
}
