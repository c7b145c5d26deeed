package telegram

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot"
	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// allowedUpdates is sent with every poll: without it Telegram keeps what
// whoever used this token before had asked for.
const allowedUpdates = `["message","edited_message","callback_query","my_chat_member"]`

// An update is what Telegram sent, as far as it concerns the bot.
type update struct {
	id    int
	hasID bool
	press string // id of the callback query that wants an answer, or ""
	// takes tells that in is to be taken; else the update is only acknowledged.
	takes bool
	in    bot.Incoming
}

// lane is whose events must stay in order.
func (u *update) lane() string { return u.in.Chat }

// readUpdate reads one update as it came. It never fails: what can't be
// understood is taken as a quarantined event. me is the bot's user name, "" if
// it is not known yet.
func readUpdate(raw []byte, me string) (u update) {
	defer func() {
		if r := recover(); r != nil {
			u.quarantine(raw, "the reader panicked")
		}
	}()
	var t tgbotapi.Update
	err := json.Unmarshal(raw, &t)
	u.id, u.hasID = t.UpdateID, t.UpdateID != 0
	if t.CallbackQuery != nil {
		u.press = t.CallbackQuery.ID
	}
	if err != nil {
		u.quarantine(raw, unreadable(err))
		return u
	}
	u.in = bot.Incoming{Platform: "telegram", Raw: raw}
	switch {
	case t.Message != nil:
		u.message(raw, t.Message, me)
	case t.EditedMessage != nil:
		u.edited(t.EditedMessage)
	case t.CallbackQuery != nil:
		u.pressed(t.CallbackQuery)
	case t.MyChatMember != nil:
		u.member(t.MyChatMember)
	}
	return u
}

// event marks the update as one to be taken. Update ids start anew after a quiet
// week, so moment, which a redelivery repeats, makes the event's id unique.
func (u *update) event(chat int64, moment string) {
	u.takes = true
	u.in.EventID = strconv.Itoa(u.id) + "-" + moment
	u.in.Chat = strconv.FormatInt(chat, 10)
}

func (u *update) quarantine(raw []byte, why string) {
	sum := sha256.Sum256(raw)
	u.takes = true
	u.in = bot.Incoming{
		Platform:   "telegram",
		EventID:    strconv.Itoa(u.id) + "-" + hex.EncodeToString(sum[:8]),
		Raw:        raw,
		Quarantine: why,
	}
}

// unreadable names what is wrong without repeating what was sent.
func unreadable(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Sprintf("field %s is not of type %s", wrong.Field, wrong.Type)
	}
	return "not the JSON of an update"
}

func (u *update) message(raw []byte, m *tgbotapi.Message, me string) {
	if m.Chat == nil || m.From != nil && m.From.IsBot {
		return
	}
	u.in.Message = strconv.Itoa(m.MessageID)
	u.in.Event.Language = language(m.From)
	moment := strconv.Itoa(m.Date)
	switch {
	case m.Chat.IsPrivate() && m.Text != "":
		u.event(m.Chat.ID, moment)
		u.said(m.Text)
	case m.Chat.IsPrivate() && hasMedia(raw, m):
		u.event(m.Chat.ID, moment)
		u.in.Event.Kind = conversation.Media
		if m.MediaGroupID != "" { // one answer to an album, not one to each picture
			u.in.EventID = "album-" + u.in.Chat + "-" + text.Typed(m.MediaGroupID)
		}
	case (m.Chat.IsGroup() || m.Chat.IsSuperGroup()) && m.From != nil && toUs(m.Text, me):
		// What was said stays out: nothing of a case is to be spoken of here.
		u.event(m.Chat.ID, moment)
		u.in.Event.Kind = conversation.Group
	}
}

func (u *update) said(words string) {
	words = text.Typed(words)
	name, rest := splitCommand(words)
	switch {
	case strings.EqualFold(name, "/start"):
		u.in.Event.Kind, u.in.Event.Text = conversation.Started, strings.TrimSpace(rest)
	case name != "":
		u.in.Event.Kind, u.in.Event.Text = conversation.Said, name+rest
	default:
		u.in.Event.Kind, u.in.Event.Text = conversation.Said, words
	}
}

