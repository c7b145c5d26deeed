package ledger

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"

	"reschedulebot/scheduling"
)

// A SiteFile is a sites file that was read.
type SiteFile struct {
	Header   []string // as read
	Rows     []SiteRow
	Warnings []string // columns that were ignored

	marked bool
}

// A SiteRow is one row of a sites file: a Site, or in Err the reasons why not.
type SiteRow struct {
	scheduling.SiteRow
	Fields []string // as read
}

// ReadSites reads a sites file as [scheduling.ReadSites] does, within the limits
// and with the care of [ReadAppointments], and keeps the rows for the result
// file.
func ReadSites(r io.Reader) (SiteFile, error) {
	g, err := readGrid(r)
	if err != nil {
		return SiteFile{}, err
	}
	names := SiteRecord{}.columns()
	_, warnings, err := g.index(func(name string) bool { return slices.Contains(names, name) }, ownColumns()...)
	if err == nil {
		err = g.missing(names[:5]...)
	}
	if err != nil {
		return SiteFile{}, err
	}
	text, err := g.plain()
	if err != nil {
		return SiteFile{}, err
	}
	sites, err := scheduling.ReadSites(bytes.NewReader(text))
	if err != nil {
		return SiteFile{}, err
	}
	if len(sites) != len(g.rows) {
		return SiteFile{}, fmt.Errorf("reading the sites: %d rows became %d", len(g.rows), len(sites))
	}
	f := SiteFile{Header: g.header, Warnings: warnings, marked: g.marked}
	for i, row := range g.rows {
		if err := g.checkFields(row); err != nil {
			sites[i].Err = err
		}
		f.Rows = append(f.Rows, SiteRow{sites[i], row.fields})
	}
	return f, nil
}

// plain writes the grid again without the guards, every row in the line in which
// it was, so that an error may name the line.
func (g grid) plain() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(g.names)
	w.Flush()
	at := 1 + bytes.Count(b.Bytes(), []byte("\n"))
	for _, row := range g.rows {
		for ; at < row.line; at++ {
			b.WriteByte('\n')
		}
		fields := make([]string, max(len(row.fields), len(g.names))) // never one empty field alone, which would be no row
		for i, field := range row.fields {
			fields[i] = lines(unguard(field))
		}
		from := b.Len()
		w.Write(fields)
		w.Flush()
		at += bytes.Count(b.Bytes()[from:], []byte("\n"))
	}
	return b.Bytes(), w.Error()
}
