package main

import (
	"slices"
	"strings"

	"golang.org/x/term"

	"reschedulebot/bot/console"
)

// widest is where lines are wrapped at the latest: longer ones are hard to read.
const widest = 100

// look is how chat appears: plain for a pipe or a file on either side, else as
// the terminal allows. NO_COLOR switches colours off.
func look(p *process) console.Look {
	if !isTerminal(p.stdin) || !isTerminal(p.stdout) {
		return console.Look{}
	}
	l := console.Look{Terminal: true, Colour: true, Width: 80}
	if slices.ContainsFunc(p.env, func(e string) bool {
		return e == "TERM=dumb" || strings.HasPrefix(e, "NO_COLOR=") && e != "NO_COLOR="
	}) {
		l.Colour = false
	}
	if out, ok := p.stdout.(interface{ Fd() uintptr }); ok {
		if width, _, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
			l.Width = min(width, widest)
		}
	}
	return l
}
