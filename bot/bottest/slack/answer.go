package fakeslack

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// obj is a JSON object on its way out.
type obj = map[string]any

// An answer is what a method gives back: fields, or a refusal.
type answer struct {
	fields     obj
	status     int // 0: 200
	error      string
	messages   []string // response_metadata.messages
	more       obj      // further fields of a refusal
	retryAfter int
	page       bool // something in between answers in HTML
	plain      string
	raw        []byte // a file's content
	scopes     bool   // tell the token's scopes in the header
}

func yes(fields obj) answer { return answer{fields: fields} }

func refuse(why string, messages ...string) answer { return answer{error: why, messages: messages} }

func limited(seconds int) answer {
	a := refuse("ratelimited")
	a.status, a.retryAfter = http.StatusTooManyRequests, seconds
	return a
}

func (a answer) ok() bool { return a.error == "" && (a.status == 0 || a.status == http.StatusOK) }

// finish writes the answer and notes it. It is noted first: whoever got the
// answer finds it in the record.
func (s *Server) finish(w http.ResponseWriter, c *Call, a answer) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	s.mu.Lock()
	c.Status, c.Error = a.status, a.error
	scopes := strings.Join(s.opt.Scopes, ",")
	s.ring()
	s.mu.Unlock()
	if a.scopes {
		w.Header().Set("X-OAuth-Scopes", scopes)
	}
	a.write(w)
}

func (a answer) write(w http.ResponseWriter) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	switch {
	case a.page:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, "<html><head><title>503 Service Unavailable</title></head><body>Server Error</body></html>")
		return
	case a.raw != nil:
		_, _ = w.Write(a.raw)
		return
	case a.plain != "":
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.plain)
		return
	case a.status >= 500:
		w.WriteHeader(a.status)
		return
	}
	if a.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(a.retryAfter))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.status)
	_, _ = w.Write(toJSON(a.body()))
}

func (a answer) body() obj {
	body := obj{"ok": a.error == ""}
	maps.Copy(body, a.fields)
	maps.Copy(body, a.more)
	if a.error != "" {
		body["error"] = a.error
	}
	if len(a.messages) > 0 {
		plain := []string{}
		for _, m := range a.messages {
			plain = append(plain, strings.TrimPrefix(m, "[ERROR] "))
		}
		body["errors"], body["response_metadata"] = plain, obj{"messages": a.messages}
	}
	return body
}

func toJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
