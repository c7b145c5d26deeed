package ledger_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"reschedulebot/bot/ledger"
	"reschedulebot/scheduling"
)

func results(t *testing.T, f ledger.File, r ...ledger.Result) string {
	t.Helper()
	var b strings.Builder
	if err := ledger.WriteResults(&b, f, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheResultFileIsTheInputAndWhatBecameOfIt(t *testing.T) {
	f := read(t, "\ufeffNotes,receipt_number,asc_code,appointment_date,appointment_time,room\r\n"+
		"\"a, b\",IOE0000000101,XCB,12/03/2026,10:20 AM,7\r\n"+
		"x,IOE101,QQQ,2026-12-03,10:20,\r\n"+
		"short,IOE0000000103\r\n"+
		"long,IOE0000000104,XCB,2026-12-03,10:20,,lost\r\n")
	got := results(t, f, ledger.Result{Status: ledger.RowCreated},
		ledger.Result{Status: ledger.RowError, Err: errors.Join(errors.New("a: b"), errors.New("c: d"))},
		ledger.Result{Status: ledger.RowError}, ledger.Result{Status: ledger.RowConflict})
	want := "\ufeffNotes,receipt_number,asc_code,appointment_date,appointment_time,room,,row_status,row_error\n" +
		"\"a, b\",IOE0000000101,XCB,12/03/2026,10:20 AM,7,,created,\n" +
		"x,IOE101,QQQ,2026-12-03,10:20,,,error,a: b; c: d\n" +
		"short,IOE0000000103,,,,,,error,\n" +
		"long,IOE0000000104,XCB,2026-12-03,10:20,,lost,conflict,\n"
	if got != want {
		t.Errorf("the result file is\n%s\nwant\n%s", got, want)
	}
}

// A mended result file is imported again, and its results are of that import.
func TestAResultFileOfAResultFile(t *testing.T) {
	first := results(t, read(t, needed("phone", "+1 312 555 0101")), ledger.Result{Status: ledger.RowError, Err: errors.New("x")})
	if !strings.Contains(first, ",'+1 312 555 0101,error,x\n") {
		t.Errorf("the first result is\n%s", first)
	}
	if again := one(t, first); again.Phone != "+1 312 555 0101" {
		t.Errorf("the phone came back as %q", again.Phone)
	}
	second := results(t, read(t, first), ledger.Result{Status: ledger.RowCreated})
	if want := strings.Replace(first, ",error,x\n", ",created,\n", 1); second != want {
		t.Errorf("the second result is\n%s\nwant\n%s", second, want)
	}
}

func TestOneResultPerRow(t *testing.T) {
	var b strings.Builder
	if err := ledger.WriteResults(&b, read(t, needed("phone", "")), nil); err == nil || b.Len() > 0 {
		t.Errorf("without results for its rows: %v, %q", err, b.String())
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestAFullDiskIsTold(t *testing.T) {
	f := read(t, needed("phone", ""))
	if err := ledger.WriteResults(fullDisk{}, f, make([]ledger.Result, 1)); err == nil {
		t.Error("results on a full disk were written")
	}
	for _, format := range []ledger.Format{ledger.CSV, ledger.JSON} {
		table := ledger.NewTable[ledger.AuditRecord](fullDisk{}, format)
		for range 1000 { // more than is held back
			table.Write(ledger.AuditRecord{Detail: "{}"})
		}
		if err := table.Close(); err == nil {
			t.Errorf("a table of format %d on a full disk was written", format)
		}
	}
}

// hostile are cells that a spreadsheet would calculate, or that a program could
// stumble over.
var hostile = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "'=1", "''=1", "' =1", "'' =1", "''\tx", "'' x", "＝1", "－1", "=HYPERLINK(\"http://example.com\",\"x\")",
	"=cmd|' /C calc'!A0", "\"", "\"\"", ",", "'", "''", "x'=1", "a\nb", "a\r\nb", "<script>", "\u202e", "\ufeff", "\\.", "#", "\x1b[2J", "{}", "\u2028",
}

func TestNoCellIsAFormula(t *testing.T) {
	var b strings.Builder
	c := csv.NewWriter(&b)
	header := []string{"receipt_number", "asc_code", "appointment_date", "appointment_time", "notes", "=HEAD()", "@x"}
	c.Write(header)
	for _, cell := range hostile {
		c.Write([]string{cell, cell, cell, cell, cell + "x", cell, cell})
	}
	c.Flush()
	f := read(t, b.String())
	if len(f.Rows) != len(hostile) {
		t.Fatalf("%d rows of %d", len(f.Rows), len(hostile))
	}
	all := make([]ledger.Result, len(f.Rows))
	for i := range all {
		all[i] = ledger.Result{Status: "=status", Err: errors.New("@" + hostile[i])}
	}
	checkCells(t, results(t, f, all...))
}

// checkCells looks at every cell of a CSV text the way a spreadsheet does.
func checkCells(t *testing.T, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("the file does not read: %v", err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.IndexAny(cell, "\t\r\n") == 0 || strings.IndexAny(strings.TrimSpace(cell), "=+-@") == 0 || strings.ContainsAny(cell[:min(3, len(cell))], "＝－") {
				t.Errorf("the cell %q begins like a formula", cell)
			}
		}
	}
}

func TestSites(t *testing.T) {
	in := "seats,site_code,city,state,zone,kind,lon,manager\n" +
		"2,xqa,Springfield,IL,America/Chicago,fixed,'-89.6,x\n" +
		"\n,XQA,\"Spring\nfield\",IL,America/Chicago,fixed,,\n" +
		"many,XQB,Nowhere,IL,Mars/Base,fixed,,\n" +
		"\x01\n"
	f, err := ledger.ReadSites(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Rows) != 4 || len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "manager") {
		t.Fatalf("%d rows, warnings %q", len(f.Rows), f.Warnings)
	}
	if s := f.Rows[0].Site; f.Rows[0].Err != nil || s.Code != "XQA" || s.Seats != 2 || s.Lon != -89.6 {
		t.Errorf("the first site is %+v, %v", s, f.Rows[0].Err)
	}
	for i, want := range []string{"", "line 2 already", "zone: ", "1 field"} {
		if err := f.Rows[i].Err; want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("site %d: the error is %v, want %q", i, err, want)
		}
	}
	for i, line := range []int{2, 4, 6, 7} {
		if f.Rows[i].Line != line {
			t.Errorf("site %d is in line %d, want %d", i, f.Rows[i].Line, line)
		}
	}
	var b strings.Builder
	if err := ledger.WriteSiteResults(&b, f, make([]ledger.Result, 4)); err != nil {
		t.Fatal(err)
	}
	if want := "2,xqa,Springfield,IL,America/Chicago,fixed,'-89.6,x,,\n"; !strings.Contains(b.String(), want) || !strings.Contains(b.String(), "manager,row_status,row_error\n") {
		t.Errorf("the result file is\n%s", b.String())
	}
	for text, want := range map[string]string{
		"":                                       "empty",
		"site_code,city\n":                       "columns state, zone, kind are missing",
		"site_code,city,state,zone,kind,Kind\n":  "kind is there twice",
		"site_code,city,state,zone,kind\nXQA,\"": "line 2 is not CSV",
	} {
		if _, err := ledger.ReadSites(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v, want %q", text, err, want)
		}
	}
}

