package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Where Handler's endpoints are.
const (
	EventsPath       = "/slack/events"
	InteractionsPath = "/slack/interactions"
	CommandsPath     = "/slack/commands"
)

const (
	signatureHeader = "X-Slack-Signature"
	momentHeader    = "X-Slack-Request-Timestamp"
	signatureLife   = 5 * time.Minute // both ways
	maxRequest      = 1 << 20         // bytes
	// answerWithin is when Slack is told to come again; it gives up after 3 s.
	answerWithin = 2500 * time.Millisecond
)

// Handler serves the three endpoints of HTTP mode. 200 says that what came is safe,
// or that it concerns nobody; 4xx that the request is not Slack's and wrote
// nothing; 503 that Slack should bring it again. The body of a 200 is empty but for
// Slack's challenge and for what somebody waits for: the entries of a menu, or what
// is wrong with a form.
func (p *Platform) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+EventsPath, p.endpoint(readEvents))
	mux.HandleFunc("POST "+InteractionsPath, p.endpoint(readInteractions))
	mux.HandleFunc("POST "+CommandsPath, p.endpoint(readCommands))
	return mux
}

func (p *Platform) endpoint(read func([]byte) request) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		status, answer := p.request(w, r, read)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if bytes.HasPrefix(answer, []byte("{")) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
		}
		if status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "1")
		}
		w.WriteHeader(status)
		_, _ = w.Write(answer)
	}
}

func (p *Platform) request(w http.ResponseWriter, r *http.Request, read func([]byte) request) (status int, answer []byte) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge, nil
	}
	if err != nil {
		return http.StatusBadRequest, nil
	}
	if !signed(r.Header, body, p.config.SigningSecret, p.config.Now()) {
		return http.StatusUnauthorized, nil
	}
	got := read(body)
	switch {
	case got.check:
		return http.StatusOK, nil
	case got.kind == "":
		return http.StatusBadRequest, nil
	case got.challenge != "":
		return http.StatusOK, []byte(got.challenge)
	}
	return p.brought(r.Context(), got)
}

// brought waits for what came to be safe, as long as Slack waits. What is being
// taken is finished even if Slack hangs up, and what came before Receive began is
// taken when it does.
func (p *Platform) brought(patience context.Context, got request) (status int, answer []byte) {
	errand := p.bring(got.kind, got.payload)
	if errand == nil {
		return http.StatusServiceUnavailable, nil
	}
	patience, cancel := context.WithTimeout(patience, answerWithin)
	defer cancel()
	select {
	case <-errand.done:
		if errand.safe {
			return http.StatusOK, errand.d.answer()
		}
	case <-patience.Done():
	}
	return http.StatusServiceUnavailable, nil
}

// signed tells whether the body is what Slack signed lately. No secret configured
// matches nothing.
func signed(h http.Header, body []byte, secret string, now time.Time) bool {
	moment := h.Get(momentHeader)
	seconds, err := strconv.ParseInt(moment, 10, 64)
	given, isHex := strings.CutPrefix(h.Get(signatureHeader), "v0=")
	signature, bad := hex.DecodeString(given)
	if err != nil || !isHex || bad != nil || secret == "" || now.Sub(time.Unix(seconds, 0)).Abs() > signatureLife {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + moment + ":"))
	mac.Write(body)
	return hmac.Equal(mac.Sum(nil), signature)
}

// A request is what an endpoint got, in the form of Socket Mode. No kind: it is
// none of Slack's.
type request struct {
	kind      string
	payload   []byte
	challenge string // is to be sent back
	check     bool   // Slack only looks whether the address answers
}

func readEvents(body []byte) request {
	var outer struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
	}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) && json.Unmarshal(body, &outer) == nil &&
		outer.Type == "url_verification" && anyID.MatchString(outer.Challenge) {
		return request{kind: eventsAPI, challenge: outer.Challenge}
	}
	return request{kind: eventsAPI, payload: body}
}

func readInteractions(body []byte) request {
	form, err := url.ParseQuery(string(body))
	if err != nil || !form.Has("payload") {
		return request{}
	}
	return request{kind: interactive, payload: []byte(form.Get("payload"))}
}

// readCommands writes the form as the object that Socket Mode brings.
func readCommands(body []byte) request {
	form, err := url.ParseQuery(string(body))
	if err != nil || !form.Has("command") {
		return request{check: form.Get("ssl_check") == "1"}
	}
	payload, err := json.Marshal(typedCommand{
		Command: form.Get("command"), Text: form.Get("text"), Team: form.Get("team_id"),
		User: form.Get("user_id"), Trigger: form.Get("trigger_id"),
	})
	if err != nil {
		return request{}
	}
	return request{kind: slashCommands, payload: payload}
}
