package slack

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	slackapi "github.com/slack-go/slack"
)

// Status is what Slack says about the app.
type Status struct {
	Workspace string   // its name
	User      string   // the app's name as a user
	Missing   []string // scopes that it needs and does not have
	Surplus   []string // scopes that it has and does not need
	Channel   string   // what is wrong with the staff channel, "" nothing
}

// Check asks Slack who the app is, what it may do and, where there is one, about
// the staff channel; with an app token also whether a socket would be opened. Its
// error is a sentence for the person who runs the program.
func (p *Platform) Check(ctx context.Context) (Status, error) {
	who, err := p.identity(ctx)
	if err != nil {
		return Status{}, checkError(err)
	}
	s := Status{Workspace: who.Team, User: who.User}
	s.Missing, s.Surplus = compare(who.Header, Scopes(p.config.StaffChannel != ""))
	if p.config.AppToken != "" {
		err := p.call(ctx, connectionsOpen, func(ctx context.Context) error {
			_, _, err := p.api.StartSocketModeContext(ctx)
			return err
		})
		if err != nil {
			return s, checkError(err)
		}
	}
	if p.config.StaffChannel != "" && !slices.Contains(s.Missing, "groups:read") {
		s.Channel, err = p.channel(ctx)
	}
	return s, checkError(err)
}

// identity asks who the token belongs to, and refuses another workspace.
func (p *Platform) identity(ctx context.Context) (*slackapi.AuthTestResponse, error) {
	var who *slackapi.AuthTestResponse
	err := p.call(ctx, authTest, func(ctx context.Context) (err error) {
		who, err = p.api.AuthTestContext(ctx)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case who.TeamID != p.config.Team:
		return nil, errOtherTeam
	}
	at := workspaceAddress(who)
	p.workspace.Store(&at)
	return who, nil
}

// workspaceAddress is where the workspace's messages are found, "" where Slack
// tells nothing that can be an address.
func workspaceAddress(who *slackapi.AuthTestResponse) string {
	u, err := url.Parse(who.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(who.URL) > 200 {
		return ""
	}
	return strings.TrimRight(u.String(), "/") + "/"
}

// compare compares the scopes that an answer of Slack's tells with the needed ones.
// An answer that tells none proves nothing.
func compare(h http.Header, needed []string) (missing, surplus []string) {
	told := h.Get("X-OAuth-Scopes")
	if told == "" {
		return nil, nil
	}
	var has []string
	for s := range strings.SplitSeq(told, ",") {
		has = append(has, word(strings.TrimSpace(s)))
	}
	for _, s := range needed {
		if !slices.Contains(has, s) {
			missing = append(missing, s)
		}
	}
	for _, s := range has {
		if !slices.Contains(needed, s) {
			surplus = append(surplus, s)
		}
	}
	return missing, surplus
}

func checkError(err error) error {
	if sentence := permanent(err); sentence != nil {
		return sentence
	}
	return err
}
