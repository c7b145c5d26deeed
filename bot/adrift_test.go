package bot_test

import (
	"context"
	"strings"
	"testing"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/bot/store/pgtest"
	"reschedulebot/scheduling"
)

// lossy is a stage on a PostgreSQL whose answers can be lost.
func lossy(t *testing.T) (*stage, *pgtest.Wire) {
	t.Helper()
	wire := pgtest.NewWire(t, pgtest.New(t))
	s := newStage(t, engine{"postgres", func(testing.TB) string { return wire.Address }})
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
	return s, wire
}

// TestLostCommit: PostgreSQL commits a move and goes away before it says so. The
// event comes again: it was taken in once, nobody is told that nothing was changed,
// and the answer is not left lying.
func TestLostCommit(t *testing.T) {
	s, wire := lossy(t)
	s.upToConfirm("Ana")
	in := s.incoming("Ana", "yes")
	wire.LoseAnswer(pgtest.Commit)
	if err := s.bot.Take(context.Background(), in); err == nil {
		t.Error("an event counts as taken in though nobody knows whether it is")
	}
	if err := s.bot.Take(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	if err := s.bot.FreeAdrift(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.work()
	if got := texts(s.platform.take(), "Ana"); len(got) != 1 || !strings.Contains(got[0], "Your appointment was moved") {
		t.Errorf("Ana was told %q", got)
	}
	_ = s.db.View(context.Background(), func(tx *store.Tx) error {
		if set := tx.Quarantined(10); len(set) != 0 {
			t.Errorf("quarantined: %+v", set)
		}
		return nil
	})
	if got := s.onFile(); !strings.Contains(got, "count 1") {
		t.Errorf("on file: %s", got)
	}
}

// TestLostClaim: the same while messages of another process are claimed.
func TestLostClaim(t *testing.T) {
	s, wire := lossy(t)
	one := s.bot
	s.bot = bot.New(bot.Config{Store: s.db, Rules: scheduling.BuiltinRules(), Kind: "import", Plan: testPlan(t)})
	if err := s.caseLine("IOE0000000101 I-485 XCB 2026-12-14 10:00"); err != nil {
		t.Fatal(err)
	}
	s.bot = one
	wire.LoseAnswer(pgtest.Commit)
	if err := s.bot.Deliver(context.Background()); err == nil {
		t.Error("messages count as sent though nobody knows whose they are")
	}
	if err := s.bot.FreeAdrift(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.work()
	if got := texts(s.platform.take(), "Ana"); len(got) != 1 || !strings.Contains(got[0], "Mon Dec 14") {
		t.Errorf("Ana was told %q", got)
	}
}
