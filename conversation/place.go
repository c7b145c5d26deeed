package conversation

import "reschedulebot/scheduling"

func (t *turn) placeQuestion() (Text, []choice) {
	c, ok := t.draftCase()
	if !ok || c.Appointment == nil {
		return t.w.text("place.ask"), []choice{t.choice("place.other", "other")}
	}
	return t.w.text("place.ask"), []choice{
		t.choice("place.same", "same", with{"site": c.Appointment.Site.Name()}),
		t.choice("place.other", "other"),
	}
}

func (t *turn) placeAnswer(value string) {
	c, ok := t.current()
	if !ok {
		return
	}
	t.anyPlace()
	if value == "other" {
		t.next(AskSite)
		return
	}
	t.site(c.Appointment.Site)
}

// current is the case of the flow with its appointment as it was shown. When
// somebody else has changed it meanwhile, the person is told and shown the new
// one, and false is returned (R18).
func (t *turn) current() (Case, bool) {
	c, ok := t.draftCase()
	if !ok || c.Appointment == nil {
		t.done(t.w.text("gone.case", t.office()))
		return c, false
	}
	if c.Appointment.ID != t.s.Draft.AppointmentID || c.Appointment.Version != t.s.Draft.Version {
		t.before = join(t.before, t.w.text("changed.meanwhile"))
		t.s.Step = Idle
		t.pick(c)
		return c, false
	}
	if c.Request != nil {
		t.s.Step = Idle
		t.pick(c)
		return c, false
	}
	return c, true
}

// anyPlace forgets which places were listed and sought.
func (t *turn) anyPlace() { t.s.Draft.Listed, t.s.Draft.Page, t.s.Draft.Sought = nil, 0, "" }

// siteQuestion offers the nearest sites, or those that were found by name.
func (t *turn) siteQuestion() (Text, []choice) {
	if len(t.s.Draft.Listed) == 0 {
		near := t.nearSites()
		t.s.Draft.Found = t.s.Draft.Sought != ""
		from := min(t.s.Draft.Page*perPage, max(len(near)-perPage, 0))
		for _, s := range near[from:min(from+perPage, len(near))] {
			t.s.Draft.Listed = append(t.s.Draft.Listed, s.Code)
		}
	}
	var choices []choice
	for i, code := range t.s.Draft.Listed {
		if s, ok := t.f.Sites().Find(code); ok {
			choices = append(choices, choice{label: s.Name(), value: "s" + itoa(i), words: []string{s.Code}})
		}
	}
	ask := "site.ask"
	if t.s.Draft.Found || !t.knowsWhere() {
		ask = "site.which"
	}
	return t.w.text(ask), append(choices, t.choice("more.sites", "more"))
}

// knowsWhere tells whether it is known which places are near the appointment's.
func (t *turn) knowsWhere() bool {
	c, ok := t.draftCase()
	return ok && c.Appointment != nil && (c.Appointment.Site.Lat != 0 || c.Appointment.Site.Lon != 0)
}

// nearSites are the places to choose from, the nearest first: all of them, or those
// of the name that was typed.
func (t *turn) nearSites() []scheduling.Site {
	c, ok := t.draftCase()
	if !ok || c.Appointment == nil {
		return nil
	}
	if t.s.Draft.Sought != "" {
		return t.f.Sites().Search(t.s.Draft.Sought, c.Appointment.Site)
	}
	return t.f.Sites().Near(c.Appointment.Site)
}

func (t *turn) siteAnswer(value string) {
	if value == "more" {
		t.s.Draft.Page++
		if t.s.Draft.Page*perPage >= len(t.nearSites()) {
			t.anyPlace()
		}
		t.s.Draft.Listed = nil
		t.ask(AskSite)
		return
	}
	if code, ok := listed(t.s.Draft.Listed, value); ok {
		if s, ok := t.f.Sites().Find(code); ok {
			t.site(s)
			return
		}
	}
	t.again(t.w.text("outofdate"))
}

