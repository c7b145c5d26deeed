package faketelegram

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"sync"
)

// do carries out a call.
func (s *Server) do(ctx context.Context, c *Call) answer {
	switch c.Method {
	case "getUpdates":
		return s.getUpdates(ctx, c)
	case "setWebhook":
		return s.setWebhook(c)
	case "deleteWebhook":
		return s.deleteWebhook(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch c.Method {
	case "getMe":
		return answer{result: wireMe{wireUser: *s.bot(), CanJoinGroups: s.opt.JoinsGroups}}
	case "getWebhookInfo":
		return s.webhookInfo()
	case "sendMessage":
		return s.sendMessage(c)
	case "sendDocument":
		return s.sendDocument(c)
	case "editMessageText":
		return s.editMessageText(c)
	case "editMessageReplyMarkup":
		return s.editMessageReplyMarkup(c)
	case "deleteMessage":
		return s.deleteMessage(c)
	case "answerCallbackQuery":
		return s.answerCallbackQuery(c)
	case "setMyCommands":
		return s.setMyCommands(c)
	case "setMyDescription":
		return s.setProfile(c, "description", 512)
	case "setMyShortDescription":
		return s.setProfile(c, "short_description", 120)
	}
	return refuse(http.StatusNotFound, "Not Found: method not found")
}

var (
	commandForm  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9_]{1,32}$`) })
	languageForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([a-z]{2})?$`) })
)

func (s *Server) setMyCommands(c *Call) answer {
	var commands []struct{ Command, Description string }
	if err := json.Unmarshal([]byte(c.Params.Get("commands")), &commands); err != nil {
		return badRequest("can't parse commands")
	}
	if len(commands) > 100 {
		return badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, x := range commands {
		if !commandForm().MatchString(x.Command) {
			return badRequest("BOT_COMMAND_INVALID")
		}
		if n := utf16Len(x.Description); n < 1 || n > 256 {
			return badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	scope := struct{ Type string }{"default"}
	if raw := c.Params.Get("scope"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &scope); err != nil {
			return badRequest("can't parse BotCommandScope")
		}
	}
	return s.profiled(c, scope.Type, c.Params.Get("commands"))
}

func (s *Server) setProfile(c *Call, name string, limit int) answer {
	text := c.Params.Get(name)
	if utf16Len(text) > limit {
		return badRequest(name + " is too long")
	}
	return s.profiled(c, "", text)
}

func (s *Server) profiled(c *Call, scope, value string) answer {
	language := c.Params.Get("language_code")
	if !languageForm().MatchString(language) {
		return badRequest("invalid language_code specified")
	}
	s.profile[c.Method+"/"+scope+"/"+language] = value
	return yes()
}
