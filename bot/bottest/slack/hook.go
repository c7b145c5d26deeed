package fakeslack

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

const (
	hookPath = "/actions/"
	hookLife = 30 * time.Minute
	hookUses = 5
)

// A hook is a response_url.
type hook struct {
	channel *channel
	person  *Person
	origin  *message // whose button was pressed; nil for a command
	at      time.Time
	uses    int
}

// hook makes a response_url. s.mu is held.
func (s *Server) hook(ch *channel, p *Person, origin *message) string {
	id := s.opt.Team + "/" + s.id("hook")
	s.hooks[id] = &hook{channel: ch, person: p, origin: origin, at: s.now()}
	return s.base + hookPath + id
}

// respond answers a post to a response_url.
func (s *Server) respond(c *Call, verb, id string) answer {
	h := s.hooks[id]
	switch {
	case verb != http.MethodPost:
		return answer{status: http.StatusMethodNotAllowed, error: "method_not_allowed"}
	case h == nil:
		return answer{status: http.StatusNotFound, error: "invalid_url"}
	case s.now().Sub(h.at) > hookLife:
		return answer{status: http.StatusNotFound, error: "expired_url"}
	case h.uses == hookUses:
		return answer{status: http.StatusNotFound, error: "used_url"}
	}
	if a := s.say(c, h); !a.ok() {
		if a.status == 0 {
			a.status = http.StatusBadRequest
		}
		return a
	}
	h.uses++
	return answer{plain: "ok"}
}

// say does what a message to a response_url, or with an acknowledged command,
// asks for.
func (s *Server) say(c *Call, h *hook) answer {
	var form struct {
		Type    string `json:"response_type"`
		Replace bool   `json:"replace_original"`
		Delete  bool   `json:"delete_original"`
	}
	if json.Unmarshal(c.body, &form) != nil {
		return refuse("invalid_payload")
	}
	here := h.origin != nil && !h.origin.deleted
	if form.Delete {
		if here {
			s.remove(h.channel, h.origin)
		}
		return answer{}
	}
	m, a := s.readMessage(c, textLimit)
	if !a.ok() {
		return a
	}
	if form.Replace && here {
		s.change(h.channel, h.origin, m)
		return answer{}
	}
	switch form.Type {
	case "", "ephemeral":
		m.Ephemeral = h.person.ID
	case "in_channel":
	default:
		return refuse("invalid_response_type")
	}
	if ts := c.Params.Get("thread_ts"); ts != "" && h.channel.find(ts) != nil {
		m.Thread = ts
	}
	s.put(h.channel, m)
	return answer{}
}

// replied is what an acknowledgement of a command says, as a message.
func (s *Server) replied(command string, h *hook, response []byte) (trouble string) {
	if len(response) == 0 {
		return ""
	}
	c := &Call{Method: command, Params: map[string][]string{}, body: response}
	if response[0] != '{' {
		c.body = toJSON(obj{"text": string(response)})
	}
	if c.readJSON(c.body) != nil {
		return "response refused: not JSON"
	}
	if c.Params.Get("text")+c.Params.Get("blocks") == "" {
		return ""
	}
	if a := s.say(c, h); !a.ok() {
		return "response refused: " + strings.Join(append([]string{a.error}, a.messages...), " ")
	}
	return ""
}
