package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

// TestDialogues plays every dialogue against the program: serve on a database
// file of its own, talking to a Telegram on loopback that brings every update
// twice, with import, invite, decide and remind beside it.
func TestDialogues(t *testing.T) {
	for _, path := range transcript.Files(t, "../../conversation/testdata") {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, path)
			transcript.Play(t, path, s, transcript.Mode{Level: 3})
			s.end()
		})
	}
}

// stage plays a dialogue on the program.
//
// Nobody can know from outside that a program will say nothing more. So the
// stage looks into the file which messages are to come of a line, waits for as
// many, and gives back what they really are. What comes beyond that shows up in
// place of the next message, or at the end.
type stage struct {
	*office
	expected [][]transcriptMessage // of each line that somebody speaks or that sets the scene
	hint     string
	people   []*speaker
	group    *faketelegram.Group
	codes    map[string]string // newest link code of a receipt number
	receipts []scheduling.Receipt
	imports  int
	book     *store.Store
}

// A transcriptMessage is a message as far as it tells how to wait for it.
type transcriptMessage struct {
	to   string // "": who has just spoken
	file bool
}

// A speaker is somebody with a chat on Telegram, and what they have been shown.
type speaker struct {
	*faketelegram.Person
	shown []faketelegram.Message
	said  int // id of their last message
}

func newStage(t *testing.T, path string) *stage {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &stage{office: newOfficeOn(t, faketelegram.Options{Twice: true}), expected: expectations(string(text)), codes: map[string]string{}}
}

// expectations reads which messages come of each line.
func expectations(text string) [][]transcriptMessage {
	var all [][]transcriptMessage
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		head, _, _ := strings.Cut(line, ":")
		last := len(all) - 1
		switch {
		case head == "Bot":
			all[last] = append(all[last], transcriptMessage{})
		case strings.HasPrefix(line, "Bot to "):
			all[last] = append(all[last], transcriptMessage{to: strings.TrimPrefix(head, "Bot to ")})
		case strings.HasPrefix(line, "     {"):
			of := all[last]
			of[len(of)-1].file = true
		case strings.TrimSpace(line) == "", strings.ContainsRune(" #*=", rune(line[0])), head == "levels":
		default:
			all = append(all, nil)
		}
	}
	return all
}

// begin starts serve, if it does not run.
func (s *stage) begin() {
	s.t.Helper()
	if s.book == nil {
		s.book = s.open()
		s.t.Cleanup(func() { s.book.Close() })
	}
	if s.serving == nil {
		s.serve()
	}
}

// end stops serve, which finishes what it was about to say, and expects that
// nobody has heard more than the dialogue tells.
func (s *stage) end() {
	s.t.Helper()
	if s.serving != nil {
		s.stop()
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, p := range s.people {
		if m, err := p.Next(gone); err == nil {
			s.t.Errorf("at the end %s still heard: %s", p.Name, m.Text)
		}
	}
}

func (s *stage) speaker(name string) *speaker {
	for _, p := range s.people {
		if p.Name == name {
			return p
		}
	}
	p := &speaker{Person: s.telegram.Person(name, s.hint)}
	s.people = append(s.people, p)
	return p
}

// Scene implements transcript.Stage.
func (s *stage) Scene(key, value string) ([]string, error) {
	expected := s.expected[0]
	s.expected = s.expected[1:]
	switch key {
	case "now":
		now, err := transcript.ParseNow(value)
		s.clock.set(now)
		return nil, err
	case "booking":
		s.env = append(s.env, "BOOKING="+value)
		return nil, nil
	case "language":
		s.hint = value
		for _, p := range s.people {
			p.Language = value
		}
		return nil, nil
	}
	s.begin()
	var err error
	switch key {
	case "case":
		err = s.caseLine(value)
	case "full":
		err = s.full(value)
	case "invite":
		s.invite(value)
	case "revoke":
		s.must("invite", value, "--revoke")
	case "decide":
		var line transcript.Decide
		if line, err = transcript.ParseDecide(value); err == nil {
			s.must(append([]string{"decide"}, line.Args()...)...)
		}
	case "forward":
		err = s.forward(value)
	case "asleep":
		s.stop()
		if err = s.forward(value); err == nil {
			s.serve()
		}
	case "restart":
		s.stop()
		s.serve()
	case "book":
		return s.onFile()
	default:
		err = fmt.Errorf("no such scene")
	}
	if err != nil {
		return nil, err
	}
	return s.heard(nil, expected)
}

// caseLine imports a case. Who is linked to it has used the bot before.
func (s *stage) caseLine(value string) error {
	c, err := transcript.ParseCase(value)
	if err != nil {
		return err
	}
	fresh := !slices.Contains(s.receipts, c.Receipt)
	if fresh {
		s.receipts = append(s.receipts, c.Receipt)
	}
	if c.Site != "" {
		if err := s.importCase(c); err != nil {
			return err
		}
	}
	return s.book.Update(s.ctx, func(tx *store.Tx) error {
		if c.Site == "" && fresh { // a file has no row for a case without an appointment
			tx.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: c.Receipt, Form: c.Form, G28: c.G28, Household: c.Household}})
		}
		on, _ := tx.CaseByReceipt(store.System(), c.Receipt)
		for _, name := range c.Linked {
			if fresh {
				s.link(tx, name, on.ID)
			}
		}
		return nil
	})
}

