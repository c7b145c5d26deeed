package bot

import (
	"bytes"
	"context"
	"fmt"

	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// imported puts a file of appointments that staff have shared in a chat into the
// book, and answers for that chat what became of each row. by is who shared it, for
// the record; name is what the file is called there. What is wrong with the file is
// in the answer; an error means that it is to be tried again, or, if it is a Refusal,
// that nobody of the office is in that chat any more. Rows that are imported a second
// time are unchanged.
func (b *Bot) imported(ctx context.Context, chat *store.Chat, by, name string, data []byte) (conversation.Reply, error) {
	if b.person(chat).Role == scheduling.Applicant {
		return conversation.Reply{}, refusal("the file was shared by somebody who is not of the office")
	}
	if len(data) > conversation.MaxFile {
		return conversation.ImportTooBig(language(chat)), nil
	}
	var file ledger.File
	var problem error
	err := b.store.View(ctx, func(t *store.Tx) error {
		file, problem = ledger.ReadAppointments(bytes.NewReader(data), t.Sites())
		return nil
	})
	if err != nil {
		return conversation.Reply{}, fmt.Errorf("import a shared file: %w", err)
	}
	if problem != nil {
		return conversation.Imported(language(chat), conversation.Import{File: visible(name), Problem: problem.Error()}), nil
	}
	results, err := b.Import(ctx, file, by, false)
	if err != nil {
		return conversation.Reply{}, err
	}
	return importReply(language(chat), visible(name), file, results)
}

func importReply(language, name string, file ledger.File, results []ledger.Result) (conversation.Reply, error) {
	var out bytes.Buffer
	if err := ledger.WriteResults(&out, file, results); err != nil {
		return conversation.Reply{}, err
	}
	n := map[ledger.RowStatus]int{}
	for _, r := range results {
		n[r.Status]++
	}
	return conversation.Imported(language, conversation.Import{
		File: name, Created: n[ledger.RowCreated], Updated: n[ledger.RowUpdated], Unchanged: n[ledger.RowUnchanged], Duplicates: n[ledger.RowDuplicate],
		Conflicts: n[ledger.RowConflict], Errors: n[ledger.RowError], Warnings: append(ledger.Unusual(file, results), file.Warnings...), Result: out.Bytes(),
	}), nil
}
