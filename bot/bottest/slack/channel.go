package fakeslack

import (
	"context"
	"slices"
	"strconv"
)

// Setting is what Slack says about a channel.
type Setting struct {
	Name      string
	Private   bool
	Shared    bool // with another workspace of the same organisation
	ExtShared bool // with another organisation
	Archived  bool
	Out       bool // the app is not a member
}

// A Channel is a public or a private channel.
type Channel struct {
	ID string

	srv  *Server
	room *channel
}

// A channel is a conversation: a channel or the app's with one person. The
// server's lock guards it.
type channel struct {
	id       string
	set      Setting
	dm       *Person // whose, in a DM
	members  []*Person
	messages []*message // oldest first
	read     int        // how many of messages Channel.Next has passed
}

// PrivateChannel adds a channel that the app and these people are in.
func (s *Server) PrivateChannel(name string, members ...*Person) *Channel {
	return s.Channel(Setting{Name: name, Private: true}, members...)
}

// Channel adds a channel of any kind.
func (s *Server) Channel(set Setting, members ...*Person) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &channel{id: s.id("C0"), set: set, members: slices.Clone(members)}
	s.channels[c.id] = c
	return &Channel{ID: c.id, srv: s, room: c}
}

// Change changes what Slack says about the channel from now on.
func (c *Channel) Change(change func(*Setting)) {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	change(&c.room.set)
}

// Join lets somebody in, who sees then what the app wrote before.
func (c *Channel) Join(p *Person) {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	if slices.Contains(c.room.members, p) {
		return
	}
	c.room.members = append(c.room.members, p)
	for _, m := range c.room.messages {
		if m.app && !slices.Contains(p.seen, m) {
			p.seen = append(p.seen, m)
		}
	}
	slices.SortStableFunc(p.seen, func(a, b *message) int { return a.Sent.Compare(b.Sent) })
}

// Leave takes somebody out of the channel.
func (c *Channel) Leave(p *Person) {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	c.room.members = slices.DeleteFunc(c.room.members, func(m *Person) bool { return m == p })
}

// Messages returns what stands in the channel now, by whomever, replies in
// threads included, oldest first.
func (c *Channel) Messages() []Message {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	return c.room.standing(func(*message) bool { return true })
}

// Thread returns the message and its replies.
func (c *Channel) Thread(ts string) []Message {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	return c.room.standing(func(m *message) bool { return m.TS == ts || m.Thread == ts })
}

// Message returns a message as it looks now; false if it was deleted.
func (c *Channel) Message(ts string) (Message, bool) {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	m := c.room.find(ts)
	if m == nil {
		return Message{}, false
	}
	return m.Message, true
}

// Next returns the app's next message in the channel that all can see: each
// once, as it looks when it is returned. It waits until there is one or ctx ends.
func (c *Channel) Next(ctx context.Context) (Message, error) {
	var next Message
	err := c.srv.WaitFor(ctx, func() bool {
		c.srv.mu.Lock()
		defer c.srv.mu.Unlock()
		for all := c.room.messages; c.room.read < len(all); {
			m := all[c.room.read]
			c.room.read++
			if m.app && !m.deleted {
				next = m.Message
				return true
			}
		}
		return false
	})
	return next, err
}

func (c *channel) standing(which func(*message) bool) []Message {
	var all []Message
	for _, m := range c.messages {
		if !m.deleted && which(m) {
			all = append(all, m.Message)
		}
	}
	return all
}

// find returns a message that was not deleted, or nil.
func (c *channel) find(ts string) *message {
	for i := len(c.messages) - 1; i >= 0; i-- {
		if m := c.messages[i]; m.TS == ts && !m.deleted {
			return m
		}
	}
	return nil
}

// sees says whether a person can look into the channel.
func (c *channel) sees(p *Person) bool { return c.dm == p || slices.Contains(c.members, p) }

