package slack

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"reschedulebot/bot"
	"reschedulebot/conversation"
)

const (
	pageBlocks = 100
	pageBytes  = 200_000 // Slack's limit is 250,000
)

// home shows somebody's page. It does no harm twice; it is shown to members of
// staff only, as they are now.
func (p *Platform) home(ctx context.Context, m bot.Outgoing) error {
	who, err := p.people.check(ctx, m.Chat)
	switch {
	case err != nil:
		return repeatable(err)
	case who.standing != staff:
		return never("a page for somebody who is not of the staff")
	}
	workspace, err := p.workspaceFor(ctx, pageLeads(m.Page))
	if err != nil {
		return err
	}
	blocks, err := pageOf(m.Page, workspace, m.Language)
	if err != nil {
		return never(err.Error())
	}
	view := slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab, Blocks: slackapi.Blocks{BlockSet: blocks}}
	return repeatable(p.call(ctx, viewsPublish, func(ctx context.Context) error {
		_, err := p.api.PublishViewContext(ctx, slackapi.PublishViewContextRequest{UserID: m.Chat, View: view})
		return err
	}))
}

// pageOf writes the cards of a page below each other. One that no longer fits is
// left out with all behind it, and a last line says how many.
func pageOf(page conversation.Page, workspace, language string) ([]slackapi.Block, error) {
	w := wordsIn(language)
	var all []slackapi.Block
	bytes := 0
	for i, c := range page.Cards {
		card, err := cardBlocks(c, workspace)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			card = append([]slackapi.Block{slackapi.NewDividerBlock()}, card...)
		}
		raw, err := json.Marshal(card)
		if err != nil {
			return nil, err
		}
		if bytes += len(raw); bytes > pageBytes || len(all)+len(card) > pageBlocks-1 {
			left := strings.ReplaceAll(w.more, "{n}", strconv.Itoa(len(page.Cards)-i))
			return append(all, blocks(sentence(left), "")...), nil
		}
		all = append(all, card...)
	}
	if len(all) == 0 {
		all = blocks(sentence(w.nothing), "")
	}
	return all, nil
}
