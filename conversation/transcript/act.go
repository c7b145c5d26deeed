package transcript

import (
	"regexp"
	"strconv"
	"strings"
)

// An Act is what somebody does with a line.
type Act struct {
	Kind string // said, pressed, old, photo, file, edit, group, link, open, flood
	Text string // the words, the label of the button, the receipt number, the code, the file (ParseFile)
}

// ReadAct understands the words of a speaker.
func ReadAct(words string) Act {
	if strings.HasPrefix(words, "[") && strings.HasSuffix(words, "]") {
		return Act{Kind: "pressed", Text: words[1 : len(words)-1]}
	}
	if strings.HasPrefix(words, "<") && strings.HasSuffix(words, ">") {
		kind, text, _ := strings.Cut(words[1:len(words)-1], " ")
		if kind == "long" {
			return Act{Kind: "said", Text: long(text)}
		}
		return Act{Kind: kind, Text: unescape(text)}
	}
	return Act{Kind: "said", Text: unescape(words)}
}

// long is a text of n characters.
func long(n string) string {
	size, _ := strconv.Atoi(n)
	return strings.Repeat("I can not come. ", size/16+1)[:size]
}

var escapes = regexp.MustCompile(`\\n|\\t|\\u[0-9a-fA-F]{4}`)

func unescape(s string) string {
	return escapes.ReplaceAllStringFunc(s, func(e string) string {
		switch e[1] {
		case 'n':
			return "\n"
		case 't':
			return "\t"
		}
		r, _ := strconv.ParseUint(e[2:], 16, 32)
		return string(rune(r))
	})
}
