package conversation

import (
	"regexp"
	"strings"
)

var (
	reNotBefore = regexp.MustCompile(`\b(?:not|can't|cannot|no puedo|no) (?:\w+ )?(?:before|earlier than|antes (del?))\b`)
	reNot       = regexp.MustCompile(`\b(?:can't|cannot|can not|(?:do not|don'?t) want|not|except|instead of|other than|any ?(?:day|time|thing) but|en vez de|que no sea|ni|no puedo|excepto|menos|salvo)\b.*?(?:\b(?:but|pero|sino)\b|[,.;]|$)`)
	reNoDay     = regexp.MustCompile(`\bno (?:(?:(?:el|los) )?(?:` + dayWords + `)s?|el (?:dia )?\d{1,2}|mornings?|afternoons?|evenings?)\b`)
	reNotSo     = regexp.MustCompile(`[^,.;]*\b(?:no(?: puedo| es posible| me sirve| me va bien)?|(?:does|is|do|will|would)(?:n'?t| not) (?:work|good|possible)|won'?t work|is (?:bad|no good|impossible))(?: for (?:me|us)| para mi)? *(?:\b(?:but|pero)\b|[,.;]|$)`)
)

// suits leaves out what somebody says does not suit: of "el lunes no, el martes"
// the Tuesday is left. "Not before" a day is from that day on.
func suits(s string) string {
	s = reNotBefore.ReplaceAllStringFunc(s, func(said string) string {
		if strings.HasSuffix(said, "del") {
			return "from el"
		}
		return "from"
	})
	for _, re := range []*regexp.Regexp{reNotSo, reNoDay, reNot} {
		s = re.ReplaceAllString(s, " ")
	}
	return s
}