// placeSaid takes a date, which means the same place, or the name of another one.
func (t *turn) placeSaid(text string) {
	c, ok := t.current()
	if !ok {
		return
	}
	home := c.Appointment.Site
	if _, ok := understandDate(text, t.w.lang, t.now.In(home.Location())); ok && !home.Offered() {
		t.site(home)
		return
	} else if ok {
		t.s.Draft.Site = home.Code
		t.s.Draft.From = c.Appointment.Local.Date.AddDays(1)
		t.s.Draft.Past = append(t.s.Draft.Past, AskPlace)
		t.s.Step = AskSlot
		t.slotSaid(text)
		return
	}
	if !isYesOrNo(text) && len(t.f.Sites().Search(text, home)) > 0 {
		t.siteSaid(text)
		return
	}
	t.again(t.w.text("choose"))
}

// siteSaid finds a place that was typed: a city, a state, a code.
func (t *turn) siteSaid(text string) {
	c, ok := t.current()
	if !ok {
		return
	}
	if isYesOrNo(text) {
		t.again(t.w.text("choose"))
		return
	}
	found := t.f.Sites().Search(text, c.Appointment.Site)
	switch len(found) {
	case 0:
		t.again(t.w.text("site.unknown"))
	case 1:
		t.site(found[0])
	default:
		t.s.Draft.Listed = nil
		for _, s := range found[:min(perPage, len(found))] {
			t.s.Draft.Listed = append(t.s.Draft.Listed, s.Code)
		}
		t.s.Draft.Found, t.s.Draft.Sought, t.s.Draft.Page = true, text, 0
		first := t.w.text("site.found", with{"n": len(found)})
		if len(found) > perPage {
			first = t.w.text("site.manyfound", with{"n": len(found), "shown": perPage})
		}
		t.next(AskSite, first)
	}
}

// site goes on to the times of a place, if it has any.
func (t *turn) site(s scheduling.Site) {
	c, ok := t.current()
	if !ok {
		return
	}
	if !s.Offered() { // only the appointment's own place can be one (R33)
		t.next(AskSite, t.w.text("slot.site_not_offered"))
		return
	}
	t.anyPlace()
	t.s.Draft.Site, t.s.Draft.Part, t.s.Draft.Slot = s.Code, scheduling.AnyPart, scheduling.Wall{}
	t.s.Draft.From = c.Appointment.Local.Date.AddDays(1)
	slots := t.openings(t.firstQuery())
	if len(slots) == 0 {
		t.s.Draft.From = scheduling.DateOf(t.now.In(s.Location()))
		slots = t.openings(t.firstQuery())
	}
	t.s.Draft.Offered = walls(slots)
	if len(slots) == 0 {
		t.noSlots(c, s)
		return
	}
	t.next(AskSlot)
}

// noSlots is the class NO_SLOTS: nothing to choose here; another place or the
// phone remain, and the appointment stands.
func (t *turn) noSlots(c Case, s scheduling.Site) {
	v := t.gate(c, t.s.Draft.Reason)
	v.Class = scheduling.NoSlots
	t.do(Refer{CaseID: c.ID, AppointmentID: c.Appointment.ID, Verdict: v, Reason: t.s.Draft.Reason})
	values := t.office()
	values["site"] = s.Name()
	values["appointment"] = t.where(*c.Appointment)
	values["center"] = t.f.Rules().Center.Phone
	if t.s.Step == AskSlot || t.s.Step == Confirm {
		t.s.Step = AskPlace
	}
	t.next(AskSite, t.times("noslots", values))
}

// isYesOrNo tells whether somebody said yes or no, in any language, where a place is
// asked for. They did not mean one of the places that begin like it: not Norfolk by
// "no", and not Oklahoma by "ok".
func isYesOrNo(text string) bool {
	for _, lang := range Languages() {
		w := wordsFor(lang)
		for _, key := range []string{"yes", "no"} {
			if _, ok := typed(text, []choice{{label: w.label(key), value: key, words: w.words[key]}}); ok {
				return true
			}
		}
	}
	return false
}
