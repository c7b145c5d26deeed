package store

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A RequestRecord is one attempt to move an appointment and what became of it
// (R17). From is the appointment as it was then.
type RequestRecord struct {
	conversation.Request
	Number       int64
	ChatID       string // who asked; "": staff
	Status       string
	Verdict      scheduling.Class
	Findings     []scheduling.Finding
	HoldsSeat    bool      // one at To is taken for it
	LapsesAt     time.Time // when it is too late to carry it out; zero: never
	DecidedAt    time.Time
	DecidedBy    string
	Answer       string // what the applicant was told
	Channel      string
	RulesVersion string
	HeldBy       string    // the chat of who takes care of it, "" nobody
	Holder       string    // and their name
	HeldAt       time.Time // since when
	UrgeAt       time.Time // when it is called to mind next; zero: never
}

// The statuses of a request. Only a requested one is open.
const (
	Requested = "requested"
	Confirmed = "confirmed"
	Refused   = "refused"
	Withdrawn = "withdrawn"
	Lapsed    = "lapsed"
	Referred  = "referred" // to the Contact Center: nothing was requested here
)

// String names a request without saying whose it is.
func (r RequestRecord) String() string { return fmt.Sprintf("request %s (%s)", r.Name, r.Status) }

// GoString is String.
func (r RequestRecord) GoString() string { return r.String() }

// LogValue is String.
func (r RequestRecord) LogValue() slog.Value { return slog.StringValue(r.String()) }

const (
	requestColumns = `SELECT r.id, r.number, r.case_id, r.appointment_id, r.chat_id, r.status, r.verdict, r.findings, r.reason,
		r.words_sealed, r.from_site, r.from_wall, r.from_starts_at, r.to_site, r.to_wall, r.to_starts_at, r.holds_seat,
		r.requested_at, r.lapses_at, r.decided_at, r.decided_by, r.answer_sealed, r.channel, r.rules_version,
		r.held_by, r.holder, r.held_at, r.urge_at,
		a.chain, a.zone, a.status, a.moves, a.version, c.receipt_sealed, c.form`
	fromRequests = ` FROM requests r JOIN appointments a ON a.id = r.appointment_id JOIN cases c ON c.id = r.case_id`

	selectRequest         = requestColumns + fromRequests + ` WHERE r.id = $1`
	selectRequestByNumber = requestColumns + fromRequests + ` WHERE r.number = $1`
	selectOpenRequest     = requestColumns + fromRequests + ` WHERE r.case_id = $1 AND r.status = 'requested'`
	selectOpenRequests    = requestColumns + fromRequests + ` WHERE r.status = 'requested' ORDER BY r.number`
	selectToLapse         = requestColumns + fromRequests + ` WHERE r.status = 'requested' AND r.lapses_at <= $1 ORDER BY r.lapses_at LIMIT $2`
	selectRequests        = requestColumns + fromRequests + ` WHERE r.number > $1 ORDER BY r.number LIMIT $2`
	selectNextLapse       = `SELECT lapses_at FROM requests WHERE status = 'requested' AND lapses_at IS NOT NULL ORDER BY lapses_at LIMIT 1`
	insertRequest         = `INSERT INTO requests (id, number, case_id, appointment_id, chat_id, status, verdict, findings, reason, words_sealed,
			from_site, from_wall, from_starts_at, to_site, to_wall, to_starts_at, holds_seat, requested_at, lapses_at,
			decided_at, decided_by, answer_sealed, channel, rules_version, urge_at)
		VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM requests), $2, $3, $4, $5, $6, $7, $8, $9,
			$10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) RETURNING number`
	closeRequest = `UPDATE requests SET status = $2, decided_by = $3, answer_sealed = $4, decided_at = $5, holds_seat = FALSE
		WHERE id = $1 AND status = 'requested'`
)

// PutRequest writes a new one and answers it with ID, Number and Name, and with
// RequestedAt where it was zero. A case has at most one that is open. Nobody holds
// a new one.
func (t *Tx) PutRequest(r RequestRecord) RequestRecord {
	r.ID = t.newID()
	r.HeldBy, r.Holder, r.HeldAt = "", "", time.Time{}
	if r.RequestedAt.IsZero() {
		r.RequestedAt = t.now
	}
	if r.Status != Requested && r.DecidedAt.IsZero() {
		r.DecidedAt = t.now
	}
	if r.CaseID == "" {
		r.CaseID = r.From.CaseID
	}
	var to string
	if !r.To.Local.IsZero() {
		to = r.To.Local.String()
	}
	t.changeRow("write a request", insertRequest, []any{r.ID, r.CaseID, r.From.ID, null(r.ChatID), r.Status, string(r.Verdict),
		joinFindings(r.Findings), string(r.Reason), t.sealText("requests", "words", r.ID, r.Words),
		r.From.Site.Code, r.From.Local.String(), r.From.Start.UnixMilli(), r.To.Site, to, millis(r.To.Start), r.HoldsSeat,
		r.RequestedAt.UnixMilli(), millis(r.LapsesAt), millis(r.DecidedAt), r.DecidedBy,
		t.sealText("requests", "answer", r.ID, r.Answer), r.Channel, r.RulesVersion, millis(r.UrgeAt)}, &r.Number)
	r.Name = requestName(r.Number)
	return r
}

