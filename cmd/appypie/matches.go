package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

func newMatchesCommand(m machine) *cobra.Command {
	return lookupCommand(m, &cobra.Command{
		Use:   "matches TRIGGER-APP ACTION-APP",
		Short: "List the popular matches of two apps",
		Long: "matches lists the popular matches that start with a trigger of the first app and have an action of the\n" +
			"second. Every connect is made from a popular match. Name an app by its id, slug or name; part of the\n" +
			"name is enough if only one app matches.",
		Example: "  appypie matches \"Google Sheets\" HubSpot\n  appypie matches webhooks slack --json",
		Args:    cobra.ExactArgs(2), //nolint:mnd // two apps.
	}, func(l *lookup, args []string) error { return l.listMatches(args[0], args[1]) },
		"the popular matches are listed", "nothing joins the two apps, or an app is unknown")
}

// match is a popular match with the names of its events.
type match struct {
	connectapi.PopularMatch

	trigger connectapi.Event
	actions []connectapi.Event
}

// matchJSON is the form for programs.
type matchJSON struct {
	ID      string      `json:"id"`
	Title   string      `json:"title"`
	Trigger eventJSON   `json:"trigger"`
	Actions []eventJSON `json:"actions"`
}

type eventJSON struct {
	AppID   string `json:"app_id"`
	App     string `json:"app"`
	EventID string `json:"event_id"`
	Event   string `json:"event"`
}

func (l *lookup) listMatches(triggerApp, actionApp string) error {
	found, err := l.joining(triggerApp, actionApp)
	if err != nil {
		return err
	}
	rows, views := [][]string{{"TITLE", "TRIGGER", "ACTIONS", "ID"}}, []matchJSON{}
	for _, each := range found {
		view := matchJSON{ID: each.ID, Title: each.Title, Trigger: l.eventView(each.Trigger, each.trigger), Actions: []eventJSON{}}
		for i, action := range each.actions {
			view.Actions = append(view.Actions, l.eventView(each.PopularMatch.Actions[i], action))
		}
		rows, views = append(rows, []string{each.Title, each.trigger.Name, each.actionNames(), each.ID}), append(views, view)
	}
	if l.asJSON {
		return l.json(views)
	}
	if err := l.table(rows...); err != nil {
		return err
	}
	l.next("`appypie scaffold %s` writes a configuration; `appypie fields %s` shows its options.", found[0].ID, found[0].ID)
	return nil
}

func (l *lookup) eventView(ref connectapi.EventRef, event connectapi.Event) eventJSON {
	return eventJSON{AppID: ref.AppID, App: l.appName(ref.AppID), EventID: ref.EventID, Event: event.Name}
}

func (m match) actionNames() string {
	var names []string
	for _, action := range m.actions {
		names = append(names, action.Name)
	}
	return strings.Join(names, ", ")
}

// joining returns the popular matches of two apps, one at least.
func (l *lookup) joining(triggerApp, actionApp string) ([]match, error) {
	from, err := l.app(triggerApp)
	if err != nil {
		return nil, err
	}
	to, err := l.app(actionApp)
	if err != nil {
		return nil, err
	}
	listed, err := l.matchesOf(from.ID, to.ID)
	if err != nil {
		return nil, err
	}
	if len(listed) == 0 {
		return nil, l.nothingJoins(from, to)
	}
	var found []match
	for _, each := range listed {
		named, err := l.named(each)
		if err != nil {
			return nil, err
		}
		found = append(found, named)
	}
	return found, nil
}

// matchesOf lists the popular matches between two apps. The service is only
// assumed to heed the filters.
func (l *lookup) matchesOf(from, to string) ([]connectapi.PopularMatch, error) {
	listed, err := l.client.PopularMatches(l, from, to)
	if err != nil {
		return nil, fmt.Errorf("list the popular matches: %w", err)
	}
	return filter(listed, func(m connectapi.PopularMatch) bool {
		return (from == "" || m.Trigger.AppID == from) &&
			(to == "" || slices.ContainsFunc(m.Actions, func(action connectapi.EventRef) bool { return action.AppID == to }))
	}), nil
}

