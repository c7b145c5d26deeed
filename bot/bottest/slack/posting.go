package fakeslack

import (
	"encoding/json"
	"time"
	"unicode/utf8"
)

const metadataLimit = 8000 // bytes of the payload

// writable finds the channel that a call writes to. A user's id means the DM
// with them where that is allowed. s.mu is held.
func (s *Server) writable(id string, person bool) (*channel, answer) {
	if p := s.users[id]; person && p != nil {
		switch {
		case p.user.Deleted:
			return nil, refuse("user_disabled")
		case p.user.Bot:
			return nil, refuse("cannot_dm_bot")
		case p.user.Team != s.opt.Team:
			return nil, refuse("channel_not_found")
		}
		return s.dmOf(p), answer{}
	}
	ch := s.channels[id]
	switch {
	case id == "":
		return nil, refuse("invalid_arguments", "[ERROR] missing required field: channel")
	case ch == nil || ch.set.Out && ch.set.Private:
		return nil, refuse("channel_not_found")
	case ch.set.Out:
		return nil, refuse("not_in_channel")
	case ch.set.Archived:
		return nil, refuse("is_archived")
	}
	return ch, answer{}
}

func (s *Server) postMessage(c *Call) answer {
	ch, a := s.writable(c.Params.Get("channel"), true)
	if !a.ok() {
		return a
	}
	if a := s.paced(ch); !a.ok() {
		return a
	}
	m, a := s.readMessage(c, textLimit)
	if !a.ok() {
		return a
	}
	if a := s.threaded(ch, m, c); !a.ok() {
		return a
	}
	for _, unfurl := range []string{"unfurl_links", "unfurl_media"} {
		if c.Params.Get(unfurl) != "false" {
			s.blame(c.Method, unfurl, "is not false")
		}
	}
	s.put(ch, m)
	return yes(obj{"channel": ch.id, "ts": m.TS, "message": s.wire(m)})
}

// paced keeps posts to one channel apart. s.mu is held.
func (s *Server) paced(ch *channel) answer {
	if s.opt.PostEvery <= 0 {
		return answer{}
	}
	if wait := s.posted[ch.id].Add(s.opt.PostEvery).Sub(s.now()); wait > 0 {
		return limited(int((wait + time.Second - 1) / time.Second))
	}
	s.posted[ch.id] = s.now()
	return answer{}
}

// threaded puts a message into the thread that the call names.
func (s *Server) threaded(ch *channel, m *message, c *Call) answer {
	ts := c.Params.Get("thread_ts")
	if ts == "" {
		return answer{}
	}
	root := ch.find(ts)
	if root == nil {
		return refuse("thread_not_found")
	}
	m.Thread = ts
	if root.Thread != "" {
		m.Thread = root.Thread
	}
	m.Broadcast = c.Params.Get("reply_broadcast") == "true"
	return answer{}
}

// readMessage makes a message of a call's text, blocks and metadata. s.mu is
// held.
func (s *Server) readMessage(c *Call, most int) (*message, answer) {
	m := &message{Message: Message{Text: c.Params.Get("text")}, app: true}
	if a := s.readBlocks(c.Method, c.Params.Get("blocks"), m); !a.ok() {
		return nil, a
	}
	switch {
	case m.Text == "" && len(m.Blocks) == 0:
		return nil, refuse("no_text")
	case !utf8.ValidString(m.Text):
		return nil, refuse("invalid_arguments", "[ERROR] text must be UTF-8")
	case utf8.RuneCountInString(m.Text) > most:
		return nil, refuse("msg_too_long")
	case m.Text == "":
		s.blame(c.Method, "text", "is missing: the notification has nothing to say")
	}
	s.mrkdwn(c.Method, "text", m.Text)
	if raw := c.Params.Get("attachments"); raw != "" && raw != "[]" {
		s.blame(c.Method, "attachments", "are out of date")
	}
	return m, s.readMetadata(c, m)
}

func (s *Server) readBlocks(method, raw string, m *message) answer {
	if raw == "" || raw == "null" {
		return answer{}
	}
	var blocks []Block
	if json.Unmarshal([]byte(raw), &blocks) != nil {
		return refuse("invalid_blocks_format")
	}
	k := newCheck("message")
	if k.blocks("/blocks", blocks); len(k.messages) > 0 {
		return refuse("invalid_blocks", k.messages...)
	}
	if len(blocks) == 0 {
		return answer{}
	}
	for _, t := range k.texts {
		s.mrkdwn(method, t.where, t.text)
	}
	m.raw, m.Blocks = s.named(json.RawMessage(raw))
	return answer{}
}

func (s *Server) readMetadata(c *Call, m *message) answer {
	raw := c.Params.Get("metadata")
	if raw == "" || raw == "null" {
		return answer{}
	}
	var md Metadata
	var payload map[string]any
	switch {
	case json.Unmarshal([]byte(raw), &md) != nil:
		return refuse("invalid_metadata_format")
	case md.Type == "" || md.Payload == nil || json.Unmarshal(md.Payload, &payload) != nil:
		return refuse("invalid_metadata_schema")
	case len(md.Payload) > metadataLimit:
		return refuse("metadata_too_large")
	}
	m.Metadata = &md
	return answer{}
}

func (s *Server) postEphemeral(c *Call) answer {
	ch, a := s.writable(c.Params.Get("channel"), false)
	if !a.ok() {
		return a
	}
	p := s.users[c.Params.Get("user")]
	if p == nil || !ch.sees(p) || p.user.Deleted {
		return refuse("user_not_in_channel")
	}
	m, a := s.readMessage(c, textLimit)
	if !a.ok() {
		return a
	}
	m.Ephemeral = p.ID
	if m.Thread = c.Params.Get("thread_ts"); m.Thread != "" && ch.find(m.Thread) == nil {
		return refuse("thread_not_found")
	}
	s.put(ch, m)
	return yes(obj{"message_ts": m.TS})
}
