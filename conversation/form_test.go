package conversation_test

import (
	"slices"
	"strings"
	"testing"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

var onFile = conversation.RegisterDraft{OnFile: conversation.OnFile{CaseID: "0123456789abcdef", Version: 3, Changed: 1_790_000_000_000}, Receipt: ana.Receipt.Reveal(), Site: "XCB", SiteName: "Chicago, IL",
	Date: "2026-12-03", Time: "10:00", Form: "I-485", Count: "1", Language: "es", First: "Ana", Last: "Lopez", Phone: ana.Phone}

func TestForms(t *testing.T) {
	f := atDesk(t, noon)
	r := f.chicago(t)
	shown := onFile
	shown.Receipt = ana.Receipt.String() // the files hold no whole number
	golden(t, "forms", func(language string) string {
		return strings.Join([]string{
			drawnForm(conversation.AnotherForm(language, r, f)), drawnForm(conversation.RefuseForm(language, r, f)),
			drawnForm(conversation.RegisterForm(language, nil, f)), drawnForm(conversation.RegisterForm(language, &shown, f)),
		}, "\n")
	})
}

func TestFormsFit(t *testing.T) {
	f := atDesk(t, noon)
	r := f.chicago(t)
	register := []string{"receipt", "site", "date", "time", "form", "count", "language", "first", "last", "phone"}
	for _, lang := range conversation.Languages() {
		for _, x := range []struct {
			form             conversation.Form
			name, ref        string
			fields, optional []string
		}{
			{conversation.AnotherForm(lang, r, f), "another", r.ID, []string{"site", "date", "time"}, nil},
			{conversation.RefuseForm(lang, r, f), "refuse", r.ID, []string{"words"}, nil},
			{conversation.RegisterForm(lang, nil, f), "register", "", register, register[4:]},
			{conversation.RegisterForm(lang, &onFile, f), "register", onFile.Ref(), register, register[4:]},
		} {
			var names, optional []string
			for _, field := range x.form.Fields {
				names = append(names, field.Name)
				if field.Optional {
					optional = append(optional, field.Name)
				}
				choices := func(c conversation.Choice) bool { return c.Value == field.Value }
				if field.Label == "" || field.Kind == conversation.ChoiceField && field.Value != "" && !slices.ContainsFunc(field.Choices, choices) {
					t.Errorf("%s %s: field %+v", lang, x.name, field)
				}
			}
			if len([]rune(x.form.Title)) > 24 || len([]rune(x.form.Submit)) > 24 || x.form.Title == "" || x.form.Submit == "" {
				t.Errorf("%s %s: title %q, submit %q", lang, x.name, x.form.Title, x.form.Submit)
			}
			if x.form.Name != x.name || x.form.Ref != x.ref || !slices.Equal(names, x.fields) || !slices.Equal(optional, x.optional) {
				t.Errorf("%s %s: name %s, ref %q, fields %v, optional %v", lang, x.name, x.form.Name, x.form.Ref, names, optional)
			}
		}
	}
}

// What a form shows at first is what it would bring back.
func TestFormsBeginWithWhatIsKnown(t *testing.T) {
	f := atDesk(t, noon)
	r := f.chicago(t)
	r.To.Local.Hour, r.To.Local.Minute = 9, 5
	got := map[string]string{}
	for _, field := range conversation.AnotherForm("en", r, f).Fields {
		got[field.Name] = field.Value
	}
	if got["site"] != "XCB" || got["date"] != "2026-12-11" || got["time"] != "09:05" {
		t.Errorf("another: %v", got)
	}
	for _, field := range conversation.RegisterForm("en", &onFile, f).Fields {
		got[field.Name] = field.Value
	}
	if got["receipt"] != ana.Receipt.Reveal() || got["count"] != "1" || got["language"] != "es" || got["first"] != "Ana" || got["time"] != "10:00" {
		t.Errorf("register: %v", got)
	}
}

func TestRegisterRef(t *testing.T) {
	for _, c := range []struct {
		ref string
		on  conversation.OnFile
		ok  bool
	}{
		{"", conversation.OnFile{}, true}, {onFile.Ref(), onFile.OnFile, true}, {"c:0:0", conversation.OnFile{CaseID: "c"}, true},
		{"c:3", conversation.OnFile{CaseID: "c", Version: 3}, true}, // of an older program
		{"c", conversation.OnFile{}, false}, {"c:", conversation.OnFile{}, false}, {":3", conversation.OnFile{}, false},
		{"c:x", conversation.OnFile{}, false}, {"c:-1", conversation.OnFile{}, false}, {"c:1:", conversation.OnFile{}, false},
		{"c:1:x", conversation.OnFile{}, false}, {"c:1:-2", conversation.OnFile{}, false}, {"c:1:2:3", conversation.OnFile{}, false},
	} {
		on, ok := conversation.ReadRegisterRef(c.ref)
		if ok != c.ok || ok && on != c.on {
			t.Errorf("%q: %+v, %t", c.ref, on, ok)
		}
	}
}

func TestProblems(t *testing.T) {
	problems := []conversation.FormProblem{conversation.ProblemMissing, conversation.ProblemDate, conversation.ProblemClock, conversation.ProblemNoSuchTime,
		conversation.ProblemPast, conversation.ProblemSame, conversation.ProblemSite, conversation.ProblemForm, conversation.ProblemCount,
		conversation.ProblemLanguage, conversation.ProblemPhone, conversation.ProblemLong, conversation.ProblemChanged, conversation.ProblemConflict,
		conversation.ProblemRequest, conversation.ProblemNotAllowed, conversation.ProblemGone, "something new"}
	for _, lang := range conversation.Languages() {
		said := map[string]conversation.FormProblem{}
		for _, p := range problems {
			s := conversation.Problem(lang, p)
			if twin, twice := said[s]; twice || s == "" || strings.Contains(s, "\n") {
				t.Errorf("%s: %s says %q, like %q", lang, p, s, twin)
			}
			said[s] = p
		}
	}
}

func TestReceiptProblems(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"IOE0000000101", ""},
		{"ioe-0000000101", ""},
		{"IOEOOOOOOO1O1", "Did you mean IOE0000000101?"},
		{"IOE000000101", "9 digits"},
		{"IOE00000001011", "11 digits"},
		{"IOE******0101", "hidden by stars"},
		{"000000000101", "online account number"},
		{"A012345678", "A-Number"},
		{"012-34-5678", "Social Security number"},
		{"012345678", "Social Security number"},
		{"hello", "not a receipt number"},
		{"", "not a receipt number"},
	} {
		got := conversation.ReceiptProblem("en", scheduling.ReadIdentifier(c.typed))
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q: %q, want %q", c.typed, got, c.want)
		}
		if es := conversation.ReceiptProblem("es", scheduling.ReadIdentifier(c.typed)); (es == "") != (got == "") || es != "" && es == got {
			t.Errorf("%q: %q in Spanish", c.typed, es)
		}
	}
}

func TestDecidedProblemIsOneLine(t *testing.T) {
	for _, x := range closedRequests(t) {
		if got := conversation.DecidedProblem("en", x.r, x.f); strings.Contains(got, "\n") || !strings.Contains(got, "Nothing was changed") {
			t.Errorf("%s: %q", x.name, got)
		}
	}
}
