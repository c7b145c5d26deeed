package main

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/alecthomas/kong"
)

// A rewording says in an operator's words what the parser says in its own.
type rewording struct {
	said  *regexp.Regexp
	means string
}

var rewordings = sync.OnceValue(func() []rewording {
	return []rewording{
		{regexp.MustCompile(`^(--?[\w-]+): expected \w+ value but got "EOL".*$`), `$1: needs a value`},
		{regexp.MustCompile(`^(--?[\w-]+): expected \w+ value but got "(.*)" \((?:long|short) flag\).*$`), `$1: needs a value; if that is $2, write $1=$2`},
		{regexp.MustCompile(`^(--?[\w-]+): expected a valid \d+ bit int but got (".*")$`), `$1: $2 is no whole number`},
		{regexp.MustCompile(`^(--?[\w-]+): bool value must be .* but got (".*")$`), `$1: $2 is neither yes nor no; say 1 or 0`},
		{regexp.MustCompile(`^expected "(<[\w-]+>)"$`), `$1 is missing`},
		{regexp.MustCompile(`^missing flags: (.*)$`), `$1 is missing`},
	}
})

// sentence turns an error of the parser into what to change, and where that can be
// read. What it does not know is told as the parser says it.
func sentence(err error, args []string) string {
	text := err.Error()
	for _, r := range rewordings() {
		if r.said.MatchString(text) {
			text = r.said.ReplaceAllString(text, r.means)
			break
		}
	}
	command := "reschedulebot"
	if parsed := (*kong.ParseError)(nil); errors.As(err, &parsed) && parsed.Context != nil {
		if chosen := parsed.Context.Selected(); chosen != nil {
			command += " " + chosen.Name
		} else {
			text = strings.Replace(text, "unexpected argument", "there is no command", 1)
		}
		text = blameVariable(text, parsed.Context.Flags(), args)
	}
	if text = strings.TrimSuffix(text, "."); !strings.HasSuffix(text, "?") {
		text += "."
	}
	return text + " See " + command + " --help."
}

// blameVariable names the variable where the value of a flag comes from there.
func blameVariable(text string, flags []*kong.Flag, args []string) string {
	for _, f := range flags {
		name := "--" + f.Name
		rest, about := strings.CutPrefix(text, name+": ")
		given := slices.ContainsFunc(args, func(arg string) bool { return arg == name || strings.HasPrefix(arg, name+"=") })
		if variable := f.Tag.Get("var"); about && variable != "" && !given {
			return variable + ": " + rest
		}
	}
	return text
}
