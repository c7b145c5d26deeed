package bot

import (
	"strings"
	"unicode"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// Look implements conversation.Facts.
func (f *facts) Look(w conversation.Wanted, limit int) (found []conversation.Found, more bool) {
	if !f.staff() {
		return nil, false
	}
	var records []store.CaseRecord
	if w.Receipt.IsZero() {
		records, more = f.t.SearchCases(f.principal(), w.Matches, limit)
	} else if c, ok := f.t.CaseByReceipt(f.principal(), w.Receipt); ok {
		records = append(records, c)
	}
	for _, r := range records {
		c, _ := whole(f.t, r, true)
		found = append(found, conversation.Found{Case: c, Client: f.b.client(f.t, r)})
	}
	return found, more
}

// Coming implements conversation.Facts.
func (f *facts) Coming(days, limit int) (rows []conversation.AppointmentOnDesk, more int) {
	if !f.staff() {
		return nil, 0
	}
	coming, more := f.t.ComingDays(days, limit)
	return onDesk(coming), more
}

// Waiting implements conversation.Facts.
func (f *facts) Waiting(limit int) (rows []conversation.RequestOnDesk, more int) {
	if !f.staff() {
		return nil, 0
	}
	open, more := f.t.MostUrgent(limit)
	for _, r := range open {
		rows = append(rows, f.b.requestOnDesk(f.t, r))
	}
	return rows, more
}

// Requested implements conversation.Facts.
func (f *facts) Requested(name string) (conversation.RequestOnDesk, bool) {
	if !f.staff() {
		return conversation.RequestOnDesk{}, false
	}
	r, ok := f.t.RequestByName(name)
	if !ok || r.Status == store.Referred {
		return conversation.RequestOnDesk{}, false
	}
	return f.b.requestOnDesk(f.t, r), true
}

// Together implements conversation.Facts.
func (f *facts) Together(caseID string) []conversation.Case {
	if !f.staff() {
		return nil
	}
	var cases []conversation.Case
	seen := map[string]bool{}
	for _, chat := range f.t.LinkedChats(caseID) {
		for _, c := range f.t.CasesOf(chat.ID) {
			if !seen[c.ID] {
				seen[c.ID] = true
				cases = append(cases, c)
			}
		}
	}
	return cases
}

// Links implements conversation.Facts.
func (f *facts) Links(caseID string) conversation.CaseLinks {
	if !f.staff() {
		return conversation.CaseLinks{}
	}
	return f.t.CaseLinks(caseID)
}

// client is whose case it is, as far as staff are told where others can look on.
func (b *Bot) client(t *store.Tx, c store.CaseRecord) conversation.Client {
	linked, reachable := t.LinkState(c.ID)
	return clientWith(c, linked, reachable)
}

// clientWith is client where it is known whether a chat is linked, and whether one
// can be written to.
func clientWith(c store.CaseRecord, linked, reachable bool) conversation.Client {
	return conversation.Client{Name: nickname(c), Receipt: c.Receipt, Phone: c.Phone, Linked: linked, Unreachable: linked && !reachable}
}

// maxNickname is how many characters of a first name are shown.
const maxNickname = 20

// nickname is the first name and the initial of the last one: "Ana L."; "" where
// there is no name on file.
func nickname(c store.CaseRecord) string {
	var parts []string
	if first := strings.Fields(visible(c.FirstName)); len(first) > 0 {
		name := []rune(first[0])
		if len(name) > maxNickname {
			name = append(name[:maxNickname], '…')
		}
		parts = append(parts, string(name))
	}
	for _, r := range visible(c.LastName) {
		if unicode.IsLetter(r) {
			parts = append(parts, string(unicode.ToUpper(r))+".")
			break
		}
	}
	return strings.Join(parts, " ")
}

// visible leaves out what would turn the words around a name about, or break its
// line.
func visible(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		}
		return -1
	}, name)
}
