package ledger

import (
	"bytes"
	"time"

	"reschedulebot/scheduling"
)

// Sample is what the terminal's sample book holds at now: ten appointments, one
// for each answer that the bot can give about an appointment. All people are
// invented.
//
//	IOE0000000101  may be moved: never moved before; 10 days ahead, 10:00, Chicago
//	IOE0000000102  may be moved once more
//	IOE0000000103  moved twice: Contact Center
//	IOE0000000104  starts in less than 12 hours: Contact Center
//	IOE0000000105  passed: Contact Center
//	IOE0000000106  an adoption form: Contact Center
//	IOE0000000107  one person with two receipts
//	IOE0000000108  and the same slot
//	IOE0000000109  Guam, Monday 08:00: the phone is shut from the tool's cut-off on
//	EAC0000000110  somebody else's
//
// Days on which a site is shut are passed over, so "10 days ahead" is the first
// open day from then on, and Guam's Monday the first that is open and whose
// cut-off is still to come. Chicago is XCB; a site that sites does not have is
// the built-in one. 104 is the only one that may be off a site's grid: at night
// and on weekends no visit starts anywhere within 12 hours.
func Sample(now time.Time, sites scheduling.Sites) []Entry {
	s := sampler{now, sites, scheduling.BuiltinRules()}
	chicago, guam := s.site("XCB"), s.site("XHG")
	soonSite, soon := s.soon(chicago)
	monday := s.monday(guam)
	return []Entry{
		s.entry(person{"Marisol", "Tejeda", "H-2001", "M-2101"}, "IOE0000000101", "I-485", "en", chicago, s.ahead(chicago, 10, 10, 0), 0, ""),
		s.entry(person{"Tomas", "Arbelo", "H-2002", "M-2102"}, "IOE0000000102", "N-400", "es", chicago, s.ahead(chicago, 11, 9, 20), 1, "Works nights; mornings are hard."),
		s.entry(person{"Priya", "Venkatesan", "H-2003", "M-2103"}, "IOE0000000103", "I-90", "en", s.site("XPQ"), s.ahead(s.site("XPQ"), 9, 11, 0), 2, ""),
		s.entry(person{"Danilo", "Ocampo", "H-2004", "M-2104"}, "IOE0000000104", "I-485", "en", soonSite, soon, 0, ""),
		s.entry(person{"Wanjiru", "Kimathi", "H-2005", "M-2105"}, "IOE0000000105", "I-765", "en", chicago, s.before(chicago, 9, 0), 0, ""),
		s.entry(person{"Helen", "Brandvold", "H-2006", "M-2106"}, "IOE0000000106", "I-600", "en", chicago, s.ahead(chicago, 14, 13, 0), 0, ""),
		s.entry(person{"Ximena", "Larrota", "H-2007", "M-2107"}, "IOE0000000107", "I-485", "es", chicago, s.ahead(chicago, 12, 14, 0), 0, "Two notices, one visit."),
		s.entry(person{"Ximena", "Larrota", "H-2007", "M-2108"}, "IOE0000000108", "I-765", "es", chicago, s.ahead(chicago, 12, 14, 0), 0, "Two notices, one visit."),
		s.entry(person{"Jun", "Salas", "H-2009", "M-2109"}, "IOE0000000109", "I-90", "en", guam, monday, 0, ""),
		s.entry(person{"Oksana", "Hrynko", "H-2010", "M-2110"}, "EAC0000000110", "I-485", "en", s.site("XNK"), s.ahead(s.site("XNK"), 13, 10, 20), 0, ""),
	}
}

// SampleCSV is Sample as an appointments file that [ReadAppointments] reads.
func SampleCSV(now time.Time, sites scheduling.Sites) []byte {
	var b bytes.Buffer
	t := NewTable[entryRecord](&b, CSV)
	for _, e := range Sample(now, sites) {
		t.Write(entryRecord{e, true})
	}
	t.Close() // a buffer takes everything
	return b.Bytes()
}

type sampler struct {
	now   time.Time
	sites scheduling.Sites
	rules scheduling.Rules
}

type person struct{ first, last, household, matter string }

func (s sampler) site(code string) scheduling.Site {
	site, ok := s.sites.Find(code)
	if !ok {
		site, _ = scheduling.BuiltinSites().Find(code)
	}
	return site
}

