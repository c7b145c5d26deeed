// Package console is the terminal as a chat service, and a simulation around
// it: what is typed is taken in, what the bot says is printed, and lines that
// begin with a colon move the clock or change who speaks.
//
// Its chats have the addresses Applicant and Staff, and share one screen. Input
// may come from a pipe: each line is answered before the next one is read.
package console

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"bufio"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

// Name is the platform's name.
const Name = "console"

// The addresses of its chats.
const (
	Applicant = "applicant"
	Staff     = "staff"
)

// Config says where a Platform reads and writes.
type Config struct {
	In       io.Reader
	Out      io.Writer
	Look     Look
	Language string // the hint given with every event, e.g. "es"
	Files    string // folder in which files are saved; "" only names them
	Now      func() time.Time
}

// Platform is a bot.Platform. Send may be called at any time; Receive once.
type Platform struct {
	in       *lines
	language string
	files    string
	now      func() time.Time
	run      string // makes event ids unique among runs on one database

	// steer gets the lines that begin with a colon; nil: they are said like others.
	steer   func(ctx context.Context, line string) error
	speaker string
	read    int

	mu    sync.Mutex // guards what follows: messages are printed one at a time
	out   *screen
	sent  int
	dated bool // print the time before each message
}

// New makes a platform on which the applicant speaks.
func New(c Config) *Platform {
	return &Platform{
		in:       &lines{bufio.NewReader(c.In)},
		language: c.Language,
		files:    c.Files,
		now:      c.Now,
		run:      rand.Text(),
		speaker:  Applicant,
		out:      newScreen(c.Out, c.Look),
	}
}

// Name implements bot.Platform.
func (p *Platform) Name() string { return Name }

// Receive implements bot.Platform. It returns nil at the end of the input. A
// read that waits for somebody to type does not end with ctx.
func (p *Platform) Receive(ctx context.Context, take func(context.Context, bot.Incoming) error) error {
	for ctx.Err() == nil {
		p.prompt()
		text, cut, err := p.in.next()
		if errors.Is(err, io.EOF) {
			return p.end()
		}
		if err != nil {
			return fmt.Errorf("read the input: %w", err)
		}
		if cut {
			p.aside("This line is longer than a chat message can be. Its first %d bytes were read.", longest)
		}
		if p.steer != nil && strings.HasPrefix(text, ":") {
			err = p.steer(ctx, text)
		} else {
			err = take(ctx, p.incoming(event(text, p.language)))
		}
		if err != nil {
			return err
		}
	}
	return p.end()
}

// event reads a line as a chat service would: /start opens the chat by a link.
func event(text, language string) conversation.Event {
	e := conversation.Event{Kind: conversation.Said, Text: text, Language: language}
	if code, ok := strings.CutPrefix(text, "/start"); ok && (code == "" || code[0] == ' ') {
		e.Kind, e.Text = conversation.Started, strings.TrimSpace(code)
	}
	return e
}

// incoming is an event of who speaks now.
func (p *Platform) incoming(e conversation.Event) bot.Incoming {
	p.read++
	id := p.run + "-" + strconv.Itoa(p.read)
	return bot.Incoming{
		Platform: Name,
		EventID:  id,
		Chat:     p.speaker,
		Message:  id,
		Event:    e,
		Raw:      []byte(e.Text),
	}
}

// Send implements bot.Platform: it prints. An error means that the screen or
// the folder for files can't be written to.
func (p *Platform) Send(_ context.Context, m bot.Outgoing) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	switch m.Kind {
	case bot.Message:
		err = p.message(m)
	case bot.Delete:
		p.out.aside("The bot deletes the message above where the chat service lets it.")
	case bot.Tick: // nothing is pressed here, so there is no keyboard to put away
	}
	if err = errors.Join(err, p.out.err); err != nil {
		return "", &bot.SendError{Class: bot.Fatal, Err: err}
	}
	p.sent++
	return p.run + "-" + strconv.Itoa(p.sent), nil
}

func (p *Platform) message(m bot.Outgoing) error {
	var file string
	if m.Reply.File != nil {
		var err error
		if file, err = p.save(*m.Reply.File); err != nil {
			return err
		}
	}
	if p.dated {
		p.out.moment(p.now())
	}
	p.out.message(label(m.Chat), m.Reply, file)
	return nil
}

// save writes a file into the folder for files, if there is one, under a name
// that is still free, and answers the line that tells of it.
func (p *Platform) save(f conversation.File) (string, error) {
	name := filepath.Base(f.Name)
	if p.files == "" {
		return fmt.Sprintf("[file %s, %d bytes]", name, len(f.Data)), nil
	}
	ext := filepath.Ext(name)
	for n := 1; ; n++ {
		path := filepath.Join(p.files, name)
		if n > 1 {
			path = filepath.Join(p.files, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext))
		}
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = file.Write(f.Data)
		return fmt.Sprintf("[file %s, %d bytes, saved as %s]", name, len(f.Data), path), errors.Join(err, file.Close())
	}
}

// label is who a message comes from, as the screen names it.
func label(chat string) string {
	if chat == Applicant {
		return "Bot"
	}
	return "Bot to " + chat
}

func (p *Platform) prompt() {
	name := "You"
	if p.speaker == Staff {
		name = "Staff"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.prompt(name)
}

func (p *Platform) aside(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.aside(format, args...)
}

// date switches on or off that each message tells when it was sent.
func (p *Platform) date(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dated = on
}

// end leaves the terminal on a line of its own.
func (p *Platform) end() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out.look.Terminal {
		p.out.print("\n")
	}
	return p.out.err
}
