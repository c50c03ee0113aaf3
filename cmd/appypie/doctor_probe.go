package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// maxTried bounds how many apps are asked about until one has what is looked for.
const maxTried = 8

// object is what an operation answered about one thing.
type object = map[string]any

// readWalk calls every operation that reads, with the ids that it meets.
type readWalk struct {
	client *connectapi.Client
	table  []connectapi.Operation
	found  map[dialect.Operation]finding
	// overrides are the endpoints that answer instead of absent ones.
	overrides map[string]string
	// asking is told of each operation before it is called for the first time.
	asking func(dialect.Operation)
}

func newReadWalk(client *connectapi.Client, table []connectapi.Operation, asking func(dialect.Operation)) *readWalk {
	return &readWalk{client: client, table: table, asking: asking, found: map[dialect.Operation]finding{}, overrides: map[string]string{}}
}

// findings are what was found, in the order of the operations table.
func (w *readWalk) findings() []finding {
	list := []finding{}
	for _, op := range w.table {
		if f, called := w.found[op.Name]; called {
			list = append(list, f)
		}
	}
	return list
}

func (w *readWalk) run(ctx context.Context) {
	w.call(ctx, connectapi.Probe{Operation: dialect.GetProfile})
	w.call(ctx, connectapi.Probe{Operation: dialect.ListCategories})
	apps := w.call(ctx, connectapi.Probe{Operation: dialect.ListApps})
	matches := w.call(ctx, connectapi.Probe{Operation: dialect.ListPopularMatches})
	w.detail(ctx, dialect.GetPopularMatch, "popularMatchId", firstID(matches), "no popular match was found to ask for")

	// An app of a popular match has triggers and actions for sure.
	appIDs := appsOf(matches)
	for _, app := range apps {
		appIDs = appendNew(appIDs, connectapi.IDOf(app))
	}
	w.detail(ctx, dialect.GetApp, "appId", first(appIDs), "no app was found to ask for")
	accounts := w.accounts(ctx, appIDs)
	w.events(ctx, appIDs, accounts)

	connects := w.call(ctx, connectapi.Probe{Operation: dialect.ListConnects})
	w.detail(ctx, dialect.GetConnectHistory, "connectId", firstID(connects), "the account has no connect to ask for")
	w.skip(dialect.GetConnectedAccountByToken, "its token exists only while a person connects an account; `appypie accounts connect` uses it")
}

// call probes an operation, and where it is absent its variants. What answers
// best is kept, and used from then on. It returns the objects of the answer.
func (w *readWalk) call(ctx context.Context, probe connectapi.Probe) []object {
	name := probe.Operation
	before, again := w.found[name]
	if again && before.Verdict == connectapi.VerdictAbsent && before.Override == "" {
		return nil
	}
	if !again {
		w.asking(name)
	}
	probe.At = w.overrides[string(name)]
	result := w.client.Probe(ctx, probe)
	if again {
		return result.Objects
	}
	f := findingOf(result)
	if result.Verdict == connectapi.VerdictAbsent && result.Operation.Method == http.MethodGet {
		if healed, ok := w.heal(ctx, probe); ok {
			f.Override = healed.Operation.Method + " " + healed.Operation.Path
			w.overrides[string(name)] = f.Override
			if len(healed.Objects) == 0 {
				f.Detail += "; what answers instead is an empty list, so make sure that it is the right one"
			}
			result = healed
		}
	}
	w.found[name] = f
	return result.Objects
}

// heal looks for a variant that answers as assumed. An empty list has no shape
// that could tell it from another operation's, so it is the last choice.
func (w *readWalk) heal(ctx context.Context, probe connectapi.Probe) (connectapi.ProbeResult, bool) {
	var empty *connectapi.ProbeResult
	for _, at := range connectapi.Variants(probe.Operation) {
		if ctx.Err() != nil {
			break
		}
		probe.At = at
		result := w.client.Probe(ctx, probe)
		switch {
		case result.Verdict != connectapi.VerdictAsAssumed:
		case len(result.Objects) > 0:
			return result, true
		case empty == nil:
			empty = &result
		}
	}
	if empty == nil {
		return connectapi.ProbeResult{}, false
	}
	return *empty, true
}

