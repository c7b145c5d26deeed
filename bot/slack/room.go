package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
)

// A room is what Slack said last about the staff channel. Nothing of a case is
// posted there unless it is private and the firm's own.
type room struct {
	mu    sync.Mutex
	asked time.Time // zero: not yet
	wrong string    // what is wrong with it, "" nothing
}

// ready answers nil when the staff channel may be posted into. Else the message
// waits: it must neither be lost nor be read by others, and somebody can put the
// channel right.
func (p *Platform) ready(ctx context.Context) error {
	wrong, wait, err := p.look(ctx)
	switch {
	case err != nil:
		return repeatable(inRoom(err))
	case wrong != "":
		return &bot.SendError{Class: bot.Wait, After: wait, Err: errors.New("nothing is posted into the staff channel: " + wrong)}
	}
	return nil
}

// look says what is wrong with the staff channel, from what Slack said within the
// last minute, and how long that still counts. It is logged once.
func (p *Platform) look(ctx context.Context) (wrong string, wait time.Duration, err error) {
	r := &p.room
	r.mu.Lock()
	defer r.mu.Unlock()
	now := p.config.Now()
	if age := now.Sub(r.asked).Abs(); !r.asked.IsZero() && age < lookAgain {
		return r.wrong, max(lookAgain-age, time.Second), nil
	}
	if wrong, err = p.channel(ctx); err != nil {
		return "", 0, err
	}
	switch {
	case wrong != "" && wrong != r.wrong:
		p.log.Error("nothing is posted into the staff channel", "channel", p.config.StaffChannel, "wrong", wrong)
	case wrong == "" && r.wrong != "":
		p.log.Info("the staff channel is as it should be again", "channel", p.config.StaffChannel)
	}
	r.asked, r.wrong = now, wrong
	return wrong, lookAgain, nil
}

// fit tells whether what staff do in the staff channel may be taken: it is private and
// the firm's own, or was within the last minutes where Slack does not answer now.
func (p *Platform) fit(ctx context.Context) bool {
	soon, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	wrong, _, err := p.look(soon)
	if err == nil {
		return wrong == ""
	}
	p.log.Warn("the staff channel can't be looked at", "error", err)
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	return p.room.wrong == "" && !p.room.asked.IsZero() && p.config.Now().Sub(p.room.asked).Abs() < 2*lookAgain
}

// doubt has Slack asked anew before anything else is posted.
func (r *room) doubt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = time.Time{}
}

// channel asks Slack what is wrong with the staff channel.
func (p *Platform) channel(ctx context.Context) (string, error) {
	var c *slackapi.Channel
	err := p.call(ctx, conversationsInfo, func(ctx context.Context) (err error) {
		c, err = p.api.GetConversationInfoContext(ctx, &slackapi.GetConversationInfoInput{ChannelID: p.config.StaffChannel})
		return err
	})
	switch {
	case says(err, "channel_not_found"):
		return "the app does not see it; invite the app into it, or correct the id", nil
	case says(err, "missing_scope"):
		return "the app may not look at it; install it again with the manifest of slack-manifest", nil
	case err != nil:
		return "", err
	case c.IsIM || c.IsMpIM || !c.IsPrivate:
		return "it is not a private channel; everybody in the workspace could read of cases there", nil
	case c.IsShared, c.IsExtShared, c.IsOrgShared, c.IsPendingExtShared, c.IsGlobalShared:
		return "it is shared with others; use a channel of the firm's own", nil
	case c.IsArchived:
		return "it is archived", nil
	case !c.IsMember:
		return "the app is not a member of it; invite it", nil
	}
	return "", nil
}
