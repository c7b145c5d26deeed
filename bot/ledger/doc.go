// Package ledger is the book on paper: the CSV files that a firm brings in and
// takes out, and the sample appointments of the terminal. Readers and writers go
// in, values come out; there is no database, no file and no clock here.
//
// A firm's file becomes [Entry] values with [ReadAppointments], one [Row] per
// row of the file, good or bad. Whoever puts them into the book answers with one
// [Result] per row, and [WriteResults] gives the file back with what became of
// each. [ReadSites] and [WriteSiteResults] do the same for sites. A [Table]
// writes the book out again, as CSV or JSON.
//
// Three things hold throughout.
//
// An error about a row names the column, the reason and an example, and never
// the value: a value may be somebody's A-Number in the wrong column.
//
// A cell that a spreadsheet would take for a formula is written with an
// apostrophe before it, and that apostrophe is taken off again when read, so
// what was written in full can be read in again unchanged.
//
// Identifiers are written masked unless a record says that they are revealed.
package ledger