// RequestByName finds a request by what staff call it, "R12", "r12" or "12", or
// by its id.
func (t *Tx) RequestByName(name string) (RequestRecord, bool) {
	name = strings.TrimSpace(name)
	digits := strings.TrimLeft(name, "Rr")
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n > 0 && len(digits) < 19 {
		return one(t.readRequests(selectRequestByNumber, n))
	}
	return one(t.readRequests(selectRequest, name))
}

// OpenRequest is the open request of a case.
func (t *Tx) OpenRequest(caseID string) (RequestRecord, bool) {
	return one(t.readRequests(selectOpenRequest, caseID))
}

// OpenRequests are all open ones, the oldest first.
func (t *Tx) OpenRequests() []RequestRecord { return t.listRequests(selectOpenRequests) }

// CloseRequest ends an open request. False: it is no longer open, somebody was
// first. The seat it holds is the caller's to free or to keep; who held it is kept.
func (t *Tx) CloseRequest(id, status, by, answer string) bool {
	return t.exec("close a request", closeRequest, id, status, by, t.sealText("requests", "answer", id, answer), t.now.UnixMilli()) == 1
}

// RequestsToLapse are open requests that can no longer be carried out, those that
// have been so for longest first.
func (t *Tx) RequestsToLapse(limit int) []RequestRecord {
	return t.listRequests(selectToLapse, t.now.UnixMilli(), limit)
}

// NextLapse is when RequestsToLapse will next have one; zero: never.
func (t *Tx) NextLapse() time.Time {
	var next time.Time
	t.row("look for the next request to lapse", selectNextLapse, nil, at(&next))
	return next
}

// EachRequest goes through all requests in order of their numbers.
func (t *Tx) EachRequest(each func(RequestRecord)) {
	pages(t, func(last RequestRecord) []RequestRecord {
		return t.readRequests(selectRequests, last.Number, page)
	}, each)
}

func (t *Tx) readRequests(query string, args ...any) []RequestRecord {
	sites := t.Sites()
	var out []RequestRecord
	t.each("read requests", query, args, func(scan func(...any)) { out = append(out, t.scanRequest(sites, scan)) })
	return out
}

// listRequests is readRequests without those that can't be read.
func (t *Tx) listRequests(query string, args ...any) []RequestRecord {
	sites := t.Sites()
	var out []RequestRecord
	t.each("read requests", query, args, func(scan func(...any)) {
		var r RequestRecord
		if t.listed(func() { r = t.scanRequest(sites, scan) }) {
			out = append(out, r)
		}
	})
	return out
}

// scanRequest reads requestColumns, and more that stands behind them.
func (t *Tx) scanRequest(sites scheduling.Sites, scan func(...any), more ...any) RequestRecord {
	var r RequestRecord
	var findings, fromSite, fromWall, fromZone, toWall string
	var words, answer, receipt []byte
	from := &r.From
	scan(append([]any{&r.ID, &r.Number, &r.CaseID, &from.ID, text(&r.ChatID), &r.Status, (*string)(&r.Verdict), &findings, (*string)(&r.Reason),
		&words, &fromSite, &fromWall, at(&from.Start), &r.To.Site, &toWall, at(&r.To.Start), &r.HoldsSeat,
		at(&r.RequestedAt), at(&r.LapsesAt), at(&r.DecidedAt), &r.DecidedBy, &answer, &r.Channel, &r.RulesVersion,
		text(&r.HeldBy), &r.Holder, at(&r.HeldAt), at(&r.UrgeAt),
		&from.Chain, &fromZone, (*string)(&from.Status), &from.Count, &from.Version, &receipt, &from.Form}, more...)...)
	r.Name, r.Findings = requestName(r.Number), splitFindings(findings)
	r.Receipt = t.openReceipt(r.CaseID, receipt)
	from.CaseID, from.Receipt = r.CaseID, r.Receipt
	from.Local, r.To.Local = t.wall(fromWall), t.wall(toWall)
	from.Site = siteIn(sites, fromSite, "")
	if from.Site.Zone == "" {
		from.Site.Zone = fromZone
	}
	r.Words = t.openText("requests", "words", r.ID, words)
	r.Answer = t.openText("requests", "answer", r.ID, answer)
	return r
}

func requestName(number int64) string { return "R" + strconv.FormatInt(number, 10) }

func joinFindings(findings []scheduling.Finding) string {
	words := make([]string, len(findings))
	for i, f := range findings {
		words[i] = string(f)
	}
	return strings.Join(words, ",")
}

func splitFindings(s string) []scheduling.Finding {
	var findings []scheduling.Finding
	for word := range strings.SplitSeq(s, ",") {
		if word != "" {
			findings = append(findings, scheduling.Finding(word))
		}
	}
	return findings
}
