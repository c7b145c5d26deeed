package fakeslack

import (
	"encoding/json"
	"slices"
	"strings"
)

func (s *Server) getPermalink(c *Call) answer {
	ch, a := s.writable(c.Params.Get("channel"), false)
	if !a.ok() {
		return a
	}
	m := ch.find(c.Params.Get("message_ts"))
	if m == nil {
		return refuse("message_not_found")
	}
	link := s.base + "/archives/" + ch.id + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.Thread != "" {
		link += "?thread_ts=" + m.Thread + "&cid=" + ch.id
	}
	return yes(obj{"channel": ch.id, "permalink": link})
}

// conversationsHistory gives the messages outside threads, newest first.
func (s *Server) conversationsHistory(c *Call) answer {
	ch, a := s.readable(c, "history")
	if !a.ok() {
		return a
	}
	list := s.between(c, ch, func(m *message) bool { return m.Thread == "" || m.Broadcast })
	slices.Reverse(list)
	page, cursor, a := paged(c, list, 100)
	if !a.ok() {
		return a
	}
	return yes(obj{"messages": page, "has_more": cursor != "", "pin_count": 0, "response_metadata": obj{"next_cursor": cursor}})
}

// conversationsReplies gives a message and its replies, oldest first.
func (s *Server) conversationsReplies(c *Call) answer {
	ch, a := s.readable(c, "history")
	if !a.ok() {
		return a
	}
	root := ch.find(c.Params.Get("ts"))
	if root == nil {
		return refuse("thread_not_found")
	}
	ts := root.TS
	if root.Thread != "" {
		ts = root.Thread
	}
	list := s.between(c, ch, func(m *message) bool { return m.TS == ts || m.Thread == ts })
	page, cursor, a := paged(c, list, 1000)
	if !a.ok() {
		return a
	}
	return yes(obj{"messages": page, "has_more": cursor != "", "response_metadata": obj{"next_cursor": cursor}})
}

// between selects a channel's messages between oldest and latest.
func (s *Server) between(c *Call, ch *channel, which func(*message) bool) []obj {
	oldest, latest, inclusive := c.Params.Get("oldest"), c.Params.Get("latest"), c.Params.Get("inclusive")
	edge := inclusive == "true" || inclusive == "1"
	all := c.Params.Get("include_all_metadata")
	list := []obj{}
	for _, m := range ch.messages {
		switch {
		case m.deleted || !which(m):
			continue
		case oldest != "" && oldest != "0" && (before(m.TS, oldest) || !edge && m.TS == oldest):
			continue
		case latest != "" && (before(latest, m.TS) || !edge && m.TS == latest):
			continue
		}
		list = append(list, s.remembered(ch, m, all == "true" || all == "1"))
	}
	return list
}

// remembered is a message as the history gives it. Without being asked, it
// tells only the type of the metadata.
func (s *Server) remembered(ch *channel, m *message, metadata bool) obj {
	w := s.wire(m)
	if m.Metadata != nil && !metadata {
		w["metadata"] = Metadata{Type: m.Metadata.Type, Payload: json.RawMessage("{}")}
	}
	if replies := m.replies(ch); len(replies) > 0 && m.Thread == "" {
		w["thread_ts"], w["reply_count"], w["latest_reply"] = m.TS, len(replies), replies[len(replies)-1].TS
	}
	return w
}
