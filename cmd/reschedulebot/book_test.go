package main

import (
	"encoding/csv"
	"encoding/json"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

// write makes a file in the office's folder.
func (o *office) write(name, text string) string {
	o.t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

// rows reads a CSV text.
func rows(t *testing.T, text string) [][]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestImportTellsOfEveryRow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := o.write("clients.CSV", "\ufeffReceipt_Number,ASC_CODE,appointment_date,appointment_time,colour\r\n"+
		"IOE0000000101,XCB,2026-12-11,10:00,red\r\n"+
		"IOE0000000101,XCB,12/11/2026,10:00 AM,red\r\n"+
		"IOE000000010,XCB,2026-12-11,10:00,red\r\n"+
		"IOE0000000102,XZZ,2026-12-11,10:00,red\r\n"+
		"IOE0000000103,XCB,2027-03-14,02:30,red\r\n"+
		"IOE0000000104,XCB,2026-12-13,09:00,red\r\n"+
		"IOE0000000105,XCB,2096-12-13,09:00,red\r\n")
	r := o.command("import", path)
	if r.code != 1 || !strings.Contains(r.stdout, "rows: 7, created: 3, updated: 0, unchanged: 0, duplicate: 1, conflict: 0, error: 3") {
		t.Errorf("exit %d: %s", r.code, r.stdout)
	}
	if !strings.Contains(r.stderr, "line 7: Chicago, IL is usually closed on Sunday 2026-12-13") || !strings.Contains(r.stderr, "line 8: 2096-12-13 is more than a year ahead") || strings.Contains(r.stderr, "line 2:") {
		t.Errorf("a Sunday, and a century mistyped: %s", r.stderr)
	}
	if !strings.Contains(r.stderr, "colour") || !strings.Contains(r.stderr, "3 of 7 rows were not taken") {
		t.Errorf("stderr: %s", r.stderr)
	}
	result := filepath.Join(o.dir, "clients.result.csv")
	text, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	got := rows(t, strings.TrimPrefix(string(text), "\ufeff"))
	for i, want := range []struct{ status, column string }{
		{"row_status", "row_error"}, {"created", ""}, {"duplicate", "line 2"}, {"error", "receipt_number"}, {"error", "asc_code"}, {"error", "appointment_time"}, {"created", ""}, {"created", ""},
	} {
		if status, why := got[i][5], got[i][6]; status != want.status || !strings.Contains(why, want.column) || want.column == "" && why != "" {
			t.Errorf("row %d: %s, %s; want %s and %q", i, status, why, want.status, want.column)
		}
	}
	if info, err := os.Stat(result); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the result file: %v %v, want mode 0600", info.Mode(), err)
	}
	if r := o.command("import", path); r.code != 1 || !strings.Contains(r.stdout, "unchanged: 3") {
		t.Errorf("again: exit %d: %s", r.code, r.stdout)
	}
	if leftovers, _ := filepath.Glob(filepath.Join(o.dir, ".import-*")); len(leftovers) > 0 {
		t.Errorf("left behind: %q", leftovers)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := o.write("clients.csv", "receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000101,XCB,2026-12-11,10:00\n")
	out := o.must("import", path, "--dry-run")
	if !strings.Contains(out, "created: 1") || !strings.Contains(out, "nothing was changed") {
		t.Errorf("it says %q", out)
	}
	if _, err := os.Stat(filepath.Join(o.dir, "book.db")); err == nil {
		t.Error("a dry run made a database")
	}
	if _, err := os.Stat(filepath.Join(o.dir, "clients.result.csv")); err != nil {
		t.Error("a dry run wrote no result file")
	}
	o.must("import", path)
	o.must("import", o.write("clients.csv", "receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000101,XCB,2026-12-14,10:00\n"), "--dry-run")
	if out := o.must("export", "appointments"); !strings.Contains(out, "2026-12-11") || strings.Contains(out, "2026-12-14") {
		t.Errorf("after a dry run the book holds:\n%s", out)
	}
}

func TestImportOfSites(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := o.write("sites.csv", "site_code,city,state,zone,kind,hours,visit_minutes,seats\n"+
		"XCB,Chicago,IL,America/Chicago,fixed,Mon-Fri 09:00-12:00,30,1\n"+
		"XZZ,Nowhere,IL,America/Nowhere,fixed,,,\n")
	r := o.command("import", path, "--sites")
	if r.code != 1 || !strings.Contains(r.stdout, "updated: 1") || !strings.Contains(r.stdout, "error: 1") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if out := o.must("slots", "--site", "XCB", "--from", "2026-12-07", "--limit", "2"); out != "Mon 2026-12-07 09:00 CST  1 free\nMon 2026-12-07 09:30 CST  1 free\n" {
		t.Errorf("slots: %q", out)
	}
	if out := o.must("export", "sites"); !strings.Contains(out, "Mon-Fri 09:00-12:00,30,1") {
		t.Error("the site is not exported as it was imported")
	}
}

func TestImportRefusals(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	locked := filepath.Join(o.dir, "missing")
	for _, test := range []struct{ name, path, want string }{
		{"no such file", filepath.Join(o.dir, "missing.csv"), "missing.csv"},
		{"a folder", o.dir, filepath.Base(o.dir)},
		{"no such folder", filepath.Join(locked, "sample.csv"), "result file"},
		{"no columns", o.write("empty.csv", ""), "empty.csv"},
		{"a column is missing", o.write("short.csv", "receipt_number,asc_code\nIOE0000000101,XCB\n"), "appointment_date"},
		{"not text", o.write("binary.csv", "\x00\xff\xfe"), "binary.csv"},
	} {
		r := o.command("import", test.path)
		if r.code != 1 || !strings.Contains(r.stderr, test.want) || strings.Contains(r.stdout, "created") {
			t.Errorf("%s: exit %d: %s%s, want %q", test.name, r.code, r.stdout, r.stderr, test.want)
		}
	}
}

// TestImportInNobodysName: an import that tells a client must know whose bot it
// is; one that tells nobody need not.
func TestImportInNobodysName(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	row := func(day string) string {
		return o.write("one.csv", "receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000201,XCB,"+day+",10:00\n")
	}
	o.must("import", row("2026-12-11"))
	o.serve()
	o.client("Ana", "IOE0000000201")
	o.stop()
	firm := o.env
	o.env = []string{firm[0], firm[1]}
	o.must("import", row("2026-12-11")) // nothing changes
	r := o.command("import", row("2026-12-14"))
	if r.code != 2 || !strings.Contains(r.stderr, "FIRM_NAME") || strings.Count(r.stderr, "\n") != 3 {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	if out := o.must("export", "appointments"); strings.Contains(out, "2026-12-14") {
		t.Error("the refused import changed the book")
	}
	o.env = firm
	o.must("import", row("2026-12-14"))
}

func TestImportWarnsOfReadableData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"DATABASE_URL=sqlite:" + filepath.Join(dir, "book.db")}
	sample := filepath.Join(dir, "sample.csv")
	if r := program(t, env, "", "import", sample); r.code != 0 || !strings.Contains(r.stderr, "DATA_KEY_FILE") || !strings.Contains(r.stderr, "built-in sample") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	if r := program(t, append(env, "INSECURE_PLAINTEXT=1"), "", "import", sample); r.code != 0 || strings.Contains(r.stderr, "DATA_KEY_FILE") {
		t.Errorf("told that it is wanted: exit %d: %s", r.code, r.stderr)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	masked := o.must("export", "appointments")
	if strings.Contains(masked, "IOE0000000101") || !strings.Contains(masked, "IOE******0101") {
		t.Error("receipt numbers are not masked")
	}
	revealed := o.must("export", "appointments", "--reveal", "--by", "Lee Park")
	all := rows(t, revealed)
	if n := len(all); n != 11 {
		t.Fatalf("%d rows, want the names and ten", n)
	}
	if got := strings.Join(all[0], ","); !strings.HasPrefix(got, "receipt_number,asc_code,") || !strings.HasSuffix(got, "status,notes,version,starts_at,linked") {
		t.Errorf("columns %s", got)
	}
	if audit := o.must("export", "audit"); !strings.Contains(audit, "Lee Park,revealed") || strings.Count(audit, "revealed") != 1 {
		t.Errorf("what was revealed is not on record once:\n%s", audit)
	}
	var list []map[string]any
	if err := json.Unmarshal([]byte(o.must("export", "appointments", "--json")), &list); err != nil || len(list) != 10 {
		t.Errorf("JSON: %d rows, %v", len(list), err)
	}
	if out := o.must("export", "requests"); out != "request_id,receipt_number,status,verdict,reason,from_site,from_start,to_site,to_start,requested_at,decided_at,decided_by,channel,rules_version\n" {
		t.Errorf("requests: %q", out)
	}
	if r := o.command("export", "sites", "--reveal"); r.code != 2 || !strings.Contains(r.stderr, "--reveal") {
		t.Errorf("sites --reveal: exit %d: %s", r.code, r.stderr)
	}
	o.env = append(o.env, "DATABASE_URL=sqlite:"+filepath.Join(o.dir, "other.db"))
	if out := o.must("import", o.write("again.csv", revealed)); !strings.Contains(out, "created: 10") {
		t.Errorf("into another book: %s", out)
	}
	if again := o.must("export", "appointments", "--reveal"); sorted(again) != sorted(revealed) {
		t.Errorf("what was exported, imported and exported again differs:\n%s\n%s", revealed, again)
	}
}

func TestNoDatabase(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, args := range [][]string{
		{"export", "appointments"}, {"invite", "IOE0000000101"}, {"decide", "R1", "--confirm"}, {"remind"},
	} {
		r := o.command(args...)
		if r.code != 1 || !strings.Contains(r.stderr, "there is no database at") || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit %d: %s", args[0], r.code, r.stderr)
		}
	}
	if r := o.command("slots", "--site", "XCB", "--limit", "1"); r.code != 0 || !strings.Contains(r.stderr, "empty book") {
		t.Errorf("slots: exit %d: %s", r.code, r.stderr)
	}
	if r := o.command("slots", "--site", "XGE"); r.code != 0 || !strings.Contains(r.stderr, "is not offered to clients: its kind is remote") {
		t.Errorf("slots of a site that is not offered: exit %d: %s", r.code, r.stderr)
	}
	if _, err := os.Stat(filepath.Join(o.dir, "book.db")); err == nil {
		t.Error("a database was made")
	}
}

