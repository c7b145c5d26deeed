package ledger

import (
	"fmt"
	"io"

	"reschedulebot/scheduling"
)

// A File is an appointments file that was read.
type File struct {
	Header   []string // as read
	Rows     []Row    // in the order of the file, without blank ones
	Warnings []string // sentences for whoever imports: columns that were ignored

	marked bool
}

// A Row is one row of an appointments file: an Entry, or the reasons why not.
type Row struct {
	Line   int      // in the file, from 1
	Fields []string // as read
	Entry  Entry    // the zero Entry if Err is not nil
	Err    error    // sentences that each name a column and a reason, joined with line ends; nothing from the row is in them

	// Duplicate says that an earlier good row is about the same receipt number
	// and appointment; First is its line. That one counts, this one doesn't.
	Duplicate bool
	First     int
}

// String names a row without saying what is in it.
func (r Row) String() string { return fmt.Sprintf("row in line %d", r.Line) }

// GoString is String.
func (r Row) GoString() string { return r.String() }

// ReadAppointments reads an appointments file: CSV, UTF-8 with or without a byte
// order mark, any line ends. The first row names the columns in any order and
// case; receipt_number, asc_code, appointment_date and appointment_time are
// needed. A date is 2026-12-03, or 12/03/2026 with the month first; a time is
// 10:20 or 10:20 AM on the clock of the site, which must be one of sites.
//
// There is one Row per row, good or bad. The error is about the file as a whole,
// of which then nothing should be taken: it is no CSV, too large, in another
// encoding, or a needed column is missing. It is a sentence that says what to
// change.
func ReadAppointments(r io.Reader, sites scheduling.Sites) (File, error) {
	g, err := readGrid(r)
	if err != nil {
		return File{}, err
	}
	columns, needed := map[string]bool{}, []string(nil)
	for _, c := range appointmentColumns() {
		columns[c.name] = true
		if c.given == 0 {
			needed = append(needed, c.name)
		}
	}
	at, warnings, err := g.index(func(name string) bool { return columns[name] }, ownColumns()...)
	if err == nil {
		err = g.missing(needed...)
	}
	if err != nil {
		return File{}, err
	}
	f := File{Header: g.header, Rows: make([]Row, 0, len(g.rows)), Warnings: warnings, marked: g.marked}
	first := map[entryKey]int{}
	for _, raw := range g.rows {
		row := Row{Line: raw.line, Fields: raw.fields}
		if row.Err = g.checkFields(raw); row.Err == nil {
			row.Entry, row.Err = readEntry(sites, appointmentColumns(), func(name string) (string, bool) {
				i, ok := at[name]
				if !ok {
					return "", false
				}
				return unguard(raw.fields[i]), true
			})
		}
		if row.Err == nil {
			if row.First, row.Duplicate = first[row.Entry.key()]; !row.Duplicate {
				first[row.Entry.key()] = row.Line
			}
		}
		f.Rows = append(f.Rows, row)
	}
	return f, nil
}
