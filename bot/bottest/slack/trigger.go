package fakeslack

import "time"

// A trigger lets an app open a modal for a person, once.
type trigger struct {
	person *Person
	at     time.Time
	used   bool
}

// trigger makes a trigger_id. s.mu is held.
func (s *Server) trigger(p *Person) string {
	id := s.id("1337.42.trigger")
	s.triggers[id] = &trigger{person: p, at: s.now()}
	return id
}

// pull uses a trigger_id. s.mu is held.
func (s *Server) pull(id string) (*Person, answer) {
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case s.now().Sub(t.at) > s.opt.Patience:
		return nil, refuse("expired_trigger_id")
	}
	return t.person, answer{}
}
