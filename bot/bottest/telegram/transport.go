package faketelegram

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// Transport carries requests to the server without a network, so that clocks
// can be faked. A connection that is cut is an error.
func (s *Server) Transport() http.RoundTripper { return direct{s} }

// Direct carries requests to any handler without a network.
func Direct(h http.Handler) http.RoundTripper { return direct{h} }

type direct struct{ h http.Handler }

var errCut = errors.New("connection reset by peer")

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in := r.Clone(ctx)
	in.RemoteAddr = "in-process"
	in.Host = r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer in.Body.Close()
	out := &record{header: http.Header{}}
	done := make(chan bool, 1)
	go func() {
		defer func() { done <- recover() == nil }()
		d.h.ServeHTTP(out, in)
	}()
	select {
	case ok := <-done:
		if !ok {
			return nil, errCut
		}
		return out.response(r), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A record collects a response.
type record struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *record) Header() http.Header { return w.header }

func (w *record) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *record) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

func (w *record) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        w.header,
		Body:          io.NopCloser(&w.body),
		ContentLength: int64(w.body.Len()),
		Request:       r,
	}
}
