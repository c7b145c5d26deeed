// Package bottest tests what implements bot.Platform.
package bottest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// A Rig is a platform with people at its other end. Person 0 is the first.
type Rig struct {
	Platform bot.Platform
	People   int // how many there are, at least 1
	// Address is that of a person's chat.
	Address func(person int) string
	// Say lets a person type a text.
	Say func(person int, text string)
	// Next waits for the next message that a person gets, and returns its text
	// and what its buttons say. nil: nobody can tell what arrives.
	Next func(ctx context.Context, person int) (text string, labels []string, err error)
	// Last is set where a platform can't bring an event again: Receive ends with
	// the error of take then.
	Last bool
	// End is set where Receive ends with its input only: it ends the input.
	End func()
	// Break makes the next Send to person 0 fail so. After Wait, Again, Never and
	// Ambiguous the platform is whole again.
	Break map[bot.Class]func()
}

// Conformance checks what the bot relies on of every platform. start makes a new
// one, whose end it leaves to t.Cleanup.
func Conformance(t *testing.T, start func(t *testing.T) Rig) {
	t.Run("says what came", func(t *testing.T) { saysWhatCame(t, start(t)) })
	t.Run("keeps a person's order", func(t *testing.T) { keepsOrder(t, start(t)) })
	t.Run("lets nobody wait for others", func(t *testing.T) { letsNobodyWait(t, start(t)) })
	t.Run("loses nothing that was not taken", func(t *testing.T) { losesNothing(t, start(t)) })
	t.Run("ends when it is told to", func(t *testing.T) { ends(t, start(t)) })
	t.Run("sends", func(t *testing.T) { sends(t, start(t)) })
	t.Run("sends in order, and to several at a time", func(t *testing.T) { sendsToMany(t, start(t)) })
	rig := start(t)
	for class := range rig.Break {
		t.Run("says what a failure means: "+string(class), func(t *testing.T) { saysWhyNot(t, start(t), class) })
	}
}

// ears take events, after check has agreed.
type ears struct {
	check func(bot.Incoming) error
	heard chan bot.Incoming
}

func newEars() *ears { return &ears{heard: make(chan bot.Incoming, 1000)} }

func (e *ears) take(_ context.Context, in bot.Incoming) error {
	if e.check != nil {
		if err := e.check(in); err != nil {
			return err
		}
	}
	e.heard <- in
	return nil
}

// next is the next event that was taken.
func (e *ears) next(t *testing.T) bot.Incoming {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case in := <-e.heard:
		return in
	case <-ctx.Done():
		t.Fatal("an event did not come")
		return bot.Incoming{}
	}
}

// receive starts to receive. stop ends it and returns how it ended.
func receive(t *testing.T, r Rig, e *ears) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Platform.Receive(ctx, e.take) }()
	stop = sync.OnceValue(func() error {
		cancel()
		if r.End != nil {
			r.End()
		}
		select {
		case err := <-done:
			return err
		case <-time.After(patience):
			return errors.New("it did not end with its context")
		}
	})
	t.Cleanup(func() { _ = stop() })
	return stop
}

func saysWhatCame(t *testing.T, r Rig) {
	e := newEars()
	receive(t, r, e)
	ids := map[string]bool{}
	for i, text := range []string{"hello", "/help", "IOE 0000-000 101", `<b>&"\ שלום 😀`, "  spaces  within", "hello"} {
		r.Say(0, text)
		in := e.next(t)
		if in.Platform != r.Platform.Name() || in.Chat != r.Address(0) || in.Message == "" || len(in.Raw) == 0 || in.Quarantine != "" || in.Reachable != nil {
			t.Errorf("%q came as %+v", text, in)
		}
		if in.Event.Kind != conversation.Said || strings.TrimSpace(in.Event.Text) != strings.TrimSpace(text) {
			t.Errorf("%q came as %+v", text, in.Event)
		}
		if ids[in.EventID] = true; len(ids) != i+1 || in.EventID == "" {
			t.Errorf("%q has the id %q, which another event has", text, in.EventID)
		}
	}
	r.Say(0, "/start code-1")
	if in := e.next(t); in.Event.Kind != conversation.Started || in.Event.Text != "code-1" {
		t.Errorf("a link came as %+v", in.Event)
	}
}

func keepsOrder(t *testing.T, r Rig) {
	const each = 30
	e := newEars()
	var mu sync.Mutex
	within := map[string]bool{}
	e.check = func(in bot.Incoming) error {
		mu.Lock()
		if within[in.Chat] {
			t.Errorf("two events of one person at the same time")
		}
		within[in.Chat] = true
		mu.Unlock()
		mu.Lock()
		defer mu.Unlock()
		within[in.Chat] = false
		return nil
	}
	receive(t, r, e)
	for i := range each {
		for p := range r.People {
			r.Say(p, strconv.Itoa(i))
		}
	}
	next := map[string]int{}
	for range each * r.People {
		in := e.next(t)
		if want := strconv.Itoa(next[in.Chat]); in.Event.Text != want {
			t.Fatalf("%q came, want %q", in.Event.Text, want)
		}
		next[in.Chat]++
	}
}

