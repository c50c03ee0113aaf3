package foreign

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// REST is a service of resources: paths that name them, cursors, PATCH for all
// changes, a list without details, tests that take their time, problem+json.
type REST struct{}

const (
	problemType = "application/problem+json"
	// defaultSize is the size of a page that no size was asked for.
	defaultSize = 100
	cursorMark  = "after:"
)

// resource is one method and path with what its request means.
type resource struct {
	path string // "METHOD /path/{param}"
	read func(in inquiry) Call
}

// inquiry is the arguments of a request: of the path, the query and the body.
type inquiry struct {
	path  map[string]string
	query *arguments
	body  *arguments
}

func resources() []resource {
	get := func(operation, from, to string) func(inquiry) Call {
		return func(in inquiry) Call { return lookup(operation, to, in.path[from]) }
	}
	return []resource{
		{"GET /user", func(inquiry) Call { return Call{Operation: "get_profile"} }},
		{"GET /categories", func(in inquiry) Call { return in.listing("list_categories", nil) }},
		{"GET /apps", func(in inquiry) Call { return in.listing("list_apps", map[string]string{"category": "categoryId"}) }},
		{"GET /apps/{app_id}", get("get_app", "app_id", "appId")},
		{"GET /apps/{app_id}/triggers", func(in inquiry) Call { return in.within("list_triggers", "app_id", "appId") }},
		{"GET /apps/{app_id}/actions", func(in inquiry) Call { return in.within("list_actions", "app_id", "appId") }},
		{"POST /apps/{app_id}/account-links", restLink},
		{"GET /triggers/{event_id}", get("get_trigger", "event_id", "triggerId")},
		{"GET /actions/{event_id}", get("get_action", "event_id", "actionId")},
		{"POST /account-claims", func(in inquiry) Call {
			return Call{Operation: "get_connected_account_by_token", Query: url.Values{"t": {in.body.must("token")}}}
		}},
		{"GET /accounts", func(in inquiry) Call {
			return in.listing("list_connected_accounts", map[string]string{"app": "appId", "account": "accountId"})
		}},
		{"GET /matches", func(in inquiry) Call {
			return in.listing("list_popular_matches", map[string]string{"trigger_app": "triggerAppId", "action_app": "actionAppId"})
		}},
		{"GET /matches/{match_id}", get("get_popular_match", "match_id", "popularMatchId")},
		{"POST /choices", restChoices},
		{"POST /automations", restCreate},
		{"GET /automations", func(in inquiry) Call { return in.listing("list_connects", nil) }},
		{"GET /automations/{automation_id}", get(GetConnect, "automation_id", "connectId")},
		{"PATCH /automations/{automation_id}", restPatch},
		{"DELETE /automations/{automation_id}", get("delete_connect", "automation_id", "connectId")},
		{"PATCH /automations/{automation_id}/actions/{position}", func(in inquiry) Call {
			call := lookup("edit_action_options", "connectId", in.path["automation_id"])
			call.Params["position"] = in.path["position"]
			call.Body = restStep(in.body)
			return call
		}},
		{"POST /automations/{automation_id}/test-runs", get("run_test", "automation_id", "connectId")},
		{"GET /automations/{automation_id}/test-runs/{run_id}", func(in inquiry) Call {
			call := lookup(PollTest, "connectId", in.path["automation_id"])
			call.Params["runId"] = in.path["run_id"]
			return call
		}},
		{"GET /automations/{automation_id}/runs", func(in inquiry) Call { return in.within("get_connect_history", "automation_id", "connectId") }},
	}
}

// Read implements Speaker.
func (REST) Read(r Request) (Call, error) {
	var allowed []string
	for _, one := range resources() {
		method, path, _ := strings.Cut(one.path, " ")
		params, fits := matchPath(path, r.Segments)
		if !fits {
			continue
		}
		if method != r.Method {
			allowed = append(allowed, method)
			continue
		}
		return one.understand(params, r)
	}
	if len(allowed) > 0 {
		return Call{}, &RefusalError{Status: http.StatusMethodNotAllowed, Message: "use " + strings.Join(allowed, " or ")}
	}
	return Call{}, &RefusalError{Status: http.StatusNotFound, Message: "there is no resource here"}
}

func (one resource) understand(params map[string]string, r Request) (Call, error) {
	in := inquiry{path: params, query: newArguments(object{}), body: newArguments(object{})}
	for name, values := range r.Query {
		in.query.given[name] = values[0]
		if len(values) > 1 || values[0] == "" {
			in.query.wrong(name, "must be given once and not be empty")
		}
	}
	// Which operation it was is worth knowing when the body cannot be read too.
	call := one.read(in)
	takesBody := len(in.body.taken) > 0
	in.body = newArguments(object{})
	if takesBody || len(r.Body) > 0 {
		body, err := readArguments(r.Body)
		if err != nil {
			return call, err
		}
		in.body, in.query.wrongs = body, keepNamed(in.query)
		call = one.read(in)
	}
	if err := in.query.done(); err != nil {
		return call, err
	}
	return call, in.body.done()
}

