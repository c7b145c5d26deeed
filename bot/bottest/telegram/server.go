package faketelegram

import (
	"net"
	"net/http"
	"sync"
	"time"

	"reschedulebot/bot/bottest/bell"
)

// Token is the token of a server that was not given another.
const Token = "4200000042:FAKE-token_for-tests_only-0123456789ab"

// Username is the bot's name.
const Username = "biometrics_test_bot"

// Options of a server. The zero value is a good one.
type Options struct {
	Token string
	Now   func() time.Time // nil: time.Now; messages grow old by it
	// Brief keeps no record of calls and only the latest messages of a chat, for
	// load tests.
	Brief bool
	// JoinsGroups is what getMe says about groups.
	JoinsGroups bool
	// Twice delivers every update two times.
	Twice bool
	// Retry is how long a failed delivery to the webhook waits for its next try;
	// nil: as Telegram does, at once and then 2, 4, 8 … seconds, or what the
	// answer's Retry-After says.
	Retry func(failures int) time.Duration
	// Webhook carries the deliveries; nil: http.DefaultTransport. See To.
	Webhook http.RoundTripper
}

// Server is a fake Bot API server. It is safe for concurrent use.
type Server struct {
	opt Options
	now func() time.Time

	mu       sync.Mutex
	changed  bell.Bell // rung after every change
	revoked  bool
	chats    map[int64]*chat
	people   int64
	message  int // last message id
	queries  map[string]*query
	query    int
	album    int
	queue    queue
	calls    []*Call
	counts   map[string]int
	profile  map[string]string // what setMy… wrote, by method, scope and language
	faults   []*Fault
	healed   chan struct{} // closed when hanging calls are let go
	delivery *delivery
}

// New returns a server without chats.
func New(o Options) *Server {
	if o.Token == "" {
		o.Token = Token
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Webhook == nil {
		o.Webhook = http.DefaultTransport
	}
	return &Server{
		opt:     o,
		now:     o.Now,
		chats:   map[int64]*chat{},
		queries: map[string]*query{},
		counts:  map[string]int{},
		profile: map[string]string{},
		healed:  make(chan struct{}),
		queue:   newQueue(o.Twice),
	}
}

// Serve answers on l until it is closed.
func (s *Server) Serve(l net.Listener) error { return s.http().Serve(l) }

// Start serves on a free port of the loopback interface. stop ends all
// connections.
func (s *Server) Start() (url string, stop func()) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err) // no test can go on
	}
	h := s.http()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.Serve(l)
	}()
	return "http://" + l.Addr().String(), func() {
		s.StopDelivering()
		_ = h.Close()
		<-done
	}
}

func (s *Server) http() *http.Server {
	return &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
}

// Revoke makes the token unknown, as @BotFather does.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
	s.queue.wake()
	s.ring()
}

// Profile returns what the bot wrote with setMyCommands, setMyDescription or
// setMyShortDescription for a language ("" the default) and, for commands, a
// scope such as "all_private_chats".
func (s *Server) Profile(method, scope, language string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.profile[method+"/"+scope+"/"+language]
}

// ring tells those who wait that something changed. s.mu is held.
func (s *Server) ring() { s.changed.Ring() }
