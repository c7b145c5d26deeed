package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"reschedulebot/bot/store"
	"reschedulebot/scheduling"
)

type versionCommand struct{}

// Run prints one line for the program and one for each thing it rests on.
func (*versionCommand) Run(ctx context.Context, p *process) error {
	db, err := store.Open(ctx, "sqlite::memory:", store.Options{Now: p.now, Sites: scheduling.BuiltinSites()})
	if err != nil {
		return fmt.Errorf("SQLite does not work: %w", err)
	}
	defer db.Close()
	v, err := db.Versions(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "reschedulebot %s\n%s\ntime zone data %s\nrule set %s\n",
		programVersion(), v.Engine, v.TimeZoneData, scheduling.BuiltinRules().Version)
	return err
}

// programVersion is the release, or the commit it was built from.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}
