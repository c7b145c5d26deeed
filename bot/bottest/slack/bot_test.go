package fakeslack_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// A bot is the least that can be called one: it calls by hand.
type bot struct {
	t     *testing.T
	api   string
	token string
}

// A reply is what the Web API answered.
type reply struct {
	Status   int
	Header   http.Header
	OK       bool
	Error    string
	Needed   string
	Provided string
	URL      string
	Channel  json.RawMessage
	TS       string
	View     struct{ ID, Hash string }
	Messages []struct {
		User, Text, TS string
		Thread         string `json:"thread_ts"`
		Metadata       *struct {
			Type    string          `json:"event_type"`
			Payload json.RawMessage `json:"event_payload"`
		}
	}
	Members  []string
	FileID   string `json:"file_id"`
	Upload   string `json:"upload_url"`
	Metadata struct {
		Messages []string
		Cursor   string `json:"next_cursor"`
	} `json:"response_metadata"`
}

func (r reply) channel() string {
	var id string
	_ = json.Unmarshal(r.Channel, &id)
	return id
}

func (b bot) call(method string, params ...string) reply {
	b.t.Helper()
	form := url.Values{"token": {b.token}}
	for i := 0; i < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	resp, err := http.PostForm(b.api+method, form)
	return b.read(resp, err)
}

// callJSON sends fields as they are.
func (b bot) callJSON(method string, fields map[string]any) reply {
	b.t.Helper()
	body, _ := json.Marshal(fields)
	req, err := http.NewRequest(http.MethodPost, b.api+method, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Authorization", "Bearer "+b.token)
	resp, err := http.DefaultClient.Do(req)
	return b.read(resp, err)
}

func (b bot) read(resp *http.Response, err error) reply {
	b.t.Helper()
	if err != nil {
		return reply{Error: "cut"}
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	r := reply{Status: resp.StatusCode, Header: resp.Header}
	if json.Unmarshal(body, &r) != nil {
		r.Error = "no JSON: " + string(body)
	}
	return r
}

func start(t *testing.T, o fakeslack.Options) (*fakeslack.Server, bot) {
	t.Helper()
	srv := fakeslack.New(o)
	api, stop := srv.Start()
	t.Cleanup(stop)
	return srv, bot{t, api, fakeslack.BotToken}
}

// A socket is a connection made by hand.
type socket struct {
	t  *testing.T
	ws *websocket.Conn
}

// An envelope is what comes over a socket.
type envelope struct {
	Type       string
	EnvelopeID string `json:"envelope_id"`
	Payload    json.RawMessage
	Accepts    bool   `json:"accepts_response_payload"`
	Attempt    int    `json:"retry_attempt"`
	Why        string `json:"retry_reason"`
	Reason     string
	Number     int `json:"num_connections"`
}

func (e envelope) field(path ...string) string {
	var v any
	_ = json.Unmarshal(e.Payload, &v)
	for _, name := range path {
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		m, _ := v.(map[string]any)
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

// dial opens a socket without waiting for the greeting.
func (b bot) dial() socket {
	b.t.Helper()
	b.token = fakeslack.AppToken
	r := b.call("apps.connections.open")
	if !r.OK {
		b.t.Fatalf("apps.connections.open: %s", r.Error)
	}
	ws, _, err := websocket.DefaultDialer.Dial(r.URL, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { ws.Close() })
	return socket{b.t, ws}
}

// open opens a socket that was greeted.
func (b bot) open() socket {
	b.t.Helper()
	k := b.dial()
	if e := k.next(); e.Type != "hello" {
		b.t.Fatalf("the first frame is %q", e.Type)
	}
	return k
}

func (k socket) next() envelope {
	k.t.Helper()
	var e envelope
	if err := k.ws.ReadJSON(&e); err != nil {
		k.t.Fatalf("reading: %v", err)
	}
	return e
}

func (k socket) ack(e envelope, payload ...any) {
	k.t.Helper()
	body := map[string]any{"envelope_id": e.EnvelopeID}
	if len(payload) > 0 {
		body["payload"] = payload[0]
	}
	if err := k.ws.WriteJSON(body); err != nil {
		k.t.Fatal(err)
	}
}

// violations are those noted so far, in one line.
func violations(srv *fakeslack.Server) string {
	var all []string
	for _, v := range srv.Violations() {
		all = append(all, v.String())
	}
	return strings.Join(all, "; ")
}

// trigger is the trigger_id that came with a delivery.
func trigger(srv *fakeslack.Server, id string) string {
	for _, d := range srv.Deliveries("") {
		if d.ID == id {
			return envelope{Payload: d.Payload}.field("trigger_id")
		}
	}
	return ""
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
