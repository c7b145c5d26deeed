package faketelegram

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	textUnits    = 4096
	captionUnits = 1024
	rawText      = 32 << 10 // bytes
	deleteLife   = 48 * time.Hour
)

func (s *Server) sendMessage(c *Call) answer {
	chat, refusal := s.writable(c)
	if refusal.status != 0 {
		return refusal
	}
	m, refusal := read(c, "text", textUnits)
	if refusal.status != 0 {
		return refusal
	}
	if m.Text == "" {
		return badRequest("message text is empty")
	}
	s.put(chat, m)
	return answer{result: s.wire(chat, m)}
}

func (s *Server) sendDocument(c *Call) answer {
	chat, refusal := s.writable(c)
	if refusal.status != 0 {
		return refusal
	}
	m, refusal := read(c, "caption", captionUnits)
	if refusal.status != 0 {
		return refusal
	}
	file, ok := c.Files["document"]
	switch {
	case !ok:
		return badRequest("there is no document in the request")
	case len(file.Data) == 0:
		return badRequest("file must be non-empty")
	}
	m.File = &file
	s.put(chat, m)
	return answer{result: s.wire(chat, m)}
}

// writable finds the chat that a message is for.
func (s *Server) writable(c *Call) (*chat, answer) {
	if c.Params.Get("chat_id") == "" {
		return nil, badRequest("chat_id is empty")
	}
	chat := s.chats[c.Chat]
	switch {
	case chat == nil:
		return nil, badRequest("chat not found")
	case chat.blocked && chat.private:
		return nil, refuse(http.StatusForbidden, "Forbidden: bot was blocked by the user")
	case chat.blocked:
		return nil, refuse(http.StatusForbidden, "Forbidden: bot was kicked from the supergroup chat")
	}
	return chat, answer{}
}

// read makes a message of a call: its text, from the parameter of that name,
// and its buttons.
func read(c *Call, name string, units int) (*message, answer) {
	raw := c.Params.Get(name)
	if !utf8.ValidString(raw) {
		return nil, badRequest("strings must be encoded in UTF-8")
	}
	if len(raw) > rawText {
		return nil, badRequest("message is too long")
	}
	m := &message{Message: Message{Text: raw}, bot: true}
	switch c.Params.Get("parse_mode") {
	case "":
	case "HTML":
		text, entities, err := ParseHTML(raw)
		if err != nil {
			return nil, badRequest("can't parse entities: " + err.Error())
		}
		m.Text, m.Entities = text, entities
	default:
		return nil, badRequest("unsupported parse_mode")
	}
	m.trim()
	if utf16Len(m.Text) > units {
		return nil, badRequest("message is too long")
	}
	buttons, refusal := readKeyboard(c.Params.Get("reply_markup"))
	if refusal.status != 0 {
		return nil, refusal
	}
	m.Buttons = buttons
	m.Protected = c.Params.Get("protect_content") == "true"
	return m, answer{}
}

// trim takes away what Telegram does not show: white space at both ends, and
// carriage returns.
func (m *message) trim() {
	if len(m.Entities) == 0 {
		m.Text = strings.TrimSpace(strings.ReplaceAll(m.Text, "\r", ""))
		return
	}
	right := strings.TrimRight(m.Text, " \t\r\n")
	text := strings.TrimLeft(right, " \t\r\n")
	if len(text) == len(m.Text) {
		return
	}
	cut, length := utf16Len(right)-utf16Len(text), utf16Len(text)
	m.Text = text
	for i := range m.Entities {
		e := &m.Entities[i]
		begin, end := max(0, e.Offset-cut), min(length, e.Offset+e.Length-cut)
		e.Offset, e.Length = begin, end-begin
	}
	m.Entities = slices.DeleteFunc(m.Entities, func(e Entity) bool { return e.Length <= 0 })
}

func (s *Server) editMessageText(c *Call) answer {
	chat, m, refusal := s.editable(c)
	if refusal.status != 0 {
		return refusal
	}
	changed, refusal := read(c, "text", textUnits)
	if refusal.status != 0 {
		return refusal
	}
	if changed.Text == "" {
		return badRequest("message text is empty")
	}
	return s.edit(chat, m, changed)
}

func (s *Server) editMessageReplyMarkup(c *Call) answer {
	chat, m, refusal := s.editable(c)
	if refusal.status != 0 {
		return refusal
	}
	buttons, refusal := readKeyboard(c.Params.Get("reply_markup"))
	if refusal.status != 0 {
		return refusal
	}
	return s.edit(chat, m, &message{Message: Message{Text: m.Text, Entities: m.Entities, Buttons: buttons}})
}

func (s *Server) editable(c *Call) (*chat, *message, answer) {
	chat, refusal := s.writable(c)
	if refusal.status != 0 {
		return nil, nil, refusal
	}
	id, err := strconv.Atoi(c.Params.Get("message_id"))
	if err != nil {
		return nil, nil, badRequest("message identifier is not specified")
	}
	m := chat.byID[id]
	switch {
	case m == nil:
		return nil, nil, badRequest("message to edit not found")
	case !m.bot:
		return nil, nil, badRequest("message can't be edited")
	}
	return chat, m, answer{}
}

func (s *Server) edit(chat *chat, m, to *message) answer {
	same := m.Text == to.Text && slices.Equal(m.Entities, to.Entities) &&
		slices.EqualFunc(m.Buttons, to.Buttons, func(a, b []Button) bool { return slices.Equal(a, b) })
	if same {
		return badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	m.Text, m.Entities, m.Buttons = to.Text, to.Entities, to.Buttons
	m.Edits++
	s.ring()
	return answer{result: s.wire(chat, m)}
}

func (s *Server) deleteMessage(c *Call) answer {
	chat, refusal := s.writable(c)
	if refusal.status != 0 {
		return refusal
	}
	id, _ := strconv.Atoi(c.Params.Get("message_id"))
	m := chat.byID[id]
	switch {
	case m == nil:
		return badRequest("message to delete not found")
	case s.now().Sub(m.Sent) > deleteLife, !m.bot && !chat.private:
		return badRequest("message can't be deleted")
	}
	delete(chat.byID, id)
	s.ring()
	return yes()
}
