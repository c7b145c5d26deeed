package fakeslack

import (
	"net/http"
	"strings"
)

// ServeHTTP implements http.Handler: the Web API below /api/, the sockets, the
// addresses for uploads, downloads and answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.base == "" { // served by somebody else
		s.base = "http://" + r.Host
	}
	s.mu.Unlock()
	if r.URL.Path == linkPath {
		s.serveLink(w, r)
		return
	}
	method, rest := route(r.URL.Path)
	if method == "" {
		http.NotFound(w, r)
		return
	}
	c, err := readCall(r)
	if err != nil {
		refuse("invalid_form_data").write(w)
		return
	}
	c.Method = method
	s.mu.Lock()
	if h := s.hooks[rest]; method == "response_url" && h != nil {
		c.Channel = h.channel.id
	}
	s.arrive(c)
	f := s.faultFor(c)
	healed := s.healed
	s.mu.Unlock()

	if f != nil && !s.before(w, r, c, f, healed) {
		return
	}
	s.mu.Lock()
	a := s.do(c, r.Method, rest)
	c.Done, c.Gone = a.ok(), r.Context().Err() != nil
	s.ring()
	s.mu.Unlock()
	if f != nil && a.ok() && !s.after(w, r, c, f, healed) {
		return
	}
	s.finish(w, c, a)
}

// route names what a path leads to.
func route(path string) (method, rest string) {
	for _, r := range []struct{ prefix, method string }{
		{"/api/", ""}, {uploadPath, "upload"}, {downloadPath, "download"}, {hookPath, "response_url"},
	} {
		if rest, ok := strings.CutPrefix(path, r.prefix); ok && rest != "" {
			if r.method == "" {
				return rest, ""
			}
			return r.method, rest
		}
	}
	return "", ""
}

// before does what a fault does before the method; false when that was all.
func (s *Server) before(w http.ResponseWriter, r *http.Request, c *Call, f *Fault, healed chan struct{}) bool {
	if a, ok := f.refusal(); ok {
		s.finish(w, c, a)
		return false
	}
	switch f.Do {
	case Reset:
		cut(w)
		return false
	case Hang:
		return s.hang(r, c, healed)
	case Slow:
		select {
		case <-s.alarm(f.Delay):
		case <-r.Context().Done():
		case <-s.closing:
		}
	}
	return true
}

// hang waits until healed; false when the caller gave up.
func (s *Server) hang(r *http.Request, c *Call, healed chan struct{}) bool {
	select {
	case <-healed:
		return true
	case <-s.closing:
	case <-r.Context().Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Gone = true
	s.ring()
	return false
}

// after does what a fault does after the method; false when that was all.
func (s *Server) after(w http.ResponseWriter, r *http.Request, c *Call, f *Fault, healed chan struct{}) bool {
	switch f.Do {
	case AfterDone:
		cut(w)
		return false
	case DoneHang:
		return s.hang(r, c, healed)
	case DoneRefuse:
		s.finish(w, c, f.refuse())
		return false
	case Garbage:
		s.finish(w, c, answer{plain: `{"ok":true,"chan`})
		return false
	}
	return true
}
