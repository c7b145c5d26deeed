package slack

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot/pace"
	"reschedulebot/scheduling"
)

const (
	platformName = "slack"
	// PublicAPI is where Slack's Web API is.
	PublicAPI = "https://slack.com/api/"
)

// Config is what the adapter has to be told.
type Config struct {
	Token string // the bot token, xoxb-…
	// AppToken switches to Socket Mode: xapp-…. Else SigningSecret is what Slack
	// signs its requests to Handler with. One of them is needed to receive.
	AppToken      string
	SigningSecret string
	APIURL        string // base address of the Web API, "" for Slack's own
	Team          string // the only workspace whose members are staff
	// Staff are the user ids of those who may use the bot, with their roles.
	Staff map[string]scheduling.Role
	// StaffChannel is the private channel in which cards stand; "": none.
	StaffChannel string
	// Unpaced lets messages leave as fast as they can; else each chat gets one a
	// second after a short burst, as Slack asks.
	Unpaced bool
	// Deaf is after how long without a sign of life a socket is given up, Renew how
	// old one becomes; 0: a minute, an hour.
	Deaf, Renew time.Duration
	Log         *slog.Logger // nil: nothing is logged
	// Now is the clock that messages are paced by, and signatures and what is known
	// of people grow old by; it must run. nil: time.Now.
	Now func() time.Time
	// Transport carries the calls. nil: kept-alive connections to APIURL.
	Transport http.RoundTripper
}

// Platform is one app in one workspace. Its methods may be called at the same
// time; Receive only once at a time.
type Platform struct {
	config Config
	log    *slog.Logger
	api    *slackapi.Client
	pace   *pace.Pace // nil: no limit
	people *people
	intake intake
	dms    dms
	room   room
	asides sync.WaitGroup // what somebody is to be shown at once, on its way
	// workspace is its web address, "" unknown; nil: Slack was not asked yet.
	workspace atomic.Pointer[string]
	hears     atomic.Int64 // connections that hear, or 1 while the endpoints are open
}

// New checks the configuration. It does no network; its errors are for the
// person who wrote the configuration and never contain a token.
func New(c Config) (*Platform, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.APIURL == "" {
		c.APIURL = PublicAPI
	}
	c.APIURL = strings.TrimRight(c.APIURL, "/") + "/"
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Deaf == 0 {
		c.Deaf = deaf
	}
	if c.Renew == 0 {
		c.Renew = renewAfter
	}
	if c.Transport == nil {
		c.Transport = newTransport()
	}
	p := &Platform{config: c, log: c.Log.With("platform", platformName), api: newClient(c)}
	p.people = newPeople(p)
	if !c.Unpaced {
		p.pace = pace.New(0, c.Now)
	}
	return p, nil
}

var (
	tokenForm  = regexp.MustCompile(`^[A-Za-z0-9-]{8,512}$`)
	secretForm = regexp.MustCompile(`^[!-~]{16,256}$`)
)

// IsID tells whether s can be the id of a workspace, a person or a channel.
func IsID(s string) bool { return idForm.MatchString(s) }

// IsBotToken tells whether s can be the token of a bot.
func IsBotToken(s string) bool { return tokenForm.MatchString(s) && strings.HasPrefix(s, "xoxb-") }

// IsAppToken tells whether s can be a token for Socket Mode.
func IsAppToken(s string) bool { return tokenForm.MatchString(s) && strings.HasPrefix(s, "xapp-") }

// IsSigningSecret tells whether s can be what Slack signs requests with.
func IsSigningSecret(s string) bool { return secretForm.MatchString(s) }

func (c Config) check() error {
	switch {
	case !IsBotToken(c.Token):
		return errors.New("SLACK_BOT_TOKEN is not a bot token; the page \"OAuth & Permissions\" of the app shows it as xoxb-…")
	case c.AppToken != "" && !IsAppToken(c.AppToken):
		return errors.New("SLACK_APP_TOKEN is not an app token; the page \"Basic Information\" of the app makes one with the scope connections:write, as xapp-…")
	case c.SigningSecret != "" && !IsSigningSecret(c.SigningSecret):
		return errors.New("SLACK_SIGNING_SECRET is not a signing secret; the page \"Basic Information\" of the app shows it")
	case !idForm.MatchString(c.Team):
		return errors.New("SLACK_TEAM_ID must be the id of the firm's workspace, like T012AB3CD")
	case c.StaffChannel != "" && !idForm.MatchString(c.StaffChannel):
		return errors.New("SLACK_STAFF_CHANNEL must be the id of a channel, like C012AB3CD")
	}
	for id, role := range c.Staff {
		if !idForm.MatchString(id) || role == scheduling.Applicant || role == "" {
			return errors.New("a member of staff must be a user id, like U012AB3CD, with a role")
		}
	}
	if u, err := url.Parse(c.APIURL); c.APIURL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return errors.New("SLACK_API_URL must be an address like " + PublicAPI)
	}
	return nil
}

// Name is "slack".
func (p *Platform) Name() string { return platformName }

// Listening tells whether what people write arrives: a socket hears, or the
// endpoints are open.
func (p *Platform) Listening() bool { return p.hears.Load() > 0 }

// String keeps the secrets out of anything that prints a Config.
func (c Config) String() string { return fmt.Sprintf("slack at %s", c.APIURL) }

// GoString does the same for %#v.
func (c Config) GoString() string { return c.String() }

func newTransport() *http.Transport {
	dial := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dial.DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     55 * time.Second, // below what gateways allow
	}
}
