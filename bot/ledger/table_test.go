package ledger_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/ledger"
	"reschedulebot/scheduling"
)

func written[R ledger.Record](t *testing.T, f ledger.Format, records ...R) string {
	t.Helper()
	var b strings.Builder
	table := ledger.NewTable[R](&b, f)
	for _, r := range records {
		if err := table.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	appointmentHeader = "receipt_number,asc_code,appointment_date,appointment_time,form_type,reschedule_count,client_first_name,client_last_name,language,matter_id,household_id,a_number,phone,email,attorney_of_record,g28_on_file,notice_date,status,notes,version,starts_at,linked\n"
	requestHeader     = "request_id,receipt_number,status,verdict,reason,from_site,from_start,to_site,to_start,requested_at,decided_at,decided_by,channel,rules_version\n"
	auditHeader       = "seq,at,actor,action,case_id,chat_id,detail,rules_version,hash\n"
	siteHeader        = "site_code,city,state,zone,kind,hours,visit_minutes,seats,lat,lon\n"
)

func TestEmptyTables(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"appointments", written[ledger.AppointmentRecord](t, ledger.CSV), appointmentHeader},
		{"requests", written[ledger.RequestRecord](t, ledger.CSV), requestHeader},
		{"audit", written[ledger.AuditRecord](t, ledger.CSV), auditHeader},
		{"sites", written[ledger.SiteRecord](t, ledger.CSV), siteHeader},
		{"JSON", written[ledger.SiteRecord](t, ledger.JSON), "[]\n"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestAppointments(t *testing.T) {
	e := one(t, needed("phone", "+1 312 555 0101"))
	e.ANumber, _ = scheduling.ParseANumber("A000000101")
	e.Count, e.Notes, e.Start = 1, "two\nlines", e.Start.UTC()
	got := written(t, ledger.CSV, ledger.AppointmentRecord{Entry: e, Version: 3, Linked: true},
		ledger.AppointmentRecord{Entry: e, Version: 3, Revealed: true})
	want := appointmentHeader +
		"IOE******0101,XCB,2026-12-03,10:20,,1,,,,,,A-***-***-101,'+1 312 555 0101,,,no,,scheduled,\"two\nlines\",3,2026-12-03T10:20:00-06:00,yes\n" +
		"IOE0000000101,XCB,2026-12-03,10:20,,1,,,,,," + e.ANumber.Reveal() + ",'+1 312 555 0101,,,no,,scheduled,\"two\nlines\",3,2026-12-03T10:20:00-06:00,no\n"
	if got != want {
		t.Errorf("written\n%s\nwant\n%s", got, want)
	}
}

func TestRequests(t *testing.T) {
	chicago, _ := scheduling.BuiltinSites().Find("XCB")
	guam, _ := scheduling.BuiltinSites().Find("XHG")
	asked := time.Date(2026, 12, 1, 3, 4, 5, 999_999_999, time.UTC)
	r := ledger.RequestRecord{
		ID: "R12", Receipt: scheduling.MustReceipt("IOE0000000101"), Status: "confirmed", Verdict: scheduling.ToolLast, Reason: scheduling.LifeEvent,
		From: chicago, FromStart: time.Date(2026, 12, 3, 16, 20, 0, 0, time.UTC), To: guam, ToStart: time.Date(2026, 12, 9, 22, 0, 0, 0, time.UTC),
		RequestedAt: asked, DecidedAt: asked.Add(time.Hour), DecidedBy: "=Dana", Channel: "telegram", RulesVersion: "2026-1",
	}
	open := r
	open.Revealed, open.Status, open.To, open.ToStart, open.DecidedAt, open.DecidedBy = true, "referred", scheduling.Site{}, time.Time{}, time.Time{}, ""
	want := requestHeader +
		"R12,IOE******0101,confirmed,TOOL_LAST,life_event,XCB,2026-12-03T10:20:00-06:00,XHG,2026-12-10T08:00:00+10:00,2026-11-30T21:04:05-06:00,2026-11-30T22:04:05-06:00,'=Dana,telegram,2026-1\n" +
		"R12,IOE0000000101,referred,TOOL_LAST,life_event,XCB,2026-12-03T10:20:00-06:00,,,2026-11-30T21:04:05-06:00,,,telegram,2026-1\n"
	if got := written(t, ledger.CSV, r, open); got != want {
		t.Errorf("written\n%s\nwant\n%s", got, want)
	}
}

// JSON has the same names in the same order, and is not for spreadsheets: what
// was said stands there as it was said.
func TestJSON(t *testing.T) {
	got := written(t, ledger.JSON,
		ledger.AuditRecord{Seq: 7, At: time.Date(2026, 12, 1, 3, 4, 5, 600, time.FixedZone("", 3600)), Actor: "=Dana", Action: "request", Detail: `{"a":"<é>"}`, Hash: "00ff"},
		ledger.AuditRecord{Seq: 8})
	want := `[
{"seq":7,"at":"2026-12-01T02:04:05.0000006Z","actor":"=Dana","action":"request","case_id":"","chat_id":"","detail":"{\"a\":\"\u003cé\u003e\"}","rules_version":"","hash":"00ff"},
{"seq":8,"at":"","actor":"","action":"","case_id":"","chat_id":"","detail":"","rules_version":"","hash":""}
]
`
	if got != want {
		t.Errorf("written\n%s\nwant\n%s", got, want)
	}
	e := one(t, needed("notes", "x"))
	var rows []map[string]any
	if err := json.Unmarshal([]byte(written(t, ledger.JSON, ledger.AppointmentRecord{Entry: e, Version: 2, Linked: true})), &rows); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"receipt_number": "IOE******0101", "reschedule_count": 0.0, "version": 2.0, "linked": true, "g28_on_file": false, "starts_at": "2026-12-03T10:20:00-06:00"} {
		if rows[0][name] != want {
			t.Errorf("%s is %#v, want %#v", name, rows[0][name], want)
		}
	}
	if names := strings.Count(appointmentHeader, ",") + 1; len(rows[0]) != names {
		t.Errorf("an object has %d names, want %d", len(rows[0]), names)
	}
}

// What goes out in full comes in again unchanged, whatever is in the texts.
func TestAppointmentsRoundTrip(t *testing.T) {
	now := time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	sites := scheduling.BuiltinSites()
	var records []ledger.AppointmentRecord
	for i, e := range ledger.Sample(now, sites) {
		e.Status = []scheduling.Status{scheduling.Scheduled, scheduling.Superseded, scheduling.USCISMoved}[i%3]
		records = append(records, ledger.AppointmentRecord{Entry: e, Revealed: true, Version: i})
	}
	for i, text := range hostile { // through the front door, as a firm's file brought them
		e := one(t, needed("notes,client_last_name,phone", csvRow(text, text, text)))
		e.Local.Hour, e.Local.Minute = 8+i/60, i%60
		e.Start, _ = e.Site.Instant(e.Local)
		e.Given, e.CountGiven, e.G28Given = ledger.AllColumns, true, true
		records = append(records, ledger.AppointmentRecord{Entry: e, Revealed: true})
	}
	for i, text := range []string{"=1", "'=1", "''=1", "' =1", "'\tx", "''\tx", "'x", "-", "'"} { // as other doors brought them
		e := records[0].Entry
		e.Local.Hour, e.Local.Minute = 15, i
		e.Start, _ = e.Site.Instant(e.Local)
		e.Notes = text
		records = append(records, ledger.AppointmentRecord{Entry: e, Revealed: true})
	}
	text := written(t, ledger.CSV, records...)
	checkCells(t, text)
	f := read(t, text)
	if len(f.Rows) != len(records) || len(f.Warnings) > 0 {
		t.Fatalf("%d rows of %d came back, warnings %q", len(f.Rows), len(records), f.Warnings)
	}
	for i, row := range f.Rows {
		if row.Err != nil || row.Duplicate || row.Entry != records[i].Entry {
			t.Errorf("line %d: %v\n%s came back as\n%s", row.Line, row.Err, spelled(records[i].Entry), spelled(row.Entry))
		}
	}
}

// An export for the eye can't be taken for one that can be imported.
func TestAMaskedExportIsNotImported(t *testing.T) {
	e := one(t, needed("phone", ""))
	f := read(t, written(t, ledger.CSV, ledger.AppointmentRecord{Entry: e}))
	if err := f.Rows[0].Err; err == nil || !strings.HasPrefix(err.Error(), "receipt_number: ") {
		t.Errorf("the masked row gives %v, want an error about receipt_number", err)
	}
}

func csvRow(cells ...string) string {
	for i, cell := range cells {
		cells[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	return strings.Join(cells, ",")
}
