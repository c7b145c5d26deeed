package text_test

import (
	"testing"

	"reschedulebot/bot/text"
)

// Every button can be read back as what it was made of, and nothing else is one.
func FuzzButton(f *testing.F) {
	for _, seed := range []string{"1|7|yes", "1|-1|yes", "1|07|yes", "2|7|yes", "1|7|", "1|7|a|b", "|", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		rev, value := text.ParseButton(data)
		if rev < 0 {
			if rev != -1 || value != "" {
				t.Errorf("%q is read as %d, %q", data, rev, value)
			}
			return
		}
		if made, err := text.Button(rev, value); err != nil || made != data {
			t.Errorf("%q is read as %d, %q, which makes %q, %v", data, rev, value, made, err)
		}
	})
}
