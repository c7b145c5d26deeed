package faketelegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

const (
	longestPoll = 50 * time.Second
	gather      = 2 * time.Millisecond // a poll that was woken waits this long for more
	hasty       = 3 * time.Second      // the same offset sooner again: the poll waits so long
	veryHasty   = 500 * time.Millisecond
)

// A poll is a getUpdates call that waits.
type poll struct {
	gone chan struct{} // closed when it is told to go
	why  string
}

// end tells the poll that waits, if one does, to go. s.mu is held.
func (s *Server) endPoll(why string) {
	if p := s.queue.poll; p != nil {
		p.why = why
		close(p.gone)
		s.queue.poll = nil
	}
}

func conflict(why string) answer { return refuse(http.StatusConflict, "Conflict: "+why) }

const (
	otherPoll  = "terminated by other getUpdates request; make sure that only one bot instance is running"
	hookIsSet  = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
	hookWasSet = "terminated by setWebhook request"
)

func (s *Server) getUpdates(ctx context.Context, c *Call) answer {
	offset, _ := strconv.Atoi(c.Params.Get("offset"))
	seconds, _ := strconv.Atoi(c.Params.Get("timeout"))
	limit, err := strconv.Atoi(c.Params.Get("limit"))
	if err != nil || limit < 1 || limit > 100 {
		limit = 100
	}
	timeout := min(time.Duration(seconds)*time.Second, longestPoll)

	s.mu.Lock()
	q := &s.queue
	if q.webhook != "" {
		s.mu.Unlock()
		return conflict(hookIsSet)
	}
	s.endPoll(otherPoll)
	q.allow(c.Params.Get("allowed_updates"))
	now := s.now()
	if offset == q.lastOffset {
		if now.Sub(q.lastBegan) < hasty {
			timeout = max(timeout, hasty)
		}
		if now.Sub(q.lastEnded) < veryHasty {
			limit = 1
		}
	}
	q.confirm(offset)
	q.lastOffset, q.lastBegan = offset, now
	me := &poll{gone: make(chan struct{})}
	q.poll = me
	s.ring()
	s.mu.Unlock()

	raws, why := s.await(ctx, me, timeout, limit)
	if why != "" {
		return conflict(why)
	}
	return answer{raw: joined(raws)}
}

// await waits for updates. why says that the poll was ended by somebody else.
func (s *Server) await(ctx context.Context, me *poll, timeout time.Duration, limit int) (raws []json.RawMessage, why string) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	q := &s.queue
	over, woken := timeout <= 0, false
	for {
		s.mu.Lock()
		select {
		case <-me.gone:
			s.mu.Unlock()
			return nil, me.why
		default:
		}
		q.expire(s.now())
		if len(q.items) > 0 && woken && len(q.items) < limit {
			woken = false
			s.mu.Unlock()
			wait(ctx, gather)
			continue
		}
		if over || len(q.items) > 0 || s.revoked || ctx.Err() != nil {
			raws = q.head(limit, ctx.Err() == nil)
			q.poll = nil
			q.lastEnded = s.now()
			s.mu.Unlock()
			return raws, ""
		}
		arrived := q.arrived.Wait()
		s.mu.Unlock()
		select {
		case <-arrived:
			woken = true
		case <-me.gone:
		case <-timer.C:
			over = true
		case <-ctx.Done():
		}
	}
}

// joined writes a JSON array.
func joined(raws []json.RawMessage) []byte {
	n := 2
	for _, r := range raws {
		n += len(r) + 1
	}
	b := append(make([]byte, 0, n), '[')
	for i, r := range raws {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, r...)
	}
	return append(b, ']')
}
