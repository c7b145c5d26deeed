package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"
)

// A listener is the HTTP side of serve: health, metrics, and the webhook where
// one is used. Its limits suit small requests from a proxy or a probe.
type listener struct {
	server *http.Server
	socket net.Listener
}

// listen opens the address; nothing is answered before serve.
func listen(address string, handler http.Handler, log *slog.Logger) (*listener, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return &listener{socket: socket, server: &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}, nil
}

// serve answers requests until ctx ends, and then finishes those under way.
func (l *listener) serve(ctx context.Context) error {
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := l.server.Shutdown(grace); err != nil {
			l.server.Close()
		}
	})
	err := l.server.Serve(l.socket)
	if stop() { // it ended by itself
		return err
	}
	<-stopped
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// listenFlag says where serve answers HTTP.
type listenFlag struct {
	Listen string `name:"listen" var:"LISTEN" placeholder:"ADDRESS" help:"Where /healthz, /readyz, /metrics and the webhook are; opened only if this is set or a webhook needs it, then 127.0.0.1:8080 by default."`
}

const listenDefault = "127.0.0.1:8080"

// check answers the address, "" for none.
func (f listenFlag) check(needed bool, t *trouble) string {
	if f.Listen == "" {
		if needed {
			return listenDefault
		}
		return ""
	}
	_, port, err := net.SplitHostPort(f.Listen)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		t.add("LISTEN", "%q is no address to listen at; write %s, or :8080 for every network", f.Listen, listenDefault)
	}
	return f.Listen
}

// routes are all that serve answers: doors are those of the chat services.
func routes(h health, m *metrics, doors map[string]http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.live)
	mux.HandleFunc("GET /readyz", h.readiness)
	mux.Handle("GET /metrics", m)
	for path, door := range doors {
		mux.Handle(path, door)
	}
	return mux
}
