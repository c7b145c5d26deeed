package slack

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"
)

const (
	callTime = 15 * time.Second
	// maxWait is the longest that Slack may ask us to wait.
	maxWait = 24 * time.Hour
)

// An exchange is what the wire saw of one call.
type exchange struct {
	status  int
	after   time.Duration
	waiting atomic.Bool // for a connection: nothing has left
}

type exchangeKey struct{}

// wire carries the calls. The transport repeats a request by itself only when
// none of it left, so the last connection counts.
type wire struct{ transport http.RoundTripper }

func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	x, ok := req.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		x = &exchange{}
	}
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { x.waiting.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { x.waiting.Store(false) },
	}
	resp, err := w.transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		return nil, err
	}
	x.status = resp.StatusCode
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		x.after = time.Duration(min(max(s, 0), int(maxWait/time.Second))) * time.Second
	}
	return resp, nil
}

// newClient makes the client of the Web API. A redirect is not followed: it could
// carry the token elsewhere.
func newClient(c Config) *slackapi.Client {
	return slackapi.New(c.Token,
		slackapi.OptionAPIURL(c.APIURL),
		slackapi.OptionAppLevelToken(c.AppToken),
		slackapi.OptionHTTPClient(&http.Client{
			Timeout:       callTime,
			Transport:     wire{c.Transport},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
	)
}

// call makes one call of a method in the table of methods. Every error is a
// *fault.
func (p *Platform) call(ctx context.Context, m method, do func(context.Context) error) error {
	x := &exchange{}
	err := do(context.WithValue(ctx, exchangeKey{}, x))
	if err == nil {
		return nil
	}
	return newFault(m, x, err)
}

// A fault is a call that failed, with all that tells what the failure means.
type fault struct {
	method   method
	status   int           // of HTTP; 0: there was no answer
	word     string        // Slack's own for the refusal; "": the answer was not Slack's
	pointers []string      // which parts of a message were refused
	text     string        // short, without token or personal data
	after    time.Duration // how long we are asked to wait
	left     bool          // bytes of the request may have reached Slack
	cause    error         // of a call without answer
}

func (f *fault) Error() string {
	s := string(f.method) + ": " + f.text
	for _, p := range f.pointers {
		s += " " + p
	}
	return s
}

func (f *fault) Unwrap() error { return f.cause }

func newFault(m method, x *exchange, err error) *fault {
	f := &fault{method: m, status: x.status, after: x.after, left: !x.waiting.Load()}
	var said slackapi.SlackErrorResponse
	switch {
	case errors.As(err, &said):
		f.word = word(said.Err)
		f.text = f.word
		f.pointers = pointers(said.ResponseMetadata.Messages)
		if f.word == "missing_scope" {
			f.text += " " + word(said.Needed)
		}
	case x.status == http.StatusOK:
		f.text = "the answer can't be read"
	case x.status != 0:
		f.text = strconv.Itoa(x.status)
	default:
		f.text, f.cause = unanswered(err), wireError(err)
	}
	return f
}

// word is a word of Slack's as it may stand in a log: errors and scopes are made
// of small letters.
func word(s string) string {
	if !regexp.MustCompile(`^[a-z0-9_:.,-]{1,80}$`).MatchString(s) {
		return "an_unknown_error"
	}
	return s
}

// pointers are the places in a message that Slack refused. What else it says of
// them may repeat what somebody wrote.
func pointers(messages []string) []string {
	var out []string
	for _, m := range messages {
		out = append(out, regexp.MustCompile(`json-pointer:/[a-z0-9_/]{1,80}`).FindAllString(m, 5)...)
	}
	return out[:min(len(out), 5)]
}

// unanswered says why there was no answer. The address of the call is left out:
// that of an upload or of a socket is a secret.
func unanswered(err error) string {
	var addressed *url.Error
	if errors.As(err, &addressed) {
		err = addressed.Err
	}
	var broken *net.OpError
	switch known := wireError(err); {
	case known != nil:
		return known.Error()
	case errors.As(err, &broken):
		return broken.Op + ": " + strings.TrimSpace(broken.Err.Error())
	}
	return "no answer"
}

// wireError is what may be asked of a failed connection with errors.Is.
func wireError(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}
