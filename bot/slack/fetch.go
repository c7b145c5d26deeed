package slack

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
)

// maxFetch is how large a file may be, in bytes.
const maxFetch = 2 << 20

var errTooLarge = errors.New("a file of more than 2 MB")

// Fetch answers what is in a file that somebody shared with the app. Its error is
// a *bot.SendError; fetching can be repeated without harm. The token goes to
// Slack's own hosts and to that of the Web API only, and nowhere by a redirect.
func (p *Platform) Fetch(ctx context.Context, fileID string) ([]byte, error) {
	if !idForm.MatchString(fileID) {
		return nil, never("the id of a file has another form")
	}
	var f *slackapi.File
	err := p.call(ctx, filesInfo, func(ctx context.Context) (err error) {
		f, _, _, err = p.api.GetFileInfoContext(ctx, fileID, 0, 0)
		return err
	})
	switch {
	case err != nil:
		return nil, repeatable(err)
	case f.Size > maxFetch:
		return nil, never(errTooLarge.Error())
	case !p.mayHaveToken(f.URLPrivateDownload):
		return nil, never("a file that is not at Slack")
	}
	content := &basin{room: maxFetch}
	err = p.call(ctx, download, func(ctx context.Context) error {
		return p.api.GetFileContext(ctx, f.URLPrivateDownload, content)
	})
	var failed *fault
	switch {
	case content.over:
		return nil, never(errTooLarge.Error())
	case errors.As(err, &failed) && failed.status/100 == 3:
		return nil, never("a file that the app may not read")
	case errors.As(err, &failed) && (failed.status == http.StatusNotFound || failed.status == http.StatusForbidden):
		return nil, never("a file that is no more, or that the app may not read")
	case err != nil:
		return nil, repeatable(err)
	case len(content.data) != f.Size: // a page to sign in at, or half a file
		return nil, &bot.SendError{Class: bot.Again, Err: errors.New("what came is not the file")}
	}
	return content.data, nil
}

// mayHaveToken tells whether an address may be sent the token.
func (p *Platform) mayHaveToken(address string) bool {
	u, err := url.Parse(address)
	api, bad := url.Parse(p.config.APIURL)
	if err != nil || bad != nil || u.User != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	atSlack := u.Scheme == "https" && u.Port() == "" && (host == "slack.com" || strings.HasSuffix(host, ".slack.com"))
	return atSlack || u.Host != "" && u.Scheme == api.Scheme && strings.EqualFold(u.Host, api.Host)
}

// A basin takes so many bytes and no more.
type basin struct {
	data []byte
	room int
	over bool
}

func (b *basin) Write(p []byte) (int, error) {
	if b.over = b.over || len(b.data)+len(p) > b.room; b.over {
		return 0, errTooLarge
	}
	b.data = append(b.data, p...)
	return len(p), nil
}
