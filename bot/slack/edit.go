package slack

import (
	"bytes"
	"context"
	"strings"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// letterEvent marks our messages with the letter that they are of.
const letterEvent = "reschedulebot_letter"

// lookBack is how many messages of a conversation are looked through for one that
// may have arrived.
const lookBack = 100

// The staff channel is where people write too, and a thread is looked through to
// its end, up to so many messages.
const (
	roomBack    = 300
	threadPage  = 900
	threadPages = 5
)

// arrived is what of a letter is in the conversation already.
type arrived struct {
	parts map[int]string // ids, by number
	file  bool
}

// arrived looks for a letter that may have been sent before. looked is false where
// there is nothing to look for, or nowhere.
func (p *Platform) arrived(ctx context.Context, at place, m bot.Outgoing) (found arrived, looked bool, err error) {
	if !p.isRoom(at.channel) {
		at.channel = p.dms.get(m.Chat)
	}
	if !m.Again || m.ID == "" || at.channel == "" {
		return found, false, nil
	}
	messages, err := p.latest(ctx, at)
	if err != nil {
		e := sendError(err)
		switch {
		case p.isRoom(at.channel):
			return found, false, repeatable(inRoom(err))
		case e.Class == bot.Never || e.Class == bot.Gone:
			return found, false, nil // that conversation is no more
		}
		return found, false, e
	}
	found.parts = map[int]string{}
	for _, x := range messages {
		mark := x.Metadata
		number, isNumber := mark.EventPayload["part"].(float64)
		if x.BotID != "" && mark.EventType == letterEvent && mark.EventPayload["id"] == m.ID && isNumber {
			found.parts[int(number)] = address(at.channel, x.Timestamp)
		}
	}
	if f := m.Reply.File; f != nil && len(found.parts) > 0 {
		found.file = uploaded(messages, found, f.Name)
	}
	return found, true, nil
}

// latest are the latest messages of a conversation, or those of a thread; of one
// that is no more those of its channel, where the rest was said.
func (p *Platform) latest(ctx context.Context, at place) ([]slackapi.Message, error) {
	if at.thread != "" {
		messages, err := p.replies(ctx, at)
		if !says(err, goneThread...) {
			return messages, err
		}
	}
	limit := lookBack
	if p.isRoom(at.channel) {
		limit = roomBack
	}
	return p.history(ctx, &slackapi.GetConversationHistoryParameters{ChannelID: at.channel, Limit: limit, IncludeAllMetadata: true})
}

// replies are the messages of a thread; Slack gives the oldest first.
func (p *Platform) replies(ctx context.Context, at place) (all []slackapi.Message, err error) {
	params := &slackapi.GetConversationRepliesParameters{ChannelID: at.channel, Timestamp: at.thread, Limit: threadPage, IncludeAllMetadata: true}
	for range threadPages {
		var page []slackapi.Message
		err := p.call(ctx, replies, func(ctx context.Context) (err error) {
			page, _, params.Cursor, err = p.api.GetConversationRepliesContext(ctx, params)
			return err
		})
		if err != nil {
			return nil, err
		}
		if all = append(all, page...); params.Cursor == "" {
			break
		}
	}
	return all, nil
}

// uploaded tells whether a file of that name came after the letter's text.
func uploaded(messages []slackapi.Message, letter arrived, name string) bool {
	first := ""
	for _, id := range letter.parts {
		_, ts, _ := strings.Cut(id, ":")
		if first == "" || ts < first {
			first = ts
		}
	}
	for _, x := range messages {
		for _, f := range x.Files {
			if x.BotID != "" && x.Timestamp > first && f.Name == name {
				return true
			}
		}
	}
	return false
}

func (p *Platform) history(ctx context.Context, params *slackapi.GetConversationHistoryParameters) ([]slackapi.Message, error) {
	var got *slackapi.GetConversationHistoryResponse
	err := p.call(ctx, history, func(ctx context.Context) (err error) {
		got, err = p.api.GetConversationHistoryContext(ctx, params)
		return err
	})
	if err != nil {
		return nil, err
	}
	return got.Messages, nil
}

// gone are Slack's words for a message that can't be changed, for good.
var gone = []string{"message_not_found", "cant_update_message", "cant_delete_message", "edit_window_closed", "channel_not_found", "is_inactive"}

// tick reads a message of ours, of which only Slack has a copy, and puts the answer
// where its buttons were.
func (p *Platform) tick(ctx context.Context, m bot.Outgoing) error {
	channel, ts, _ := strings.Cut(m.RefersTo, ":")
	if channel == "" || ts == "" { // it answers no message
		return nil
	}
	messages, err := p.history(ctx, &slackapi.GetConversationHistoryParameters{ChannelID: channel, Latest: ts, Oldest: ts, Inclusive: true, Limit: 1})
	if says(err, gone...) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(messages) == 0 || messages[0].Timestamp != ts || messages[0].BotID == "" {
		return nil
	}
	rest, had := withoutButtons(messages[0].Blocks.BlockSet)
	if !had {
		return nil
	}
	err = p.call(ctx, chatUpdate, func(ctx context.Context) error {
		_, _, _, err := p.api.UpdateMessageContext(ctx, channel, ts, shown(append(rest, spent(m.Answer)...), wordsIn(m.Language).arrived)...)
		return err
	})
	if says(err, gone...) {
		return nil
	}
	return err
}

func withoutButtons(all []slackapi.Block) (rest []slackapi.Block, had bool) {
	for _, b := range all {
		if b.BlockType() == slackapi.MBTAction {
			had = true
			continue
		}
		rest = append(rest, b)
	}
	return rest, had
}

// delete deletes a message of ours. What a person wrote stays: only they can
// delete it.
func (p *Platform) delete(ctx context.Context, message string) error {
	channel, ts, _ := strings.Cut(message, ":")
	if channel == "" || ts == "" {
		return nil
	}
	err := p.call(ctx, chatDelete, func(ctx context.Context) error {
		_, _, err := p.api.DeleteMessageContext(ctx, channel, ts)
		return err
	})
	if says(err, gone...) {
		return nil
	}
	return err
}

// upload sends a file into a conversation.
func (p *Platform) upload(ctx context.Context, at place, f conversation.File) error {
	if len(f.Data) == 0 {
		return never("an empty file")
	}
	if err := p.pace.Wait(ctx, at.channel); err != nil {
		return &bot.SendError{Class: bot.Again, Err: err}
	}
	var to *slackapi.GetUploadURLExternalResponse
	err := p.call(ctx, uploadURL, func(ctx context.Context) (err error) {
		to, err = p.api.GetUploadURLExternalContext(ctx, slackapi.GetUploadURLExternalParameters{FileName: f.Name, FileSize: len(f.Data)})
		return err
	})
	if err != nil {
		return repeatable(err)
	}
	err = p.call(ctx, uploadFile, func(ctx context.Context) error {
		return p.api.UploadToURL(ctx, slackapi.UploadToURLParameters{UploadURL: to.UploadURL, Reader: bytes.NewReader(f.Data), Filename: f.Name})
	})
	if err != nil {
		return repeatable(err) // nobody sees it before the next call
	}
	return p.call(ctx, uploadDone, func(ctx context.Context) error {
		_, err := p.api.CompleteUploadExternalContext(ctx, slackapi.CompleteUploadExternalParameters{
			Files: []slackapi.FileSummary{{ID: to.FileID, Title: f.Name}}, Channel: at.channel, ThreadTimestamp: at.thread,
		})
		return err
	})
}
