package slack

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"reschedulebot/bot"
)

const (
	// holdAll is how long a wait must be before it is taken to be about the
	// workspace and not about one channel.
	holdAll = 5 * time.Second
	anyWait = 3 * time.Second // where Slack does not say how long
)

// sendError says what a failed call means for the message it carried.
func sendError(err error) *bot.SendError {
	var known *bot.SendError
	if errors.As(err, &known) {
		return known
	}
	var f *fault
	if !errors.As(err, &f) {
		return &bot.SendError{Class: bot.Ambiguous, Err: err}
	}
	e := &bot.SendError{Class: class(f), Err: f}
	if unscoped(f) {
		return &bot.SendError{Class: bot.Wait, After: lookAgain, Err: permanent(f)}
	}
	switch e.Class {
	case bot.Wait:
		e.After = waitFor(f)
		e.Everyone = e.After > holdAll
	case bot.Fatal:
		e.Err = permanent(f)
	}
	return e
}

func class(f *fault) bot.Class {
	switch {
	case f.status == http.StatusTooManyRequests, f.word == "ratelimited", f.word == "rate_limited":
		return bot.Wait
	case permanent(f) != nil:
		return bot.Fatal
	case f.word != "":
		return classOf(f.word)
	case f.status == 0 && !f.left:
		return bot.Again
	case f.status == 0, f.status >= 500, f.status == http.StatusOK:
		return bot.Ambiguous
	}
	return bot.Again // something in between refused; Slack never saw it
}

// classOf sorts what Slack refuses in one chat or for one message.
func classOf(word string) bot.Class {
	switch word {
	case "channel_not_found", "user_not_found", "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot",
		"is_archived", "not_in_channel", "is_inactive":
		return bot.Gone
	case "fatal_error", "internal_error", "request_timeout", "service_unavailable":
		return bot.Ambiguous // Slack says that part of it may have happened
	case "messages_tab_disabled", "team_added_to_org", "accesslimited", "message_limit_exceeded":
		return bot.Again // somebody can put that right
	}
	return bot.Never
}

// waitFor is a little longer than Slack asked for: its clock is not ours.
func waitFor(f *fault) time.Duration {
	if f.after <= 0 {
		return anyWait
	}
	return f.after + f.after/20
}

// permanent is the sentence for a person when no call can ever succeed, else nil.
func permanent(err error) error {
	var f *fault
	if !errors.As(err, &f) {
		return nil
	}
	token := "SLACK_BOT_TOKEN"
	if f.method == connectionsOpen {
		token = "SLACK_APP_TOKEN"
	}
	switch f.word {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired":
		return fmt.Errorf("the token is not known to Slack (%s): install the app again and set %s", f.word, token)
	case "not_allowed_token_type":
		return fmt.Errorf("this is a token of another kind (%s): set %s; a bot token begins with xoxb-, an app token with xapp-", f.word, token)
	case "missing_scope", "no_permission":
		return fmt.Errorf("the app may not do what it needs (%s): give it the manifest that reschedulebot slack-manifest prints, and install it again", f.text)
	case "team_access_not_granted", "access_denied", "org_login_required", "ekm_access_denied", "enterprise_is_restricted":
		return fmt.Errorf("the workspace does not let the app in (%s): ask its owner", f.word)
	}
	return nil
}

// unscoped tells whether the app may not call one method. Whoever installs it again
// puts that right, and its token stays the same.
func unscoped(err error) bool { return says(err, "missing_scope", "no_permission") }

// says tells whether Slack refused with one of these words.
func says(err error, words ...string) bool {
	var f *fault
	if !errors.As(err, &f) {
		return false
	}
	for _, w := range words {
		if f.word == w {
			return true
		}
	}
	return false
}
