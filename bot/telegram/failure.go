package telegram

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"reschedulebot/bot"
)

// holdAll is how long a wait must be before it is taken to be about the bot and
// not about one chat.
const holdAll = 5 * time.Second

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
	if e.Class == bot.Wait {
		e.After = waitFor(f)
		e.Everyone = e.After > holdAll
	}
	return e
}

func class(f *fault) bot.Class {
	switch {
	case f.status == 0 && !f.left:
		return bot.Again
	case f.status == 0:
		return bot.Ambiguous
	case f.status == http.StatusTooManyRequests:
		return bot.Wait
	case f.status >= 500, f.status < 300:
		return bot.Ambiguous
	case f.code == 0: // something in between refused; Telegram never saw it
		return bot.Again
	}
	switch f.code {
	case http.StatusUnauthorized, http.StatusNotFound, http.StatusMisdirectedRequest:
		return bot.Fatal
	case http.StatusForbidden:
		return bot.Gone
	case http.StatusConflict:
		return bot.Again
	}
	if says(f, "chat not found", "PEER_ID_INVALID", "user not found", "USER_ID_INVALID") {
		return bot.Gone
	}
	return bot.Never
}

// waitFor is a little longer than Telegram asked for: its clock is not ours.
func waitFor(f *fault) time.Duration {
	if f.after <= 0 {
		return 3 * time.Second
	}
	return f.after + f.after/20
}

// says tells whether the Bot API's words contain one of these.
func says(err error, words ...string) bool {
	var f *fault
	if !errors.As(err, &f) || f.code == 0 {
		return false
	}
	for _, w := range words {
		if strings.Contains(f.text, w) {
			return true
		}
	}
	return false
}

// fatal is the sentence for a person when no call can ever succeed, else nil.
func fatal(err error) error {
	var f *fault
	if !errors.As(err, &f) {
		return nil
	}
	switch f.code {
	case http.StatusUnauthorized, http.StatusNotFound:
		return fmt.Errorf("this bot token is unknown to Telegram (%d): get the current one from @BotFather and set TELEGRAM_BOT_TOKEN", f.code)
	case http.StatusMisdirectedRequest:
		return errors.New("this Bot API server does not serve this bot (421): log the bot out of the other server, or set TELEGRAM_API_URL to it")
	}
	return nil
}

// conflict tells whether somebody else receives this bot's updates.
func conflict(err error) bool {
	var f *fault
	return errors.As(err, &f) && f.code == http.StatusConflict
}
