package bot_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"reschedulebot/bot"
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
	clockMu  sync.Mutex // for whoever else looks at the clock; only the test sets it
	now      time.Time
	booking  conversation.Booking
	plan     string
	closed   []scheduling.Date // USCIS is, besides holidays
	hint     string
	db       *store.Store
	bot      *bot.Bot
	platform *platform
	office   *office   // nil: every file can be fetched, and everybody is known
	desk     bot.Place // "": staff have no channel
	wall     wall
	sent     []bot.Outgoing // to people, and not yet heard
	speakers map[string]*speaker
	order    []*speaker
	blocked  []string          // who has blocked the bot
	codes    map[string]string // newest link code of a receipt number
	receipts []scheduling.Receipt
	events   int
	lived    time.Time // when the process last said that it is alive

	shownCode string // the newest link code that the bot has said
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

// begin opens the database and starts the bot, if they are not running.
func (s *stage) begin() error {
	if s.bot != nil {
		return nil
	}
	var err error
	s.db, err = store.Open(context.Background(), s.url, store.Options{
		Now: s.clock, Keys: testKeys(s.t), Sites: scheduling.BuiltinSites(),
		Fault: func(err error) { s.t.Errorf("written later: %v", err) },
	})
	if err != nil {
		return err
	}
	s.bot = s.newBot()
	return nil
}

// clockTo sets the clock; what is written a little later may look at it meanwhile.
func (s *stage) clockTo(now time.Time) {
	s.clockMu.Lock()
	defer s.clockMu.Unlock()
	s.now = now
}

func (s *stage) clock() time.Time {
	s.clockMu.Lock()
	defer s.clockMu.Unlock()
	return s.now
}

// newBot is another process on the same database.
func (s *stage) newBot() *bot.Bot {
	service := bot.Platform(s.platform)
	if s.office != nil {
		service = s.office
	}
	rules := scheduling.BuiltinRules()
	rules.ExtraClosedDays = s.closed
	return bot.New(bot.Config{
		Desk: s.desk, Duty: []string{"Lee"},
		Store: s.db, Platforms: []bot.Platform{service}, Rules: rules, Plan: planWith(s.t, s.plan), Kind: "test", ClientLink: transcript.Link,
		Office: conversation.Office{Name: transcript.Office, Phone: transcript.Phone, Booking: s.booking, Margin: transcript.Margin,
			Zone: transcript.FirmZone(), Hours: transcript.FirmHours()},
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
		var now time.Time
		now, err = transcript.ParseNow(value)
		s.clockTo(now)
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
		err = s.blocks(value)
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
		s.clockTo(next)
	}
}

func (s *stage) book() (out []string, err error) {
	err = s.db.View(context.Background(), func(t *store.Tx) error {
		for _, r := range transcript.WithShared(s.receipts) {
			c, known := t.CaseByReceipt(store.System(), r)
			if !known {
				continue
			}
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
	act := transcript.ReadAct(words)
	if act.Kind == "flood" {
		return s.flood(who, act.Text)
	}
	e, err := s.event(s.speaker(who), act)
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
		s.clockTo(due)
		err = s.bot.Deliver(ctx)
		s.clockTo(before)
	}
	return s.heard(who), err
}

// heard is what was said since it was last asked: first to who spoke, then to
// the others in the order in which they came in.
func (s *stage) heard(who string) []string {
	s.look()
	sent := s.sent
	s.sent = nil
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
		paragraphs := m.Reply.Text.Marked()
		for i, p := range paragraphs { // in dialogues clients are on Telegram
			paragraphs[i] = strings.ReplaceAll(p, "- fake, ", "- Telegram, ")
		}
		out = append(out, transcript.Lines(name, paragraphs, buttons, file)...)
	}
	return out
}
