package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/conversation/transcript"
)

// TestStrangerWithManyMessages: somebody who is linked to nothing is answered a
// hundred times, told once that this is all for now, and then costs nothing any more.
// A link opens the chat all the same, and a day later they are answered again.
func TestStrangerWithManyMessages(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("language", "es")
		s.scene("case", "IOE0000000101 I-485 XCB 2027-01-11 10:00 linked=no")
		var heard []string
		for range 500 {
			heard = append(heard, s.say("Max", "hola"))
		}
		said := strings.Join(heard, "\n")
		if n := strings.Count(said, "Este chat es solo para clientes"); n != 101 {
			t.Errorf("of 500 messages %d were answered, want 100 and the last word", n)
		}
		if strings.Count(said, "Ya le contesté muchas veces") != 1 {
			t.Errorf("that nothing more is read was not said once")
		}
		for table, want := range map[string]int{"inbox": 100, "outbox": 0, "chats": 1, "tries": 1, "alarms": 0} {
			if n := s.rows(table); n != want {
				t.Errorf("%d rows of %s, want %d", n, table, want)
			}
		}
		if said := s.say("Max", "<open nonsense>"); !strings.Contains(said, "enlace") {
			t.Errorf("a wrong link: %q", said)
		}
		if said := s.say("Max", "hola"); said != "" {
			t.Errorf("after a wrong link: %q", said)
		}
		if said := s.say("Max", "<link IOE0000000101>"); !strings.Contains(said, "IOE") && !strings.Contains(said, "…0101") {
			t.Errorf("a link: %q", said)
		}
		if said := s.say("Max", "/appointments"); said == "" {
			t.Error("whoever is linked is not read")
		}
		for range 150 {
			s.say("Eve", "hola")
		}
		s.scene("forward", "25h")
		if said := s.say("Eve", "hola"); !strings.Contains(said, "solo para clientes") {
			t.Errorf("a day later: %q", said)
		}
	})
}

// TestStrangersBlockAndUnblock: that leaves nothing either. Of a client it is known
// which came last.
func TestStrangersBlockAndUnblock(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		for i := range 100 {
			for _, who := range []string{"Max", "Ana"} {
				in, reachable := s.incoming(who, ""), i%2 == 1
				in.Event, in.Reachable = conversation.Event{}, &reachable
				if err := s.bot.Take(context.Background(), in); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := s.rows("inbox"); n != 100 {
			t.Errorf("%d events are written down, want Ana's 100", n)
		}
		s.scene("forward", "26h")
		if n := s.rows("chats"); n != 1 {
			t.Errorf("%d chats are left, want Ana's", n)
		}
	})
}

// TestWrongLinksWithoutEnd: links are tried no more often than that either.
func TestWrongLinksWithoutEnd(t *testing.T) {
	s := newStage(t, engines()[0])
	s.scene("now", winter)
	s.scene("case", "IOE0000000101 I-485 XCB 2027-01-11 10:00 linked=no")
	for range 300 {
		s.say("Max", "<open nonsense>")
	}
	if n := s.rows("inbox"); n > 120 {
		t.Errorf("%d events of 300 wrong links are kept", n)
	}
}

