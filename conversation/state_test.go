package conversation_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reschedulebot/conversation"
)

// Every question there is, as it is stored.
var questions = []conversation.Question{
	conversation.Idle, conversation.Menu, conversation.AskReceipt, conversation.AskGuess, conversation.AskReason, conversation.AskWords,
	conversation.AskPlace, conversation.AskSite, conversation.AskSlot, conversation.AskDay, conversation.Confirm, conversation.AskSibling,
	conversation.AskRestart, conversation.AskRequest, conversation.AskLanguage, conversation.AfterCard, conversation.AskMine,
	conversation.AskFound, conversation.AskLinks, conversation.AskUnlink,
}

// TestStoredStates reads a sample of the state at every question, as each
// released version wrote it. The samples are never changed, only added to: what
// is in somebody's database must be understood.
func TestStoredStates(t *testing.T) {
	files, err := filepath.Glob("testdata/states/*.json")
	if err != nil {
		t.Fatal(err)
	}
	sampled := map[conversation.Question]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			sampled[stored(t, file)] = true
		})
	}
	for _, q := range questions {
		if !sampled[q] {
			t.Errorf("no sample of the question %q", q)
		}
	}
}

// stored reads one sample, and says various things to it.
func stored(t *testing.T, file string) conversation.Question {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state conversation.State
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields() // a field that was renamed would be one
	if err := d.Decode(&state); err != nil {
		t.Fatal(err)
	}
	again, err := json.MarshalIndent(state, "", "  ")
	if err != nil || string(again)+"\n" != string(data) {
		t.Errorf("written again it is\n%s\n%v", again, err)
	}
	for _, booking := range []string{"instant", "desk"} {
		for _, words := range []string{"1", "2", "yes", "/back", "/help", "/start", "/cancel", "hm", "Dec 16", "<photo>", "<edit x>", "IOE0000000108"} {
			s := newStage()
			for _, line := range []string{"now: 2026-12-01 09:30 America/Chicago", "booking: " + booking,
				"case: IOE0000000101 I-485 XCB 2026-12-11 10:00", "case: IOE0000000108 I-765 XCB 2026-12-11 10:00", "case: IOE0000000111 I-131 XCB 2026-12-11 10:00"} {
				key, value, _ := strings.Cut(line, ": ")
				if _, err := s.Scene(key, value); err != nil {
					t.Fatal(err)
				}
			}
			s.chat("Ana").state = data
			out, err := s.Say("Ana", words)
			if err != nil || len(out) == 0 && !(words == "<edit x>" && state.Step == conversation.Idle) {
				t.Errorf("%s: %v %v", words, out, err)
			}
		}
	}
	return state.Step
}

// After a day nothing personal is left of any state.
func TestForget(t *testing.T) {
	files, err := filepath.Glob("testdata/states/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var state conversation.State
		if err := json.Unmarshal(data, &state); err != nil {
			t.Fatal(err)
		}
		kept := conversation.Forget(state)
		left, err := json.Marshal(kept)
		if err != nil {
			t.Fatal(err)
		}
		for _, personal := range []string{"case-", "IOE", "illness", "planned_travel", "other", "XCB", "draft", `"step"`, `"under"`} {
			if strings.Contains(string(left), personal) {
				t.Errorf("%s: %s is left: %s", file, personal, left)
			}
		}
		if twice := conversation.Forget(kept); twice.Rev != kept.Rev || twice.Forgot != kept.Forgot {
			t.Errorf("%s: forgotten twice is not the same: %+v", file, twice)
		}
	}
}
