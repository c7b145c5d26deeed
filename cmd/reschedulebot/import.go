package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"reschedulebot/bot"
	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
)

type importCommand struct {
	databaseFlags
	rulesFlag
	reminderFlags
	officeFlags
	byFlag

	File   string `arg:"" help:"CSV file; sample.csv stands for the built-in sample where there is no such file."`
	Sites  bool   `help:"The file lists sites, not appointments."`
	DryRun bool   `help:"Change nothing in the book; FILE.result.csv is written all the same."`
}

// Run imports a file, writes the result file next to it and prints how many rows
// became what.
func (c *importCommand) Run(ctx context.Context, p *process) error {
	ctx, stop := untilTold(ctx)
	defer stop()
	err := c.run(ctx, p)
	if err != nil && ctx.Err() != nil {
		return errors.New("told to end before all rows were dealt with: import the file again, it finds those that were")
	}
	return err
}

func (c *importCommand) run(ctx context.Context, p *process) error {
	var t trouble
	office, rules := c.officeFlags.check(false, &t), c.rulesFlag.check(&t)
	settings, plan := c.databaseFlags.check(&t), c.reminderFlags.check(&t)
	if err := t.err(); err != nil {
		return err
	}
	open := settings.open
	if c.DryRun {
		open = settings.openOrEmpty
	}
	text, err := c.read(ctx, p, open)
	if err != nil {
		return err
	}
	result, err := newResultFile(c.File)
	if err != nil {
		return err
	}
	defer result.drop()
	db, err := open(ctx, p.now)
	if err != nil {
		return err
	}
	defer db.Close()
	if !db.Sealed() && !settings.plaintext && !c.Sites {
		fmt.Fprintln(p.stderr, "DATA_KEY_FILE is not set: names and numbers are stored readable.")
	}
	work := &importing{importCommand: c, p: p, db: db, result: result,
		bot: bot.New(bot.Config{Store: db, Rules: rules, Office: office, Plan: plan, Kind: "import"})}
	if c.Sites {
		return work.sites(ctx, text)
	}
	return work.appointments(ctx, text)
}

// read reads the file. The sample of today stands in for a sample.csv that is
// not there.
func (c *importCommand) read(ctx context.Context, p *process, open opener) ([]byte, error) {
	text, err := os.ReadFile(c.File)
	switch {
	case err == nil:
		return text, nil
	case c.Sites || !errors.Is(err, os.ErrNotExist) || filepath.Base(c.File) != "sample.csv":
		return nil, err
	}
	db, err := open(ctx, p.now)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	fmt.Fprintf(p.stderr, "There is no %s: this is the built-in sample, with dates relative to now.\n", c.File)
	err = db.View(ctx, func(tx *store.Tx) error {
		text = ledger.SampleCSV(tx.Now(), tx.Sites())
		return nil
	})
	return text, err
}

// importing is an import under way.
type importing struct {
	*importCommand
	p      *process
	db     *store.Store
	bot    *bot.Bot
	result *resultFile
}

func (w *importing) appointments(ctx context.Context, text []byte) error {
	var file ledger.File
	err := w.db.View(ctx, func(tx *store.Tx) (err error) {
		file, err = ledger.ReadAppointments(bytes.NewReader(text), tx.Sites())
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", w.File, err)
	}
	w.warn(file.Warnings)
	if err := w.mayTell(ctx, file); err != nil {
		return err
	}
	results, err := w.bot.Import(ctx, file, w.name(), w.DryRun)
	if err != nil {
		return err
	}
	w.warn(ledger.Unusual(file, results))
	return w.finish(results, func(out io.Writer) error { return ledger.WriteResults(out, file, results) })
}

func (w *importing) sites(ctx context.Context, text []byte) error {
	file, err := ledger.ReadSites(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("%s: %w", w.File, err)
	}
	w.warn(file.Warnings)
	results, err := w.bot.ImportSites(ctx, file, w.name(), w.DryRun)
	if err != nil {
		return err
	}
	return w.finish(results, func(out io.Writer) error { return ledger.WriteSiteResults(out, file, results) })
}

func (w *importing) warn(warnings []string) {
	for _, line := range warnings {
		fmt.Fprintf(w.p.stderr, "%s: %s\n", w.File, line)
	}
}

// mayTell refuses an import that would write to clients in the name of an office
// that is not known. Rows that change nothing tell nobody.
func (w *importing) mayTell(ctx context.Context, file ledger.File) error {
	unknown := w.officeFlags.checkTelling()
	if unknown == nil || w.DryRun {
		return nil
	}
	results, err := w.bot.Import(ctx, file, w.name(), true)
	if err != nil {
		return err
	}
	told := 0
	err = w.db.View(ctx, func(tx *store.Tx) error {
		for i, r := range results {
			if r.Status != ledger.RowCreated && r.Status != ledger.RowUpdated {
				continue
			}
			if c, ok := tx.CaseByReceipt(store.System(), file.Rows[i].Entry.Receipt); ok && tx.IsLinked(c.ID) {
				told++
			}
		}
		return nil
	})
	if err != nil || told == 0 {
		return err
	}
	return unknown
}

// finish writes the result file, prints the counts, and fails if a row did.
func (w *importing) finish(results []ledger.Result, write func(io.Writer) error) error {
	if err := w.result.keep(write); err != nil {
		return err
	}
	counts := map[ledger.RowStatus]int{}
	for _, r := range results {
		counts[r.Status]++
	}
	line := fmt.Sprintf("rows: %d", len(results))
	for _, status := range []ledger.RowStatus{ledger.RowCreated, ledger.RowUpdated, ledger.RowUnchanged, ledger.RowDuplicate, ledger.RowConflict, ledger.RowError} {
		line += fmt.Sprintf(", %s: %d", status, counts[status])
	}
	fmt.Fprintln(w.p.stdout, line)
	if w.DryRun {
		fmt.Fprintln(w.p.stdout, "This was a dry run: nothing was changed.")
	}
	if failed := counts[ledger.RowConflict] + counts[ledger.RowError]; failed > 0 {
		return fmt.Errorf("%d of %d rows were not taken; %s says why", failed, len(results), w.result.path)
	}
	return nil
}

// A resultFile tells what became of each row. It takes the place of an earlier
// one only when it is whole.
type resultFile struct {
	path string
	file *os.File
	kept bool
}

// newResultFile makes the file before anything is imported: a folder that can't be
// written to is found out first.
func newResultFile(of string) (*resultFile, error) {
	path := of
	if ext := filepath.Ext(of); strings.EqualFold(ext, ".csv") {
		path = strings.TrimSuffix(of, ext)
	}
	path += ".result.csv"
	file, err := os.CreateTemp(filepath.Dir(path), ".import-*.csv")
	if err != nil {
		return nil, fmt.Errorf("the result file %s: %w", path, err)
	}
	return &resultFile{path: path, file: file}, nil
}

func (f *resultFile) keep(write func(io.Writer) error) error {
	err := write(f.file)
	if err == nil {
		err = errors.Join(f.file.Sync(), f.file.Close())
	}
	if err == nil {
		err = os.Rename(f.file.Name(), f.path)
	}
	if err != nil {
		return fmt.Errorf("the rows were dealt with, but not the result file %s: %w", f.path, err)
	}
	f.kept = true
	return nil
}

func (f *resultFile) drop() {
	if !f.kept {
		f.file.Close()
		os.Remove(f.file.Name())
	}
}