// edited reads a change of a text. Other messages change without anybody's doing,
// for example a place that moves.
func (u *update) edited(m *tgbotapi.Message) {
	if m.Chat == nil || !m.Chat.IsPrivate() || m.From != nil && m.From.IsBot || m.Text == "" {
		return
	}
	u.event(m.Chat.ID, strconv.Itoa(m.EditDate))
	u.in.Message = strconv.Itoa(m.MessageID)
	u.in.Event = conversation.Event{Kind: conversation.Edited, Text: text.Typed(m.Text), Language: language(m.From)}
}

// pressed reads a press. The keyboard hangs on a message of ours in a private
// chat; a press anywhere else is only answered.
func (u *update) pressed(q *tgbotapi.CallbackQuery) {
	if q.From == nil || q.From.IsBot || q.Message == nil || q.Message.Chat == nil || !q.Message.Chat.IsPrivate() {
		return
	}
	u.event(q.Message.Chat.ID, q.ID)
	u.in.Message = strconv.Itoa(q.Message.MessageID)
	rev, value := text.ParseButton(q.Data)
	u.in.Event = conversation.Event{Kind: conversation.Pressed, Rev: rev, Value: value, Language: language(q.From)}
}

// member reads that the person blocked the bot or let it in again.
func (u *update) member(c *tgbotapi.ChatMemberUpdated) {
	if !c.Chat.IsPrivate() {
		return
	}
	var reachable bool
	switch c.NewChatMember.Status {
	case "member":
		reachable = true
	case "kicked", "left":
	default:
		return
	}
	u.event(c.Chat.ID, strconv.Itoa(c.Date))
	u.in.Reachable = &reachable
	u.in.Event.Language = language(&c.From)
}

func language(from *tgbotapi.User) string {
	if from == nil {
		return ""
	}
	return text.Typed(from.LanguageCode)
}

// splitCommand takes "/name@bot rest" apart into "/name" and " rest". name is
// empty when the text is no command.
func splitCommand(text string) (name, rest string) {
	if len(text) < 2 || text[0] != '/' {
		return "", ""
	}
	name = text
	if i := strings.IndexAny(text, " \t\r\n"); i >= 0 {
		name, rest = text[:i], text[i:]
	}
	name, _, _ = strings.Cut(name, "@")
	if name == "/" {
		return "", ""
	}
	return name, rest
}

// toUs tells whether something said in a group is meant for the bot called me:
// a command, unless it names another bot, or a mention.
func toUs(text, me string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if strings.HasPrefix(word, "/") && len(word) > 1 {
		_, to, named := strings.Cut(word, "@")
		return !named || me != "" && strings.EqualFold(to, me)
	}
	return me != "" && mentions(text, me)
}

func mentions(text, me string) bool {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return r != '@' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		if name, ok := strings.CutPrefix(word, "@"); ok && strings.EqualFold(name, me) {
			return true
		}
	}
	return false
}

// hasMedia tells whether a message without text brings something that a person
// sent, and not news about the chat such as a pinned message.
func hasMedia(raw []byte, m *tgbotapi.Message) bool {
	switch {
	case len(m.Photo) > 0, m.Voice != nil, m.Sticker != nil, m.Document != nil, m.Video != nil,
		m.VideoNote != nil, m.Audio != nil, m.Animation != nil, m.Contact != nil, m.Location != nil,
		m.Venue != nil, m.Dice != nil, m.Poll != nil, m.Game != nil, m.Caption != "":
		return true
	}
	// Kinds that came after the library.
	var later struct {
		Message struct {
			Story     json.RawMessage `json:"story"`
			PaidMedia json.RawMessage `json:"paid_media"`
			LivePhoto json.RawMessage `json:"live_photo"`
			Checklist json.RawMessage `json:"checklist"`
			Rich      json.RawMessage `json:"rich_message"`
			Giveaway  json.RawMessage `json:"giveaway"`
			WebApp    json.RawMessage `json:"web_app_data"`
		} `json:"message"`
	}
	_ = json.Unmarshal(raw, &later)
	k := &later.Message
	return k.Story != nil || k.PaidMedia != nil || k.LivePhoto != nil || k.Checklist != nil ||
		k.Rich != nil || k.Giveaway != nil || k.WebApp != nil
}
