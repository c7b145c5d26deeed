package conversation

import (
	"fmt"
	"strconv"
	"strings"

	"reschedulebot/scheduling"
)

// The names of forms and of their fields, as they come back.
const (
	FormAnother  = "another"
	FormRefuse   = "refuse"
	FormRegister = "register"

	FieldSite     = "site"
	FieldDate     = "date"
	FieldTime     = "time"
	FieldWords    = "words"
	FieldReceipt  = "receipt"
	FieldForm     = "form"
	FieldCount    = "count"
	FieldLanguage = "language"
	FieldFirst    = "first"
	FieldLast     = "last"
	FieldPhone    = "phone"
)

// MaxCount is the highest number of earlier changes that can be registered.
const MaxCount = 9

// mostName is how long a name or a phone number may be: as long as one on file, or
// the form would cut it.
const mostName = 200

// AnotherForm asks for the time and place that USCIS gave instead of what was
// wanted. It begins with what was wanted.
func AnotherForm(language string, r RequestOnDesk, f Facts) Form {
	t := telling(language, f)
	site := r.To.Site
	if s, ok := f.Sites().Find(site); ok {
		site = s.Name()
	}
	return Form{
		Name: FormAnother, Ref: r.ID, Title: t.w.label("form.another"), Submit: t.w.label("form.record"),
		Text: t.w.text("form.another.text", with{"name": r.Name, "who": t.whose(r.Client), "wanted": t.slotWhere(r.To)}),
		Fields: []Field{
			t.siteField(r.To.Site, site),
			{Name: FieldDate, Label: t.w.label("form.date"), Kind: DateField, Value: r.To.Local.Date.String()},
			{Name: FieldTime, Label: t.w.label("form.time"), Hint: t.w.label("form.time.hint"), Kind: ClockField, Value: clockOf(r.To.Local)},
		},
	}
}

func (t *turn) siteField(code, name string) Field {
	return Field{Name: FieldSite, Label: t.w.label("form.site"), Hint: t.w.label("form.site.hint"), Kind: SiteField, Value: code, Shown: name}
}

// clockOf is the time of day as a ClockField holds it: 10:20.
func clockOf(w scheduling.Wall) string { return scheduling.ClockAt(w.Hour, w.Minute).String() }

// RefuseForm asks why a request can't be carried out, in words for the client.
func RefuseForm(language string, r RequestOnDesk, f Facts) Form {
	t := telling(language, f)
	return Form{
		Name: FormRefuse, Ref: r.ID, Title: t.w.label("form.refuse"), Submit: t.w.label("form.refuse.submit"),
		Text:   t.w.text("form.refuse.text", with{"name": r.Name, "who": t.whose(r.Client), "wanted": t.slotWhere(r.To), "appointment": t.where(t.standing(r))}),
		Fields: []Field{{Name: FieldWords, Label: t.w.label("form.words"), Hint: t.w.label("form.words.hint"), Kind: LinesField, Most: maxWords}},
	}
}

// A RegisterDraft is what the form for an appointment shows at first. What it shows of
// a case says what is corrected; without that something new is registered.
type RegisterDraft struct {
	OnFile
	Receipt  string
	Site     string // code
	SiteName string
	Date     string // 2026-12-03
	Time     string // 10:20
	Form     string
	Count    string
	Language string
	First    string
	Last     string
	Phone    string
}

// OnFile is which case a form shows, and as of when.
type OnFile struct {
	CaseID  string // "": none
	Version int    // of its appointment, 0 none
	Changed int64  // when the case itself was changed last, in milliseconds; 0: not told
}

// Ref is what the form brings back: "" for something new.
func (o OnFile) Ref() string {
	if o.CaseID == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", o.CaseID, o.Version, o.Changed)
}

// ReadRegisterRef reads what Ref wrote, also what an older program did. An empty one
// is something new.
func ReadRegisterRef(ref string) (OnFile, bool) {
	if ref == "" {
		return OnFile{}, true
	}
	caseID, numbers, _ := strings.Cut(ref, ":")
	number, changed, told := strings.Cut(numbers, ":")
	on := OnFile{CaseID: caseID}
	var wrong error
	if told {
		on.Changed, wrong = strconv.ParseInt(changed, 10, 64)
	}
	version, err := strconv.Atoi(number)
	on.Version = version
	return on, caseID != "" && err == nil && wrong == nil && version >= 0 && on.Changed >= 0
}

// RegisterForm asks for an appointment. on is what is on file, to be corrected, or
// as far as it is known; nil: nothing.
func RegisterForm(language string, on *RegisterDraft, f Facts) Form {
	t := telling(language, f)
	d := RegisterDraft{}
	if on != nil {
		d = *on
	}
	if d.Count == "" {
		d.Count = "0"
	}
	if d.Language == "" && d.CaseID == "" {
		d.Language = Languages()[0]
	}
	form := Form{Name: FormRegister, Ref: d.Ref(), Title: t.w.label("form.register"), Submit: t.w.label("form.register.submit"),
		Text: t.w.text("form.register.text")}
	if d.CaseID != "" {
		form.Title, form.Text = t.w.label("form.correct"), t.w.text("form.correct.text")
	}
	form.Fields = []Field{
		{Name: FieldReceipt, Label: t.w.label("form.receipt"), Hint: t.w.label("form.receipt.hint"), Kind: LineField, Value: d.Receipt, Most: 40},
		t.siteField(d.Site, d.SiteName),
		{Name: FieldDate, Label: t.w.label("form.date"), Kind: DateField, Value: d.Date},
		{Name: FieldTime, Label: t.w.label("form.time"), Hint: t.w.label("form.time.hint"), Kind: ClockField, Value: d.Time},
		{Name: FieldForm, Label: t.w.label("form.form"), Hint: t.w.label("form.form.hint"), Kind: LineField, Value: d.Form, Optional: true, Most: 40},
		{Name: FieldCount, Label: t.w.label("form.count"), Hint: t.w.label("form.count.hint"), Kind: ChoiceField, Value: d.Count, Choices: counts(), Optional: true},
		{Name: FieldLanguage, Label: t.w.label("form.language"), Kind: ChoiceField, Value: d.Language, Choices: tongues(), Optional: true},
		{Name: FieldFirst, Label: t.w.label("form.first"), Kind: LineField, Value: d.First, Optional: true, Most: mostName},
		{Name: FieldLast, Label: t.w.label("form.last"), Kind: LineField, Value: d.Last, Optional: true, Most: mostName},
		{Name: FieldPhone, Label: t.w.label("form.phone"), Hint: t.w.label("form.phone.hint"), Kind: LineField, Value: d.Phone, Optional: true, Most: mostName},
	}
	return form
}

func counts() []Choice {
	var all []Choice
	for n := range MaxCount + 1 {
		all = append(all, Choice{Label: strconv.Itoa(n), Value: strconv.Itoa(n)})
	}
	return all
}

// tongues are the languages that a client may choose, each by its own name.
func tongues() []Choice {
	var all []Choice
	for _, lang := range Languages() {
		all = append(all, Choice{Label: wordsFor(lang).label("language.name"), Value: lang})
	}
	return all
}
