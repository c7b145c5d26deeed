package slack

import (
	"encoding/json"
	"errors"
	"strings"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// choiceAction begins the action_id of a button that answers a question.
const choiceAction = "choice-"

// An interaction is what somebody did to something of ours.
type interaction struct {
	Type string `json:"type"`
	User struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	} `json:"user"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	Container struct {
		Channel string `json:"channel_id"`
		TS      string `json:"message_ts"`
	} `json:"container"`
	Actions []struct {
		ID    string `json:"action_id"`
		Value string `json:"value"`
		TS    string `json:"action_ts"`
	} `json:"actions"`
}

// interactionRoutes are the kinds of interactions that the bot offers.
func interactionRoutes() map[string]func(*delivery, *interaction) error {
	return map[string]func(*delivery, *interaction) error{
		"block_actions": (*delivery).pressed,
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

// pressed reads a press. Our buttons hang on messages in a person's direct
// messages; a press anywhere else is only acknowledged.
func (d *delivery) pressed(i *interaction) error {
	if len(i.Actions) != 1 || !strings.HasPrefix(i.Container.Channel, "D") {
		return nil
	}
	a := i.Actions[0]
	if !idForm.MatchString(i.User.ID) || !idForm.MatchString(i.Container.Channel) || !tsForm.MatchString(i.Container.TS) || !tsForm.MatchString(a.TS) {
		return errIDs
	}
	rev, value := -1, ""
	if strings.HasPrefix(a.ID, choiceAction) {
		rev, value = text.ParseButton(a.Value)
	}
	raw, err := json.Marshal(i) // without what Slack adds to every payload
	if err != nil {
		return err
	}
	at := address(i.Container.Channel, i.Container.TS)
	d.take("press-"+a.TS+"-"+i.User.ID+"-"+at, i.User.ID, at, conversation.Event{Kind: conversation.Pressed, Rev: rev, Value: value}, raw)
	return nil
}