// kind is the channel's type in events, and the middle of its scopes' names.
func (c *channel) kind() (event, scope string) {
	switch {
	case c.dm != nil:
		return "im", "im"
	case c.set.Private:
		return "group", "groups"
	}
	return "channel", "channels"
}

// dmOf is the app's conversation with a person. s.mu is held.
func (s *Server) dmOf(p *Person) *channel {
	if p.dm == nil {
		p.dm = &channel{id: s.id("D0"), dm: p}
		s.channels[p.dm.id] = p.dm
	}
	return p.dm
}

// readable finds the channel of a call that only reads, under a scope such as
// "history" of its kind. What the app can't see does not exist.
func (s *Server) readable(c *Call, verb string) (*channel, answer) {
	ch := s.channels[c.Params.Get("channel")]
	if ch == nil || ch.set.Out && ch.set.Private {
		return nil, refuse("channel_not_found")
	}
	_, scope := ch.kind()
	if a := s.scoped(scope + ":" + verb); !a.ok() {
		return nil, a
	}
	if ch.set.Out && verb == "history" {
		return nil, refuse("not_in_channel")
	}
	return ch, answer{}
}

func (s *Server) conversationsInfo(c *Call) answer {
	ch, a := s.readable(c, "read")
	if !a.ok() {
		return a
	}
	if ch.dm != nil {
		return yes(obj{"channel": obj{"id": ch.id, "is_im": true, "user": ch.dm.ID, "is_archived": false, "is_org_shared": false, "context_team_id": s.opt.Team}})
	}
	fields := obj{
		"id": ch.id, "name": ch.set.Name, "name_normalized": ch.set.Name, "is_channel": !ch.set.Private, "is_group": ch.set.Private, "is_im": false, "is_mpim": false,
		"is_private": ch.set.Private, "is_archived": ch.set.Archived, "is_general": false, "is_member": !ch.set.Out,
		"is_shared": ch.set.Shared || ch.set.ExtShared, "is_org_shared": ch.set.Shared, "is_ext_shared": ch.set.ExtShared,
		"is_pending_ext_shared": false, "context_team_id": s.opt.Team, "creator": BotUser,
	}
	if c.Params.Get("include_num_members") == "true" {
		fields["num_members"] = len(ch.members)
	}
	return yes(obj{"channel": fields})
}

func (s *Server) conversationsMembers(c *Call) answer {
	ch, a := s.readable(c, "read")
	if !a.ok() {
		return a
	}
	ids := []string{}
	for _, p := range ch.members {
		ids = append(ids, p.ID)
	}
	if ch.dm != nil {
		ids = append(ids, ch.dm.ID)
	}
	if !ch.set.Out {
		ids = append(ids, BotUser)
	}
	page, cursor, a := paged(c, ids, 100)
	if !a.ok() {
		return a
	}
	return yes(obj{"members": page, "response_metadata": obj{"next_cursor": cursor}})
}

func (s *Server) conversationsOpen(c *Call) answer {
	p := s.users[c.Params.Get("users")]
	switch {
	case p == nil:
		return refuse("user_not_found")
	case p.user.Deleted:
		return refuse("user_disabled")
	case p.user.Bot:
		return refuse("cannot_dm_bot")
	}
	return yes(obj{"channel": obj{"id": s.dmOf(p).id}})
}

// paged cuts a page out of a list: limit and cursor are the call's.
func paged[T any](c *Call, all []T, usual int) (page []T, cursor string, a answer) {
	limit, begin := usual, 0
	if text := c.Params.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 1000 {
			return nil, "", refuse("invalid_limit")
		}
		if n > 0 {
			limit = n
		}
	}
	if text := c.Params.Get("cursor"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > len(all) {
			return nil, "", refuse("invalid_cursor")
		}
		begin = n
	}
	end := min(len(all), begin+limit)
	if end < len(all) {
		cursor = strconv.Itoa(end)
	}
	return all[begin:end], cursor, answer{}
}