func (s *stage) link(tx *store.Tx, name, caseID string) {
	chat := tx.Chat("telegram", fmt.Sprint(s.speaker(name).ID))
	if chat.State.Flow == 0 {
		chat.State = conversation.State{Flow: 1, Banner: tx.Now(), Touched: tx.Now()}
		tx.SaveChat(chat)
	}
	tx.LinkChat(chat.ID, caseID, "test")
}

func (s *stage) importCase(c transcript.Case) error {
	g28 := "no"
	if c.G28 {
		g28 = "yes"
	}
	text := fmt.Sprintf("receipt_number,form_type,asc_code,appointment_date,appointment_time,reschedule_count,status,g28_on_file,household_id\n%s,%s,%s,%s,%02d:%02d,%d,%s,%s,%s\n",
		c.Receipt.Reveal(), c.Form, c.Site, c.Local.Date, c.Local.Hour, c.Local.Minute, c.Count, c.Status, g28, c.Household)
	s.imports++
	path := filepath.Join(s.dir, fmt.Sprintf("import-%d.csv", s.imports))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	if r := s.command("import", path); r.code != 0 {
		result, _ := os.ReadFile(strings.TrimSuffix(path, ".csv") + ".result.csv")
		return fmt.Errorf("import: exit %d: %s\n%s", r.code, r.stderr, result)
	}
	return nil
}

func (s *stage) full(value string) error {
	full, err := transcript.ParseFull(value)
	if err != nil {
		return err
	}
	return s.book.Update(s.ctx, func(tx *store.Tx) error {
		starts, err := full.Starts(scheduling.BuiltinRules(), tx.Sites(), tx.Now())
		if err != nil {
			return err
		}
		site, _ := tx.Sites().Find(full.Site)
		for _, start := range starts {
			for tx.TakeSeat(site, start.Start) {
			}
		}
		return nil
	})
}

func (s *stage) invite(receipt string) string {
	_, code, _ := strings.Cut(strings.TrimSpace(s.must("invite", receipt)), "?start=")
	s.codes[receipt] = code
	return code
}

// forward lets time pass, from one moment at which something is due to the next.
func (s *stage) forward(value string) error {
	d, err := transcript.ParseSpan(value)
	if err != nil {
		return err
	}
	reader := bot.New(bot.Config{Store: s.book, Rules: scheduling.BuiltinRules()})
	for end := s.clock.now().Add(d); ; {
		var next time.Time
		for try := 0; ; try++ { // until nothing is due any more, not even in serve's hands
			s.must("remind")
			if next, err = reader.Next(s.ctx); err != nil {
				return err
			}
			if next.IsZero() || next.After(s.clock.now()) {
				break
			}
			if try == 500 {
				return errors.New("something stays due")
			}
		}
		if next.IsZero() || next.After(end) {
			if !s.clock.now().Before(end) {
				return nil
			}
			next = end
		}
		if err := s.moveTo(s.book, next); err != nil {
			return err
		}
	}
}

func (s *stage) onFile() (out []string, err error) {
	err = s.book.View(s.ctx, func(tx *store.Tx) error {
		for _, r := range s.receipts {
			c, _ := tx.CaseByReceipt(store.System(), r)
			var on *scheduling.Appointment
			if a, ok := tx.Latest(c.ID); ok {
				on = &a
			}
			open, _ := tx.OpenRequest(c.ID)
			out = append(out, transcript.OnFile(r, on, open.Name, open.To)...)
		}
		return nil
	})
	return out, err
}

