package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"reschedulebot/scheduling"
)

// Who runs the bot in every dialogue, where and when they work, and the desk margin.
const (
	Office = "Lee & Park LLP"
	Phone  = "312-555-0100"
	Margin = 4 * time.Hour
	Zone   = "America/Chicago"
	Hours  = "Mon-Fri 09:00-17:00"
)

// FirmZone is Zone. It is read once: a stage asks for it in every Step.
var FirmZone = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		panic(err)
	}
	return zone
})

// FirmHours are Hours.
var FirmHours = sync.OnceValue(func() scheduling.Hours {
	hours, err := scheduling.ParseHours(Hours)
	if err != nil {
		panic(err)
	}
	return hours
})

// ParseNow reads "2026-12-01 09:00 America/Chicago".
func ParseNow(s string) (time.Time, error) {
	f := strings.Fields(s)
	if len(f) != 3 {
		return time.Time{}, fmt.Errorf("write now: DATE TIME ZONE")
	}
	loc, err := time.LoadLocation(f[2])
	if err != nil {
		return time.Time{}, err
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, f[0]+" "+f[1], loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("write the time like 2026-12-01 09:00")
}

// ParseSpan reads a length of time: "26h", "7m30s", "3d".
func ParseSpan(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(s)
}

// A Case is a case line: one receipt, and what is on file for it.
type Case struct {
	Receipt   scheduling.Receipt
	Form      string
	Site      string // "": no appointment on file
	Local     scheduling.Wall
	Count     int
	Status    scheduling.Status
	G28       bool
	Household string
	First     string
	Last      string
	Matter    string
	Linked    []string // speakers
}

// ParseCase reads "RECEIPT FORM SITE DATE TIME" or "RECEIPT FORM none", then any
// of count=1, status=completed, g28=no (default yes), household=H1, name=Ana_Lopez
// (first name, last name), matter=M-1, linked=Ana,Ben or linked=no (default Ana).
func ParseCase(s string) (Case, error) {
	c := Case{G28: true, Status: scheduling.Scheduled, Linked: []string{"Ana"}}
	var plain []string
	for _, f := range strings.Fields(s) {
		key, value, ok := strings.Cut(f, "=")
		if !ok {
			plain = append(plain, f)
			continue
		}
		if err := c.set(key, value); err != nil {
			return c, err
		}
	}
	if len(plain) != 5 && (len(plain) != 3 || plain[2] != "none") {
		return c, fmt.Errorf("write case: RECEIPT FORM SITE DATE TIME, or RECEIPT FORM none")
	}
	var err error
	if c.Receipt, err = scheduling.ParseReceipt(plain[0]); err != nil {
		return c, err
	}
	c.Form = plain[1]
	if len(plain) == 5 {
		c.Site = plain[2]
		c.Local, err = scheduling.ParseWall(plain[3] + " " + plain[4])
	}
	return c, err
}

func (c *Case) set(key, value string) (err error) {
	switch key {
	case "count":
		c.Count, err = strconv.Atoi(value)
	case "status":
		c.Status = scheduling.Status(value)
	case "g28":
		c.G28 = value == "yes"
	case "household":
		c.Household = value
	case "name":
		c.First, c.Last, _ = strings.Cut(value, "_")
	case "matter":
		c.Matter = value
	case "linked":
		c.Linked = strings.Split(value, ",")
		if value == "no" {
			c.Linked = nil
		}
	default:
		err = fmt.Errorf("a case has no %q", key)
	}
	return err
}

// A Full is a full line: which starts of a site have no seats left.
type Full struct {
	Site string
	Date scheduling.Date // zero: every day of the horizon
	Wall scheduling.Wall // zero: every start of the day
}

// ParseFull reads "SITE", "SITE DATE" or "SITE DATE TIME".
func ParseFull(s string) (Full, error) {
	f := strings.Fields(s)
	if len(f) == 0 || len(f) > 3 {
		return Full{}, fmt.Errorf("write full: SITE [DATE [TIME]]")
	}
	full := Full{Site: f[0]}
	var err error
	if len(f) > 1 {
		full.Date, err = scheduling.ParseDate(f[1])
	}
	if len(f) > 2 && err == nil {
		full.Wall, err = scheduling.ParseWall(f[1] + " " + f[2])
	}
	return full, err
}

// Starts are the starts that it names and that could be offered from now on.
func (f Full) Starts(r scheduling.Rules, sites scheduling.Sites, now time.Time) ([]scheduling.Slot, error) {
	site, ok := sites.Find(f.Site)
	if !ok {
		return nil, fmt.Errorf("no site %s", f.Site)
	}
	if f.Wall != (scheduling.Wall{}) {
		start, err := site.Instant(f.Wall)
		return []scheduling.Slot{{Site: f.Site, Local: f.Wall, Start: start}}, err
	}
	q := scheduling.Query{From: f.Date, To: f.Date, Limit: 10_000}
	if f.Date == (scheduling.Date{}) {
		q.From = scheduling.DateOf(now.In(site.Location()))
	}
	empty := func(string, time.Time, time.Time) map[int64]int { return nil }
	slots := r.Openings(site, q, now, empty)
	if len(slots) == 0 {
		return nil, fmt.Errorf("nothing is offered there anyway")
	}
	return slots, nil
}

// A Decide is a decide line.
type Decide struct {
	Request string // R1
	Confirm bool
	At      scheduling.Wall // zero: as requested
	Site    string          // "": as requested
	Words   string          // why it was refused
	By      string
}

// ParseDecide reads `R1 confirm [--at "2026-12-03 10:20"] [--site XAA]` or
// `R1 refuse "words"`, both with [--by NAME] (default "Lee Park").
func ParseDecide(s string) (Decide, error) {
	f := quoted(s)
	if len(f) < 2 {
		return Decide{}, fmt.Errorf("write decide: R1 confirm, or R1 refuse \"words\"")
	}
	d := Decide{Request: f[0], Confirm: f[1] == "confirm", By: "Lee Park"}
	f = f[2:]
	if !d.Confirm {
		if len(f) == 0 {
			return d, fmt.Errorf("a refusal needs words")
		}
		d.Words, f = f[0], f[1:]
	}
	for ; len(f) > 1; f = f[2:] {
		switch f[0] {
		case "--at":
			w, err := scheduling.ParseWall(f[1])
			if err != nil {
				return d, err
			}
			d.At = w
		case "--site":
			d.Site = f[1]
		case "--by":
			d.By = f[1]
		default:
			return d, fmt.Errorf("decide has no %s", f[0])
		}
	}
	return d, nil
}

// Args are the arguments of the command line `reschedulebot decide`.
func (d Decide) Args() []string {
	args := []string{d.Request}
	if d.Confirm {
		args = append(args, "--confirm")
	} else {
		args = append(args, "--refuse", d.Words)
	}
	if d.At != (scheduling.Wall{}) {
		args = append(args, "--at", strings.Replace(d.At.String(), "T", " ", 1))
	}
	if d.Site != "" {
		args = append(args, "--site", d.Site)
	}
	return append(args, "--by", d.By)
}

// quoted splits at spaces outside of "quotes".
func quoted(s string) []string {
	inside := false
	var out []string
	var word strings.Builder
	begun := false
	for _, r := range s + " " {
		switch {
		case r == '"':
			inside, begun = !inside, true
		case r == ' ' && !inside:
			if begun {
				out = append(out, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	return out
}

// A Staff is a staff line: the speaker, the role and the name for the record.
type Staff struct {
	Speaker string
	Role    scheduling.Role
	Name    string
}

// ParseStaff reads "Lee representative" or "Lee representative Lee Park".
func ParseStaff(s string) (Staff, error) {
	f := strings.Fields(s)
	roles := []scheduling.Role{scheduling.Paralegal, scheduling.Representative, scheduling.Admin}
	if len(f) < 2 || !slices.Contains(roles, scheduling.Role(f[1])) {
		return Staff{}, fmt.Errorf("write staff: NAME paralegal|representative|admin")
	}
	st := Staff{Speaker: f[0], Role: scheduling.Role(f[1]), Name: strings.Join(f[2:], " ")}
	if st.Name == "" {
		st.Name = st.Speaker
	}
	return st, nil
}

// OnFile writes what is on file for a case: its latest appointment and, where
// there is one, its open request with the name that staff use.
func OnFile(r scheduling.Receipt, a *scheduling.Appointment, request string, to scheduling.Slot) []string {
	line := "= " + r.Reveal()
	if a == nil {
		line += " no appointment"
	} else {
		line += fmt.Sprintf(" %s %s %s count %d", a.Status, a.Site.Code, strings.Replace(a.Local.String(), "T", " ", 1), a.Count)
	}
	if request == "" {
		return []string{line}
	}
	return []string{line, fmt.Sprintf("= %s requested %s %s", request, to.Site, strings.Replace(to.Local.String(), "T", " ", 1))}
}
