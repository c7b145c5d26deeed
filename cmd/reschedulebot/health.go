package main

import (
	"context"
	"io"
	"net/http"
	"time"
)

// health answers a probe: /healthz that the process runs, /readyz that it can
// do its work.
type health struct {
	// ready answers "" or what is wrong, in a word or two without personal data.
	ready func(context.Context) string
}

func (h health) live(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

func (h health) readiness(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if wrong := h.ready(ctx); wrong != "" {
		say(w, http.StatusServiceUnavailable, wrong)
		return
	}
	say(w, http.StatusOK, "ready")
}

// say writes a line of plain text that nobody may keep.
func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	io.WriteString(w, text+"\n")
}
