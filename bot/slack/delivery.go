package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"reschedulebot/bot"
	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// The kinds of deliveries, as Socket Mode calls them.
const (
	eventsAPI     = "events_api"
	interactive   = "interactive"
	slashCommands = "slash_commands"
)

// A delivery is what Slack brought, as far as it concerns the bot.
type delivery struct {
	// takes tells that somebody wants something; else it is only acknowledged.
	takes bool
	in    bot.Incoming
	// teams are all the workspaces that the delivery names for its author: each
	// must be ours. shared tells that another firm can read along.
	teams  []string
	shared bool
	// stranger is set for a command that the bot does not have, home where somebody
	// opened their page.
	stranger, home bool
	room           string   // the staff channel, "" none
	at             place    // where they did it; "" nowhere in particular
	trigger        string   // Slack's leave to open a form
	waits          wait     // for something in the acknowledgement
	mentioned      []string // whom their words mention
	inputs         []string // of a form: the fields at which something can be wrong
	ack            any      // goes with the acknowledgement, nil nothing
}

// user is the id of whoever did it, "" for what could not be read.
func (d *delivery) user() string { return d.in.Chat }

// readDelivery reads what Slack brought, as it came. It never fails: what can't be
// understood is a quarantined event. room is the staff channel, "" none.
func readDelivery(kind string, payload []byte, room string) (d delivery) {
	d.room = room
	defer func() {
		if r := recover(); r != nil {
			d = quarantined(payload, "the reader panicked")
		}
	}()
	var err error
	switch kind {
	case eventsAPI:
		err = d.event(payload)
	case interactive:
		err = d.interaction(payload)
	case slashCommands:
		err = d.command(payload)
	default:
		err = errors.New("a delivery of an unknown kind")
	}
	if err != nil {
		return quarantined(payload, unreadable(err))
	}
	return d
}

func quarantined(raw []byte, why string) delivery {
	sum := sha256.Sum256(raw)
	return delivery{takes: true, in: bot.Incoming{
		Platform: platformName, EventID: "unread-" + hex.EncodeToString(sum[:12]), Raw: raw, Quarantine: why,
	}}
}

// unreadable names what is wrong without repeating what was sent.
func unreadable(err error) string {
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrong):
		return fmt.Sprintf("field %s is not of type %s", wrong.Field, wrong.Type)
	case errors.As(err, &syntax):
		return "not JSON"
	}
	return err.Error()
}

var (
	idForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,40}$`)
	tsForm = regexp.MustCompile(`^[0-9]{1,16}\.[0-9]{1,16}$`)
	// anyID is an id that only has to be told from others.
	anyID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,120}$`)

	errIDs = errors.New("an id of an unknown form")
)

// take marks the delivery as one to be taken in.
func (d *delivery) take(eventID, user, message string, e conversation.Event, raw []byte) {
	d.takes = true
	d.in = bot.Incoming{Platform: platformName, EventID: eventID, Chat: user, Message: message, Event: e, Raw: raw}
}

// address is the id of a message: its channel and its timestamp.
func address(channel, ts string) string { return channel + ":" + ts }

// An outerEvent is the cover of what the Events API brings.
type outerEvent struct {
	Type   string          `json:"type"`
	Team   string          `json:"team_id"`
	Shared bool            `json:"is_ext_shared_channel"`
	Event  json.RawMessage `json:"event"`
}

// A message is what somebody wrote, or did to what they wrote.
type message struct {
	Type       string   `json:"type"`
	Subtype    string   `json:"subtype"`
	Channel    string   `json:"channel"`
	Kind       string   `json:"channel_type"`
	User       string   `json:"user"`
	Bot        string   `json:"bot_id"`
	Text       string   `json:"text"`
	TS         string   `json:"ts"`
	Thread     string   `json:"thread_ts"`
	Hidden     bool     `json:"hidden"`
	Team       string   `json:"team"`
	UserTeam   string   `json:"user_team"`
	SourceTeam string   `json:"source_team"`
	Now        *message `json:"message"`
	Before     *message `json:"previous_message"`
	Edited     struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Files []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Size int64  `json:"size"`
	} `json:"files"`
}

