package fakeslack

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// A Violation is something that Slack takes and an app should not send.
type Violation struct {
	Method string
	Where  string // "/blocks/0/text", "text"
	What   string
}

func (v Violation) String() string { return v.Method + " " + v.Where + ": " + v.What }

// A Control is a control sequence in a text that Slack interprets.
type Control struct {
	Method   string
	Where    string
	Kind     string // "user", "channel", "everybody", "group", "date", "link"
	Sequence string // with its brackets
}

// Violations returns all that were noted.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Violation(nil), s.violations...)
}

// Controls returns the control sequences in the app's texts, in the order they
// were sent: a person's words must never make one.
func (s *Server) Controls() []Control {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Control(nil), s.controls...)
}

// blame notes a violation. s.mu is held.
func (s *Server) blame(method, where, format string, args ...any) {
	s.violations = append(s.violations, Violation{method, where, fmt.Sprintf(format, args...)})
}

var (
	controlForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<([^<>\n]*)>`) })
	entityForm  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`&(amp|lt|gt);`) })
	linkForm    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(https?://|mailto:|tel:|slack://)[^|]+(\|[^|]*)?$`) })
	groupForm   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^!subteam\^S[A-Z0-9]+(\|.*)?$`) })
	dateForm    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^!date\^-?\d+\^[^|^]+(\^[^|]+)?\|.+$`) })
	peopleForm  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^@[UW][A-Z0-9]+(\|.*)?$`) })
	placeForm   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#[CG][A-Z0-9]+(\|.*)?$`) })
	allForm     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^!(channel|here|everyone)(\|.*)?$`) })
)

// control says what is in the brackets, "" if it is nothing that Slack knows.
func control(inner string) string {
	switch {
	case allForm().MatchString(inner):
		return "everybody"
	case peopleForm().MatchString(inner):
		return "user"
	case placeForm().MatchString(inner):
		return "channel"
	case groupForm().MatchString(inner):
		return "group"
	case dateForm().MatchString(inner):
		return "date"
	case linkForm().MatchString(inner):
		return "link"
	}
	return ""
}

// mrkdwn looks at a text that Slack interprets: its control sequences are
// listed, what should have been escaped is a violation. s.mu is held.
func (s *Server) mrkdwn(method, where, text string) {
	rest := controlForm().ReplaceAllStringFunc(text, func(sequence string) string {
		kind := control(sequence[1 : len(sequence)-1])
		if kind == "" {
			return sequence
		}
		s.controls = append(s.controls, Control{method, where, kind, sequence})
		return ""
	})
	rest = entityForm().ReplaceAllString(rest, "")
	for _, line := range strings.Split(rest, "\n") {
		line = strings.TrimPrefix(line, ">") // a quotation
		for _, c := range []string{"<", ">", "&"} {
			if strings.Contains(line, c) {
				s.blame(method, where, "%s is not escaped", c)
			}
		}
	}
}

// display is a mrkdwn text as it is shown, its emphasis marks left in.
func display(text string) string {
	text = controlForm().ReplaceAllStringFunc(text, func(sequence string) string {
		inner := sequence[1 : len(sequence)-1]
		kind := control(inner)
		if kind == "" {
			return sequence
		}
		target, label, labelled := strings.Cut(inner, "|")
		switch {
		case labelled && label != "":
			return label
		case kind == "everybody":
			return "@" + target[1:]
		}
		return target
	})
	return unescape(text)
}

func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
