package main

import (
	"context"
	"fmt"
	"strings"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

type decideCommand struct {
	databaseFlags
	rulesFlag
	reminderFlags
	officeFlags
	byFlag

	Request string  `arg:"" help:"The request, e.g. R12."`
	Confirm bool    `help:"USCIS moved the appointment, as requested or to --site and --at."`
	Refuse  *string `placeholder:"REASON" help:"It could not be done; the client reads the reason."`
	Site    string  `placeholder:"CODE" help:"With --confirm: USCIS gave this site instead, e.g. XAA."`
	At      string  `placeholder:"TIME" help:"With --confirm: USCIS gave this time instead, e.g. \"2026-12-03 10:20\", local to the site."`
}

// decision is what the flags say.
func (c *decideCommand) decision(t *trouble) conversation.Decision {
	d := conversation.Decision{RequestID: c.Request, By: strings.TrimSpace(c.By), Site: strings.ToUpper(strings.TrimSpace(c.Site))}
	switch {
	case c.Confirm && c.Refuse != nil:
		t.add("--refuse", "can't stand together with --confirm; keep the one that USCIS answered")
	case c.Confirm:
		d.Outcome = conversation.Confirmed
		if c.At != "" {
			var err error
			if d.At, err = scheduling.ParseWall(c.At); err != nil {
				t.add("--at", "%v", err)
			}
		}
	case c.Refuse == nil:
		t.add("--confirm", "say what became of the request: --confirm, or --refuse \"the reason\"")
	case strings.TrimSpace(*c.Refuse) == "":
		t.add("--refuse", "give the reason; the client reads it")
	case c.At != "":
		t.add("--at", "only goes with --confirm")
	case c.Site != "":
		t.add("--site", "only goes with --confirm")
	default:
		d.Outcome, d.Words = conversation.Refused, strings.TrimSpace(*c.Refuse)
	}
	return d
}

// Run records the outcome and prints what is in force after it.
func (c *decideCommand) Run(ctx context.Context, p *process) error {
	var t trouble
	if c.Booking == "" {
		c.Booking = string(conversation.Desk) // only there are requests decided
	}
	office, rules := c.officeFlags.check(false, &t), c.rulesFlag.check(&t)
	settings, plan := c.databaseFlags.check(&t), c.reminderFlags.check(&t)
	d := c.decision(&t)
	if len(t.lines) == 0 && d.By == "" {
		t.add("--by", "say who decides; the client reads the name")
	}
	if err := t.err(); err != nil {
		return err
	}
	db, err := settings.openExisting(ctx, p.now)
	if err != nil {
		return err
	}
	defer db.Close()
	name, told, err := c.tells(ctx, db)
	if err != nil {
		return err
	}
	b := bot.New(bot.Config{Store: db, Rules: rules, Office: office, Plan: plan, Kind: "decide"})
	now, err := b.Decide(ctx, d)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s is %s. In force now: %s\n", name, d.Outcome, inForce(now))
	if d.Outcome == conversation.Confirmed {
		switch rules.Unusual(now.Site, now.Local, p.now()) {
		case scheduling.UsuallyClosed:
			fmt.Fprintf(p.stdout, "%s is usually closed then: compare with what USCIS wrote.\n", now.Site.Name())
		case scheduling.FarAhead:
			fmt.Fprintln(p.stdout, "That is more than a year ahead: compare with what USCIS wrote.")
		}
	}
	if told {
		fmt.Fprintln(p.stdout, "The client is told as soon as serve runs.")
	} else {
		fmt.Fprintln(p.stdout, "No chat is connected with this case: tell the client yourself.")
	}
	return nil
}

// tells answers what the request is called and whether a client will be told, and
// refuses if the office that they are told of is not known.
func (c *decideCommand) tells(ctx context.Context, db *store.Store) (name string, told bool, err error) {
	err = db.View(ctx, func(tx *store.Tx) error {
		if r, ok := tx.RequestByName(c.Request); ok {
			name, told = r.Name, tx.IsLinked(r.CaseID)
		}
		return nil
	})
	if err == nil && told {
		err = c.officeFlags.checkTelling()
	}
	return name, told, err
}

// inForce is an appointment in a line.
func inForce(a scheduling.Appointment) string {
	if a.Site.Code == "" {
		return "no appointment"
	}
	at := a.Start.In(a.Site.Location()).Format("Mon 2006-01-02 15:04 MST")
	times := "times"
	if a.Count == 1 {
		times = "time"
	}
	return fmt.Sprintf("%v at %s (%s), %s, moved %d %s", a.Receipt, a.Site.Name(), a.Site.Code, at, a.Count, times)
}
