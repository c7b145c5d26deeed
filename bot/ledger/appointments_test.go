package ledger_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/ledger"
	"reschedulebot/scheduling"
)

// read reads a file that is good as a whole.
func read(t *testing.T, text string) ledger.File {
	t.Helper()
	f, err := ledger.ReadAppointments(strings.NewReader(text), scheduling.BuiltinSites())
	if err != nil {
		t.Fatalf("reading %q: %v", text, err)
	}
	return f
}

// one reads a file of one good row.
func one(t *testing.T, text string) ledger.Entry {
	t.Helper()
	f := read(t, text)
	if len(f.Rows) != 1 {
		t.Fatalf("%q has %d rows, want 1", text, len(f.Rows))
	}
	if f.Rows[0].Err != nil {
		t.Fatalf("%q: %v", text, f.Rows[0].Err)
	}
	return f.Rows[0].Entry
}

// needed is a file of the needed columns and one more.
func needed(column, cell string) string {
	return "receipt_number,asc_code,appointment_date,appointment_time," + column + "\n" +
		"IOE0000000101,XCB,2026-12-03,10:20," + cell + "\n"
}

func TestAFullRow(t *testing.T) {
	got := one(t, "\ufeffNOTES, Status ,notice_date,g28_on_file,attorney_of_record,email,phone,a_number,household_id,matter_id,language,client_last_name,client_first_name,reschedule_count,form_type,Appointment Time,APPOINTMENT_DATE,asc_code,receipt_number\r\n"+
		"\"First line\r\nsecond, \"\"line\"\"\",scheduled,11/02/2026,Yes,Dana  Whitlock,ana@example.com,'+1 312 555 0101,A000-000-101,H1,M 7,ES-mx,Ortiz,Ana,1,i485,10:20 AM,12/03/2026,xcb, ioe-0000-000101 \r\n")
	site, _ := scheduling.BuiltinSites().Find("XCB")
	number, err := scheduling.ParseANumber("A000000101")
	if err != nil {
		t.Fatal(err)
	}
	want := ledger.Entry{
		Receipt: scheduling.MustReceipt("IOE0000000101"), Site: site,
		Local: scheduling.Wall{Date: scheduling.Date{Year: 2026, Month: time.December, Day: 3}, Hour: 10, Minute: 20},
		Form:  "I-485", Count: 1, CountGiven: true, FirstName: "Ana", LastName: "Ortiz", Language: "es", Matter: "M 7",
		Household: "H1", Phone: "+1 312 555 0101", Email: "ana@example.com", Attorney: "Dana Whitlock",
		Notes: "First line\nsecond, \"line\"", ANumber: number, G28: true, G28Given: true,
		NoticeDate: "2026-11-02", Status: scheduling.Scheduled, Given: ledger.AllColumns,
	}
	want.Start = got.Start
	if got != want {
		t.Errorf("read\n%s\nwant\n%s", spelled(got), spelled(want))
	}
	if want := "2026-12-03T10:20:00-06:00"; got.Start.Format(time.RFC3339) != want {
		t.Errorf("it starts at %v, want %s", got.Start, want)
	}
}

// spelled shows all of an entry, which its String takes care not to do.
func spelled(e ledger.Entry) string {
	type bare ledger.Entry
	return fmt.Sprintf("%+v receipt %s a-number %s", bare(e), e.Receipt.Reveal(), e.ANumber.Reveal())
}

// What a file does not have must not be emptied in the book.
func TestWhatIsGiven(t *testing.T) {
	for _, c := range []struct {
		name, text string
		given      ledger.Columns
	}{
		{"the needed columns only", "receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000101,XCB,2026-12-03,10:20\n", 0},
		{"a phone", needed("phone", "555-0101"), ledger.PhoneColumn},
		{"an empty phone is to be emptied", needed("phone", ""), ledger.PhoneColumn},
		{"an empty count says nothing", needed("reschedule_count", ""), 0},
		{"an empty status says nothing", needed("status", " "), 0},
		{"an empty G-28 says nothing", needed("g28_on_file", ""), 0},
		{"a count of 0 says something", needed("reschedule_count", "0"), ledger.CountColumn},
		{"no says something", needed("g28_on_file", "no"), ledger.G28Column},
	} {
		e := one(t, c.text)
		if e.Given != c.given {
			t.Errorf("%s: %b are given, want %b", c.name, e.Given, c.given)
		}
		if e.CountGiven != c.given.Has(ledger.CountColumn) || e.G28Given != c.given.Has(ledger.G28Column) {
			t.Errorf("%s: CountGiven %v, G28Given %v", c.name, e.CountGiven, e.G28Given)
		}
		if e.Status != scheduling.Scheduled {
			t.Errorf("%s: the status is %q", c.name, e.Status)
		}
	}
}

