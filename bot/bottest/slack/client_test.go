package fakeslack_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	fakeslack "reschedulebot/bot/bottest/slack"
)

// clients makes slack-go's clients of a server, as a second opinion.
func clients(b bot) (*slack.Client, *socketmode.Client) {
	api := slack.New(b.token, slack.OptionAppLevelToken(fakeslack.AppToken), slack.OptionAPIURL(b.api))
	return api, socketmode.New(api)
}

// run runs a client until the test ends. error gets its last word.
func run(t *testing.T, sm *socketmode.Client) (ended chan error) {
	ctx, cancel := context.WithCancel(t.Context())
	ended = make(chan error, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ended <- sm.RunContext(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		for {
			select {
			case <-sm.Events:
			case <-done:
				return
			}
		}
	})
	return ended
}

// until returns the next event of one of these kinds.
func until(t *testing.T, sm *socketmode.Client, kinds ...socketmode.EventType) socketmode.Event {
	t.Helper()
	for {
		select {
		case e := <-sm.Events:
			for _, kind := range kinds {
				if e.Type == kind {
					return e
				}
			}
		case <-t.Context().Done():
			t.Fatal("no such event")
		}
	}
}

func TestSlackGo(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	api, sm := clients(b)
	run(t, sm)
	until(t, sm, socketmode.EventTypeHello)
	lee := srv.Member("Lee Ray")
	guest := srv.Person(fakeslack.User{Name: "Guest", Ultra: true})

	lee.DM("hello")
	e := until(t, sm, socketmode.EventTypeEventsAPI)
	m, ok := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent)
	if !ok || m.Text != "hello" || m.User != lee.ID || m.Channel != lee.DMID() || m.ChannelType != "im" {
		t.Errorf("slack-go reads %+v", e.Data)
	}
	if err := sm.Ack(*e.Request); err != nil {
		t.Fatal(err)
	}
	button := slack.NewButtonBlockElement("claim", "7:1", slack.NewTextBlockObject("plain_text", "Claim", false, false))
	channel, ts, err := api.PostMessage(lee.ID, slack.MsgOptionText("card", false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionBlocks(slack.NewActionBlock("do", button)),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "letter", EventPayload: map[string]any{"id": "7"}}))
	if err != nil || channel != lee.DMID() {
		t.Fatal(channel, err)
	}
	h, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: channel, Latest: ts, Inclusive: true, Limit: 1, IncludeAllMetadata: true})
	if err != nil || len(h.Messages) != 1 || h.Messages[0].Metadata.EventPayload["id"] != "7" || h.Messages[0].Timestamp != ts {
		t.Errorf("slack-go finds %+v, %v", h, err)
	}
	if _, err := lee.Press("Claim"); err != nil {
		t.Fatal(err)
	}
	e = until(t, sm, socketmode.EventTypeInteractive)
	cb := e.Data.(slack.InteractionCallback)
	if cb.Type != slack.InteractionTypeBlockActions || cb.ActionCallback.BlockActions[0].Value != "7:1" || cb.Container.MessageTs != ts || cb.User.TeamID != fakeslack.TeamID || len(cb.Message.Blocks.BlockSet) != 1 {
		t.Errorf("slack-go reads %+v", cb)
	}
	_ = sm.Ack(*e.Request)
	view, err := api.OpenView(cb.TriggerID, slack.ModalViewRequest{Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "Why", false, false),
		Submit: slack.NewTextBlockObject("plain_text", "Refuse", false, false), Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("reason", slack.NewTextBlockObject("plain_text", "Reason", false, false), nil, slack.NewPlainTextInputBlockElement(nil, "v"))}}})
	if err != nil || view.ID == "" {
		t.Fatal(err)
	}
	id, err := lee.Submit(map[string]string{"Reason": "ill"})
	if err != nil {
		t.Fatal(err)
	}
	e = until(t, sm, socketmode.EventTypeInteractive)
	cb = e.Data.(slack.InteractionCallback)
	if cb.View.State.Values["reason"]["v"].Value != "ill" {
		t.Errorf("slack-go reads %+v", cb.View.State)
	}
	_ = sm.Ack(*e.Request, slack.NewErrorsViewSubmissionResponse(map[string]string{"reason": "Say more."}))
	if d, err := srv.Outcome(t.Context(), id); err != nil || d.Trouble != "" {
		t.Errorf("the submission ended as %+v, %v", d, err)
	}
	if v, _ := lee.Modal(); v.ErrorAt("Reason") != "Say more." {
		t.Errorf("Lee sees %+v", v.Errors)
	}
	lee.Command("/biometrics", "today")
	e = until(t, sm, socketmode.EventTypeSlashCommand)
	if c := e.Data.(slack.SlashCommand); c.Command != "/biometrics" || c.Text != "today" || c.UserID != lee.ID || c.TriggerID == "" {
		t.Errorf("slack-go reads %+v", c)
	}
	if u, err := api.GetUserInfo(guest.ID); err != nil || !u.IsRestricted || !u.IsUltraRestricted || u.TeamID != fakeslack.TeamID {
		t.Errorf("slack-go reads %+v, %v", u, err)
	}
	shared := srv.Channel(fakeslack.Setting{Name: "shared", Private: true, ExtShared: true}, lee)
	if c, err := api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: shared.ID}); err != nil || !c.IsExtShared || !c.IsPrivate || !c.IsMember {
		t.Errorf("slack-go reads %+v, %v", c, err)
	}
	if got := violations(srv); got != "" {
		t.Error(got)
	}
}

