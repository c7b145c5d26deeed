package fakeslack_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	fakeslack "reschedulebot/bot/bottest/slack"
)

func BenchmarkPostMessage(b *testing.B) {
	srv := fakeslack.New(fakeslack.Options{Brief: true, NoEcho: true})
	lee := srv.Member("Lee")
	form := url.Values{"channel": {lee.ID}, "text": {"A request waits."}, "blocks": {card}, "unfurl_links": {"false"}, "unfurl_media": {"false"}}.Encode()
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest(http.MethodPost, "/api/chat.postMessage", strings.NewReader(form))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", "Bearer "+fakeslack.BotToken)
		w := httptest.NewRecorder()
		if srv.ServeHTTP(w, req); w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
