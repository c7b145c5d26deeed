package fakeslack

import (
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"reschedulebot/bot/bottest/bell"
)

// What a server is called and lets in when it was not told otherwise.
const (
	BotToken      = "xoxb-fake-bot-token-for-tests"
	AppToken      = "xapp-fake-app-token-for-tests"
	SigningSecret = "fake-signing-secret-for-tests"
	TeamID        = "T0FAKETEAM"
	AppID         = "A0FAKEAPP0"
	BotUser       = "U0FAKEBOT0" // the app as a user
	BotID         = "B0FAKEBOT0" // the app as an author
	domain        = "fake-firm"
)

// Scopes are what a server's bot token may do when it was not told otherwise.
func Scopes() []string {
	return []string{"chat:write", "commands", "im:history", "users:read", "groups:read", "groups:history", "files:read", "files:write"}
}

// Options of a server. The zero value is a good one.
type Options struct {
	BotToken, AppToken, SigningSecret, Team string

	Scopes []string // of the bot token; nil: Scopes
	// Events are what the app subscribed to; nil: app_home_opened, message.im,
	// message.groups and message.channels. An event whose scope is missing does
	// not come.
	Events []string
	Now    func() time.Time // nil: time.Now
	// After is the clock's alarm: the 3 seconds for an acknowledgement, the
	// minutes between retries, the pings. nil: time.After.
	After func(time.Duration) <-chan time.Time
	// Patience is how long the app may take to acknowledge and to open a form; 0: 3
	// seconds, as Slack has it. Tests of something else allow for a slow machine.
	Patience time.Duration
	// PostEvery is how far apart posts to one channel have to be, else 429; 0: any.
	PostEvery time.Duration
	// Twice delivers every event two times, each as if it were the first.
	Twice bool
	// NoEcho keeps the app's own messages and their changes from coming back as
	// events.
	NoEcho bool
	// Brief keeps no record of calls and no payloads of deliveries that ended
	// well, for load tests.
	Brief bool
	// HTTP carries the deliveries of HTTP mode; nil: http.DefaultTransport.
	HTTP http.RoundTripper
}

// Server is a fake Slack with one workspace and one app. It is safe for
// concurrent use.
type Server struct {
	opt     Options
	now     func() time.Time
	closing chan struct{} // closed by Close
	running sync.WaitGroup

	mu         sync.Mutex
	changed    bell.Bell // rung after every change
	closed     bool
	base       string // http://host:port, where all addresses lead
	revoked    bool
	serial     int
	lastTS     int64 // µs
	users      map[string]*Person
	channels   map[string]*channel
	calls      []*Call
	counts     map[string]int
	faults     []*Fault
	healed     chan struct{}        // closed when hanging calls are let go
	posted     map[string]time.Time // by channel, the latest post
	violations []Violation
	controls   []Control
	triggers   map[string]*trigger
	hooks      map[string]*hook // response_urls
	views      map[string]*view
	files      map[string]*file
	link       link
	http       endpoint
	deliveries []*delivery
	byID       map[string]*delivery
	unsettled  int // of them
}

// New returns a server of a workspace without members.
func New(o Options) *Server {
	set := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	set(&o.BotToken, BotToken)
	set(&o.AppToken, AppToken)
	set(&o.SigningSecret, SigningSecret)
	set(&o.Team, TeamID)
	if o.Scopes == nil {
		o.Scopes = Scopes()
	}
	if o.Events == nil {
		o.Events = []string{"app_home_opened", "message.im", "message.groups", "message.channels"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Patience == 0 {
		o.Patience = patience
	}
	if o.HTTP == nil {
		o.HTTP = http.DefaultTransport
	}
	s := &Server{
		opt: o, now: o.Now, closing: make(chan struct{}),
		users: map[string]*Person{}, channels: map[string]*channel{}, counts: map[string]int{},
		healed: make(chan struct{}), posted: map[string]time.Time{}, triggers: map[string]*trigger{}, hooks: map[string]*hook{},
		views: map[string]*view{}, files: map[string]*file{}, byID: map[string]*delivery{},
		link: newLink(),
	}
	s.users[BotUser] = &Person{ID: BotUser, srv: s, user: User{Name: "biometrics_desk", Team: o.Team, Bot: true}}
	return s
}

// Serve answers on l until it is closed. The addresses that the server hands
// out lead to l.
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	s.base = "http://" + l.Addr().String()
	s.mu.Unlock()
	return s.server().Serve(l)
}

func (s *Server) server() *http.Server {
	return &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
}

// Start serves on a free port of the loopback interface. api is the base address
// of the Web API, with its final slash. stop ends everything.
func (s *Server) Start() (api string, stop func()) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err) // no test can go on
	}
	h := s.server()
	s.mu.Lock()
	s.base = "http://" + l.Addr().String()
	s.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.Serve(l)
	}()
	return s.base + "/api/", func() {
		s.Close()
		_ = h.Close()
		<-done
	}
}

// Close ends the deliveries and the sockets, and returns when they have ended.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.closing)
	}
	for _, k := range s.link.sockets {
		k.cut()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// Revoke makes the tokens unusable, as an uninstalled app's.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
	s.ring()
}

// Grant replaces the scopes of the bot token.
func (s *Server) Grant(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opt.Scopes = scopes
}

func (s *Server) granted(scope string) bool {
	return scope == "" || slices.Contains(s.opt.Scopes, scope)
}

// ring tells those who wait that something changed. s.mu is held.
func (s *Server) ring() { s.changed.Ring() }

// alarm is a clock's alarm.
func (s *Server) alarm(d time.Duration) <-chan time.Time { return s.opt.After(d) }