func TestGoodCells(t *testing.T) {
	for _, c := range []struct {
		column, cell string
		want         func(ledger.Entry) bool
	}{
		{"g28_on_file", "Y", func(e ledger.Entry) bool { return e.G28 }},
		{"g28_on_file", "TRUE", func(e ledger.Entry) bool { return e.G28 }},
		{"g28_on_file", "1", func(e ledger.Entry) bool { return e.G28 }},
		{"g28_on_file", "0", func(e ledger.Entry) bool { return !e.G28 && e.G28Given }},
		{"g28_on_file", "False", func(e ledger.Entry) bool { return !e.G28 && e.G28Given }},
		{"reschedule_count", " 20 ", func(e ledger.Entry) bool { return e.Count == 20 }},
		{"language", "Español", func(e ledger.Entry) bool { return e.Language == "es" }},
		{"language", "EN_US", func(e ledger.Entry) bool { return e.Language == "en" }},
		{"language", "", func(e ledger.Entry) bool { return e.Language == "" }},
		{"status", "Canceled", func(e ledger.Entry) bool { return e.Status == scheduling.Cancelled }},
		{"status", "USCIS moved", func(e ledger.Entry) bool { return e.Status == scheduling.USCISMoved }},
		{"form_type", "i 485", func(e ledger.Entry) bool { return e.Form == "I-485" }},
		{"client_last_name", "O’Brien-Núñez", func(e ledger.Entry) bool { return e.LastName == "O’Brien-Núñez" }},
		{"client_last_name", "\"two\n\tlines\"", func(e ledger.Entry) bool { return e.LastName == "two lines" }},
		{"client_first_name", "'Abd", func(e ledger.Entry) bool { return e.FirstName == "'Abd" }},
		{"notes", "'=SUM(A1)", func(e ledger.Entry) bool { return e.Notes == "=SUM(A1)" }},
		{"notes", "\"a\x07b\n\"", func(e ledger.Entry) bool { return e.Notes == "ab" }},
		{"notice_date", "", func(e ledger.Entry) bool { return e.NoticeDate == "" }},
		{"a_number", "", func(e ledger.Entry) bool { return e.ANumber.IsZero() }},
		{"a_number", "A12345678", func(e ledger.Entry) bool { return e.ANumber.Reveal() != "" }},
	} {
		if e := one(t, needed(c.column, c.cell)); !c.want(e) {
			t.Errorf("%s %q was read as\n%s", c.column, c.cell, spelled(e))
		}
	}
}

