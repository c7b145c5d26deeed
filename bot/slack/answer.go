package slack

import (
	"context"
	"time"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
	"reschedulebot/bot/text"
	"reschedulebot/conversation"
)

// asideTime is for what somebody is shown at once; an end waits for it.
const asideTime = 5 * time.Second

// answered shows somebody what the bot has for them at once. What belongs into the
// acknowledgement is left in d; all else is on its way when answered returns, and
// nobody waits for it: nothing in it is the only copy.
func (p *Platform) answered(ctx context.Context, d *delivery, a *bot.Answer, language string) {
	if a == nil {
		return
	}
	d.acknowledge(a, wordsIn(language))
	if a.Form != nil && d.trigger != "" {
		p.asides.Go(func() { p.opens(ctx, d, *a.Form, language) })
	}
	if len(a.Say) > 0 {
		p.asides.Go(func() { p.whisper(ctx, d, a.Say, wordsIn(language).arrived) })
	}
}

// opens shows a form, or says that it could not.
func (p *Platform) opens(ctx context.Context, d *delivery, f conversation.Form, language string) {
	soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), asideTime)
	defer cancel()
	if err := p.open(soon, d.trigger, f); err != nil {
		p.log.Warn("a form could not be opened", "error", err)
		p.whisper(ctx, d, sentence(wordsIn(language).slow), wordsIn(language).slow)
	}
}

// refuse says a sentence of the adapter's own to whoever did something that was
// not taken in: in the form, on their page, or where they did it. If it does not
// arrive, they try again.
func (p *Platform) refuse(ctx context.Context, d *delivery, words string, language string) {
	switch {
	case d.waits == suggestion:
		d.acknowledge(&bot.Answer{}, wordsIn(language))
	case d.waits == submission && len(d.inputs) > 0:
		d.acknowledge(&bot.Answer{Problems: map[string]string{"": words}}, wordsIn(language))
	case d.home:
		p.asides.Go(func() { p.blank(ctx, d.user(), words) })
	default:
		p.asides.Go(func() { p.whisper(ctx, d, sentence(words), words) })
	}
}

// blank leaves nothing on somebody's page but a sentence: what they saw there
// before is not for them.
func (p *Platform) blank(ctx context.Context, user, words string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), asideTime)
	defer cancel()
	view := slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab, Blocks: slackapi.Blocks{BlockSet: blocks(sentence(words), "")}}
	err := p.call(ctx, viewsPublish, func(ctx context.Context) error {
		_, err := p.api.PublishViewContext(ctx, slackapi.PublishViewContextRequest{UserID: user, View: view})
		return err
	})
	if err != nil {
		p.log.Info("somebody's page could not be emptied", "error", err)
	}
}

// whisper says something that only one person sees: below the card or in the thread
// where they did something, else in their direct messages.
func (p *Platform) whisper(ctx context.Context, d *delivery, t conversation.Text, notice string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), asideTime)
	defer cancel()
	workspace, err := p.workspaceFor(ctx, leads(t))
	if err != nil { // then without links
		workspace = ""
	}
	for _, part := range text.Split(t, messageUnits) {
		options := shown(blocks(part, workspace), notice)
		if p.isRoom(d.at.channel) && p.ephemeral(ctx, d, options) == nil {
			continue
		}
		err := p.pace.Wait(ctx, d.user())
		if err == nil {
			_, err = p.said(ctx, place{channel: d.user()}, options...)
		}
		if err != nil {
			p.log.Info("somebody could not be told what became of what they did", "error", err)
			return
		}
	}
}

func (p *Platform) ephemeral(ctx context.Context, d *delivery, options []slackapi.MsgOption) error {
	if d.at.thread != "" {
		options = append(options, slackapi.MsgOptionTS(d.at.thread))
	}
	return p.call(ctx, chatEphemeral, func(ctx context.Context) error {
		_, err := p.api.PostEphemeralContext(ctx, d.at.channel, d.user(), options...)
		return err
	})
}
