package main

import (
	"cmp"
	"context"
	"log/slog"
	"net/url"
	"strings"
	"unicode"

	"reschedulebot/bot/slack"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// slackFlags turn Slack on and say who of its workspace is staff.
type slackFlags struct {
	SlackToken      secret `name:"slack-bot-token" var:"SLACK_BOT_TOKEN" placeholder:"TOKEN" group:"Slack" help:"Turns Slack on, where staff work. Better given as a file."`
	SlackTokenFile  string `name:"slack-bot-token-file" var:"SLACK_BOT_TOKEN_FILE" placeholder:"FILE" group:"Slack" help:"File that holds the token."`
	SlackAPI        string `name:"slack-api-url" var:"SLACK_API_URL" placeholder:"URL" default:"https://slack.com/api/" group:"Slack" help:"Where the Web API is, default ${default}."`
	Team            string `name:"slack-team-id" var:"SLACK_TEAM_ID" placeholder:"ID" group:"Slack" help:"The only workspace whose members are staff."`
	Representatives string `name:"slack-representatives" var:"SLACK_REPRESENTATIVES" placeholder:"IDS" group:"Slack" help:"User ids of attorneys and accredited representatives, who decide; with commas."`
	Paralegals      string `name:"slack-paralegals" var:"SLACK_PARALEGALS" placeholder:"IDS" group:"Slack" help:"User ids of paralegals, who prepare."`
	Admins          string `name:"slack-admins" var:"SLACK_ADMINS" placeholder:"IDS" group:"Slack" help:"User ids of those who also run the bot."`
	Duty            string `name:"slack-duty" var:"SLACK_DUTY" placeholder:"IDS" group:"Slack" help:"User ids of those who are asked about what nobody has taken on; default the admins, or else the representatives."`
	SlackRate       string `name:"slack-rate" var:"SLACK_RATE" placeholder:"N" default:"1" group:"Slack" help:"Messages a second into one conversation: 1, as Slack asks, or 0 for no limit, for tests."`
	channelFlag
}

// channelFlag names the staff channel.
type channelFlag struct {
	StaffChannel string `name:"slack-staff-channel" var:"SLACK_STAFF_CHANNEL" placeholder:"ID" group:"Slack" help:"The staff's private channel, for cards, alarms and the digest."`
}

func (f channelFlag) check(t *trouble) string {
	if f.StaffChannel != "" && !slack.IsID(f.StaffChannel) {
		t.add("SLACK_STAFF_CHANNEL", "%q is no id of a channel; it looks like C012AB3CD, at the end of the channel's link", f.StaffChannel)
	}
	return f.StaffChannel
}

// slackHearingFlags are for the command that receives: Socket Mode or HTTP.
type slackHearingFlags struct {
	AppToken     secret `name:"slack-app-token" var:"SLACK_APP_TOKEN" placeholder:"TOKEN" group:"Slack" help:"Socket Mode: needs no public address."`
	AppTokenFile string `name:"slack-app-token-file" var:"SLACK_APP_TOKEN_FILE" placeholder:"FILE" group:"Slack" help:"File that holds it."`
	Signing      secret `name:"slack-signing-secret" var:"SLACK_SIGNING_SECRET" placeholder:"SECRET" group:"Slack" help:"HTTP mode, without an app token: /slack/events, /slack/interactions, /slack/commands."`
	SigningFile  string `name:"slack-signing-secret-file" var:"SLACK_SIGNING_SECRET_FILE" placeholder:"FILE" group:"Slack" help:"File that holds it."`
}

// slackSettings are checked flags. An empty token means that Slack is off.
type slackSettings struct {
	token, appToken, signing secret
	api, team, channel       string
	staff                    map[string]scheduling.Role
	duty                     []string
	unpaced                  bool
}

func (s slackSettings) on() bool { return !s.token.empty() }

// http tells whether Slack brings events to the listener.
func (s slackSettings) http() bool { return s.on() && s.appToken.empty() && !s.signing.empty() }

// mode is how events come, for the log.
func (s slackSettings) mode() string {
	switch {
	case !s.on():
		return "off"
	case s.http():
		return "http"
	}
	return "socket"
}

func (f slackFlags) check(t *trouble) slackSettings {
	s := slackSettings{token: f.SlackToken.orFile("SLACK_BOT_TOKEN", f.SlackTokenFile, t), api: f.SlackAPI, team: f.Team, channel: f.StaffChannel}
	if !s.on() {
		return s
	}
	if !slack.IsBotToken(s.token.reveal()) {
		t.add("SLACK_BOT_TOKEN", "does not look like a bot token; the app's page OAuth & Permissions shows it as xoxb-…")
	}
	if u, err := url.Parse(s.api); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		t.add("SLACK_API_URL", "%q is no web address; the default is %s", s.api, slack.PublicAPI)
	}
	switch {
	case s.team == "":
		t.add("SLACK_TEAM_ID", "is not set; give the id of the firm's workspace, only its members are staff")
	case !slack.IsID(s.team):
		t.add("SLACK_TEAM_ID", "%q is no id of a workspace; it looks like T012AB3CD", s.team)
	}
	f.channelFlag.check(t)
	s.staff = f.roles(t)
	s.duty = f.onDuty(s.staff, t)
	if s.unpaced = f.SlackRate == "0"; !s.unpaced && f.SlackRate != "1" {
		t.add("SLACK_RATE", "%q is neither 1 (as Slack asks) nor 0 (no limit, for tests)", f.SlackRate)
	}
	return s
}

