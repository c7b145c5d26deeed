package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

// TestDialogues plays every dialogue against the program: serve on a database
// file of its own, talking to a Telegram on loopback and, where there are staff, to
// a Slack, both of which bring everything twice, with import, invite, decide and
// remind beside it.
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
	people   []speaker
	group    *faketelegram.Group
	slack    *fakeslack.Server   // nil: there are no staff
	lists    map[string][]string // of staff, as the environment has them
	codes    map[string]string   // newest link code of a receipt number
	receipts []scheduling.Receipt
	imports  int
	book     *store.Store

	shownCode string // the newest link code that the bot has said
}

// A transcriptMessage is a message as far as it tells how to wait for it.
type transcriptMessage struct {
	to   string // "": who has just spoken
	file bool
}

func newStage(t *testing.T, path string) *stage {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &stage{office: newOfficeOn(t, faketelegram.Options{Twice: true}), expected: expectations(string(text)),
		lists: map[string][]string{}, codes: map[string]string{}}
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

// serve starts serve and returns once it listens to all there is.
func (s *stage) serve() {
	s.t.Helper()
	if s.slack == nil {
		s.office.serve()
	} else {
		s.serveWith(s.slack)
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
		if m, err := p.next(gone, false); err == nil {
			s.t.Errorf("at the end %s still heard: %s", p.called(), strings.Join(m.lines(""), "\n"))
		}
	}
	if s.slack != nil {
		for _, v := range s.slack.Violations() {
			s.t.Errorf("a violation: %s", v)
		}
	}
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
			if p, ok := p.(*applicant); ok {
				p.Language = value
			}
		}
		return nil, nil
	case "staff":
		return nil, s.staff(value)
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
	case "blocks":
		err = s.blocks(value)
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

// blocks has an applicant block the bot. Whoever has no chat with it, can't.
func (s *stage) blocks(name string) error {
	p, ok := s.speaker(name).(*applicant)
	if !ok {
		return errors.New("staff can't block the bot")
	}
	p.Block()
	return s.takenIn()
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
			tx.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: c.Receipt, Form: c.Form, G28: c.G28, Household: c.Household},
				FirstName: c.First, LastName: c.Last, Matter: c.Matter})
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
	p, ok := s.speaker(name).(*applicant)
	if !ok {
		s.t.Fatalf("%s is of the office and has no case", name)
	}
	chat := tx.Chat("telegram", fmt.Sprint(p.ID))
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
	text := fmt.Sprintf("receipt_number,form_type,asc_code,appointment_date,appointment_time,reschedule_count,status,g28_on_file,household_id,client_first_name,client_last_name,matter_id\n%s,%s,%s,%s,%02d:%02d,%d,%s,%s,%s,%s,%s,%s\n",
		c.Receipt.Reveal(), c.Form, c.Site, c.Local.Date, c.Local.Hour, c.Local.Minute, c.Count, c.Status, g28, c.Household, c.First, c.Last, c.Matter)
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
		for _, r := range transcript.WithShared(s.receipts) {
			c, known := tx.CaseByReceipt(store.System(), r)
			if !known {
				continue
			}
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
