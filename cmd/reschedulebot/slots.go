package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

type slotsCommand struct {
	databaseFlags
	rulesFlag

	Site  string `required:"" placeholder:"CODE" help:"Code of the site, e.g. XAA."`
	From  string `placeholder:"DATE" help:"First day, e.g. 2026-12-03; default today."`
	Limit int    `default:"20" placeholder:"N" help:"How many starts, default ${default}."`
}

// Run prints a line for each start that has a free seat: day, time at the site,
// seats.
func (c *slotsCommand) Run(ctx context.Context, p *process) error {
	var t trouble
	settings, rules := c.databaseFlags.check(&t), c.rulesFlag.check(&t)
	query := scheduling.Query{Limit: c.Limit}
	if c.From != "" {
		var err error
		if query.From, err = scheduling.ParseDate(c.From); err != nil {
			t.add("--from", "%v", err)
		}
	}
	if c.Limit < 1 || c.Limit > 10_000 {
		t.add("--limit", "%d is no number of starts from 1 to 10000", c.Limit)
	}
	if err := t.err(); err != nil {
		return err
	}
	db, err := settings.openOrEmpty(ctx, p.now)
	if err != nil {
		return err
	}
	defer db.Close()
	var site scheduling.Site
	var known bool
	var slots []scheduling.Slot
	err = db.View(ctx, func(tx *store.Tx) error {
		if site, known = tx.Sites().Find(strings.ToUpper(c.Site)); known {
			slots = rules.Openings(site, query, tx.Now(), tx.Taken)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case !known:
		return misuse(fmt.Sprintf("--site: %q is not a known site; export sites lists them", c.Site))
	case !site.Offered():
		fmt.Fprintf(p.stderr, "%s is not offered to clients: its kind is %s, and only fixed sites are.\n", site.Name(), site.Kind)
	case len(slots) == 0:
		fmt.Fprintf(p.stderr, "No free start at %s in the period that can be booked.\n", site.Name())
	}
	if path := settings.missing(); path != "" {
		fmt.Fprintf(p.stderr, "There is no database at %s yet: this is an empty book.\n", path)
	}
	for _, s := range slots {
		fmt.Fprintln(p.stdout, slotLine(s, site.Location()))
	}
	return nil
}

func slotLine(s scheduling.Slot, zone *time.Location) string {
	return fmt.Sprintf("%s  %d free", s.Start.In(zone).Format("Mon 2006-01-02 15:04 MST"), s.Free)
}
