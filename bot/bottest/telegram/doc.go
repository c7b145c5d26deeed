// Package faketelegram is a Bot API server for tests: it keeps Telegram's polling
// semantics and limits, refuses what Telegram refuses, fails on demand, and lets
// people write and press buttons.
//
//	srv := faketelegram.New(faketelegram.Options{})
//	url, stop := srv.Start()                // on loopback; or Serve a listener, or Transport for no network
//	ana := srv.Person("Ana", "es")
//	ana.Say("/start")
//	m, err := ana.Next(ctx)                 // the bot's next message, as Ana sees it
//	ana.Press("1 · Sí")
//	srv.Fail(faketelegram.Fault{Method: "sendMessage", Chat: ana.ID, Times: 1, Do: faketelegram.TooMany, RetryAfter: 3})
//	srv.Redeliver(1)                        // the last update comes again; Options.Twice: each does
//
// A program in another process is given url as its Bot API server. Calls tells
// what it asked for, from which connection, and whether it was still there for
// the answer. To brings the deliveries for a webhook's public name to a port
// here.
//
// It reads messages with its own eyes: nothing here is shared with the adapter
// it tests.
package faketelegram