// TestStrangersComeLast: five hundred strangers write at once, and it takes a second
// to answer each. Whoever is linked is answered at once all the same, and all
// strangers in the end.
func TestStrangersComeLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, engines()[0])
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		s.scene("case", "IOE0000000102 I-485 XCB 2026-12-11 10:00 linked=no")
		var going, most atomic.Int32
		arrived := map[string]time.Time{}
		s.platform.failing(func(m bot.Outgoing) (bool, error) {
			if strings.HasPrefix(m.Chat, "P") {
				most.Store(max(most.Load(), going.Add(1)))
				defer going.Add(-1)
				<-time.After(time.Second)
			}
			return true, nil
		})
		for i := range 500 {
			s.take(fmt.Sprint("P", i), "hello")
		}
		began := time.Now()
		s.platform.failing(func(m bot.Outgoing) (bool, error) {
			if m.Chat == "Ana" || m.Chat == "Max" {
				arrived[m.Chat] = time.Now()
				return true, nil
			}
			most.Store(max(most.Load(), going.Add(1)))
			defer going.Add(-1)
			<-time.After(time.Second)
			return true, nil
		})
		s.take("Ana", "/appointments")
		code, err := s.event(s.speaker("Max"), transcript.Act{Kind: "link", Text: "IOE0000000102"})
		if err != nil {
			t.Fatal(err)
		}
		s.take("Max", "hello") // is at the end of the line
		in := s.incoming("Max", "")
		in.Event = code
		if err := s.bot.Take(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		s.work()
		sent := s.platform.take()
		if len(texts(sent, "Ana")) != 1 || len(texts(sent, "Max")) != 2 || len(sent) != 503 {
			t.Errorf("%d messages, %d to Ana and %d to Max", len(sent), len(texts(sent, "Ana")), len(texts(sent, "Max")))
		}
		for _, who := range []string{"Ana", "Max"} {
			if waited := arrived[who].Sub(began); waited > 2*time.Second {
				t.Errorf("%s waited for %v", who, waited)
			}
		}
		if most.Load() > 16 {
			t.Errorf("%d strangers were written to at the same time", most.Load())
		}
	})
}

// TestNothingIsLeftOfStrangers: a day after they fell silent their chats are gone, and
// with them all that was said. Those of clients, of whoever once was one and asked for
// something, and of staff stay.
func TestNothingIsLeftOfStrangers(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.withDesk()
		s.scene("case", "IOE0000000102 I-485 XCB 2026-12-21 10:00 linked=Ben,Cruz")
		s.scene("case", "IOE0000000103 I-485 XCB 2026-12-21 10:20 linked=no")
		s.asks("Ben")
		s.say("Lee", "/language español")
		for i := range 120 {
			who := fmt.Sprint("P", i)
			s.say(who, "hello")
			s.say(who, "<open nonsense>")
		}
		s.say("P1", "/language")
		s.say("Dora", "<link IOE0000000103>")
		s.say("Dora", "no") // it was not hers
		if n := s.rows("chats"); n < 125 {
			t.Fatalf("%d chats", n)
		}
		for _, who := range []string{"Ana", "Ben", "Cruz", "Lee"} {
			s.say(who, "/help")
		}
		err := s.db.Update(context.Background(), func(tx *store.Tx) error {
			for _, who := range []string{"Ben", "Cruz"} {
				tx.UnlinkChat(tx.Chat("fake", who).ID)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.scene("forward", "23h")
		if n := s.rows("chats"); n < 125 {
			t.Errorf("%d chats are left before the day is over", n)
		}
		s.speaker("Lee").staff = nil // is not asked about while they are silent
		s.scene("forward", "26h")
		s.scene("staff", "Lee representative")
		if got := s.rows("tries"); got != 0 {
			t.Errorf("%d tries are left", got)
		}
		left := map[string]bool{}
		_ = s.db.View(context.Background(), func(tx *store.Tx) error {
			for _, c := range tx.IdleChats(s.now.Add(time.Hour), 999) {
				t.Errorf("chat %s is still to be forgotten", c.ID)
			}
			return nil
		})
		for _, who := range []string{"Ana", "Ben", "Cruz", "Lee", "Dora", "P1", "P99"} {
			before := s.rows("chats")
			s.take(who, "/help")
			left[who] = s.rows("chats") == before
		}
		for who, want := range map[string]bool{"Ana": true, "Ben": true, "Cruz": false, "Lee": true, "Dora": false, "P1": false, "P99": false} {
			if left[who] != want {
				t.Errorf("the chat of %s is left: %v, want %v", who, left[who], want)
			}
		}
		s.work()
		if said := s.told("Lee"); !strings.Contains(said, "busc") {
			t.Errorf("staff's language: %s", said)
		}
	})
}

// TestStrangersRaiseOneAlarm: as many of them as report a scam, staff see one card.
func TestStrangersRaiseOneAlarm(t *testing.T) {
	s := newStage(t, engines()[0])
	s.withDesk()
	for i := range 30 {
		s.say(fmt.Sprint("P", i), "/scam")
	}
	s.say("Ana", "/scam")
	s.look()
	if n := len(s.wall.order); n != 2 {
		t.Errorf("%d cards, want one for the strangers and Ana's", n)
	}
	_ = s.db.View(context.Background(), func(tx *store.Tx) error {
		if alarms := tx.OpenAlarms(99); len(alarms) != 2 || alarms[0].Times+alarms[1].Times != 31 || (alarms[0].ChatID == "") == (alarms[1].ChatID == "") {
			t.Errorf("alarms: %+v", alarms)
		}
		return nil
	})
}

// TestEverythingHasItsEnd: of what comes in and goes out nothing stays that nobody
// needs: of the events, of those that could not be handled with what was in them, of
// the letters. What may be said only once for ever leaves its key.
func TestEverythingHasItsEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		for range 150 {
			s.say("Ana", "/appointments")
		}
		odd := bot.Incoming{Platform: "fake", EventID: "odd", Raw: []byte("odd"), Quarantine: "field message is not of type Message"}
		if err := s.bot.Take(context.Background(), odd); err != nil {
			t.Fatal(err)
		}
		s.scene("forward", "15d")
		if n := s.rows("inbox"); n != 0 {
			t.Errorf("%d events are left", n)
		}
		s.scene("forward", "31d")
		if n := s.rows("outbox WHERE unique_key IS NULL OR body_sealed IS NOT NULL"); n != 0 {
			t.Errorf("%d letters are left", n)
		}
		if n := s.rows("outbox"); n != 3 { // one for each reminder
			t.Errorf("%d keys are left, want those of the reminders", n)
		}
		if n := s.rows("instances"); n > 1 {
			t.Errorf("%d processes are left", n)
		}
	})
}