func TestSlackGoReconnects(t *testing.T) {
	srv, b := start(t, fakeslack.Options{NoEcho: true})
	_, sm := clients(b)
	run(t, sm)
	lee := srv.Member("Lee")
	for n, trouble := range []func(){func() {}, srv.Refresh, srv.Drop, srv.Warn} {
		trouble()
		if err := srv.WaitConnected(t.Context(), n+1); err != nil {
			t.Fatal(err)
		}
		if err := srv.WaitConnections(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		lee.OpenHome()
		e := until(t, sm, socketmode.EventTypeEventsAPI)
		_ = sm.Ack(*e.Request)
		if err := srv.WaitQuiet(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSlackGoSeesRefusals(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	api, sm := clients(b)
	srv.Grant("users:read")
	_, _, err := api.PostMessage("C0", slack.MsgOptionText("x", false))
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); !ok || e.Err != "missing_scope" || e.Needed != "chat:write" || e.Provided != "users:read" {
		t.Errorf("got %#v", err)
	}
	srv.Fail(fakeslack.Fault{Method: "auth.test", Times: 1, Do: fakeslack.TooMany, RetryAfter: 3})
	_, err = api.AuthTest()
	if e, ok := errors.AsType[*slack.RateLimitedError](err); !ok || e.RetryAfter != 3*time.Second {
		t.Errorf("got %#v", err)
	}
	srv.Fail(fakeslack.Fault{Method: "apps.connections.open", Do: fakeslack.Refuse, Error: "invalid_auth"})
	if err := <-run(t, sm); err == nil || err.Error() != "invalid_auth" {
		t.Errorf("Socket Mode ended with %v", err)
	}
}

// A payload that slack-go can't read is not acknowledged by it.
func TestSlackGoStumbles(t *testing.T) {
	srv, b := start(t, fakeslack.Options{})
	_, sm := clients(b)
	run(t, sm)
	until(t, sm, socketmode.EventTypeHello)
	srv.Event(map[string]any{"type": "planet_aligned"})
	until(t, sm, socketmode.EventTypeErrorBadMessage)
	srv.Deliver("moon_phase", []byte(`{}`))
	until(t, sm, socketmode.EventTypeErrorBadMessage)
	srv.Frame("{not JSON")
	until(t, sm, socketmode.EventTypeIncomingError)
	if n := srv.Unsettled(); n != 2 {
		t.Errorf("%d deliveries wait", n)
	}
}
