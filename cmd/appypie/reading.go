package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// readFlags are the flags of every command that looks something up.
type readFlags struct {
	profile, dialect string
	asJSON           bool
}

// add adds those that do not decide on the form of the outcome.
func (f *readFlags) add(cmd *cobra.Command) {
	addProfileFlag(cmd, &f.profile)
	addDialectFlag(cmd, &f.dialect)
}

// addWithJSON adds them all.
func (f *readFlags) addWithJSON(cmd *cobra.Command) {
	f.add(cmd)
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print JSON")
}

// lookup is a command that looks something up in the service.
type lookup struct {
	context.Context //nolint:containedctx // it lives as long as the command.

	cmd      *cobra.Command
	settings settings
	client   *connectapi.Client
	progress *progress
	asJSON   bool
	// listed are all apps of the service, once somebody asked.
	listed []connectapi.App
}

// run carries out a command with a client that ends with it.
func (f *readFlags) run(cmd *cobra.Command, m machine, do func(*lookup) error) error {
	return withClient(m, &f.profile, func(cmd *cobra.Command, _ []string, s settings, client *connectapi.Client) error {
		l := &lookup{Context: cmd.Context(), cmd: cmd, settings: s, client: client, progress: newProgress(m, cmd.ErrOrStderr()), asJSON: f.asJSON}
		defer l.progress.end()
		return do(l)
	})(cmd, nil)
}

// lookupCommand completes a command that does nothing but look up what its arguments
// name.
func lookupCommand(m machine, cmd *cobra.Command, do func(l *lookup, args []string) error, done, failed string) *cobra.Command {
	var flags readFlags
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return flags.run(cmd, m, func(l *lookup) error { return do(l, args) })
	}
	flags.addWithJSON(cmd)
	return explainLookup(cmd, done, failed)
}

// explainLookup adds the sections of a lookup to its help.
func explainLookup(cmd *cobra.Command, done, failed string) *cobra.Command {
	return explainCommand(cmd, done, failed, sourceVariables(), loginVariables(), apiVariables(), networkVariables())
}

// table prints rows below their heading.
func (l *lookup) table(rows ...[]string) error {
	l.progress.end()
	return printTable(l.cmd.OutOrStdout(), rows...)
}

func printTable(out io.Writer, rows ...[]string) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			row[i] = plain(cell)
		}
		_, _ = fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

// plain is foreign text on one line, without control characters that a terminal
// would act on.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }), " ")
}

// json prints a value for programs.
func (l *lookup) json(value any) error {
	l.progress.end()
	return printJSON(l.cmd.OutOrStdout(), value)
}

// waiting says to a person at a terminal how far many requests are; in a log it
// would be a line for each.
func (l *lookup) waiting(format string, args ...any) {
	if l.progress.live {
		l.progress.say(format, args...)
	}
}

// next says on standard error what a person does now.
func (l *lookup) next(format string, args ...any) {
	if !l.asJSON {
		l.progress.end()
		_, _ = fmt.Fprintf(l.cmd.ErrOrStderr(), "Next: "+format+"\n", args...)
	}
}

// apps returns all apps of the service, which are listed once.
func (l *lookup) apps() ([]connectapi.App, error) {
	if l.listed == nil {
		apps, err := l.client.Apps(l, "")
		if err != nil {
			return nil, fmt.Errorf("list the apps: %w", err)
		}
		l.listed = apps
	}
	return l.listed, nil
}

// app returns the app that a person means.
func (l *lookup) app(wanted string) (connectapi.App, error) {
	apps, err := l.apps()
	if err != nil {
		return connectapi.App{}, err
	}
	return appFinder().one(apps, wanted)
}

// appName is what people call an app; an app that is not listed is its id.
func (l *lookup) appName(id string) string {
	for _, app := range l.listed {
		if app.ID == id {
			return app.Name
		}
	}
	return id
}

// event returns a trigger or an action. One that the service does not know any
// more has its id for a name and no fields.
func (l *lookup) event(kind connectapi.EventKind, id string) (connectapi.Event, error) {
	event, err := l.client.Event(l, kind, id)
	switch {
	case connectapi.IsNotFound(err):
		return connectapi.Event{ID: id, Name: id}, nil
	case err != nil:
		return connectapi.Event{}, fmt.Errorf("read the %s %s: %w", kind, id, err)
	}
	return *event, nil
}

// eventName is an event with its app, such as "HubSpot: Create Contact". Some
// services do not show which trigger a connect has.
func (l *lookup) eventName(kind connectapi.EventKind, ref connectapi.EventRef) (string, error) {
	if ref.EventID == "" {
		return "a " + string(kind) + " that is not shown", nil
	}
	event, err := l.event(kind, ref.EventID)
	if err != nil {
		return "", err
	}
	return l.appName(ref.AppID) + ": " + event.Name, nil
}

// summary names the events of a trigger and its actions, as plans do.
func (l *lookup) summary(trigger connectapi.EventRef, actions []connectapi.EventRef) (string, error) {
	name, err := l.eventName(connectapi.TriggerEvent, trigger)
	parts := []string{name}
	for _, action := range actions {
		if err != nil {
			return "", err
		}
		name, err = l.eventName(connectapi.ActionEvent, action)
		parts = append(parts, name)
	}
	return strings.Join(parts, " → "), err
}

// refsOf are the events of a connect.
func refsOf(connect connectapi.Connect) (trigger connectapi.EventRef, actions []connectapi.EventRef) {
	trigger = connectapi.EventRef{AppID: connect.Trigger.AppID, EventID: connect.Trigger.EventID}
	for _, action := range connect.Actions {
		actions = append(actions, connectapi.EventRef{AppID: action.AppID, EventID: action.EventID})
	}
	return trigger, actions
}

// contains reports whether one of several texts has another inside, whatever its
// letters.
func contains(part string, texts ...string) bool {
	return strings.Contains(strings.ToLower(strings.Join(texts, "\n")), strings.ToLower(part))
}
