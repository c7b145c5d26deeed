package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot"
	"reschedulebot/bot/pace"
	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

const (
	noPreview   = `{"is_disabled":true}`
	followTries = 3
	followWait  = 15 * time.Second
)

// Send delivers one message. A reply that is longer than a message, or that
// brings a file, is several messages in a row; the id is that of the one with
// the buttons. Once the first is out, the others are tried again here, because
// an error returned from here repeats all of them; and a file that still can't
// be delivered is logged and given up: the text says everything the file does.
//
// A Tick leaves the old text alone, of which only Telegram has a copy, and turns
// the buttons into one that shows the answer. Ticks and deletions may be repeated
// without harm, so their failures are Again where a message's are Ambiguous.
func (p *Platform) Send(ctx context.Context, m bot.Outgoing) (string, error) {
	chat, err := strconv.ParseInt(m.Chat, 10, 64)
	if err != nil {
		return "", never("an address that is not a Telegram chat")
	}
	switch m.Kind {
	case bot.Message:
		return p.message(ctx, chat, m)
	case bot.Tick:
		return m.RefersTo, p.tick(ctx, m.Chat, m.RefersTo, m.Answer)
	case bot.Delete:
		return m.RefersTo, p.delete(ctx, m.Chat, m.RefersTo)
	}
	return "", never("an unknown kind of message")
}

func never(why string) error {
	return &bot.SendError{Class: bot.Never, Err: errors.New(why)}
}

func (p *Platform) message(ctx context.Context, chat int64, m bot.Outgoing) (string, error) {
	r := m.Reply
	if r.Private && chat < 0 {
		return "", never("case details for a group")
	}
	board, err := keyboard(r)
	if err != nil {
		return "", never(err.Error())
	}
	parts := text.Split(r.Text, messageUnits)
	if len(parts) == 0 {
		if r.File == nil {
			return "", never("a reply without text")
		}
		return p.document(ctx, chat, r, board)
	}
	if m.Again {
		parts = text.Split(append(slices.Clip(r.Text), hint(m.Language)), messageUnits)
	}
	var id string
	for i, part := range parts {
		send := func() (string, error) {
			if i < len(parts)-1 {
				return p.text(ctx, chat, part, nil, r.Private)
			}
			return p.text(ctx, chat, part, board, r.Private)
		}
		if i == 0 {
			id, err = send()
		} else if id, err = follow(ctx, send); err != nil {
			return "", halfway(err)
		}
		if err != nil {
			return "", err
		}
	}
	if r.File != nil {
		_, err := follow(ctx, func() (string, error) { return p.document(ctx, chat, r, nil) })
		if err != nil {
			p.log.Error("a file was not delivered; its text was", "error", err)
		}
	}
	return id, nil
}

// follow sends what belongs to a message that is already out, and tries again
// when that may help.
func follow(ctx context.Context, send func() (string, error)) (string, error) {
	for try := 1; ; try++ {
		id, err := send()
		if err == nil || try == followTries {
			return id, err
		}
		wait := pace.Backoff(try)
		switch e := sendError(err); e.Class {
		case bot.Wait:
			wait = e.After
		case bot.Again, bot.Ambiguous:
		default:
			return "", err
		}
		if wait > followWait || pace.Pause(ctx, wait) != nil {
			return "", err
		}
	}
}

// halfway is the error of a message whose beginning arrived.
func halfway(err error) error {
	e := sendError(err)
	if e.Class == bot.Again {
		e.Class = bot.Ambiguous
	}
	return e
}

// hint tells the person why they may read the same twice.
func hint(language string) conversation.Paragraph {
	return conversation.Paragraph{Spans: []conversation.Span{{Text: wordsIn(language).again}}}
}

