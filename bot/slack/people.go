package slack

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot/text"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

const (
	// knownFor is how long Slack's word about a person counts. It is asked again a
	// little before, so that it still counts when the event is taken in.
	knownFor  = 60 * time.Second
	freshFor  = 45 * time.Second
	askTime   = 2 * time.Second // an event must be acknowledged within three
	nameRunes = 80
)

// standing is what somebody is to the firm.
type standing int

const (
	outsider standing = iota // a guest, a stranger, somebody who left, or not on the list
	machine                  // a bot; it is never answered, or two would talk for ever
	staff
)

// A member is somebody of the workspace as Slack described them.
type member struct {
	standing standing
	person   conversation.Person
	language string
	asked    time.Time
}

// people knows who of the list is a full member of the workspace. Whoever can't
// be checked is nobody.
type people struct {
	p     *Platform
	mu    sync.Mutex
	known map[string]member // of the list only
}

func newPeople(p *Platform) *people { return &people{p: p, known: map[string]member{}} }

// Person answers who of the office speaks in a chat, from what Slack said within
// the last minute; false for everybody else. It makes no calls: whoever's event is
// handed to take was asked about just before.
func (p *Platform) Person(user string) (conversation.Person, bool) {
	m, ok := p.people.recall(user, knownFor)
	return m.person, ok && m.standing == staff
}

// Know has Slack asked about somebody, so that Person can tell. Its error is a
// *bot.SendError.
func (p *Platform) Know(ctx context.Context, user string) error {
	_, err := p.people.check(ctx, user)
	return repeatable(err)
}

func (p *people) recall(user string, life time.Duration) (member, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.known[user]
	return m, ok && p.p.config.Now().Sub(m.asked).Abs() <= life
}

// check says what somebody is to the firm; its error means that this can't be
// told for now.
func (p *people) check(ctx context.Context, user string) (member, error) {
	role, listed := p.p.config.Staff[user]
	if !listed {
		return member{}, nil
	}
	if m, ok := p.recall(user, freshFor); ok {
		return m, nil
	}
	m, err := p.ask(ctx, user, role)
	if err == nil {
		p.mu.Lock()
		p.known[user] = m
		p.mu.Unlock()
		return m, nil
	}
	if m, ok := p.recall(user, knownFor); ok {
		return m, nil
	}
	return member{}, err
}

func (p *people) ask(ctx context.Context, user string, role scheduling.Role) (member, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	m := member{asked: p.p.config.Now()}
	var u *slackapi.User
	err := p.p.call(ctx, usersInfo, func(ctx context.Context) (err error) {
		u, err = p.p.api.GetUserInfoContext(ctx, user)
		return err
	})
	switch {
	case says(err, "user_not_found", "users_not_found", "user_not_visible"):
		return m, nil
	case err != nil:
		return m, err
	case u.ID != user:
		return m, &fault{method: usersInfo, text: "an answer about somebody else"}
	}
	m.language = text.Head(text.Clean(u.Locale), 20)
	switch {
	case u.IsBot, u.IsAppUser, u.IsWorkflowBot, u.IsConnectorBot:
		m.standing = machine
	case p.full(u):
		m.standing = staff
		m.person = conversation.Person{Role: role, Name: recordName(u)}
	}
	return m, nil
}

// full tells whether somebody is a full member of the firm's workspace.
func (p *people) full(u *slackapi.User) bool {
	return u.TeamID == p.p.config.Team && !u.Deleted && !u.IsRestricted && !u.IsUltraRestricted && !u.IsStranger && !u.IsInvitedUser
}

// recordName is who somebody is in the record and to the client whose request they
// decide. Names are chosen freely; the record also has the chat, which is theirs
// alone.
func recordName(u *slackapi.User) string {
	name := strings.Join(strings.Fields(text.Clean(u.RealName)), " ")
	return cmp.Or(text.Head(name, nameRunes), u.ID)
}

// refresh asks about everybody on the list, before questions are repeated that
// nobody has just answered.
func (p *people) refresh(ctx context.Context) {
	for user := range p.p.config.Staff {
		if _, err := p.check(ctx, user); err != nil && ctx.Err() == nil {
			p.p.log.Warn("a member of staff can't be looked up", "error", err)
		}
	}
}
