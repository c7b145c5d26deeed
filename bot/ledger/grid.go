package ledger

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a file may hold. A larger one is refused as a whole.
const (
	MaxRows    = 100_000
	MaxBytes   = 64 << 20
	MaxColumns = 200
)

const byteOrderMark = "\ufeff"

// A grid is a CSV file as it was read: the first row and the others, without
// those that are blank.
type grid struct {
	marked bool // began with a byte order mark, as spreadsheets like it
	header []string
	names  []string // of the columns, as columnName compares them
	rows   []gridRow
}

type gridRow struct {
	line   int // where it begins in the file, from 1
	fields []string
}

// readGrid reads a whole CSV file: UTF-8 with or without a byte order mark, any
// line ends. Its errors tell whoever made the file what to change, and quote
// nothing from it.
func readGrid(r io.Reader) (grid, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return grid{}, fmt.Errorf("reading the file: %w", err)
	}
	if len(data) > MaxBytes {
		return grid{}, fmt.Errorf("the file is larger than %d MB; split it into several", MaxBytes>>20)
	}
	if err := checkEncoding(data); err != nil {
		return grid{}, err
	}
	var g grid
	if data, g.marked = bytes.CutPrefix(data, []byte(byteOrderMark)); !bytes.Contains(data, []byte("\n")) {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n")) // line ends of old Macs
	}
	if err := checkWidth(data); err != nil {
		return grid{}, err
	}
	return g.parse(data)
}

// checkEncoding refuses what is no UTF-8 text, and names what it is instead
// where that can be told.
func checkEncoding(data []byte) error {
	const save = `; save it as "CSV UTF-8 (comma delimited)"`
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return errors.New("the file is a spreadsheet workbook, not a CSV file" + save)
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return errors.New("the file is UTF-16 text, not UTF-8" + save)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return fmt.Errorf("line %d holds a NUL character, so the file is not a CSV file"+save, lineAt(data, i))
	}
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("line %d is not UTF-8 text"+save, lineAt(data, i))
		}
		i += n
	}
	return nil
}

func lineAt(data []byte, i int) int { return 1 + bytes.Count(data[:i], []byte("\n")) }

// checkWidth counts the fields of every row before any is made into strings: a
// line of nothing but commas would cost many times its size in memory.
func checkWidth(data []byte) error {
	quoted, fields := false, 1
	for i, b := range data {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n':
			fields = 1
		case b == ',':
			if fields++; fields > MaxColumns {
				return fmt.Errorf("line %d has more than %d fields; leave out columns that are not needed", lineAt(data, i), MaxColumns)
			}
		}
	}
	return nil
}

func (g grid) parse(data []byte) (grid, error) {
	c := csv.NewReader(bytes.NewReader(data))
	c.FieldsPerRecord = -1
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if broken := (*csv.ParseError)(nil); errors.As(err, &broken) {
			return grid{}, fmt.Errorf(`line %d is not CSV: a quote stands in the wrong place or is missing; put a field that holds quotes in quotes and double those inside, such as "the ""old"" notice"`, broken.StartLine)
		}
		if err != nil {
			return grid{}, fmt.Errorf("reading the file: %w", err)
		}
		if blank(record) {
			continue
		}
		if g.header == nil {
			g.header = record
			for _, h := range record {
				g.names = append(g.names, columnName(h))
			}
			continue
		}
		if len(g.rows) == MaxRows {
			return grid{}, fmt.Errorf("the file has more than %d rows; split it into several", MaxRows)
		}
		line, _ := c.FieldPos(0)
		g.rows = append(g.rows, gridRow{line, record})
	}
	return g, g.checkHeader()
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(field string) bool { return strings.TrimSpace(field) != "" })
}

func (g grid) checkHeader() error {
	if g.header == nil {
		return errors.New("the file is empty; its first row names the columns")
	}
	if len(g.header) == 1 && strings.ContainsAny(g.header[0], ";\t") {
		return errors.New("the columns are not separated by commas; save the file as \"CSV UTF-8 (comma delimited)\"")
	}
	return nil
}

// checkFields tells what is wrong with the number of fields of a row. Empty
// ones beyond the last column are nothing wrong.
func (g grid) checkFields(row gridRow) error {
	if n := len(row.fields); n < len(g.header) {
		return fmt.Errorf("row: it has %s, but the first row names %s; leave a field empty instead of leaving it out", counted(n, "field"), counted(len(g.header), "column"))
	}
	for i, field := range row.fields {
		if (i >= len(g.names) || g.names[i] == "") && strings.TrimSpace(field) != "" {
			return fmt.Errorf(`row: field %d has no column; put a text with commas in quotes, such as "called, no answer"`, i+1)
		}
	}
	return nil
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// columnName is the name of a column as it is compared: "Receipt Number " is
// receipt_number.
func columnName(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(unguard(s))))
}

// missing are the needed names that the header lacks, as an error.
func (g grid) missing(needed ...string) error {
	var names []string
	for _, name := range needed {
		if !slices.Contains(g.names, name) {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("the column %s is missing; the first row names the columns, such as %s", names[0], strings.Join(needed, ","))
	}
	return fmt.Errorf("the columns %s are missing; the first row names the columns, such as %s", strings.Join(names, ", "), strings.Join(needed, ","))
}

// index finds the known columns in the header, and warns of the others. The
// columns that this package adds itself are ignored without a warning.
func (g grid) index(known func(name string) bool, added ...string) (at map[string]int, warnings []string, err error) {
	at = map[string]int{}
	for i, name := range g.names {
		switch first, twice := at[name]; {
		case name == "" || slices.Contains(added, name):
		case !known(name):
			warnings = append(warnings, fmt.Sprintf("column %d, %q, is not known and was ignored", i+1, shortened(strings.TrimSpace(g.header[i]))))
		case twice:
			return nil, nil, fmt.Errorf("the column %s is there twice, as column %d and column %d; remove one", name, first+1, i+1)
		default:
			at[name] = i
		}
	}
	return at, warnings, nil
}

// shortened keeps a warning on one line of a terminal.
func shortened(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