// detail asks for one object by its id.
func (w *readWalk) detail(ctx context.Context, name dialect.Operation, placeholder, id, without string) {
	if id == "" {
		w.skip(name, without)
		return
	}
	probe := connectapi.Probe{Operation: name, Params: map[string]string{placeholder: id}, ID: id}
	if name == dialect.GetConnectHistory {
		probe.ID = "" // Its entries have ids of their own.
	}
	w.call(ctx, probe)
}

func (w *readWalk) skip(name dialect.Operation, reason string) {
	if _, called := w.found[name]; called {
		return
	}
	for _, op := range w.table {
		if op.Name == name {
			w.found[name] = skipped(op, reason)
		}
	}
}

// accounts returns a connected account for each app that has one, as far as it looked.
func (w *readWalk) accounts(ctx context.Context, appIDs []string) map[string]string {
	accounts := map[string]string{}
	for i, appID := range appIDs {
		if i == maxTried || ctx.Err() != nil {
			break
		}
		listed := w.call(ctx, connectapi.Probe{Operation: dialect.ListConnectedAccounts, Query: url.Values{"appId": {appID}}})
		if id := firstID(listed); id != "" {
			accounts[appID] = id
		}
	}
	w.skip(dialect.ListConnectedAccounts, "no app was found to ask for")
	return accounts
}

// events asks for triggers and actions until it has seen one of each and a
// field whose choices can be asked for.
func (w *readWalk) events(ctx context.Context, appIDs []string, accounts map[string]string) {
	// The choices of a field often need an account.
	slices.SortStableFunc(appIDs, func(a, b string) int { return strings.Compare(accounts[b], accounts[a]) })
	var triggerID, actionID string
	var body object
	for i, appID := range appIDs {
		if i == maxTried || ctx.Err() != nil || triggerID != "" && actionID != "" && body != nil {
			break
		}
		params := map[string]string{"appId": appID}
		triggers := w.call(ctx, connectapi.Probe{Operation: dialect.ListTriggers, Params: params})
		actions := w.call(ctx, connectapi.Probe{Operation: dialect.ListActions, Params: params})
		triggerID, actionID = or(triggerID, firstID(triggers)), or(actionID, firstID(actions))
		if body == nil {
			body = dropdownOf("triggerId", triggers, accounts[appID])
		}
		if body == nil {
			body = dropdownOf("actionId", actions, accounts[appID])
		}
	}
	w.skip(dialect.ListTriggers, "no app was found to ask for")
	w.skip(dialect.ListActions, "no app was found to ask for")
	w.detail(ctx, dialect.GetTrigger, "triggerId", triggerID, "no trigger was found to ask for")
	w.detail(ctx, dialect.GetAction, "actionId", actionID, "no action was found to ask for")
	if body == nil {
		w.skip(dialect.ListDropdownOptions, "no field was found whose choices depend on nothing")
		return
	}
	w.call(ctx, connectapi.Probe{Operation: dialect.ListDropdownOptions, Body: body})
}

// dropdownOf is the request for the choices of the first dynamic field that
// depends on no other, or nil.
func dropdownOf(member string, events []object, accountID string) object {
	for _, event := range events {
		fields, _ := event["fields"].([]any)
		for _, each := range fields {
			field, _ := each.(object)
			parents, _ := field["dependsOn"].([]any)
			if dynamic, _ := field["dynamic"].(bool); !dynamic || len(parents) > 0 {
				continue
			}
			body := object{"key": field["key"], "values": object{}, member: connectapi.IDOf(event)}
			if accountID != "" {
				body["accountId"] = accountID
			}
			return body
		}
	}
	return nil
}

// appsOf are the apps of popular matches, each once.
func appsOf(matches []object) []string {
	var ids []string
	for _, match := range matches {
		steps, _ := match["actions"].([]any)
		for _, each := range append([]any{match["trigger"]}, steps...) {
			step, _ := each.(object)
			id, _ := step["appId"].(string)
			ids = appendNew(ids, id)
		}
	}
	return ids
}

func appendNew(ids []string, id string) []string {
	if id == "" || slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

func first(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

func firstID(objects []object) string {
	if len(objects) == 0 {
		return ""
	}
	return connectapi.IDOf(objects[0])
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
