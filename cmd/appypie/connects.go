package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

func newConnectsCommand(m machine) *cobra.Command {
	return lookupCommand(m, &cobra.Command{
		Use:   "connects [TEXT]",
		Short: "List the connects of the account",
		Long: "connects lists the connects of the account with what they do, whether they are on, and their ids. With\n" +
			"TEXT it lists only connects with that text in their name, apps or events.",
		Example: "  appypie connects\n  appypie connects leads\n  appypie connects hubspot --json",
		Args:    cobra.MaximumNArgs(1),
	}, func(l *lookup, args []string) error { return l.listConnects(strings.Join(args, "")) },
		"the connects are listed, if there are any", "no connect has the text, or the connects could not be read")
}

// connectJSON is the form for programs.
type connectJSON struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Status         string `json:"status"`
	On             bool   `json:"on"`
	PopularMatchID string `json:"popular_match_id"`
	// Summary names the apps and events.
	Summary   string `json:"summary"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
	// Problem is why the connect cannot be understood, or empty.
	Problem string `json:"problem"`
}

func (l *lookup) listConnects(text string) error {
	connects, err := l.connects()
	if err != nil {
		return err
	}
	if _, err := l.apps(); err != nil {
		return err
	}
	rows, views := [][]string{{"NAME", "STATUS", "WHAT IT DOES", "ID"}}, []connectJSON{}
	for _, connect := range connects {
		view := connectJSON{ID: connect.ID, Name: connect.Name, Status: connect.Status, On: connect.On, PopularMatchID: connect.PopularMatchID, CreatedAt: connect.CreatedAt, UpdatedAt: connect.UpdatedAt}
		if connect.Unreadable != nil {
			view.Problem = connect.Unreadable.Error()
		} else {
			trigger, actions := refsOf(connect)
			if view.Summary, err = l.summary(trigger, actions); err != nil {
				return err
			}
		}
		if contains(text, view.Name, view.Summary, view.ID) {
			rows, views = append(rows, []string{view.Name, view.Status, view.Summary + view.Problem, view.ID}), append(views, view)
		}
	}
	if len(views) == 0 && text != "" {
		if near := connectFinder().near(connects, text); len(near) > 0 {
			return errcode.Errorf(errcode.NameUnclear, "no connect has %s in its name; did you mean %s?", quoted(text), connectFinder().list(near))
		}
		return errcode.Errorf(errcode.NameUnclear, "none of the %d connects has %s in its name or in those of its apps", len(connects), quoted(text))
	}
	if l.asJSON {
		return l.json(views)
	}
	if len(views) == 0 {
		l.next("There is no connect yet. `appypie scaffold TRIGGER-APP ACTION-APP` writes the configuration of one.")
		return nil
	}
	if err := l.table(rows...); err != nil {
		return err
	}
	l.next("`appypie export CONNECT` writes a connect as configuration, and `appypie history CONNECT` shows its runs.")
	return nil
}

func (l *lookup) connects() ([]connectapi.Connect, error) {
	connects, err := l.client.Connects(l)
	if err != nil {
		return nil, fmt.Errorf("list the connects: %w", err)
	}
	return connects, nil
}

// connectFinder finds connects by their names.
func connectFinder() finder[connectapi.Connect] {
	return finder[connectapi.Connect]{
		kind: "connect", by: "id or name", code: errcode.NameUnclear,
		ids:      func(c connectapi.Connect) []string { return []string{c.ID} },
		name:     func(c connectapi.Connect) string { return c.Name },
		describe: func(c connectapi.Connect) string { return fmt.Sprintf("%q (%s)", plain(c.Name), c.ID) },
		more:     "`appypie connects` lists them.",
	}
}

func newHistoryCommand(m machine) *cobra.Command {
	var flags readFlags
	var limit int
	cmd := &cobra.Command{
		Use:   "history [CONNECT]",
		Short: "Show what connects did",
		Long: "history shows the newest runs, tests and changes of a connect, or of all connects. CONNECT is the id or\n" +
			"the name of a connect; part of the name is enough if only one connect matches. Without CONNECT it asks\n" +
			"for the history of each connect in turn.",
		Example: "  appypie history\n  appypie history leads --limit 5\n  appypie history \"Hourly heartbeat\" --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 1 {
				return usage("--limit must be at least 1")
			}
			return flags.run(cmd, m, func(l *lookup) error { return l.showHistory(args, limit) })
		},
	}
	flags.addWithJSON(cmd)
	const entries = 20
	cmd.Flags().IntVar(&limit, "limit", entries, "most entries to show")
	withoutFiles(cmd, "limit")
	return explainLookup(cmd, "the history is shown, if there is any", "the connect is unknown, or its history could not be read")
}

// historyJSON is the form for programs.
type historyJSON struct {
	ConnectID  string `json:"connect_id"`
	Connect    string `json:"connect"`
	ID         string `json:"id"`
	Status     string `json:"status"`
	Message    string `json:"message"`
	StartedAt  string `json:"started_at"`
	FinishedAt string `json:"finished_at"`
	Tasks      int    `json:"tasks"`
}

func (l *lookup) showHistory(wanted []string, limit int) error {
	connects, err := l.connects()
	if err != nil {
		return err
	}
	if len(wanted) > 0 {
		connect, err := connectFinder().one(connects, wanted[0])
		if err != nil {
			return err
		}
		connects = []connectapi.Connect{connect}
	}
	views := []historyJSON{}
	for i, connect := range connects {
		if len(connects) > 1 {
			l.waiting("Reading histories: connect %d of %d", i+1, len(connects))
		}
		found, err := l.historyOf(connect, limit)
		if err != nil {
			return err
		}
		views = append(views, found...)
	}
	// The times are RFC 3339 in one form, so their order is that of their text.
	slices.SortStableFunc(views, func(a, b historyJSON) int { return strings.Compare(b.StartedAt, a.StartedAt) })
	views = views[:min(limit, len(views))]
	if l.asJSON {
		return l.json(views)
	}
	rows := [][]string{{"TIME", "CONNECT", "STATUS", "MESSAGE"}}
	for _, view := range views {
		rows = append(rows, []string{view.StartedAt, view.Connect, view.Status, view.Message})
	}
	if len(views) == 0 {
		l.next("Nothing happened yet. A connect that is on runs when its trigger fires; `run_test = true` tests one when it is applied.")
		return nil
	}
	if err := l.table(rows...); err != nil {
		return err
	}
	l.next("The data source appypie_connect_history reads the same in a configuration.")
	return nil
}

func (l *lookup) historyOf(connect connectapi.Connect, limit int) ([]historyJSON, error) {
	var views []historyJSON
	for entry, err := range l.client.History(l, connect.ID) {
		if err != nil {
			return nil, fmt.Errorf("read the history of the connect %s: %w", connect.ID, err)
		}
		views = append(views, historyJSON{
			ConnectID: connect.ID, Connect: connect.Name, ID: entry.ID, Status: entry.Status, Message: entry.Message,
			StartedAt: entry.StartedAt, FinishedAt: entry.FinishedAt, Tasks: entry.Tasks,
		})
		if len(views) == limit {
			break
		}
	}
	return views, nil
}
