package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

type exportCommand struct {
	databaseFlags
	byFlag

	What   string `arg:"" enum:"appointments,requests,audit,sites" help:"appointments, requests, audit or sites."`
	JSON   bool   `name:"json" help:"Write JSON instead of CSV."`
	Reveal bool   `help:"Show receipt numbers and A-Numbers in full. That is put on record."`
}

// Run writes a part of the book, row by row as it is read.
func (c *exportCommand) Run(ctx context.Context, p *process) error {
	var t trouble
	settings := c.databaseFlags.check(&t)
	if c.Reveal && c.What != "appointments" && c.What != "requests" {
		t.add("--reveal", "nothing is masked in %s; leave it out", c.What)
	}
	if err := t.err(); err != nil {
		return err
	}
	open := settings.openExisting
	if c.What == "sites" {
		open = settings.openOrEmpty // there are built-in ones
	}
	db, err := open(ctx, p.now)
	if err != nil {
		return err
	}
	defer db.Close()
	if c.Reveal {
		err := db.Update(ctx, func(tx *store.Tx) error {
			tx.Audit(store.AuditEntry{Actor: c.name(), Action: "revealed", Detail: map[string]any{"export": c.What},
				RulesVersion: scheduling.BuiltinRules().Version})
			return nil
		})
		if err != nil {
			return fmt.Errorf("put the export on record: %w", err)
		}
	}
	out := bufio.NewWriter(p.stdout)
	err = db.View(ctx, func(tx *store.Tx) error { return c.write(out, tx) })
	if err = errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("export %s: %w", c.What, err)
	}
	return nil
}

func (c *exportCommand) write(out io.Writer, tx *store.Tx) error {
	format := ledger.CSV
	if c.JSON {
		format = ledger.JSON
	}
	switch c.What {
	case "appointments":
		return export(out, format, tx, tx.EachAppointment, func(r store.AppointmentRecord) ledger.AppointmentRecord {
			return ledger.AppointmentRecord{Entry: entry(r), Revealed: c.Reveal, Version: r.Version, Linked: r.Linked}
		})
	case "requests":
		sites := tx.Sites()
		return export(out, format, tx, tx.EachRequest, func(r store.RequestRecord) ledger.RequestRecord {
			if r.Status == store.Confirmed {
				if given, ok := tx.Given(r); ok {
					r.To.Site, r.To.Start = given.Site.Code, given.Start
				}
			}
			return c.request(sites, r)
		})
	case "audit":
		return export(out, format, tx, tx.EachAudit, func(r store.AuditRow) ledger.AuditRecord {
			return ledger.AuditRecord{Seq: r.Seq, At: r.At, Actor: r.Actor, Action: r.Action, CaseID: r.CaseID, ChatID: r.ChatID,
				Detail: r.Detail, RulesVersion: r.RulesVersion, Hash: r.Hash}
		})
	}
	eachSite := func(each func(scheduling.Site)) {
		for _, s := range tx.Sites().All() {
			each(s)
		}
	}
	return export(out, format, tx, eachSite, func(s scheduling.Site) ledger.SiteRecord { return ledger.SiteRecord{Site: s} })
}

// export writes a table of all rows. What can't be written ends the reading.
func export[Row any, Record ledger.Record](out io.Writer, f ledger.Format, tx *store.Tx, all func(each func(Row)), record func(Row) Record) error {
	table := ledger.NewTable[Record](out, f)
	all(func(r Row) {
		if err := table.Write(record(r)); err != nil {
			tx.Fail(err)
		}
	})
	if err := tx.Err(); err != nil {
		return err
	}
	return table.Close()
}

// entry is an appointment of the book as a row of a file.
func entry(r store.AppointmentRecord) ledger.Entry {
	aNumber, _ := scheduling.ParseANumber(r.Case.ANumber) // the zero one where there is none
	return ledger.Entry{
		Receipt: r.Receipt, Site: r.Site, Local: r.Local, Start: r.Start, Form: r.Form, Count: r.Count, CountGiven: true,
		FirstName: r.Case.FirstName, LastName: r.Case.LastName, Language: r.Case.Language, Matter: r.Case.Matter,
		Household: r.Case.Household, Phone: r.Case.Phone, Email: r.Case.Email, Attorney: r.Case.Attorney, Notes: r.Case.Notes,
		ANumber: aNumber, G28: r.Case.G28, G28Given: true, NoticeDate: r.NoticeDate, Status: r.Status, Given: ledger.AllColumns,
	}
}

func (c *exportCommand) request(sites scheduling.Sites, r store.RequestRecord) ledger.RequestRecord {
	to, ok := sites.Find(r.To.Site)
	if !ok {
		to.Code = r.To.Site
	}
	return ledger.RequestRecord{
		ID: r.Name, Receipt: r.Receipt, Revealed: c.Reveal, Status: r.Status, Verdict: r.Verdict, Reason: r.Reason,
		From: r.From.Site, FromStart: r.From.Start, To: to, ToStart: r.To.Start, RequestedAt: r.RequestedAt,
		DecidedAt: r.DecidedAt, DecidedBy: r.DecidedBy, Channel: r.Channel, RulesVersion: r.RulesVersion,
	}
}
