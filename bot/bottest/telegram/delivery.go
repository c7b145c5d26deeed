package faketelegram

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	answerTime   = 60 * time.Second
	slowestRetry = 60 * time.Second
)

var secretForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]{0,256}$`) })

// A delivery brings updates to the webhook. The server's lock guards it.
type delivery struct {
	url, secret string
	most        int // at the same time
	cancel      context.CancelFunc
	ended       chan struct{}
	running     sync.WaitGroup
	busy        map[string]bool // lanes
	lastError   string
	lastErrorAt time.Time
}

// To carries requests for any host to one address, as plain HTTP: a webhook has
// a public name that nobody here can resolve.
func To(address string) http.RoundTripper { return to(address) }

type to string

func (a to) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	r.URL.Scheme, r.URL.Host = "http", string(a)
	return http.DefaultTransport.RoundTrip(r)
}

func (s *Server) setWebhook(c *Call) answer {
	address, secret := c.Params.Get("url"), c.Params.Get("secret_token")
	if address == "" {
		return s.deleteWebhook(c)
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return badRequest("bad webhook: invalid URL")
	}
	if !secretForm().MatchString(secret) {
		return badRequest("secret token contains unallowed characters")
	}
	most, err := strconv.Atoi(c.Params.Get("max_connections"))
	if err != nil || most < 1 || most > 100 {
		most = 40
	}
	s.StopDelivering()

	s.mu.Lock()
	defer s.mu.Unlock()
	s.endPoll(hookWasSet)
	q := &s.queue
	q.allow(c.Params.Get("allowed_updates"))
	if c.Params.Get("drop_pending_updates") == "true" {
		q.items = nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	d := &delivery{url: address, secret: secret, most: most, cancel: cancel, ended: make(chan struct{}), busy: map[string]bool{}}
	q.webhook, q.secret, s.delivery = address, secret, d
	go s.deliver(ctx, d)
	return yes()
}

func (s *Server) deleteWebhook(c *Call) answer {
	s.StopDelivering()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.webhook, s.queue.secret = "", ""
	if c.Params.Get("drop_pending_updates") == "true" {
		s.queue.items = nil
	}
	return yes()
}

type wireHook struct {
	URL           string `json:"url"`
	Certificate   bool   `json:"has_custom_certificate"`
	Pending       int    `json:"pending_update_count"`
	LastErrorDate int64  `json:"last_error_date,omitempty"`
	LastError     string `json:"last_error_message,omitempty"`
}

// webhookInfo is called with s.mu held.
func (s *Server) webhookInfo() answer {
	s.queue.expire(s.now())
	info := wireHook{URL: s.queue.webhook, Pending: len(s.queue.items)}
	if d := s.delivery; d != nil && d.lastError != "" {
		info.LastError, info.LastErrorDate = d.lastError, d.lastErrorAt.Unix()
	}
	return answer{result: info}
}

// StopDelivering ends the deliveries to the webhook, which stays set. It
// returns when the last has ended.
func (s *Server) StopDelivering() {
	s.mu.Lock()
	d := s.delivery
	s.delivery = nil
	s.mu.Unlock()
	if d != nil {
		d.cancel()
		<-d.ended
	}
}

// deliver starts the delivery of the oldest update of each lane that is free.
func (s *Server) deliver(ctx context.Context, d *delivery) {
	defer close(d.ended)
	defer d.running.Wait()
	for ctx.Err() == nil {
		s.mu.Lock()
		s.queue.expire(s.now())
		for _, x := range s.queue.items {
			if len(d.busy) == d.most {
				break
			}
			if d.busy[x.lane] {
				continue
			}
			d.busy[x.lane] = true
			d.running.Go(func() { s.bring(ctx, d, x) })
		}
		arrived := s.queue.arrived.Wait()
		s.mu.Unlock()
		select {
		case <-arrived:
		case <-ctx.Done():
		}
	}
}

// bring tries until an update is taken or dies.
func (s *Server) bring(ctx context.Context, d *delivery, x *item) {
	taken := false
	for failures := 0; ctx.Err() == nil && !taken; {
		trouble, after := s.post(ctx, d, x.raw)
		s.mu.Lock()
		s.queue.give(x)
		taken = trouble == "" || !x.dies.After(s.now())
		if trouble != "" && ctx.Err() == nil {
			d.lastError, d.lastErrorAt = trouble, s.now()
		}
		s.ring()
		s.mu.Unlock()
		if !taken {
			failures++
			wait(ctx, s.retry(failures, after))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if taken {
		s.queue.items = slices.DeleteFunc(s.queue.items, func(i *item) bool { return i == x })
	}
	delete(d.busy, x.lane)
	s.queue.wake()
	s.ring()
}

func (s *Server) retry(failures int, after time.Duration) time.Duration {
	switch {
	case s.opt.Retry != nil:
		return s.opt.Retry(failures)
	case after > 0:
		return min(after, time.Hour)
	case failures < 2:
		return 0
	}
	return min(slowestRetry, time.Second<<min(failures-1, 6))
}

// post makes one attempt. trouble is "" when the update was taken.
func (s *Server) post(ctx context.Context, d *delivery, raw []byte) (trouble string, after time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(raw))
	if err != nil {
		return "bad webhook address", 0
	}
	r.Header.Set("Content-Type", "application/json")
	if d.secret != "" {
		r.Header.Set(secretHeader, d.secret)
	}
	resp, err := s.opt.Webhook.RoundTrip(r)
	if err != nil {
		return "Connection failed", 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode/100 == 2 {
		return "", 0
	}
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		after = time.Duration(n) * time.Second
	}
	return "Wrong response from the webhook: " + resp.Status, after
}
