package ledger

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"
)

// A Format is how a Table is written.
type Format int

const (
	CSV  Format = iota // a row with the names of the columns first; guarded against formulas
	JSON               // one array of objects, the names of the columns as keys, in their order
)

// A Table writes records one after the other and holds none of them, so a book of
// any size can be written. Instants are RFC 3339 in whole seconds, rounded down.
// In CSV a truth value is yes or no; in JSON numbers and truth values are such.
type Table[R Record] struct {
	columns []string
	sheet   *csv.Writer   // CSV
	array   *bufio.Writer // JSON
	rows    int
	err     error // the first; nothing is written after it
}

// NewTable begins a table. Nothing may have reached w before Close.
func NewTable[R Record](w io.Writer, f Format) *Table[R] {
	var none R
	t := &Table[R]{columns: none.columns()}
	if f == JSON {
		t.array = bufio.NewWriter(w)
		t.array.WriteByte('[')
		return t
	}
	t.sheet = csv.NewWriter(w)
	t.fail(t.sheet.Write(t.columns))
	return t
}

// Write adds a record. After an error every further Write gives the same.
func (t *Table[R]) Write(r R) error {
	switch {
	case t.err != nil:
	case t.array != nil:
		t.fail(t.writeObject(r.cells()))
	default:
		cells := r.cells()
		record := make([]string, len(cells))
		for i, cell := range cells {
			record[i] = csvCell(cell)
		}
		t.fail(t.sheet.Write(record))
	}
	t.rows++
	return t.err
}

// Close ends the table and hands on what is still held back. It does not close
// the writer beneath.
func (t *Table[R]) Close() error {
	switch {
	case t.err != nil:
	case t.array != nil:
		if t.rows > 0 {
			t.array.WriteByte('\n')
		}
		t.array.WriteString("]\n")
		t.fail(t.array.Flush())
	default:
		t.sheet.Flush()
		t.fail(t.sheet.Error())
	}
	return t.err
}

func (t *Table[R]) fail(err error) {
	if err != nil {
		t.err = fmt.Errorf("writing the table: %w", err)
	}
}

func (t *Table[R]) writeObject(cells []any) error {
	var b bytes.Buffer
	b.WriteByte(',')
	if t.rows == 0 {
		b.Reset()
	}
	b.WriteString("\n{")
	for i, cell := range cells {
		if when, ok := cell.(time.Time); ok {
			cell = instant(when)
		}
		value, err := json.Marshal(cell)
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", t.columns[i], value)
	}
	b.WriteByte('}')
	_, err := t.array.Write(b.Bytes())
	return err
}

// csvCell is a value as text. Only a text can be a formula: a negative number is
// just that.
func csvCell(cell any) string {
	switch v := cell.(type) {
	case string:
		return guard(v)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case time.Time:
		return instant(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	panic(fmt.Sprintf("ledger: a cell of type %T", cell))
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
