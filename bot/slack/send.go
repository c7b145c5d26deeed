package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
	"reschedulebot/bot/pace"
	"reschedulebot/bot/text"
)

const (
	followTries = 3
	followWait  = 15 * time.Second
)

// dms are the conversations with people as far as they are known: Slack names one
// in everything that happens there.
type dms struct {
	mu sync.Mutex
	of map[string]string // by user
}

func (d *dms) set(user, channel string) {
	if !strings.HasPrefix(channel, "D") {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of == nil {
		d.of = map[string]string{}
	}
	d.of[user] = channel
}

func (d *dms) get(user string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.of[user]
}

// Send delivers one message to a person, or into the staff channel. A reply that
// is longer than a message, or that brings a file, is several messages in a row;
// the id is that of the one with the buttons. Once the first is out, the others are
// tried again here, because an error returned from here repeats the whole; and a
// file that still can't be delivered is logged and given up: the text says
// everything the file does.
//
// What may have arrived before is looked for first, and only what is missing is
// sent. Where that conversation is not known, since nothing happened there after
// this process began, all is sent again with a line that says so. What is said in a
// thread that is no more is said in the channel.
//
// A Tick puts the answer where the buttons were. Ticks, deletions, pages and the
// changes of cards may be repeated without harm, so their failures are Again where
// a message's are Ambiguous. Slack lets an app delete its own messages only.
//
// As long as the staff channel is not private and the firm's own, what goes there
// has to wait.
func (p *Platform) Send(ctx context.Context, m bot.Outgoing) (string, error) {
	at, err := p.to(m)
	if err != nil {
		return "", err
	}
	if p.isRoom(at.channel) && m.Kind != bot.Delete {
		if err := p.ready(ctx); err != nil {
			return "", err
		}
	}
	switch m.Kind {
	case bot.Message:
		return p.message(ctx, at, m)
	case bot.Tick:
		return m.RefersTo, repeatable(p.tick(ctx, m))
	case bot.Delete:
		return m.RefersTo, repeatable(p.delete(ctx, m.RefersTo))
	case bot.Draw:
		return p.draw(ctx, at, m)
	case bot.Home:
		return "", p.home(ctx, m)
	}
	return "", never("an unknown kind of message")
}

func never(why string) error {
	return &bot.SendError{Class: bot.Never, Err: errors.New(why)}
}

// A part is one message of those that a reply makes.
type part struct {
	number int
	blocks []slackapi.Block
}

func parts(m bot.Outgoing, again bool, workspace string) ([]part, error) {
	rows, err := choices(m.Reply, wordsIn(m.Language))
	if err != nil {
		return nil, never(err.Error())
	}
	said := m.Reply.Text
	if again {
		said = append(slices.Clip(said), sentence(wordsIn(m.Language).again)...)
	}
	var all []part
	for i, t := range text.Split(said, messageUnits) {
		all = append(all, part{number: i, blocks: blocks(t, workspace)})
	}
	switch {
	case len(all) > 0:
	case m.Reply.File == nil:
		return nil, never("a reply without text")
	default:
		all = []part{{blocks: blocks(sentence(m.Reply.File.Name), "")}}
	}
	last := &all[len(all)-1]
	last.blocks = append(last.blocks, rows...)
	return all, nil
}

func (p *Platform) message(ctx context.Context, at place, m bot.Outgoing) (id string, err error) {
	workspace, err := p.workspaceFor(ctx, leads(m.Reply.Text))
	if err != nil {
		return "", err
	}
	arrived, looked, err := p.arrived(ctx, at, m)
	if err != nil {
		return "", err
	}
	all, err := parts(m, m.Again && !looked, workspace)
	if err != nil {
		return "", err
	}
	for i, part := range all {
		send := func() (string, error) { return p.post(ctx, &at, m, part) }
		switch known := arrived.parts[part.number]; {
		case known != "":
			id = known
		case i == 0:
			id, err = send()
		default:
			if id, err = follow(ctx, send); err != nil {
				err = halfway(err)
			}
		}
		if err != nil {
			return "", err
		}
	}
	if f := m.Reply.File; f != nil && !arrived.file {
		channel, _, _ := strings.Cut(id, ":")
		_, err := follow(ctx, func() (string, error) { return "", p.upload(ctx, place{channel, at.thread}, *f) })
		if err != nil {
			p.log.Error("a file was not delivered; its text was", "error", err)
		}
	}
	return id, nil
}

// follow sends what belongs to a message that is already out, and tries again
// when that may help.
func follow(ctx context.Context, send func() (string, error)) (string, error) {
	for try := 1; ; try++ {
		id, err := send()
		if err == nil || try == followTries {
			return id, err
		}
		wait := pace.Backoff(try)
		switch e := sendError(err); e.Class {
		case bot.Wait:
			wait = e.After
		case bot.Again:
		default:
			return "", err
		}
		if wait > followWait || pace.Pause(ctx, wait) != nil {
			return "", err
		}
	}
}

// halfway is the error of a message whose beginning arrived.
func halfway(err error) error {
	e := sendError(err)
	if e.Class == bot.Again || e.Class == bot.Wait {
		e = &bot.SendError{Class: bot.Ambiguous, Err: e.Err}
	}
	return e
}

// repeatable is the error of a call that does no harm when it is made twice.
func repeatable(err error) error {
	if err == nil {
		return nil
	}
	e := sendError(err)
	if e.Class == bot.Ambiguous {
		e.Class = bot.Again
	}
	return e
}

// post sends one message, marked with the letter that it is of. It forgets a thread
// that is no more.
func (p *Platform) post(ctx context.Context, at *place, m bot.Outgoing, part part) (string, error) {
	if err := p.pace.Wait(ctx, at.channel); err != nil {
		return "", &bot.SendError{Class: bot.Again, Err: err}
	}
	w := wordsIn(m.Language)
	notice := w.arrived
	switch {
	case p.isRoom(at.channel) && at.thread != "":
		notice = w.below
	case p.isRoom(at.channel): // the digest
		notice = w.card
	}
	options := shown(part.blocks, notice)
	if m.ID != "" {
		options = append(options, slackapi.MsgOptionMetadata(slackapi.SlackMetadata{
			EventType: letterEvent, EventPayload: map[string]any{"id": m.ID, "part": part.number},
		}))
	}
	id, err := p.said(ctx, *at, options...)
	if at.thread != "" && says(err, goneThread...) {
		at.thread = ""
		id, err = p.said(ctx, *at, options...)
	}
	if p.isRoom(at.channel) {
		err = inRoom(err)
	}
	return id, err
}

// goneThread are Slack's words for a thread whose first message was deleted.
var goneThread = []string{"thread_not_found", "message_not_found"}

// shown is a message of blocks. notice is what a notification shows: nothing of
// the case.
func shown(blocks []slackapi.Block, notice string) []slackapi.MsgOption {
	return []slackapi.MsgOption{
		slackapi.MsgOptionText(notice, true),
		slackapi.MsgOptionBlocks(blocks...),
		slackapi.MsgOptionDisableLinkUnfurl(),
		slackapi.MsgOptionDisableMediaUnfurl(),
	}
}
