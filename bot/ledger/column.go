package ledger

import (
	"sync"

	"reschedulebot/scheduling"
)

// A column is one of an appointments file, both ways.
type column struct {
	name  string
	given Columns                           // which optional one; 0: the column is needed
	read  func(d *draft, text string) error // into the draft; the error does not name the column
	cell  func(e Entry, revealed bool) any  // out of the entry
}

// appointmentColumns are all columns of an appointments file, in the order in
// which they are written.
var appointmentColumns = sync.OnceValue(func() []column {
	plain := func(field func(*Entry) *string) (read func(*draft, string) error, cell func(Entry, bool) any) {
		read = func(d *draft, text string) (err error) { *field(&d.Entry), err = readText(text); return }
		cell = func(e Entry, _ bool) any { return *field(&e) }
		return
	}
	text := func(name string, given Columns, field func(*Entry) *string) column {
		read, cell := plain(field)
		return column{name, given, read, cell}
	}
	return []column{
		{"receipt_number", 0, (*draft).readReceipt, func(e Entry, revealed bool) any {
			if revealed {
				return e.Receipt.Reveal()
			}
			return e.Receipt.String()
		}},
		{"asc_code", 0, (*draft).readSite, func(e Entry, _ bool) any { return e.Site.Code }},
		{"appointment_date", 0, (*draft).readDate, func(e Entry, _ bool) any { return e.Local.Date.String() }},
		{"appointment_time", 0, (*draft).readClock, func(e Entry, _ bool) any {
			return scheduling.ClockAt(e.Local.Hour, e.Local.Minute).String()
		}},
		{"form_type", FormColumn, (*draft).readForm, func(e Entry, _ bool) any { return e.Form }},
		{"reschedule_count", CountColumn, (*draft).readCount, func(e Entry, _ bool) any { return e.Count }},
		text("client_first_name", FirstNameColumn, func(e *Entry) *string { return &e.FirstName }),
		text("client_last_name", LastNameColumn, func(e *Entry) *string { return &e.LastName }),
		{"language", LanguageColumn, (*draft).readLanguage, func(e Entry, _ bool) any { return e.Language }},
		text("matter_id", MatterColumn, func(e *Entry) *string { return &e.Matter }),
		text("household_id", HouseholdColumn, func(e *Entry) *string { return &e.Household }),
		{"a_number", ANumberColumn, (*draft).readANumber, func(e Entry, revealed bool) any {
			if revealed {
				return e.ANumber.Reveal()
			}
			return e.ANumber.String()
		}},
		text("phone", PhoneColumn, func(e *Entry) *string { return &e.Phone }),
		text("email", EmailColumn, func(e *Entry) *string { return &e.Email }),
		text("attorney_of_record", AttorneyColumn, func(e *Entry) *string { return &e.Attorney }),
		{"g28_on_file", G28Column, (*draft).readG28, func(e Entry, _ bool) any { return e.G28 }},
		{"notice_date", NoticeDateColumn, (*draft).readNoticeDate, func(e Entry, _ bool) any { return e.NoticeDate }},
		{"status", StatusColumn, (*draft).readStatus, func(e Entry, _ bool) any { return string(e.Status) }},
		{"notes", NotesColumn, (*draft).readNotes, func(e Entry, _ bool) any { return e.Notes }},
	}
})
