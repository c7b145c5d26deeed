package telegram

import (
	"context"
	"encoding/json"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// describe writes what Telegram shows beside the chat: the command lists and the
// descriptions, in each language. Nothing depends on them, so what is refused is
// logged once and left for the next start.
func (p *Platform) describe(ctx context.Context) {
	var refused error
	for _, c := range p.descriptions() {
		if _, err := p.api.call(ctx, callTime, c.method, c.params); err != nil && refused == nil {
			refused = err
		}
		if ctx.Err() != nil {
			return
		}
	}
	if refused != nil {
		p.log.Warn("the command list or the description could not be written", "error", refused)
	}
}

type description struct {
	method string
	params tgbotapi.Params
}

func (p *Platform) descriptions() []description {
	var calls []description
	for _, w := range allWords() {
		in := func(params tgbotapi.Params) tgbotapi.Params {
			params.AddNonEmpty("language_code", w.language)
			return params
		}
		calls = append(calls,
			description{"setMyCommands", in(tgbotapi.Params{
				"commands": asJSON(w.commands),
				"scope":    asJSON(tgbotapi.NewBotCommandScopeAllPrivateChats()),
			})},
			description{"setMyCommands", in(tgbotapi.Params{
				"commands": asJSON(w.inGroups),
				"scope":    asJSON(tgbotapi.NewBotCommandScopeAllGroupChats()),
			})},
			description{"setMyDescription", in(tgbotapi.Params{"description": w.long(p.config.FirmName)})},
			description{"setMyShortDescription", in(tgbotapi.Params{"short_description": w.short(p.config.FirmName)})},
		)
	}
	return calls
}

// asJSON writes a value that is always JSON.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
