package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"

	"reschedulebot/bot/slack"
)

// manifestCommand prints what Slack is told about the app.
type manifestCommand struct {
	channelFlag
	slackHearingFlags
	listenFlag
	Public string `name:"public-url" placeholder:"URL" help:"Address at which Slack reaches this program, for HTTP mode; default https:// and the host in LISTEN."`
}

// Run prints the manifest: for HTTP mode where --public-url or a signing secret
// without an app token says so, else for Socket Mode.
func (c *manifestCommand) Run(_ context.Context, p *process) error {
	var t trouble
	channel := c.channelFlag.check(&t)
	app := c.AppToken.orFile("SLACK_APP_TOKEN", c.AppTokenFile, &t)
	signing := c.Signing.orFile("SLACK_SIGNING_SECRET", c.SigningFile, &t)
	listens := c.listenFlag.check(true, &t)
	public := c.Public
	if public == "" && app.empty() && !signing.empty() {
		public = "https://" + listens
	}
	var address *url.URL
	if public != "" {
		u, err := url.Parse(public)
		if err != nil || u.Host == "" || u.Scheme != "https" {
			t.add("--public-url", "%q is no https address; give the public one, like https://bot.example.com", public)
		}
		address = u
	}
	if err := t.err(); err != nil {
		return err
	}
	if address != nil && c.Public == "" && !fromOutside(address.Hostname()) {
		fmt.Fprintf(p.stderr, "Slack can't reach this program at %s: give its public address, like --public-url https://bot.example.com.\n", listens)
	}
	out := json.NewEncoder(p.stdout)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(slack.NewManifest(address, channel != ""))
}

// fromOutside tells whether a host may be one that others can reach.
func fromOutside(host string) bool {
	ip := net.ParseIP(host)
	if ip == nil {
		return host != "" && host != "localhost"
	}
	return !ip.IsUnspecified() && !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast()
}
