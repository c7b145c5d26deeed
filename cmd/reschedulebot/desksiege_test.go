package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
)

// TestKillDesk kills the program again and again while clients ask on Telegram and
// staff press, fill in forms and talk to a client in Slack. It kills 12 times;
// KILLS=200 sets another number.
func TestKillDesk(t *testing.T) {
	kills := 12
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		kills = n
	}
	s := newDeskSiege(t)
	s.rage(kills)
	j := s.judge()
	t.Logf("%d kills: %d things said, %d changes asked for, %d decided by staff, %d messages sent more than once; %d presses and forms; %d lines of talk there and %d back, in %d talks",
		kills, j.events, j.requests, j.decided, j.sentTwice, s.pressed.Load(), s.talk.said, len(s.talk.answered), s.talk.talks)
	if kills >= 100 && j.decided == 0 {
		t.Error("staff did nothing: this has shown little")
	}
}

// A deskSiege is a siege with staff in it.
type deskSiege struct {
	*siege
	slack    *fakeslack.Server
	room     *fakeslack.Channel
	lee, pat *fakeslack.Person
	talk     *caller
	pressed  atomic.Int64 // what was done by whoever decides
}

func newDeskSiege(t *testing.T) *deskSiege {
	s := &deskSiege{siege: newSiege(t, conversation.Desk, 5), slack: fakeslack.New(fakeslack.Options{Scopes: slack.Scopes(true)})}
	api, stop := s.slack.Start()
	t.Cleanup(stop)
	s.lee, s.pat = s.slack.Member("Lee Sample"), s.slack.Member("Pat Sample")
	s.room = s.slack.PrivateChannel("biometrics", s.lee, s.pat)
	s.more = []string{"SLACK_BOT_TOKEN=" + fakeslack.BotToken, "SLACK_APP_TOKEN=" + fakeslack.AppToken, "SLACK_API_URL=" + api, "SLACK_TEAM_ID=" + fakeslack.TeamID,
		"SLACK_REPRESENTATIVES=" + s.lee.ID, "SLACK_PARALEGALS=" + s.pat.ID, "SLACK_STAFF_CHANNEL=" + s.room.ID, "SLACK_RATE=0"}
	last := len(s.people) - 1
	s.talk = &caller{desk: s, client: s.people[last], n: last}
	s.people = s.people[:last]
	return s
}

func (s *deskSiege) rage(kills int) {
	s.t.Helper()
	ctx, quit := context.WithCancel(s.ctx)
	defer quit()
	over := make(chan struct{})
	var talking, working sync.WaitGroup
	errs := make([]error, len(s.people)+1)
	for i, p := range s.people {
		talking.Go(func() { errs[i] = p.talk(ctx, over) })
	}
	talking.Go(func() { errs[len(s.people)] = s.talk.run(ctx, over) })
	working.Go(func() { s.work(ctx, over) })
	for range kills {
		sockets := s.slack.Connected()
		s.server.Heal() // what no life was troubled by until now is forgotten
		s.slack.Heal()
		s.begin()
		s.trouble()
		s.slackTrouble()
		if s.rng.IntN(8) == 0 {
			s.decide()
		}
		if s.rng.IntN(5) > 0 { // else it is killed before it hears Slack, as may be
			s.heard(sockets + 1)
			s.busy()
		}
		s.strike()
	}
	s.server.Heal()
	s.slack.Heal()
	sockets := s.slack.Connected()
	s.begin()
	s.heard(sockets + 1)
	s.atWork()
	close(over)
	working.Wait()
	talking.Wait()
	for i, err := range errs {
		if err != nil {
			s.t.Fatalf("person %d: %v\n%s\nin the channel stands\n%s", i, err, s.program.wrote, shownIn(s.room))
		}
	}
	s.drained()
	s.program.stop()
	s.others = s.talk.said
}

// heard waits until the program has a socket, and has what it missed come again.
func (s *deskSiege) heard(sockets int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := s.slack.WaitConnected(ctx, sockets); err != nil {
		s.t.Fatalf("life %d: %v\n%s", s.life, err, s.program.wrote)
	}
	s.slack.Redeliver()
}

