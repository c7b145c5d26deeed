package main

import (
	"slices"
	"strings"
	"testing"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// USCIS gave another time than was wanted: a form, with a mistake in it first.
func TestDeskAnotherTime(t *testing.T) {
	t.Parallel()
	d, ana, card := asked(t)
	v := d.form(d.lee, card, "Another time", "Another time")
	if !has(v.Shown(), []string{"R1 · …0201", "Wanted: Mon Dec 14", "[Chicago, IL]", "[2026-12-14]", "[10:00]"}) {
		t.Errorf("the form shows %s", v.Shown())
	}
	d.submits(d.lee, map[string]string{"Date": "2027-03-14", "Time": "02:30"}, map[string]string{"Time": "does not exist there"})
	d.picks(d.lee, "milw", "XCH · Milwaukee, WI")
	d.submits(d.lee, map[string]string{"Date": "2026-12-16", "Time": "09:40"}, nil)
	d.hearsOf(ana, "Valid now: Wed Dec 16, 2026, 9:40 AM")
	d.shows(card, "R1 · Confirmed", "What is in force is not what was wanted.", "In force now: Wed Dec 16, 2026, 9:40 AM", "Milwaukee, WI")
	d.notes(card, "Confirmed by Lee Sample, but not as it was wanted.", "Wed Dec 16")
	d.ends()
}

// USCIS gave none: the client reads the reason word for word.
func TestDeskRefuses(t *testing.T) {
	t.Parallel()
	d, ana, card := asked(t)
	d.form(d.lee, card, "Refuse", "Refuse a request")
	if _, err := d.lee.Submit(nil); err == nil {
		t.Error("a refusal without a reason")
	}
	d.submits(d.lee, map[string]string{"Reason": "   "}, map[string]string{"Reason": "Please fill this in."})
	d.submits(d.lee, map[string]string{"Reason": "Nothing free <!channel> & *full* in January"}, nil)
	d.hearsOf(ana, `Lee Sample of Lee & Park LLP writes: "Nothing free <!channel> & *full* in January"`)
	now := d.shows(card, "R1 · Refused", `"Nothing free <!channel> & *full* in January"`, "Refused by Lee Sample")
	if now.Labels() != nil {
		t.Errorf("a refused request has the buttons %q", now.Labels())
	}
	d.notes(card, "Refused by Lee Sample.", "On file and valid: Fri Dec 11")
	if c := d.slack.Controls(); len(c) > 0 {
		t.Errorf("words do something in Slack: %+v", c)
	}
	d.ends()
}

// An appointment is registered and corrected by forms.
func TestDeskRegisters(t *testing.T) {
	t.Parallel()
	d := quiet(t, false)
	d.serve()
	d.pat.Command("/biometrics", "add IOE00000003O1")
	v := d.opened(d.pat, "Register an appointment")
	if !strings.Contains(v.Shown(), "[IOE00000003O1]") {
		t.Errorf("what was typed is not in the form: %s", v.Shown())
	}
	for _, query := range []string{"chi", "Chicago", "XCB", "il"} {
		offered, err := d.pat.Suggest(d.ctx, "Place (ASC)", query)
		if err != nil || !slices.ContainsFunc(offered, func(o fakeslack.Option) bool { return o.Text.Shown() == "XCB · Chicago, IL" }) {
			t.Errorf("%q offers %v, %v", query, offered, err)
		}
	}
	if offered, err := d.pat.Suggest(d.ctx, "Place (ASC)", "Atlantis"); err != nil || len(offered) > 0 {
		t.Errorf("Atlantis is %v, %v", offered, err)
	}
	d.picks(d.pat, "chic", "XCB · Chicago, IL")
	d.submits(d.pat, map[string]string{"Date": "2027-03-14", "Time": "02:30", "Form": "the blue one"},
		map[string]string{"Receipt number": "Did you mean IOE0000000301?", "Form": "This is no form number", "Time": "does not exist there"})
	d.submits(d.pat, map[string]string{"Receipt number": "IOE0000000301", "Form": "I-485", "Phone of the client": "312-555-0123"},
		map[string]string{"Time": "does not exist there"})
	d.submits(d.pat, map[string]string{"Date": "2026-12-08", "Time": "08:20", "First name": "Bo"}, nil)
	d.dm(d.pat, "Registered: IOE******0301, Tue Dec 8, 2026, 8:20 AM (Chicago time, CST)")

	ana := d.client("Ana", "IOE0000000201")
	d.pat.Command("/biometrics", "add IOE0000000201")
	v = d.opened(d.pat, "Correct an appointment")
	if !has(v.Shown(), []string{"[Chicago, IL]", "[2026-12-11]", "[10:00]", "[I-485]"}) {
		t.Errorf("the form shows %s", v.Shown())
	}
	d.submits(d.pat, map[string]string{"Date": "2026-12-10"}, nil)
	d.hearsOf(ana, "Thu Dec 10, 2026, 10:00 AM")
	d.dm(d.pat, "Corrected: IOE******0201, now Thu Dec 10")
	out := d.must("export", "appointments", "--reveal")
	for _, want := range []string{"IOE0000000301,XCB,2026-12-08,08:20", "IOE0000000201,XCB,2026-12-10,10:00"} {
		if !strings.Contains(out, want) {
			t.Errorf("the book lacks %s:\n%s", want, out)
		}
	}
	d.ends()
}

// What staff look up with the command, they alone are shown.
func TestDeskLooksUp(t *testing.T) {
	t.Parallel()
	d := quiet(t, false)
	d.serve()
	d.client("Ana", "IOE0000000201")
	for _, test := range []struct{ command, reads string }{
		{"", "A receipt number"},
		{"help", "waiting for a decision"},
		{"find 0201", "IOE******0201, I-485: Fri Dec 11, 10:00 AM CST"},
		{"find Zed", "Nothing on file matches"},
		{"today", "No appointment today"},
		{"week", "No appointment today or in the next six days"},
		{"requests", "No request is waiting"},
		{"links IOE0000000201", "1 chat is linked"},
		{"confirm R7", "There is no open request of that name"},
		{"refuse R7 nothing was free", "There is no open request of that name"},
		{"Solicitudes", "No request is waiting"},
		{"buscar 0201", "IOE******0201, I-485"},
		{"ioe 0000-000-201", "Appointment on file: Fri Dec 11"},
		{"IOE0000000999", "IOE0000000999"},
		{"dance", "The command /biometrics understands: add"},
		{"invite IOE0000000201", "https://t.me/"},
	} {
		d.pat.CommandIn(d.room.ID, "/biometrics", test.command)
		d.dm(d.pat, test.reads)
	}
	if m, err := d.pat.Next(d.ctx); err != nil || len(m.Files) != 1 || !strings.HasPrefix(string(m.Files[0].Data), "\x89PNG") {
		t.Errorf("instead of a picture came %v, %v", m.Shown(), err)
	}
	if all := d.room.Messages(); len(all) > 0 {
		t.Errorf("others can read it:\n%s", d.board())
	}
	if all := d.lee.Messages(); len(all) > 0 {
		t.Errorf("Lee reads %v", all)
	}
	d.ends()
}

// A file of appointments is shared in the DM.
func TestDeskImports(t *testing.T) {
	t.Parallel()
	d := quiet(t, false)
	d.serve()
	d.pat.Command("/biometrics", "import")
	d.dm(d.pat, "Share the CSV file here")
	d.pat.Upload("week 49.csv", []byte("receipt_number,asc_code,appointment_date,appointment_time,form_type\n"+
		"IOE0000000301,XCB,2026-12-11,10:00,I-485\nIOE0000000302,ZZZ,2026-12-11,10:00,I-485\n"), "")
	d.dm(d.pat, "I am reading the file")
	d.dm(d.pat, "week 49.csv: 2 rows\ncreated: 1")
	m, err := d.pat.Next(d.ctx)
	if err != nil || len(m.Files) != 1 || !strings.Contains(string(m.Files[0].Data), ",created,") || !strings.Contains(string(m.Files[0].Data), ",error,") {
		t.Fatalf("the result is %v, %v", m.Files, err)
	}
	d.pat.Upload("again.csv", []byte("receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000303,XCB,2026-12-11,10:00\n"), "import")
	d.dm(d.pat, "I am reading the file")
	d.dm(d.pat, "again.csv: 1 row\ncreated: 1")
	if m, err := d.pat.Next(d.ctx); err != nil || len(m.Files) != 1 {
		t.Fatalf("the result is %v, %v", m.Files, err)
	}

	// Of two files at once nobody knows which is meant; the one that is shared then is
	// still waited for.
	d.pat.Command("/biometrics", "import")
	d.dm(d.pat, "Share the CSV file here")
	file := func(id, name string) map[string]any {
		return map[string]any{"id": id, "name": name, "size": 100, "mimetype": "text/csv"}
	}
	d.slack.Event(map[string]any{"type": "message", "subtype": "file_share", "channel": d.pat.DMID(), "channel_type": "im", "user": d.pat.ID,
		"text": "", "ts": "1700000000.000200", "files": []any{file("F0ONE", "a.csv"), file("F0TWO", "b.csv")}})
	d.dm(d.pat, "one CSV file at a time")
	d.pat.Upload("third.csv", []byte("receipt_number,asc_code,appointment_date,appointment_time\nIOE0000000304,XCB,2026-12-11,10:00\n"), "")
	d.dm(d.pat, "I am reading the file")
	d.ends()
}

// The page shows what waits for whoever opens it, and follows what happens.
func TestDeskHome(t *testing.T) {
	t.Parallel()
	d, _, card := asked(t)
	if id := d.pat.OpenHome(); id == "" {
		t.Fatal("the app does not hear of it")
	}
	d.home(d.pat, "1 request waiting", "R1", "[✓ All (1)] [Mine (0)] [Unclaimed (1)]", "nobody is on it")
	d.presses(d.pat, card, "Claim")
	d.home(d.pat, "[Mine (1)] [Unclaimed (0)]", "Pat Sample is on it")
	if _, err := d.pat.PressHome("Unclaimed (0)"); err != nil {
		t.Fatal(err)
	}
	d.home(d.pat, "[✓ Unclaimed (0)]", "No request here.")
	if _, err := d.pat.PressHome("Register an appointment"); err != nil {
		t.Fatal(err)
	}
	d.opened(d.pat, "Register an appointment")
	d.picks(d.pat, "chi", "XCB · Chicago, IL")
	d.submits(d.pat, map[string]string{"Receipt number": "IOE0000000301", "Date": "2026-12-03", "Time": "08:20", "First name": "Bo"}, nil)
	d.home(d.pat, "Thu Dec 3, 2026\n8:20 AM CST, Chicago, IL: Bo · …0301")
	d.gus.OpenHome()
	d.home(d.gus, "This assistant is only for the firm's staff.")
	d.ends()
	if v, _ := d.gus.Home(); strings.Contains(v.Shown(), "R1") {
		t.Errorf("a guest sees %s", v.Shown())
	}
}

// home waits until somebody's page has words in it.
func (d *desk) home(p *fakeslack.Person, words ...string) {
	d.t.Helper()
	var v fakeslack.View
	defer func() {
		if d.t.Failed() {
			d.t.Logf("the page is %s", v.Shown())
		}
	}()
	d.until("the page with "+strings.Join(words, ", "), func() bool {
		v, _ = p.Home()
		return has(v.Shown(), words)
	})
}

// Whoever has a form open while somebody else decides is told so in the form.
func TestDeskDecidedMeanwhile(t *testing.T) {
	t.Parallel()
	d, ana, card := asked(t)
	d.form(d.lee, card, "Another time", "Another time")
	d.must("decide", "R1", "--refuse", "Nothing was free.", "--by", "Sam Park")
	d.hearsOf(ana, `Sam Park of Lee & Park LLP writes: "Nothing was free."`)
	d.shows(card, "R1 · Refused", "Refused by Sam Park")
	d.submits(d.lee, map[string]string{"Date": "2026-12-16"}, map[string]string{"Place (ASC)": "R1 was already refused by Sam Park"})
	d.notes(card, "Refused by Sam Park")
	d.ends()
}

// USCIS closes the office of an appointment that somebody wants to move: the request
// ends, whoever has it hears so, and the date that USCIS sends instead can be
// registered.
func TestDeskAppointmentIsOver(t *testing.T) {
	t.Parallel()
	d, ana, card := asked(t)
	d.presses(d.pat, card, "Claim")
	d.told(d.pat, "You have R1 now.")
	before := d.shows(card, "With Pat Sample")
	d.must("import", d.write("moved.csv", "receipt_number,asc_code,appointment_date,appointment_time,status\nIOE0000000201,XCB,2026-12-11,10:00,uscis_moved\n"))
	d.hearsOf(ana, "Your request for another time has ended too.")
	now := d.shows(card, "R1 · Taken back", "The appointment is not in force any more, so the request has ended. Do not move it at USCIS.", "It is not in force any more.")
	if now.Labels() != nil || has(now.Shown(), []string{"In force now"}) {
		t.Errorf("a request that has ended is shown as\n%s", now.Shown())
	}
	if line := d.notes(card, "so the request has ended"); !strings.Contains(line.Shown(), "@"+d.pat.ID) {
		t.Errorf("whoever has the request is not called: %q", line.Shown())
	}
	if _, err := d.lee.PressOn(before, "Confirm this time"); err != nil {
		t.Fatal(err)
	}
	d.told(d.lee, "R1 was already taken back")
	d.pat.Command("/biometrics", "add IOE0000000201")
	d.opened(d.pat, "Correct an appointment")
	d.submits(d.pat, map[string]string{"Date": "2026-12-21"}, nil)
	d.hearsOf(ana, "Valid now: Mon Dec 21, 2026, 10:00 AM")
	d.ends()
}
