package main

import (
	"github.com/robfig/cron/v3"

	"reschedulebot/scheduling"
)

// reminderFlags say when people are reminded.
type reminderFlags struct {
	Leads string `name:"remind-leads" var:"REMIND_LEADS" placeholder:"7d,3d,1d" default:"7d,3d,1d" help:"How many days before an appointment, default ${default}."`
	Hours string `name:"remind-hours" var:"REMIND_HOURS" placeholder:"09:00-20:00" default:"09:00-20:00" help:"Local hours in which reminders go out, default ${default}."`
}

func (f reminderFlags) check(t *trouble) scheduling.Plan {
	var p scheduling.Plan
	var err error
	if p.Leads, err = scheduling.ParseLeads(f.Leads); err != nil {
		t.add("REMIND_LEADS", "%v; write 7d,3d,1d", err)
	}
	if p.From, p.To, err = scheduling.ParseSendHours(f.Hours); err != nil {
		t.add("REMIND_HOURS", "%v; write 09:00-20:00", err)
	}
	return p
}

// cronFlag says how often a running bot looks for what is due.
type cronFlag struct {
	Cron string `name:"remind-cron" var:"REMIND_CRON" placeholder:"SPEC" default:"@every 1m" help:"How often the bot looks for what is due, default ${default}."`
}

func (f cronFlag) check(t *trouble) string {
	if _, err := cron.ParseStandard(f.Cron); err != nil {
		t.add("REMIND_CRON", "%v; write @every 1m, or five fields like */5 * * * *", err)
	}
	return f.Cron
}
