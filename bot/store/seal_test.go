package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

const otherKey = "1 ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n"

// canaries writes personal data wherever there is a place for it.
func (b *book) canaries() {
	b.Helper()
	b.do(func(t *store.Tx) {
		c := t.PutCase(wholeCase)
		a := t.PutAppointment(scheduling.Appointment{CaseID: c.ID, Site: site(b, "XCH"), Local: wall(b, "2026-12-11 10:00"), Status: scheduling.Scheduled}, "", time.Time{})
		chat := t.Chat("telegram", "canary4711")
		chat.State.Draft.Words = "canary words"
		t.SaveChat(chat)
		t.Put(chat, store.Letter{Reply: reply("canary reply"), Answer: "canary answer"}, "")
		t.Quarantine("telegram", "1", "fault", []byte("canary body"))
		t.Receive("telegram", "2", []byte("canary event"))
		t.LinkChat(chat.ID, c.ID, "1")
		t.Invite(c.ID, "P. Aralegal", "canary-code", opened.Add(time.Hour))
		r := wish(b, a, chat.ID)
		r.Words = "canary wish"
		r = t.PutRequest(r)
		t.CloseRequest(r.ID, store.Refused, "P. Aralegal", "canary refusal")
		t.Audit(store.AuditEntry{Actor: "applicant", ChatID: chat.ID, CaseID: c.ID, Action: "x"})
	})
}

// Who has the files has nobody's data.
func TestNothingPersonalIsInTheFiles(t *testing.T) {
	for _, sealed := range []bool{true, false} {
		b := newBook(t, address(t, "sqlite"), sealed)
		b.canaries()
		path := strings.TrimPrefix(b.url, "sqlite:")
		found := func() (n int) {
			files, err := filepath.Glob(path + "*")
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				content, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				content = bytes.ToLower(content)
				n += bytes.Count(content, []byte("canary")) + bytes.Count(content, []byte("ioe0000000101")) + bytes.Count(content, []byte("a099999999"))
			}
			return n
		}
		while := found()
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		after := found()
		if sealed && while+after > 0 {
			t.Errorf("personal data stands in the files %d and %d times", while, after)
		}
		if !sealed && (while == 0 || after == 0) {
			t.Error("the search finds nothing even where nothing is sealed")
		}
	}
}

// The same for PostgreSQL, column by column.
func TestNothingPersonalIsInTheTables(t *testing.T) {
	for _, sealed := range []bool{true, false} {
		b := newBook(t, address(t, "postgres"), sealed)
		b.canaries()
		n := 0
		for _, table := range []string{"cases", "chats", "appointments", "requests", "links", "invitations", "outbox", "inbox", "audit", "alarms", "tries", "meta"} {
			rows, err := b.raw().Query("SELECT encode(convert_to(CAST(x AS TEXT), 'UTF8'), 'escape') FROM " + table + " x")
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var text string
				if err := rows.Scan(&text); err != nil {
					t.Fatal(err)
				}
				text = strings.ToLower(text)
				if strings.Contains(text, "canary") || strings.Contains(text, "63616e617279") || strings.Contains(text, "43616e617279") {
					n++
				}
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			rows.Close()
		}
		equal(t, fmt.Sprintf("rows with personal data, sealed %v", sealed), n > 0, !sealed)
	}
}

// A sealed value belongs to its column of its row and opens nowhere else.
func TestSealedValuesCannotBeSwapped(t *testing.T) {
	for what, statement := range map[string]string{
		"between people":  "UPDATE cases SET first_name_sealed = (SELECT first_name_sealed FROM cases c WHERE c.id <> cases.id)",
		"between columns": "UPDATE cases SET last_name_sealed = first_name_sealed",
		"cut":             "UPDATE cases SET notes_sealed = CAST('x' AS %s)",
		"unsealed":        "UPDATE cases SET notes_sealed = %s",
	} {
		t.Run(what, func(t *testing.T) {
			onBoth(t, func(b *book) {
				one, _ := b.client(101, "XCH", "2026-12-11 10:00")
				b.client(102, "XCH", "2026-12-11 10:00")
				s := statement
				if what == "cut" {
					s = fmt.Sprintf(s, map[string]string{"sqlite": "BLOB", "postgres": "BYTEA"}[b.Engine()])
				}
				if what == "unsealed" {
					s = fmt.Sprintf(s, map[string]string{"sqlite": "x'0041'", "postgres": `'\x0041'`}[b.Engine()])
				}
				b.tamper(s)
				err := b.View(context.Background(), func(t *store.Tx) error { t.CaseByID(store.System(), one.ID); return nil })
				if err == nil {
					b.Error("it was opened all the same")
				}
			})
		})
	}
}

