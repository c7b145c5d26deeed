package ledger

import (
	"time"

	"reschedulebot/scheduling"
)

// A Record is a row that goes out: AppointmentRecord, RequestRecord, AuditRecord
// or SiteRecord.
type Record interface {
	columns() []string
	cells() []any // string, int, int64, float64, bool or time.Time; the zero time is no time
}

// An AppointmentRecord is one appointment of the book, in force or not. Its
// columns are those that ReadAppointments reads, then version, starts_at and
// linked. Whether counts and G-28 are Given makes no difference here.
type AppointmentRecord struct {
	Entry
	Revealed bool // identifiers in full; the file can be imported again only then
	Version  int
	Linked   bool // some chat is linked to the case
}

// addedColumns are those of an AppointmentRecord that are not read again.
func addedColumns() []string { return []string{"version", "starts_at", "linked"} }

func (AppointmentRecord) columns() []string {
	return append(entryRecord{}.columns(), addedColumns()...)
}

func (r AppointmentRecord) cells() []any {
	start := r.Start
	if !start.IsZero() {
		start = start.In(r.Site.Location())
	}
	return append(entryRecord{r.Entry, r.Revealed}.cells(), r.Version, start, r.Linked)
}

// entryRecord is an entry with the columns that are read, and no others.
type entryRecord struct {
	entry    Entry
	revealed bool
}

func (entryRecord) columns() []string {
	names := make([]string, 0, len(appointmentColumns()))
	for _, c := range appointmentColumns() {
		names = append(names, c.name)
	}
	return names
}

func (r entryRecord) cells() []any {
	cells := make([]any, 0, len(appointmentColumns())+len(addedColumns()))
	for _, c := range appointmentColumns() {
		cells = append(cells, c.cell(r.entry, r.revealed))
	}
	return cells
}

// A RequestRecord is one request to move an appointment, decided or not. Instants
// are written with the offset of the site: From and To each with its own, when it
// was asked and decided with From's.
type RequestRecord struct {
	ID           string
	Receipt      scheduling.Receipt
	Revealed     bool   // the receipt number in full
	Status       string // requested, confirmed, refused, withdrawn, lapsed, referred
	Verdict      scheduling.Class
	Reason       scheduling.Reason
	From         scheduling.Site
	FromStart    time.Time
	To           scheduling.Site // what was wanted, or given where it was confirmed; none, and no ToStart, for one that was referred
	ToStart      time.Time
	RequestedAt  time.Time
	DecidedAt    time.Time // zero: not yet
	DecidedBy    string
	Channel      string
	RulesVersion string
}

func (RequestRecord) columns() []string {
	return []string{"request_id", "receipt_number", "status", "verdict", "reason", "from_site", "from_start",
		"to_site", "to_start", "requested_at", "decided_at", "decided_by", "channel", "rules_version"}
}

func (r RequestRecord) cells() []any {
	receipt := r.Receipt.String()
	if r.Revealed {
		receipt = r.Receipt.Reveal()
	}
	return []any{r.ID, receipt, r.Status, string(r.Verdict), string(r.Reason), r.From.Code, at(r.From, r.FromStart),
		r.To.Code, at(r.To, r.ToStart), at(r.From, r.RequestedAt), at(r.From, r.DecidedAt), r.DecidedBy, r.Channel, r.RulesVersion}
}

// at is an instant on the clock of a site; the zero time stays zero.
func at(s scheduling.Site, t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(s.Location())
}

// An AuditRecord is one link of the record's chain.
type AuditRecord struct {
	Seq          int64
	At           time.Time // written in UTC with all its digits, because Hash covers them
	Actor        string
	Action       string
	CaseID       string
	ChatID       string
	Detail       string // JSON without personal data
	RulesVersion string
	Hash         string
}

func (AuditRecord) columns() []string {
	return []string{"seq", "at", "actor", "action", "case_id", "chat_id", "detail", "rules_version", "hash"}
}

func (r AuditRecord) cells() []any {
	when := ""
	if !r.At.IsZero() {
		when = r.At.UTC().Format(time.RFC3339Nano)
	}
	return []any{r.Seq, when, r.Actor, r.Action, r.CaseID, r.ChatID, r.Detail, r.RulesVersion, r.Hash}
}

// A SiteRecord is one site. Its columns are those of a sites file.
type SiteRecord struct {
	scheduling.Site
}

func (SiteRecord) columns() []string {
	return []string{"site_code", "city", "state", "zone", "kind", "hours", "visit_minutes", "seats", "lat", "lon"}
}

func (r SiteRecord) cells() []any {
	var lat, lon any = "", ""
	if r.Lat != 0 || r.Lon != 0 {
		lat, lon = r.Lat, r.Lon
	}
	return []any{r.Code, r.City, r.State, r.Zone, r.Kind, r.Hours.String(), r.VisitMinutes, r.Seats, lat, lon}
}
