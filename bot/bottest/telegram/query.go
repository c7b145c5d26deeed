package faketelegram

import (
	"fmt"
	"strings"
	"time"
)

// answerLife is how long a press may be answered.
const answerLife = 15 * time.Second

// A query is a press that waits for its answer.
type query struct {
	at      time.Time
	answers int
	text    string
}

// press finds a button by its label and presses it.
func (s *Server) press(p *Person, c *chat, on int, label string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(c.bots) - 1; i >= 0; i-- {
		m := c.bots[i]
		if on != 0 && m.ID != on || c.byID[m.ID] != m {
			continue
		}
		if b, ok := m.button(label); ok {
			return s.ask(p, c, m, b.Data), nil
		}
	}
	return "", fmt.Errorf("no button %q", label)
}

func (m *message) button(label string) (Button, bool) {
	for _, exact := range []bool{true, false} {
		for _, row := range m.Buttons {
			for _, b := range row {
				_, words, _ := strings.Cut(b.Label, " · ")
				if b.Label == label || !exact && words == label {
					return b, true
				}
			}
		}
	}
	return Button{}, false
}

func (s *Server) pressData(p *Person, c *chat, on int, data string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := c.byID[on]
	if m == nil {
		m = &message{Message: Message{ID: on, Sent: s.now()}, bot: true}
	}
	return s.ask(p, c, m, data)
}

// ask queues a press. s.mu is held.
func (s *Server) ask(p *Person, c *chat, m *message, data string) string {
	s.query++
	id := fmt.Sprintf("%d%09d", p.ID, s.query)
	s.queries[id] = &query{at: s.now()}
	w := wireQuery{ID: id, From: p.user(), Message: s.wire(c, m), Instance: itoa(int(c.wire.ID)), Data: data}
	s.queue.add("callback_query", "press "+itoa(int(p.ID)), s.now().Add(queryLife), func(u *wireUpdate) { u.CallbackQuery = &w })
	s.ring()
	return id
}

// Answers says how often a press was answered, and with what text last. A press
// that nobody answers leaves its button spinning.
func (s *Server) Answers(query string) (times int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.queries[query]; q != nil {
		return q.answers, q.text
	}
	return 0, ""
}

func (s *Server) answerCallbackQuery(c *Call) answer {
	id := c.Params.Get("callback_query_id")
	text := c.Params.Get("text")
	if utf16Len(text) > 200 {
		return badRequest("MESSAGE_TOO_LONG")
	}
	q := s.queries[id]
	if q == nil || q.answers > 0 || s.now().Sub(q.at) > answerLife {
		return badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	q.answers++
	q.text = text
	if s.opt.Brief {
		delete(s.queries, id)
	}
	return yes()
}
