package scheduling_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	. "reschedulebot/scheduling"
)

func TestReadRules(t *testing.T) {
	const all = `{
	  "version": "2027-01-firm", "max_changes": 3, "window": "13h30m", "too_close": "36h", "excluded_forms": ["i600", "I-600A", "I-600"],
	  "horizon_days": 90, "extra_closed_days": ["2027-01-02", "2027-01-05"],
	  "center": {"phone": "1", "tty": "", "abroad": "+1 2", "military": "3", "zone": "America/Chicago", "hours": "Mon-Sat 07:00-19:00"}}`
	got, err := ReadRules(strings.NewReader("\ufeff" + all))
	if err != nil {
		t.Fatal(err)
	}
	hours, err := ParseHours("Mon-Sat 07:00-19:00")
	if err != nil {
		t.Fatal(err)
	}
	want := Rules{
		Version: "2027-01-firm", MaxChanges: 3, Window: 13*time.Hour + 30*time.Minute, TooClose: 36 * time.Hour,
		ExcludedForms: []string{"I-600", "I-600A"}, HorizonDays: 90,
		ExtraClosedDays: []Date{day(t, "2027-01-02"), day(t, "2027-01-05")},
		Center:          Center{Phone: "1", Abroad: "+1 2", Military: "3", Zone: "America/Chicago", Hours: hours},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	got, err = ReadRules(strings.NewReader(`{"version": "v", "horizon_days": 30, "center": {"military": "x"}}`))
	want = BuiltinRules()
	want.Version, want.HorizonDays, want.Center.Military = "v", 30, "x"
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("what is left out is not as built in: %v\n%s", err, diff)
	}
	if got, err := ReadRules(strings.NewReader("{}")); err != nil || !cmp.Equal(got, BuiltinRules()) {
		t.Errorf("an empty object: %+v, %v", got, err)
	}
	if got, err := ReadRules(strings.NewReader(`{"version": "v", "excluded_forms": []}`)); err != nil || len(got.ExcludedForms) != 0 {
		t.Errorf("no excluded forms: %v, %v", got.ExcludedForms, err)
	}
}

// The rules decide; nothing of them is built into the gate.
func TestRulesFileChangesTheGate(t *testing.T) {
	r, err := ReadRules(strings.NewReader(`{"version": "strict", "max_changes": 1, "window": "24h", "excluded_forms": ["I-485"], "extra_closed_days": ["2026-06-09"]}`))
	if err != nil {
		t.Fatal(err)
	}
	a := booked(t, "XNK", "2026-06-10 08:00")
	a.Count = 1
	v := r.Gate(applicant(a, instant(t, "2026-06-08T21:00:00-04:00")))
	if v.Class != PhoneLimit || !v.Has(ExcludedForm) || !v.Has(ClosedPhoneGap) || v.ChangesLeft != 0 || v.RulesVersion != "strict" {
		t.Errorf("%+v", v)
	}
	if !v.OnlineUntil.Equal(instant(t, "2026-06-09T08:00:00-04:00")) {
		t.Errorf("online until %v", v.OnlineUntil)
	}
}

func TestReadRulesFaults(t *testing.T) {
	for _, test := range []struct {
		given string
		says  []string
	}{
		{``, []string{"not a JSON object"}},
		{`[]`, []string{"not a JSON object"}},
		{`null`, []string{"not a JSON object"}},
		{`"2026-11"`, []string{"not a JSON object"}},
		{`{`, []string{"not JSON near byte"}},
		{`{"version": "a"`, []string{"not JSON near byte"}},
		{`{"version": "a",}`, []string{"not JSON near byte"}},
		{`{"version": }`, []string{"not JSON near byte"}},
		{`{"version": "a"} {}`, []string{"something follows"}},
		{`{"version": "a"} x`, []string{"something follows"}},
		{`{"verison": "a"}`, []string{"verison: there is no such field"}},
		{`{"Version": "a"}`, []string{"Version: there is no such field"}},
		{`{"center": {"fax": "1"}}`, []string{"center.fax: there is no such field"}},
		{`{"version": "a", "version": "b"}`, []string{"version: is given twice"}},
		{`{"max_changes": 3}`, []string{"version: the rules are other than those of 2026-11"}},
		{`{"version": "2026-11", "center": {"phone": "1"}}`, []string{"version: the rules are other than those of 2026-11"}},
		{`{"version": null}`, []string{"version: write a text"}},
		{`{"version": ""}`, []string{"version: write a text in one line"}},
		{`{"version": "a\nb"}`, []string{"version: write a text in one line"}},
		{`{"max_changes": "2"}`, []string{"max_changes: write a whole number from 0 to 99"}},
		{`{"max_changes": -1}`, []string{"max_changes:"}},
		{`{"max_changes": null}`, []string{"max_changes:"}},
		{`{"excluded_forms": null}`, []string{"excluded_forms:"}},
		{`{"max_changes": 2.5}`, []string{"max_changes:"}},
		{`{"max_changes": 1e30}`, []string{"max_changes:"}},
		{`{"horizon_days": 0}`, []string{"horizon_days: write a whole number from 1 to 366"}},
		{`{"window": 12}`, []string{"window: write a length of time"}},
		{`{"window": "12"}`, []string{"window:"}},
		{`{"window": "-12h"}`, []string{"window:"}},
		{`{"window": "0s"}`, []string{"window:"}},
		{`{"too_close": "1000h"}`, []string{"too_close:"}},
		{`{"excluded_forms": "I-600"}`, []string{"excluded_forms: write a list"}},
		{`{"excluded_forms": ["I-600", "adoption", ""]}`, []string{"excluded_forms[1]: write a form number", "excluded_forms[2]: write a form number"}},
		{`{"extra_closed_days": ["2026-02-30", "12/24/2026", "2026-12-24"]}`, []string{"extra_closed_days[0]: write an existing day", "extra_closed_days[1]: write an existing day"}},
		{`{"extra_closed_days": [20261224]}`, []string{"extra_closed_days: write a list"}},
		{`{"center": null}`, []string{"center: this is not a JSON object"}},
		{`{"center": {"phone": ""}}`, []string{"center.phone: write a text"}},
		{`{"center": {"zone": "Eastern"}}`, []string{`center.zone: "Eastern" is not a time zone`}},
		{`{"center": {"hours": "always"}}`, []string{"center.hours: these are not opening hours"}},
		{`{"max_changes": -1, "window": "x", "colour": 1, "center": {"zone": "x", "hours": "y", "phone": 7}}`,
			[]string{"max_changes:", "window:", "colour:", "center.zone:", "center.hours:", "center.phone:"}},
	} {
		got, err := ReadRules(strings.NewReader(test.given))
		if err == nil {
			t.Errorf("%s was accepted", test.given)
			continue
		}
		if !cmp.Equal(got, Rules{}) {
			t.Errorf("%s: an error and rules: %+v", test.given, got)
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != len(test.says) {
			t.Errorf("%s: %d faults, want %d:\n%v", test.given, len(lines), len(test.says), err)
			continue
		}
		for i, says := range test.says {
			if !strings.Contains(lines[i], says) {
				t.Errorf("%s: %q should say %q", test.given, lines[i], says)
			}
		}
	}
	if _, err := ReadRules(iotest.ErrReader(errors.New("disk on fire"))); err == nil || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("a file that can't be read: %v", err)
	}
	if _, err := ReadRules(strings.NewReader(strings.Repeat(" ", 2<<20) + "{}")); err == nil || !strings.Contains(err.Error(), "larger than 1 MB") {
		t.Errorf("a file of 2 MB: %v", err)
	}
}