// keepNamed drops what a first reading found wrong and a second finds again.
func keepNamed(a *arguments) map[string][]string {
	kept := map[string][]string{}
	for name, wrong := range a.wrongs {
		kept[name] = wrong[:1]
	}
	return kept
}

func matchPath(path string, segments []string) (map[string]string, bool) {
	want := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(want) != len(segments) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range want {
		name, isParam := strings.CutPrefix(segment, "{")
		switch {
		case isParam && segments[i] != "":
			params[strings.TrimSuffix(name, "}")] = segments[i]
		case segment != segments[i]:
			return nil, false
		}
	}
	return params, true
}

// listing reads size, cursor and the filters.
func (in inquiry) listing(operation string, filters map[string]string) Call {
	call := Call{Operation: operation, Query: url.Values{}, Window: &Window{Take: defaultSize}}
	for name, canonical := range filters {
		if value, there := in.query.text(name, false); there {
			call.Query.Set(canonical, value)
		}
	}
	if text, there := in.query.text("size", false); there {
		size, err := strconv.Atoi(text)
		if err != nil || size < 1 || size > defaultSize {
			in.query.wrong("size", "must be a whole number from 1 to 100")
		}
		call.Window.Take = size
	}
	if cursor, there := in.query.text("cursor", false); there {
		skip, known := readCursor(cursor)
		if !known {
			in.query.wrong("cursor", "is none of ours")
		}
		call.Window.Skip = skip
	}
	return call
}

func cursorTo(skip int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + strconv.Itoa(skip)))
}

func readCursor(cursor string) (int, bool) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	number, marked := strings.CutPrefix(string(text), cursorMark)
	skip, numberErr := strconv.Atoi(number)
	return skip, err == nil && marked && numberErr == nil && skip > 0
}

// within is a listing of what belongs to one object.
func (in inquiry) within(operation, from, to string) Call {
	call := in.listing(operation, nil)
	call.Params = map[string]string{to: in.path[from]}
	return call
}

func restLink(in inquiry) Call {
	return Call{
		Operation: "connect_account",
		Params:    map[string]string{"authType": in.body.must("auth_type"), "appId": in.path["app_id"], "seoLink": in.body.must("slug")},
		Body:      object{"appypie-partner-cb": in.body.must("return_to")},
	}
}

func restChoices(in inquiry) Call {
	call := Call{Operation: "list_dropdown_options", Body: object{"key": in.body.must("field")}}
	parents, there := in.body.take("parents", true)
	values, ok := parents.(object)
	if there && !ok {
		in.body.wrong("parents", "must be an object")
	}
	call.Body["values"] = values
	for name, canonical := range map[string]string{
		"account_id": "accountId", "automation_id": "connectId", "step_id": "stepId", "trigger_id": "triggerId", "action_id": "actionId",
	} {
		if value, there := in.body.text(name, false); there {
			call.Body[canonical] = value
		}
	}
	return call
}

func restCreate(in inquiry) Call {
	call := lookup("create_connect", "popularMatchId", in.body.must("match_id"))
	call.Body = object{}
	if title, there := in.body.text("title", false); there {
		call.Body["name"] = title
	}
	return call
}

// restPatch reads the one change of an automation.
func restPatch(in inquiry) Call {
	id := in.path["automation_id"]
	trigger, hasTrigger := in.body.take("trigger", false)
	state, hasState := in.body.text("state", false)
	title, hasTitle := in.body.text("title", false)
	if bit(hasTrigger)+bit(hasState)+bit(hasTitle) != 1 {
		in.body.wrong("trigger", "or state or title is required, one of them")
	}
	switch {
	case hasTitle:
		call := lookup("update_connect_name", "connectId", id)
		call.Body = object{"name": title}
		return call
	case hasState:
		if state != "running" && state != "paused" {
			in.body.wrong("state", "must be running or paused")
		}
		return lookup(map[bool]string{true: "turn_on_connect", false: "turn_off_connect"}[state == "running"], "connectId", id)
	}
	call := lookup("edit_trigger_options", "connectId", id)
	inner := newArguments(asObject(trigger))
	call.Body = restStep(inner)
	if err := inner.done(); err != nil && hasTrigger {
		in.body.wrong("trigger", "must be {account_id, values}, with values as JSON text of an object")
	}
	return call
}

// restStep reads {account_id, values} of one step.
func restStep(a *arguments) object {
	body := object{}
	if account, there := a.text("account_id", false); there {
		body["accountId"] = account
	}
	if text, there := a.text("values", true); there {
		value, good := decode([]byte(text))
		options, ok := value.(object)
		if !good || !ok {
			a.wrong("values", "must be the JSON text of an object")
		}
		body["options"] = options
	}
	return body
}
