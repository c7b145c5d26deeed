package faketelegram

import (
	"context"
	"fmt"
	"slices"
	"time"

	"reschedulebot/bot/bottest/bell"
)

// briefMessages is how many messages of a chat a brief server remembers.
const briefMessages = 64

// A Message is a message as a person sees it.
type Message struct {
	ID        int
	Text      string // as it is shown, without markup
	Entities  []Entity
	Buttons   [][]Button
	File      *Upload
	Protected bool // can't be forwarded or saved
	Sent      time.Time
	Edits     int
}

// A Button is a button below a message.
type Button struct {
	Label string
	Data  string // what comes back when it is pressed
}

// Labels returns what the buttons say, in reading order.
func (m Message) Labels() []string {
	var labels []string
	for _, row := range m.Buttons {
		for _, b := range row {
			labels = append(labels, b.Label)
		}
	}
	return labels
}

// Styled returns the pieces of the text that are shown in a style: "bold",
// "code".
func (m Message) Styled(style string) []string {
	var pieces []string
	text := utf16Of(m.Text)
	for _, e := range m.Entities {
		if e.Type == style {
			pieces = append(pieces, stringOf(text[e.Offset:e.Offset+e.Length]))
		}
	}
	return pieces
}

// A chat is a private chat or a group. The server's lock guards it.
type chat struct {
	wire    wireChat
	private bool
	blocked bool // the person blocked the bot, or the bot was thrown out
	byID    map[int]*message
	ids     []int // of byID, oldest first; kept by brief servers only
	bots    []*message
	read    int // how many of bots Next has returned
	heard   bell.Bell
}

// A message is one that was sent, by whomever.
type message struct {
	Message
	bot bool
}

func newChat(w wireChat) *chat {
	return &chat{wire: w, private: w.Type == "private", byID: map[int]*message{}}
}

// put adds a message. s.mu is held.
func (s *Server) put(c *chat, m *message) {
	s.message++
	m.ID, m.Sent = s.message, s.now()
	c.byID[m.ID] = m
	if m.bot {
		c.bots = append(c.bots, m)
	}
	if s.opt.Brief {
		c.forget(m.ID)
	}
	if m.bot {
		c.heard.Ring()
	}
	s.ring()
}

// forget keeps the latest messages only.
func (c *chat) forget(id int) {
	if c.ids = append(c.ids, id); len(c.ids) > briefMessages {
		delete(c.byID, c.ids[0])
		c.ids = c.ids[1:]
	}
	if n := len(c.bots) - briefMessages; n > 0 {
		c.bots = slices.Delete(c.bots, 0, n)
		c.read = max(0, c.read-n)
	}
}

// next returns the oldest message of the bot that it has not returned yet, or
// waits for it.
func (s *Server) next(ctx context.Context, c *chat) (Message, error) {
	for {
		s.mu.Lock()
		if c.read < len(c.bots) {
			m := c.bots[c.read].Message
			c.read++
			s.mu.Unlock()
			return m, nil
		}
		heard := c.heard.Wait()
		s.mu.Unlock()
		select {
		case <-heard:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("the bot said nothing: %w", context.Cause(ctx))
		}
	}
}

// messages are the bot's that are still in the chat, oldest first.
func (s *Server) messages(c *chat) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Message
	for _, m := range c.bots {
		if c.byID[m.ID] == m {
			all = append(all, m.Message)
		}
	}
	return all
}

// look finds a message by its id, the bot's or a person's.
func (s *Server) look(c *chat, id int) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := c.byID[id]
	if m == nil {
		return Message{}, false
	}
	return m.Message, true
}
