package conversation_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

var update = flag.Bool("update", false, "rewrite the bot's lines in testdata/*.txt")

// TestDialogues plays every dialogue against bare Step. The state goes through
// JSON between two lines, as it does in the database.
func TestDialogues(t *testing.T) {
	for _, path := range transcript.Files(t, "testdata") {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			transcript.Play(t, path, newStage(), transcript.Mode{Level: 1, Update: *update})
		})
	}
}

// stage plays a dialogue on a book in memory.
type stage struct {
	*book
	hint      string
	plan      scheduling.Plan
	shownCode string // the newest link code that the bot has said
}

// chat is one person's chat with the bot.
type chat struct {
	name      string
	role      scheduling.Role
	staffName string
	state     json.RawMessage
	links     map[string]time.Time // case to the moment it was linked
	reminders bool
	language  string
	told      map[string]bool // reminders written, by appointment and lead
	shown     []conversation.Reply
	blocked   bool // the bot can't write to it
}

// letter is something for somebody to read.
type letter struct {
	to    *chat
	reply conversation.Reply
}

func newStage() *stage {
	leads, err := scheduling.ParseLeads("7d,3d,1d")
	if err != nil {
		panic(err)
	}
	from, to, err := scheduling.ParseSendHours("09:00-20:00")
	if err != nil {
		panic(err)
	}
	return &stage{book: newBook(), plan: scheduling.Plan{Leads: leads, From: from, To: to}}
}

func (b *book) chat(name string) *chat {
	for _, c := range b.chats {
		if c.name == name {
			return c
		}
	}
	c := &chat{name: name, role: scheduling.Applicant, links: map[string]time.Time{}, reminders: true, language: "en", told: map[string]bool{}}
	b.chats = append(b.chats, c)
	return c
}

// know makes somebody who has used the bot before.
func (c *chat) know(now time.Time) {
	c.state, _ = json.Marshal(conversation.State{Flow: 1, Banner: now, Touched: now})
}

func (s *stage) Scene(key, value string) ([]string, error) {
	var err error
	switch key {
	case "now":
		s.now, err = transcript.ParseNow(value)
	case "booking":
		s.booking = conversation.Booking(value)
	case "language":
		s.hint = value
	case "staff":
		var st transcript.Staff
		st, err = transcript.ParseStaff(value)
		c := s.chat(st.Speaker)
		c.role, c.staffName = st.Role, st.Name
	case "case":
		return s.caseLine(value)
	case "full":
		var full transcript.Full
		if full, err = transcript.ParseFull(value); err == nil {
			err = s.fill(full)
		}
	case "invite":
		s.invite("case-" + value[len(value)-4:])
	case "revoke":
		s.revoke("case-" + value[len(value)-4:])
	case "decide":
		return s.decideLine(value)
	case "forward":
		return s.forward(value)
	case "asleep":
		return s.asleep(value)
	case "blocks":
		s.chat(value).blocked = true
	case "restart": // the state goes through JSON after every line anyway
	case "book":
		return s.onFile(), nil
	default:
		err = fmt.Errorf("no such scene")
	}
	return nil, err
}

func (s *stage) caseLine(value string) ([]string, error) {
	line, err := transcript.ParseCase(value)
	if err != nil {
		return nil, err
	}
	f, tell, err := s.put(line)
	if err != nil || len(tell) == 0 {
		return nil, err
	}
	return s.deliver(nil, s.changed(f, nil)), nil
}

func (s *stage) decideLine(value string) ([]string, error) {
	line, err := transcript.ParseDecide(value)
	if err != nil {
		return nil, err
	}
	d := conversation.Decision{RequestID: line.Request, Outcome: conversation.Refused, Site: line.Site, At: line.At, Words: line.Words, By: line.By}
	if line.Confirm {
		d.Outcome = conversation.Confirmed
	}
	letters, err := s.decide(d)
	return s.deliver(nil, letters), err
}

func (s *stage) onFile() []string {
	var out []string
	for _, f := range s.files {
		name, to := "", scheduling.Slot{}
		if f.Request != nil {
			name, to = f.Request.Name, f.Request.To
		}
		out = append(out, transcript.OnFile(f.Receipt, f.Appointment, name, to)...)
	}
	return out
}

// forward lets time pass, from one moment at which something is due to the next.
func (s *stage) forward(value string) ([]string, error) {
	d, err := transcript.ParseSpan(value)
	if err != nil {
		return nil, err
	}
	end := s.now.Add(d)
	var out []string
	for {
		out = append(out, s.work()...)
		next := s.nextDue()
		if next.IsZero() || next.After(end) {
			break
		}
		if !next.After(s.now) {
			return out, fmt.Errorf("something stays due at %s", next)
		}
		s.now = next
	}
	s.now = end
	return append(out, s.work()...), nil
}

