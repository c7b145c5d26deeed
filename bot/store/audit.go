package store

import (
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"
)

const (
	auditColumns    = `SELECT seq, at, actor, chat_id, case_id, action, detail, rules_version, hash FROM audit`
	selectAuditHead = `SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`
	selectAudit     = auditColumns + ` WHERE seq > $1 ORDER BY seq LIMIT $2`
	insertAudit     = `INSERT INTO audit (seq, at, actor, chat_id, case_id, action, detail, rules_version, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
)

// An AuditEntry is one line of the record: who did what.
type AuditEntry struct {
	Actor        string // applicant, a name of staff, system
	ChatID       string
	CaseID       string
	Action       string
	Detail       any // written as JSON; no personal data
	RulesVersion string
}

// An AuditRow is an AuditEntry as it stands in the record.
type AuditRow struct {
	Seq          int64 // 1, 2, 3 …
	At           time.Time
	Actor        string
	ChatID       string
	CaseID       string
	Action       string
	Detail       string // JSON, or ""
	RulesVersion string
	Hash         string
}

// auditHead is the last row of the record as this transaction sees it.
type auditHead struct {
	seq  int64
	hash string
}

// Audit adds an entry to the record, within this transaction: what is undone
// leaves no trace. Its hash covers the entry and the hash before, so that nobody
// can change, insert or remove one unnoticed; with keys, nobody who has only the
// database can write a new chain either. That the newest entries were cut off
// shows only in comparison with an earlier export.
func (t *Tx) Audit(e AuditEntry) {
	row := AuditRow{At: fromMillis(t.now.UnixMilli()), Actor: e.Actor, ChatID: e.ChatID, CaseID: e.CaseID, Action: e.Action, RulesVersion: e.RulesVersion}
	if e.Detail != nil {
		detail, err := json.Marshal(e.Detail)
		if err != nil {
			t.fail("write the record", err)
			return
		}
		row.Detail = string(detail)
	}
	if t.audit == nil {
		t.audit = &auditHead{}
		t.row("read the end of the record", selectAuditHead, nil, &t.audit.seq, &t.audit.hash)
	}
	row.Seq = t.audit.seq + 1
	row.Hash = t.s.sealer.chain(t.audit.hash, row)
	t.exec("write the record", insertAudit, row.Seq, row.At.UnixMilli(), row.Actor, null(row.ChatID), null(row.CaseID), row.Action,
		row.Detail, row.RulesVersion, row.Hash)
	t.audit.seq, t.audit.hash = row.Seq, row.Hash
}

// EachAudit goes through the record from its beginning.
func (t *Tx) EachAudit(each func(AuditRow)) {
	pages(t, func(last AuditRow) []AuditRow {
		var out []AuditRow
		t.each("read the record", selectAudit, []any{last.Seq, page}, func(scan func(...any)) {
			var r AuditRow
			scan(&r.Seq, at(&r.At), &r.Actor, text(&r.ChatID), text(&r.CaseID), &r.Action, &r.Detail, &r.RulesVersion, &r.Hash)
			out = append(out, r)
		})
		return out
	}, each)
}

// VerifyAudit checks the whole chain. It answers how many rows there are and,
// where something is wrong, the number of the first row that does not follow
// from the one before.
func (t *Tx) VerifyAudit() (rows int, firstBad int64, ok bool) {
	var before AuditRow
	t.EachAudit(func(r AuditRow) {
		rows++
		if firstBad == 0 && (r.Seq != before.Seq+1 || r.Hash != t.s.sealer.chain(before.Hash, r)) {
			firstBad = r.Seq
		}
		before = r
	})
	return rows, firstBad, firstBad == 0 && t.err == nil
}

// chain is the hash of a row that follows the row with the hash before.
func (s *sealer) chain(before string, r AuditRow) string {
	covered := binding(nil, before, strconv.FormatInt(r.Seq, 10), strconv.FormatInt(r.At.UnixMilli(), 10),
		r.Actor, r.ChatID, r.CaseID, r.Action, r.Detail, r.RulesVersion)
	return hex.EncodeToString(s.mac("audit", string(covered)))
}
