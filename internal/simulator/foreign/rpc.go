package foreign

import (
	"net/http"
	"net/url"
)

// RPC is a service of procedures: POST for all, arguments in the body, options
// as pairs, numbers for switches, refusals with HTTP 200.
type RPC struct{}

// mostTaken is the most entries that a listing gives at once.
const mostTaken = 100

// procedure reads the arguments of one method.
type procedure func(a *arguments) Call

func procedures() map[string]procedure {
	return map[string]procedure{
		"whoAmI":     func(*arguments) Call { return Call{Operation: "get_profile"} },
		"listGroups": func(a *arguments) Call { return listing(a, "list_categories", nil) },
		"listApps":   func(a *arguments) Call { return listing(a, "list_apps", map[string]string{"group": "categoryId"}) },
		"readApp":    func(a *arguments) Call { return lookup("get_app", "appId", a.must("app")) },
		"makeLink":   makeLink,
		"claimAccount": func(a *arguments) Call {
			return Call{Operation: "get_connected_account_by_token", Query: url.Values{"t": {a.must("token")}}}
		},
		"listAccounts": func(a *arguments) Call {
			return listing(a, "list_connected_accounts", map[string]string{"app": "appId", "account": "accountId"})
		},
		"listMatches": func(a *arguments) Call {
			return listing(a, "list_popular_matches", map[string]string{"triggerApp": "triggerAppId", "actionApp": "actionAppId"})
		},
		"readMatch":     func(a *arguments) Call { return lookup("get_popular_match", "popularMatchId", a.must("match")) },
		"listEvents":    listEvents,
		"readEvent":     readEvent,
		"createConnect": createConnect,
		"listChoices":   listChoices,
		"editTrigger":   func(a *arguments) Call { return editNode(a, "edit_trigger_options", false) },
		"editAction":    func(a *arguments) Call { return editNode(a, "edit_action_options", true) },
		"testConnect":   func(a *arguments) Call { return onConnect(a, "run_test") },
		"setState":      setState,
		"renameConnect": renameConnect,
		"listRuns":      listRuns,
		"listConnects":  func(a *arguments) Call { return listing(a, "list_connects", nil) },
		"deleteConnect": func(a *arguments) Call { return onConnect(a, "delete_connect") },
	}
}

// Read implements Speaker.
func (RPC) Read(r Request) (Call, error) {
	if len(r.Segments) != 2 || r.Segments[0] != "rpc" {
		return Call{}, &RefusalError{Status: http.StatusBadRequest, Message: "there is nothing here; methods are at rpc/<method>"}
	}
	read, known := procedures()[r.Segments[1]]
	if !known {
		return Call{}, &RefusalError{Status: http.StatusBadRequest, Message: "there is no method " + r.Segments[1]}
	}
	if r.Method != http.MethodPost {
		return Call{}, &RefusalError{Status: http.StatusMethodNotAllowed, Message: "use POST"}
	}
	if len(r.Query) > 0 {
		return Call{}, &RefusalError{Status: http.StatusBadRequest, Message: "a method takes no query"}
	}
	a, err := readArguments(r.Body)
	if err != nil {
		// Which operation it was is worth knowing all the same.
		return Call{Operation: read(newArguments(object{})).Operation}, err
	}
	call := read(a)
	return call, a.done()
}

func lookup(operation, param, id string) Call {
	return Call{Operation: operation, Params: map[string]string{param: id}}
}

// listing reads skip, take and the optional filters.
func listing(a *arguments, operation string, filters map[string]string) Call {
	call := Call{Operation: operation, Query: url.Values{}}
	for name, canonical := range filters {
		if value, there := a.text(name, false); there {
			call.Query.Set(canonical, value)
		}
	}
	const mostSkipped = 1 << 31
	call.Window = &Window{Skip: a.number("skip", 0, mostSkipped), Take: a.number("take", 1, mostTaken)}
	return call
}

func makeLink(a *arguments) Call {
	return Call{
		Operation: "connect_account",
		Params:    map[string]string{"authType": a.must("auth"), "appId": a.must("app"), "seoLink": a.must("slug")},
		Body:      object{"appypie-partner-cb": a.must("back")},
	}
}

func listEvents(a *arguments) Call {
	operation := map[string]string{"trigger": "list_triggers", "action": "list_actions"}[a.oneOf("role", "trigger", "action")]
	call := listing(a, operation, nil)
	call.Params = map[string]string{"appId": a.must("app")}
	return call
}

func readEvent(a *arguments) Call {
	if a.oneOf("role", "trigger", "action") == "action" {
		return lookup("get_action", "actionId", a.must("event"))
	}
	return lookup("get_trigger", "triggerId", a.must("event"))
}

func createConnect(a *arguments) Call {
	call := lookup("create_connect", "popularMatchId", a.must("match"))
	call.Body = object{}
	if title, there := a.text("title", false); there {
		call.Body["name"] = title
	}
	return call
}

func listChoices(a *arguments) Call {
	call := Call{Operation: "list_dropdown_options", Body: object{"key": a.must("input"), "values": a.pairs("given")}}
	for name, canonical := range map[string]string{"auth": "accountId", "connect": "connectId", "node": "stepId"} {
		if value, there := a.text(name, false); there {
			call.Body[canonical] = value
		}
	}
	if event, there := a.text("event", false); there {
		call.Body[a.oneOf("role", "trigger", "action")+"Id"] = event
	}
	return call
}

func onConnect(a *arguments, operation string) Call {
	return lookup(operation, "connectId", a.must("connect"))
}

func editNode(a *arguments, operation string, node bool) Call {
	call := onConnect(a, operation)
	if node {
		call.Params["stepId"] = a.must("node")
	}
	call.Body = object{"options": a.pairs("values")}
	if auth, there := a.text("auth", false); there {
		call.Body["accountId"] = auth
	}
	return call
}

func setState(a *arguments) Call {
	if a.number("state", 0, 1) == 1 {
		return onConnect(a, "turn_on_connect")
	}
	return onConnect(a, "turn_off_connect")
}

func renameConnect(a *arguments) Call {
	call := onConnect(a, "update_connect_name")
	call.Body = object{"name": a.must("title")}
	return call
}

func listRuns(a *arguments) Call {
	call := listing(a, "get_connect_history", nil)
	call.Params = map[string]string{"connectId": a.must("connect")}
	return call
}

// pairs reads [{name, value}], where any value may be null.
func (a *arguments) pairs(name string) object {
	value, there := a.take(name, true)
	list, ok := value.([]any)
	if there && !ok {
		a.wrong(name, "must be a list of pairs")
	}
	read := object{}
	for _, entry := range list {
		pair := asObject(entry)
		key, isText := pair["name"].(string)
		value, hasValue := pair["value"]
		if _, twice := read[key]; !isText || !hasValue || twice || len(pair) != 2 {
			a.wrong(name, "must hold pairs {name, value}, each name once")
			continue
		}
		read[key] = value
	}
	return read
}
