package main

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"reschedulebot/bot/bottest"
)

// What goes on failing does not fill the disk with lines about it.
func TestSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &bottest.Logbook{}
		tell := seldom(slog.New(slog.NewTextHandler(log, nil)), "the database")
		for range 600 { // a minute's
			tell(errors.New("it is full"))
			<-time.After(100 * time.Millisecond)
		}
		tell(errors.New("it is locked"))
		tell(errors.New("it is full"))
		if full, locked := log.Lines("it is full"), log.Lines("it is locked"); full != 2 || locked != 1 {
			t.Errorf("logged %d and %d times, want 2 and 1:\n%s", full, locked, log)
		}
	})
}
