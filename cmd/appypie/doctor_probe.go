package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

const (
	// maxTried bounds how many apps are asked about until one has what is looked for.
	maxTried = 8
	// maxHistory bounds how many entries of a history are looked at.
	maxHistory = 100
)

// readWalk calls every operation that reads, with the ids that it meets.
type readWalk struct{ *examiner }

// ask has a call made, judged and, where the operation is elsewhere, made there.
// It returns what the call read.
func ask[T any](ctx context.Context, w readWalk, op dialect.Operation, call func(*connectapi.Client) (T, error)) T {
	var value T
	run := func(c *connectapi.Client) (err error) {
		value, err = call(c)
		return err
	}
	before, again := w.found[op]
	if again && !before.Verdict.works() && before.Override == "" || ctx.Err() != nil {
		return value
	}
	if !again {
		w.asking(op)
	}
	f := w.try(op, run)
	switch {
	case again && f.Verdict.works() && before.Verdict.works() && len(before.Yielded) == 0:
		w.found[op] = f
	case !again:
		if !f.Verdict.works() {
			w.lookElsewhere(ctx, &f, run)
		}
		w.found[op] = f
	}
	return value
}

// elsewhere lists what to try instead: the default where an override fails, and
// likely paths where there is nothing.
func (w readWalk) elsewhere(f finding) []string {
	var candidates []string
	if w.spoken.Where("operations."+string(f.Operation)+".request").Source != "" {
		candidates = append(candidates, defaultRequest(f.Operation))
	}
	if f.Verdict == verdictAbsent && f.Method == http.MethodGet {
		for _, path := range likelyPaths(f.Operation) {
			candidates = append(candidates, http.MethodGet+" "+path)
		}
	}
	return slices.DeleteFunc(candidates, func(at string) bool { return !strings.HasPrefix(at, http.MethodGet) })
}

// lookElsewhere tries other endpoints of an operation that does not work. An
// empty list has no shape that could tell it from another operation's, so it is
// the last choice.
func (w readWalk) lookElsewhere(ctx context.Context, f *finding, run func(*connectapi.Client) error) {
	op, held := f.Operation, maps.Clone(w.overrides)
	place := w.spoken.Where("operations." + string(op) + ".request")
	for _, at := range w.elsewhere(*f) {
		if ctx.Err() != nil {
			break
		}
		w.overrides[string(op)] = at
		if w.renew() != nil {
			continue // It does not fit the rest of the operation.
		}
		other := w.try(op, run)
		if other.Verdict.works() && (len(other.Yielded) > 0 || f.Override == "") {
			f.Override = at
		}
		if other.Verdict.works() && len(other.Yielded) > 0 {
			break
		}
	}
	w.overrides = held
	if f.Override != "" {
		w.overrides[string(op)] = f.Override
	}
	if w.renew() != nil || f.Override == "" {
		return
	}
	if len(w.try(op, run).Yielded) == 0 {
		f.Detail += "; what answers instead is an empty list, so make sure that it is the right one"
	}
	if place.Source != "" && f.Override == defaultRequest(op) {
		f.Detail += fmt.Sprintf("; the default, %s, works: remove the override (%s)", f.Override, place)
	}
}

// defaultRequest is where the default dialect has an operation.
func defaultRequest(op dialect.Operation) string {
	standard, err := dialect.Load()
	if err != nil {
		return "" // It is part of this program, and valid.
	}
	method, path := standard.Request(op)
	return method + " " + path
}

func (w readWalk) run(ctx context.Context) {
	ask(ctx, w, dialect.GetProfile, func(c *connectapi.Client) (*connectapi.Profile, error) { return c.Profile(ctx) })
	ask(ctx, w, dialect.ListCategories, func(c *connectapi.Client) ([]connectapi.Category, error) { return c.Categories(ctx) })
	apps := ask(ctx, w, dialect.ListApps, func(c *connectapi.Client) ([]connectapi.App, error) { return c.Apps(ctx, "") })
	matches := ask(ctx, w, dialect.ListPopularMatches, func(c *connectapi.Client) ([]connectapi.PopularMatch, error) {
		return c.PopularMatches(ctx, "", "")
	})
	// An app of a popular match has triggers and actions for sure.
	var appIDs []string
	for _, match := range matches {
		for _, ref := range append([]connectapi.EventRef{match.Trigger}, match.Actions...) {
			appIDs = appendNew(appIDs, ref.AppID)
		}
	}
	for _, app := range apps {
		appIDs = appendNew(appIDs, app.ID)
	}
	if len(matches) > 0 {
		ask(ctx, w, dialect.GetPopularMatch, func(c *connectapi.Client) (*connectapi.PopularMatch, error) {
			return c.PopularMatch(ctx, matches[0].ID)
		})
	}
	if len(appIDs) > 0 {
		ask(ctx, w, dialect.GetApp, func(c *connectapi.Client) (*connectapi.App, error) { return c.App(ctx, appIDs[0]) })
	}
	w.events(ctx, appIDs, w.accounts(ctx, appIDs))
	w.connects(ctx)
	for _, none := range []struct {
		op     dialect.Operation
		reason string
	}{
		{dialect.GetPopularMatch, "no popular match was found to ask for"},
		{dialect.GetApp, "no app was found to ask for"},
		{dialect.ListConnectedAccounts, "no app was found to ask for"},
		{dialect.ListTriggers, "no app was found to ask for"},
		{dialect.ListActions, "no app was found to ask for"},
		{dialect.GetTrigger, "no trigger was found to ask for"},
		{dialect.GetAction, "no action was found to ask for"},
		{dialect.ListDropdownOptions, "no field was found whose choices depend on nothing"},
		{dialect.GetConnectHistory, "the account has no connect to ask for"},
		{dialect.GetConnect, "the account has no connect to ask for"},
		{dialect.GetConnectedAccountByToken, "its token exists only while a person connects an account; `appypie accounts connect` uses it"},
	} {
		if _, called := w.found[none.op]; !called && w.spoken.Has(none.op) {
			w.found[none.op] = w.skipped(none.op, none.reason)
		}
	}
}

