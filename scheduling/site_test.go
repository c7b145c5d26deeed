package scheduling_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	. "reschedulebot/scheduling"
)

func TestBuiltinSites(t *testing.T) {
	all := BuiltinSites().All()
	offered := 0
	for i, s := range all {
		if i > 0 && all[i-1].Code >= s.Code {
			t.Errorf("%s comes after %s", s.Code, all[i-1].Code)
		}
		if s.Offered() {
			offered++
		}
		if s.VisitMinutes != 20 || s.Seats != 4 || s.Hours.String() != "Mon-Fri 08:00-16:00" || s.Name() == "" {
			t.Errorf("%s: %q, visits of %d minutes, %d seats, %v", s.Code, s.Name(), s.VisitMinutes, s.Seats, s.Hours)
		}
		if got := s.Location().String(); got != s.Zone {
			t.Errorf("%s is in %s, its location is %s", s.Code, s.Zone, got)
		}
	}
	if len(all) != 152 || offered != 138 {
		t.Errorf("%d sites, %d offered; want 152 and 138", len(all), offered)
	}
	all[0].City = "Atlantis"
	if site(t, all[0].Code).City == "Atlantis" {
		t.Error("a caller changed the list")
	}
	if (Sites{}).All() != nil && len((Sites{}).All()) != 0 {
		t.Error("the empty list has sites")
	}
}