// Every error names the column, says how to write it and quotes nothing.
func TestBadCells(t *testing.T) {
	row := func(receipt, site, date, clock string) string {
		return "receipt_number,asc_code,appointment_date,appointment_time\n" + receipt + "," + site + "," + date + "," + clock + "\n"
	}
	for _, c := range []struct {
		name, text, column, example, secret string
	}{
		{"no receipt number", row("", "XCB", "2026-12-03", "10:20"), "receipt_number", "IOE0000000101", ""},
		{"a digit too few", row("IOE999910340", "XCB", "2026-12-03", "10:20"), "receipt_number", "IOE", "999910340"},
		{"zeros lost in a spreadsheet", row("IOE101", "XCB", "2026-12-03", "10:20"), "receipt_number", "IOE", "IOE101"},
		{"a masked number", row("IOE******3402", "XCB", "2026-12-03", "10:20"), "receipt_number", "IOE", "3402"},
		{"a name for a number", row("Ana Ortiz", "XCB", "2026-12-03", "10:20"), "receipt_number", "IOE", "Ortiz"},
		{"an account number", row("123456789012", "XCB", "2026-12-03", "10:20"), "receipt_number", "IOE", "123456789012"},
		{"no such site", row("IOE0000000101", "QQQ", "2026-12-03", "10:20"), "asc_code", "XCB", "QQQ"},
		{"no site", row("IOE0000000101", "", "2026-12-03", "10:20"), "asc_code", "XCB", ""},
		{"the day first", row("IOE0000000101", "XCB", "31/12/2026", "10:20"), "appointment_date", "2026-12-03", "31/12"},
		{"no such day", row("IOE0000000101", "XCB", "2027-02-29", "10:20"), "appointment_date", "2026-12-03", "2027-02-29"},
		{"two digits of the year", row("IOE0000000101", "XCB", "12/3/26", "10:20"), "appointment_date", "2026-12-03", "12/3/26"},
		{"no date", row("IOE0000000101", "XCB", "", "10:20"), "appointment_date", "2026-12-03", ""},
		{"no such time", row("IOE0000000101", "XCB", "2026-12-03", "25:00"), "appointment_time", "10:20", "25:00"},
		{"no time", row("IOE0000000101", "XCB", "2026-12-03", ""), "appointment_time", "10:20", ""},
		{"a skipped hour", row("IOE0000000101", "XCB", "2027-03-14", "02:30"), "appointment_time", "10:20", "02:30"},
		{"21 changes", needed("reschedule_count", "21"), "reschedule_count", "from 0 to 20", "21"},
		{"-1 changes", needed("reschedule_count", "-1"), "reschedule_count", "from 0 to 20", "-1"},
		{"a count in words", needed("reschedule_count", "two"), "reschedule_count", "from 0 to 20", "two"},
		{"a huge count", needed("reschedule_count", strings.Repeat("9", 50)), "reschedule_count", "from 0 to 20", "99"},
		{"Klingon", needed("language", "tlh"), "language", "en or es", "tlh"},
		{"no such status", needed("status", "approved"), "status", "scheduled", "approved"},
		{"neither yes nor no", needed("g28_on_file", "maybe"), "g28_on_file", "yes or no", "maybe"},
		{"a bad notice date", needed("notice_date", "soon"), "notice_date", "2026-12-03", "soon"},
		{"a short A-Number", needed("a_number", "A1234"), "a_number", "A012", "A1234"},
		{"a masked A-Number", needed("a_number", "A-***-***-678"), "a_number", "A012", "678,"},
		{"a Social Security number", needed("a_number", "078-05-1120"), "a_number", "Social Security", "1120"},
		{"the same, with words", needed("a_number", "SSN 078051120"), "a_number", "Social Security", "1120"},
		{"one in the notes", needed("notes", "\"call, SSN 078-05-1120\""), "notes", "Social Security", "1120"},
		{"the same, with words", needed("notes", "social: 078051120."), "notes", "Social Security", "1120"},
		{"a name like a novel", needed("client_last_name", strings.Repeat("x", 201)), "client_last_name", "200", "xx"},
		{"notes like a novel", needed("notes", strings.Repeat("x", 4001)), "notes", "4000", "xxxx"},
	} {
		f := read(t, c.text)
		err := f.Rows[0].Err
		if err == nil {
			t.Errorf("%s: the row was taken", c.name)
			continue
		}
		if !strings.HasPrefix(err.Error(), c.column+": ") || !strings.Contains(err.Error(), c.example) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error is %q, want one that begins with %s and mentions %q", c.name, err, c.column, c.example)
		}
		if c.secret != "" && strings.Contains(err.Error(), c.secret) {
			t.Errorf("%s: the error %q quotes %q", c.name, err, c.secret)
		}
		if f.Rows[0].Entry != (ledger.Entry{}) {
			t.Errorf("%s: there is an entry beside the error", c.name)
		}
	}
}

func TestEveryFaultOfARowIsTold(t *testing.T) {
	f := read(t, "receipt_number,asc_code,appointment_date,appointment_time,status\nx,QQQ,x,x,x\n")
	lines := strings.Split(f.Rows[0].Err.Error(), "\n")
	if len(lines) != 5 {
		t.Fatalf("the faults are %q, want one for each of the five columns", lines)
	}
	for i, column := range []string{"receipt_number", "asc_code", "appointment_date", "appointment_time", "status"} {
		if !strings.HasPrefix(lines[i], column+": ") {
			t.Errorf("fault %d is %q, want one about %s", i, lines[i], column)
		}
	}
}

