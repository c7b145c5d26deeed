package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// errDry undoes a dry run.
var errDry = errors.New("a dry run")

// Import puts the good rows of an appointments file into the book and answers
// what became of each row, in order. People who are linked to a case hear of an
// appointment that is new or differs. A dry run answers the same and changes
// nothing. by is who imports, for the record.
//
// Rows are written a hundred at a time; on an error those before are kept.
func (b *Bot) Import(ctx context.Context, f ledger.File, by string, dry bool) ([]ledger.Result, error) {
	results := make([]ledger.Result, len(f.Rows))
	rivals := rivals(f.Rows)
	for from := 0; from < len(f.Rows); from += page {
		to := min(from+page, len(f.Rows))
		var u turn
		err := b.store.Update(ctx, func(t *store.Tx) error {
			u = turn{b: b, t: t}
			for i := from; i < to; i++ {
				if line := rivals[i]; line != 0 {
					results[i] = ledger.Result{Status: ledger.RowConflict, Err: fmt.Errorf("appointment_date: line %d has another appointment in force for this receipt number", line)}
					continue
				}
				results[i] = u.importRow(f.Rows[i], by)
			}
			if dry && t.Err() == nil {
				return errDry
			}
			u.showHomes()
			return nil
		})
		if errors.Is(err, errDry) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("import rows from line %d on: %w", f.Rows[from].Line, err)
		}
		u.end()
	}
	return results, nil
}

// rivals are the rows that put a second appointment in force for a receipt
// number, by their place, and the line of the first.
func rivals(rows []ledger.Row) map[int]int {
	first, found := map[scheduling.Receipt]int{}, map[int]int{}
	for i, row := range rows {
		if row.Err != nil || row.Duplicate || row.Entry.Status != scheduling.Scheduled {
			continue
		}
		if line, ok := first[row.Entry.Receipt]; ok {
			found[i] = line
		} else {
			first[row.Entry.Receipt] = row.Line
		}
	}
	return found
}

func (u *turn) importRow(row ledger.Row, by string) ledger.Result {
	switch {
	case row.Err != nil:
		return ledger.Result{Status: ledger.RowError, Err: row.Err}
	case row.Duplicate:
		return ledger.Result{Status: ledger.RowDuplicate, Err: fmt.Errorf("the same appointment stands in line %d already", row.First)}
	}
	return u.register(row.Entry, by)
}

// register puts one entry on file: the case, and its appointment in force.
func (u *turn) register(e ledger.Entry, by string) ledger.Result {
	on, known := u.t.CaseByReceipt(store.System(), e.Receipt)
	c := merge(on, e)
	now, has := scheduling.Appointment{}, false
	var ended *conversation.Request
	if known {
		now, has = u.t.Latest(on.ID)
		if old, ok := u.t.Held(on.ID, e.Site.Code, e.Local); ok && old.ID != now.ID && old.Status == e.Status {
			return ledger.Result{Status: ledger.RowUnchanged} // history, as an export has it
		}
		if has { // a book of an earlier version may have such requests
			ended = u.overtaken(now, by)
		}
		if why := u.conflict(on, now, has, e); why != nil {
			return ledger.Result{Status: ledger.RowConflict, Err: why}
		}
	}
	changed := !known || c != on
	if changed {
		c = u.t.PutCase(c)
	}
	put, status := u.place(c, now, has, e)
	ended = cmp.Or(ended, u.overtaken(put, by))
	switch {
	case !known, status == ledger.RowCreated:
		status = ledger.RowCreated
	case changed && status == ledger.RowUnchanged:
		status = ledger.RowUpdated
	}
	if status != ledger.RowUnchanged {
		if known {
			u.redrawCase(c.ID)
		}
		u.t.Audit(store.AuditEntry{Actor: by, CaseID: c.ID, Action: "registered",
			Detail: map[string]any{"row": status, "in_force": stamp(put), "count": put.Count, "status": put.Status}, RulesVersion: u.b.rules.Version})
	}
	news := (!has || !samePlaceAndTime(put, now) || now.Status != put.Status) && (put.Status == scheduling.Scheduled || has && takenBack(now, put))
	if known && (news || ended != nil) && put.Start.After(u.t.Now()) {
		u.tellOthers(c.ID, put, ended)
	}
	result := ledger.Result{Status: status}
	if status != ledger.RowUnchanged && put.Status == scheduling.Scheduled && put.Start.After(u.t.Now()) {
		result.Unusual = u.b.rules.Unusual(put.Site, put.Local, u.t.Now())
	}
	return result
}

// overtaken ends the open request of a case whose appointment is not in force any
// more, and answers it; nil: there is none. There is nothing left to move, and what
// USCIS sends instead must not wait for a decision. One that was missed has run out
// by itself.
func (u *turn) overtaken(a scheduling.Appointment, by string) *conversation.Request {
	if !a.Over() {
		return nil
	}
	r, ok := u.t.OpenRequest(a.CaseID)
	if !ok {
		return nil
	}
	u.b.closeRequest(u.t, r, store.Withdrawn, by, "")
	u.t.Audit(store.AuditEntry{Actor: by, CaseID: r.CaseID, Action: store.Withdrawn,
		Detail: map[string]any{"request": r.Name, "status": a.Status}, RulesVersion: u.b.rules.Version})
	n := conversation.News{What: conversation.NewsOver}
	if h := u.b.holder(u.t, r.HeldBy, r.Holder, r.HeldAt); h.Person != "" { // they may be moving it at this moment
		n.Mention = []conversation.Holder{h}
	}
	u.requestNews(r.ID, n)
	return &r.Request
}

