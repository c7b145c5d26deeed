package fakeslack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Message is a message as it stands in a channel.
type Message struct {
	Channel   string
	TS        string // its id in the channel
	Thread    string // the TS of the message that it replies to, or ""
	Broadcast bool   // a reply that is shown in the channel too
	User      string // who wrote it
	Text      string // the notification, or all there is: escaped, as it travels
	Blocks    []Block
	Metadata  *Metadata
	Ephemeral string // the one who sees it, or ""
	Files     []File
	Sent      time.Time
	Edits     int

	raw json.RawMessage // the blocks, as they travel
}

// Metadata is what an app hides in a message to find it again.
type Metadata struct {
	Type    string          `json:"event_type"`
	Payload json.RawMessage `json:"event_payload,omitempty"`
}

type message struct {
	Message
	app     bool // the app's own
	deleted bool
	edited  string            // ts of the latest edit
	client  string            // client_msg_id, of people's
	states  map[string]states // by user: what was chosen in the message
}

// stamp is the ts of something that happens now. s.mu is held.
func (s *Server) stamp() string {
	s.lastTS = max(s.lastTS+1, s.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}

// put adds a message and tells those who can see it. s.mu is held.
func (s *Server) put(ch *channel, m *message) {
	m.Channel, m.TS, m.Sent = ch.id, s.stamp(), s.now()
	if m.app {
		m.User = BotUser
	}
	if m.Ephemeral == "" {
		ch.messages = append(ch.messages, m)
	}
	if m.app {
		for _, p := range s.users {
			if m.Ephemeral == p.ID || m.Ephemeral == "" && ch.sees(p) {
				p.seen, p.inbox = append(p.seen, m), append(p.inbox, m)
			}
		}
		if m.Ephemeral == "" {
			s.echo(ch, s.wire(m))
		}
	}
	s.ring()
}

// echo brings what the app did itself back to it. s.mu is held.
func (s *Server) echo(ch *channel, event obj) {
	if !s.opt.NoEcho {
		s.happen(ch, event)
	}
}

// happen tells the app of a message event in a channel. s.mu is held.
func (s *Server) happen(ch *channel, event obj) {
	kind, scope := ch.kind()
	if ch.set.Out || !s.granted(scope+":history") {
		return
	}
	event["channel"], event["channel_type"], event["type"] = ch.id, kind, "message"
	if event["event_ts"] == nil {
		event["event_ts"] = event["ts"]
	}
	name := "message." + scope
	s.event(name, event, ch.set.ExtShared)
}

// wire is a message as it travels. s.mu is held.
func (s *Server) wire(m *message) obj {
	w := obj{"type": "message", "user": m.User, "ts": m.TS, "text": m.Text, "team": s.teamOf(m.User)}
	if m.app {
		w["bot_id"], w["app_id"] = BotID, AppID
		w["bot_profile"] = obj{"id": BotID, "app_id": AppID, "name": "Biometrics Desk", "deleted": false, "team_id": s.opt.Team}
	}
	if m.client != "" {
		w["client_msg_id"] = m.client
	}
	if len(m.raw) > 0 {
		w["blocks"] = m.raw
	}
	if m.Thread != "" {
		w["thread_ts"] = m.Thread
	}
	if m.Broadcast {
		w["subtype"] = "thread_broadcast"
	}
	if m.edited != "" {
		w["edited"] = obj{"user": m.User, "ts": m.edited}
	}
	if m.Metadata != nil {
		w["metadata"] = m.Metadata
	}
	if len(m.Files) > 0 {
		files := []obj{}
		for _, f := range m.Files {
			files = append(files, s.fileFields(f))
		}
		w["files"], w["upload"], w["subtype"] = files, false, "file_share"
	}
	return w
}

func (s *Server) teamOf(user string) string {
	if p := s.users[user]; p != nil {
		return p.user.Team
	}
	return s.opt.Team
}

// Shown is all that a person reads in the message, line by line and as it is
// displayed: the blocks, or the text when there are none.
func (m Message) Shown() string {
	if len(m.Blocks) == 0 {
		return display(m.Text)
	}
	var lines []string
	for _, b := range m.Blocks {
		lines = append(lines, b.lines()...)
	}
	return strings.Join(lines, "\n")
}

// Notification is the message's text as a lock screen shows it.
func (m Message) Notification() string { return display(m.Text) }

// Labels returns what the message's buttons say, in reading order.
func (m Message) Labels() []string { return labels(m.Blocks) }

// Button finds a button, or an entry of an overflow menu, by its label.
func (m Message) Button(label string) (Block, Element, bool) {
	b, e, _, ok := findButton(m.Blocks, label)
	return b, e, ok
}

// before says whether a ts is older than another.
func before(a, b string) bool {
	seconds, micros := cutTS(a)
	s, m := cutTS(b)
	return seconds < s || seconds == s && micros < m
}

func cutTS(ts string) (seconds, micros int64) {
	left, right, _ := strings.Cut(ts, ".")
	seconds, _ = strconv.ParseInt(left, 10, 64)
	micros, _ = strconv.ParseInt((right + "000000")[:6], 10, 64)
	return seconds, micros
}

func (m Message) replies(ch *channel) []*message {
	return slices.DeleteFunc(slices.Clone(ch.messages), func(r *message) bool { return r.deleted || r.Thread != m.TS })
}
