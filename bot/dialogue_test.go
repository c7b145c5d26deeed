package bot_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/ledger"
	"reschedulebot/bot/store"
	"reschedulebot/bot/store/pgtest"
	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
	"reschedulebot/scheduling"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestDialogues plays every dialogue through turns, a real database and
// delivery, on both engines. Every event comes twice.
func TestDialogues(t *testing.T) {
	for _, engine := range engines() {
		t.Run(engine.name, func(t *testing.T) {
			for _, path := range transcript.Files(t, "../conversation/testdata") {
				t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
					t.Parallel()
					transcript.Play(t, path, newStage(t, engine), transcript.Mode{Level: 2})
				})
			}
		})
	}
}

type engine struct {
	name string
	url  func(testing.TB) string
}

// engines are the databases that the bot runs on.
func engines() []engine {
	return []engine{
		{"sqlite", func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") }},
		{"postgres", func(t testing.TB) string { return pgtest.New(t) }},
	}
}

// stage plays a dialogue on a real bot whose clock stands still.
type stage struct {
	t        *testing.T
	url      string
	now      time.Time
	booking  conversation.Booking
	plan     string
	hint     string
	db       *store.Store
	bot      *bot.Bot
	platform *platform
	speakers map[string]*speaker
	order    []*speaker
	codes    map[string]string // newest link code of a receipt number
	receipts []scheduling.Receipt
	events   int

	shownCode string // the newest link code that the bot has said
}

// A speaker is somebody with a chat, and what they have been shown.
type speaker struct {
	name  string
	staff *conversation.Person
	shown []conversation.Reply
}

func newStage(t *testing.T, e engine) *stage {
	s := &stage{t: t, url: e.url(t), platform: &platform{}, speakers: map[string]*speaker{}, codes: map[string]string{}, booking: conversation.Instant, plan: "7d,3d,1d"}
	t.Cleanup(s.close)
	return s
}

// scene sets the scene, as a line of a dialogue does.
func (s *stage) scene(key, value string) []string {
	s.t.Helper()
	out, err := s.Scene(key, value)
	if err != nil {
		s.t.Fatalf("%s: %s: %v", key, value, err)
	}
	return out
}

// say lets somebody speak, as a line of a dialogue does.
func (s *stage) say(who, words string) string {
	s.t.Helper()
	out, err := s.Say(who, words)
	if err != nil {
		s.t.Fatalf("%s: %s: %v", who, words, err)
	}
	return strings.Join(out, "\n")
}

func (s *stage) speaker(name string) *speaker {
	if s.speakers[name] == nil {
		s.speakers[name] = &speaker{name: name}
		s.order = append(s.order, s.speakers[name])
	}
	return s.speakers[name]
}

// begin opens the database and starts the bot, if they are not running.
func (s *stage) begin() error {
	if s.bot != nil {
		return nil
	}
	var err error
	s.db, err = store.Open(context.Background(), s.url, store.Options{
		Now: func() time.Time { return s.now }, Keys: testKeys(s.t), Sites: scheduling.BuiltinSites(),
		Fault: func(err error) { s.t.Errorf("written later: %v", err) },
	})
	if err != nil {
		return err
	}
	s.bot = s.newBot()
	return nil
}

// reachable lets the platform say whether somebody can be written to.
func (s *stage) reachable(who string, yes bool) error {
	s.events++
	return s.bot.Take(context.Background(), bot.Incoming{Platform: s.platform.Name(), EventID: fmt.Sprint(s.events), Chat: who, Reachable: &yes})
}

// newBot is another process on the same database.
func (s *stage) newBot() *bot.Bot {
	return bot.New(bot.Config{
		Store: s.db, Platforms: []bot.Platform{s.platform}, Rules: scheduling.BuiltinRules(), Plan: planWith(s.t, s.plan), Kind: "test", ClientLink: transcript.Link,
		Office: conversation.Office{Name: transcript.Office, Phone: transcript.Phone, Booking: s.booking, Margin: transcript.Margin},
		Staff: func(_, chat string) (conversation.Person, bool) {
			if p := s.speaker(chat).staff; p != nil {
				return *p, true
			}
			return conversation.Person{}, false
		},
	})
}

func (s *stage) close() {
	if s.bot == nil {
		return
	}
	if err := s.bot.Close(context.Background()); err != nil {
		s.t.Error(err)
	}
	if err := s.db.Close(); err != nil {
		s.t.Error(err)
	}
	s.bot = nil
}

func testPlan(t testing.TB) scheduling.Plan { return planWith(t, "7d,3d,1d") }

func planWith(t testing.TB, days string) scheduling.Plan {
	leads, err := scheduling.ParseLeads(days)
	if err != nil {
		t.Fatal(err)
	}
	from, to, err := scheduling.ParseSendHours("09:00-20:00")
	if err != nil {
		t.Fatal(err)
	}
	return scheduling.Plan{Leads: leads, From: from, To: to}
}

func testKeys(t testing.TB) *store.Keys {
	keys, err := store.ParseKeys([]byte("1 " + strings.Repeat("5a", 32)))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// Scene implements transcript.Stage.
func (s *stage) Scene(key, value string) (out []string, err error) {
	ctx := context.Background()
	switch key {
	case "now":
		s.now, err = transcript.ParseNow(value)
		return nil, err
	case "booking":
		s.booking = conversation.Booking(value)
		return nil, nil
	case "language":
		s.hint = value
		return nil, nil
	case "staff":
		st, err := transcript.ParseStaff(value)
		s.speaker(st.Speaker).staff = &conversation.Person{Role: st.Role, Name: st.Name}
		return nil, err
	}
	if err := s.begin(); err != nil {
		return nil, err
	}
	switch key {
	case "case":
		err = s.caseLine(value)
	case "full":
		err = s.full(value)
	case "invite":
		err = s.invite(value)
	case "revoke":
		_, err = s.bot.Revoke(ctx, scheduling.MustReceipt(value), "Lee Park")
	case "decide":
		err = s.decide(value)
	case "forward":
		out, err = s.forward(value)
	case "asleep":
		if out, err = s.forward(value); err == nil {
			err = s.bot.Take(ctx, bot.Incoming{Platform: s.platform.Name(), Event: conversation.Event{Kind: conversation.Asleep}})
		}
	case "blocks":
		s.speaker(value)
		err = s.reachable(value, false)
	case "restart":
		s.close()
		err = s.begin()
	case "book":
		return s.book()
	default:
		err = fmt.Errorf("no such scene")
	}
	if err == nil {
		err = s.bot.Deliver(ctx)
	}
	return append(out, s.heard("")...), err
}

func (s *stage) caseLine(value string) error {
	c, err := transcript.ParseCase(value)
	if err != nil {
		return err
	}
	ctx := context.Background()
	fresh := !slices.Contains(s.receipts, c.Receipt)
	if fresh {
		s.receipts = append(s.receipts, c.Receipt)
	}
	if c.Site == "" {
		err = s.db.Update(ctx, func(t *store.Tx) error {
			t.PutCase(store.CaseRecord{Case: conversation.Case{Receipt: c.Receipt, Form: c.Form, G28: c.G28, Household: c.Household},
				FirstName: c.First, LastName: c.Last, Matter: c.Matter})
			return nil
		})
	} else {
		err = s.importCase(c)
	}
	if err != nil || !fresh {
		return err
	}
	return s.db.Update(ctx, func(t *store.Tx) error {
		on, _ := t.CaseByReceipt(store.System(), c.Receipt)
		for _, name := range c.Linked {
			s.speaker(name)
			chat := t.Chat(s.platform.Name(), name)
			if chat.State.Flow == 0 {
				chat.State = conversation.State{Flow: 1, Banner: s.now, Touched: s.now}
				t.SaveChat(chat)
			}
			t.LinkChat(chat.ID, on.ID, "test")
		}
		return nil
	})
}

func (s *stage) importCase(c transcript.Case) error {
	site, ok := scheduling.BuiltinSites().Find(c.Site)
	if !ok {
		return fmt.Errorf("no site %s", c.Site)
	}
	start, err := site.Instant(c.Local)
	if err != nil {
		return err
	}
	e := ledger.Entry{Receipt: c.Receipt, Site: site, Local: c.Local, Start: start, Form: c.Form, Count: c.Count, CountGiven: true,
		FirstName: c.First, LastName: c.Last, Matter: c.Matter, Household: c.Household, G28: c.G28, G28Given: true, Status: c.Status, Given: ledger.AllColumns}
	results, err := s.bot.Import(context.Background(), ledger.File{Rows: []ledger.Row{{Entry: e}}}, "test", false)
	if err != nil {
		return err
	}
	return results[0].Err
}

func (s *stage) full(value string) error {
	full, err := transcript.ParseFull(value)
	if err != nil {
		return err
	}
	starts, err := full.Starts(scheduling.BuiltinRules(), scheduling.BuiltinSites(), s.now)
	if err != nil {
		return err
	}
	site, _ := scheduling.BuiltinSites().Find(full.Site)
	return s.db.Update(context.Background(), func(t *store.Tx) error {
		for _, start := range starts {
			for t.TakeSeat(site, start.Start) {
			}
		}
		return nil
	})
}

func (s *stage) invite(receipt string) error {
	code, err := s.bot.Invite(context.Background(), scheduling.MustReceipt(receipt), "Lee Park", bot.InvitationLife)
	s.codes[receipt] = code
	return err
}

func (s *stage) decide(value string) error {
	line, err := transcript.ParseDecide(value)
	if err != nil {
		return err
	}
	d := conversation.Decision{RequestID: line.Request, Outcome: conversation.Refused, Site: line.Site, At: line.At, Words: line.Words, By: line.By}
	if line.Confirm {
		d.Outcome = conversation.Confirmed
	}
	_, err = s.bot.Decide(context.Background(), d)
	return err
}

// forward lets time pass, from one moment at which something is due to the next.
func (s *stage) forward(value string) (out []string, err error) {
	d, err := transcript.ParseSpan(value)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	for end := s.now.Add(d); ; {
		if err := s.bot.Work(ctx); err != nil {
			return out, err
		}
		out = append(out, s.heard("")...)
		next, err := s.bot.Next(ctx)
		switch {
		case err != nil:
			return out, err
		case next.IsZero() || next.After(end):
			if !s.now.Before(end) {
				return out, nil
			}
			next = end
		case !next.After(s.now):
			return out, fmt.Errorf("something stays due at %s", next)
		}
		s.now = next
	}
}

func (s *stage) book() (out []string, err error) {
	err = s.db.View(context.Background(), func(t *store.Tx) error {
		for _, r := range s.receipts {
			c, _ := t.CaseByReceipt(store.System(), r)
			var on *scheduling.Appointment
			if a, ok := t.Latest(c.ID); ok {
				on = &a
			}
			open, _ := t.OpenRequest(c.ID)
			out = append(out, transcript.OnFile(r, on, open.Name, open.To)...)
		}
		return nil
	})
	return out, err
}

// Say implements transcript.Stage. Each event comes twice, as platforms do.
func (s *stage) Say(who, words string) ([]string, error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	ctx := context.Background()
	e, err := s.event(s.speaker(who), transcript.ReadAct(words))
	if err != nil {
		return nil, err
	}
	e.Language = s.hint
	s.events++
	in := bot.Incoming{Platform: s.platform.Name(), EventID: fmt.Sprint(s.events), Chat: who, Message: fmt.Sprint("m", s.events), Event: e, Raw: []byte(words)}
	for range 2 {
		if err := s.bot.Take(ctx, in); err != nil {
			return nil, err
		}
		if err := s.bot.Deliver(ctx); err != nil {
			return nil, err
		}
	}
	return s.heldBack(who)
}

// heldBack gives also what is said a few seconds later on purpose.
func (s *stage) heldBack(who string) ([]string, error) {
	ctx := context.Background()
	due, err := s.bot.Next(ctx)
	if err != nil {
		return nil, err
	}
	if due.After(s.now) && due.Before(s.now.Add(10*time.Second)) {
		before := s.now
		s.now = due
		err = s.bot.Deliver(ctx)
		s.now = before
	}
	return s.heard(who), err
}

func (s *stage) event(sp *speaker, act transcript.Act) (conversation.Event, error) {
	switch act.Kind {
	case "pressed", "old":
		return sp.press(act.Text, act.Kind == "old")
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
		if s.codes[act.Text] == "" {
			if err := s.invite(act.Text); err != nil {
				return conversation.Event{}, err
			}
		}
		return conversation.Event{Kind: conversation.Started, Text: s.codes[act.Text]}, nil
	}
	if rest, ok := strings.CutPrefix(act.Text, "/start"); ok && (rest == "" || rest[0] == ' ') {
		return conversation.Event{Kind: conversation.Started, Text: strings.TrimSpace(rest)}, nil
	}
	return conversation.Event{Kind: conversation.Said, Text: act.Text}, nil
}

// press finds the button in the newest message that shows it, or in the one before.
func (sp *speaker) press(label string, older bool) (conversation.Event, error) {
	for _, r := range slices.Backward(sp.shown) {
		for _, c := range r.Choices {
			if c.Label != label {
				continue
			}
			if older {
				older = false
				break
			}
			return conversation.Event{Kind: conversation.Pressed, Rev: r.Rev, Value: c.Value}, nil
		}
	}
	return conversation.Event{}, fmt.Errorf("no button [%s] was shown to %s", label, sp.name)
}

// heard is what was said since it was last asked: first to who spoke, then to
// the others in the order in which they came in.
func (s *stage) heard(who string) []string {
	sent := s.platform.take()
	rank := func(m bot.Outgoing) int {
		if m.Chat == who {
			return -1
		}
		return slices.Index(s.order, s.speaker(m.Chat))
	}
	slices.SortStableFunc(sent, func(a, b bot.Outgoing) int { return cmp.Compare(rank(a), rank(b)) })
	var out []string
	for _, m := range sent {
		if m.Kind != bot.Message {
			if m.RefersTo == "" {
				s.t.Errorf("a %s refers to nothing", m.Kind)
			}
			continue
		}
		to := s.speaker(m.Chat)
		to.shown = append(to.shown, m.Reply)
		if code := transcript.Code(m.Reply.Text.Plain()); code != "" {
			s.shownCode = code
		}
		var buttons []string
		for _, c := range m.Reply.Choices {
			buttons = append(buttons, c.Label)
		}
		name, file := m.Chat, ""
		if name == who {
			name = ""
		}
		if m.Reply.File != nil {
			file = m.Reply.File.Name
		}
		out = append(out, transcript.Lines(name, m.Reply.Text.Marked(), buttons, file)...)
	}
	return out
}
