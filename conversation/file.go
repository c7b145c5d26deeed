package conversation

import (
	"slices"
	"strings"
	"time"
)

// MaxFile is how large a file of appointments may be that is shared in a chat, in
// bytes.
const MaxFile = 2 << 20

// How much of a file's own words is repeated.
const (
	maxFileName = 60
	maxWarnings = 5
	maxWarning  = 300
)

// fileWait is how long a file is waited for once somebody has said "import".
const fileWait = time.Hour

// askFile says how a file is imported, and waits for one beside whatever is asked.
func (t *turn) askFile() {
	t.s.Import = t.now
	t.interrupt(t.w.text("import.how"))
}

// importAsked tells whether a file that comes now is to be imported.
func (t *turn) importAsked() bool {
	return !t.s.Import.IsZero() && t.now.Sub(t.s.Import) < fileWait || saysImport(t.e.Text)
}

// isSheet tells whether a file may hold a list of appointments, by its name. A photo
// does not.
func isSheet(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{".csv", ".tsv", ".txt", ".xls", ".xlsx", ".ods", ".numbers"},
		func(end string) bool { return strings.HasSuffix(name, end) })
}

// shared takes a file that a member of staff has sent.
func (t *turn) shared(a Attached) {
	switch {
	case !t.importAsked():
		t.interrupt(t.w.text("import.hint"))
	case !strings.HasSuffix(strings.ToLower(a.Name), ".csv"):
		t.interrupt(t.w.text("import.notcsv"))
	case a.Size > MaxFile:
		t.interrupt(t.w.text("import.big"))
	default:
		t.s.Import = time.Time{}
		t.interrupt(t.w.text("import.reading"))
		t.do(Fetch{File: a})
	}
}

// saysImport tells whether the words that came with a file ask for it to be
// imported.
func saysImport(words string) bool {
	return slices.ContainsFunc(strings.Fields(oneLine(words)), func(w string) bool { return staffWord(strings.TrimPrefix(w, "/")) == "staff.import" })
}

// An Import is what became of a file of appointments.
type Import struct {
	File    string // its name, shown to who shared it
	Problem string // why the whole file can't be read, a sentence; "": it was
	Created, Updated, Unchanged, Duplicates,
	Conflicts, Errors int // rows
	Warnings []string // about the file, sentences
	Result   []byte   // the rows again (CSV), each with what became of it
}

// Imported tells who shared a file what became of it.
func Imported(language string, i Import) Reply {
	w := wordsFor(language)
	file := shorter(oneLine(i.File), maxFileName)
	if i.Problem != "" {
		return Reply{Text: w.text("imported.problem", with{"file": file, "problem": shorter(i.Problem, maxWarning)}), Private: true}
	}
	values := with{"file": file, "n": i.Created + i.Updated + i.Unchanged + i.Duplicates + i.Conflicts + i.Errors, "created": i.Created, "updated": i.Updated,
		"unchanged": i.Unchanged, "duplicates": i.Duplicates, "conflicts": i.Conflicts, "errors": i.Errors}
	text := w.text("imported.rows", values)
	if bad := i.Conflicts + i.Errors; bad > 0 {
		text = join(text, w.text("imported.bad", with{"n": bad}))
	}
	for _, warning := range i.Warnings[:min(maxWarnings, len(i.Warnings))] {
		text = append(text, w.text("imported.warning", with{"warning": shorter(warning, maxWarning)})...)
	}
	return Reply{Text: text, Private: true, File: &File{Name: "import.result.csv", Type: "text/csv", Data: i.Result}}
}

// ImportTooBig says that a file turned out to be larger than MaxFile.
func ImportTooBig(language string) Reply {
	return Reply{Text: wordsFor(language).text("import.big"), Private: true}
}
