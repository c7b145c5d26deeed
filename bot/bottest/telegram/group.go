package faketelegram

import "context"

// A Group is a supergroup that the bot is in.
type Group struct {
	ID int64 // negative

	srv  *Server
	chat *chat
}

// Group adds a group.
func (s *Server) Group(title string) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people++
	g := &Group{ID: -1_002_000_000_000 - s.people, srv: s}
	g.chat = newChat(wireChat{ID: g.ID, Type: "supergroup", Title: title})
	s.chats[g.ID] = g.chat
	return g
}

// Say lets a person say something in the group. The bot hears all of it, as one
// whose privacy mode is off.
func (g *Group) Say(p *Person, text string) int {
	return g.srv.say(p, g.chat, wireMessage{Text: text}, nil)
}

// Press lets a person press a button, like Person.Press.
func (g *Group) Press(p *Person, label string) (query string, err error) {
	return g.srv.press(p, g.chat, 0, label)
}

// PressData is like Person.PressData.
func (g *Group) PressData(p *Person, message int, data string) (query string) {
	return g.srv.pressData(p, g.chat, message, data)
}

// Next returns the bot's next message in the group, like Person.Next.
func (g *Group) Next(ctx context.Context) (Message, error) { return g.srv.next(ctx, g.chat) }

// Messages returns the bot's messages that are in the group now.
func (g *Group) Messages() []Message { return g.srv.messages(g.chat) }
