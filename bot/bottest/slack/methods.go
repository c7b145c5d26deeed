package fakeslack

import "net/http"

// do carries out a call. s.mu is held.
func (s *Server) do(c *Call, verb, rest string) answer {
	switch c.Method {
	case "upload":
		return s.upload(c, verb, rest)
	case "response_url":
		return s.respond(c, verb, rest)
	}
	if a := s.authorise(c); !a.ok() {
		if c.Method == "download" {
			// A browser would be led to the sign-in page.
			return answer{plain: "<!DOCTYPE html><html><body>Sign in to Slack</body></html>", error: a.error}
		}
		return a
	}
	a := s.method(c, verb, rest)
	a.scopes = true
	return a
}

// authorise checks the token. s.mu is held.
func (s *Server) authorise(c *Call) answer {
	opening := c.Method == "apps.connections.open"
	switch {
	case c.token == "":
		return refuse("not_authed")
	case c.token != s.opt.BotToken && c.token != s.opt.AppToken:
		return refuse("invalid_auth")
	case s.revoked:
		return refuse("token_revoked")
	case opening != (c.token == s.opt.AppToken):
		return refuse("not_allowed_token_type")
	}
	return answer{}
}

func (s *Server) method(c *Call, verb, rest string) answer {
	switch c.Method {
	case "apps.connections.open":
		return s.openLink()
	case "auth.test":
		return yes(obj{"url": s.base + "/", "team": "Fake Firm", "user": "biometrics_desk", "team_id": s.opt.Team,
			"user_id": BotUser, "bot_id": BotID, "is_enterprise_install": false})
	case "users.info":
		return s.needing("users:read", c, s.usersInfo)
	case "conversations.info":
		return s.conversationsInfo(c)
	case "conversations.members":
		return s.conversationsMembers(c)
	case "conversations.open":
		return s.needing("im:write", c, s.conversationsOpen)
	case "conversations.history":
		return s.conversationsHistory(c)
	case "conversations.replies":
		return s.conversationsReplies(c)
	case "chat.postMessage":
		return s.needing("chat:write", c, s.postMessage)
	case "chat.update":
		return s.needing("chat:write", c, s.updateMessage)
	case "chat.postEphemeral":
		return s.needing("chat:write", c, s.postEphemeral)
	case "chat.delete":
		return s.needing("chat:write", c, s.deleteMessage)
	case "chat.getPermalink":
		return s.getPermalink(c)
	case "views.open":
		return s.viewsOpen(c)
	case "views.push":
		return s.viewsPush(c)
	case "views.update":
		return s.viewsUpdate(c)
	case "views.publish":
		return s.viewsPublish(c)
	case "files.getUploadURLExternal":
		return s.needing("files:write", c, s.getUploadURL)
	case "files.completeUploadExternal":
		return s.needing("files:write", c, s.completeUpload)
	case "files.info":
		return s.needing("files:read", c, s.filesInfo)
	case "download":
		if verb != http.MethodGet {
			return refuse("invalid_arguments")
		}
		return s.needing("files:read", c, func(*Call) answer { return s.download(rest) })
	}
	return answer{error: "unknown_method", more: obj{"req_method": c.Method}}
}

// needing carries out a method whose scope was granted.
func (s *Server) needing(scope string, c *Call, do func(*Call) answer) answer {
	if a := s.scoped(scope); !a.ok() {
		return a
	}
	return do(c)
}

// scoped refuses without the scope.
func (s *Server) scoped(scope string) answer {
	if s.granted(scope) {
		return answer{}
	}
	provided := ""
	for i, g := range s.opt.Scopes {
		if i > 0 {
			provided += ","
		}
		provided += g
	}
	return answer{error: "missing_scope", more: obj{"needed": scope, "provided": provided}}
}