func TestKeysThatDoNotFit(t *testing.T) {
	second := strings.Replace(otherKey, "1 ", "2 ", 1)
	for _, row := range []struct{ what, made, given, says string }{
		{"the same", keyText, keyText, ""},
		{"another key", keyText, otherKey, "not the one that sealed this database"},
		{"no key", keyText, "", "DATA_KEY_FILE"},
		{"a key for plain data", "", keyText, "INSECURE_PLAINTEXT"},
		{"no key for plain data", "", "", ""},
		{"one more key", keyText, keyText + second, ""},
		{"the first key is missing", keyText, second, "key 1"},
		{"a later key is missing", keyText + second, keyText, "key 2"},
		{"in another order", keyText + second, second + keyText, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			for _, engine := range []string{"sqlite", "postgres"} {
				url := address(t, engine)
				open := func(text string) (*store.Store, error) {
					o := store.Options{}
					if text != "" {
						o.Keys = keys(t, text)
					}
					return store.Open(context.Background(), url, o)
				}
				s, err := open(row.made)
				if err != nil {
					t.Fatal(err)
				}
				s.Close()
				s, err = open(row.given)
				if err == nil {
					s.Close()
				}
				if row.says == "" && err != nil || row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
					t.Errorf("%s: got %v, want to hear %q", engine, err, row.says)
				}
			}
		})
	}
}

// After a new key was added, the old values and look-ups are good still.
func TestChangingKeys(t *testing.T) {
	onBoth(t, func(b *book) {
		b.client(101, "XCH", "2026-12-11 10:00")
		b.chat("4711")
		b.record(2)
		b.keys = keys(b, keyText+strings.Replace(otherKey, "1 ", "2 ", 1))
		b.reopen()
		b.client(102, "XCH", "2026-12-11 10:00")
		b.record(2)
		for range 2 {
			b.do(func(t *store.Tx) {
				for n := 101; n <= 102; n++ {
					c, ok := t.CaseByReceipt(store.System(), receipt(n))
					if !ok || c.FirstName != "Ana" {
						b.Errorf("case %d cannot be read", n)
					}
				}
				equal(b, "version of the chat", t.Chat("telegram", "4711").Version, 0)
				_, _, ok := t.VerifyAudit()
				equal(b, "the record", ok, true)
			})
			b.reopen()
		}
	})
}

func TestKeyFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte(keyText), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.ReadKeys(path); err != nil {
		t.Error(err)
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := store.ReadKeys(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("a key file that others can read: got %v", err)
		}
	}
	for text, says := range map[string]string{
		"":                        "holds no key",
		"# nothing\n":             "holds no key",
		"0 " + keyText[2:]:        "between 1 and 65535",
		"70000 " + keyText[2:]:    "between 1 and 65535",
		"1 abc\n":                 "64 hexadecimal digits",
		keyText[2:]:               "a number, a space",
		keyText + otherKey:        "stands twice",
		"\n\n1 " + keyText[:20]:   "line 3",
		keyText + "\x00\xff junk": "line 2",
	} {
		_, err := store.ParseKeys([]byte(text))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.9q: got %v, want to hear %q", text, err, says)
		}
		if err != nil && strings.Contains(err.Error(), "00112233") {
			t.Errorf("the error %q tells the key", err)
		}
	}
	if _, err := store.ParseKeys([]byte("# comment\r\n\r\n 7 " + strings.TrimSpace(keyText[2:]) + " # mine\r\n")); err != nil {
		t.Errorf("a file with comments: %v", err)
	}
}