// takenBack tells whether whoever was to go to an appointment must not any more (R22).
func takenBack(before, now scheduling.Appointment) bool {
	return before.Status == scheduling.Scheduled && (now.Status == scheduling.USCISMoved || now.Status == scheduling.Cancelled)
}

// conflict is why a row can't be taken: the book knows something that it
// contradicts, and staff must decide.
func (u *turn) conflict(c store.CaseRecord, now scheduling.Appointment, has bool, e ledger.Entry) error {
	if !has || samePlaceAndTime(now, scheduling.Appointment{Site: e.Site, Local: e.Local}) {
		return nil
	}
	if r, ok := u.t.OpenRequest(c.ID); ok {
		return fmt.Errorf("appointment_date: request %s of this case is open; decide it first, or import the appointment on file", r.Name)
	}
	if old, ok := u.t.Held(c.ID, e.Site.Code, e.Local); ok && old.Status == scheduling.Superseded {
		return errors.New("appointment_date: this appointment was moved already; the book has the newer one")
	}
	return nil
}

// place puts the appointment of an entry on file. The one on file is corrected
// where it is the same appointment, else superseded: the old notice is void. The
// count on record wins (R2); a move by USCIS, which no count tells of, is none.
func (u *turn) place(c store.CaseRecord, now scheduling.Appointment, has bool, e ledger.Entry) (scheduling.Appointment, ledger.RowStatus) {
	next := scheduling.Appointment{CaseID: c.ID, Receipt: c.Receipt, Form: c.Form, Site: e.Site, Local: e.Local, Start: e.Start, Status: e.Status, Count: e.Count}
	if has && !e.CountGiven {
		next.Count = now.Count
	}
	at := u.b.firstReminder(next, u.t.Now())
	switch {
	case !has:
		u.seat(next)
		return u.t.PutAppointment(next, e.NoticeDate, at), ledger.RowCreated
	case samePlaceAndTime(now, next) && next.Status == now.Status && next.Count == now.Count:
		return now, ledger.RowUnchanged
	case samePlaceAndTime(now, next):
		u.unseat(now)
		u.seat(next)
		next.ID, next.Chain, next.Version = now.ID, now.Chain, now.Version
		return u.t.ChangeAppointment(next, e.NoticeDate, at), ledger.RowUpdated
	case now.Status == scheduling.Scheduled && next.Status == scheduling.Scheduled:
		u.unseat(now)
		u.seat(next)
		return u.t.Supersede(now, next, at), ledger.RowUpdated
	}
	u.seat(next)
	next.Chain = now.Chain
	return u.t.PutAppointment(next, e.NoticeDate, at), ledger.RowCreated
}

func (u *turn) seat(a scheduling.Appointment) {
	if a.Status == scheduling.Scheduled {
		u.t.RecordSeat(a.Site, a.Start)
	}
}

func (u *turn) unseat(a scheduling.Appointment) {
	if a.Status == scheduling.Scheduled {
		u.t.FreeSeat(a.Site.Code, a.Start)
	}
}

func samePlaceAndTime(a, b scheduling.Appointment) bool {
	return a.Site.Code == b.Site.Code && a.Local == b.Local
}

// merge is a case with what a row says of it. What the file has no column for
// stays as it is.
func merge(c store.CaseRecord, e ledger.Entry) store.CaseRecord {
	c.Receipt = e.Receipt
	for _, field := range []struct {
		column ledger.Columns
		on     *string
		said   string
	}{
		{ledger.FormColumn, &c.Form, e.Form},
		{ledger.FirstNameColumn, &c.FirstName, e.FirstName},
		{ledger.LastNameColumn, &c.LastName, e.LastName},
		{ledger.LanguageColumn, &c.Language, e.Language},
		{ledger.MatterColumn, &c.Matter, e.Matter},
		{ledger.HouseholdColumn, &c.Household, e.Household},
		{ledger.ANumberColumn, &c.ANumber, e.ANumber.Reveal()},
		{ledger.PhoneColumn, &c.Phone, e.Phone},
		{ledger.EmailColumn, &c.Email, e.Email},
		{ledger.AttorneyColumn, &c.Attorney, e.Attorney},
		{ledger.NotesColumn, &c.Notes, e.Notes},
	} {
		if e.Given.Has(field.column) {
			*field.on = field.said
		}
	}
	if e.G28Given {
		c.G28 = e.G28
	}
	return c
}

// ImportSites puts the good rows of a sites file into the list of sites.
func (b *Bot) ImportSites(ctx context.Context, f ledger.SiteFile, by string, dry bool) ([]ledger.Result, error) {
	results := make([]ledger.Result, len(f.Rows))
	var u turn
	err := b.store.Update(ctx, func(t *store.Tx) error {
		u = turn{b: b, t: t}
		for i, row := range f.Rows {
			results[i] = u.importSite(row, by)
		}
		if dry && t.Err() == nil {
			return errDry
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDry) {
		return nil, fmt.Errorf("import sites: %w", err)
	}
	return results, nil
}

func (u *turn) importSite(row ledger.SiteRow, by string) ledger.Result {
	if row.Err != nil {
		return ledger.Result{Status: ledger.RowError, Err: row.Err}
	}
	status := ledger.RowStatus(u.t.PutSite(row.Site))
	if status != ledger.RowUnchanged {
		u.t.Audit(store.AuditEntry{Actor: by, Action: "site " + string(status), Detail: map[string]any{"site": row.Site.Code, "zone": row.Site.Zone}, RulesVersion: u.b.rules.Version})
	}
	return ledger.Result{Status: status}
}