func TestSitesRoundTrip(t *testing.T) {
	var b strings.Builder
	table := ledger.NewTable[ledger.SiteRecord](&b, ledger.CSV)
	all := scheduling.BuiltinSites().All()
	for _, s := range all {
		table.Write(ledger.SiteRecord{Site: s})
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := ledger.ReadSites(strings.NewReader(b.String()))
	if err != nil || len(f.Warnings) > 0 {
		t.Fatal(err, f.Warnings)
	}
	var sites scheduling.Sites
	for _, row := range f.Rows {
		if row.Err != nil {
			t.Errorf("line %d: %v", row.Line, row.Err)
		}
		sites = sites.With(row.Site)
	}
	for i, s := range sites.All() {
		if s != all[i] {
			t.Errorf("%+v came back as %+v", all[i], s)
		}
	}
}

func TestUnusualRowsAreNamedAndTheRestCounted(t *testing.T) {
	for rows, want := range map[int]string{4: "", 5: "1 more row has such a time", 6: "2 more rows have such times"} {
		text := "receipt_number,asc_code,appointment_date,appointment_time\n"
		var results []ledger.Result
		for i := range rows {
			text += "IOE000000010" + string(rune('1'+i)) + ",XCB,2026-12-06,10:20\n"
			results = append(results, ledger.Result{Status: ledger.RowCreated, Unusual: scheduling.UsuallyClosed})
		}
		lines := ledger.Unusual(read(t, text), results)
		if lines[0] != "line 2: Chicago, IL is usually closed on Sunday 2026-12-06 10:20; compare with the notice" {
			t.Errorf("the first of %d is %q", rows, lines[0])
		}
		if last := lines[len(lines)-1]; want != "" && last != want || want == "" && len(lines) != 4 {
			t.Errorf("the last of %d lines for %d rows is %q, want %q", len(lines), rows, last, want)
		}
	}
}