// busy lets staff do something with the cards that stand before the blow falls, in
// half of the lives.
func (s *deskSiege) busy() {
	at := s.pressed.Load() + int64(s.rng.IntN(4)) - 1
	for begun := time.Now(); s.pressed.Load() < at && len(s.open()) > 0 && time.Since(begun) < time.Second; {
		<-time.After(time.Millisecond)
	}
}

// atWork waits until staff have done something at all: on a slow machine, lives may be
// too short for that.
func (s *deskSiege) atWork() {
	s.t.Helper()
	for s.pressed.Load() == 0 {
		select {
		case <-tick():
		case <-s.ctx.Done():
			s.t.Fatalf("staff did nothing\nin the channel stands\n%s", shownIn(s.room))
		}
	}
}

// slackTrouble makes something go wrong between the program and Slack, now and
// then.
func (s *deskSiege) slackTrouble() {
	fail := func(method string, do fakeslack.FaultKind) {
		s.slack.Fail(fakeslack.Fault{Method: method, Times: 1, Do: do})
	}
	// A failure holds the channel up for a second or more, and that is many lives.
	switch s.rng.IntN(100) {
	case 0, 1:
		fail("chat.postMessage", fakeslack.AfterDone)
	case 2:
		fail("chat.postMessage", fakeslack.Garbage)
	case 3:
		fail("chat.postMessage", fakeslack.Internal)
	case 4:
		fail("chat.update", fakeslack.AfterDone)
	case 5:
		fail("conversations.history", fakeslack.Reset)
	}
}

// work has Lee and Pat press the buttons of requests.
func (s *deskSiege) work(ctx context.Context, over <-chan struct{}) {
	rng := rand.New(rand.NewPCG(s.seed, 1000))
	for {
		select {
		case <-over:
			return
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(rng.IntN(20)) * time.Millisecond):
		}
		if cards := s.open(); len(cards) > 0 {
			s.act(ctx, rng, cards[rng.IntN(len(cards))])
			s.pressed.Add(1)
		}
		for _, m := range s.room.Messages() { // clients who press on anything ask for a person too
			if strings.HasPrefix(m.Shown(), "Wants") && !s.talk.isOf(m) {
				_, _ = s.pat.PressOn(m, "No answer needed")
				break
			}
		}
	}
}

// open are the cards of requests with buttons to decide.
func (s *deskSiege) open() []fakeslack.Message {
	return slices.DeleteFunc(s.room.Messages(), func(m fakeslack.Message) bool {
		return m.Thread != "" || !strings.HasPrefix(m.Shown(), "R") || !slices.Contains(m.Labels(), "Confirm this time")
	})
}

// act does one thing with a card. What becomes of it the card tells.
func (s *deskSiege) act(ctx context.Context, rng *rand.Rand, card fakeslack.Message) {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	press := func(p *fakeslack.Person, label string) bool {
		id, err := p.PressOn(card, label)
		if err != nil {
			return false
		}
		d, err := s.slack.Outcome(ctx, id)
		return err == nil && d.Acked
	}
	fill := func(label string, values map[string]string) {
		if !press(s.lee, label) {
			return
		}
		if _, err := s.lee.WaitModal(ctx, nil); err != nil {
			return
		}
		if id, err := s.lee.Submit(values); err == nil {
			_, _ = s.slack.Outcome(ctx, id)
		}
		s.lee.CloseModal(true)
	}
	switch rng.IntN(8) {
	case 0, 1:
		who := []*fakeslack.Person{s.lee, s.pat}[rng.IntN(2)]
		if !press(who, "Claim") {
			press(who, "Take over")
		}
	case 2, 3:
		press(s.lee, "Confirm this time")
		press(s.lee, "Confirm this time")
	case 4, 5:
		fill("Another time", map[string]string{"Time": "09:40"})
	case 6:
		fill("Refuse", map[string]string{"Reason": "Nothing was free."})
	case 7:
		press(s.pat, "Refuse") // who may not
	}
}

// A caller is a client who asks for a person again and again, and Pat who comes.
type caller struct {
	*client
	desk            *deskSiege
	n               int
	said, talks     int      // by the client; how often Pat came
	lines, answered []string // what they said to each other, in order
	sure            []string // of answers, those that the program acknowledged
}

// run goes on until over is closed, and then ends the talk that is open.
func (k *caller) run(ctx context.Context, over <-chan struct{}) error {
	for {
		select {
		case <-over:
			return nil
		default:
		}
		if err := k.once(ctx); err != nil {
			return fmt.Errorf("talk %d: %w", k.talks+1, err)
		}
		k.talks++
	}
}

