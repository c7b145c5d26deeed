package fakeslack

import "fmt"

// A User is what Slack says about somebody.
type User struct {
	Name       string // as shown
	Team       string // "" the app's own
	TZ         string // "America/Chicago"
	Locale     string // "en-US"; Slack tells it where it is asked to
	Restricted bool   // a guest in several channels
	Ultra      bool   // a guest in one channel; also Restricted then
	Stranger   bool   // of another workspace, met in a shared channel
	Deleted    bool
	Bot        bool
	Admin      bool
}

// Member adds a full member of the workspace.
func (s *Server) Member(name string) *Person { return s.Person(User{Name: name}) }

// Person adds somebody of any kind.
func (s *Server) Person(u User) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.Team == "" {
		u.Team = s.opt.Team
	}
	if u.TZ == "" {
		u.TZ = "America/Chicago"
	}
	if u.Locale == "" {
		u.Locale = "en-US"
	}
	p := &Person{ID: s.id("U0"), srv: s, user: u}
	s.users[p.ID] = p
	return p
}

// Change changes what Slack says about the person from now on.
func (p *Person) Change(change func(*User)) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	change(&p.user)
}

// id makes an id that is nobody else's. s.mu is held.
func (s *Server) id(prefix string) string {
	s.serial++
	return fmt.Sprintf("%s%08d", prefix, s.serial)
}

// handle is the name in lower case and without blanks, as accounts have it.
func (u User) handle() string {
	b := []byte(u.Name)
	for i, c := range b {
		switch {
		case c >= 'A' && c <= 'Z':
			b[i] = c + 'a' - 'A'
		case c == ' ':
			b[i] = '.'
		}
	}
	return string(b)
}

func (s *Server) usersInfo(c *Call) answer {
	p := s.users[c.Params.Get("user")]
	if p == nil {
		return refuse("user_not_found")
	}
	u := p.user
	fields := obj{
		"id": p.ID, "team_id": u.Team, "name": u.handle(), "real_name": u.Name, "deleted": u.Deleted,
		"tz": u.TZ, "is_bot": u.Bot, "is_app_user": false, "is_admin": u.Admin, "is_owner": false, "is_primary_owner": false,
		"is_restricted": u.Restricted || u.Ultra, "is_ultra_restricted": u.Ultra, "updated": s.now().Unix(),
		"profile": obj{"real_name": u.Name, "display_name": u.Name, "team": u.Team},
	}
	if c.Params.Get("include_locale") == "true" {
		fields["locale"] = u.Locale
	}
	if u.Stranger {
		fields["is_stranger"] = true
	}
	return yes(obj{"user": fields})
}
