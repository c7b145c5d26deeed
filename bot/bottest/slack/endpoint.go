package fakeslack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An endpoint is the app's side of HTTP mode. The server's lock guards it.
type endpoint struct {
	base     string // "" Socket Mode
	lanes    map[string]<-chan struct{}
	requests []Request
}

// A Request is one that Slack sends to the app, or that somebody pretends to be
// Slack with.
type Request struct {
	Path   string // "/slack/events"
	Header http.Header
	Body   []byte
}

// The app's paths.
const (
	EventsPath       = "/slack/events"
	InteractionsPath = "/slack/interactions"
	CommandsPath     = "/slack/commands"

	signatureHeader = "X-Slack-Signature"
	timestampHeader = "X-Slack-Request-Timestamp"
)

// UseHTTP delivers to an app at this address from now on, and no longer to
// sockets; "" goes back to Socket Mode.
func (s *Server) UseHTTP(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.http.base, s.http.lanes = strings.TrimSuffix(base, "/"), map[string]<-chan struct{}{}
}

// Sign makes a request that is signed as Slack does, at that time. Change it to
// forge one.
func (s *Server) Sign(path, contentType string, body []byte, at time.Time) Request {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(s.opt.SigningSecret))
	fmt.Fprintf(mac, "v0:%s:%s", timestamp, body)
	h := http.Header{}
	h.Set("Content-Type", contentType)
	h.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	h.Set(timestampHeader, timestamp)
	h.Set(signatureHeader, "v0="+hex.EncodeToString(mac.Sum(nil)))
	return Request{Path: path, Header: h, Body: body}
}

// Requests returns what was sent to the app, for a replay.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.http.requests...)
}

// Post sends a request to the app as it is and returns the answer.
func (s *Server) Post(ctx context.Context, r Request) (status int, body []byte, err error) {
	resp, body, err := s.post(ctx, r)
	if err != nil {
		return 0, nil, err
	}
	return resp.StatusCode, body, nil
}

// VerifyURL asks the app, as Slack does when the address is entered, to prove
// that it is the app.
func (s *Server) VerifyURL(ctx context.Context) error {
	s.mu.Lock()
	challenge := s.id("challenge")
	s.mu.Unlock()
	body := toJSON(obj{"token": "fake-verification-token", "challenge": challenge, "type": "url_verification"})
	status, answer, err := s.Post(ctx, s.Sign(EventsPath, "application/json", body, s.now()))
	if err != nil {
		return err
	}
	var said struct{ Challenge string }
	_ = json.Unmarshal(answer, &said)
	if status != http.StatusOK || strings.TrimSpace(string(answer)) != challenge && said.Challenge != challenge {
		return fmt.Errorf("the challenge was answered with status %d and not repeated", status)
	}
	return nil
}

func (s *Server) post(ctx context.Context, r Request) (*http.Response, []byte, error) {
	s.mu.Lock()
	address := s.http.base + r.Path
	if !s.opt.Brief {
		s.http.requests = append(s.http.requests, r)
	}
	s.mu.Unlock()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(r.Body))
	if err != nil {
		return nil, nil, err
	}
	req.Header = r.Header.Clone()
	resp, err := s.opt.HTTP.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp, body, err
}

// bring makes one attempt at a delivery by HTTP.
func (s *Server) bring(d *delivery, n int, reason string) outcome {
	began := time.Now()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	go func() {
		select {
		case <-s.alarm(s.opt.Patience):
			cancel(errPatience)
		case <-d.again:
			cancel(errHurried)
		case <-s.closing:
			cancel(errClosing)
		case <-ctx.Done():
		}
	}()
	resp, body, err := s.post(ctx, s.request(d, n, reason))
	switch why := context.Cause(ctx); {
	case err != nil && why != nil:
		return outcome{reason: "http_timeout", trouble: "timed out", hurried: why == errHurried, final: why == errClosing}
	case err != nil:
		return outcome{reason: "connection_failed", trouble: "no connection"}
	case resp.StatusCode/100 != 2:
		return outcome{reason: "http_error", trouble: "status " + strconv.Itoa(resp.StatusCode), final: resp.Header.Get("X-Slack-No-Retry") == "1"}
	}
	if d.Kind == Events {
		body = nil // whatever it is
	}
	return outcome{acked: true, response: bytes.TrimSpace(body), took: time.Since(began)}
}

var (
	errPatience = errors.New("waited for an answer long enough")
	errHurried  = errors.New("told to wait no longer")
	errClosing  = errors.New("the server closes")
)

// request makes the request for a delivery.
func (s *Server) request(d *delivery, n int, reason string) Request {
	path, kind, body := EventsPath, "application/json", []byte(d.Payload)
	switch d.Kind {
	case Actions:
		path, kind = InteractionsPath, "application/x-www-form-urlencoded"
		body = []byte(url.Values{"payload": {string(d.Payload)}}.Encode())
	case Commands:
		path, kind = CommandsPath, "application/x-www-form-urlencoded"
		var fields map[string]string
		_ = json.Unmarshal(d.Payload, &fields)
		form := url.Values{}
		for name, value := range fields {
			form.Set(name, value)
		}
		body = []byte(form.Encode())
	}
	r := s.Sign(path, kind, body, s.now())
	if n > 0 {
		r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(n))
		r.Header.Set("X-Slack-Retry-Reason", reason)
	}
	return r
}
