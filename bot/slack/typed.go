package slack

import (
	"strings"

	"reschedulebot/bot/text"
)

// typed is what a person typed: Slack escapes three characters, wraps what it
// takes for a link or a mention, and phones put curly quotes, long dashes and
// unbreakable spaces where a receipt number or a date is to be read.
func typed(s string) string { return text.Typed(plainer(unescape(text.Clean(s)))) }

var (
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	plainers = strings.NewReplacer(
		"\u2018", "'", "\u2019", "'", "\u201A", "'", "\u201B", "'", "\u201C", `"`, "\u201D", `"`, "\u201E", `"`,
		"\u00A0", " ", "\u2007", " ", "\u202F", " ",
		"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2015", "-", "\u2212", "-",
		"\u200B", "", "\u2060", "", "\uFEFF", "",
	)
)

func plainer(s string) string { return plainers.Replace(s) }

// unescape unwraps links and mentions and resolves entities. An angle bracket
// that somebody typed arrives as an entity, so a bare one is always Slack's.
func unescape(s string) string {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(s, "<")
		inside, after, shut := strings.Cut(rest, ">")
		if !open || !shut {
			b.WriteString(entities.Replace(s))
			return b.String()
		}
		b.WriteString(entities.Replace(before))
		b.WriteString(entities.Replace(unwrap(inside)))
		s = after
	}
}

// unwrap is what stood where Slack put "<link|label>", "<@U1>", "<#C1|name>",
// "<!here>" or "<!date^…|words>".
func unwrap(s string) string {
	target, label, labelled := strings.Cut(s, "|")
	switch {
	case strings.HasPrefix(target, "#") && labelled:
		return "#" + label
	case strings.HasPrefix(target, "@") && labelled:
		return "@" + strings.TrimPrefix(label, "@")
	case labelled && label != "":
		return label
	case strings.HasPrefix(target, "!"):
		return "@" + target[1:]
	}
	return strings.TrimPrefix(target, "mailto:")
}

// splitStart tells the code in "/start code".
func splitStart(s string) (code string, ok bool) {
	name, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	return strings.TrimSpace(rest), strings.EqualFold(name, "/start")
}
