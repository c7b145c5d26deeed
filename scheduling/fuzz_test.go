package scheduling_test

import (
	"fmt"
	"strings"
	"testing"

	. "reschedulebot/scheduling"
)

func seed(f *testing.F, texts ...string) {
	f.Helper()
	for _, s := range texts {
		f.Add(s)
	}
}

func FuzzReadIdentifier(f *testing.F) {
	seed(f, "IOE0000000101", "my number is ioe 0000-000-101 thanks", "1OE 0000 000 I0I", "IOE******0101", "123-45-6789", "my ssn is 123456789",
		"A# 012-345-678", "0123 4567 8901", "+1 (312) 555-0199", "2026-12-03 10:20", "**", "\ufeffＩＯＥ０００００００１０１\u200b", "\xff")
	f.Fuzz(func(t *testing.T, s string) {
		id := ReadIdentifier(s)
		switch id.Kind {
		case ReceiptExact, ReceiptRepaired, ReceiptOddPrefix:
			n := id.Receipt.Reveal()
			if r, err := ParseReceipt(n); err != nil || r != id.Receipt {
				t.Errorf("%q gives %q, which is no receipt number: %v", s, n, err)
			}
			again := ReadIdentifier(n)
			if again.Receipt != id.Receipt || again.Kind == ReceiptRepaired {
				t.Errorf("%q gives %q, which reads as %v %q", s, n, again.Kind, again.Receipt.Reveal())
			}
		default:
			if !id.Receipt.IsZero() {
				t.Errorf("%q: %v with a receipt", s, id.Kind)
			}
		}
		if short, long := id.Kind == ReceiptShort, id.Kind == ReceiptLong; short && (id.Digits < 1 || id.Digits > 9) || long && id.Digits < 11 || !short && !long && id.Digits != 0 {
			t.Errorf("%q: %v of %d digits", s, id.Kind, id.Digits)
		}
		// Whatever else is said beside it, the guard holds (R30).
		if with := s + " ; 123-45-6789"; ReadIdentifier(with).Kind != SSNLike {
			t.Errorf("%q: %v", with, ReadIdentifier(with).Kind)
		}
	})
}

func FuzzParseReceipt(f *testing.F) {
	seed(f, "IOE0000000101", " ioe-0000.000 101", "VSC0000000101", "I0E0000000101", "")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseReceipt(s)
		if err != nil {
			if !r.IsZero() || len(s) > 5 && !strings.Contains("IOE0000000101", s) && strings.Contains(err.Error(), s) && strings.ContainsAny(s, "0123456789") {
				t.Errorf("%q: %v and %v", s, r, err)
			}
			return
		}
		n := r.Reveal()
		if len(n) != 13 || strings.Trim(n[:3], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || strings.Trim(n[3:], "0123456789") != "" {
			t.Errorf("%q is the receipt number %q", s, n)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v %x", r, r, r, r), n[3:]) {
			t.Errorf("%q prints in full", n)
		}
	})
}

func FuzzParseANumber(f *testing.F) {
	seed(f, "A012345678", "a# 12-345 678", "1234567", "123-45-6789", "")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseANumber(s)
		if err != nil {
			if !a.IsZero() {
				t.Errorf("%q: %v and %v", s, a, err)
			}
			return
		}
		if again, err := ParseANumber(a.Reveal()); err != nil || again != a || len(a.Reveal()) != 10 {
			t.Errorf("%q is %q, which is %q, %v", s, a.Reveal(), again.Reveal(), err)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	seed(f, "2026-12-03", "12/03/2026", "2026-02-30", "0000-00-00", "")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			if !d.IsZero() {
				t.Errorf("%q: %v and %v", s, d, err)
			}
			return
		}
		if again, err := ParseDate(d.String()); err != nil || again != d {
			t.Errorf("%q is %v, which is %v, %v", s, d, again, err)
		}
		if d.AddDays(400).AddDays(-400) != d || d.AddDays(7).Weekday() != d.Weekday() || d.Compare(d.AddDays(1)) != -1 {
			t.Errorf("%v does not count", d)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	seed(f, "10:20", "9:05 pm", "12 a.m.", "24:00", "10:20:00 AM", "")
	f.Fuzz(func(t *testing.T, s string) {
		hour, minute, err := ParseClock(s)
		if err != nil {
			return
		}
		text := ClockAt(hour, minute).String()
		if h, m, err := ParseClock(text); err != nil || h != hour || m != minute || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
			t.Errorf("%q is %s, which is %d:%d, %v", s, text, h, m, err)
		}
	})
}

func FuzzParseWall(f *testing.F) {
	seed(f, "2026-12-03 10:20", "12/03/2026 10:20 AM", "2026-12-03T10:20", "")
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ParseWall(s)
		if err != nil {
			return
		}
		var again Wall
		text, _ := w.MarshalText()
		if err := again.UnmarshalText(text); err != nil || again != w {
			t.Errorf("%q is %v, which is %v, %v", s, w, again, err)
		}
	})
}