// TestLinkAtTheLimit: a wrong link that is tried when the last answer has been given
// does not keep anybody from being told that it was.
func TestLinkAtTheLimit(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2027-01-11 10:00 linked=no")
		for range 100 {
			s.take("Max", "hello")
			s.work()
		}
		in := s.incoming("Max", "")
		in.Event = conversation.Event{Kind: conversation.Started, Text: "nonsense"}
		if err := s.bot.Take(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		s.scene("forward", "5s") // an answer to a code keeps to a beat
		s.platform.take()
		for range 3 {
			s.take("Max", "hello")
			s.work()
		}
		if heard := texts(s.platform.take(), "Max"); len(heard) != 1 || !strings.Contains(heard[0], "answered you many times") {
			t.Errorf("at the end Max reads %q", heard)
		}
	})
}

// TestGroupWithManyMessages: in a group there is one neutral line, however often the
// bot is called there and whether or not somebody waits for it; and in the end none.
func TestGroupWithManyMessages(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stage) {
		s.scene("now", winter)
		s.scene("case", "IOE0000000101 I-485 XCB 2026-12-11 10:00")
		const line = "I only talk about appointments in a private chat. Please write to me there."
		call := func() {
			t.Helper()
			in := s.incoming("Group", "")
			in.Event = conversation.Event{Kind: conversation.Group}
			if err := s.bot.Take(context.Background(), in); err != nil {
				t.Fatal(err)
			}
		}
		open := s.shut()
		for range 60 {
			call()
		}
		open()
		s.work()
		heard := texts(s.platform.take(), "Group")
		if len(heard) != 20 {
			t.Errorf("nobody waited: the group reads %d messages, want 20", len(heard))
		}
		for range 200 {
			call()
			s.work()
		}
		heard = append(heard, texts(s.platform.take(), "Group")...)
		if len(heard) != 100 {
			t.Errorf("the group reads %d messages, want 100", len(heard))
		}
		for _, said := range heard {
			if strings.TrimSpace(said) != line {
				t.Fatalf("the group reads %q", said)
			}
		}
	})
}
