package ledger

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"reschedulebot/scheduling"
)

// A RowStatus is what became of a row.
type RowStatus string

// The statuses of rows. An error row was not taken and neither was a conflict:
// the book holds something that the row contradicts and staff must decide.
const (
	RowCreated   RowStatus = "created"
	RowUpdated   RowStatus = "updated"
	RowUnchanged RowStatus = "unchanged"
	RowDuplicate RowStatus = "duplicate"
	RowConflict  RowStatus = "conflict"
	RowError     RowStatus = "error"
)

// A Result is what became of one row.
type Result struct {
	Status RowStatus
	Err    error // what stands in row_error; nil: nothing
	// Unusual is what somebody should compare with the notice; the row was taken.
	Unusual scheduling.Unusual
}

// unusualShown is how many unusual rows are named.
const unusualShown = 4

// Unusual tells of the rows that somebody should compare with the notices, a line each.
func Unusual(f File, results []Result) (lines []string) {
	more := 0
	for i, row := range f.Rows {
		e := row.Entry
		why := ""
		switch results[i].Unusual {
		case scheduling.UsuallyClosed:
			why = fmt.Sprintf("%s is usually closed on %s %s %02d:%02d", e.Site.Name(), e.Local.Date.Weekday(), e.Local.Date, e.Local.Hour, e.Local.Minute)
		case scheduling.FarAhead:
			why = fmt.Sprintf("%s is more than a year ahead", e.Local.Date)
		default:
			continue
		}
		if len(lines) == unusualShown {
			more++
			continue
		}
		lines = append(lines, fmt.Sprintf("line %d: %s; compare with the notice", row.Line, why))
	}
	if more == 1 {
		lines = append(lines, "1 more row has such a time")
	} else if more > 1 {
		lines = append(lines, fmt.Sprintf("%d more rows have such times", more))
	}
	return lines
}

const (
	statusColumn = "row_status"
	errorColumn  = "row_error"
)

// ownColumns are those which only this package writes: no warning is due when
// they come back.
func ownColumns() []string {
	return append([]string{statusColumn, errorColumn}, addedColumns()...)
}

// WriteResults writes an appointments file back as it came, with row_status and
// row_error at the end, which take the place of those that an earlier import put
// there. There must be one result per row, in order.
func WriteResults(w io.Writer, f File, results []Result) error {
	rows := make([][]string, len(f.Rows))
	for i, row := range f.Rows {
		rows[i] = row.Fields
	}
	return writeResults(w, f.marked, f.Header, rows, results)
}

// WriteSiteResults is WriteResults for a sites file.
func WriteSiteResults(w io.Writer, f SiteFile, results []Result) error {
	rows := make([][]string, len(f.Rows))
	for i, row := range f.Rows {
		rows[i] = row.Fields
	}
	return writeResults(w, f.marked, f.Header, rows, results)
}

func writeResults(w io.Writer, marked bool, header []string, rows [][]string, results []Result) error {
	if len(rows) != len(results) {
		return fmt.Errorf("writing the results: %d results for %d rows", len(results), len(rows))
	}
	if marked {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return fmt.Errorf("writing the results: %w", err)
		}
	}
	width := len(header)
	for _, fields := range rows {
		width = max(width, len(fields)) // fields without a column keep their place
	}
	var kept []int
	for i := range width {
		if i >= len(header) || !slices.Contains([]string{statusColumn, errorColumn}, columnName(header[i])) {
			kept = append(kept, i)
		}
	}
	c := csv.NewWriter(w)
	c.Write(resultCells(header, kept, statusColumn, errorColumn))
	for i, fields := range rows {
		var reason string
		if err := results[i].Err; err != nil {
			reason = strings.ReplaceAll(err.Error(), "\n", "; ")
		}
		c.Write(resultCells(fields, kept, string(results[i].Status), reason))
	}
	c.Flush()
	if err := c.Error(); err != nil { // the first error of any Write
		return fmt.Errorf("writing the results: %w", err)
	}
	return nil
}

func resultCells(fields []string, kept []int, more ...string) []string {
	cells := make([]string, 0, len(kept)+len(more))
	for _, i := range kept {
		var cell string
		if i < len(fields) {
			cell = fields[i]
		}
		cells = append(cells, reguard(cell))
	}
	for _, cell := range more {
		cells = append(cells, guard(cell))
	}
	return cells
}
