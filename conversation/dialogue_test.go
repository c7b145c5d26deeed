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

func (s *stage) newestCode(receipt string) string {
	id := "case-" + receipt[len(receipt)-4:]
	for i := len(s.codes) - 1; i >= 0; i-- {
		if s.codes[i].caseID == id {
			return s.codes[i].text
		}
	}
	return s.invite(id).text
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
			if err = s.request(e.Change); err == nil {
				letters = append(letters, s.filed(s.file(e.Change.CaseID), c)...)
			}
		case conversation.Withdraw:
			var told []letter
			told, err = s.withdraw(e.RequestID, c)
			letters = append(letters, told...)
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
		case conversation.Fetch:
			var told []letter
			told, err = s.imports(e.File, c)
			letters = append(letters, told...)
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

// withdraw ends a request, and answers what everybody else on the case reads.
func (s *stage) withdraw(id string, by *chat) (letters []letter, err error) {
	f, err := s.open(id)
	if err != nil {
		return nil, err
	}
	r := s.close(f, conversation.Withdrawn, by.staffName)
	for _, c := range s.linked(f.ID) {
		if c != by {
			letters = append(letters, letter{c, conversation.Told(c.language, r, conversation.Decision{Outcome: conversation.Withdrawn}, *f.Appointment, s.gate(f), s.facts(c))})
		}
	}
	return letters, nil
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

// deliver shows letters to those they are for, except who does not let the bot
// write. by is who has just spoken.
func (s *stage) deliver(by *chat, letters []letter) []string {
	var out []string
	for _, l := range letters {
		if l.to.blocked {
			continue
		}
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
