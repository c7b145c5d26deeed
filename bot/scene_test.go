package bot_test

import (
	"context"
	"fmt"
	"slices"

	"reschedulebot/bot"
	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

func (s *stage) caseLine(value string) error {
	c, err := transcript.ParseCase(value)
	if err != nil {
		return err
	}
	ctx := context.Background()
	fresh := !slices.Contains(s.receipts, c.Receipt)
	if fresh {
		s.receipts = append(s.receipts, c.Receipt)
	}
	if c.Site == "" {
		err = s.db.Update(ctx, func(t *store.Tx) error {
			t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: c.Receipt, Form: c.Form, G28: c.G28, Household: c.Household},
				FirstName: c.First, LastName: c.Last, Matter: c.Matter})
			return nil
		})
	} else {
		err = s.importCase(c)
	}
	if err != nil || !fresh {
		return err
	}
	return s.db.Update(ctx, func(t *store.Tx) error {
		on, _ := t.CaseByReceipt(store.System(), c.Receipt)
		for _, name := range c.Linked {
			s.speaker(name)
			chat := t.Chat(s.platform.Name(), name)
			if chat.State.Flow == 0 {
				chat.State = conversation.State{Flow: 1, Banner: s.now, Touched: s.now}
				t.SaveChat(chat)
			}
			t.LinkChat(chat.ID, on.ID, "test")
		}
		return nil
	})
}

func (s *stage) importCase(c transcript.Case) error {
	site, ok := scheduling.BuiltinSites().Find(c.Site)
	if !ok {
		return fmt.Errorf("no site %s", c.Site)
	}
	start, err := site.Instant(c.Local)
	if err != nil {
		return err
	}
	e := ledger.Entry{Receipt: c.Receipt, Site: site, Local: c.Local, Start: start, Form: c.Form, Count: c.Count, CountGiven: true,
		FirstName: c.First, LastName: c.Last, Matter: c.Matter, Household: c.Household, G28: c.G28, G28Given: true, Status: c.Status, Given: ledger.AllColumns}
	results, err := s.bot.Import(context.Background(), ledger.File{Rows: []ledger.Row{{Entry: e}}}, "test", false)
	if err != nil {
		return err
	}
	return results[0].Err
}

func (s *stage) full(value string) error {
	full, err := transcript.ParseFull(value)
	if err != nil {
		return err
	}
	starts, err := full.Starts(scheduling.BuiltinRules(), scheduling.BuiltinSites(), s.now)
	if err != nil {
		return err
	}
	site, _ := scheduling.BuiltinSites().Find(full.Site)
	return s.db.Update(context.Background(), func(t *store.Tx) error {
		for _, start := range starts {
			for t.TakeSeat(site, start.Start) {
			}
		}
		return nil
	})
}

func (s *stage) invite(receipt string) error {
	code, err := s.bot.Invite(context.Background(), scheduling.MustReceipt(receipt), "Lee Park", bot.InvitationLife)
	s.codes[receipt] = code
	return err
}

// code is a new one for a case.
func (s *stage) code(receipt string) string {
	s.t.Helper()
	if err := s.invite(receipt); err != nil {
		s.t.Fatal(err)
	}
	return s.codes[receipt]
}

func (s *stage) decide(value string) error {
	line, err := transcript.ParseDecide(value)
	if err != nil {
		return err
	}
	d := conversation.Decision{RequestID: line.Request, Outcome: conversation.Refused, Site: line.Site, At: line.At, Words: line.Words, By: line.By}
	if line.Confirm {
		d.Outcome = conversation.Confirmed
	}
	_, err = s.bot.Decide(context.Background(), d)
	return err
}