// onDuty are those who are asked about what nobody has taken on.
func (f slackFlags) onDuty(staff map[string]scheduling.Role, t *trouble) []string {
	ids := func(list string) []string {
		return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	}
	for _, id := range ids(f.Duty) {
		if staff[id] == "" {
			t.add("SLACK_DUTY", "%q stands on no list of staff", id)
		}
	}
	return ids(cmp.Or(strings.TrimSpace(f.Duty), strings.TrimSpace(f.Admins), f.Representatives))
}

// roles are those of the staff. Of somebody on several lists, the one that may
// most counts.
func (f slackFlags) roles(t *trouble) map[string]scheduling.Role {
	roles := map[string]scheduling.Role{}
	wrong := len(t.lines)
	for _, list := range []struct {
		name, ids string
		role      scheduling.Role
	}{
		{"SLACK_PARALEGALS", f.Paralegals, scheduling.Paralegal},
		{"SLACK_REPRESENTATIVES", f.Representatives, scheduling.Representative},
		{"SLACK_ADMINS", f.Admins, scheduling.Admin},
	} {
		for id := range strings.SplitSeq(list.ids, ",") {
			switch id = strings.TrimSpace(id); {
			case id == "":
			case !slack.IsID(id):
				t.add(list.name, "%q is no user id; a profile's menu copies it, like U012AB3CD", id)
			default:
				roles[id] = list.role
			}
		}
	}
	if len(roles) == 0 && len(t.lines) == wrong {
		t.add("SLACK_REPRESENTATIVES", "nobody is on it, nor on SLACK_PARALEGALS or SLACK_ADMINS, so nobody could use the bot in Slack")
	}
	return roles
}

// check adds how events come to the settings.
func (f slackHearingFlags) check(s slackSettings, t *trouble) slackSettings {
	s.appToken = f.AppToken.orFile("SLACK_APP_TOKEN", f.AppTokenFile, t)
	s.signing = f.Signing.orFile("SLACK_SIGNING_SECRET", f.SigningFile, t)
	switch {
	case !s.on():
		if !s.appToken.empty() || !s.signing.empty() {
			t.add("SLACK_BOT_TOKEN", "is not set, though SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is")
		}
	case s.appToken.empty() && s.signing.empty():
		t.add("SLACK_APP_TOKEN", "is not set, nor SLACK_SIGNING_SECRET, so nothing could be heard from Slack; an app token needs no public address")
	case !s.appToken.empty() && !slack.IsAppToken(s.appToken.reveal()):
		t.add("SLACK_APP_TOKEN", "does not look like an app token; the app's page Basic Information makes one, xapp-…, with the scope connections:write")
	}
	if s.on() && !s.signing.empty() && !slack.IsSigningSecret(s.signing.reveal()) {
		t.add("SLACK_SIGNING_SECRET", "does not look like a signing secret; the app's page Basic Information shows it, at least 16 letters and digits")
	}
	return s
}

// platform is the adapter, nil where Slack is off.
func (s slackSettings) platform(log *slog.Logger) (*slack.Platform, error) {
	if !s.on() {
		return nil, nil
	}
	return slack.New(slack.Config{
		Token: s.token.reveal(), AppToken: s.appToken.reveal(), SigningSecret: s.signing.reveal(), APIURL: s.api,
		Team: s.team, Staff: s.staff, StaffChannel: s.channel, Unpaced: s.unpaced, Log: log,
	})
}

// slack asks Slack who the app is, what it may do, and about the staff channel.
func (d *diagnosis) slack(ctx context.Context, s slackSettings) {
	platform, err := s.platform(nil)
	if err != nil {
		return // told with the configuration
	}
	status, err := platform.Check(ctx)
	if err != nil {
		d.bad("slack", "%v", err)
		return
	}
	d.ok("slack", "this is %s in the workspace %s, heard by %s, %d on the staff lists", status.User, status.Workspace, s.mode(), len(s.staff))
	if len(status.Missing) > 0 {
		d.bad("slack", "the app lacks the scopes %s; give it the manifest of slack-manifest and install it again", strings.Join(status.Missing, ", "))
	}
	if len(status.Surplus) > 0 {
		d.note("slack", "the app has scopes that it does not need: %s; the manifest of slack-manifest has only the others", strings.Join(status.Surplus, ", "))
	}
	switch {
	case status.Channel != "":
		d.bad("SLACK_STAFF_CHANNEL", "%s", status.Channel)
	case s.channel != "" && len(status.Missing) == 0:
		d.ok("SLACK_STAFF_CHANNEL", "private and the firm's own")
	}
}

// desk tells what staff in Slack could not do though all works.
func (d *diagnosis) desk(s serveSettings) {
	if s.slack.channel == "" {
		d.note("SLACK_STAFF_CHANNEL", "is not set: nobody sees a request or an alarm without asking for it, and there is no digest")
	}
	for _, role := range s.slack.staff {
		if role == scheduling.Representative || role == scheduling.Admin {
			return
		}
	}
	if s.office.Booking == conversation.Desk && len(s.slack.staff) > 0 {
		d.note("SLACK_REPRESENTATIVES", "nobody is on it, nor on SLACK_ADMINS: nobody can decide requests in Slack")
	}
}
