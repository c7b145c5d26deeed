package conversation_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"

	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

// imports puts the good rows of a shared file into the book, and answers what is
// read because of that: first by who shared it.
func (b *book) imports(shared conversation.Attached, by *chat) ([]letter, error) {
	data := transcript.Shared(shared.Size)
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, err
	}
	report := conversation.Import{File: shared.Name, Result: data}
	var others []letter
	for _, row := range rows[1:] {
		others = append(others, b.importRow(row, &report)...)
	}
	return append([]letter{{by, conversation.Imported(by.language, report)}}, others...), nil
}

// importRow counts what became of a row, and answers what linked people read. What
// the file has no column for stays as it is.
func (b *book) importRow(row []string, report *conversation.Import) []letter {
	line, err := transcript.ParseCase(row[0] + " - " + strings.Join(row[1:], " "))
	if err != nil {
		report.Errors++
		return nil
	}
	line.Form, line.G28, line.Linked = "", false, nil
	count := &report.Created
	if f := b.file("case-" + line.Receipt.Last4()); f != nil {
		line.Form, line.Household, line.G28 = f.Form, f.Household, f.G28
		line.First, line.Last, line.Matter = f.first, f.last, f.matter
		if on := f.Appointment; on != nil {
			line.Count = on.Count
			switch count = &report.Updated; {
			case on.Site.Code == line.Site && on.Local == line.Local && on.Status == line.Status:
				report.Unchanged++
				return nil
			case f.Request != nil || slices.ContainsFunc(f.moved, func(old scheduling.Slot) bool { return old.Site == line.Site && old.Local == line.Local }):
				report.Conflicts++
				return nil
			}
		}
	}
	f, tell, err := b.put(line)
	if err != nil {
		report.Errors++
		return nil
	}
	*count++
	if len(tell) == 0 || !f.Appointment.Start.After(b.now) {
		return nil
	}
	return b.changed(f, nil)
}
