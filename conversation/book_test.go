package conversation_test

import (
	"fmt"
	"slices"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

// book is a small honest office in memory: what Step may look at, and what its
// effects change. The bot does the same with a database.
type book struct {
	now      time.Time
	rules    scheduling.Rules
	sites    scheduling.Sites
	booking  conversation.Booking
	files    []*file
	others   map[string]map[int64]int // seats taken by people who have no file here, by site and start
	codes    []*code
	requests int
	decided  []conversation.RequestOnDesk
	serial   int
	chats    []*chat
}

// file is a case, with the appointments that it had.
type file struct {
	conversation.Case
	since time.Time             // when the appointment in force was put down
	moved []scheduling.Slot     // what stands in its place has superseded these
	ended *conversation.Request // what ended when it was put down, nil nothing

	first, last, matter string
}

type code struct {
	text, caseID string
	by           string
	usedBy       *chat
	revoked      bool
	expires      time.Time
}

func newBook() *book {
	return &book{rules: scheduling.BuiltinRules(), sites: scheduling.BuiltinSites(), booking: conversation.Instant, others: map[string]map[int64]int{}}
}

func (b *book) file(id string) *file {
	for _, f := range b.files {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// put puts down what a case line says. It answers whom to tell about it.
func (b *book) put(line transcript.Case) (*file, []*chat, error) {
	id := "case-" + line.Receipt.Last4()
	f := b.file(id)
	fresh := f == nil
	if fresh {
		f = &file{Case: conversation.Case{ID: id, Receipt: line.Receipt}}
		b.files = append(b.files, f)
		for _, name := range line.Linked {
			c := b.chat(name)
			c.links[id] = b.now
			c.know(b.now)
		}
	}
	f.Form, f.Household, f.G28 = line.Form, line.Household, line.G28
	f.first, f.last, f.matter = line.First, line.Last, line.Matter
	old := f.Appointment
	f.Appointment, f.ended = nil, nil
	if line.Site != "" {
		a, err := b.appointment(line)
		if err != nil {
			return nil, nil, err
		}
		if old != nil && old.Site.Code == a.Site.Code && old.Local == a.Local && old.Status == a.Status && old.Count == a.Count {
			f.Appointment = old
			return f, nil, nil
		}
		if old != nil && old.Status == scheduling.Scheduled && a.Status == scheduling.Scheduled {
			f.supersede(*old, a.Site.Code, a.Local)
		}
		a.CaseID, f.Appointment, f.since = id, &a, b.now
	}
	if fresh {
		return f, nil, nil
	}
	if f.Request != nil {
		r := b.close(f, conversation.Withdrawn, "")
		f.ended = &r
	}
	switch {
	case f.Appointment == nil, f.Appointment.Status == scheduling.Scheduled:
	case old == nil, old.Status != scheduling.Scheduled, !f.Appointment.Start.After(b.now), f.Appointment.Status != scheduling.USCISMoved && f.Appointment.Status != scheduling.Cancelled:
		return f, nil, nil // nobody goes there by mistake
	}
	return f, b.linked(id), nil
}

func (b *book) appointment(line transcript.Case) (scheduling.Appointment, error) {
	site, ok := b.sites.Find(line.Site)
	if !ok {
		return scheduling.Appointment{}, fmt.Errorf("no site %s", line.Site)
	}
	start, err := site.Instant(line.Local)
	id := b.id("appointment")
	return scheduling.Appointment{ID: id, Chain: id, Receipt: line.Receipt, Form: line.Form, Site: site, Local: line.Local, Start: start,
		Status: line.Status, Count: line.Count, Version: 1}, err
}

func (b *book) id(kind string) string {
	b.serial++
	return fmt.Sprintf("%s-%d", kind, b.serial)
}

// linked are the chats of a case, in the order in which they came up.
func (b *book) linked(caseID string) []*chat {
	var out []*chat
	for _, c := range b.chats {
		if _, ok := c.links[caseID]; ok {
			out = append(out, c)
		}
	}
	return out
}

// taken counts the seats taken at one start: by the cases on file, by what
// requests hold, and by others.
func (b *book) taken(site string, start time.Time) int {
	n := b.others[site][start.Unix()]
	for _, f := range b.files {
		if a := f.Appointment; a != nil && a.Status == scheduling.Scheduled && a.Site.Code == site && a.Start.Equal(start) {
			n++
		}
		if r := f.Request; r != nil && r.To.Site == site && r.To.Start.Equal(start) {
			n++
		}
	}
	return n
}

func (b *book) free(site scheduling.Site, start time.Time) int {
	return max(0, site.Seats-b.taken(site.Code, start))
}

// fill lets others take the seats that are left.
func (b *book) fill(full transcript.Full) error {
	starts, err := full.Starts(b.rules, b.sites, b.now)
	if err != nil {
		return err
	}
	site, _ := b.sites.Find(full.Site)
	if b.others[full.Site] == nil {
		b.others[full.Site] = map[int64]int{}
	}
	for _, s := range starts {
		b.others[full.Site][s.Start.Unix()] += b.free(site, s.Start)
	}
	return nil
}

// move carries a change out, as the database would: it refuses what Step should
// have refused.
func (b *book) move(c conversation.Change) error {
	f := b.file(c.CaseID)
	site, ok := b.sites.Find(c.To.Site)
	switch {
	case f == nil || f.Appointment == nil || f.Appointment.ID != c.AppointmentID || f.Appointment.Version != c.Version:
		return fmt.Errorf("a change of an appointment that is not in force")
	case !ok || b.free(site, c.To.Start) == 0:
		return fmt.Errorf("a seat that is not free")
	case f.Request != nil:
		return fmt.Errorf("a change beside an open request")
	}
	b.replace(f, site, c.To)
	return nil
}

func (b *book) replace(f *file, site scheduling.Site, to scheduling.Slot) {
	next := *f.Appointment
	f.supersede(next, site.Code, to.Local)
	next.ID, next.Site, next.Local, next.Start = b.id("appointment"), site, to.Local, to.Start
	next.Count, next.Version = next.Count+1, 1
	f.Appointment, f.since = &next, b.now
}

// supersede notes an appointment that another place or time takes the place of.
func (f *file) supersede(old scheduling.Appointment, site string, local scheduling.Wall) {
	if old.Site.Code != site || old.Local != local {
		f.moved = append(f.moved, scheduling.Slot{Site: old.Site.Code, Local: old.Local, Start: old.Start})
	}
}

func (b *book) request(c conversation.Change) error {
	f := b.file(c.CaseID)
	site, ok := b.sites.Find(c.To.Site)
	switch {
	case f == nil || f.Appointment == nil || f.Appointment.ID != c.AppointmentID || f.Appointment.Version != c.Version:
		return fmt.Errorf("a request about an appointment that is not in force")
	case !ok || b.free(site, c.To.Start) == 0:
		return fmt.Errorf("a seat that is not free")
	case f.Request != nil:
		return fmt.Errorf("a second open request")
	}
	b.requests++
	f.Request = &conversation.Request{ID: b.id("request"), Name: fmt.Sprintf("R%d", b.requests), CaseID: f.ID, Receipt: f.Receipt,
		From: *f.Appointment, To: c.To, Reason: c.Reason, Words: c.Words, RequestedAt: b.now}
	return nil
}

// filed is what the linked applicants read about a request of somebody else's.
func (b *book) filed(f *file, but *chat) (letters []letter) {
	for _, c := range b.linked(f.ID) {
		if c != but {
			letters = append(letters, letter{c, conversation.Filed(c.language, *f.Request, b.facts(c))})
		}
	}
	return letters
}

// open is the case with the open request of that id or name.
func (b *book) open(request string) (*file, error) {
	for _, f := range b.files {
		if f.Request != nil && (f.Request.ID == request || f.Request.Name == request) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("no open request %s", request)
}

// decide records an outcome and answers what each applicant of the case reads.
func (b *book) decide(d conversation.Decision) ([]letter, error) {
	f, err := b.open(d.RequestID)
	if err != nil {
		return nil, err
	}
	r := b.close(f, d.Outcome, d.By)
	if d.Outcome == conversation.Confirmed {
		to := r.To
		if d.Site != "" {
			to.Site = d.Site
		}
		site, _ := b.sites.Find(to.Site)
		if d.At != (scheduling.Wall{}) {
			to.Local = d.At
		}
		if to.Start, err = site.Instant(to.Local); err != nil {
			return nil, err
		}
		b.replace(f, site, to)
	}
	var letters []letter
	for _, c := range b.linked(f.ID) {
		letters = append(letters, letter{c, conversation.Told(c.language, r, d, *f.Appointment, b.gate(f), b.facts(c))})
	}
	return letters, nil
}

// gate is the verdict about a case for its applicants.
func (b *book) gate(f *file) scheduling.Verdict {
	attempt := scheduling.Attempt{Appointment: f.Appointment, By: scheduling.Requester{Role: scheduling.Applicant, Allowed: true, G28: f.G28}, Now: b.now}
	if b.booking == conversation.Desk {
		attempt.Margin = transcript.Margin
	}
	return b.rules.Gate(attempt)
}

// changed is what the linked applicants read about a change by somebody else.
func (b *book) changed(f *file, but *chat) []letter {
	var letters []letter
	for _, c := range b.linked(f.ID) {
		if c != but && f.Appointment != nil {
			letters = append(letters, letter{c, conversation.Changed(c.language, *f.Appointment, b.gate(f), f.ended, b.facts(c))})
		}
	}
	return letters
}

// invite issues a code; there is one live code per case.
func (b *book) invite(caseID string) *code {
	b.revoke(caseID)
	c := &code{text: fmt.Sprintf("L%022d", len(b.codes)+1), caseID: caseID, by: "Lee Park", expires: b.now.Add(24 * time.Hour)}
	b.codes = append(b.codes, c)
	return c
}

// unlink ends a chat's tie to its cases, and the use of its codes.
func (b *book) unlink(c *chat) {
	clear(c.links)
	for _, code := range b.codes {
		if code.usedBy == c {
			code.revoked = true
		}
	}
}

func (b *book) revoke(caseID string) {
	for _, c := range b.codes {
		if c.caseID == caseID && c.usedBy == nil {
			c.revoked = true
		}
	}
}

// facts are what one chat may look at.
type facts struct {
	*book
	who *chat
}

func (b *book) facts(c *chat) facts { return facts{b, c} }

func (f facts) Now() time.Time          { return f.now }
func (f facts) Rules() scheduling.Rules { return f.rules }
func (f facts) Sites() scheduling.Sites { return f.sites }

func (f facts) Office() conversation.Office {
	o := conversation.Office{Name: transcript.Office, Phone: transcript.Phone, Booking: f.booking, Zone: transcript.FirmZone(), Hours: transcript.FirmHours()}
	if f.booking == conversation.Desk {
		o.Margin = transcript.Margin
	}
	return o
}

func (f facts) Person() conversation.Person {
	return conversation.Person{Role: f.who.role, Name: f.who.staffName, Reminders: f.who.reminders}
}

func (f facts) Cases() []conversation.Case {
	var out []conversation.Case
	for _, file := range f.files {
		if _, ok := f.who.links[file.ID]; ok {
			out = append(out, file.Case)
		}
	}
	slices.SortStableFunc(out, func(a, b conversation.Case) int {
		switch {
		case a.Appointment == nil && b.Appointment == nil:
			return 0
		case a.Appointment == nil:
			return 1
		case b.Appointment == nil:
			return -1
		}
		return a.Appointment.Start.Compare(b.Appointment.Start)
	})
	return out
}

func (f facts) Find(r scheduling.Receipt) (conversation.Case, bool) {
	return f.Case("case-" + r.Last4())
}

func (f facts) Case(id string) (conversation.Case, bool) {
	file := f.file(id)
	if f.who.role == scheduling.Applicant || file == nil {
		return conversation.Case{}, false
	}
	return file.Case, true
}

func (f facts) Openings(s scheduling.Site, q scheduling.Query) []scheduling.Slot {
	return f.rules.Openings(s, q, f.now, func(site string, from, to time.Time) map[int64]int {
		taken := map[int64]int{}
		for start := range f.others[site] {
			taken[start] = f.taken(site, time.Unix(start, 0))
		}
		for _, file := range f.files {
			if a := file.Appointment; a != nil {
				taken[a.Start.Unix()] = f.taken(site, a.Start)
			}
			if r := file.Request; r != nil {
				taken[r.To.Start.Unix()] = f.taken(site, r.To.Start)
			}
		}
		return taken
	})
}

func (f facts) Seats(site scheduling.Site, start time.Time) int { return f.free(site, start) }

func (f facts) Invitation(text string) (conversation.Case, bool) {
	for _, c := range f.codes {
		if c.text != text {
			continue
		}
		if !c.revoked && (c.usedBy == f.who || c.usedBy == nil && f.now.Before(c.expires)) {
			return f.file(c.caseID).Case, true
		}
	}
	return conversation.Case{}, false
}
