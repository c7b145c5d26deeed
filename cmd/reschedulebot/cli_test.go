package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMisuse holds what is wrong on a command line or in the environment, and
// the words the answer must contain: one line for each mistake.
func TestMisuse(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key := file("data.key", "1 "+strings.Repeat("ab", 32)+"\n", 0o600)
	token := "TELEGRAM_BOT_TOKEN=123456:secret-token"
	office := []string{"BOOKING=instant", "FIRM_NAME=Sample Law Office", "FIRM_PHONE=+1 555 010 0199"}
	serve := slices.Concat(office, []string{token, "DATA_KEY_FILE=" + key, "DATABASE_URL=sqlite:" + filepath.Join(dir, "test.db")})

	for _, test := range []struct {
		name string
		env  []string
		args string
		want []string // one for each line of the answer
	}{
		{"no such command", nil, "fly", []string{"there is no command fly. See reschedulebot --help."}},
		{"nearly a command", nil, "chatt", []string{`there is no command chatt, did you mean "chat"? See reschedulebot --help.`}},
		{"no such flag", nil, "chat --fly", []string{"unknown flag --fly. See reschedulebot chat --help."}},
		{"a flag without its value", nil, "chat --booking", []string{"--booking: needs a value. See"}},
		{"a flag in place of the value", nil, "chat --booking --lang es", []string{`--booking: needs a value; if that is --lang, write --booking=--lang. See`}},
		{"a negative number", nil, "slots --site XAA --limit -5", []string{`--limit: needs a value; if that is -5, write --limit=-5. See`}},
		{"no number", nil, "slots --site XAA --limit many", []string{`--limit: "many" is no whole number. See reschedulebot slots --help.`}},
		{"neither yes nor no", nil, "export sites --json=maybe", []string{`--json: "maybe" is neither yes nor no; say 1 or 0. See`}},
		{"a variable that is neither", []string{"INSECURE_PLAINTEXT=maybe"}, "export sites", []string{`INSECURE_PLAINTEXT: "maybe" is neither yes nor no; say 1 or 0. See`}},
		{"an argument too many", nil, "version now", []string{"now"}},
		{"chat: time", nil, "chat --now yesterday", []string{"--now"}},
		{"chat: booking", nil, "chat --booking maybe", []string{"--booking"}},
		{"chat: language", nil, "chat --lang tlh", []string{"--lang"}},
		{"chat: folder", nil, "chat --files " + filepath.Join(dir, "missing"), []string{"--files"}},
		{"import: no file", nil, "import", []string{"<file> is missing. See reschedulebot import --help."}},
		{"invite: no receipt", nil, "invite", []string{"<receipt>"}},
		{"invite: no receipt number", nil, "invite 12", []string{"receipt"}},
		{"export: nothing", nil, "export", []string{"<what>"}},
		{"export: unknown", nil, "export everything", []string{"appointments"}},
		{"slots: no site", nil, "slots", []string{"--site=CODE is missing. See"}},
		{"slots: unknown site", nil, "slots --site XYZ", []string{"--site"}},
		{"slots: date", nil, "slots --site XAA --from soon", []string{"--from"}},
		{"slots: limit", nil, "slots --site XAA --limit 0", []string{"--limit"}},
		{"decide: no outcome", nil, "decide R1", []string{"--confirm"}},
		{"decide: both outcomes", nil, "decide R1 --confirm --refuse no", []string{"--refuse"}},
		{"decide: a refusal without words", nil, "decide R1 --refuse= ", []string{"--refuse"}},
		{"decide: a time without confirm", nil, "decide R1 --refuse no --at 2026-12-03T10:20", []string{"--at"}},
		{"decide: time", nil, "decide R1 --confirm --at soon", []string{"--at"}},
		{"a zone that depends on the machine", []string{"FIRM_ZONE=Local"}, "decide R1 --confirm --by Lee", []string{"FIRM_ZONE"}},
		{"database", []string{"DATABASE_URL=mysql://x"}, "slots --site XAA", []string{"DATABASE_URL"}},
		{"database: given twice", []string{"DATABASE_URL=sqlite:one.db", "DATABASE_URL_FILE=" + file("url", "sqlite:two.db\n", 0o600)}, "slots --site XAA",
			[]string{"DATABASE_URL: is given twice; keep DATABASE_URL_FILE and drop the other"}},
		{"serve: everything at once", nil, "serve",
			[]string{"BOOKING", "FIRM_NAME", "FIRM_PHONE", "DATA_KEY_FILE", "TELEGRAM_BOT_TOKEN"}},
		{"serve: every value", []string{"BOOKING=now", "FIRM_NAME=x", "FIRM_PHONE=1", "DESK_MARGIN=4", "FIRM_ZONE=Springfield", "FIRM_HOURS=always", "INSECURE_PLAINTEXT=1",
			"REMIND_LEADS=x", "REMIND_HOURS=x", "REMIND_CRON=x", "TELEGRAM_BOT_TOKEN=x y", "TELEGRAM_API_URL=x", "TELEGRAM_RATE=x",
			"LOG_LEVEL=x", "LOG_FORMAT=x", "LISTEN=x", "RULES_FILE=" + dir + "/missing"}, "serve",
			[]string{"BOOKING", "DESK_MARGIN", "FIRM_ZONE", "FIRM_HOURS", "RULES_FILE", "REMIND_LEADS", "REMIND_HOURS", "REMIND_CRON",
				"TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_RATE", "LISTEN", "LOG_LEVEL", "LOG_FORMAT"}},
		{"serve: webhook without secret", append(serve, "TELEGRAM_WEBHOOK_URL=https://bot.example.com"), "serve", []string{"TELEGRAM_WEBHOOK_SECRET"}},
		{"serve: webhook address", append(serve, "TELEGRAM_WEBHOOK_URL=bot", "TELEGRAM_WEBHOOK_SECRET=0123456789abcdef"), "serve", []string{"TELEGRAM_WEBHOOK_URL"}},
		{"a secret twice", append(serve, "TELEGRAM_BOT_TOKEN_FILE="+key), "serve", []string{"TELEGRAM_BOT_TOKEN_FILE"}},
		{"a secret file that is missing", slices.Concat(office, []string{"INSECURE_PLAINTEXT=1", "TELEGRAM_BOT_TOKEN_FILE=" + dir + "/missing"}), "serve", []string{"TELEGRAM_BOT_TOKEN_FILE"}},
		{"a secret file that is empty", slices.Concat(office, []string{"INSECURE_PLAINTEXT=1", "TELEGRAM_BOT_TOKEN_FILE=" + file("empty", "\n", 0o600)}), "serve", []string{"TELEGRAM_BOT_TOKEN_FILE"}},
		{"a key that others can read", append(office, token, "DATA_KEY_FILE="+file("open.key", "1 00\n", 0o644)), "serve", []string{"DATA_KEY_FILE"}},
		{"a key that is a folder", append(office, token, "DATA_KEY_FILE="+dir), "serve", []string{"is a folder"}},
		{"a key that is none", append(office, token, "DATA_KEY_FILE="+file("bad.key", "secret\n", 0o600)), "serve", []string{"DATA_KEY_FILE"}},
		{"key and no key", append(serve, "INSECURE_PLAINTEXT=1"), "serve", []string{"INSECURE_PLAINTEXT"}},
		{"rules", append(serve, "RULES_FILE="+file("rules.json", "{", 0o600)), "serve", []string{"RULES_FILE"}},
		{"serve: no chat service names both", slices.Concat(office, []string{"INSECURE_PLAINTEXT=1"}), "serve", []string{"SLACK_BOT_TOKEN"}},
		{"slack: the token alone", append(serve, "SLACK_BOT_TOKEN=xoxb-secret-token"), "serve", []string{"SLACK_TEAM_ID", "SLACK_REPRESENTATIVES", "SLACK_APP_TOKEN"}},
		{"slack: every value", append(serve, "SLACK_BOT_TOKEN=secret-token", "SLACK_APP_TOKEN=xoxb-secret-token", "SLACK_API_URL=x", "SLACK_TEAM_ID=our firm", "SLACK_STAFF_CHANNEL=#staff",
			"SLACK_PARALEGALS=@pat", "SLACK_REPRESENTATIVES=U0LEE,lee", "SLACK_ADMINS=,"), "serve",
			[]string{"SLACK_BOT_TOKEN", "SLACK_API_URL", "SLACK_TEAM_ID", "SLACK_STAFF_CHANNEL", "SLACK_PARALEGALS", "SLACK_REPRESENTATIVES", "SLACK_APP_TOKEN"}},
		{"slack: nothing but how to hear", append(serve, "SLACK_APP_TOKEN=xapp-secret-token"), "serve", []string{"SLACK_BOT_TOKEN"}},
		{"slack: a token file that is missing", append(serve, "SLACK_BOT_TOKEN_FILE="+dir+"/missing"), "serve", []string{"SLACK_BOT_TOKEN_FILE"}},
		{"slack: a secret twice", append(serve, "SLACK_BOT_TOKEN=xoxb-secret-token", "SLACK_TEAM_ID=T0", "SLACK_ADMINS=U0ADA", "SLACK_SIGNING_SECRET=secret-token-and-more", "SLACK_SIGNING_SECRET_FILE="+key), "serve",
			[]string{"SLACK_SIGNING_SECRET_FILE"}},
		{"slack: tokens cut short", append(serve, "SLACK_BOT_TOKEN=xoxb-1", "SLACK_APP_TOKEN=xapp-", "SLACK_TEAM_ID=T0", "SLACK_ADMINS=U0ADA"), "serve",
			[]string{"SLACK_BOT_TOKEN: ", "SLACK_APP_TOKEN: "}},
		{"slack: a signing secret that is none", append(serve, "SLACK_BOT_TOKEN=xoxb-secret-token", "SLACK_SIGNING_SECRET=short", "SLACK_TEAM_ID=T0", "SLACK_ADMINS=U0ADA"), "serve",
			[]string{"SLACK_SIGNING_SECRET: "}},
		{"slack: the same for remind", append(serve, "SLACK_BOT_TOKEN=xoxb-1", "SLACK_TEAM_ID=T0", "SLACK_ADMINS=U0ADA"), "remind", []string{"SLACK_BOT_TOKEN: "}},
		{"slack: a channel", []string{"SLACK_STAFF_CHANNEL=staff"}, "slack-manifest", []string{"SLACK_STAFF_CHANNEL"}},
		{"slack: an address without https", nil, "slack-manifest --public-url http://bot.example.com", []string{"--public-url"}},
		{"remind: what serve needs too", nil, "remind", []string{"BOOKING", "FIRM_NAME", "FIRM_PHONE", "DATA_KEY_FILE", "TELEGRAM_BOT_TOKEN"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := program(t, test.env, "", strings.Fields(test.args)...)
			lines := strings.Split(strings.TrimSuffix(r.stderr, "\n"), "\n")
			if r.code != 2 || r.stdout != "" || len(lines) != len(test.want) {
				t.Fatalf("exit %d, want 2 and %d lines\nstdout: %s\nstderr: %s", r.code, len(test.want), r.stdout, r.stderr)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(lines[i], "reschedulebot: ") || !strings.Contains(lines[i], want) {
					t.Errorf("line %d: %q, want %q in it", i+1, lines[i], want)
				}
			}
			if strings.Contains(r.stderr, "secret-token") || strings.Contains(r.stderr, "abab") {
				t.Errorf("a secret is shown: %s", r.stderr)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	commands := []string{"chat", "serve", "remind", "import", "export", "invite", "slots", "decide", "doctor", "slack-manifest", "version"}
	top := mustRun(t, nil, "", "--help")
	if again := mustRun(t, nil, ""); again != top {
		t.Errorf("without arguments: %q, want the help", again)
	}
	for _, name := range commands {
		if !strings.Contains(top, "\n  "+name+" ") {
			t.Errorf("the help does not name %s:\n%s", name, top)
		}
		help := mustRun(t, nil, "", name, "--help")
		if !strings.HasPrefix(help, "Usage: reschedulebot "+name) {
			t.Errorf("%s --help: %q", name, help)
		}
		for line := range strings.Lines(help) {
			if len([]rune(line)) > 101 {
				t.Errorf("%s --help: a line of %d characters: %s", name, len(line), line)
			}
		}
	}
}

// TestHelpNamesVariables holds the names of CONTRACT that serve reads.
func TestHelpNamesVariables(t *testing.T) {
	help := mustRun(t, nil, "", "serve", "--help")
	for _, name := range []string{
		"DATABASE_URL", "BOOKING", "FIRM_NAME", "FIRM_PHONE", "TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN_FILE", "TELEGRAM_API_URL",
		"TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_RATE", "LISTEN", "REMIND_LEADS", "REMIND_HOURS", "REMIND_CRON",
		"SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN_FILE", "SLACK_APP_TOKEN", "SLACK_APP_TOKEN_FILE", "SLACK_SIGNING_SECRET", "SLACK_SIGNING_SECRET_FILE",
		"SLACK_API_URL", "SLACK_STAFF_CHANNEL", "SLACK_TEAM_ID", "SLACK_REPRESENTATIVES", "SLACK_PARALEGALS", "SLACK_ADMINS",
		"FIRM_ZONE", "FIRM_HOURS", "SLACK_DUTY", "SLACK_RATE", "DESK_MARGIN", "RULES_FILE", "DATA_KEY_FILE", "INSECURE_PLAINTEXT", "LOG_FORMAT", "LOG_LEVEL",
	} {
		flag := "--" + strings.ReplaceAll(strings.ToLower(name), "_", "-")
		if !strings.Contains(help, "["+name+"]") || !strings.Contains(help, flag) {
			t.Errorf("the help of serve lacks %s or %s", flag, name)
		}
	}
}

func TestSecretNeverPrints(t *testing.T) {
	s := newSecret("123456:hunter2")
	text, err := s.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	logger := logFlags{Format: "text", Level: "info"}.check(&log, &trouble{})
	logger.Info("start", "token", s)
	settings := telegramSettings{token: s, webhookSecret: s}
	for _, shown := range []string{s.String(), s.GoString(), string(text), log.String(), sprint(s), sprint(&s), sprint(settings), sprint(slackSettings{token: s, appToken: s, signing: s})} {
		if strings.Contains(shown, "hunter2") {
			t.Errorf("a secret is shown: %s", shown)
		}
	}
}

// sprint prints a value in the ways a careless line might.
func sprint(v any) string { return fmt.Sprintf("%v %+v %#v %s %q", v, v, v, v, v) }

// Whoever reads the log does not count nanoseconds.
func TestLogTellsLengthsOfTime(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		var log strings.Builder
		logFlags{Format: format, Level: "info"}.check(&log, &trouble{}).Warn("no answer", "again_in", 2203287224*time.Nanosecond)
		if !strings.Contains(log.String(), "2.203s") || strings.Contains(log.String(), "2203287224") {
			t.Errorf("%s: %s", format, log.String())
		}
	}
}