// nextDue is the next moment at which a request lapses or a reminder is due.
func (s *stage) nextDue() time.Time {
	var soonest time.Time
	at := func(t time.Time) {
		if t.After(s.now) && (soonest.IsZero() || t.Before(soonest)) {
			soonest = t
		}
	}
	for _, f := range s.files {
		if f.Request != nil {
			at(s.gate(f).OnlineUntil)
		}
		for _, c := range s.linked(f.ID) {
			if f.Appointment != nil && f.Appointment.Status == scheduling.Scheduled && c.reminders {
				_, _, next := s.plan.Due(*f.Appointment, s.since(f, c), s.now)
				at(next)
			}
		}
	}
	return soonest
}

// since is the moment up to which reminders are none of this chat's.
func (s *stage) since(f *file, c *chat) time.Time {
	if link := c.links[f.ID]; link.After(f.since) {
		return link
	}
	return f.since
}

// work does what is due now.
func (s *stage) work() []string {
	var letters []letter
	for _, f := range s.files {
		if f.Request != nil && !s.now.Before(s.gate(f).OnlineUntil) {
			lapsed, _ := s.decide(conversation.Decision{RequestID: f.Request.ID, Outcome: conversation.Lapsed})
			letters = append(letters, lapsed...)
		}
	}
	for _, f := range s.files {
		for _, c := range s.linked(f.ID) {
			letters = append(letters, s.reminders(f, c)...)
		}
	}
	return s.deliver(nil, letters)
}

func (s *stage) reminders(f *file, c *chat) []letter {
	if f.Appointment == nil || f.Appointment.Status != scheduling.Scheduled || !c.reminders {
		return nil
	}
	due, _, _ := s.plan.Due(*f.Appointment, s.since(f, c), s.now)
	if due == nil {
		return nil
	}
	key := f.Appointment.ID + " " + due.Lead.String()
	if c.told[key] {
		return nil
	}
	c.told[key] = true
	return []letter{{c, conversation.Reminder(c.language,
		conversation.Reminding{Appointment: *f.Appointment, Verdict: s.gate(f), Request: f.Request, Case: f.Case}, s.facts(c))}}
}

