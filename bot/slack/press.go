package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"reschedulebot/conversation"
)

const (
	buttonVersion = "1"
	// buttonBytes is our own limit; Slack's is 2,000 characters.
	buttonBytes = 64
	// choiceAction begins the action_id of a button that answers a question.
	choiceAction = "choice-"
)

// buttonValue is what a button brings back: version|revision|value.
func buttonValue(rev int, value string) (string, error) {
	data := buttonVersion + "|" + strconv.Itoa(rev) + "|" + value
	if rev < 0 || !validValue(value) || len(data) > buttonBytes {
		return "", fmt.Errorf("a choice that does not fit a button: revision %d, value of %d bytes", rev, len(value))
	}
	return data, nil
}

// parseButton reads it. Anything that buttonValue did not make is revision -1,
// which no question ever had.
func parseButton(data string) (rev int, value string) {
	version, rest, _ := strings.Cut(data, "|")
	number, value, _ := strings.Cut(rest, "|")
	rev, err := strconv.Atoi(number)
	if err != nil || version != buttonVersion || len(data) > buttonBytes {
		return -1, ""
	}
	if made, err := buttonValue(rev, value); err != nil || made != data {
		return -1, ""
	}
	return rev, value
}

func validValue(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return s != ""
}

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
		rev, value = parseButton(a.Value)
	}
	raw, err := json.Marshal(i) // without what Slack adds to every payload
	if err != nil {
		return err
	}
	at := address(i.Container.Channel, i.Container.TS)
	d.take("press-"+a.TS+"-"+i.User.ID+"-"+at, i.User.ID, at, conversation.Event{Kind: conversation.Pressed, Rev: rev, Value: value}, raw)
	return nil
}
