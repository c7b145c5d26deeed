package telegram_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
	"reschedulebot/conversation"
)

func fileOf(text string) *conversation.File {
	return &conversation.File{Name: "a.ics", Type: "text/calendar", Data: []byte(text)}
}

func TestProfile(t *testing.T) {
	for _, firm := range []string{"", "Ríos & Söhne <LLP>", strings.Repeat("Very Long Name ", 60), "a\x00\xff\nb"} {
		bubble(t, faketelegram.Options{}, telegram.Config{FirmName: firm}, func(t *testing.T, r *rig) {
			r.receive()
			synctest.Wait()
			for _, c := range r.srv.Calls("") {
				if c.Status != 200 && c.Method != "getUpdates" {
					t.Errorf("%s was refused: %s", c.Method, c.Description)
				}
			}
			for _, language := range []string{"", "es"} {
				var commands []struct{ Command string }
				if err := json.Unmarshal([]byte(r.srv.Profile("setMyCommands", "all_private_chats", language)), &commands); err != nil {
					t.Fatal(err)
				}
				var names []string
				for _, c := range commands {
					names = append(names, c.Command)
				}
				slices.Sort(names)
				want := []string{"appointments", "back", "cancel", "help", "language", "person", "privacy", "reminders", "reschedule", "scam", "start", "stop", "verify"}
				if !slices.Equal(names, want) {
					t.Errorf("in %q the commands are %q", language, names)
				}
				if r.srv.Profile("setMyCommands", "all_group_chats", language) == "" {
					t.Errorf("in %q there are no commands for groups", language)
				}
				long, short := r.srv.Profile("setMyDescription", "", language), r.srv.Profile("setMyShortDescription", "", language)
				for _, text := range []string{long, short} {
					if !strings.Contains(text, "USCIS") || strings.Contains(text, "{firm}") || !utf8.ValidString(text) {
						t.Errorf("in %q the description is %q", language, text)
					}
				}
			}
		})
	}
}

// A refused description keeps nobody from talking.
func TestProfileRefused(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.srv.Fail(faketelegram.Fault{Method: "setMyCommands", Do: faketelegram.Refuse, Code: 400, Description: "Bad Request: BOT_COMMAND_INVALID"})
		r.srv.Fail(faketelegram.Fault{Method: "setMyDescription", Do: faketelegram.Hang})
		r.srv.Person("Ana", "").Say("hello")
		r.receive()
		r.hears(1)
		synctest.Wait()
		r.srv.Heal()
		synctest.Wait()
		if n := r.log.Lines("could not be written"); n != 1 {
			t.Errorf("logged %d times", n)
		}
	})
}

func TestGroups(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.receive()
		ana, family := r.srv.Person("Ana", "es"), r.srv.Group("Family")
		for _, text := range []string{"IOE0000000101", "/help", "/reschedule@" + faketelegram.Username + " IOE0000000101", "/x@another_bot", "hi @" + strings.ToUpper(faketelegram.Username)} {
			family.Say(ana, text)
		}
		family.PressData(ana, 1, "1|3|yes")
		r.settled()
		got := r.ears.heard()
		if len(got) != 3 {
			t.Errorf("heard %v", got)
		}
		for _, in := range got {
			if in.Event.Kind != conversation.Group || in.Event.Text != "" || !strings.HasPrefix(in.Chat, "-100") {
				t.Errorf("heard %+v", in)
			}
		}
	})
}

// An album arrives as one message per picture, and is one event.
func TestAlbum(t *testing.T) {
	bubble(t, faketelegram.Options{}, telegram.Config{}, func(t *testing.T, r *rig) {
		r.receive()
		ana := r.srv.Person("Ana", "es")
		ana.Album(3)
		ana.Photo("x")
		ana.Album(2)
		ids := map[string]bool{}
		for _, in := range r.hears(6) {
			if in.Event.Kind != conversation.Media {
				t.Errorf("heard %+v", in)
			}
			ids[in.EventID] = true
		}
		if len(ids) != 3 {
			t.Errorf("two albums and a picture are the events %v", ids)
		}
	})
}