// nothingJoins names the apps that the first one can be joined with.
func (l *lookup) nothingJoins(from, to connectapi.App) error {
	others, err := l.matchesOf(from.ID, "")
	if err != nil {
		return err
	}
	var names []string
	for _, other := range others {
		for _, action := range other.Actions {
			names = append(names, l.appName(action.AppID))
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 {
		return errcode.Errorf(errcode.NameUnclear, "no popular match starts with a trigger of %s", from.Name)
	}
	return errcode.Errorf(errcode.NameUnclear, "no popular match joins a trigger of %s with an action of %s, but there are some with actions of %s", from.Name, to.Name, strings.Join(names, ", "))
}

// named reads the events of a popular match.
func (l *lookup) named(found connectapi.PopularMatch) (match, error) {
	if _, err := l.apps(); err != nil {
		return match{}, err
	}
	trigger, err := l.event(connectapi.TriggerEvent, found.Trigger.EventID)
	if err != nil {
		return match{}, err
	}
	named := match{PopularMatch: found, trigger: trigger}
	for _, ref := range found.Actions {
		action, err := l.event(connectapi.ActionEvent, ref.EventID)
		if err != nil {
			return match{}, err
		}
		named.actions = append(named.actions, action)
	}
	return named, nil
}

// matchFlags choose among the popular matches of two apps.
type matchFlags struct {
	trigger string
	actions []string
}

func (f *matchFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.trigger, "trigger", "", "only popular matches with this trigger, by its `EVENT`'s name or id")
	cmd.Flags().StringArrayVar(&f.actions, "action", nil, "only popular matches with this action, by its `EVENT`'s name or id (repeatable)")
	withoutFiles(cmd, "trigger", "action")
}

// check refuses flags that would mean nothing.
func (f *matchFlags) check(args []string) error {
	if len(args) == 1 && (f.trigger != "" || len(f.actions) > 0) {
		return usageNext("Leave them out with one argument.", "--trigger and --action choose among the popular matches of two apps")
	}
	return nil
}

// chosen returns the popular match that a person means: by its id or title, or as
// the one between two apps that the flags leave.
func (l *lookup) chosen(args []string, flags matchFlags) (match, error) {
	if len(args) == 1 {
		return l.matchCalled(args[0])
	}
	all, err := l.joining(args[0], args[1])
	if err != nil {
		return match{}, err
	}
	found := all
	if flags.trigger != "" {
		if found, err = having(found, flags.trigger, connectapi.TriggerEvent); err != nil {
			return match{}, err
		}
	}
	for _, action := range flags.actions {
		if found, err = having(found, action, connectapi.ActionEvent); err != nil {
			return match{}, err
		}
	}
	if len(found) > 1 && len(flags.actions) > 0 {
		// Who names all actions does not mean a match with more.
		if exact := filter(found, func(m match) bool { return len(m.actions) == len(flags.actions) }); len(exact) == 1 {
			found = exact
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return match{}, errcode.Errorf(errcode.NameUnclear, "none of the popular matches of the two apps has both that trigger and these actions:%s", l.described(all))
	}
	return match{}, errcode.WithNext(errcode.Errorf(errcode.NameUnclear, "%d popular matches fit:%s", len(found), l.described(found)),
		fmt.Sprintf("Give the id of one in place of the apps, as in `%s %s`, or choose with `--trigger` and `--action`.", l.cmd.CommandPath(), found[0].ID))
}

// described shows popular matches, one a line.
func (l *lookup) described(found []match) string {
	var text strings.Builder
	for _, m := range found {
		fmt.Fprintf(&text, "\n  %s  %s (--trigger %q", m.ID, plain(m.Title), plain(m.trigger.Name))
		for _, action := range m.actions {
			fmt.Fprintf(&text, " --action %q", plain(action.Name))
		}
		text.WriteString(")")
	}
	return text.String()
}

// having returns the popular matches that have an event.
func having(all []match, wanted string, kind connectapi.EventKind) ([]match, error) {
	eventsOf := func(m match) []connectapi.Event {
		if kind == connectapi.TriggerEvent {
			return []connectapi.Event{m.trigger}
		}
		return m.actions
	}
	var events []connectapi.Event
	for _, m := range all {
		for _, event := range eventsOf(m) {
			if !slices.ContainsFunc(events, func(known connectapi.Event) bool { return known.ID == event.ID }) {
				events = append(events, event)
			}
		}
	}
	event, err := finder[connectapi.Event]{
		kind: string(kind), by: "id or name", code: errcode.NameUnclear,
		ids: func(e connectapi.Event) []string { return []string{e.ID} }, name: func(e connectapi.Event) string { return e.Name },
		describe: func(e connectapi.Event) string { return fmt.Sprintf("%q", plain(e.Name)) },
		more:     "`appypie matches` lists them.",
	}.one(events, wanted)
	if err != nil {
		return nil, err
	}
	return filter(all, func(m match) bool {
		return slices.ContainsFunc(eventsOf(m), func(e connectapi.Event) bool { return e.ID == event.ID })
	}), nil
}

// matchCalled returns the popular match of an id or of a title.
func (l *lookup) matchCalled(wanted string) (match, error) {
	if isID(wanted) {
		found, err := l.client.PopularMatch(l, wanted)
		if err == nil {
			return l.named(*found)
		}
		if !connectapi.IsNotFound(err) {
			return match{}, fmt.Errorf("read the popular match %s: %w", wanted, err)
		}
	}
	all, err := l.matchesOf("", "")
	if err != nil {
		return match{}, err
	}
	found, err := finder[connectapi.PopularMatch]{
		kind: "popular match", plural: "popular matches", by: "id or title", code: errcode.NameUnclear,
		ids:      func(m connectapi.PopularMatch) []string { return []string{m.ID} },
		name:     func(m connectapi.PopularMatch) string { return m.Title },
		describe: func(m connectapi.PopularMatch) string { return fmt.Sprintf("%q (%s)", plain(m.Title), m.ID) },
		more:     "`appypie matches TRIGGER-APP ACTION-APP` lists those of two apps.",
	}.one(all, wanted)
	if err != nil {
		return match{}, err
	}
	return l.named(found)
}

// isID reports whether a text can be an id of the service: what else may be in a
// path was never seen in one.
func isID(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
	})
}
