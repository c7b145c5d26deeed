package telegram

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"reschedulebot/bot/pace"
)

// WebhookPath is where Handler is to be mounted.
const WebhookPath = "/telegram/webhook"

const publicAPI = "https://api.telegram.org"

// Config is what the adapter has to be told.
type Config struct {
	Token  string
	APIURL string // base address of the Bot API server, "" for Telegram's own
	// Rate is how many messages may leave in a second over all chats. Above 0,
	// each chat also gets at most one a second after a short burst; 0 switches
	// both limits off, for an own Bot API server.
	Rate int
	// WebhookURL switches from long polling to webhooks: the public address of
	// this program, with or without WebhookPath. WebhookSecret must be set then.
	WebhookURL    string
	WebhookSecret string
	FirmName      string       // for the bot's description in Telegram
	Log           *slog.Logger // nil: nothing is logged
	// Now is the clock that messages are paced by; it must run. nil: time.Now.
	Now func() time.Time
	// Transport carries the calls. nil: kept-alive connections to APIURL.
	Transport http.RoundTripper
}

// Platform is one bot on Telegram. Its methods may be called at the same time;
// Receive only once at a time.
type Platform struct {
	config  Config
	log     *slog.Logger
	api     *api
	pace    *pace.Pace // nil: no limits
	answers *answers
	hook    hook
	me      atomic.Pointer[tgbotapi.User] // nil until getMe was answered
	hears   atomic.Bool
}

// New checks the configuration. It does no network; its errors are for the
// person who wrote the configuration and never contain the token.
func New(c Config) (*Platform, error) {
	if c.Token == "" || strings.ContainsAny(c.Token, " \t\r\n/?#%") {
		return nil, errors.New("TELEGRAM_BOT_TOKEN is not a bot token; @BotFather shows it as 123456:ABC…")
	}
	if c.Rate < 0 {
		return nil, errors.New("TELEGRAM_RATE must not be negative; 0 means no limit")
	}
	base, err := baseURL(c.APIURL)
	if err != nil {
		return nil, err
	}
	if c.WebhookURL, err = webhookURL(c.WebhookURL, c.WebhookSecret); err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Transport == nil {
		c.Transport = newTransport()
	}
	a := newAPI(base, c.Token, c.Transport)
	return &Platform{
		config:  c,
		log:     c.Log.With("platform", "telegram"),
		api:     a,
		pace:    limits(c),
		answers: newAnswers(a),
	}, nil
}

// Listening tells whether what people write arrives: the last poll was answered,
// or the webhook is set and Receive runs.
func (p *Platform) Listening() bool { return p.hears.Load() }

// Name is "telegram".
func (p *Platform) Name() string { return "telegram" }

func baseURL(s string) (string, error) {
	if s == "" {
		s = publicAPI
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return "", errors.New("TELEGRAM_API_URL must be an address like " + publicAPI)
	}
	return strings.TrimRight(s, "/"), nil
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func webhookURL(s, secret string) (string, error) {
	if s == "" {
		return "", nil
	}
	if !secretForm.MatchString(secret) {
		return "", errors.New("TELEGRAM_WEBHOOK_SECRET must be 1 to 256 letters, digits, _ or - when TELEGRAM_WEBHOOK_URL is set")
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "", errors.New("TELEGRAM_WEBHOOK_URL must be an address like https://bot.example.com")
	}
	if !strings.HasSuffix(u.Path, WebhookPath) {
		u.Path = strings.TrimRight(u.Path, "/") + WebhookPath
	}
	return u.String(), nil
}

// newTransport keeps enough idle connections that a busy bot never dials twice.
// Answers are small, so compression would only cost time.
func newTransport() *http.Transport {
	dial := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dial.DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConns:        128,
		MaxIdleConnsPerHost: 128,
		IdleConnTimeout:     55 * time.Second, // below what gateways allow
		DisableCompression:  true,
	}
}

// String keeps the token out of anything that prints a Config.
func (c Config) String() string { return fmt.Sprintf("telegram at %s", c.APIURL) }

// GoString does the same for %#v.
func (c Config) GoString() string { return c.String() }

// limits are what Telegram asks of everybody; with rate 0, nothing.
func limits(c Config) *pace.Pace {
	if c.Rate == 0 {
		return nil
	}
	return pace.New(c.Rate, c.Now)
}
