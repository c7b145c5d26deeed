package console

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// A parrot is a bot that repeats what it hears, after a while if it is told to,
// and says what stands in its diary.
type parrot struct {
	platform *Platform
	clock    *Clock
	diary    []due
}

type due struct {
	at    time.Time
	chat  string
	reply conversation.Reply
}

func (p *parrot) take(_ context.Context, in bot.Incoming) error {
	at := p.clock.Now()
	if in.Event.Text == "slow" {
		at = at.Add(3 * time.Second)
	}
	r := reply(line(string(in.Event.Kind) + ": " + in.Event.Text))
	if in.Event.Text == "file" {
		r.File = &conversation.File{Name: "../a.ics", Data: []byte("BEGIN")}
	}
	p.diary = append(p.diary, due{at, in.Chat, r})
	return nil
}

func (p *parrot) work(ctx context.Context) error {
	slices.SortStableFunc(p.diary, func(a, b due) int { return a.at.Compare(b.at) })
	for len(p.diary) > 0 && !p.diary[0].at.After(p.clock.Now()) {
		d := p.diary[0]
		p.diary = p.diary[1:]
		if _, err := p.platform.Send(ctx, bot.Outgoing{Kind: bot.Message, Chat: d.chat, Reply: d.reply}); err != nil {
			return err
		}
	}
	return nil
}

func (p *parrot) next(context.Context) (time.Time, error) {
	if len(p.diary) == 0 {
		return time.Time{}, nil
	}
	return slices.MinFunc(p.diary, func(a, b due) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) }).at, nil
}

func (p *parrot) invite(_ context.Context, receipt string) (string, error) {
	if receipt == "nobody" {
		return "", errors.New("there is no such case")
	}
	return "CODE-" + receipt, nil
}

// play runs a session on a clock that stands still unless it is moved.
func play(t *testing.T, config Config, input string, diary ...due) string {
	t.Helper()
	start := time.Date(2026, 12, 1, 9, 0, 0, 0, time.FixedZone("", -5*3600))
	clock := NewClock(start, func() time.Time { return start })
	var out strings.Builder
	config.In, config.Out, config.Now = strings.NewReader(input), &out, clock.Now
	p := &parrot{platform: New(config), clock: clock}
	for _, d := range diary {
		d.at = start.Add(time.Duration(d.at.Unix()) * time.Second)
		p.diary = append(p.diary, d)
	}
	sim := NewSimulator(p.platform, clock, Engine{p.take, p.work, p.next, p.invite})
	if err := sim.Run(t.Context(), "A test."); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// in is a message that falls due some time after the start of a session.
func in(after time.Duration, text string) due {
	return due{time.Unix(int64(after.Seconds()), 0), Applicant, reply(line(text))}
}

func TestSession(t *testing.T) {
	for _, test := range []struct {
		name, input, want string
		diary             []due
	}{
		{name: "nothing typed", want: "-- A test.\n\n"},
		{name: "each line is answered", input: "hello\n\nbye",
			want: "-- A test.\n\nBot> said: hello\n\nBot> said: bye\n\n"},
		{name: "an answer that is held back comes before the next line", input: "slow\nfast\n",
			want: "-- A test.\n\nBot> said: slow\n\nBot> said: fast\n\n"},
		{name: "links", input: "/start\n/start abc\n/started\n",
			want: "-- A test.\n\nBot> started: \n\nBot> started: abc\n\nBot> said: /started\n\n"},
		{name: "two speakers", input: ":as staff\nhi\n:as Applicant\nhi\n:as boss\n",
			want: "-- A test.\n\n-- You speak as staff now.\n\nBot to staff> said: hi\n\n-- You speak as applicant now.\n\nBot> said: hi\n\n" +
				"-- :as: say who speaks: :as staff or :as applicant.\n\n"},
		{name: "a case", input: ":case IOE0000000101\n:case nobody\n:case\n",
			want: "-- A test.\n\nBot> started: CODE-IOE0000000101\n\n-- :case: there is no such case\n\n-- :case: say which one: :case IOE0000000101.\n\n"},
		{name: "a case is the applicant's, whoever speaks", input: ":as staff\n:case IOE0000000101\nhi\n",
			want: "-- A test.\n\n-- You speak as staff now.\n\nBot> started: CODE-IOE0000000101\n\nBot to staff> said: hi\n\n"},
		{name: "an unknown command", input: ":fly\n", want: "-- A test.\n\n-- There is no :fly here. Type :help for what there is.\n\n"},
		{name: "the clock stops at what is due, in order", input: ":now\n:forward 2h\n:now\n",
			diary: []due{in(90*time.Minute, "second"), in(30*time.Minute, "first"), in(3*time.Hour, "later")},
			want: "-- A test.\n\n-- It is Tue Dec 1, 2026, 09:00 -05:00.\n\n" +
				"[Tue Dec 1, 2026, 09:30 -05:00]\nBot> first\n\n[Tue Dec 1, 2026, 10:30 -05:00]\nBot> second\n\n" +
				"-- It is Tue Dec 1, 2026, 11:00 -05:00.\n\n-- It is Tue Dec 1, 2026, 11:00 -05:00.\n\n"},
		{name: "forward by nonsense", input: ":forward yesterday\n",
			want: "-- A test.\n\n-- :forward: say how far: 36h, 2d, 90m, 1d12h.\n\n"},
		{name: "a long line", input: strings.Repeat("x", 1<<20),
			want: "-- A test.\n\n-- This line is longer than a chat message can be. Its first 4096 bytes were read.\n\nBot> said: " +
				strings.Repeat("x", longest) + "\n\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := play(t, Config{}, test.input, test.diary...); got != test.want {
				t.Errorf("got\n%.2000s\nwant\n%.2000s", got, test.want)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	if got, want := play(t, Config{}, "file\n"), "[file a.ics, 5 bytes]"; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
	dir := t.TempDir()
	play(t, Config{Files: dir}, "file\nfile\n")
	for _, name := range []string{"a.ics", "a-2.ics"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(b) != "BEGIN" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

func TestFilesCannotBeSaved(t *testing.T) {
	p := New(Config{In: strings.NewReader(""), Out: &strings.Builder{}, Files: filepath.Join(t.TempDir(), "missing"), Now: time.Now})
	r := reply(line("Here."))
	r.File = &conversation.File{Name: "a.ics"}
	_, err := p.Send(t.Context(), bot.Outgoing{Kind: bot.Message, Chat: Applicant, Reply: r})
	if failed := (*bot.SendError)(nil); !errors.As(err, &failed) || failed.Class != bot.Fatal {
		t.Errorf("got %v, want a fatal failure", err)
	}
}

func TestPrompt(t *testing.T) {
	got := play(t, Config{Look: Look{Terminal: true}}, "hi\n:as staff\n")
	if want := "You> Bot> said: hi\n\nYou> -- You speak as staff now.\n\nStaff> \n"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want %q at the end", got, want)
	}
}