// text sends one message of text.
func (p *Platform) text(ctx context.Context, chat int64, t conversation.Text, board *tgbotapi.InlineKeyboardMarkup, private bool) (string, error) {
	params, err := p.params(ctx, chat, board, private)
	if err != nil {
		return "", err
	}
	params["text"] = html(t)
	params["parse_mode"] = tgbotapi.ModeHTML
	params["link_preview_options"] = noPreview
	id, err := p.sent(p.api.call(ctx, callTime, "sendMessage", params))
	if says(err, "can't parse entities") {
		p.log.Error("Telegram did not understand our markup; the text goes out plain", "error", err)
		params["text"] = plain(t)
		delete(params, "parse_mode")
		id, err = p.sent(p.api.call(ctx, callTime, "sendMessage", params))
	}
	return id, err
}

// document uploads the reply's file.
func (p *Platform) document(ctx context.Context, chat int64, r conversation.Reply, board *tgbotapi.InlineKeyboardMarkup) (string, error) {
	params, err := p.params(ctx, chat, board, r.Private)
	if err != nil {
		return "", err
	}
	return p.sent(p.api.call(ctx, callTime, "sendDocument", params, tgbotapi.RequestFile{
		Name: "document",
		Data: tgbotapi.FileBytes{Name: r.File.Name, Bytes: r.File.Data},
	}))
}

// params waits for the message's turn and says where it goes.
func (p *Platform) params(ctx context.Context, chat int64, board *tgbotapi.InlineKeyboardMarkup, private bool) (tgbotapi.Params, error) {
	if err := p.pace.Wait(ctx, strconv.FormatInt(chat, 10)); err != nil {
		return nil, &bot.SendError{Class: bot.Again, Err: err}
	}
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10)}
	params.AddBool("protect_content", private)
	if board != nil {
		if err := params.AddInterface("reply_markup", board); err != nil {
			return nil, never("a keyboard that is not JSON")
		}
	}
	return params, nil
}

// sent reads the id of the message that went out. An answer that can't be read
// still says that it did.
func (p *Platform) sent(raw json.RawMessage, err error) (string, error) {
	if err != nil {
		return "", sendError(err)
	}
	id, err := messageID(raw)
	if err != nil {
		p.log.Warn("a message was sent, but its id can't be read")
		return "", nil
	}
	return strconv.Itoa(id), nil
}

// messageID reads the id of a message. Telegram writes it first, and all that it
// repeats of the message behind it.
func messageID(raw json.RawMessage) (int, error) {
	if rest, ok := bytes.CutPrefix(raw, []byte(`{"message_id":`)); ok {
		if n := bytes.IndexAny(rest, ",}"); n > 0 {
			if id, err := strconv.Atoi(string(rest[:n])); err == nil {
				return id, nil
			}
		}
	}
	var m tgbotapi.MessageID
	err := json.Unmarshal(raw, &m)
	return m.MessageID, err
}

func (p *Platform) tick(ctx context.Context, chat, message, answer string) error {
	if message == "" { // whose id could not be read
		return nil
	}
	params := tgbotapi.Params{"chat_id": chat, "message_id": message}
	if err := params.AddInterface("reply_markup", spent(answer)); err != nil {
		return never("a keyboard that is not JSON")
	}
	_, err := p.api.call(ctx, callTime, "editMessageReplyMarkup", params)
	if says(err, "message is not modified", "message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID") {
		return nil
	}
	return repeatable(err)
}

func (p *Platform) delete(ctx context.Context, chat, message string) error {
	if message == "" {
		return nil
	}
	_, err := p.api.call(ctx, callTime, "deleteMessage", tgbotapi.Params{"chat_id": chat, "message_id": message})
	if err == nil {
		return nil
	}
	if e := sendError(err); e.Class == bot.Never {
		return nil // too old, or gone already
	}
	return repeatable(err)
}

// repeatable is the error of a call that does no harm when it is made twice.
func repeatable(err error) error {
	if err == nil {
		return nil
	}
	e := sendError(err)
	if e.Class == bot.Ambiguous {
		e.Class = bot.Again
	}
	return e
}
