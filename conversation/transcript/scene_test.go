package transcript

import (
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/scheduling"
)

func TestParseCase(t *testing.T) {
	c, err := ParseCase("IOE0000000101 I-485 XCB 2026-12-11 10:00 count=1 g28=no household=H1 status=completed linked=Ana,Ben")
	if err != nil {
		t.Fatal(err)
	}
	if c.Receipt.Reveal() != "IOE0000000101" || c.Form != "I-485" || c.Site != "XCB" || c.Local.String() != "2026-12-11T10:00" ||
		c.Count != 1 || c.G28 || c.Household != "H1" || c.Status != scheduling.Completed || !slices.Equal(c.Linked, []string{"Ana", "Ben"}) {
		t.Errorf("read %+v", c)
	}
	c, err = ParseCase("IOE0000000101 I-485 none")
	if err != nil || c.Site != "" || !c.G28 || c.Status != scheduling.Scheduled || !slices.Equal(c.Linked, []string{"Ana"}) {
		t.Errorf("read %+v, %v", c, err)
	}
	if c, err = ParseCase("IOE0000000101 I-485 none linked=no"); err != nil || c.Linked != nil {
		t.Errorf("read %+v, %v", c, err)
	}
	for _, bad := range []string{"", "IOE0000000101", "IOE00 I-485 none", "IOE0000000101 I-485 XCB 2026-12-11", "IOE0000000101 I-485 XCB 2026-13-11 10:00",
		"IOE0000000101 I-485 none colour=red", "IOE0000000101 I-485 none count=x"} {
		if _, err := ParseCase(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestParseDecide(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`R1 confirm`, `R1|--confirm|--by|Lee Park`},
		{`R1 confirm --at "2026-12-03 10:20" --site XAA`, `R1|--confirm|--at|2026-12-03 10:20|--site|XAA|--by|Lee Park`},
		{`R2 refuse "no time, sorry" --by "Kim Roe"`, `R2|--refuse|no time, sorry|--by|Kim Roe`},
		{`R2 refuse ""`, `R2|--refuse||--by|Lee Park`},
	} {
		d, err := ParseDecide(c.in)
		if got := strings.Join(d.Args(), "|"); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.in, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "R1", "R1 refuse", "R1 confirm --at noon", "R1 confirm --when now"} {
		if _, err := ParseDecide(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestParseNowAndSpan(t *testing.T) {
	now, err := ParseNow("2026-12-01 09:00 America/Chicago")
	if err != nil || !now.Equal(time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %v", now, err)
	}
	for _, bad := range []string{"", "2026-12-01 09:00", "2026-12-01 09:00 Chicago/Land", "soon 09:00 America/Chicago"} {
		if _, err := ParseNow(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	for s, want := range map[string]time.Duration{"26h": 26 * time.Hour, "3d": 72 * time.Hour, "7m30s": 450 * time.Second} {
		if d, err := ParseSpan(s); err != nil || d != want {
			t.Errorf("%s: %v, %v", s, d, err)
		}
	}
	if _, err := ParseSpan("xd"); err == nil {
		t.Error("xd was taken")
	}
}

func TestFullStarts(t *testing.T) {
	rules, sites := scheduling.BuiltinRules(), scheduling.BuiltinSites()
	now := time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		in   string
		want int
	}{
		{"XCB 2026-12-11 10:00", 1},
		{"XCB 2026-12-11", 22}, // 8:00 to 15:00 in steps of 20 minutes
	} {
		full, err := ParseFull(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if starts, err := full.Starts(rules, sites, now); err != nil || len(starts) != c.want {
			t.Errorf("%s: %d starts, %v; want %d", c.in, len(starts), err, c.want)
		}
	}
	for _, bad := range []string{"", "XCB 2026-99-11", "XCB 2026-12-11 25:00", "a b c d"} {
		if _, err := ParseFull(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if _, err := (Full{Site: "XZZ"}).Starts(rules, sites, now); err == nil {
		t.Error("a site that there is not")
	}
}

func TestReadAct(t *testing.T) {
	for in, want := range map[string]Act{
		"hello":                {"said", "hello"},
		`two\nlines \u00e1`:    {"said", "two\nlines á"},
		"[Yes, move it]":       {"pressed", "Yes, move it"},
		"<old Yes, move it>":   {"old", "Yes, move it"},
		"<photo>":              {"photo", ""},
		"<edit hello there>":   {"edit", "hello there"},
		"<link IOE0000000101>": {"link", "IOE0000000101"},
		"<long 5>":             {"said", "I can"},
	} {
		if got := ReadAct(in); got != want {
			t.Errorf("%s: %+v, want %+v", in, got, want)
		}
	}
}

func TestParseStaff(t *testing.T) {
	for in, want := range map[string]Staff{
		"Lee representative Lee Park": {"Lee", scheduling.Representative, "Lee Park"},
		"Kim paralegal":               {"Kim", scheduling.Paralegal, "Kim"},
	} {
		if got, err := ParseStaff(in); err != nil || got != want {
			t.Errorf("%s: %+v, %v", in, got, err)
		}
	}
	for _, bad := range []string{"", "Lee", "Lee applicant", "Lee king"} {
		if _, err := ParseStaff(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// A shared file is as large as the dialogue says, and holds the same rows.
func TestShared(t *testing.T) {
	if n := len(Shared(1200)); n != 1200 {
		t.Errorf("%d bytes, want 1200", n)
	}
	for _, size := range []int64{0, 10, 1200, 3_000_000} {
		if got := strings.TrimRight(string(Shared(size)), "\n") + "\n"; got != sharedRows {
			t.Errorf("%d bytes: %q", size, got)
		}
	}
	first, second := scheduling.MustReceipt("IOE0000000102"), scheduling.MustReceipt("IOE0000000131")
	if got, want := WithShared([]scheduling.Receipt{first, second}), []scheduling.Receipt{first, second, scheduling.MustReceipt("IOE0000000101")}; !slices.Equal(got, want) {
		t.Errorf("on file: %v", got)
	}
}