func TestWrongKey(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	o.write("data.key", "1 "+strings.Repeat("cd", 32)+"\n")
	for _, args := range [][]string{{"serve"}, {"export", "audit"}, {"decide", "R1", "--confirm"}} {
		if r := o.command(args...); r.code != 1 || !strings.Contains(r.stderr, "key") || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit %d: %s", args[0], r.code, r.stderr)
		}
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	picture := filepath.Join(o.dir, "link.png")
	link := strings.TrimSpace(o.must("invite", "ioe 0000 000101", "--qr", picture))
	u, err := url.Parse(link)
	if err != nil || u.Host != "t.me" || u.Path != "/"+faketelegram.Username || len(u.Query().Get("start")) < 20 {
		t.Errorf("the link is %q", link)
	}
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if drawn, err := png.Decode(f); err != nil || drawn.Bounds().Dx() < 300 {
		t.Errorf("the picture: %v", err)
	}
	if info, err := f.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the picture has mode %v, want 0600", info.Mode())
	}
	if r := o.command("invite", "IOE0000000102", "--qr", picture); r.code != 1 || !strings.Contains(r.stderr, "is there already") || r.stdout != "" {
		t.Errorf("over an old picture: exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if out := o.must("invite", "IOE0000000101", "--revoke"); out != "Codes revoked: 1\n" {
		t.Errorf("revoke says %q", out)
	}
	if out := o.must("invite", "IOE0000000101", "--revoke"); out != "Codes revoked: 0\n" {
		t.Errorf("revoke again says %q", out)
	}
	missing := filepath.Join(o.dir, "other.png")
	if r := o.command("invite", "IOE0000009999", "--qr", missing); r.code != 1 || !strings.Contains(r.stderr, "no case") || strings.Contains(r.stderr, "IOE0000009999") {
		t.Errorf("a receipt that is not on file: exit %d: %s", r.code, r.stderr)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a picture was left although nothing was issued")
	}
	o.env = o.env[:2]
	r := o.command("invite", "IOE0000000101")
	if r.code != 0 || !strings.HasPrefix(r.stdout, "L") || strings.Contains(r.stdout, "t.me") || !strings.Contains(r.stderr, "/start") {
		t.Errorf("without a token: exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	for _, args := range [][]string{{"--qr", missing}, {"--hours", "0"}, {"--hours", "9999"}, {"--qr", missing, "--revoke"}} {
		if r := o.command(append([]string{"invite", "IOE0000000101"}, args...)...); r.code != 2 || !strings.Contains(r.stderr, args[0]) {
			t.Errorf("%q: exit %d: %s", args, r.code, r.stderr)
		}
	}
}

// TestInviteWhenTelegramIsAway: a link that can't be shown must not replace one
// that works.
func TestInviteWhenTelegramIsAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	o.must("invite", "IOE0000000101")
	o.telegram.Revoke()
	if r := o.command("invite", "IOE0000000101"); r.code != 1 || !strings.Contains(r.stderr, "nothing was issued") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	if out := o.must("invite", "IOE0000000101", "--revoke"); out != "Codes revoked: 1\n" {
		t.Errorf("the earlier code is gone: %q", out)
	}
}

