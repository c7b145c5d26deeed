package store_test

import (
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
)

// record writes n entries, two in each transaction.
func (b *book) record(n int) {
	b.Helper()
	for range n / 2 {
		b.do(func(t *store.Tx) {
			for range 2 {
				t.Audit(store.AuditEntry{Actor: "applicant", ChatID: "c", Action: "moved", Detail: map[string]any{"from": "XCH", "to": "XHG"}, RulesVersion: "1"})
			}
		})
		b.clock.forward(time.Second)
	}
}

func (b *book) verified() (rows int, firstBad int64, ok bool) {
	b.see(func(t *store.Tx) { rows, firstBad, ok = t.VerifyAudit() })
	return rows, firstBad, ok
}

func TestRecordIsAChain(t *testing.T) {
	onEach(t, func(b *book) {
		if rows, bad, ok := b.verified(); rows != 0 || bad != 0 || !ok {
			b.Errorf("an empty record: %d %d %v", rows, bad, ok)
		}
		b.record(6)
		b.refused(errOops, func(t *store.Tx) { t.Audit(store.AuditEntry{Action: "undone"}); t.Fail(errOops) })
		b.reopen()
		b.record(4)
		if rows, bad, ok := b.verified(); rows != 10 || bad != 0 || !ok {
			b.Errorf("got %d rows, bad %d, %v", rows, bad, ok)
		}
		b.see(func(t *store.Tx) {
			var seen []store.AuditRow
			t.EachAudit(func(r store.AuditRow) { seen = append(seen, r) })
			for i, r := range seen {
				if r.Seq != int64(i+1) || len(r.Hash) != 64 || i > 0 && r.Hash == seen[i-1].Hash {
					b.Errorf("row %d is %+v", i, r)
				}
			}
			r := seen[2]
			equal(b, "row", r, store.AuditRow{Seq: 3, At: opened.Add(time.Second), Actor: "applicant", ChatID: "c", Action: "moved",
				Detail: `{"from":"XCH","to":"XHG"}`, RulesVersion: "1", Hash: r.Hash})
		})
	})
}

func TestRecordThatWasTamperedWith(t *testing.T) {
	for what, row := range map[string]struct {
		statement string
		firstBad  int64
	}{
		"actor":   {"UPDATE audit SET actor = 'system' WHERE seq = 4", 4},
		"time":    {"UPDATE audit SET at = at + 1 WHERE seq = 4", 4},
		"detail":  {"UPDATE audit SET detail = '{}' WHERE seq = 4", 4},
		"chat":    {"UPDATE audit SET chat_id = NULL WHERE seq = 4", 4},
		"shifted": {"UPDATE audit SET case_id = 'c', chat_id = NULL WHERE seq = 4", 4},
		"rules":   {"UPDATE audit SET rules_version = '2' WHERE seq = 1", 1},
		"removed": {"DELETE FROM audit WHERE seq = 4", 5},
		"first":   {"DELETE FROM audit WHERE seq = 1", 2},
		"added":   {"INSERT INTO audit (seq, at, actor, action, hash) VALUES (11, 1, 'a', 'b', '')", 11},
		"hash":    {"UPDATE audit SET hash = '' WHERE seq = 10", 10},
	} {
		t.Run(what, func(t *testing.T) {
			onBoth(t, func(b *book) {
				b.record(10)
				b.tamper(row.statement)
				rows, bad, ok := b.verified()
				if ok || bad != row.firstBad {
					b.Errorf("got %d rows, first bad %d, %v, want %d", rows, bad, ok, row.firstBad)
				}
			})
		})
	}
}

// Who has only the database cannot make a chain that holds.
func TestChainCannotBeMadeWithoutTheKey(t *testing.T) {
	onBoth(t, func(b *book) {
		b.record(4)
		b.Close()
		plain := newBook(b.T, address(b.T, b.Engine()), false)
		plain.record(4)
		var forged []string
		plain.see(func(t *store.Tx) { t.EachAudit(func(r store.AuditRow) { forged = append(forged, r.Hash) }) })
		for i, hash := range forged {
			b.tamper("UPDATE audit SET hash = '" + hash + "' WHERE seq = " + string(rune('1'+i)))
		}
		b.open()
		if _, bad, ok := b.verified(); ok || bad != 1 {
			b.Errorf("a chain without a key holds")
		}
	})
}

// A row of another copy of the database, valid there, does not fit in between.
func TestRowOfAnotherCopy(t *testing.T) {
	onEach(t, func(b *book) {
		other := newBook(b.T, address(b.T, b.Engine()), b.keys != nil)
		b.record(10)
		other.record(2)
		other.do(func(t *store.Tx) {
			t.Audit(store.AuditEntry{Actor: "applicant", ChatID: "c", Action: "referred", RulesVersion: "1"})
		})
		other.see(func(t *store.Tx) {
			_, _, ok := t.VerifyAudit()
			equal(b, "the other record", ok, true)
			t.EachAudit(func(r store.AuditRow) {
				if r.Seq == 3 {
					b.tamper("UPDATE audit SET action = 'referred', detail = '', hash = '" + r.Hash + "' WHERE seq = 3")
				}
			})
		})
		if _, bad, ok := b.verified(); ok || bad != 4 {
			b.Errorf("got first bad %d, %v, want 4", bad, ok)
		}
	})
}

func TestDetailThatCannotBeWritten(t *testing.T) {
	b := newBook(t, "sqlite::memory:", true)
	err := b.Update(b.Context(), func(t *store.Tx) error {
		t.Audit(store.AuditEntry{Action: "x", Detail: func() {}})
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "record") {
		t.Errorf("got %v", err)
	}
}
