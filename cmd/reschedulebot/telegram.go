package main

import (
	"log/slog"
	"net/url"
	"regexp"
	"strconv"

	"reschedulebot/bot/telegram"
)

// telegramFlags turn Telegram on and say how it is reached.
type telegramFlags struct {
	Token     secret `name:"telegram-bot-token" var:"TELEGRAM_BOT_TOKEN" placeholder:"TOKEN" group:"Telegram" help:"Turns Telegram on. Better given as a file: others can read a command line."`
	TokenFile string `name:"telegram-bot-token-file" var:"TELEGRAM_BOT_TOKEN_FILE" placeholder:"FILE" group:"Telegram" help:"File that holds the token."`
	API       string `name:"telegram-api-url" var:"TELEGRAM_API_URL" placeholder:"URL" default:"https://api.telegram.org" group:"Telegram" help:"Where the Bot API is, default ${default}."`
}

// webhookFlags are for the command that listens.
type webhookFlags struct {
	URL        string `name:"telegram-webhook-url" var:"TELEGRAM_WEBHOOK_URL" placeholder:"URL" group:"Telegram" help:"Public address of this bot; without it the bot polls and needs none."`
	Secret     secret `name:"telegram-webhook-secret" var:"TELEGRAM_WEBHOOK_SECRET" placeholder:"SECRET" group:"Telegram" help:"What Telegram proves itself with at that address."`
	SecretFile string `name:"telegram-webhook-secret-file" var:"TELEGRAM_WEBHOOK_SECRET_FILE" placeholder:"FILE" group:"Telegram" help:"File that holds it."`
}

// telegramSettings are checked flags. An empty token means that Telegram is off.
type telegramSettings struct {
	token         secret
	api           string
	webhook       string
	webhookSecret secret
}

func (f telegramFlags) check(t *trouble) telegramSettings {
	s := telegramSettings{token: f.Token.orFile("TELEGRAM_BOT_TOKEN", f.TokenFile, t), api: f.API}
	if !s.token.empty() && !regexp.MustCompile(`^\d+:[\w-]+$`).MatchString(s.token.reveal()) {
		t.add("TELEGRAM_BOT_TOKEN", "does not look like a token; BotFather shows it as 123456789:AAE…")
	}
	if u, err := url.Parse(s.api); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		t.add("TELEGRAM_API_URL", "%q is no web address; the default is https://api.telegram.org", s.api)
	}
	return s
}

// check adds the webhook to the settings.
func (f webhookFlags) check(s telegramSettings, t *trouble) telegramSettings {
	s.webhook, s.webhookSecret = f.URL, f.Secret.orFile("TELEGRAM_WEBHOOK_SECRET", f.SecretFile, t)
	if s.webhook == "" {
		return s
	}
	if u, err := url.Parse(s.webhook); err != nil || u.Host == "" || u.Scheme != "https" {
		t.add("TELEGRAM_WEBHOOK_URL", "%q is no https address; give the public one, like https://bot.example.com", s.webhook)
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{16,256}$`).MatchString(s.webhookSecret.reveal()) {
		t.add("TELEGRAM_WEBHOOK_SECRET", "must be 16 to 256 letters, digits, _ or -, and known to nobody; openssl rand -hex 32 makes one")
	}
	return s
}

// rateFlag is separate: only commands that send have it.
type rateFlag struct {
	Rate string `name:"telegram-rate" var:"TELEGRAM_RATE" placeholder:"N" default:"30" group:"Telegram" help:"Messages a second over all chats, default ${default}; 0: no limit, for an own Bot API server."`
}

func (f rateFlag) check(t *trouble) int {
	n, err := strconv.Atoi(f.Rate)
	if err != nil || n < 0 || n > 10_000 {
		t.add("TELEGRAM_RATE", "%q is no number of messages a second; the default is 30", f.Rate)
	}
	return n
}

// platform is the adapter, nil where Telegram is off.
func (s telegramSettings) platform(rate int, firm string, log *slog.Logger) (*telegram.Platform, error) {
	if s.token.empty() {
		return nil, nil
	}
	return telegram.New(telegram.Config{
		Token: s.token.reveal(), APIURL: s.api, Rate: rate,
		WebhookURL: s.webhook, WebhookSecret: s.webhookSecret.reveal(),
		FirmName: firm, Log: log,
	})
}
