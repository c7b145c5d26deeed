package fakeslack

import (
	"maps"
	"regexp"
	"strings"
	"sync"
)

var (
	urlForm  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`https?://[^\s<>|]+`) })
	mailForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.-]*\w`) })
	siteForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(^|[\s(])((?:[\w-]+\.)+(?:gov|com|org|net|edu)(?:/[^\s<>|]*)?)`)
	})
)

// typed is a text as Slack sends what somebody typed: escaped, its links in
// brackets.
func typed(text string) string {
	text = escape(text)
	text = urlForm().ReplaceAllString(text, "<$0>")
	text = mailForm().ReplaceAllString(text, "<mailto:$0|$0>")
	return siteForm().ReplaceAllString(text, "$1<http://$2|$2>")
}

// DM writes to the app in the person's DM and returns the message's ts.
func (p *Person) DM(text string) (ts string) { return p.write(p.DMID(), "", typed(text)) }

// DMRaw is DM of a text as it travels: with mentions, as <@U…>, or as a changed
// client might send it.
func (p *Person) DMRaw(text string) (ts string) { return p.write(p.DMID(), "", text) }

// Say writes in a channel.
func (p *Person) Say(channel, text string) (ts string) { return p.write(channel, "", typed(text)) }

// Reply writes in the thread below a message.
func (p *Person) Reply(to Message, text string) (ts string) {
	thread := to.TS
	if to.Thread != "" {
		thread = to.Thread
	}
	return p.write(to.Channel, thread, typed(text))
}

func (p *Person) write(channel, thread, text string) string {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.publish(p, channel, &message{Message: Message{Text: text, Thread: thread}})
}

// publish puts a person's message into a channel and tells the app. Who can't
// write there writes nothing.
func (s *Server) publish(p *Person, channel string, m *message) string {
	ch := s.channels[channel]
	if ch == nil || !ch.sees(p) || ch.set.Archived || p.user.Deleted {
		return ""
	}
	m.User, m.client = p.ID, strings.ToLower(s.id("client-"))
	if m.Text != "" {
		m.raw = toJSON([]obj{{"type": "rich_text", "block_id": s.id("b"), "elements": []obj{
			{"type": "rich_text_section", "elements": []obj{{"type": "text", "text": unescape(m.Text)}}}}}})
	}
	s.put(ch, m)
	event := s.wire(m)
	event["user_team"], event["source_team"] = p.user.Team, p.user.Team
	if root := ch.find(m.Thread); root != nil {
		event["parent_user_id"] = root.User
	}
	s.happen(ch, event)
	if strings.Contains(m.Text, "<@"+BotUser+">") && ch.dm == nil && s.granted("app_mentions:read") {
		mention := maps.Clone(event)
		mention["type"] = "app_mention"
		delete(mention, "channel_type")
		s.event("app_mention", mention, ch.set.ExtShared)
	}
	return m.TS
}

// Edit changes a message that the person sent before.
func (p *Person) Edit(channel, ts, text string) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch, m := s.theirs(p, channel, ts); m != nil {
		s.change(ch, m, &message{Message: Message{Text: typed(text)}})
	}
}

// Delete takes back a message that the person sent before.
func (p *Person) Delete(channel, ts string) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch, m := s.theirs(p, channel, ts); m != nil {
		s.remove(ch, m)
	}
}

func (s *Server) theirs(p *Person, channel, ts string) (*channel, *message) {
	ch := s.channels[channel]
	if ch == nil {
		return nil, nil
	}
	if m := ch.find(ts); m != nil && m.User == p.ID {
		return ch, m
	}
	return nil, nil
}

// OpenHome opens the app's home tab. It returns the delivery's id, "" when the
// app did not subscribe to that.
func (p *Person) OpenHome() string { return p.open("home") }

// OpenMessages opens the app's messages tab.
func (p *Person) OpenMessages() string { return p.open("messages") }

func (p *Person) open(tab string) string {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	event := obj{"type": "app_home_opened", "user": p.ID, "channel": s.dmOf(p).id, "tab": tab, "event_ts": s.stamp()}
	if tab == "home" && p.home != nil {
		event["view"] = s.wireView(p.home)
	}
	return s.event("app_home_opened", event, false)
}

// Command gives a slash command in the person's DM and returns the delivery's
// id. What comes with the acknowledgement is shown to them as a message.
func (p *Person) Command(command, text string) string { return p.CommandIn(p.DMID(), command, text) }

// CommandIn gives a slash command in a channel.
func (p *Person) CommandIn(channel, command, text string) string {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[channel]
	if ch == nil || !ch.sees(p) || !s.granted("commands") {
		return ""
	}
	h := s.hook(ch, p, nil)
	payload := obj{
		"token": "fake-verification-token", "team_id": p.user.Team, "team_domain": domain, "channel_id": ch.id, "channel_name": ch.name(),
		"user_id": p.ID, "user_name": p.user.handle(), "command": command, "text": text, "api_app_id": AppID,
		"is_enterprise_install": "false", "response_url": h, "trigger_id": s.trigger(p),
	}
	d := &delivery{Delivery: Delivery{Kind: Commands, Type: command, User: p.ID, Payload: toJSON(payload)}, accepts: true}
	d.answered = func(response []byte) string {
		return s.replied(command, &hook{channel: ch, person: p, at: s.now()}, response)
	}
	return s.tell(d)
}

// name is the channel's name as payloads have it.
func (c *channel) name() string {
	switch {
	case c.dm != nil:
		return "directmessage"
	case c.set.Private:
		return "privategroup"
	}
	return c.set.Name
}