// connects lists the connects, and looks at the first one. One that cannot be
// read is what Terraform would stop at.
func (w readWalk) connects(ctx context.Context) {
	connects := ask(ctx, w, dialect.ListConnects, func(c *connectapi.Client) ([]connectapi.Connect, error) {
		connects, err := c.ConnectsNow(ctx)
		for _, connect := range connects {
			err = errors.Join(err, connect.Unreadable)
		}
		return connects, err
	})
	if len(connects) == 0 {
		return
	}
	id := connects[0].ID
	if w.spoken.Has(dialect.GetConnect) {
		ask(ctx, w, dialect.GetConnect, func(c *connectapi.Client) (*connectapi.Connect, error) {
			outcome, err := c.Apply(ctx, id, nil, connectapi.Change{})
			return outcome.Connect, err
		})
	}
	ask(ctx, w, dialect.GetConnectHistory, func(c *connectapi.Client) (int, error) {
		read := 0
		for _, err := range c.History(ctx, id) {
			if err != nil {
				return read, err
			}
			if read++; read == maxHistory {
				break
			}
		}
		return read, nil
	})
}

// accounts returns a connected account for each app that has one, as far as it looked.
func (w readWalk) accounts(ctx context.Context, appIDs []string) map[string]string {
	accounts := map[string]string{}
	for _, appID := range appIDs[:min(len(appIDs), maxTried)] {
		listed := ask(ctx, w, dialect.ListConnectedAccounts, func(c *connectapi.Client) ([]connectapi.ConnectedAccount, error) {
			return c.ConnectedAccountsOfApp(ctx, appID)
		})
		if len(listed) > 0 {
			accounts[appID] = listed[0].ID
		}
	}
	return accounts
}

// events asks for triggers and actions until it has seen one of each and a
// field whose choices can be asked for.
func (w readWalk) events(ctx context.Context, appIDs []string, accounts map[string]string) {
	// The choices of a field often need an account.
	slices.SortStableFunc(appIDs, func(a, b string) int { return strings.Compare(accounts[b], accounts[a]) })
	var choices *connectapi.DropdownQuery
	seen := map[connectapi.EventKind]string{}
	for _, appID := range appIDs[:min(len(appIDs), maxTried)] {
		if seen[connectapi.TriggerEvent] != "" && seen[connectapi.ActionEvent] != "" && choices != nil {
			break
		}
		for _, kind := range []connectapi.EventKind{connectapi.TriggerEvent, connectapi.ActionEvent} {
			for _, event := range ask(ctx, w, dialect.Operation("list_"+kind+"s"), func(c *connectapi.Client) ([]connectapi.Event, error) { return c.Events(ctx, kind, appID) }) {
				if seen[kind] == "" {
					seen[kind] = event.ID
				}
				if choices == nil {
					choices = dropdownOf(kind, event, accounts[appID])
				}
			}
		}
	}
	for _, kind := range []connectapi.EventKind{connectapi.TriggerEvent, connectapi.ActionEvent} {
		if seen[kind] == "" {
			continue
		}
		event := ask(ctx, w, dialect.Operation("get_"+kind), func(c *connectapi.Client) (*connectapi.Event, error) { return c.Event(ctx, kind, seen[kind]) })
		if choices == nil && event != nil {
			choices = dropdownOf(kind, *event, accounts[event.AppID])
		}
	}
	if choices != nil {
		ask(ctx, w, dialect.ListDropdownOptions, func(c *connectapi.Client) ([]connectapi.Choice, error) { return c.DropdownOptions(ctx, *choices) })
	}
}

// dropdownOf is the request for the choices of the first dynamic field that
// depends on no other, or nil.
func dropdownOf(kind connectapi.EventKind, event connectapi.Event, accountID string) *connectapi.DropdownQuery {
	for _, field := range event.Fields {
		if !field.Dynamic || len(field.DependsOn) > 0 {
			continue
		}
		if kind == connectapi.ActionEvent {
			return &connectapi.DropdownQuery{Key: field.Key, AccountID: accountID, ActionID: event.ID}
		}
		return &connectapi.DropdownQuery{Key: field.Key, AccountID: accountID, TriggerID: event.ID}
	}
	return nil
}

func appendNew(ids []string, id string) []string {
	if id == "" || slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}