// Say implements transcript.Stage.
func (s *stage) Say(who, words string) ([]string, error) {
	expected := s.expected[0]
	s.expected = s.expected[1:]
	s.begin()
	p := s.speaker(who)
	act := transcript.ReadAct(words)
	switch act.Kind {
	case "pressed", "old":
		if err := p.press(act.Text, act.Kind == "old"); err != nil {
			return nil, err
		}
	case "photo":
		p.Photo("")
	case "edit":
		p.Edit(p.said, act.Text)
	case "group":
		return s.inGroup(p, act.Text)
	case "open":
		p.said = p.Person.Say("/start " + act.Text)
	case "link":
		if s.codes[act.Text] == "" {
			s.invite(act.Text)
		}
		p.said = p.Person.Say("/start " + s.codes[act.Text])
	default:
		p.said = p.Person.Say(act.Text)
	}
	if act.Kind == "open" || act.Kind == "link" {
		back, err := s.heldBack()
		if err != nil {
			return nil, err
		}
		defer back()
	}
	return s.heard(p, expected)
}

// heldBack waits until the event was taken in. If the answer is held back for a
// few seconds on purpose, the clock goes there, and remind says it; back sets the
// clock back.
func (s *stage) heldBack() (back func(), err error) {
	if err := s.telegram.WaitFor(s.ctx, func() bool { return s.telegram.Pending() == 0 }); err != nil {
		return nil, err
	}
	before := s.clock.now()
	next, err := bot.New(bot.Config{Store: s.book}).Next(s.ctx)
	if err == nil && next.After(before) && next.Before(before.Add(10*time.Second)) {
		s.clock.set(next)
		s.must("remind")
	}
	return func() { s.clock.set(before) }, err
}

// inGroup says something to the bot where others listen.
func (s *stage) inGroup(p *speaker, words string) ([]string, error) {
	if s.group == nil {
		s.group = s.telegram.Group("Family")
	}
	at := "@" + faketelegram.Username
	if words = strings.ReplaceAll(words, "@bot", at); !strings.Contains(words, at) {
		words = at + " " + words
	}
	s.group.Say(p.Person, words)
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	m, err := s.group.Next(ctx)
	return lines("", m), err
}

// press presses the button in the newest message that showed it, or in the one
// before, whatever has become of the buttons since.
func (p *speaker) press(label string, older bool) error {
	for _, m := range slices.Backward(p.shown) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if bare(b.Label) != label {
					continue
				}
				if older {
					older = false
					break
				}
				p.PressData(m.ID, b.Data)
				return nil
			}
		}
	}
	return fmt.Errorf("no button [%s] was shown to %s", label, p.Name)
}

var numbered = regexp.MustCompile(`^\d+ · `)

// bare is the label of a button without the number that can be typed instead.
func bare(label string) string { return numbered.ReplaceAllString(label, "") }

// heard waits for the messages that are to come, and gives back what came.
func (s *stage) heard(by *speaker, expected []transcriptMessage) ([]string, error) {
	var out []string
	for _, e := range expected {
		p := by
		if e.to != "" {
			p = s.speaker(e.to)
		}
		if p == nil {
			return out, errors.New("the dialogue does not say who hears this")
		}
		ctx, cancel := context.WithTimeout(s.ctx, patience)
		m, err := p.Next(ctx)
		if err == nil && e.file {
			var file faketelegram.Message
			if file, err = p.Next(ctx); err == nil {
				m.File = file.File
			}
		}
		cancel()
		if err != nil {
			return append(out, fmt.Sprintf("(%s heard nothing more)", p.Name)), nil
		}
		p.shown = append(p.shown, m)
		out = append(out, lines(e.to, m)...)
	}
	return out, nil
}

// lines writes a message down as dialogues do.
func lines(to string, m faketelegram.Message) []string {
	var paragraphs, buttons []string
	for p := range strings.SplitSeq(marked(m), "\n") {
		if item, ok := strings.CutPrefix(p, "• "); ok {
			p = "- " + item
		}
		paragraphs = append(paragraphs, p)
	}
	for _, label := range m.Labels() {
		buttons = append(buttons, bare(label))
	}
	file := ""
	if m.File != nil {
		file = m.File.Name
	}
	return transcript.Lines(to, paragraphs, buttons, file)
}

// marked is a message's text with the marks of the catalogues around what stands
// out.
func marked(m faketelegram.Message) string {
	marks := map[string]string{"bold": "**", "code": "`"}
	text := utf16.Encode([]rune(m.Text))
	var out []uint16
	for i := range len(text) + 1 {
		for _, e := range m.Entities {
			if mark, ok := marks[e.Type]; ok && (e.Offset == i || e.Offset+e.Length == i) {
				out = append(out, utf16.Encode([]rune(mark))...)
			}
		}
		if i < len(text) {
			out = append(out, text[i])
		}
	}
	return string(utf16.Decode(out))
}