// event reads what the Events API brings.
func (d *delivery) event(payload []byte) error {
	var outer outerEvent
	if err := json.Unmarshal(payload, &outer); err != nil {
		return err
	}
	if outer.Type != "event_callback" || len(outer.Event) == 0 {
		return errors.New("an event without content")
	}
	var inner struct{ Type string }
	if err := json.Unmarshal(outer.Event, &inner); err != nil {
		return err
	}
	read, known := eventRoutes()[inner.Type]
	if !known { // nothing else was subscribed to
		return nil
	}
	return read(d, outer)
}

// eventRoutes are the events that the bot hears.
func eventRoutes() map[string]func(*delivery, outerEvent) error {
	return map[string]func(*delivery, outerEvent) error{
		"message":         (*delivery).message,
		"app_home_opened": (*delivery).opened,
	}
}

// message reads what happened to a message in somebody's direct messages or in the
// staff channel.
func (d *delivery) message(outer outerEvent) error {
	var m message
	if err := json.Unmarshal(outer.Event, &m); err != nil {
		return err
	}
	d.teams, d.shared = []string{outer.Team}, outer.Shared
	if m.Kind == "group" && m.Channel != "" && m.Channel == d.room {
		return d.below(&m, outer.Event)
	}
	read, known := messageRoutes()[m.Subtype]
	if !known || m.Kind != "im" {
		return nil
	}
	return read(d, &m, outer.Event)
}

// messageRoutes are the kinds of messages that the bot hears in somebody's direct
// messages, by their subtype. All others are news about a chat, not of a person.
func messageRoutes() map[string]func(*delivery, *message, []byte) error {
	return map[string]func(*delivery, *message, []byte) error{
		"":                 (*delivery).said,
		"thread_broadcast": (*delivery).said,
		"me_message":       (*delivery).said,
		"file_share":       (*delivery).file,
		"message_changed":  (*delivery).changed,
	}
}

// wrote notes whose a message is. A message that comes as two events is one.
func (d *delivery) wrote(m *message, channel, moment string, e conversation.Event, raw []byte) error {
	if m.User == "" || m.Bot != "" {
		return nil
	}
	if !idForm.MatchString(m.User) || !idForm.MatchString(channel) || !tsForm.MatchString(m.TS) {
		return errIDs
	}
	for _, team := range []string{m.Team, m.UserTeam, m.SourceTeam} {
		if team != "" {
			d.teams = append(d.teams, team)
		}
	}
	at := address(channel, m.TS)
	d.at.channel = channel
	d.take("message-"+at+moment, m.User, at, e, raw)
	return nil
}

func (d *delivery) said(m *message, raw []byte) error {
	if m.Hidden {
		return nil
	}
	e := conversation.Event{Kind: conversation.Said, Text: typed(m.Text)}
	if code, ok := splitStart(e.Text); ok {
		e = conversation.Event{Kind: conversation.Started, Text: code}
	}
	return d.wrote(m, m.Channel, "", e, raw)
}

// file reads a message with files. One file can be fetched; of several nobody knows
// which is meant.
func (d *delivery) file(m *message, raw []byte) error {
	e := conversation.Event{Kind: conversation.Media, Text: typed(m.Text)}
	if len(m.Files) == 1 {
		if f := m.Files[0]; idForm.MatchString(f.ID) && f.Size >= 0 {
			e.Attached = &conversation.Attached{ID: f.ID, Name: text.Head(oneLine(f.Name), fileRunes), Size: f.Size}
		}
	}
	return d.wrote(m, m.Channel, "", e, raw)
}

const fileRunes = 255 // of a name

// changed reads a change of a text. Slack changes messages too, when it shows what
// is behind a link.
func (d *delivery) changed(m *message, raw []byte) error {
	if m.Now == nil || m.Now.Edited.TS == "" || m.Before != nil && m.Before.Text == m.Now.Text {
		return nil
	}
	if !tsForm.MatchString(m.Now.Edited.TS) {
		return errIDs
	}
	return d.wrote(m.Now, m.Channel, "-"+m.Now.Edited.TS, conversation.Event{Kind: conversation.Edited, Text: typed(m.Now.Text)}, raw)
}
