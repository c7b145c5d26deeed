package bot_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"reschedulebot/bot/store"
)

// TestTurnPlayedTwice: two people's turns share a commit, and the second one fails. The
// first is undone with it and played once more. What was said the first time was never
// written: that person reads one answer.
func TestTurnPlayedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, engines()[0])
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		s.scene("case", "IOE0000000102 I-485 XCB 2026-12-11 10:20 linked=Ben")
		s.say("Ana", "/verify")
		damage(t, s.url, `UPDATE cases SET receipt_sealed = x'010001ff' WHERE id IN
			(SELECT case_id FROM links WHERE chat_id IN (SELECT chat_id FROM outbox))`)
		begun, hold := make(chan struct{}), make(chan struct{})
		var together sync.WaitGroup
		together.Go(func() {
			_ = s.db.Update(context.Background(), func(*store.Tx) error { close(begun); <-hold; return nil })
		})
		<-begun
		for _, who := range []string{"Ben", "Ana"} {
			in := s.incoming(who, "/appointments")
			together.Go(func() {
				if err := s.bot.Take(context.Background(), in); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // it waits, and will be in one commit with the other
		}
		close(hold)
		together.Wait()
		s.work()
		sent := s.platform.take()
		if got := texts(sent, "Ben"); len(got) != 1 || !strings.Contains(got[0], "on file") {
			t.Errorf("Ben was sent %q", got)
		}
		if got := texts(sent, "Ana"); len(got) != 1 || !strings.Contains(got[0], "Something went wrong") {
			t.Errorf("Ana was sent %q", got)
		}
	})
}