func TestASkippedHourIsKnownAsSuch(t *testing.T) {
	f := read(t, "receipt_number,asc_code,appointment_date,appointment_time\n"+
		"IOE0000000101,XCB,2027-03-14,02:30\n"+ // Chicago sets its clocks forward,
		"IOE0000000101,XPQ,2027-03-14,02:30\n"+ // Phoenix does not
		"IOE0000000101,XCB,2026-11-01,01:30\n") // and here it is shown twice
	if !errors.Is(f.Rows[0].Err, scheduling.ErrNoSuchTime) {
		t.Errorf("in Chicago the error is %v, want ErrNoSuchTime", f.Rows[0].Err)
	}
	if f.Rows[1].Err != nil {
		t.Errorf("in Phoenix: %v", f.Rows[1].Err)
	}
	if got, want := f.Rows[2].Entry.Start.Format(time.RFC3339), "2026-11-01T01:30:00-05:00"; got != want {
		t.Errorf("the repeated hour starts at %s, want the earlier %s", got, want)
	}
}

func TestBadFiles(t *testing.T) {
	const header = "receipt_number,asc_code,appointment_date,appointment_time"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "empty"},
		{"only a byte order mark", "\ufeff", "empty"},
		{"only blank lines", "\n\r\n  \n,,,\n", "empty"},
		{"a workbook", "PK\x03\x04\x14\x00", "workbook"},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1", "workbook"},
		{"UTF-16", "\xff\xfer\x00e\x00", "UTF-16"},
		{"NUL", header + "\nIOE0000000101,XCB,\x00,10:20\n", "line 2"},
		{"Latin-1", header + ",notes\nIOE0000000101,XCB,2026-12-03,10:20,caf\xe9\n", "line 2 is not UTF-8"},
		{"a cut rune", header + "\xc3", "line 1 is not UTF-8"},
		{"semicolons", "receipt_number;asc_code;appointment_date;appointment_time\n", "commas"},
		{"tabs", "receipt_number\tasc_code\n", "commas"},
		{"a column missing", "receipt_number,asc_code,appointment_date\n", "column appointment_time is missing"},
		{"three missing", "receipt_number\n", "columns asc_code, appointment_date, appointment_time are missing"},
		{"a column twice", header + ",Receipt Number \n", "receipt_number is there twice, as column 1 and column 5"},
		{"a quote left open", header + "\nIOE0000000101,XCB,2026-12-03,\"10:20\nIOE0000000102,XCB,2026-12-03,10:20\n", "line 2 is not CSV"},
		{"a quote inside", header + "\nIOE0000000101,XCB,2026-12-03,10\"20\n", "line 2 is not CSV"},
		{"no CSV at all", "<html><body class=\"x\">\n", "CSV"},
		{"a photo", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "CSV"},
		{"a line of commas", header + "\n" + strings.Repeat(",", 1<<20) + "\n", "line 2 has more than 200 fields"},
		{"a person in place of the header", "IOE0000000101,XCB,2026-12-03,10:20\n", "missing"},
	} {
		f, err := ledger.ReadAppointments(strings.NewReader(c.text), scheduling.BuiltinSites())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, want one about %q", c.name, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "IOE0000000101") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: the error quotes the file or has several lines: %q", c.name, err)
		}
		if f.Rows != nil {
			t.Errorf("%s: %d rows were taken from a file that is none", c.name, len(f.Rows))
		}
	}
}

func TestRaggedRows(t *testing.T) {
	f := read(t, "receipt_number,asc_code,appointment_date,appointment_time,notes\n"+
		"IOE0000000101,XCB,2026-12-03,10:20\n"+
		"IOE0000000102,XCB,2026-12-03,10:20,called, no answer\n"+
		"IOE0000000103,XCB,2026-12-03,10:20,fine,, \n")
	for i, want := range []string{"4 fields, but the first row names 5 columns", "field 6 has no column", ""} {
		err := f.Rows[i].Err
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("line %d: the error is %v, want %q", f.Rows[i].Line, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "IOE0") {
			t.Errorf("line %d: the error quotes the row: %v", f.Rows[i].Line, err)
		}
	}
}

