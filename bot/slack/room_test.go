package slack_test

import (
	"strings"
	"testing"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// Nothing is taken from the staff channel while others can read what it leads to:
// while it is public or shared, or while Slack does not say that it is not.
func TestNothingIsTakenInARoomOfOthers(t *testing.T) {
	for name, change := range map[string]func(*rig, *fakeslack.Channel){
		"public": func(_ *rig, room *fakeslack.Channel) {
			room.Change(func(s *fakeslack.Setting) { s.Private = false })
		},
		"shared": func(_ *rig, room *fakeslack.Channel) {
			room.Change(func(s *fakeslack.Setting) { s.ExtShared = true })
		},
		"unknown": func(r *rig, _ *fakeslack.Channel) {
			r.srv.Fail(fakeslack.Fault{Method: "conversations.info", Do: fakeslack.Internal})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newClock()
			r := socket(t, fakeslack.Options{NoEcho: true})
			room := r.staffRoom(r.lee)
			r.config.Now = clock.now
			r.p = r.another()
			r.receive()
			_, ts, _ := strings.Cut(r.send(card(room.ID)), ":")
			posted := r.hears(r.lee)
			was, _ := room.Message(ts)
			change(r, room)
			clock.add(150)
			press := func() {
				if _, err := r.lee.PressOn(posted, "Claim"); err != nil {
					t.Fatal(err)
				}
			}
			tries := map[string]func(){"a press": press}
			if name == "unknown" { // else Slack does not bring them, or says that they are shared
				tries["words in a thread"] = func() { r.lee.Reply(was, "hello") }
			}
			for what, do := range tries {
				do()
				r.quiet() // acknowledged
				if m := r.hears(r.lee); !strings.Contains(m.Shown(), "Nothing was done") {
					t.Errorf("%s is answered with %q", what, m.Shown())
				}
			}
			if got := r.ears.all(); len(got) > 0 {
				t.Errorf("taken: %+v", got)
			}
			r.lee.DM("requests") // that is nobody's room
			r.next(1)
			room.Change(func(s *fakeslack.Setting) { s.Private, s.ExtShared = true, false })
			r.srv.Heal()
			clock.add(61)
			press()
			r.next(2)
		})
	}
}
