package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"reschedulebot/bot"
	"reschedulebot/bot/console"
	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

// strangersCase is the sample to which the sample chat is not linked.
const strangersCase = "EAC0000000110"

// sampleConsent marks links that nobody has agreed to.
const sampleConsent = "sample"

// putSample puts the sample appointments into a database that holds none, and
// links the applicant's chat to all of them but one.
func putSample(ctx context.Context, db *store.Store, b *bot.Bot) error {
	empty, err := isEmpty(ctx, db)
	if err != nil || !empty {
		return err
	}
	var file ledger.File
	err = db.View(ctx, func(tx *store.Tx) error {
		var err error
		file, err = ledger.ReadAppointments(bytes.NewReader(ledger.SampleCSV(tx.Now(), tx.Sites())), tx.Sites())
		return err
	})
	if err != nil {
		return fmt.Errorf("the sample: %w", err)
	}
	results, err := b.Import(ctx, file, "sample", false)
	if err != nil {
		return fmt.Errorf("the sample: %w", err)
	}
	for i, r := range results {
		if r.Status != ledger.RowCreated {
			return fmt.Errorf("the sample: line %d: %s: %w", file.Rows[i].Line, r.Status, r.Err)
		}
	}
	return db.Update(ctx, func(tx *store.Tx) error {
		chat := tx.Chat(console.Name, console.Applicant)
		for _, row := range file.Rows {
			if row.Entry.Receipt == scheduling.MustReceipt(strangersCase) {
				continue
			}
			if c, ok := tx.CaseByReceipt(store.System(), row.Entry.Receipt); ok {
				tx.LinkChat(chat.ID, c.ID, sampleConsent)
			}
		}
		return nil
	})
}

// isOffice tells whether people write to a bot that works on a database.
func isOffice(ctx context.Context, db *store.Store) (yes bool, err error) {
	err = db.View(ctx, func(tx *store.Tx) error { yes = tx.ChatsElsewhere(console.Name); return nil })
	return yes, err
}

// errFound ends a look at the first case.
var errFound = errors.New("there is a case")

// isEmpty tells whether a database holds no case.
func isEmpty(ctx context.Context, db *store.Store) (bool, error) {
	err := db.View(ctx, func(tx *store.Tx) error {
		tx.EachCase(func(store.CaseRecord) { tx.Fail(errFound) })
		return nil
	})
	if errors.Is(err, errFound) {
		return false, nil
	}
	return err == nil, err
}
