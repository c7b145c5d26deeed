package main

import (
	"context"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// grammar is the command line: a field for each command.
type grammar struct {
	Chat     chatCommand     `cmd:"" help:"Try the bot in this terminal, on sample data."`
	Serve    serveCommand    `cmd:"" help:"Run the bot until it is told to stop."`
	Remind   remindCommand   `cmd:"" help:"Send everything that is due, once."`
	Import   importCommand   `cmd:"" help:"Read appointments or sites from a CSV file."`
	Export   exportCommand   `cmd:"" help:"Write the book as CSV or JSON."`
	Invite   inviteCommand   `cmd:"" help:"Issue a one-time link for a client."`
	Slots    slotsCommand    `cmd:"" help:"Show the free starts at a site."`
	Decide   decideCommand   `cmd:"" help:"Record how USCIS answered a request."`
	Doctor   doctorCommand   `cmd:"" help:"Check configuration, database and connections."`
	Manifest manifestCommand `cmd:"" name:"slack-manifest" help:"Print the manifest of the Slack app for this configuration."`
	Version  versionCommand  `cmd:"" help:"Show the versions of the program and of what it rests on."`
}

// parse reads the command line and, where it says nothing, the environment. It
// answers the command to run, or that help was asked for and has been printed.
func parse(args, env []string, stdout io.Writer) (command func(context.Context, *process) error, helped bool, err error) {
	var g grammar
	k, err := kong.New(&g,
		kong.Name("reschedulebot"),
		kong.Description("Helps people move USCIS biometrics appointments by chat. It is not run by USCIS."),
		kong.Writers(stdout, io.Discard),
		kong.Exit(func(int) { helped = true }),
		kong.Resolvers(environment(env)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.ValueFormatter(describe),
	)
	if err != nil {
		return nil, false, err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := k.Parse(args)
	if helped {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, misuse(sentence(err, args))
	}
	return func(ctx context.Context, p *process) error {
		parsed.BindTo(ctx, (*context.Context)(nil))
		return parsed.Run(p)
	}, false, nil
}

// environment gives a flag the value of the variable in its tag `var`. An empty
// variable counts as not set; of one that stands twice the last counts.
func environment(env []string) kong.Resolver {
	values := map[string]string{}
	for _, e := range env {
		if name, value, ok := strings.Cut(e, "="); ok {
			values[name] = value
		}
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value := values[flag.Tag.Get("var")]; value != "" {
			return value, nil
		}
		return nil, nil
	})
}

// describe is a flag's line in the help: what it means and its variable.
func describe(v *kong.Value) string {
	if name := v.Tag.Get("var"); name != "" {
		return v.Help + " [" + name + "]"
	}
	return v.Help
}
