package slack

import (
	"context"
	"strings"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// cardEvent marks the messages that are cards.
const cardEvent = "reschedulebot_card"

// goneCard are Slack's words for a card that somebody deleted, or that is not the
// app's any more: it is posted anew.
var goneCard = []string{"message_not_found", "cant_update_message", "edit_window_closed"}

// draw shows a card as it is now and answers the id of its message. One that may
// have been posted already is looked for, so that no card stands twice, and one
// that somebody deleted is posted anew.
func (p *Platform) draw(ctx context.Context, at place, m bot.Outgoing) (string, error) {
	workspace, err := p.workspaceFor(ctx, cardLeads(m.Card))
	if err != nil {
		return "", err
	}
	blocks, err := cardBlocks(m.Card, workspace)
	if err != nil {
		return "", never(err.Error())
	}
	look := append(shown(blocks, wordsIn(m.Language).card), slackapi.MsgOptionMetadata(slackapi.SlackMetadata{
		EventType: cardEvent, EventPayload: map[string]any{"id": m.ID},
	}))
	if m.RefersTo != "" {
		if there, err := p.redraw(ctx, m.RefersTo, look); there || err != nil {
			return m.RefersTo, err
		}
	}
	if m.Again && m.ID != "" {
		id, err := p.standing(ctx, at, m.ID)
		if err != nil {
			return "", err
		}
		if id != "" {
			if there, err := p.redraw(ctx, id, look); there || err != nil {
				return id, err
			}
		}
	}
	if err := p.pace.Wait(ctx, at.channel); err != nil {
		return "", &bot.SendError{Class: bot.Again, Err: err}
	}
	id, err := p.said(ctx, at, look...)
	return id, inRoom(err)
}

// redraw changes a card that stands; there is false when it does not.
func (p *Platform) redraw(ctx context.Context, id string, look []slackapi.MsgOption) (there bool, err error) {
	channel, ts, _ := strings.Cut(id, ":")
	if !p.isRoom(channel) || !tsForm.MatchString(ts) { // another channel was the office's then
		return false, nil
	}
	if err := p.pace.Wait(ctx, string(chatUpdate)); err != nil {
		return false, &bot.SendError{Class: bot.Again, Err: err}
	}
	err = p.call(ctx, chatUpdate, func(ctx context.Context) error {
		_, _, _, err := p.api.UpdateMessageContext(ctx, channel, ts, look...)
		return err
	})
	if says(err, goneCard...) {
		return false, nil
	}
	return err == nil, repeatable(inRoom(err))
}

// standing is the id of a card that was posted, "" if none is found.
func (p *Platform) standing(ctx context.Context, at place, card string) (string, error) {
	messages, err := p.latest(ctx, at)
	if err != nil {
		return "", repeatable(inRoom(err))
	}
	for _, x := range messages {
		if x.BotID != "" && x.Metadata.EventType == cardEvent && x.Metadata.EventPayload["id"] == card {
			return address(at.channel, x.Timestamp), nil
		}
	}
	return "", nil
}

// cardLeads tells whether something on a card leads to a message.
func cardLeads(c conversation.Card) bool {
	for _, f := range c.Facts {
		if leads(f.Value) {
			return true
		}
	}
	return leads(c.Text) || leads(c.Note)
}

func pageLeads(page conversation.Page) bool {
	for _, c := range page.Cards {
		if cardLeads(c) {
			return true
		}
	}
	return false
}
