package ledger_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"reschedulebot/bot/ledger"
	"reschedulebot/scheduling"
)

// Whatever the file: no panic, every row has an entry or an error, and the
// result file and the revealed export read back as the same entries.
func FuzzReadAppointments(f *testing.F) {
	sites := scheduling.BuiltinSites()
	f.Add(ledger.SampleCSV(time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC), sites))
	for _, cell := range hostile {
		f.Add([]byte(needed("notes,client_last_name,'=x", csvRow(cell, cell, cell))))
	}
	f.Add([]byte("\ufeffreceipt_number,asc_code,appointment_date,appointment_time,row_status,,notes\r\nIOE0000000101,XCB,12/03/2026,10:20 AM,error,,\"a\r\r\nb\"\r\n,,,\nx\n"))
	f.Add([]byte("receipt_number;asc_code\n"))
	f.Add([]byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ledger.ReadAppointments(bytes.NewReader(data), sites)
		if err != nil {
			if len(err.Error()) > 500 || !utf8.ValidString(err.Error()) {
				t.Fatalf("the error about the file is %q", err)
			}
			return
		}
		var records []ledger.AppointmentRecord
		results := make([]ledger.Result, len(file.Rows))
		for i, row := range file.Rows {
			if (row.Err == nil) == row.Entry.Receipt.IsZero() || row.Err == nil && row.Entry.Start.IsZero() {
				t.Fatalf("line %d has neither entry nor error, or both: %v", row.Line, row.Err)
			}
			results[i] = ledger.Result{Status: ledger.RowError, Err: row.Err}
			if row.Err == nil {
				records = append(records, ledger.AppointmentRecord{Entry: row.Entry, Revealed: true})
			}
		}
		var again strings.Builder
		if err := ledger.WriteResults(&again, file, results); err != nil {
			t.Fatal(err)
		}
		checkCells(t, again.String())
		second, err := ledger.ReadAppointments(strings.NewReader(again.String()), sites)
		if err != nil || len(second.Rows) != len(file.Rows) {
			t.Fatalf("the result file has %d rows of %d, %v:\n%s", len(second.Rows), len(file.Rows), err, again.String())
		}
		for i, row := range file.Rows {
			if row.Err == nil && second.Rows[i].Entry != row.Entry {
				t.Fatalf("line %d\n%s came back as\n%s\n%v", row.Line, spelled(row.Entry), spelled(second.Rows[i].Entry), second.Rows[i].Err)
			}
		}
		text := written(t, ledger.CSV, records...)
		checkCells(t, text)
		for i, row := range read(t, text).Rows {
			want := records[i].Entry
			want.Given, want.CountGiven, want.G28Given = ledger.AllColumns, true, true
			if row.Entry != want {
				t.Fatalf("%s was exported and came back as\n%s\n%v", spelled(want), spelled(row.Entry), row.Err)
			}
		}
	})
}
