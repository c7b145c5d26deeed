package main

import (
	"io"
	"log/slog"
	"maps"
	"sync"
	"time"

	"golang.org/x/term"
)

// logFlags say what a running bot writes to standard error.
type logFlags struct {
	Format string `name:"log-format" var:"LOG_FORMAT" placeholder:"text|json" group:"Log" help:"Default: text on a terminal, else json."`
	Level  string `name:"log-level" var:"LOG_LEVEL" placeholder:"info" default:"info" group:"Log" help:"debug, info, warn or error, default ${default}."`
}

func (f logFlags) check(w io.Writer, t *trouble) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(f.Level)); err != nil {
		t.add("LOG_LEVEL", "%q is unknown; say debug, info, warn or error", f.Level)
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: readable}
	format := f.Format
	if format == "" && isTerminal(w) {
		format = "text"
	}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options))
	case "", "json":
	default:
		t.add("LOG_FORMAT", "%q is unknown; say text or json", format)
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// readable writes a length of time as 2.203s, in both formats; JSON's own would be
// nanoseconds.
func readable(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().Round(time.Millisecond).String())
	}
	return a
}

// seldom logs errors, each with the words before it, and the same one once a minute at
// most: what is tried again ten times a second fails as often.
func seldom(log *slog.Logger, words string) func(error) {
	var mu sync.Mutex
	told := map[string]time.Time{}
	return func(err error) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		maps.DeleteFunc(told, func(_ string, at time.Time) bool { return now.Sub(at) >= time.Minute })
		if _, lately := told[err.Error()]; !lately {
			told[err.Error()] = now
			log.Error(words, "error", err)
		}
	}
}

// isTerminal tells whether a stream is a person's terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}