func FuzzParseHours(f *testing.F) {
	seed(f, "Mon-Fri 08:00-16:00", "Mon,Wed,Sat 8:30-12:00", "Sat-Mon 00:00-24:00", "")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHours(s)
		if err != nil {
			return
		}
		if again, err := ParseHours(h.String()); err != nil || again != h || h.Opens >= h.Closes || h.Closes > ClockAt(24, 0) {
			t.Errorf("%q is %v, which is %v, %v", s, h, again, err)
		}
	})
}

func FuzzNormalForm(f *testing.F) {
	seed(f, "i 485", "Form I-485 - APPLICATION", "1-539", "I-600-A", "I 800 A", "EOIR29", "ı-485", "")
	f.Fuzz(func(t *testing.T, s string) {
		once := NormalForm(s)
		if twice := NormalForm(once); twice != once {
			t.Errorf("%q is %q, which is %q", s, once, twice)
		}
		if once != strings.TrimSpace(once) {
			t.Errorf("%q is %q, with space around it", s, once)
		}
	})
}

func FuzzReadSites(f *testing.F) {
	seed(f, "site_code,city,state,zone,kind\nXZA,A,IL,America/Chicago,fixed\n",
		"\ufeffkind,site_code,city,state,zone,hours,visit_minutes,seats,lat,lon\r\nfixed,xza,\"A, B\",il,America/Chicago,Mon 8:00-12:00,30,2,1,2\r\n", "")
	f.Fuzz(func(t *testing.T, s string) {
		rows, _ := ReadSites(strings.NewReader(s))
		for _, row := range rows {
			if row.Err != nil {
				continue
			}
			site := row.Site
			if len(site.Code) != 3 || site.Name() == "" || site.Location().String() != site.Zone || site.Seats < 1 || site.VisitMinutes < 1 {
				t.Errorf("%q gives %+v", s, site)
			}
			weekly := 0
			for d := range 7 {
				weekly += len(site.Starts(Date{Year: 2026, Month: 6, Day: 1 + d}, nil))
			}
			if weekly == 0 {
				t.Errorf("%q gives a site without a start: %+v", s, site)
			}
		}
	})
}

func FuzzReadRules(f *testing.F) {
	seed(f, "{}", `{"version":"a","window":"12h","center":{"hours":"Mon-Fri 08:00-20:00","zone":"America/New_York"}}`,
		`{"excluded_forms":["i 600"],"extra_closed_days":["2026-12-24"],"max_changes":3}`, `{"center":{"zone":null}}`, "{", "")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ReadRules(strings.NewReader(s))
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if strings.TrimSpace(line) == "" {
					t.Errorf("%q: an empty line in %q", s, err)
				}
			}
			return
		}
		if r.Version == "" || r.Window <= 0 || r.TooClose <= 0 || r.HorizonDays < 1 || r.MaxChanges < 0 || r.Center.Phone == "" {
			t.Errorf("%q gives %+v", s, r)
		}
		a := booked(t, "XCB", "2026-06-10 10:00")
		for _, form := range r.ExcludedForms {
			a.Form = strings.ToLower(strings.ReplaceAll(form, "-", " "))
			if v := r.Gate(applicant(a, a.Start.AddDate(0, 0, -7))); !v.Has(ExcludedForm) {
				t.Errorf("%q: %q is not excluded", s, a.Form)
			}
		}
		if opens := r.CenterOpens(a.Start); !opens.IsZero() && !r.CenterOpen(opens) {
			t.Errorf("%q: opens at %v and is not open then", s, opens)
		}
	})
}

func FuzzParseLeads(f *testing.F) {
	seed(f, "7d,3d,1d", " 1d , 60d", "0d", "7d,7d", "")
	f.Fuzz(func(t *testing.T, s string) {
		leads, err := ParseLeads(s)
		if err != nil {
			if leads != nil {
				t.Errorf("%q: %v and %v", s, leads, err)
			}
			return
		}
		var names []string
		for i, l := range leads {
			if l.Days < 1 || l.Days > 60 || i > 0 && leads[i-1].Days <= l.Days {
				t.Errorf("%q gives %v", s, leads)
			}
			names = append(names, l.String())
		}
		if again, err := ParseLeads(strings.Join(names, ",")); err != nil || len(again) != len(leads) || len(leads) == 0 {
			t.Errorf("%q gives %v, which gives %v, %v", s, leads, again, err)
		}
	})
}

func FuzzParseSendHours(f *testing.F) {
	seed(f, "09:00-20:00", "9:00 AM - 8:00 PM", "00:00-24:00", "")
	f.Fuzz(func(t *testing.T, s string) {
		from, to, err := ParseSendHours(s)
		if err == nil && (from < 0 || from >= to || to > ClockAt(24, 0)) {
			t.Errorf("%q gives %v-%v", s, from, to)
		}
	})
}

func FuzzSearch(f *testing.F) {
	seed(f, "chicago", "St. Louis", "san josé", "puerto rico", "Ⅷ", "")
	from, _ := BuiltinSites().Find("XCB")
	f.Fuzz(func(t *testing.T, s string) {
		for _, found := range BuiltinSites().Search(s, from) {
			if !found.Offered() {
				t.Errorf("%q finds %s", s, found.Code)
			}
		}
	})
}
