package console

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// longest is how much of one line is read, in bytes; a chat service takes no
// longer messages either.
const longest = 4096

// lines reads what is typed, one line at a time.
type lines struct{ r *bufio.Reader }

// next answers the next line that says something, cleaned: valid UTF-8 without
// NUL or space around it. cut tells that the line was longer than what is read;
// the rest of it is skipped. io.EOF ends the input; a last line without a
// newline counts.
func (l *lines) next() (text string, cut bool, err error) {
	for {
		line, cut, err := l.line()
		if err != nil {
			return "", false, err
		}
		if text := clean(line); text != "" {
			return text, cut, nil
		}
	}
}

func (l *lines) line() (line []byte, cut bool, err error) {
	for {
		b, err := l.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && len(line) > 0:
			return line, cut, nil
		case err != nil:
			return nil, false, err
		case b == '\n':
			return line, cut, nil
		case cut: // skip the rest
		case len(line) < longest:
			line = append(line, b)
		default:
			line, cut = whole(line), true
		}
	}
}

// whole drops the last character where only a part of it was read.
func whole(line []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(line); n++ {
		tail := line[len(line)-n:]
		if utf8.RuneStart(tail[0]) && !utf8.FullRune(tail) {
			return line[:len(line)-n]
		}
	}
	return line
}

func clean(line []byte) string {
	s := strings.ToValidUTF8(string(line), "\uFFFD")
	s = strings.NewReplacer("\x00", "", "\uFEFF", "").Replace(s)
	return strings.TrimSpace(s)
}
