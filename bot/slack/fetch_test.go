package slack_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"reschedulebot/bot"
	fakeslack "reschedulebot/bot/bottest/slack"
	"reschedulebot/bot/slack"
)

// TestFetch holds that a file that somebody shared comes as it is, and what it means
// when it does not.
func TestFetch(t *testing.T) {
	r := socket(t, fakeslack.Options{})
	r.receive()
	book := []byte("receipt_number,asc_code\nIOE0000000101,XCH\n")
	r.lee.Upload("book.csv", book, "")
	id := r.next(1).Event.Attached.ID
	got, err := r.p.Fetch(r.ctx, id)
	if err != nil || !bytes.Equal(got, book) {
		t.Fatalf("came %q, %v", got, err)
	}
	for _, test := range []struct {
		fault fakeslack.Fault
		class bot.Class
	}{
		{fakeslack.Fault{Method: "files.info", Do: fakeslack.Internal}, bot.Again},
		{fakeslack.Fault{Method: "files.info", Do: fakeslack.TooMany, RetryAfter: 1}, bot.Wait},
		{fakeslack.Fault{Method: "files.info", Do: fakeslack.Refuse, Error: "file_deleted"}, bot.Never},
		{fakeslack.Fault{Method: "files.info", Do: fakeslack.Refuse, Error: "token_revoked"}, bot.Fatal},
		{fakeslack.Fault{Method: "download", Do: fakeslack.Internal}, bot.Again},
		{fakeslack.Fault{Method: "download", Do: fakeslack.TooMany, RetryAfter: 1}, bot.Wait},
		{fakeslack.Fault{Method: "download", Do: fakeslack.Page}, bot.Again},
		{fakeslack.Fault{Method: "download", Do: fakeslack.Garbage}, bot.Again}, // not the file
	} {
		test.fault.Times = 1
		r.srv.Fail(test.fault)
		_, err := r.p.Fetch(r.ctx, id)
		var failed *bot.SendError
		if !errors.As(err, &failed) || failed.Class != test.class || (failed.After > 0) != (test.class == bot.Wait) {
			t.Errorf("%s %s: %v, want %s", test.fault.Method, test.fault.Do, err, test.class)
		}
	}
	r.lee.Upload("large.csv", make([]byte, 2<<20+1), "")
	for name, id := range map[string]string{"too large": r.next(2).Event.Attached.ID, "no such file": "F0NOWHERE", "no id": "../../etc"} {
		_, err := r.p.Fetch(r.ctx, id)
		if failed := (*bot.SendError)(nil); !errors.As(err, &failed) || failed.Class != bot.Never {
			t.Errorf("%s: %v, want never", name, err)
		}
	}
	r.lee.Upload("most.csv", make([]byte, 2<<20), "")
	if got, err := r.p.Fetch(r.ctx, r.next(3).Event.Attached.ID); err != nil || len(got) != 2<<20 {
		t.Errorf("%d bytes came, %v", len(got), err)
	}
}

// The token goes nowhere but to Slack, whatever Slack says about a file, and no more
// is read than was promised.
func TestFetchElsewhere(t *testing.T) {
	var tokens []string
	note := func(r *http.Request) {
		if strings.Contains(r.Header.Get("Authorization"), fakeslack.BotToken) {
			tokens = append(tokens, r.Host+r.URL.Path)
		}
	}
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { note(r); fmt.Fprint(w, "abc") }))
	defer away.Close()
	link := ""
	mux := http.NewServeMux()
	mux.HandleFunc("/api/files.info", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"ok":true,"file":{"id":"F1","size":3,"url_private_download":%q}}`, link)
	})
	mux.HandleFunc("/good", func(w http.ResponseWriter, r *http.Request) { note(r); fmt.Fprint(w, "abc") })
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, away.URL, http.StatusFound) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for range 100 {
			_, _ = w.Write(make([]byte, 1<<16))
		}
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<html>Sign in</html>") })
	api := httptest.NewServer(mux)
	defer api.Close()
	p, err := slack.New(slack.Config{Token: fakeslack.BotToken, Team: fakeslack.TeamID, APIURL: api.URL + "/api/", Unpaced: true})
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(api.URL, "http://")
	for at, class := range map[string]bot.Class{
		api.URL + "/good": "", api.URL + "/redirect": bot.Never, api.URL + "/endless": bot.Never, api.URL + "/page": bot.Again, api.URL + "/gone": bot.Never,
		away.URL + "/good": bot.Never, "": bot.Never, "file:///etc/hosts": bot.Never, "http://slack.com/x": bot.Never, "https://slack.com.example.com/x": bot.Never,
		"https://evilslack.com/x": bot.Never, "http://u:p@" + host + "/good": bot.Never, "https://" + host + "/good": bot.Never, "https://files.slack.com:444/x": bot.Never,
	} {
		link = at
		got, err := p.Fetch(t.Context(), "F1")
		var failed *bot.SendError
		if class == "" && (err != nil || string(got) != "abc") || class != "" && (!errors.As(err, &failed) || failed.Class != class) {
			t.Errorf("%s: %q, %v, want %s", at, got, err, class)
		}
	}
	if len(tokens) != 1 || tokens[0] != host+"/good" {
		t.Errorf("the token went to %s", tokens)
	}
}
