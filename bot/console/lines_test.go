package console

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("x", longest)
	for _, test := range []struct {
		name, input string
		want        []string
		cut         bool // of the last line
	}{
		{"nothing", "", nil, false},
		{"lines", "one\ntwo\n", []string{"one", "two"}, false},
		{"no newline at the end", "one\ntwo", []string{"one", "two"}, false},
		{"only a newline missing", "x", []string{"x"}, false},
		{"windows", "\ufeffone\r\ntwo\r\n", []string{"one", "two"}, false},
		{"empty lines are not said", "\n \t\none\n\n\n", []string{"one"}, false},
		{"NUL", "o\x00ne\n\x00\n", []string{"one"}, false},
		{"not UTF-8", "o\xffe\n", []string{"o\uFFFDe"}, false},
		{"just not too long", long + "\n", []string{long}, false},
		{"too long", long + "y\nnext\n", []string{long, "next"}, false},
		{"a megabyte", strings.Repeat("x", 1<<20), []string{long}, true},
		{"cut within a character", long[1:] + "é", []string{long[1:]}, true},
		{"cut within an emoji", long[2:] + "👍", []string{long[2:]}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := &lines{bufio.NewReader(strings.NewReader(test.input))}
			var got []string
			var cut bool
			for {
				text, c, err := l.next()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got, cut = append(got, text), c
			}
			if !slices.Equal(got, test.want) || cut != test.cut {
				t.Errorf("got %.60q (cut %v), want %.60q (cut %v)", got, cut, test.want, test.cut)
			}
		})
	}
}