func (k *caller) says(words string) {
	k.said++
	k.Say(words)
}

// once is one talk from its beginning to its end.
func (k *caller) once(ctx context.Context) error {
	s := k.desk
	k.says("/person")
	if err := k.until(ctx, "I answer", "Talks with Pat Sample"); err != nil {
		return err
	}
	for range 2 {
		line := fmt.Sprintf("line %d of the client", len(k.lines))
		k.lines = append(k.lines, line)
		k.says(line)
		answer := fmt.Sprintf("answer %d of the office", len(k.answered))
		k.answered = append(k.answered, answer)
		s.pat.Reply(k.cards()[k.talks], answer)
		d, err := k.settled(ctx, answer)
		if err != nil {
			return err
		}
		if d.Acked { // else Slack gave up, and it may have come or not
			k.sure = append(k.sure, answer)
		}
	}
	if err := s.server.WaitFor(ctx, func() bool { return contains(k.answers(), k.sure) }); err != nil {
		return fmt.Errorf("the client has not read what Pat wrote: %w", err)
	}
	if err := s.slack.WaitFor(ctx, func() bool { return len(s.heardLines()) >= len(k.lines) }); err != nil {
		return fmt.Errorf("Pat has not read what the client wrote: %w", err)
	}
	return k.until(ctx, "Back to the assistant", "The talk is over")
}

// settled waits until nothing more will come of a message in the thread.
func (k *caller) settled(ctx context.Context, words string) (d fakeslack.Delivery, err error) {
	err = k.desk.slack.WaitFor(ctx, func() bool {
		for _, d = range k.desk.slack.Deliveries(fakeslack.Events) {
			if d.User == k.desk.pat.ID && strings.Contains(string(d.Payload), words) {
				return d.Over
			}
		}
		return false
	})
	return d, err
}

// cards are those of the client's talks.
func (k *caller) cards() []fakeslack.Message {
	return slices.DeleteFunc(k.desk.room.Messages(), func(m fakeslack.Message) bool {
		return m.Thread != "" || first(m.Shown(), "Wants", "Talks", "The talk") == "" || !k.isOf(m)
	})
}

// isOf tells whether a card is about the client.
func (k *caller) isOf(m fakeslack.Message) bool {
	title, _, _ := strings.Cut(m.Shown(), "\n")
	return strings.HasSuffix(title, "…"+receiptOf(k.n).Last4())
}

func first(text string, beginnings ...string) string {
	for _, b := range beginnings {
		if strings.HasPrefix(text, b) {
			return b
		}
	}
	return ""
}

// until presses a button of the card of this talk until it shows what it should: a
// press may be lost with the life that it was for.
func (k *caller) until(ctx context.Context, label, shown string) error {
	for {
		var card fakeslack.Message
		if cards := k.cards(); len(cards) > k.talks {
			card = cards[k.talks]
		}
		if strings.HasPrefix(card.Shown(), shown) {
			return nil
		}
		if id, err := k.desk.pat.PressOn(card, label); err == nil {
			short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
			_, _ = k.desk.slack.Outcome(short, id)
			cancel()
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("the card does not show %q but %q", shown, card.Shown()), ctx.Err())
		}
	}
}

// contains tells whether all of some lines are among others, in that order.
func contains(all, some []string) bool {
	for _, line := range all {
		if len(some) > 0 && line == some[0] {
			some = some[1:]
		}
	}
	return len(some) == 0
}

// heardLines are what stands below the cards of the client's, in order.
func (s *deskSiege) heardLines() []string {
	var lines []string
	for _, m := range s.room.Messages() {
		if words, ok := strings.CutPrefix(m.Shown(), "Ana: line "); ok {
			lines = append(lines, "line "+words)
		}
	}
	return lines
}

// answers are what the client has read of Pat, each once.
func (k *caller) answers() []string {
	var all []string
	for _, m := range k.Messages() {
		if words, ok := strings.CutPrefix(m.Text, "Pat Sample: "); ok {
			words, _, _ = strings.Cut(words, "\n")
			if len(all) == 0 || all[len(all)-1] != words {
				all = append(all, words)
			}
		}
	}
	return all
}
