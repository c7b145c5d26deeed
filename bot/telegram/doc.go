// Package telegram connects the bot to Telegram: it turns updates into
// bot.Incoming and bot.Outgoing into calls of the Bot API. It decides nothing
// and remembers nothing beyond the batch in hand and the presses it answered
// lately.
//
//	poll.go, webhook.go   an update arrives            → update.go reads it
//	answer.go             a press is answered at once, before anybody waits
//	send.go, render.go    a reply goes out             → failure.go says what an error means
//	api.go                one call: time limit, no token in any error, what the wire saw
//
// go-telegram-bot-api gives the types, the request encoding and the uploads. Its
// polling, its webhook listener and its constructor are not used: they confirm
// updates before anybody handled them, retry every error alike, and ask getMe
// once more than needed. What is used never logs, so its logger, which is a
// package variable, is left alone: setting it races with any other user of it.
//
// Telegram delivers at least once in both directions. Incoming.EventID lets the
// inbox drop repeats; for what is sent there is no such key, see bot.Ambiguous.
package telegram