func (s sampler) entry(p person, receipt, form, language string, site scheduling.Site, w scheduling.Wall, count int, notes string) Entry {
	start, err := site.Instant(w)
	if err != nil {
		panic(err) // no clock change falls into the hours chosen here
	}
	last4 := receipt[len(receipt)-4:]
	return Entry{
		Receipt: scheduling.MustReceipt(receipt), Site: site, Local: w, Start: start,
		Form: form, Count: count, CountGiven: true,
		FirstName: p.first, LastName: p.last, Language: language, Matter: p.matter, Household: p.household,
		Phone: "555-" + last4, Email: "client" + last4 + "@example.com", Attorney: "Dana Whitlock",
		G28: true, G28Given: true, Notes: notes,
		NoticeDate: w.Date.AddDays(-30).String(), Status: scheduling.Scheduled, Given: AllColumns,
	}
}

// searchDays is how far ahead an open day is looked for.
const searchDays = 60

// ahead is the given time on the first open day at least so many days ahead. A
// site without a start at that time of day takes its first start of the first
// open day instead.
func (s sampler) ahead(site scheduling.Site, days, hour, minute int) scheduling.Wall {
	first := scheduling.DateOf(s.now.In(site.Location())).AddDays(days)
	var open scheduling.Wall
	for day := range searchDays {
		want := scheduling.Wall{Date: first.AddDays(day), Hour: hour, Minute: minute}
		for _, w := range site.Starts(want.Date, s.rules.Closed) {
			if w == want {
				return want
			}
			if _, err := site.Instant(w); err == nil && open.IsZero() {
				open = w
			}
		}
	}
	if open.IsZero() { // a site that never opens
		open = scheduling.Wall{Date: first, Hour: hour, Minute: minute}
	}
	return open
}

// before is the given time on the last open day before today.
func (s sampler) before(site scheduling.Site, hour, minute int) scheduling.Wall {
	day := scheduling.DateOf(s.now.In(site.Location())).AddDays(-1)
	for back := range searchDays {
		if d := day.AddDays(-back); site.Starts(d, s.rules.Closed) != nil {
			day = d
			break
		}
	}
	return scheduling.Wall{Date: day, Hour: hour, Minute: minute}
}

// monday is 08:00 on the first open Monday before whose tool cut-off it still is.
func (s sampler) monday(site scheduling.Site) scheduling.Wall {
	day := scheduling.DateOf(s.now.In(site.Location()))
	for ; ; day = day.AddDays(1) {
		w := scheduling.Wall{Date: day, Hour: 8}
		start, err := site.Instant(w)
		if err == nil && day.Weekday() == time.Monday && !s.rules.Closed(day) && start.Sub(s.now) > s.rules.Window {
			return w
		}
	}
}

// soon is a start that is less than 12 hours away: the one nearest to six hours
// ahead at the first site, home before all others, that has one two to eleven
// hours ahead. Where none has, it is a time off the grid at home, six hours ahead
// and rounded down to the third of an hour.
func (s sampler) soon(home scheduling.Site) (scheduling.Site, scheduling.Wall) {
	const ideal = 6 * time.Hour
	type rhythm struct {
		zone  string
		hours scheduling.Hours
		step  int
	}
	tried := map[rhythm]bool{}
	for _, site := range append([]scheduling.Site{home}, s.sites.Near(home)...) {
		same := rhythm{site.Zone, site.Hours, site.VisitMinutes}
		if tried[same] {
			continue
		}
		tried[same] = true
		var best scheduling.Wall
		nearest := 5 * time.Hour
		today := scheduling.DateOf(s.now.In(site.Location()))
		for day := range 2 {
			for _, w := range site.Starts(today.AddDays(day), s.rules.Closed) {
				start, err := site.Instant(w)
				if off := (start.Sub(s.now) - ideal).Abs(); err == nil && off < nearest && start.Sub(s.now) > 2*time.Hour {
					best, nearest = w, off
				}
			}
		}
		if !best.IsZero() {
			return site, best
		}
	}
	t := s.now.Add(ideal).In(home.Location())
	w := scheduling.WallOf(t)
	w.Minute -= w.Minute % 20
	return home, w
}
