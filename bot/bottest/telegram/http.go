package faketelegram

import (
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const maxRequest = 50 << 20

// An answer is what a method gives back: a result, or a refusal.
type answer struct {
	result      any
	raw         []byte // the result as JSON, instead of result
	status      int    // 0: 200
	description string
	retryAfter  int
	page        bool // something in between answers in HTML
}

func refuse(status int, description string) answer {
	return answer{status: status, description: description}
}

func badRequest(why string) answer { return refuse(http.StatusBadRequest, "Bad Request: "+why) }

// ServeHTTP implements http.Handler: /bot<token>/<method>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, _ := strings.Cut(rest, "/")
	if !ok || !strings.Contains(token, ":") {
		write(w, refuse(http.StatusNotFound, "Not Found"))
		return
	}
	params, files, err := readParams(r)
	if err != nil {
		write(w, badRequest("can't read the request"))
		return
	}
	s.mu.Lock()
	c := s.arrive(r.RemoteAddr, method, params, files)
	known := token == s.opt.Token && !s.revoked
	var f *Fault
	if known {
		f = s.faultFor(c)
	}
	healed := s.healed
	if f != nil {
		c.Fault = f.Do
	}
	s.mu.Unlock()

	if !known {
		s.finish(w, c, refuse(http.StatusUnauthorized, "Unauthorized"))
		return
	}
	if f != nil && !s.before(w, r, c, f, healed) {
		return
	}
	a := s.do(r.Context(), c)
	if r.Context().Err() != nil {
		s.mu.Lock()
		c.Gone = true
		s.mu.Unlock()
	}
	s.after(w, c, f, a)
}

// before does what a fault does before the method; false when that was all.
func (s *Server) before(w http.ResponseWriter, r *http.Request, c *Call, f *Fault, healed chan struct{}) bool {
	if a, ok := f.refusal(); ok {
		s.finish(w, c, a)
		return false
	}
	switch f.Do {
	case Reset:
		cut(w)
		return false
	case Hang:
		select {
		case <-healed:
		case <-r.Context().Done():
			s.mu.Lock()
			c.Gone = true
			s.ring()
			s.mu.Unlock()
			return false
		}
	case Slow:
		wait(r.Context(), f.Delay)
	}
	return true
}

func (s *Server) after(w http.ResponseWriter, c *Call, f *Fault, a answer) {
	done := a.status == 0
	s.mu.Lock()
	c.Done = done
	s.mu.Unlock()
	if f != nil && done {
		switch f.Do {
		case AfterDone:
			s.note(c, 0, "")
			cut(w)
			return
		case Garbage:
			s.note(c, http.StatusOK, "")
			_, _ = io.WriteString(w, `{"ok":true,"result":{"messa`)
			return
		}
	}
	s.finish(w, c, a)
}

// finish writes the answer and notes it. It is noted first: whoever got the
// answer finds it in the record.
func (s *Server) finish(w http.ResponseWriter, c *Call, a answer) {
	status := a.status
	if status == 0 {
		status = http.StatusOK
	}
	s.note(c, status, a.description)
	write(w, a)
}

func (s *Server) note(c *Call, status int, description string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Status, c.Description = status, description
	s.ring()
}

type parameters struct {
	RetryAfter int `json:"retry_after,omitempty"`
}

type envelope struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result,omitempty"`
	ErrorCode   int             `json:"error_code,omitempty"`
	Description string          `json:"description,omitempty"`
	Parameters  *parameters     `json:"parameters,omitempty"`
}

func write(w http.ResponseWriter, a answer) {
	if a.page {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if a.status == 0 {
		raw := a.raw
		if raw == nil {
			raw = toJSON(a.result)
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(raw)+len(`{"ok":true,"result":}`)))
		_, _ = w.Write(append(append([]byte(`{"ok":true,"result":`), raw...), '}'))
		return
	}
	e := envelope{ErrorCode: a.status, Description: a.description}
	if a.retryAfter > 0 {
		e.Description += " " + strconv.Itoa(a.retryAfter)
		e.Parameters = &parameters{RetryAfter: a.retryAfter}
		w.Header().Set("Retry-After", strconv.Itoa(a.retryAfter))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(toJSON(e))
}

func toJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// readParams reads a form, a multipart form, a JSON object or a query.
func readParams(r *http.Request) (url.Values, map[string]Upload, error) {
	kind, args, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	body := http.MaxBytesReader(nil, r.Body, maxRequest)
	switch kind {
	case "multipart/form-data":
		return readMultipart(multipart.NewReader(body, args["boundary"]))
	case "application/json":
		return readJSON(body)
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, nil, err
	}
	if len(raw) == 0 {
		return r.URL.Query(), nil, nil
	}
	params, err := url.ParseQuery(string(raw))
	return params, nil, err
}

func readMultipart(m *multipart.Reader) (url.Values, map[string]Upload, error) {
	params, files := url.Values{}, map[string]Upload{}
	for {
		part, err := m.NextPart()
		if err == io.EOF {
			return params, files, nil
		}
		if err != nil {
			return nil, nil, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, err
		}
		if part.FileName() != "" {
			files[part.FormName()] = Upload{Name: part.FileName(), Data: data}
		} else {
			params.Set(part.FormName(), string(data))
		}
	}
}

func readJSON(body io.Reader) (url.Values, map[string]Upload, error) {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&fields); err != nil {
		return nil, nil, err
	}
	params := url.Values{}
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		params.Set(name, text)
	}
	return params, nil, nil
}
