package slack

import (
	"context"
	"errors"

	"reschedulebot/bot"
	"reschedulebot/bot/pace"
)

var errOtherTeam = errors.New("SLACK_BOT_TOKEN belongs to another workspace than SLACK_TEAM_ID names: correct one of them")

// Receive keeps a socket open, or waits for Handler's requests where there is no
// app token. It returns an error only when Slack refuses the app as such; trouble
// of the network or of take is waited out. Before the first event it makes sure
// that the token is of the firm's workspace.
func (p *Platform) Receive(ctx context.Context, take func(context.Context, bot.Incoming) error) error {
	if p.config.AppToken == "" && p.config.SigningSecret == "" {
		return errors.New("neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set, so nothing can be received")
	}
	defer p.asides.Wait()
	if err := p.introduce(ctx); err != nil {
		return bot.NotLetIn{Err: err}
	} else if ctx.Err() != nil {
		return nil
	}
	p.intake.open(func(d *delivery) bool { return p.handle(ctx, d, take) })
	if p.config.AppToken != "" {
		return p.receiveSocket(ctx, take)
	}
	p.hears.Add(1)
	<-ctx.Done()
	p.hears.Add(-1)
	p.intake.close()
	return nil
}

// introduce asks Slack whose the token is until it says so, or says what is wrong.
func (p *Platform) introduce(ctx context.Context) error {
	for try := 1; ; try++ {
		who, err := p.identity(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			missing, _ := compare(who.Header, Scopes(p.config.StaffChannel != ""))
			if len(missing) > 0 {
				p.log.Warn("the app may not do all that it needs; install it again with the manifest of slack-manifest", "missing", missing)
			}
			p.lookAround(ctx)
			return nil
		case permanent(err) != nil:
			return permanent(err)
		case errors.Is(err, errOtherTeam):
			return err
		}
		wait := pace.Backoff(try)
		if e := sendError(err); e.Class == bot.Wait {
			wait = e.After
		}
		p.log.Warn("Slack does not answer yet", "error", err, "again_in", wait)
		_ = pace.Pause(ctx, wait)
	}
}

// lookAround has what is wrong with the staff channel logged at the start. Nobody
// waits for it long: it is looked at again before anything is posted there.
func (p *Platform) lookAround(ctx context.Context) {
	if p.config.StaffChannel == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if _, _, err := p.look(ctx); err != nil && ctx.Err() == nil {
		p.log.Warn("the staff channel can't be looked at yet", "error", err)
	}
}
