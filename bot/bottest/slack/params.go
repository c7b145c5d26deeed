package fakeslack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

const maxRequest = 50 << 20

// readCall reads a form, a multipart form, a JSON object or a query. Anything
// else is kept as it is, as an uploaded file.
func readCall(r *http.Request) (*Call, error) {
	c := &Call{Params: r.URL.Query(), Remote: r.RemoteAddr}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
	if err != nil {
		return nil, err
	}
	c.body = body
	kind, args, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
		kind = ""
	case kind == "multipart/form-data" && args["boundary"] == "":
		return nil, errors.New("no boundary")
	}
	switch kind {
	case "multipart/form-data":
		err = c.readMultipart(multipart.NewReader(bytes.NewReader(body), args["boundary"]))
	case "application/json":
		err = c.readJSON(body)
	case "application/x-www-form-urlencoded":
		var form url.Values
		form, err = url.ParseQuery(string(body))
		for name, values := range form {
			c.Params[name] = values
		}
	}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.token = bearer
	} else if kind != "application/json" {
		c.token = c.Params.Get("token")
	}
	c.Params.Del("token")
	return c, err
}

func (c *Call) readMultipart(m *multipart.Reader) error {
	for {
		part, err := m.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() != "" {
			c.body = data
		} else {
			c.Params.Set(part.FormName(), string(data))
		}
	}
}

func (c *Call) readJSON(body []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return err
	}
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		c.Params.Set(name, text)
	}
	return nil
}