func letsNobodyWait(t *testing.T, r Rig) {
	if r.People < 2 {
		t.Skip("there is one person only")
	}
	e := newEars()
	began, free := make(chan struct{}), make(chan struct{})
	e.check = func(in bot.Incoming) error {
		if in.Chat == r.Address(0) {
			close(began)
			<-free
		}
		return nil
	}
	// Both wait when Receive begins, so that they come together even where a
	// platform fetches what waits and the next only when all of that was taken.
	r.Say(0, "slow")
	r.Say(1, "fast")
	receive(t, r, e)
	select {
	case <-began:
	case <-time.After(patience):
		t.Fatal("an event did not come")
	}
	if in := e.next(t); in.Event.Text != "fast" {
		t.Errorf("%q came first", in.Event.Text)
	}
	close(free)
	if in := e.next(t); in.Event.Text != "slow" {
		t.Errorf("%q came last", in.Event.Text)
	}
}

func losesNothing(t *testing.T, r Rig) {
	e := newEars()
	full := errors.New("the disk is full")
	failures := 3
	var mu sync.Mutex
	var ids []string
	e.check = func(in bot.Incoming) error {
		mu.Lock()
		defer mu.Unlock()
		if in.Event.Text != "first" {
			return nil
		}
		ids = append(ids, in.EventID)
		if failures--; failures >= 0 {
			return full
		}
		return nil
	}
	if r.Last {
		done := make(chan error, 1)
		go func() { done <- r.Platform.Receive(t.Context(), e.take) }()
		r.Say(0, "first")
		select {
		case err := <-done:
			if !errors.Is(err, full) {
				t.Errorf("receiving ended with %v, want the error of take", err)
			}
		case <-time.After(patience):
			t.Error("receiving went on though an event was not taken")
		}
		return
	}
	receive(t, r, e)
	for _, text := range []string{"first", "second", "third"} {
		r.Say(0, text)
	}
	for _, want := range []string{"first", "second", "third"} {
		if in := e.next(t); in.Event.Text != want {
			t.Errorf("%q was taken, want %q", in.Event.Text, want)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(ids) != 4 || len(slices.Compact(slices.Clone(ids))) != 1 {
		t.Errorf("one event came under the ids %q", ids)
	}
}

func ends(t *testing.T, r Rig) {
	e := newEars()
	stop := receive(t, r, e)
	r.Say(0, "hello")
	e.next(t)
	if err := stop(); err != nil {
		t.Errorf("receiving ended with: %v", err)
	}
}

// reply is an ordinary one.
func reply(text string) conversation.Reply {
	return conversation.Reply{
		Text:    conversation.Text{{Spans: []conversation.Span{{Text: text}, {Text: "!", Style: conversation.Strong}}}},
		Choices: []conversation.Choice{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}},
		Rev:     1,
	}
}

func sends(t *testing.T, r Rig) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ids := map[string]bool{}
	for i, text := range []string{"hello", `<b>&"\ שלום 😀`, strings.Repeat("long ", 100)} {
		id, err := r.Platform.Send(ctx, bot.Outgoing{Kind: bot.Message, Chat: r.Address(0), Reply: reply(text), Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if ids[id] = true; len(ids) != i+1 || id == "" {
			t.Errorf("%q got the id %q", text, id)
		}
		if r.Next != nil {
			got, labels, err := r.Next(ctx, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got, text) || len(labels) != 2 || !strings.Contains(labels[0], "Yes") || !strings.Contains(labels[1], "No") {
				t.Errorf("%q arrived as %q with %q", text, got, labels)
			}
		}
		for _, kind := range []bot.OutgoingKind{bot.Tick, bot.Tick, bot.Delete, bot.Delete, bot.Tick} {
			if _, err := r.Platform.Send(ctx, bot.Outgoing{Kind: kind, Chat: r.Address(0), RefersTo: id, Answer: "Yes", Language: "en"}); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
		}
	}
}

func sendsToMany(t *testing.T, r Rig) {
	const each = 20
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var sending sync.WaitGroup
	for p := range r.People {
		sending.Go(func() {
			for i := range each {
				if _, err := r.Platform.Send(ctx, bot.Outgoing{Kind: bot.Message, Chat: r.Address(p), Reply: reply(fmt.Sprintf("no. %d.", i))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	sending.Wait()
	for p := range r.People {
		for i := range each {
			if r.Next == nil {
				return
			}
			got, _, err := r.Next(ctx, p)
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("no. %d.", i); !strings.Contains(got, want) {
				t.Errorf("person %d got %q, want %q", p, got, want)
			}
		}
	}
}

func saysWhyNot(t *testing.T, r Rig, class bot.Class) {
	m := bot.Outgoing{Kind: bot.Message, Chat: r.Address(0), Reply: reply("hello")}
	r.Break[class]()
	_, err := r.Platform.Send(t.Context(), m)
	var failed *bot.SendError
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want a *bot.SendError", err)
	}
	if failed.Class != class || failed.Err == nil || (failed.After > 0) != (class == bot.Wait) {
		t.Errorf("got %+v, want %s", failed, class)
	}
	if class == bot.Gone || class == bot.Fatal {
		return
	}
	if _, err := r.Platform.Send(t.Context(), m); err != nil {
		t.Errorf("then: %v", err)
	}
}
