package main

import (
	"context"
	"errors"

	"reschedulebot/bot"
)

type remindCommand struct {
	sendingFlags
	logFlags
}

// Run writes what is due and sends what can be sent, once. A serve that runs
// beside it shares the work.
func (c *remindCommand) Run(ctx context.Context, p *process) error {
	ctx, stop := untilTold(ctx)
	defer stop()
	var t trouble
	s := c.checkBook(&t)
	c.checkChats(&s, &t)
	log := c.logFlags.check(p.stderr, &t)
	if err := t.err(); err != nil {
		return err
	}
	s.database.fault = seldom(log, "the database")
	chats, err := s.chats(log)
	if err != nil {
		return err
	}
	db, err := s.database.openExisting(ctx, p.now)
	if err != nil {
		return err
	}
	var platforms []bot.Platform
	for _, x := range chats.all() {
		platforms = append(platforms, x)
	}
	b := s.bot("remind", db, chats, platforms, log)
	if err = b.Work(ctx); err != nil && ctx.Err() != nil {
		err = errors.New("told to end before everything was sent; the next run goes on")
	}
	return errors.Join(err, b.Close(context.WithoutCancel(ctx)), db.Close())
}
