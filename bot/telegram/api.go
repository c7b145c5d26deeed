package telegram

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	callTime  = 15 * time.Second
	maxAnswer = 32 << 20 // bytes; a full batch of updates stays far below
	maxWords  = 80       // bytes of an error text that are passed on
)

// api makes calls as one bot. It is safe for concurrent use.
type api struct {
	token     string
	endpoint  string
	transport http.RoundTripper
}

func newAPI(base, token string, transport http.RoundTripper) *api {
	return &api{
		token:     token,
		endpoint:  strings.ReplaceAll(base, "%", "%%") + "/bot%s/%s",
		transport: transport,
	}
}

// call makes one call within limit. Every error is a *fault.
func (a *api) call(ctx context.Context, limit time.Duration, method string, params tgbotapi.Params, files ...tgbotapi.RequestFile) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	x := &exchange{ctx: ctx, transport: a.transport}
	bot := tgbotapi.BotAPI{Token: a.token, Client: x}
	bot.SetAPIEndpoint(a.endpoint)

	var resp *tgbotapi.APIResponse
	var err error
	if len(files) == 0 {
		resp, err = bot.MakeRequest(method, params)
	} else {
		resp, err = bot.UploadFiles(method, params, files)
	}
	if err != nil {
		return nil, a.fault(method, x, err)
	}
	if x.result != nil {
		return x.result, nil
	}
	return resp.Result, nil
}

// get makes a call and decodes its result.
func get[T any](ctx context.Context, a *api, method string, params tgbotapi.Params) (T, error) {
	var v T
	raw, err := a.call(ctx, callTime, method, params)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, &fault{method: method, left: true, text: "an answer of an unknown form"}
	}
	return v, nil
}

// A fault is a call that failed, with all that tells what the failure means.
type fault struct {
	method string
	status int           // of HTTP; 0: there was no answer
	code   int           // the Bot API's own; 0: the answer was not the Bot API's
	text   string        // short, without token or personal data
	after  time.Duration // how long we are asked to wait
	left   bool          // bytes of the request may have reached the server
	cause  error         // of a call without answer
}

func (f *fault) Error() string {
	s := f.method + ": "
	if f.status != 0 {
		s += strconv.Itoa(f.status) + " "
	}
	return s + f.text
}

func (f *fault) Unwrap() error { return f.cause }

func (a *api) fault(method string, x *exchange, err error) *fault {
	f := &fault{method: method, status: x.status, after: x.after, left: !x.waiting.Load()}
	var answer *tgbotapi.Error
	switch {
	case errors.As(err, &answer) && answer.Message != "":
		// UploadFiles leaves out the code; the status is the same number.
		f.code, f.text = cmp.Or(answer.Code, x.status), summary(strings.ReplaceAll(answer.Message, a.token, "…"))
		if answer.RetryAfter > 0 {
			f.after = seconds(answer.RetryAfter)
		}
	case errors.Is(err, errPage), answer != nil:
		f.text = errPage.Error()
	case x.status != 0:
		f.text = "the answer broke off"
	default:
		f.text, f.cause = strings.ReplaceAll(err.Error(), a.token, "…"), wireError(err)
	}
	return f
}

// seconds is how long Telegram asks us to wait, a day at most.
func seconds(n int) time.Duration { return time.Duration(min(max(n, 0), 24*60*60)) * time.Second }

// wireError is what may be asked of a failed connection with errors.Is. The
// original is dropped, because its text may hold the address with the token.
func wireError(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}

// summary shortens an error text of the Bot API to its fixed words: what follows
// the second colon or a quotation mark may repeat what a person wrote.
func summary(s string) string {
	if i := strings.IndexAny(s, "\"`“\n"); i >= 0 {
		s = s[:i]
	}
	if head, rest, ok := strings.Cut(s, ": "); ok {
		rest, _, _ = strings.Cut(rest, ": ")
		s = head + ": " + rest
	}
	if len(s) > maxWords {
		s = s[:maxWords]
	}
	return strings.ToValidUTF8(strings.TrimSpace(s), "")
}

var errPage = errors.New("a page instead of an answer, from something between us and Telegram")

// An exchange is the HTTP side of one call. The library knows neither contexts
// nor status codes, so each call brings its own client.
type exchange struct {
	ctx       context.Context
	transport http.RoundTripper
	status    int
	after     time.Duration
	waiting   atomic.Bool // for a connection: nothing has left
	result    json.RawMessage
}

// How the Bot API begins and ends what succeeded.
const (
	okBegins = `{"ok":true,"result":`
	okEnds   = `}`
)

// Do sends the request and reads the whole answer, so that the connection can be
// used again whatever the library leaves unread. The transport repeats a request
// by itself only when none of it left, so the last connection counts.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { x.waiting.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { x.waiting.Store(false) },
	}
	resp, err := x.transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(x.ctx, trace)))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	x.status = resp.StatusCode
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		x.after = seconds(s)
	}
	body, err := readAll(resp)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) {
		return nil, errPage
	}
	if result, ok := bytes.CutPrefix(body, []byte(okBegins)); ok {
		// The library would read all of it twice and copy it. Whoever wants the result
		// reads it anyway.
		if result, ok = bytes.CutSuffix(result, []byte(okEnds)); ok && json.Valid(result) {
			x.result, body = result, []byte(`{"ok":true}`)
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func readAll(resp *http.Response) ([]byte, error) {
	n := resp.ContentLength
	if n < 0 || n > maxAnswer {
		return io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	}
	body := make([]byte, n)
	_, err := io.ReadFull(resp.Body, body)
	return body, err
}
