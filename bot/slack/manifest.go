package slack

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// A method of the Web API that the bot calls.
type method string

const (
	authTest          method = "auth.test"
	connectionsOpen   method = "apps.connections.open"
	usersInfo         method = "users.info"
	chatPost          method = "chat.postMessage"
	chatUpdate        method = "chat.update"
	chatDelete        method = "chat.delete"
	chatEphemeral     method = "chat.postEphemeral"
	viewsOpen         method = "views.open"
	viewsPublish      method = "views.publish"
	history           method = "conversations.history"
	replies           method = "conversations.replies"
	conversationsInfo method = "conversations.info"
	uploadURL         method = "files.getUploadURLExternal"
	uploadFile        method = "upload" // to the address that uploadURL gave
	uploadDone        method = "files.completeUploadExternal"
	filesInfo         method = "files.info"
	download          method = "download" // from the address that filesInfo gave
)

// methods are all that the bot calls, each with the scope of the bot token that
// it needs; "" none. Only the staff's channel is asked about, read or posted into.
func methods(staffChannel bool) map[method]string {
	all := map[method]string{
		authTest:        "",
		connectionsOpen: "", // of the app token: connections:write
		usersInfo:       "users:read",
		chatPost:        "chat:write",
		chatUpdate:      "chat:write",
		chatDelete:      "chat:write",
		history:         "im:history",
		uploadURL:       "files:write",
		uploadFile:      "",
		uploadDone:      "files:write",
		filesInfo:       "files:read",
		download:        "files:read",
		viewsOpen:       "",
		viewsPublish:    "",
	}
	if staffChannel {
		all[conversationsInfo] = "groups:read"
		all[replies] = "groups:history"
		all[chatEphemeral] = "chat:write"
	}
	return all
}

// subscriptions are the events that the bot hears, each with the scope it needs.
func subscriptions(staffChannel bool) map[string]string {
	all := map[string]string{"message.im": "im:history", "app_home_opened": ""}
	if staffChannel {
		all["message.groups"] = "groups:history"
	}
	return all
}

// Scopes are all that the bot token must be allowed, sorted.
func Scopes(staffChannel bool) []string {
	needed := map[string]bool{"commands": true}
	for _, scope := range methods(staffChannel) {
		needed[scope] = true
	}
	for _, scope := range subscriptions(staffChannel) {
		needed[scope] = true
	}
	delete(needed, "")
	return slices.Sorted(maps.Keys(needed))
}

// A Manifest is what Slack is told about the app when it is made.
type Manifest struct {
	Metadata struct {
		Major int `json:"major_version"`
		Minor int `json:"minor_version"`
	} `json:"_metadata"`
	Display struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Background  string `json:"background_color"`
	} `json:"display_information"`
	Features struct {
		Home struct {
			Home     bool `json:"home_tab_enabled"`
			Messages bool `json:"messages_tab_enabled"`
			ReadOnly bool `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		BotUser struct {
			Name   string `json:"display_name"`
			Online bool   `json:"always_online"`
		} `json:"bot_user"`
		Commands []slashCommand `json:"slash_commands"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL string   `json:"request_url,omitempty"`
			Bot []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `json:"is_enabled"`
			URL     string `json:"request_url,omitempty"`
		} `json:"interactivity"`
		OrgDeploy bool `json:"org_deploy_enabled"`
		Socket    bool `json:"socket_mode_enabled"`
		Rotation  bool `json:"token_rotation_enabled"`
	} `json:"settings"`
}

type slashCommand struct {
	Command     string `json:"command"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"`
}

// NewManifest is the manifest of an app that does what this program does and no
// more. public is the address of this program as Slack reaches it, for HTTP mode;
// nil: Socket Mode.
func NewManifest(public *url.URL, staffChannel bool) Manifest {
	at := func(path string) string {
		if public == nil {
			return ""
		}
		return strings.TrimRight(public.String(), "/") + path
	}
	const name = "Biometrics Desk"
	var m Manifest
	m.Metadata.Major, m.Metadata.Minor = 2, 1
	m.Display.Name = name
	m.Display.Description = "Rescheduling of USCIS biometrics appointments, for the firm's staff"
	m.Display.Background = "#1f3a5f"
	m.Features.Home.Home, m.Features.Home.Messages = true, true
	m.Features.BotUser.Name, m.Features.BotUser.Online = name, true
	m.Features.Commands = []slashCommand{{
		Command: command, URL: at(CommandsPath), Description: "Find, register, invite, reschedule, and see what is to do",
		Hint: strings.Join(commandWords(), " | "),
	}}
	m.OAuth.Scopes.Bot = Scopes(staffChannel)
	m.Settings.Events.URL, m.Settings.Events.Bot = at(EventsPath), slices.Sorted(maps.Keys(subscriptions(staffChannel)))
	m.Settings.Interactivity.Enabled, m.Settings.Interactivity.URL = true, at(InteractionsPath)
	m.Settings.Socket = public == nil
	return m
}
