package store

import (
	"fmt"
	"log/slog"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A Principal is who asks. The zero Principal may see nothing.
type Principal struct {
	Role   scheduling.Role
	ChatID string // applicant: sees the cases linked to this chat
	Name   string // staff: for the record
	system bool
}

// System is the program itself: imports, exports, reminders.
func System() Principal { return Principal{system: true, Name: "system"} }

// everything tells whether who may see every case.
func (who Principal) everything() bool {
	switch who.Role {
	case scheduling.Paralegal, scheduling.Representative, scheduling.Admin:
		return true
	}
	return who.system
}

// A CaseRecord is everything on file about one receipt and the person behind it.
type CaseRecord struct {
	conversation.Case // without Appointment and Request
	FirstName         string
	LastName          string
	ANumber           string
	Phone             string
	Email             string
	Attorney          string
	Notes             string
	Language          string
	Matter            string
	CreatedAt         time.Time
	UpdatedAt         time.Time
}

// String names a case without saying whose it is.
func (c CaseRecord) String() string { return fmt.Sprintf("case %s (%v)", c.ID, c.Receipt) }

// GoString is String.
func (c CaseRecord) GoString() string { return c.String() }

// LogValue is String.
func (c CaseRecord) LogValue() slog.Value { return slog.StringValue(c.String()) }

const (
	caseFields = `c.id, c.receipt_sealed, c.form, c.household, c.g28, c.first_name_sealed, c.last_name_sealed, c.a_number_sealed,
		c.phone_sealed, c.email_sealed, c.attorney_sealed, c.notes_sealed, c.language, c.matter, c.created_at, c.updated_at`
	caseColumns = `SELECT ` + caseFields + ` FROM cases c`
	// $2 is TRUE for who sees everything, $3 the chat of who does not.
	visible             = ` AND ($2 OR EXISTS (SELECT 1 FROM links l WHERE l.case_id = c.id AND l.chat_id = $3))`
	selectCaseByReceipt = caseColumns + ` WHERE c.receipt_key = $1` + visible
	selectCaseByID      = caseColumns + ` WHERE c.id = $1` + visible
	selectCases         = caseColumns + ` WHERE c.id > $1 ORDER BY c.id LIMIT $2`
	upsertCase          = `INSERT INTO cases (id, receipt_key, receipt_sealed, form, household, g28, first_name_sealed, last_name_sealed,
			a_number_sealed, phone_sealed, email_sealed, attorney_sealed, notes_sealed, language, matter, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
		ON CONFLICT (id) DO UPDATE SET form = excluded.form, household = excluded.household, g28 = excluded.g28,
			first_name_sealed = excluded.first_name_sealed, last_name_sealed = excluded.last_name_sealed,
			a_number_sealed = excluded.a_number_sealed, phone_sealed = excluded.phone_sealed, email_sealed = excluded.email_sealed,
			attorney_sealed = excluded.attorney_sealed, notes_sealed = excluded.notes_sealed, language = excluded.language,
			matter = excluded.matter, updated_at = excluded.updated_at`
)

// CaseByReceipt finds a case for who asks. One that they may not see is as one
// that is not there.
func (t *Tx) CaseByReceipt(who Principal, r scheduling.Receipt) (CaseRecord, bool) {
	return t.oneCase(who, selectCaseByReceipt, t.receiptKey(r))
}

// CaseByID is CaseByReceipt by id.
func (t *Tx) CaseByID(who Principal, id string) (CaseRecord, bool) {
	return t.oneCase(who, selectCaseByID, id)
}

// PutCase writes a case, as a new one when its ID is empty, and answers it with
// ID and times filled in. The receipt of a case never changes.
func (t *Tx) PutCase(c CaseRecord) CaseRecord {
	if c.ID == "" {
		c.ID, c.CreatedAt = t.newID(), t.now
	}
	c.UpdatedAt = t.now
	seal := func(column, value string) any { return t.sealText("cases", column, c.ID, value) }
	t.exec("write a case", upsertCase, c.ID, t.receiptKey(c.Receipt), seal("receipt", c.Receipt.Reveal()), c.Form, c.Household, c.G28,
		seal("first_name", c.FirstName), seal("last_name", c.LastName), seal("a_number", c.ANumber), seal("phone", c.Phone),
		seal("email", c.Email), seal("attorney", c.Attorney), seal("notes", c.Notes), c.Language, c.Matter, t.now.UnixMilli())
	return c
}

// EachCase goes through all cases, the oldest first.
func (t *Tx) EachCase(each func(CaseRecord)) {
	pages(t, func(last CaseRecord) []CaseRecord { return t.readCases(selectCases, last.ID, page) }, each)
}

func (t *Tx) oneCase(who Principal, query string, key any) (CaseRecord, bool) {
	return one(t.readCases(query, key, who.everything(), who.ChatID))
}

func (t *Tx) readCases(query string, args ...any) []CaseRecord {
	var out []CaseRecord
	t.each("read a case", query, args, func(scan func(...any)) { out = append(out, t.scanCase(scan)) })
	return out
}

// scanCase reads caseFields.
func (t *Tx) scanCase(scan func(...any)) CaseRecord {
	var c CaseRecord
	var receipt, first, last, aNumber, phone, email, attorney, notes []byte
	scan(&c.ID, &receipt, &c.Form, &c.Household, &c.G28, &first, &last, &aNumber, &phone, &email, &attorney, &notes,
		&c.Language, &c.Matter, at(&c.CreatedAt), at(&c.UpdatedAt))
	c.Receipt = t.openReceipt(c.ID, receipt)
	open := func(column string, sealed []byte) string { return t.openText("cases", column, c.ID, sealed) }
	c.FirstName, c.LastName, c.ANumber = open("first_name", first), open("last_name", last), open("a_number", aNumber)
	c.Phone, c.Email = open("phone", phone), open("email", email)
	c.Attorney, c.Notes = open("attorney", attorney), open("notes", notes)
	return c
}

func (t *Tx) receiptKey(r scheduling.Receipt) []byte {
	return t.s.sealer.look("cases", "receipt", r.Reveal())
}

func (t *Tx) openReceipt(caseID string, sealed []byte) scheduling.Receipt {
	if t.err != nil || sealed == nil {
		return scheduling.Receipt{}
	}
	number := t.openText("cases", "receipt", caseID, sealed)
	if t.err != nil {
		return scheduling.Receipt{}
	}
	r, err := scheduling.ParseReceipt(number)
	if err != nil {
		t.fail("read a case", errNoReceipt)
	}
	return r
}
