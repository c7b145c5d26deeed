package telegram_test

import (
	"io"
	"net/http"
	"net/http/httptest"

	faketelegram "reschedulebot/bot/bottest/telegram"
)

// telegramCaller makes calls as another program with the same token: "getMe",
// "setWebhook?url=…".
func telegramCaller(srv *faketelegram.Server) func(call string) (answer string) {
	return func(call string) string {
		req := httptest.NewRequest(http.MethodGet, "http://telegram.invalid/bot"+faketelegram.Token+"/"+call, nil)
		resp, err := srv.Transport().RoundTrip(req)
		if err != nil {
			return err.Error()
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return string(b)
	}
}