func TestUnusual(t *testing.T) {
	now := time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	rules := BuiltinRules()
	rules.ExtraClosedDays = []Date{{Year: 2026, Month: 12, Day: 24}}
	saturdays := site(t, "XCB")
	saturdays.Hours, _ = ParseHours("Tue-Sat 07:00-15:00")
	for _, c := range []struct {
		site Site
		at   string
		want Unusual
	}{
		{site(t, "XCB"), "2026-12-03 08:00", ""},
		{site(t, "XCB"), "2026-12-03 07:59", UsuallyClosed},
		{site(t, "XCB"), "2026-12-03 15:59", ""},
		{site(t, "XCB"), "2026-12-03 16:00", UsuallyClosed},
		{site(t, "XCB"), "2026-12-05 10:00", UsuallyClosed}, // a Saturday
		{site(t, "XCB"), "2026-12-06 10:00", UsuallyClosed}, // a Sunday
		{site(t, "XCB"), "2026-12-24 10:00", UsuallyClosed}, // closed by the rules file
		{site(t, "XCB"), "2026-12-25 10:00", UsuallyClosed}, // Christmas
		{site(t, "XCB"), "2026-07-03 10:00", UsuallyClosed}, // the 4th is a Saturday: observed the day before
		{site(t, "XHG"), "2026-12-25 10:00", UsuallyClosed}, // Guam keeps the federal holidays
		{site(t, "XCB"), "2027-12-02 10:00", ""},
		{site(t, "XCB"), "2027-12-03 10:00", FarAhead}, // today is Dec 1 in Chicago, and Dec 2 in Guam
		{site(t, "XHG"), "2027-12-03 10:00", ""},
		{site(t, "XCB"), "2096-12-25 10:00", FarAhead},
		{saturdays, "2026-12-05 07:00", ""},
		{saturdays, "2026-12-07 10:00", UsuallyClosed}, // closed on Mondays
	} {
		at, err := ParseWall(c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := rules.Unusual(c.site, at, now); got != c.want {
			t.Errorf("%s at %s, %s: %q, want %q", c.site.Code, c.at, c.site.Hours, got, c.want)
		}
	}
}

func TestSiteNames(t *testing.T) {
	for code, want := range map[string]string{
		"XCB": "Chicago, IL", "XHG": "Guam", "XHS": "Saipan, MP", "XDA": "Dallas, TX (XDA)",
		"XDJ": "Salt Lake City, UT", "XCC": "Salt Lake City, UT (XCC)", "XGI": "Wilmington", "XIP": "Hawaii (XIP)",
	} {
		if got := site(t, code).Name(); got != want {
			t.Errorf("%s is %q, want %q", code, got, want)
		}
	}
	for _, code := range []string{" xcb ", "XCB"} {
		if s, ok := BuiltinSites().Find(code); !ok || s.Code != "XCB" {
			t.Errorf("%q is not found", code)
		}
	}
	for _, code := range []string{"", "XC", "XZZ", "Chicago"} {
		if s, ok := BuiltinSites().Find(code); ok {
			t.Errorf("%q is %s", code, s.Code)
		}
	}
}

func TestWith(t *testing.T) {
	changed := site(t, "XCB")
	changed.Seats = 1
	more := BuiltinSites().With(changed, Site{Code: "XZZ", City: "Nowhere", Zone: "America/Chicago", Kind: "fixed"})
	if s, _ := more.Find("XCB"); s.Seats != 1 {
		t.Error("a site was not replaced")
	}
	if site(t, "XCB").Seats != 4 {
		t.Error("the original list has changed")
	}
	if n := len(more.All()); n != 153 {
		t.Errorf("%d sites, want 153", n)
	}
}

func TestNear(t *testing.T) {
	near := BuiltinSites().Near(site(t, "XCB"))
	var codes []string
	for _, s := range near[:4] {
		codes = append(codes, s.Code)
	}
	if got := strings.Join(codes, " "); got != "XCA XCD XCE XCF" { // Norridge, Naperville, Waukegan, Michigan City
		t.Errorf("near Chicago are %s", got)
	}
	if len(near) != 137 {
		t.Errorf("%d sites besides Chicago, want 137", len(near))
	}
	for _, s := range near {
		if !s.Offered() || s.Code == "XCB" {
			t.Errorf("%s is among them", s.Code)
		}
	}
	// Nobody knows where this Wilmington is: the same zone comes first.
	for i, s := range BuiltinSites().Near(site(t, "XGI"))[:40] {
		if s.Zone != "America/New_York" {
			t.Errorf("number %d near Wilmington is %s in %s", i+1, s.Name(), s.Zone)
		}
	}
}

func TestSearch(t *testing.T) {
	for typed, want := range map[string]string{
		"xcb": "XCB", "Chicago": "XCB", "  CHICAGO, Illinois!": "XCB", "chicago il": "XCB",
		"portland": "XPJ XPL", "Portland, OR": "XPL", "portland oregon": "XPL",
		"St Louis": "XKC", "Saint Louis": "XKC", "st. louis": "XKC", "ft worth": "XDB",
		"san josé": "XTE", "NYC": "XNK", "philly": "XPA XPS",
		"Guam": "XHG", "puerto rico": "XPM", "I would like to go to Milwaukee please": "XCH",
		"Washington, D.C.": "XDE", "DC": "XDE", "in Washington DC please": "XDE", "Las Vegas": "XPF", "vegas": "XPF",
		"Filadelfia": "XPA XPS", "Nueva Jersey": "XNO XNP", "Nuevo México": "XEC", "Luisiana": "XNA",
		"Carolina del Norte": "XAD XAF", "en Virginia Occidental": "XPC", "la ciudad de Nueva York": "XNK", "New York please": "XNK", "in West Virginia": "XPC",
		"illinois": "XCB XCA XCD XCE", "il": "XCB XCA XCD XCE", "Milw": "XCH",
		"Columbus, GA": "", "Columbus, Georgia": "XAC", "I live in Alexandria, Louisiana": "XNA", "chicago ok": "XCB",
		"Kansas City, Kansas": "XKA", "from Texas to Chicago": "XCB", "chicago or milwaukee": "XCB XCH",
		"fort benning": "", "kodiak": "", "": "", "x": "", "atlantis": "", "!!!": "",
	} {
		var codes []string
		for _, s := range BuiltinSites().Search(typed, site(t, "XCB")) {
			codes = append(codes, s.Code)
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
	// Of equals the nearest comes first.
	for from, first := range map[string]string{"XBD": "XPJ", "XTD": "XPL"} {
		if got := BuiltinSites().Search("Portland", site(t, from))[0].Code; got != first {
			t.Errorf("from %s the first Portland is %s, want %s", from, got, first)
		}
	}
}

func TestStarts(t *testing.T) {
	s := site(t, "XCB")
	starts := s.Starts(day(t, "2026-06-10"), nil)
	if len(starts) != 22 || starts[0] != wall(t, "2026-06-10 08:00") || starts[1] != wall(t, "2026-06-10 08:20") || starts[21] != wall(t, "2026-06-10 15:00") {
		t.Errorf("on a Wednesday visits start at %v", starts)
	}
	for _, d := range []string{"2026-06-13", "2026-06-14", "2026-07-03"} { // Saturday, Sunday, observed holiday
		if got := s.Starts(day(t, d), BuiltinRules().Closed); len(got) != 0 {
			t.Errorf("on %s visits start at %v", d, got)
		}
	}
	s.VisitMinutes = 0
	if got := s.Starts(day(t, "2026-06-10"), nil); got != nil {
		t.Errorf("visits without length start at %v", got)
	}
}

func TestReadSites(t *testing.T) {
	const csv = "\ufeffKind,SITE_CODE,city,state,zone,hours,visit_minutes,seats,lat,lon,colour\r\n" +
		"fixed,xza,Springfield,il,America/Chicago,Tue-Sat 9:00-12:00,30,2,39.8,-89.6,red\r\n" +
		"Mobile,XZB,\"Nome, harbour\",AK,America/Nome,,,,,,\r\n"
	rows, err := ReadSites(strings.NewReader(csv))
	if err != nil || len(rows) != 2 || rows[0].Err != nil || rows[1].Err != nil {
		t.Fatalf("%+v, %v", rows, err)
	}
	a, b := rows[0].Site, rows[1].Site
	if a.Code != "XZA" || a.Hours.String() != "Tue-Sat 09:00-12:00" || a.VisitMinutes != 30 || a.Seats != 2 || a.Lat != 39.8 || !a.Offered() || a.Name() != "Springfield, IL" || rows[0].Line != 2 {
		t.Errorf("the first row is %+v", rows[0])
	}
	if b.Hours.String() != "Mon-Fri 08:00-16:00" || b.VisitMinutes != 20 || b.Seats != 4 || b.Offered() || rows[1].Line != 3 {
		t.Errorf("the second row is %+v", rows[1])
	}
	if got := a.Starts(day(t, "2026-06-13"), nil); len(got) != 5 || got[4] != wall(t, "2026-06-13 11:00") {
		t.Errorf("on a Saturday visits start at %v", got)
	}
}

func TestReadSitesFaults(t *testing.T) {
	const head = "site_code,city,state,zone,kind,hours,visit_minutes,seats,lat,lon\n"
	for _, test := range []struct {
		row  string
		says []string
	}{
		{"X1,Springfield,IL,America/Chicago,fixed,,,,,", []string{"site_code:"}},
		{"XZA,,,America/Chicago,fixed,,,,,", []string{"city:"}},
		{"XZA,Springfield,ZZ,America/Chicago,fixed,,,,,", []string{"state:"}},
		{"XZA,Springfield,IL,Chicago,fixed,,,,,", []string{"zone:"}},
		{"XZA,Springfield,IL,Local,fixed,,,,,", []string{"zone:"}},
		{"XZA,Springfield,IL,America/Chicago,,,,,,", []string{"kind:"}},
		{"XZA,Springfield,IL,America/Chicago,fixed,all day,,,,", []string{"hours:"}},
		{"XZA,Springfield,IL,America/Chicago,fixed,Mon 08:00-08:30,,,,", []string{"hours:"}},
		{"XZA,Springfield,IL,America/Chicago,fixed,,0,,,", []string{"visit_minutes:"}},
		{"XZA,Springfield,IL,America/Chicago,fixed,,,-3,,", []string{"seats:"}},
		{"XZA,Springfield,IL,America/Chicago,fixed,,,many,,", []string{"seats:"}},
		{"XZA,Springfield,IL,America/Chicago,fixed,,,,91,NaN", []string{"lat:", "lon:"}},
		{",,,,,never,x,y,z,w", []string{"site_code:", "city:", "zone:", "kind:", "hours:", "visit_minutes:", "seats:", "lat:", "lon:"}},
	} {
		rows, err := ReadSites(strings.NewReader(head + test.row + "\n"))
		if err != nil || len(rows) != 1 || rows[0].Err == nil {
			t.Errorf("%q: %+v, %v; want one row with an error", test.row, rows, err)
			continue
		}
		for _, column := range test.says {
			if !strings.Contains(rows[0].Err.Error(), column) {
				t.Errorf("%q: %q does not say %s", test.row, rows[0].Err, column)
			}
		}
		if n := strings.Count(rows[0].Err.Error(), "\n") + 1; n != len(test.says) {
			t.Errorf("%q: %d faults, want %d:\n%v", test.row, n, len(test.says), rows[0].Err)
		}
	}
	rows, err := ReadSites(strings.NewReader(head + "XZA,A,IL,America/Chicago,fixed\nxza,B,IL,America/Chicago,fixed\n"))
	if err != nil || len(rows) != 2 || rows[0].Err != nil || rows[1].Err == nil || !strings.Contains(rows[1].Err.Error(), "line 2") {
		t.Errorf("the same code twice: %+v, %v", rows, err)
	}
	for given, says := range map[string]string{
		"":                       "empty",
		"site_code,city\nXZA,A":  "state, zone, kind",
		head + "XZA,\"A,IL":      "not a CSV file",
		"\"site_code,city\nXZA,": "not a CSV file",
	} {
		if _, err := ReadSites(strings.NewReader(given)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, should say %q", given, err, says)
		}
	}
	good, err := ReadSites(strings.NewReader(head + "XZA,A,IL,America/Chicago,fixed\nXZB,\"B,IL"))
	if err == nil || len(good) != 1 {
		t.Errorf("a file broken in the middle gives %d rows and %v; want the good one and an error", len(good), err)
	}
	if !slices.ContainsFunc(good, func(r SiteRow) bool { return r.Site.Code == "XZA" && r.Err == nil }) {
		t.Error("the good row is lost")
	}
}
