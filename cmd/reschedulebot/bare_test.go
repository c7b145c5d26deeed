package main

import (
	"database/sql"
	"os"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	_ "github.com/mattn/go-sqlite3"
)

// bareBot is the yardstick of the load tests: what a bot costs that has no
// dialogue at all, written in the usual way. It answers every message with "ok"
// and commits one row for it, durably; up to 32 messages at the same time.
// BARE_DATABASE, BARE_API and BARE_TOKEN say where. It runs until it is killed,
// and unlike the program it loses what it had taken when it is.
func bareBot() {
	db, err := sql.Open("sqlite3", "file:"+os.Getenv("BARE_DATABASE")+"?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1) // SQLite has one writer; more connections only wait for each other
	if _, err := db.Exec("CREATE TABLE updates (id INTEGER PRIMARY KEY, chat INTEGER, words TEXT)"); err != nil {
		panic(err)
	}
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(os.Getenv("BARE_TOKEN"), os.Getenv("BARE_API")+"/bot%s/%s")
	if err != nil {
		panic(err)
	}
	inFlight := make(chan struct{}, 32)
	wanted := tgbotapi.UpdateConfig{Limit: 100, Timeout: 50, AllowedUpdates: []string{"message"}}
	for {
		updates, err := api.GetUpdates(wanted)
		if err != nil {
			panic(err)
		}
		for _, u := range updates {
			wanted.Offset = u.UpdateID + 1
			inFlight <- struct{}{}
			go func() {
				defer func() { <-inFlight }()
				if _, err := db.Exec("INSERT INTO updates (id, chat, words) VALUES (?, ?, ?)", u.UpdateID, u.Message.Chat.ID, u.Message.Text); err != nil {
					panic(err)
				}
				if _, err := api.Send(tgbotapi.NewMessage(u.Message.Chat.ID, "ok")); err != nil {
					panic(err)
				}
			}()
		}
	}
}
