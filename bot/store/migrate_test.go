package store_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"reschedulebot/bot/store"
)

// firstBook is a database as version 1 of the tables had it, with everything in it
// that a later version must carry on with.
const firstBook = `
INSERT INTO meta (name, value) VALUES ('seal', 'plain');
INSERT INTO chats (id, platform, address_key, address_sealed, touched_at) VALUES ('client', 'telegram', 'k1', 'ADDRESS', 1);
INSERT INTO chats (id, platform, address_key, address_sealed, touched_at) VALUES ('other', 'telegram', 'k2', 'ADDRESS', 1);
INSERT INTO chats (id, platform, address_key, address_sealed, touched_at) VALUES ('staff', 'slack', 'k3', 'ADDRESS', 1);
INSERT INTO cases (id, receipt_key, receipt_sealed, created_at, updated_at) VALUES ('case', 'k', 'RECEIPT', 1, 1);
INSERT INTO appointments (id, case_id, chain, site, wall, zone, starts_at, status, moves, version, created_at, updated_at)
  VALUES ('app', 'case', 'chain', 'XCH', '2026-12-11T10:00', 'America/Chicago', 1797004800000, 'scheduled', 0, 1, 1, 1);
INSERT INTO requests (id, number, case_id, appointment_id, chat_id, status, verdict, findings, reason, from_site, from_wall, from_starts_at, requested_at, channel, rules_version)
  VALUES ('open', 1, 'case', 'app', 'client', 'requested', '', '', '', 'XCH', '2026-12-11T10:00', 1797004800000, 1, 'telegram', '1');
INSERT INTO requests (id, number, case_id, appointment_id, chat_id, status, verdict, findings, reason, from_site, from_wall, from_starts_at, requested_at, decided_at, decided_by, channel, rules_version)
  VALUES ('decided', 2, 'case', 'app', 'client', 'refused', '', '', '', 'XCH', '2026-12-11T10:00', 1797004800000, 1, 2, 'Ana', 'telegram', '1');
INSERT INTO outbox (id, chat_id, seq, kind, priority, due_at, state, created_at) VALUES ('letter', 'client', 1, 'message', 1, 1, 'waiting', 1);
INSERT INTO alarms (id, kind, raised_at) VALUES ('a1', 'unsent', 1);
INSERT INTO alarms (id, kind, raised_at) VALUES ('a2', 'unsent', 2);
INSERT INTO alarms (id, kind, raised_at) VALUES ('a3', 'unsent', 3);
INSERT INTO alarms (id, kind, case_id, raised_at) VALUES ('b1', 'unsent', 'case', 4);
INSERT INTO alarms (id, kind, chat_id, raised_at) VALUES ('c1', 'unsent', 'case', 5);
INSERT INTO alarms (id, kind, case_id, chat_id, raised_at) VALUES ('d1', 'unsent', 'case', 'client', 6);
INSERT INTO alarms (id, kind, case_id, chat_id, raised_at) VALUES ('d2', 'unsent', 'case', 'client', 7);
INSERT INTO alarms (id, kind, raised_at, acknowledged_at, acknowledged_by) VALUES ('a0', 'unsent', 0, 1, 'Ana');
INSERT INTO alarms (id, kind, raised_at, acknowledged_at, acknowledged_by) VALUES ('a4', 'unsent', 4, 5, 'Ana');
`

// makeFirst makes the database.
func makeFirst(t *testing.T, url string) {
	t.Helper()
	driver, name, dialect, sealed := "pgx", url, goose.DialectPostgres, "BYTEA"
	quoted := func(s string) string { return `'\x00'::bytea || '` + s + `'::bytea` }
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, name, dialect, sealed = "sqlite3", "file:"+path, goose.DialectSQLite3, "BLOB"
		quoted = func(s string) string { return `CAST(x'00' || '` + s + `' AS BLOB)` }
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	text, err := os.ReadFile("migrations/00001_init.sql")
	if err != nil {
		t.Fatal(err)
	}
	first := fstest.MapFS{"00001_init.sql": {Data: []byte(strings.ReplaceAll(string(text), "SEALED_T", sealed))}}
	p, err := goose.NewProvider(dialect, db, first, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(context.Background()); err != nil {
		t.Fatal(err)
	}
	rows := strings.NewReplacer("'ADDRESS'", quoted("4711"), "'RECEIPT'", quoted("IOE0000000101")).Replace(firstBook)
	if _, err := db.Exec(rows); err != nil {
		t.Fatal(err)
	}
}

func TestBookOfTheFirstVersionGoesOn(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			url := address(t, engine)
			makeFirst(t, url)
			b := newBook(t, url, false)
			b.reopen() // what was done once is not done again
			b.see(func(t *store.Tx) {
				open, _ := t.RequestByName("R1")
				equal(b, "held", [3]any{open.HeldBy, open.Holder, open.HeldAt.IsZero()}, [3]any{"", "", true})
				equal(b, "called to mind", open.UrgeAt, time.UnixMilli(1797004800000).Add(-16*time.Hour).UTC())
				decided, _ := t.RequestByName("R2")
				equal(b, "a decided one is", decided.UrgeAt.IsZero(), true)
				equal(b, "by", decided.DecidedBy, "Ana")
				var alarms []string
				for _, a := range t.OpenAlarms(99) {
					alarms = append(alarms, a.ID+strings.Repeat("!", a.Times))
				}
				equal(b, "alarms", strings.Join(alarms, " "), "a1!!! b1! c1! d1!!")
				for _, id := range []string{"a0", "a4"} {
					a, ok := t.AlarmByID(id)
					equal(b, "acknowledged "+id, [3]any{ok, a.Times, a.AcknowledgedBy}, [3]any{true, 1, "Ana"})
				}
				equal(b, "voice", t.ChatByID("client").Voice, store.BotVoice)
				equal(b, "talks", len(t.OpenTalks()), 0)
				equal(b, "chats to be looked at once more", len(t.IdleChats(t.Now(), 9)), 2)
			})
			b.beat("a")
			got := b.claim("a", 9)
			if len(got) != 1 || got[0].ID != "letter" || got[0].Address != "4711" || got[0].CardID != "" || got[0].Voice != "" {
				b.Errorf("got %v, want the letter that waited", got)
			}
			b.do(func(t *store.Tx) {
				a, fresh := t.Raise("unsent", "case", "client", "")
				equal(b, "raised again", [3]any{a.ID, a.Times, fresh}, [3]any{"d1", 3, false})
				talk, _ := t.OpenTalk("client", "case")
				equal(b, "claimed", t.ClaimTalk(talk.ID, "other", "Ana"), true)
				equal(b, "held", t.Hold("open", "other", "Ana"), true)
			})
		})
	}
}