func (s *stage) asleep(value string) ([]string, error) {
	out, err := s.forward(value)
	if err != nil {
		return out, err
	}
	for _, c := range s.chats {
		more, err := s.step(c, conversation.Event{Kind: conversation.Asleep}, true)
		if err != nil {
			return out, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// Say does what somebody does, and puts down what comes of it.
func (s *stage) Say(who, words string) ([]string, error) {
	c := s.chat(who)
	e, err := s.event(c, transcript.ReadAct(words))
	if err != nil {
		return nil, err
	}
	e.Language = s.hint
	return s.step(c, e, false)
}

// event is how an adapter would understand an act.
func (s *stage) event(c *chat, act transcript.Act) (conversation.Event, error) {
	switch act.Kind {
	case "pressed", "old":
		return c.press(act.Text, act.Kind == "old")
	case "photo":
		return conversation.Event{Kind: conversation.Media}, nil
	case "edit":
		return conversation.Event{Kind: conversation.Edited, Text: act.Text}, nil
	case "group":
		return conversation.Event{Kind: conversation.Group, Text: act.Text}, nil
	case "file":
		name, size, words := transcript.ParseFile(act.Text)
		return conversation.Event{Kind: conversation.Media, Text: words, Attached: &conversation.Attached{ID: "F1", Name: name, Size: size}}, nil
	case "open":
		if act.Text == "CODE" {
			act.Text = s.shownCode
		}
		return conversation.Event{Kind: conversation.Started, Text: act.Text}, nil
	case "link":
		return conversation.Event{Kind: conversation.Started, Text: s.newestCode(act.Text)}, nil
	}
	if rest, ok := strings.CutPrefix(act.Text, "/start"); ok && (rest == "" || rest[0] == ' ') {
		return conversation.Event{Kind: conversation.Started, Text: strings.TrimSpace(rest)}, nil
	}
	return conversation.Event{Kind: conversation.Said, Text: act.Text}, nil
}

func (s *stage) newestCode(receipt string) string {
	id := "case-" + receipt[len(receipt)-4:]
	for i := len(s.codes) - 1; i >= 0; i-- {
		if s.codes[i].caseID == id {
			return s.codes[i].text
		}
	}
	return s.invite(id).text
}

// press finds the button in the newest message that shows it, or in the one before.
func (c *chat) press(label string, older bool) (conversation.Event, error) {
	for i := len(c.shown) - 1; i >= 0; i-- {
		for _, choice := range c.shown[i].Choices {
			if choice.Label != label {
				continue
			}
			if older {
				older = false
				break
			}
			return conversation.Event{Kind: conversation.Pressed, Rev: c.shown[i].Rev, Value: choice.Value}, nil
		}
	}
	return conversation.Event{}, fmt.Errorf("no button [%s] was shown to %s", label, c.name)
}

func (s *stage) step(c *chat, e conversation.Event, other bool) ([]string, error) {
	var state conversation.State
	if len(c.state) > 0 {
		if err := json.Unmarshal(c.state, &state); err != nil {
			return nil, err
		}
	}
	before := state
	next, effects := conversation.Step(state, e, s.facts(c))
	if err := always(before, e, s.facts(c), next, effects); err != nil {
		return nil, err
	}
	var err error
	if c.state, err = json.Marshal(next); err != nil {
		return nil, err
	}
	if next.Language != "" {
		c.language = next.Language
	} else if next.Hint != "" {
		c.language = next.Hint
	}
	by := c
	if other {
		by = nil // nobody spoke, so what is said is addressed by name
	}
	return s.apply(by, c, effects)
}

// apply does what the bot would do, and puts it down.
func (s *stage) apply(by, c *chat, effects []conversation.Effect) ([]string, error) {
	var out []string
	var letters []letter
	for _, effect := range effects {
		var err error
		switch e := effect.(type) {
		case conversation.Say:
			if e.Grid {
				out = append(out, transcript.Done("answers on the grid"))
			}
			out = append(out, s.deliver(by, []letter{{c, e.Reply}})...)
			continue
		case conversation.Tick:
			continue
		case conversation.Move:
			err = s.move(e.Change)
			if f := s.file(e.Change.CaseID); err == nil {
				letters = append(letters, s.changed(f, c)...)
			}
		case conversation.FileRequest:
			err = s.request(e.Change)
		case conversation.Withdraw:
			err = s.withdraw(e.RequestID)
		case conversation.Decide:
			var told []letter
			told, err = s.decide(e.Decision)
			letters = append(letters, told...)
		case conversation.Link:
			err = s.link(e.Code, c)
		case conversation.Unlink:
			s.unlink(c)
		case conversation.Invite:
			letters = append(letters, letter{c, s.issued(e.CaseID, c)})
		case conversation.RevokeCodes:
			s.revoke(e.CaseID)
		case conversation.UnlinkAll:
			letters = append(letters, s.unlinkAll(e.CaseID)...)
		case conversation.Reminders:
			c.reminders = e.On
		}
		if err != nil {
			return out, fmt.Errorf("%T: %w", effect, err)
		}
		out = append(out, done(effect))
	}
	return append(out, s.deliver(by, letters)...), nil
}

func (s *stage) withdraw(id string) error {
	f, err := s.open(id)
	if err == nil {
		f.Request = nil
	}
	return err
}

func (s *stage) link(text string, c *chat) error {
	for _, code := range s.codes {
		if code.text == text && !code.revoked && (code.usedBy == nil || code.usedBy == c) {
			code.usedBy = c
			c.links[code.caseID] = s.now
			return nil
		}
	}
	return fmt.Errorf("a code that can't be used")
}

// done says what an effect did, in the words of the transcripts.
func done(effect conversation.Effect) string {
	change := func(verb string, c conversation.Change) string {
		words := ""
		if c.Words != "" {
			words = fmt.Sprintf(" %q", c.Words)
		}
		return transcript.Done("%s %s to %s %s, %s%s (%s)", verb, c.CaseID, c.To.Site, c.To.Local, c.Reason, words, c.Verdict.Class)
	}
	switch e := effect.(type) {
	case conversation.Move:
		return change("moves", e.Change)
	case conversation.FileRequest:
		return change("requests", e.Change)
	case conversation.Withdraw:
		return transcript.Done("withdraws the request")
	case conversation.Refer:
		return transcript.Done("refers %s: %s %v", e.CaseID, e.Verdict.Class, e.Verdict.Findings)
	case conversation.Decide:
		return transcript.Done("records %s by %s", e.Decision.Outcome, e.Decision.By)
	case conversation.Link:
		return transcript.Done("links the chat, consent %s", e.Consent)
	case conversation.Unlink:
		return transcript.Done("unlinks the chat: %s", e.Reason)
	case conversation.Invite:
		return transcript.Done("invites to %s", e.CaseID)
	case conversation.RevokeCodes:
		return transcript.Done("revokes the codes of %s", e.CaseID)
	case conversation.UnlinkAll:
		return transcript.Done("unlinks all from %s", e.CaseID)
	case conversation.Fetch:
		return transcript.Done("fetches %s, %d bytes", e.File.Name, e.File.Size)
	case conversation.TriedCode:
		return transcript.Done("counts a failed code")
	case conversation.Reminders:
		return transcript.Done("reminders %v", e.On)
	case conversation.Speak:
		return transcript.Done("speaks %s", e.Language)
	case conversation.Alarm:
		return transcript.Done("%s", strings.TrimSpace("alarm "+e.Kind+" "+e.CaseID))
	case conversation.Delete:
		return transcript.Done("deletes the message")
	}
	return transcript.Done("%T", effect)
}

// deliver shows letters to those they are for. by is who has just spoken.
func (s *stage) deliver(by *chat, letters []letter) []string {
	var out []string
	for _, l := range letters {
		to, file := l.to.name, ""
		if l.to == by {
			to = ""
		}
		if l.reply.File != nil {
			file = l.reply.File.Name
		}
		var buttons []string
		for _, c := range l.reply.Choices {
			buttons = append(buttons, c.Label)
		}
		l.to.shown = append(l.to.shown, l.reply)
		if code := transcript.Code(l.reply.Text.Plain()); code != "" {
			s.shownCode = code
		}
		out = append(out, transcript.Lines(to, l.reply.Text.Marked(), buttons, file)...)
	}
	return out
}
