package foreign

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
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
		return Call{}, &Refusal{Status: http.StatusBadRequest, Message: "there is nothing here; methods are at rpc/<method>"}
	}
	read, known := procedures()[r.Segments[1]]
	if !known {
		return Call{}, &Refusal{Status: http.StatusBadRequest, Message: "there is no method " + r.Segments[1]}
	}
	if r.Method != http.MethodPost {
		return Call{}, &Refusal{Status: http.StatusMethodNotAllowed, Message: "use POST"}
	}
	if len(r.Query) > 0 {
		return Call{}, &Refusal{Status: http.StatusBadRequest, Message: "a method takes no query"}
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

// pairsOf renders an object as pairs, in the order of their names.
func pairsOf(options any) []any {
	held := asObject(options)
	out := []any{}
	for _, key := range slices.Sorted(maps.Keys(held)) {
		out = append(out, object{"name": key, "value": held[key]})
	}
	return out
}

// Succeed implements Speaker.
func (RPC) Succeed(call Call, s Success) Answer {
	var result any
	switch render := rpcShape(call.Operation); {
	case call.Window != nil:
		result = object{"rows": each(s.Data, render), "count": s.Total}
	case render != nil:
		result = render(asObject(s.Data))
	case call.Operation == "list_dropdown_options":
		result = object{"rows": rpcChoices(s.Data)}
	default:
		result = object{"done": 1}
	}
	return Answer{Status: http.StatusOK, ContentType: jsonType, Body: encode(object{"result": result})}
}

// rpcShape is how the object that an operation is about is rendered; nil where
// the answer shows none.
func rpcShape(operation string) func(object) any {
	return map[string]func(object) any{
		"get_profile": func(o object) any {
			return object{"_id": oid(o), "title": o["name"], "mail": o["email"], "plan": o["plan"]}
		},
		"list_categories":                func(o object) any { return object{"_id": oid(o), "title": o["name"], "slug": o["seoLink"]} },
		"list_apps":                      rpcApp,
		"get_app":                        rpcApp,
		"connect_account":                func(o object) any { return object{"link": o["url"]} },
		"get_connected_account_by_token": rpcAccount,
		"list_connected_accounts":        rpcAccount,
		"list_popular_matches":           rpcMatch,
		"get_popular_match":              rpcMatch,
		"list_triggers":                  rpcEvent,
		"get_trigger":                    rpcEvent,
		"list_actions":                   rpcEvent,
		"get_action":                     rpcEvent,
		"create_connect":                 func(o object) any { return object{"connect": oid(o)} },
		"run_test":                       rpcTest,
		"get_connect_history": func(o object) any {
			return object{
				"_id": oid(o), "connect": o["connectId"], "outcome": o["status"], "text": o["message"],
				"began": o["startedAt"], "ended": o["finishedAt"], "tasks": o["tasks"],
			}
		},
		"list_connects": rpcConnect,
	}[operation]
}

func oid(o object) object { return object{"$oid": o["_id"]} }

// bit is a truth as a number.
func bit(v any) int {
	if v == true {
		return 1
	}
	return 0
}

func rpcApp(o object) any {
	auth := o["authType"]
	if auth == nil {
		auth = "NONE"
	}
	return object{
		"key": o["_id"], "title": o["name"], "slug": o["seoLink"], "about": o["description"], "icon": o["logo"],
		"auth": auth, "groups": o["categoryIds"],
	}
}

func rpcAccount(o object) any {
	return object{
		"_id": oid(o), "app": o["appId"], "title": o["name"], "state": o["status"],
		"made": o["_created_at"], "changed": o["_updated_at"],
	}
}

func rpcMatch(o object) any {
	return object{"_id": oid(o), "title": o["title"], "nodes": each(steps(o), func(step object) any {
		role, event := eventOf(step)
		return object{"role": role, "app": step["appId"], "event": event}
	})}
}

func rpcEvent(o object) any {
	return object{
		"_id": oid(o), "app": o["appId"], "title": o["name"], "about": o["description"],
		"inputs": each(o["fields"], func(field object) any {
			return object{
				"name": field["key"], "title": field["label"], "kind": field["type"], "must": bit(field["required"]),
				"hint": field["helpText"], "list": rpcChoices(field["choices"]), "live": bit(field["dynamic"]), "after": field["dependsOn"],
			}
		}),
	}
}

func rpcChoices(list any) []any {
	return each(list, func(choice object) any { return []any{choice["label"], choice["value"]} })
}

// rpcState is a number for a word, and a word that has none.
func rpcState(word any) any {
	switch asText(word) {
	case "ON":
		return 1
	case "OFF":
		return 0
	case "Draft":
		return 2
	default:
		return word
	}
}

func rpcConnect(o object) any {
	return object{
		"_id": oid(o), "title": o["name"], "match": o["popularMatchId"], "state": rpcState(o["status"]),
		"made": o["_created_at"], "changed": o["_updated_at"],
		"nodes": each(steps(o), func(step object) any {
			role, event := eventOf(step)
			return object{
				"node": step["stepId"], "role": role, "app": step["appId"], "event": event,
				"auth": asText(step["accountId"]), "values": pairsOf(step["options"]),
			}
		}),
	}
}

func rpcTest(o object) any {
	return object{"nodes": each(o["steps"], func(step object) any {
		return object{
			"node": step["stepId"], "ok": bit(step["status"] == "success"), "text": step["message"],
			"sample": each(step["sampleData"], func(datum object) any {
				return object{"name": datum["key"], "value": datum["value"], "title": datum["label"]}
			}),
		}
	})}
}

// Numbers of faults.
const (
	faultInvalid      = 4000
	faultUnauthorized = 4001
	faultForbidden    = 4003
	faultNotFound     = 4004
	faultState        = 4009
	faultMustBeOff    = 4010
	faultTooMany      = 4029
	faultServer       = 5000
)

// Refuse implements Speaker.
func (RPC) Refuse(r Refusal) Answer {
	number, status := faultInvalid, http.StatusOK
	switch {
	case r.Status == http.StatusUnauthorized:
		number, status = faultUnauthorized, r.Status
	case r.Status == http.StatusTooManyRequests:
		number, status = faultTooMany, r.Status
	case r.Status >= http.StatusInternalServerError:
		number, status = faultServer, r.Status
	case r.Status == http.StatusForbidden:
		number = faultForbidden
	case r.Status == http.StatusNotFound || r.Status == http.StatusGone:
		number = faultNotFound
	case r.Reason == MustBeOff:
		number = faultMustBeOff
	case r.Reason == BadState:
		number = faultState
	}
	fault := object{"no": number, "text": r.Message}
	if len(r.Fields) > 0 {
		fields := []any{}
		for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
			fields = append(fields, object{"name": renameField(name, "values.", "auth", "title"), "text": strings.Join(r.Fields[name], ", ")})
		}
		fault["fields"] = fields
	}
	return Answer{Status: status, ContentType: jsonType, Body: encode(object{"fault": fault})}
}
