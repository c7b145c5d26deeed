package ledger

import (
	"fmt"
	"log/slog"
	"time"

	"reschedulebot/scheduling"
)

// An Entry is one appointment as a file tells it: who, where, when, and what the
// firm knows about the case. Entries are comparable with ==.
type Entry struct {
	Receipt scheduling.Receipt
	Site    scheduling.Site
	Local   scheduling.Wall // at the site
	Start   time.Time       // the instant of Local, in the site's location

	Form       string // as scheduling.NormalForm writes it
	Count      int    // earlier changes, 0 to 20
	CountGiven bool   // false: the file does not say
	FirstName  string
	LastName   string
	Language   string // one of conversation.Languages, or ""
	Matter     string
	Household  string
	Phone      string
	Email      string
	Attorney   string
	Notes      string // may have several lines
	ANumber    scheduling.ANumber
	G28        bool
	G28Given   bool              // false: the file does not say
	NoticeDate string            // 2026-11-02, or ""
	Status     scheduling.Status // Scheduled where the file does not say

	// Given are the optional columns that the row has. What is not among them
	// must be left alone in the book. A text that is given and empty is to be
	// emptied there; of reschedule_count, g28_on_file and status an empty cell
	// counts as not given.
	Given Columns
}

// Columns is a set of the optional columns of an appointments file.
type Columns uint32

// The optional columns, in the order of the file.
const (
	FormColumn Columns = 1 << iota
	CountColumn
	FirstNameColumn
	LastNameColumn
	LanguageColumn
	MatterColumn
	HouseholdColumn
	ANumberColumn
	PhoneColumn
	EmailColumn
	AttorneyColumn
	G28Column
	NoticeDateColumn
	StatusColumn
	NotesColumn

	// AllColumns are all of them: an Entry that says everything.
	AllColumns Columns = 1<<iota - 1
)

// Has reports whether every column of d is in the set.
func (c Columns) Has(d Columns) bool { return c&d == d }

// String names an entry without saying whose it is.
func (e Entry) String() string {
	return fmt.Sprintf("entry %v at %s %v", e.Receipt, e.Site.Code, e.Local)
}

// GoString is String.
func (e Entry) GoString() string { return e.String() }

// LogValue is String.
func (e Entry) LogValue() slog.Value { return slog.StringValue(e.String()) }

// key tells entries about the same appointment: the receipt number and where
// and when it is.
func (e Entry) key() entryKey { return entryKey{e.Receipt, e.Site.Code, e.Local} }

type entryKey struct {
	receipt scheduling.Receipt
	site    string
	local   scheduling.Wall
}
