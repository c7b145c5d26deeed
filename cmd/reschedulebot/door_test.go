package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

// A door leads to the fake Bot API server. Each life of the program knocks at an
// address of its own, so that a message tells which life sent it: a request that
// was on its way when its life ended may still arrive.
type door struct {
	server *faketelegram.Server
	url    string

	mu   sync.Mutex
	sent map[int]string // life by id of the message, where the answer told the id
}

func newDoor(t testing.TB, server *faketelegram.Server) *door {
	t.Helper()
	d := &door{server: server, sent: map[int]string{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &http.Server{Handler: d}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = h.Serve(l)
	}()
	t.Cleanup(func() {
		_ = h.Close()
		<-closed
	})
	d.url = "http://" + l.Addr().String()
	return d
}

// address is where a life is to knock.
func (d *door) address(life int) string { return fmt.Sprintf("%s/life%d", d.url, life) }

// ServeHTTP implements http.Handler.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	life, rest, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !ok {
		http.NotFound(w, r)
		return
	}
	r.URL.Path = "/" + rest
	heard := &overheard{ResponseWriter: w}
	d.server.ServeHTTP(heard, r)
	if !strings.Contains(rest, "/send") {
		return
	}
	var answer struct {
		Result struct {
			ID int `json:"message_id"`
		}
	}
	if json.Unmarshal(heard.text.Bytes(), &answer) == nil && answer.Result.ID != 0 {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.sent[answer.Result.ID] = life
	}
}

// lives are the lives that were told the ids of the messages they sent.
func (d *door) lives() map[int]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	lives := map[int]string{}
	for id, life := range d.sent {
		lives[id] = life
	}
	return lives
}

// overheard is an answer of which a copy is kept.
type overheard struct {
	http.ResponseWriter
	text bytes.Buffer
}

func (o *overheard) Write(b []byte) (int, error) {
	o.text.Write(b)
	return o.ResponseWriter.Write(b)
}

// Hijack implements http.Hijacker.
func (o *overheard) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return o.ResponseWriter.(http.Hijacker).Hijack()
}