func TestLinesAndBlankRows(t *testing.T) {
	text := "\n" + strings.Replace(needed("notes", "\"two\nlines\""), "IOE0000000101,", "\n,,,,\n \nIOE0000000101,", 1) +
		"IOE0000000102,XCB,2026-12-03,10:20,\n"
	for _, end := range []string{"\n", "\r\n", "\r"} {
		f := read(t, strings.ReplaceAll(text, "\n", end))
		if len(f.Rows) != 2 || f.Rows[0].Line != 6 || f.Rows[1].Line != 8 {
			t.Errorf("with line ends %q the rows are %v, want those in lines 6 and 8", end, f.Rows)
		}
	}
}

func TestUnknownColumnsAreNamed(t *testing.T) {
	f := read(t, "asc_name,receipt_number,asc_code,appointment_date,appointment_time,,row_status,row_error,version,starts_at,linked,"+strings.Repeat("z", 100)+"\n"+
		"Chicago,IOE0000000101,XCB,2026-12-03,10:20,,created,,1,2026-12-03T10:20:00-06:00,yes,z\n")
	if len(f.Warnings) != 2 || !strings.Contains(f.Warnings[0], `column 1, "asc_name"`) || !strings.Contains(f.Warnings[1], "column 12") || len(f.Warnings[1]) > 120 {
		t.Errorf("the warnings are %q, want short ones about asc_name and the last column", f.Warnings)
	}
	if f.Rows[0].Err != nil {
		t.Error(f.Rows[0].Err)
	}
}

func TestDuplicates(t *testing.T) {
	f := read(t, "receipt_number,asc_code,appointment_date,appointment_time,phone,status\n"+
		"IOE0000000101,XCB,2026-12-03,10:20,,nonsense\n"+
		"IOE0000000101,XCB,2026-12-03,10:20,555-0101,\n"+
		"IOE0000000101,XCB,2026-12-03,10:40,555-0101,\n"+
		"ioe0000000101,xcb,12/03/2026,10:20 AM,555-0102,\n"+
		"IOE0000000102,XCB,2026-12-03,10:20,555-0101,\n"+
		"IOE0000000101,XCA,2026-12-03,10:20,555-0101,\n"+
		"IOE0000000101,XCB,2026-12-03,10:20,555-0101,\n")
	for i, first := range []int{0, 0, 0, 3, 0, 0, 3} {
		if row := f.Rows[i]; row.Duplicate != (first != 0) || row.First != first {
			t.Errorf("line %d: duplicate %v of line %d, want %d", row.Line, row.Duplicate, row.First, first)
		}
	}
}

// endless is a reader of a file that never ends: the line again and again.
type endless struct {
	line string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.line[e.at]
		e.at = (e.at + 1) % len(e.line)
	}
	return len(p), nil
}

func TestLimits(t *testing.T) {
	header := "receipt_number,asc_code,appointment_date,appointment_time\n"
	most := header + strings.Repeat("x,x,x,x\n", ledger.MaxRows)
	if f := read(t, most); len(f.Rows) != ledger.MaxRows {
		t.Errorf("%d rows of %d were read", len(f.Rows), ledger.MaxRows)
	}
	for _, c := range []struct {
		name, want string
		r          io.Reader
	}{
		{"a row too many", "100000 rows", strings.NewReader(most + "x,x,x,x\n")},
		{"a file without end", "64 MB", io.MultiReader(strings.NewReader(header), &endless{line: "x,x,x,x\n"})},
		{"a broken disk", "disk", io.MultiReader(strings.NewReader(header), brokenReader{})},
	} {
		if _, err := ledger.ReadAppointments(c.r, scheduling.BuiltinSites()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, want one about %q", c.name, err, c.want)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("disk") }

// Logs and failing tests print values.
func TestRowsPrintNobodysName(t *testing.T) {
	f := read(t, needed("client_last_name", "Ortiz"))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, value := range []any{f.Rows[0].Entry, f.Rows[0], f.Rows} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, "Ortiz") || strings.Contains(text, "IOE0000000101") {
				t.Errorf("%s of %T prints %s", verb, value, text)
			}
		}
	}
}
