package conversation_test

import (
	"strings"
	"testing"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// What staff type to find a case.
func TestWanted(t *testing.T) {
	ana := conversation.Named{First: "Ana María", Last: "López-O'Neil", Matter: "M-2026/17", Receipt: scheduling.MustReceipt("IOE0000000101")}
	for words, want := range map[string]bool{
		"IOE0000000101":                true,
		"ioe 0000-000-101":             true,
		"IOEOOOOOOO1O1":                true, // letters for digits
		"IOE0000000102":                false,
		"0101":                         true,
		"101":                          false,
		"IOE******0101":                true,
		"IOE******0102":                false,
		"******0101":                   true,
		"ana":                          true,
		"ANA":                          true,
		"an":                           true,
		"maria":                        true,
		"MARÍA":                        true,
		"Marı\u0301a":                  false, // a dotless i is another letter
		"lopez":                        true,
		"lópez, ana":                   true,
		"lo an":                        true,
		"oneil":                        true,
		"o’neil":                       true,
		"López-O'Neil":                 true,
		"opez":                         false,
		"ana lopez garcia":             false,
		"a ana":                        false, // there is one word with an a
		"ana ana":                      false,
		"m-2026/17":                    true,
		"M-2026/1":                     false,
		"%":                            false,
		"_na":                          false,
		"*":                            false,
		"":                             false,
		" \u202e\u0000 ":               false,
		"...":                          false,
		strings.Repeat("a", 5000):      false,
		"ana" + strings.Repeat(" ", 9): true,
	} {
		w := conversation.ReadWanted(words)
		if got := w.Matches(ana); got != want {
			t.Errorf("%q: %v, want %v (%+v)", words, got, want, w)
		}
		if w.IsZero() && w.Matches(conversation.Named{}) {
			t.Errorf("%q is nothing and matches a case without a name", words)
		}
		if w.Matches(conversation.Named{}) {
			t.Errorf("%q matches a case of which nothing is known", words)
		}
	}
}
