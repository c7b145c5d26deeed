package faketelegram

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// yes is the answer of methods that have nothing to tell.
func yes() answer { return answer{raw: []byte("true")} }

func itoa(n int) string { return strconv.Itoa(n) }

// What travels, with the Bot API's field names.

type wireUpdate struct {
	ID            int          `json:"update_id"`
	Message       any          `json:"message,omitempty"`
	EditedMessage *wireMessage `json:"edited_message,omitempty"`
	CallbackQuery *wireQuery   `json:"callback_query,omitempty"`
	MyChatMember  *wireMember  `json:"my_chat_member,omitempty"`
}

type wireUser struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

type wireMe struct {
	wireUser
	CanJoinGroups bool `json:"can_join_groups"`
	ReadsGroups   bool `json:"can_read_all_group_messages"`
	Inline        bool `json:"supports_inline_queries"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	FirstName string `json:"first_name,omitempty"`
}

type wireMessage struct {
	MessageID int           `json:"message_id"`
	From      *wireUser     `json:"from,omitempty"`
	Chat      wireChat      `json:"chat"`
	Date      int64         `json:"date"`
	EditDate  int64         `json:"edit_date,omitempty"`
	Album     string        `json:"media_group_id,omitempty"`
	Text      string        `json:"text,omitempty"`
	Entities  []Entity      `json:"entities,omitempty"`
	Caption   string        `json:"caption,omitempty"`
	Photo     []wireFile    `json:"photo,omitempty"`
	Document  *wireFile     `json:"document,omitempty"`
	Protected bool          `json:"has_protected_content,omitempty"`
	Keyboard  *wireKeyboard `json:"reply_markup,omitempty"`
}

// with returns the message with further fields, as it travels.
func (m wireMessage) with(more map[string]any) any {
	if len(more) == 0 {
		return &m
	}
	own := toJSON(m)
	return json.RawMessage(append(append(own[:len(own)-1], ','), toJSON(more)[1:]...))
}

type wireFile struct {
	ID       string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Name     string `json:"file_name,omitempty"`
	Size     int    `json:"file_size,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
}

func onePhoto() []wireFile {
	return []wireFile{{ID: "photo", UniqueID: "p", Size: 1000, Width: 90, Height: 60}}
}

type wireKeyboard struct {
	Rows [][]wireButton `json:"inline_keyboard"`
}

type wireButton struct {
	Text string  `json:"text"`
	Data *string `json:"callback_data,omitempty"`
	URL  string  `json:"url,omitempty"`
}

type wireQuery struct {
	ID       string       `json:"id"`
	From     *wireUser    `json:"from"`
	Message  *wireMessage `json:"message,omitempty"`
	Instance string       `json:"chat_instance"`
	Data     string       `json:"data,omitempty"`
}

type wireMember struct {
	Chat wireChat   `json:"chat"`
	From *wireUser  `json:"from"`
	Date int64      `json:"date"`
	Old  wireStatus `json:"old_chat_member"`
	New  wireStatus `json:"new_chat_member"`
}

type wireStatus struct {
	User   *wireUser `json:"user"`
	Status string    `json:"status"`
}

func (s *Server) bot() *wireUser {
	id, _, _ := strings.Cut(s.opt.Token, ":")
	n, _ := strconv.ParseInt(id, 10, 64)
	return &wireUser{ID: n, IsBot: true, FirstName: "Biometrics", Username: Username}
}

// wire writes a message of the bot.
func (s *Server) wire(c *chat, m *message) *wireMessage {
	w := &wireMessage{MessageID: m.ID, From: s.bot(), Chat: c.wire, Date: m.Sent.Unix(), Text: m.Text, Entities: m.Entities, Protected: m.Protected}
	if m.File != nil {
		w.Document = &wireFile{ID: "file-" + itoa(m.ID), UniqueID: "f" + itoa(m.ID), Name: m.File.Name, Size: len(m.File.Data)}
		w.Text, w.Caption = "", m.Text
	}
	if len(m.Buttons) > 0 {
		w.Keyboard = &wireKeyboard{Rows: make([][]wireButton, len(m.Buttons))}
		for i, row := range m.Buttons {
			for _, b := range row {
				w.Keyboard.Rows[i] = append(w.Keyboard.Rows[i], wireButton{Text: b.Label, Data: &b.Data})
			}
		}
	}
	return w
}

// messageLane names the queue in which a chat's messages wait.
func messageLane(c *chat) string { return "chat " + strconv.FormatInt(c.wire.ID, 10) }

// chatID is the chat a call is about, 0 for none.
func chatID(params url.Values) int64 {
	n, _ := strconv.ParseInt(params.Get("chat_id"), 10, 64)
	return n
}

// replaceID puts an id in the place of the first %d.
func replaceID(update string, id int) string { return strings.Replace(update, "%d", itoa(id), 1) }

// updateID reads the id of an update, 0 if it has none.
func updateID(raw []byte) int {
	var u struct {
		ID int `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &u)
	return u.ID
}
