package slack

import (
	"context"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
)

// A place is where a message goes or where something was done.
type place struct {
	channel string // or a person, whose direct messages are meant
	thread  string // the message below which it is, "" none
}

// isPerson tells whether an id can be a person's.
func isPerson(id string) bool { return idForm.MatchString(id) && (id[0] == 'U' || id[0] == 'W') }

// to is where a message goes: to a person, or into the staff channel.
func (p *Platform) to(m bot.Outgoing) (place, error) {
	at := place{channel: m.Chat}
	if m.Thread != "" {
		at.channel, at.thread, _ = strings.Cut(m.Thread, ":")
		if !tsForm.MatchString(at.thread) || !p.isRoom(at.channel) || m.Kind != bot.Message {
			return place{}, never("a thread that is not in the staff channel")
		}
	}
	switch room := p.isRoom(at.channel); {
	case room && m.Kind == bot.Home, !room && m.Kind == bot.Draw:
		return place{}, never("a card that is not for the staff channel, or a page that is")
	case !room && !isPerson(at.channel):
		return place{}, never("an address that is neither a person in Slack nor the staff channel")
	}
	return at, nil
}

// isRoom tells whether a channel is the staff channel.
func (p *Platform) isRoom(channel string) bool {
	return channel != "" && channel == p.config.StaffChannel
}

// inRoom is what an error of a call means that concerned the staff channel:
// somebody can put right that it is not there, and until then everybody else is
// served.
func inRoom(err error) error {
	if err == nil {
		return nil
	}
	e := sendError(err)
	if e.Class == bot.Gone {
		return &bot.SendError{Class: bot.Wait, After: lookAgain, Err: e.Err}
	}
	return e
}

// workspaceFor is the web address of the workspace where that is needed, "" else
// and where Slack does not tell.
func (p *Platform) workspaceFor(ctx context.Context, needed bool) (string, error) {
	if !needed {
		return "", nil
	}
	if known := p.workspace.Load(); known != nil {
		return *known, nil
	}
	who, err := p.identity(ctx)
	if err != nil {
		return "", repeatable(err)
	}
	return workspaceAddress(who), nil
}

// said posts into a place and answers the message's id. Its error is a
// *bot.SendError that still has Slack's word.
func (p *Platform) said(ctx context.Context, at place, options ...slackapi.MsgOption) (string, error) {
	if at.thread != "" {
		options = append(options, slackapi.MsgOptionTS(at.thread))
	}
	var channel, ts string
	err := p.call(ctx, chatPost, func(ctx context.Context) (err error) {
		channel, ts, err = p.api.PostMessageContext(ctx, at.channel, options...)
		return err
	})
	if err == nil && (!tsForm.MatchString(ts) || !idForm.MatchString(channel)) {
		err = &fault{method: chatPost, text: "an answer without an id", left: true}
	}
	if err != nil {
		return "", sendError(err)
	}
	p.dms.set(at.channel, channel)
	return address(channel, ts), nil
}

// lookAgain is how long what Slack said about the staff channel counts, and after
// how long a method is tried again that the app may not call.
const lookAgain = time.Minute
