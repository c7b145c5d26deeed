package faketelegram

import "context"

// A Person has a private chat with the bot. Its methods may be called at the
// same time; what one goroutine does reaches the bot in that order.
type Person struct {
	ID       int64 // of the person and of the private chat
	Name     string
	Language string // "" : the person's Telegram does not tell

	srv  *Server
	chat *chat
}

// Person adds somebody who has opened the chat and said nothing yet.
func (s *Server) Person(name, language string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people++
	p := &Person{ID: 7_000_000_000 + s.people, Name: name, Language: language, srv: s}
	p.chat = newChat(wireChat{ID: p.ID, Type: "private", FirstName: name})
	s.chats[p.ID] = p.chat
	return p
}

func (p *Person) user() *wireUser {
	return &wireUser{ID: p.ID, FirstName: p.Name, LanguageCode: p.Language}
}

// Say sends a text and returns the message's id. Commands are marked as such.
func (p *Person) Say(text string) int { return p.srv.say(p, p.chat, wireMessage{Text: text}, nil) }

// Photo sends a picture; caption may be empty.
func (p *Person) Photo(caption string) int {
	return p.srv.say(p, p.chat, wireMessage{Caption: caption, Photo: onePhoto()}, nil)
}

// Album sends n pictures at once and returns their ids.
func (p *Person) Album(n int) []int {
	p.srv.mu.Lock()
	p.srv.album++
	album := "album-" + itoa(p.srv.album)
	p.srv.mu.Unlock()
	ids := make([]int, n)
	for i := range ids {
		ids[i] = p.srv.say(p, p.chat, wireMessage{Album: album, Photo: onePhoto()}, nil)
	}
	return ids
}

// Send sends a message with these fields, as the Bot API names them, besides
// those that every message has.
func (p *Person) Send(fields map[string]any) int {
	return p.srv.say(p, p.chat, wireMessage{}, fields)
}

// Edit changes a message that the person sent before.
func (p *Person) Edit(id int, text string) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	m := p.chat.byID[id]
	if m == nil || m.bot || p.chat.blocked {
		return
	}
	m.Text = text
	m.Edits++
	w := wireMessage{MessageID: id, From: p.user(), Chat: p.chat.wire, Date: m.Sent.Unix(), EditDate: s.now().Unix(), Text: text, Entities: typedEntities(text)}
	s.queue.add("edited_message", messageLane(p.chat), s.now().Add(messageLife), func(u *wireUpdate) { u.EditedMessage = &w })
	s.ring()
}

// Next returns the bot's next message: each once, in the order they were sent,
// as it looks when it is returned. It waits until there is one or ctx ends.
func (p *Person) Next(ctx context.Context) (Message, error) { return p.srv.next(ctx, p.chat) }

// Messages returns the bot's messages that are in the chat now, oldest first.
func (p *Person) Messages() []Message { return p.srv.messages(p.chat) }

// Message returns a message as it looks now; false if it was deleted.
func (p *Person) Message(id int) (Message, bool) { return p.srv.look(p.chat, id) }

// Press presses a button of the latest message that has one so labelled; of
// "1 · Yes" also "Yes" is enough. It returns the query's id, for Answers.
func (p *Person) Press(label string) (query string, err error) {
	return p.srv.press(p, p.chat, 0, label)
}

// PressOn presses a button of one message, old as it may be.
func (p *Person) PressOn(message int, label string) (query string, err error) {
	return p.srv.press(p, p.chat, message, label)
}

// PressData does what a changed client can do: it brings back any data, as if a
// button of that message had held it.
func (p *Person) PressData(message int, data string) (query string) {
	return p.srv.pressData(p, p.chat, message, data)
}

// Block keeps the bot from writing, and tells it.
func (p *Person) Block() { p.membership("member", "kicked", true) }

// Unblock lets it write again, and tells it.
func (p *Person) Unblock() { p.membership("kicked", "member", false) }

func (p *Person) membership(before, now string, blocked bool) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	p.chat.blocked = blocked
	s.joined(p, p.chat, before, now)
}

// say sends a person's message. A person who blocked the bot sends nothing.
func (s *Server) say(p *Person, c *chat, w wireMessage, more map[string]any) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.blocked {
		return 0
	}
	m := &message{Message: Message{Text: w.Text}}
	s.put(c, m)
	w.MessageID, w.From, w.Chat, w.Date = m.ID, p.user(), c.wire, m.Sent.Unix()
	w.Entities = typedEntities(w.Text)
	s.queue.add("message", messageLane(c), m.Sent.Add(messageLife), func(u *wireUpdate) { u.Message = w.with(more) })
	s.ring()
	return m.ID
}

// joined queues a my_chat_member update. s.mu is held.
func (s *Server) joined(p *Person, c *chat, before, now string) {
	w := wireMember{Chat: c.wire, From: p.user(), Date: s.now().Unix(),
		Old: wireStatus{User: s.bot(), Status: before}, New: wireStatus{User: s.bot(), Status: now}}
	s.queue.add("my_chat_member", "member", s.now().Add(messageLife), func(u *wireUpdate) { u.MyChatMember = &w })
	s.ring()
}
