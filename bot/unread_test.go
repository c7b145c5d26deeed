package bot_test

import (
	"context"
	"strings"
	"testing"

	"reschedulebot/bot"
	"reschedulebot/bot/store"
)

// TestUnreadableCase damages one case of three. Its row is missing in what staff see,
// which says so; pages, lists and the digest are there all the same, and the requests
// of the others lapse and are urged on.
func TestUnreadableCase(t *testing.T) {
	for _, column := range []string{"receipt_sealed", "phone_sealed"} {
		t.Run(column, func(t *testing.T) {
			s := newStage(t, engines()[0])
			s.withDesk()
			s.scene("case", "IOE0000000102 I-765 XCB 2026-12-11 10:20 linked=Ben")
			s.scene("case", "IOE0000000103 I-765 XCB 2026-12-11 10:40 linked=Cruz")
			for _, who := range []string{"Ana", "Ben", "Cruz"} {
				s.asks(who)
			}
			s.say("Ana", "scam")
			s.say("Ana", "/person")
			s.look()
			damage(t, s.url, `UPDATE cases SET `+column+` = x'010001ff' WHERE id = (SELECT case_id FROM requests WHERE number = 1)`)

			s.acts("Lee", bot.Act{Name: "home"})
			shown := s.page("Lee")
			for _, want := range []string{"can't be read", "R2", "R3", "scam", "0102"} {
				if !strings.Contains(shown, want) {
					t.Errorf("the page lacks %q:\n%s", want, shown)
				}
			}
			for typed, want := range map[string]string{"requests": "R2", "week": "0102", "find 0103": "0103"} {
				if got := s.say("Lee", typed); typed != "week" && !strings.Contains(got, want) || strings.Contains(got, "went wrong") {
					t.Errorf("%s: %s", typed, got)
				}
			}
			digest := s.at("2026-12-10", "08:00")
			if len(digest) != 1 || !strings.Contains(digest[0], "can't be read") || !strings.Contains(digest[0], "R3") {
				t.Errorf("the digest: %q", digest)
			}
			s.at("2026-12-10", "18:45")
			if id, _ := s.card("R2"); !strings.Contains(strings.Join(s.wall.threads[id], "\n"), "left") {
				t.Errorf("R2 is not urged on: %q", s.wall.threads[id])
			}
			s.at("2026-12-10", "22:45")
			for _, name := range []string{"R2", "R3"} {
				if _, c := s.card(name); !strings.Contains(c.Title, "not decided in time") {
					t.Errorf("the card of %s: %s", name, c.Title)
				}
			}
			err := s.db.View(context.Background(), func(tx *store.Tx) error {
				for _, name := range []string{"R2", "R3"} {
					if r, _ := tx.RequestByName(name); r.Status != store.Lapsed {
						t.Errorf("%s is %s", name, r.Status)
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
