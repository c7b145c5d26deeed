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
	asideTime   = 5 * time.Second // an end waits for it
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

// Send delivers one message. A reply that is longer than a message, or that
// brings a file, is several messages in a row; the id is that of the one with the
// buttons. Once the first is out, the others are tried again here, because an
// error returned from here repeats the whole; and a file that still can't be
// delivered is logged and given up: the text says everything the file does.
//
// What may have arrived before is looked for first, and only what is missing is
// sent. Where that conversation is not known, since nothing happened there after
// this process began, all is sent again with a line that says so.
//
// A Tick puts the answer where the buttons were. Ticks and deletions may be
// repeated without harm, so their failures are Again where a message's are
// Ambiguous. Slack lets an app delete its own messages only.
func (p *Platform) Send(ctx context.Context, m bot.Outgoing) (string, error) {
	if !idForm.MatchString(m.Chat) || m.Chat[0] != 'U' && m.Chat[0] != 'W' {
		return "", never("an address that is not a person in Slack")
	}
	switch m.Kind {
	case bot.Message:
		return p.message(ctx, m)
	case bot.Tick:
		return m.RefersTo, repeatable(p.tick(ctx, m))
	case bot.Delete:
		return m.RefersTo, repeatable(p.delete(ctx, m.RefersTo))
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

func parts(m bot.Outgoing, again bool) ([]part, error) {
	rows, err := buttons(m.Reply)
	if err != nil {
		return nil, never(err.Error())
	}
	said := m.Reply.Text
	if again {
		said = append(slices.Clip(said), sentence(wordsIn(m.Language).again)...)
	}
	var all []part
	for i, t := range text.Split(said, messageUnits) {
		all = append(all, part{number: i, blocks: blocks(t)})
	}
	switch {
	case len(all) > 0:
	case m.Reply.File == nil:
		return nil, never("a reply without text")
	default:
		all = []part{{blocks: blocks(sentence(m.Reply.File.Name))}}
	}
	last := &all[len(all)-1]
	last.blocks = append(last.blocks, rows...)
	return all, nil
}

func (p *Platform) message(ctx context.Context, m bot.Outgoing) (id string, err error) {
	arrived, looked, err := p.arrived(ctx, m)
	if err != nil {
		return "", err
	}
	all, err := parts(m, m.Again && !looked)
	if err != nil {
		return "", err
	}
	for i, part := range all {
		send := func() (string, error) { return p.post(ctx, m, part) }
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
		_, err := follow(ctx, func() (string, error) { return "", p.upload(ctx, channel, *f) })
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

// post sends one message, marked with the letter that it is of.
func (p *Platform) post(ctx context.Context, m bot.Outgoing, part part) (string, error) {
	if err := p.pace.Wait(ctx, m.Chat); err != nil {
		return "", &bot.SendError{Class: bot.Again, Err: err}
	}
	options := shown(part.blocks, m.Language)
	if m.ID != "" {
		options = append(options, slackapi.MsgOptionMetadata(slackapi.SlackMetadata{
			EventType: letterEvent, EventPayload: map[string]any{"id": m.ID, "part": part.number},
		}))
	}
	return p.said(ctx, m.Chat, options...)
}

// shown is a message of blocks. Its text is what a notification shows: nothing of
// the case.
func shown(blocks []slackapi.Block, language string) []slackapi.MsgOption {
	return []slackapi.MsgOption{
		slackapi.MsgOptionText(wordsIn(language).arrived, true),
		slackapi.MsgOptionBlocks(blocks...),
		slackapi.MsgOptionDisableLinkUnfurl(),
		slackapi.MsgOptionDisableMediaUnfurl(),
	}
}

// said posts to a person and answers the message's id.
func (p *Platform) said(ctx context.Context, user string, options ...slackapi.MsgOption) (string, error) {
	var channel, ts string
	err := p.call(ctx, chatPost, func(ctx context.Context) (err error) {
		channel, ts, err = p.api.PostMessageContext(ctx, user, options...)
		return err
	})
	if err == nil && !tsForm.MatchString(ts) {
		err = &fault{method: chatPost, text: "an answer without an id", left: true}
	}
	if err != nil {
		return "", sendError(err)
	}
	p.dms.set(user, channel)
	return address(channel, ts), nil
}

// aside says a sentence of the adapter's own to whoever did something that was not
// taken in. Nobody waits for it: if it does not arrive, they try again.
func (p *Platform) aside(ctx context.Context, d delivery, words string) {
	p.asides.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), asideTime)
		defer cancel()
		err := p.pace.Wait(ctx, d.user())
		if err == nil {
			_, err = p.said(ctx, d.user(), slackapi.MsgOptionText(words, true), slackapi.MsgOptionBlocks(blocks(sentence(words))...),
				slackapi.MsgOptionDisableLinkUnfurl(), slackapi.MsgOptionDisableMediaUnfurl())
		}
		if err != nil {
			p.log.Info("somebody could not be told why nothing was done", "error", err)
		}
	})
}
