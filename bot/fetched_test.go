package bot_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"reschedulebot/bot"
	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

const sharedFile = "receipt_number,asc_code,appointment_date,appointment_time,first_name,colour\n" +
	"IOE0000000201,XCB,2026-12-14,10:00,Eva,red\n" +
	"IOE0000000101,XCB,2026-12-15,10:20,Ana,blue\n" +
	"IOE0000000202,XCB,2026-02-30,10:00,Max,\n" +
	"IOE0000000201,XCB,2026-12-14,10:00,Eva,red\n"

// shared imports a file as if Kim had shared it.
func (s *stage) shared(who, name, data string) (conversation.Reply, error) {
	s.t.Helper()
	var chat *store.Chat
	err := s.db.Update(context.Background(), func(t *store.Tx) error { chat = t.Chat("fake", who); return nil })
	if err != nil {
		s.t.Fatal(err)
	}
	return s.bot.Imported(context.Background(), chat, who, name, []byte(data))
}

// A shared file is imported as the command line does it: the same rows, the same
// result file; clients hear of it, the record says who it was.
func TestSharedFile(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		staffOffice(s)
		file, err := ledger.ReadAppointments(strings.NewReader(sharedFile), scheduling.BuiltinSites())
		if err != nil {
			t.Fatal(err)
		}
		results, err := s.bot.Import(context.Background(), file, "Kim", true)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := ledger.WriteResults(&want, file, results); err != nil {
			t.Fatal(err)
		}
		r, err := s.shared("Kim", "López, Ana\u202e.csv", sharedFile)
		if err != nil {
			t.Fatal(err)
		}
		if r.File == nil || r.File.Name != "import.result.csv" || !bytes.Equal(r.File.Data, want.Bytes()) {
			t.Errorf("the result file: %+v", r.File)
		}
		got := r.Text.Plain()
		for _, want := range []string{"López, Ana.csv: 4 rows", "created: 1\n", "updated: 1\n", "unchanged: 0\n", "duplicate: 1\n", "conflict: 0\n", "error: 1\n", "1 row was not taken", "colour"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in %s", want, got)
			}
		}
		if err := s.bot.Deliver(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.heard(""), "\n"); !strings.Contains(got, "Bot to Ana: **There is a new appointment on file for you.**") {
			t.Errorf("Ana hears: %s", got)
		}
		if n := s.recorded("registered", "Kim"); n != 2 {
			t.Errorf("registered %d times by Kim", n)
		}
		again, err := s.shared("Kim", "a.csv", sharedFile) // a delivery that died before it was closed
		if err != nil || !strings.Contains(again.Text.Plain(), "unchanged: 2\n") {
			t.Errorf("a second time: %v %s", err, again.Text.Plain())
		}
	})
}

// What can't be read is a sentence for who shared it, and changes nothing.
func TestSharedFileThatCanNotBeRead(t *testing.T) {
	s := newStage(t, engines()[0])
	staffOffice(s)
	for name, c := range map[string]struct{ data, says string }{
		"a column is missing": {"receipt_number,asc_code\nIOE0000000201,XCB\n", "appointment_date"},
		"empty":               {"", "nothing was taken"},
		"a workbook":          {"PK\x03\x04\x00\x00\xff\xfe", "nothing was taken"},
		"too large":           {strings.Repeat("x", conversation.MaxFile+1), "larger than 2 MB"},
		"a long line":         {strings.Repeat("x,", 500_000), "nothing was taken"},
	} {
		r, err := s.shared("Kim", "a.csv", c.data)
		if err != nil || !strings.Contains(r.Text.Plain(), c.says) || r.File != nil || len(r.Text.Plain()) > 600 {
			t.Errorf("%s: %v %.300s", name, err, r.Text.Plain())
		}
	}
	_, err := s.shared("Ana", "a.csv", sharedFile)
	if refused := bot.Refusal(""); !errors.As(err, &refused) {
		t.Errorf("shared by somebody who is not of the office: %v", err)
	}
	if n := s.recorded("registered", "Kim") + s.recorded("registered", "Ana"); n != 0 {
		t.Errorf("%d rows were registered", n)
	}
}
