package main

import (
	"os"
	"strings"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// officeFlags say who runs the bot and who moves appointments.
type officeFlags struct {
	Booking string `name:"booking" var:"BOOKING" placeholder:"instant|desk" help:"Who moves appointments: this book (instant), or staff at USCIS (desk)."`
	Name    string `name:"firm-name" var:"FIRM_NAME" placeholder:"NAME" help:"Legal name of the firm that runs the bot."`
	Phone   string `name:"firm-phone" var:"FIRM_PHONE" placeholder:"PHONE" help:"Its phone number, shown to clients."`
	Zone    string `name:"firm-zone" var:"FIRM_ZONE" placeholder:"ZONE" default:"America/New_York" help:"Time zone of the firm, default ${default}."`
	Hours   string `name:"firm-hours" var:"FIRM_HOURS" placeholder:"HOURS" default:"Mon-Fri 09:00-17:00" help:"When somebody is there, in that zone and except on federal holidays; default ${default}."`
	Margin  string `name:"desk-margin" var:"DESK_MARGIN" placeholder:"4h" default:"4h" help:"desk: clients can ask until this long before the 12 hours, default ${default}."`
}

// check reads the flags; needed makes the ones without a default compulsory.
func (f officeFlags) check(needed bool, t *trouble) conversation.Office {
	o := conversation.Office{
		Name:    strings.TrimSpace(f.Name),
		Phone:   strings.TrimSpace(f.Phone),
		Booking: conversation.Booking(f.Booking),
	}
	switch {
	case o.Booking == conversation.Instant, o.Booking == conversation.Desk:
	case f.Booking != "":
		t.add("BOOKING", "%q is unknown; say instant (this book moves appointments) or desk (staff move them at USCIS)", f.Booking)
	case needed:
		t.add("BOOKING", "is not set; say instant (this book moves appointments) or desk (staff move them at USCIS)")
	}
	if needed && o.Name == "" {
		t.add("FIRM_NAME", "is not set; give the legal name of the firm, clients are told who runs this bot")
	}
	if needed && o.Phone == "" {
		t.add("FIRM_PHONE", "is not set; give the phone number at which clients can check that this bot is yours")
	}
	var err error
	if o.Margin, err = time.ParseDuration(f.Margin); err != nil || o.Margin < 0 || o.Margin > 7*24*time.Hour {
		t.add("DESK_MARGIN", "%q is no length of time up to 168h; write 4h or 90m", f.Margin)
	}
	if o.Zone, err = time.LoadLocation(f.Zone); err != nil || f.Zone == "" || o.Zone == time.Local { // "Local" would be the machine's own
		t.add("FIRM_ZONE", "%q is no time zone; write America/Chicago or another name of that kind", f.Zone)
	}
	if o.Hours, err = scheduling.ParseHours(f.Hours); err != nil {
		t.add("FIRM_HOURS", "%v", err)
	}
	return o
}

// checkTelling is check for a command that turned out to tell a client something:
// they must read whose bot it is.
func (f officeFlags) checkTelling() error {
	var t trouble
	f.check(true, &t)
	return t.err()
}

// rulesFlag replaces the rule set.
type rulesFlag struct {
	RulesFile string `name:"rules-file" var:"RULES_FILE" placeholder:"FILE" help:"Rule set to use instead of the built-in one."`
}

func (f rulesFlag) check(t *trouble) scheduling.Rules {
	if f.RulesFile == "" {
		return scheduling.BuiltinRules()
	}
	file, err := os.Open(f.RulesFile)
	if err != nil {
		t.add("RULES_FILE", "%s", unread(err))
		return scheduling.BuiltinRules()
	}
	defer file.Close()
	rules, err := scheduling.ReadRules(file)
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			t.add("RULES_FILE", "%s", strings.TrimSpace(line))
		}
	}
	return rules
}