func TestDecideRefusals(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "BOOKING=desk")
	o.must("import", filepath.Join(o.dir, "sample.csv"))
	o.serve()
	ana := o.client("Ana", "IOE0000000201")
	o.request(ana)
	o.stop()
	for _, test := range []struct {
		args string
		code int
		want string
	}{
		{"R9 --confirm", 1, "there is no request R9"},
		{"R1 --confirm --site XQQ", 1, "XQQ is no known site"},
		{"R1 --confirm --at 2027-03-14T02:30", 1, "2027-03-14"},
		{"R1 --refuse no --site XCB", 2, "--site"},
	} {
		r := o.command(append([]string{"decide"}, strings.Fields(test.args)...)...)
		if r.code != test.code || !strings.Contains(r.stderr, test.want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit %d: %s, want %d and %q", test.args, r.code, r.stderr, test.code, test.want)
		}
	}
	firm := o.env
	o.env = append(firm[:len(firm):len(firm)], "USER=")
	if r := o.command("decide", "R1", "--confirm"); r.code != 2 || !strings.Contains(r.stderr, "--by") {
		t.Errorf("by nobody: exit %d: %s", r.code, r.stderr)
	}
	o.env = append(firm[:2:2], "USER=Lee Park")
	if r := o.command("decide", "R1", "--confirm"); r.code != 2 || !strings.Contains(r.stderr, "FIRM_NAME") || !strings.Contains(r.stderr, "FIRM_PHONE") {
		t.Errorf("in nobody's name: exit %d: %s", r.code, r.stderr)
	}
	o.env = firm
	if out := o.must("export", "requests"); !strings.Contains(out, "R1,IOE******0201,requested,") {
		t.Errorf("something was decided:\n%s", out)
	}
	out := o.must("decide", "R1", "--confirm", "--at", "2027-03-14 10:20", "--by", "Lee Park")
	if !strings.Contains(out, "Sun 2027-03-14 10:20") || !strings.Contains(out, "is usually closed then") {
		t.Errorf("a Sunday: %s", out)
	}
}
